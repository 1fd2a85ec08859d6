#include "bench.h"

static double a(int i, int j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }

static void times_u(const double *u, double *out, int n) {
  for (int i = 0; i < n; i++) {
    double sum = 0;
    for (int j = 0; j < n; j++) sum += a(i, j) * u[j];
    out[i] = sum;
  }
}

static void transposed_times_u(const double *u, double *out, int n) {
  for (int i = 0; i < n; i++) {
    double sum = 0;
    for (int j = 0; j < n; j++) sum += a(j, i) * u[j];
    out[i] = sum;
  }
}

static double spectral(int n) {
  double *u = malloc(n * sizeof(double)), *v = malloc(n * sizeof(double)), *w = malloc(n * sizeof(double));
  for (int i = 0; i < n; i++) u[i] = 1.0;
  for (int round = 0; round < 40; round++) {
    times_u(u, w, n);
    transposed_times_u(w, v, n);
    times_u(v, w, n);
    transposed_times_u(w, u, n);
  }
  double vbv = 0, vv = 0;
  for (int i = 0; i < n; i++) {
    vbv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  return sqrt(vbv / vv);
}

int main(int argc, char **argv) {
  double start = now_ms();
  report(start, (int64_t)(spectral(size(argc, argv, 2000)) * 1e9));
}
