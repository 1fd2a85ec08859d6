/** Functions that run often are made again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./run.ts";

const module = new URL("./guest/tiers.ts", import.meta.url);

for (const [carriers, threads] of [
  [1, 1],
  [2, 2],
  [2, 5],
] as const) {
  test(`a function that ${threads} threads on ${carriers} carriers call is made once for each tier`, async () => {
    const { code, words } = await run(module, "calls", { args: [threads], carriers, timeSliceMilliseconds: 1 });
    assert.equal(code, 0);
    assert.deepEqual([...words.subarray(0, 3)], [threads, 1, 1]);
  });
}

test("the second tier under collections all the time", async () => {
  const { code } = await run(module, "calls", { args: [3], stress: 1, check: true });
  assert.equal(code, 0);
});

test("a function that loops is hot after few calls", async () => {
  const { code, words } = await run(module, "loops");
  assert.equal(code, 0);
  // A million rounds poll a thousand times; making the function takes as long as some calls.
  assert.ok(words[0]! < 1000, `${words[0]} calls`);
  assert.deepEqual([...words.subarray(1, 3)], [1, 1]);
});

test("what has nothing better to offer stays", async () => {
  const { code, words } = await run(module, "nothingBetter");
  assert.equal(code, 0);
  assert.deepEqual([...words.subarray(1, 3)], [1, 1]);
});

test("a redefinition comes before and after the second tier", async () => {
  const { code, words } = await run(module, "redefined", { args: [50] });
  assert.equal(code, 0);
  assert.equal(words[0], 1);
});

test("without memory for more code all goes on as it is", async () => {
  const { code, words } = await run(module, "noMemory");
  assert.equal(code, 0);
  assert.deepEqual([...words.subarray(1, 3)], [1, 1]);
});
