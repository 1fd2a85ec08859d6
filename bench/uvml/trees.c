#include "bench.h"

struct tree {
  int depth;
  struct tree *left, *right;
};

static struct tree *grow(int depth, struct tree *none) {
  struct tree *t = malloc(sizeof(struct tree));
  t->depth = depth;
  if (depth == 0) {
    t->left = t->right = none;
  } else {
    t->left = grow(depth - 1, none);
    t->right = grow(depth - 1, none);
  }
  return t;
}

static int count(const struct tree *t) { return t->depth == 0 ? 1 : 1 + count(t->left) + count(t->right); }

static void drop(struct tree *t) {
  if (t->depth != 0) {
    drop(t->left);
    drop(t->right);
  }
  free(t);
}

int main(void) {
  double start = now_ms();
  int sum = 0, least = 4, most = 18;
  struct tree *kept = grow(most, NULL);
  for (int depth = least; depth <= most; depth += 4) {
    int rounds = 1 << (most - depth + least);
    for (int i = 0; i < rounds; i++) {
      struct tree *t = grow(depth, NULL);
      sum += count(t);
      drop(t);
    }
  }
  sum += count(kept);
  report(start, sum);
}
