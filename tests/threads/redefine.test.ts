/** Slots that get other functions while they are called. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./run.ts";

const module = new URL("./guest/redefine.ts", import.meta.url);

for (const polls of [0, 1]) {
  test(`a loop on another carrier sees the new function at its next call, polls: ${polls}`, async () => {
    const { code } = await run(module, "loop", { args: [polls] });
    assert.equal(code, 0);
  });
}

for (const [carriers, threads] of [
  [1, 2],
  [2, 2],
  [2, 5],
] as const) {
  test(`many redefinitions while ${threads} threads on ${carriers} carriers call`, async () => {
    const options = { args: [300, threads], carriers, timeSliceMilliseconds: 1 };
    const { code, words } = await run(module, "many", options);
    assert.equal(code, 0);
    assert.deepEqual([...words.subarray(0, 2)], [threads - 1, 300]);
  });
}

test("redefinitions while the world is stopped all the time", async () => {
  const { code } = await run(module, "many", { args: [40, 3], stress: 1, check: true });
  assert.equal(code, 0);
});

test("a function that is redefined while it is made is made again", async () => {
  const { code, words } = await run(module, "whileMade");
  assert.equal(code, 0);
  assert.equal(words[0], 2);
});

test("a function that redefines itself ends as what it was", async () => {
  const { code, words } = await run(module, "itself");
  assert.equal(code, 0);
  assert.deepEqual([...words.subarray(0, 2)], [70, 7]);
});
