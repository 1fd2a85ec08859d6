#include "bench.h"

static int escape(double cr, double ci, int limit) {
  double zr = 0, zi = 0;
  int i = 0;
  while (i < limit && zr * zr + zi * zi <= 4.0) {
    double next = zr * zr - zi * zi + cr;
    zi = 2.0 * zr * zi + ci;
    zr = next;
    i++;
  }
  return i;
}

static int mandelbrot(int size, int limit) {
  int sum = 0;
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++)
      sum += escape(2.0 * x / size - 1.5, 2.0 * y / size - 1.0, limit);
  return sum;
}

int main(int argc, char **argv) {
  double start = now_ms();
  report(start, mandelbrot(size(argc, argv, 1000), 500));
}
