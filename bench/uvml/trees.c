#include "bench.h"

struct tree { struct tree *left, *right; };

static struct tree *make(int depth) {
  struct tree *t = malloc(sizeof(struct tree));
  if (depth == 0) {
    t->left = t->right = NULL;
  } else {
    t->left = make(depth - 1);
    t->right = make(depth - 1);
  }
  return t;
}

static int count(const struct tree *t) { return t->left == NULL ? 1 : 1 + count(t->left) + count(t->right); }

static void drop(struct tree *t) {
  if (t->left != NULL) {
    drop(t->left);
    drop(t->right);
  }
  free(t);
}

int main(void) {
  double start = now_ms();
  int sum = 0, least = 4, most = 18;
  struct tree *kept = make(most);
  for (int depth = least; depth <= most; depth += 4) {
    int rounds = 1 << (most - depth + least);
    for (int i = 0; i < rounds; i++) {
      struct tree *t = make(depth);
      sum += count(t);
      drop(t);
    }
  }
  sum += count(kept);
  report(start, sum);
}
