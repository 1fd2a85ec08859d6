#include "bench.h"

/* A string that grows at its end. */
struct builder { char *bytes; int length, room; };

static void append(struct builder *b, const char *text, int length) {
  if (b->length + length > b->room) {
    b->room = 2 * (b->length + length);
    b->bytes = realloc(b->bytes, b->room);
  }
  memcpy(b->bytes + b->length, text, length);
  b->length += length;
}

static const char *words[8] = {"alpha", "be", "gamma ray", "d", "epsilon", "zeta", "eta", "theta"};

int main(void) {
  double start = now_ms();
  int32_t hash = 0;
  for (int round = 0; round < 300; round++) {
    struct builder b = {NULL, 0, 0};
    for (int i = 0; i < 200000; i++) {
      const char *word = words[(i * 7 + round) & 7];
      append(&b, word, strlen(word));
      append(&b, i % 10 == 9 ? "\n" : " ", 1);
    }
    char *text = malloc(b.length + 1);
    memcpy(text, b.bytes, b.length);
    text[b.length] = 0;
    for (int i = 0; i < b.length; i++) hash = (int32_t)((uint32_t)hash * 31 + (unsigned char)text[i]);
    free(b.bytes);
    free(text);
  }
  report(start, hash);
}
