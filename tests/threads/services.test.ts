/** Requests to the VM thread: services, upcalls, exceptions across both, waits, and what happens when something of ours breaks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUGS } from "./guest/services.ts";
import { run } from "./run.ts";

const module = new URL("./guest/services.ts", import.meta.url);

for (const stress of [0, 1, 5]) {
  const plus = stress === 0 ? "" : `, a collection at every ${stress}. allocation`;
  const options = { stress, check: stress !== 0, timeSliceMilliseconds: 1 };

  test(`services run guest code${plus}`, async () => {
    const { code, words } = await run(module, "upcalls", { ...options, args: [3, 20, 10] });
    assert.equal(code, 0);
    assert.equal(words[0], 60);
  });

  test(`exceptions cross services${plus}`, async () => {
    const { code, words } = await run(module, "throwing", { ...options, args: [3, 20] });
    assert.equal(code, 0);
    assert.deepEqual([...words.subarray(0, 5)], [60, 60, 60, 60, 60]);
  });

  test(`services within services${plus}`, async () => {
    const { code, words } = await run(module, "nested", { ...options, args: [3, 4, 30] });
    assert.equal(code, 0);
    assert.equal(words[0], 12);
  });
}

for (const carriers of [1, 2]) {
  test(`arguments and results stay with their thread, carriers: ${carriers}`, async () => {
    const { code, words } = await run(module, "echo", { args: [4, 5000], carriers, timeSliceMilliseconds: 1 });
    assert.equal(code, 0);
    assert.equal(words[0], 4);
  });

  test(`failures of host functions, carriers: ${carriers}`, async () => {
    const { code, words } = await run(module, "failures", { args: [4, 20], carriers, timeSliceMilliseconds: 1 });
    assert.equal(code, 0);
    assert.equal(words[0], 160);
  });

  test(`services wait, carriers: ${carriers}`, async () => {
    const { code, words } = await run(module, "waits", { carriers, timeSliceMilliseconds: 1 });
    assert.equal(code, 0);
    assert.equal(words[0], 1111);
  });
}

test("all types pass through an upcall", async () => {
  const { code, words } = await run(module, "types", { stress: 1, check: true });
  assert.equal(code, 0);
  assert.equal(words[0], 42);
});

test("a slot can be called at once by a thread that runs", async () => {
  const { code, words } = await run(module, "published", { args: [200] });
  assert.equal(code, 0);
  assert.equal(words[0], 200);
});

test("services leave no handles behind", async () => {
  const { code, words } = await run(module, "handles", { args: [50] });
  assert.equal(code, 0);
  assert.equal(words[0], 0);
});

const reports = [
  /a bug in a service/,
  /a bug in a service/,
  /no service 9999/,
  /a bug in a host function/,
  /this body cannot be made/,
  /a bug in a host function/,
  /unreachable/,
];
for (const carriers of [1, 2]) {
  for (const [kind, name] of BUGS.entries()) {
    test(`the VM ends with a report when ${name}, carriers: ${carriers}`, async () => {
      await assert.rejects(run(module, "bug", { args: [kind], carriers, patience: 20_000 }), reports[kind] as RegExp);
    });
  }
}
