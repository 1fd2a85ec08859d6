/** Monitors: thin, inflated, fought for, waited on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./run.ts";

const module = new URL("./guest/monitors.ts", import.meta.url);

for (const carriers of [1, 2]) {
  for (const [what, moves] of [
    ["stays", 0],
    ["moves", 1],
  ] as const) {
    test(`one thread at a time holds the lock of an object that ${what}, carriers: ${carriers}`, async () => {
      const { code, words } = await run(module, "contention", {
        args: [8, 2000, moves],
        carriers,
        timeSliceMilliseconds: 1,
        ...(moves ? { stress: 50, check: true } : {}),
      });
      assert.equal(code, 0);
      assert.equal(words[0], 16_000);
    });
  }

  test(`locks are taken again and again by their owner, carriers: ${carriers}`, async () => {
    const { code, words } = await run(module, "recursion", { args: [6, 3000], carriers, timeSliceMilliseconds: 1 });
    assert.equal(code, 0);
    assert.deepEqual([...words.subarray(0, 2)], [6, 0]);
  });

  test(`producers and consumers, carriers: ${carriers}`, async () => {
    const { code, words } = await run(module, "buffer", { args: [6, 500], carriers, stress: 100, check: true });
    assert.equal(code, 0);
    assert.deepEqual([...words.subarray(0, 2)], [0, 3000]);
  });

  test(`waits end by notification, interrupt and time, carriers: ${carriers}`, async () => {
    const { code, words } = await run(module, "wakes", { args: [2000], carriers, timeSliceMilliseconds: 1 });
    assert.equal(code, 0);
    assert.equal((words[0] ?? 0) + (words[1] ?? 0) + (words[2] ?? 0), 2000);
  });

  test(`identity hashes last, carriers: ${carriers}`, async () => {
    const { code } = await run(module, "hashes", { args: [3, 30], carriers, check: true, timeSliceMilliseconds: 1 });
    assert.equal(code, 0);
  });
}

test("monitors of dead objects are freed", async () => {
  const { code, words } = await run(module, "shortLived", { args: [3000], carriers: 1 });
  assert.equal(code, 0);
  assert.ok((words[0] ?? 0) < 20_000, `${words[0]} bytes more`);
});

test("monitors that nobody uses are taken away by a collection", async () => {
  const { code, words } = await run(module, "deflates", { carriers: 1, check: true });
  assert.equal(code, 0);
  const [neutral, inflated] = [0, 2];
  assert.deepEqual([...words.subarray(0, 6)], [inflated, inflated, neutral, inflated, inflated, neutral]);
});

test("a hash that begins like the thread's lock word is no lock of the thread's", async () => {
  const { code, words } = await run(module, "likeHash", { carriers: 1 });
  assert.equal(code, 0);
  assert.deepEqual([...words.subarray(1, 4)], [words[0], words[0], 0]);
});
