#include "bench.h"

static int sieve(uint8_t *composite, int n) {
  int count = 0;
  for (int i = 0; i < n; i++) composite[i] = 0;
  for (int i = 2; i < n; i++) {
    if (composite[i] == 0) {
      count++;
      for (int j = i + i; j < n; j += i) composite[j] = 1;
    }
  }
  return count;
}

int main(int argc, char **argv) {
  double start = now_ms();
  int n = size(argc, argv, 2000000);
  uint8_t *composite = malloc(n);
  int sum = 0;
  for (int round = 0; round < 200; round++) sum += sieve(composite, n - round);
  report(start, sum);
}
