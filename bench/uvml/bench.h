/* The time of a kernel, as the programs of all three languages print it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <time.h>

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* The size of a problem, known at run time only: no compiler makes code for one size. */
static int size(int argc, char **argv, int usual) { return argc > 1 ? atoi(argv[1]) : usual; }

static void report(double start, int64_t checksum) {
  printf("kernel-ms %.3f\n", now_ms() - start);
  printf("checksum %lld\n", (long long)checksum);
}
