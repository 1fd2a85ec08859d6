/** Allocation, collections and stacks while several carriers run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { WAYS } from "./guest/memory.ts";
import { run } from "./run.ts";

const module = new URL("./guest/memory.ts", import.meta.url);
const MIB = 1 << 20;

for (const stress of [1, 2, 3, 5, 17]) {
  test(`both carriers allocate, a collection at every ${stress}. allocation`, async () => {
    const { code, words } = await run(module, "churn", { args: [4, 2, 12], stress, check: true });
    assert.equal(code, 0);
    assert.equal(words[0], 4);
  });
}

test("both carriers allocate, collections when memory is used up", async () => {
  const options = { args: [6, 300, 500], check: true, heapBytes: 2 * MIB, triggerBytes: MIB / 4 };
  const { code, words } = await run(module, "churn", options);
  assert.equal(code, 0);
  assert.equal(words[0], 6);
});

for (const carriers of [1, 2]) {
  for (const [number, way] of WAYS.entries()) {
    test(`references in frames of a thread that is away: ${way}, carriers: ${carriers}`, async () => {
      const { code, words } = await run(module, "across", {
        args: [number, 20],
        carriers,
        stress: 7,
        check: true,
        timeSliceMilliseconds: 1,
      });
      assert.equal(code, 0);
      assert.deepEqual([...words.subarray(0, 2)], [20, 20]);
    });
  }
}

test("a used-up stack is an exception, and the thread goes on", async () => {
  const { code, words } = await run(module, "deep", { args: [4, 20], check: true, triggerBytes: MIB / 2 });
  assert.equal(code, 0);
  assert.equal(words[0], 80);
});

test("a used-up stack with collections all the time", async () => {
  const { code, words } = await run(module, "deep", { args: [2, 2], stackBytes: 2048, stress: 3, check: true });
  assert.equal(code, 0);
  assert.equal(words[0], 4);
});

for (const threads of [1, 4]) {
  test(`a used-up heap is an exception, threads: ${threads}`, async () => {
    const { code, words } = await run(module, "full", { args: [threads, 5], heapBytes: MIB, triggerBytes: MIB / 4 });
    assert.equal(code, 0);
    assert.equal(words[0], 5 * threads);
  });
}

test("a heap without collector that is used up", async () => {
  const { code, uncaught } = await run(module, "churn", { args: [2, 1000, 500], heapBytes: MIB, plan: "nogc" });
  assert.equal(code, 99);
  assert.equal(uncaught, 1005);
});

test("exceptions through frames that hold objects", async () => {
  const { code } = await run(module, "thrown", { args: [3, 20, 40], stress: 29, check: true });
  assert.equal(code, 0);
});

test("a used-up stack of functions with many locals", async () => {
  const { code, words } = await run(module, "wide", { args: [300], stackBytes: MIB });
  assert.equal(code, 0);
  assert.equal(words[0], 3);
});

for (const carriers of [1, 2]) {
  test(`stacks are used again without being zeroed, carriers: ${carriers}`, async () => {
    const { code, words } = await run(module, "secondHand", { args: [100, 10], stress: 3, check: true, carriers });
    assert.equal(code, 0);
    assert.equal(words[0], 100);
  });
}
