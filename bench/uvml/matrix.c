#include "bench.h"

static void fill(double *m, int n, double seed) {
  for (int i = 0; i < n * n; i++) m[i] = (i % 17) * seed - 3.0;
}

static void multiply(const double *a, const double *b, double *c, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
}

int main(int argc, char **argv) {
  double start = now_ms();
  int n = size(argc, argv, 300);
  double *a = malloc(n * n * sizeof(double)), *b = malloc(n * n * sizeof(double)), *c = malloc(n * n * sizeof(double));
  fill(a, n, 0.5);
  fill(b, n, 0.25);
  double trace = 0;
  for (int round = 0; round < 100; round++) {
    multiply(a, b, c, n);
    for (int i = 0; i < n; i++) trace += c[i * n + i];
    a[round] = round;
  }
  report(start, (int64_t)(trace * 1000));
}
