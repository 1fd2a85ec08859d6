#include "bench.h"

static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int main(int argc, char **argv) {
  double start = now_ms();
  report(start, fib(size(argc, argv, 43)));
}
