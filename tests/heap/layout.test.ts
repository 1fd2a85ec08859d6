/** The generated layout file is up to date, and the words of the layout do not overlap. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CONTROL, CONTROL_BYTES, CONTROL_COLLECTOR, CONTROL_MALLOC, MAX_CARRIERS } from "#layout";
import { HEAP_BUFFER_BYTES, HEAP_SPACES, MALLOC_LISTS, SPACE_BYTES } from "../../src/heap/words.ts";
import { layoutIsCurrent } from "../../tools/gen-layout.ts";

test("heap-as/layout.gen.ts is what tools/gen-layout.ts prints", () => {
  assert.ok(layoutIsCurrent(), "run: node tools/gen-layout.ts");
});

test("the collectors' and malloc's words fit their parts of the control block", () => {
  assert.ok(HEAP_SPACES >= CONTROL_COLLECTOR && HEAP_SPACES + 4 * SPACE_BYTES <= HEAP_BUFFER_BYTES);
  assert.ok(HEAP_BUFFER_BYTES + 4 * MAX_CARRIERS <= CONTROL_MALLOC);
  // malloc: 26 first-level classes of 16 lists each, see heap-as/malloc.ts.
  assert.ok(MALLOC_LISTS + 26 * 16 * 4 <= CONTROL + CONTROL_BYTES);
});
