/** Walks over shadow stacks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./run.ts";

const module = new URL("./guest/stacks.ts", import.meta.url);

test("a walk finds every call, expanded ones included, with its position", async () => {
  const { code, words } = await run(module, "walk", { stress: 1 });
  assert.equal(code, 0);
  const expected = [
    [14, 99],
    [15, 0],
    [13, 7],
    [12, 5],
    [11, 3],
    [0, 1], // the body of the thread, and what starts it
    [0, -1],
  ];
  assert.deepEqual([...words.subarray(0, 14)], expected.flat());
});
