/**
 * Litmus tests: outcomes that the memory model forbids never occur, and those that it allows are counted, which shows what the tests can see.
 * LITMUS=SECONDS runs each for so long instead of a moment, and prints what occurred: `npm run litmus`.
 */
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { CHANGES, GARBAGE, LITMUS, type Litmus, outcomes, SEEN, TEARING, TORN, threadsOf } from "./guest/litmus.ts";
import { run } from "./run.ts";

const module = new URL("./guest/litmus.ts", import.meta.url);
const seconds = Number(process.env["LITMUS"] ?? 0);
const milliseconds = seconds > 0 ? 1000 * seconds : 60;
const patience = 60_000 + 2 * milliseconds;
const MIB = 1 << 20;

function report(name: string, text: string): void {
  if (seconds > 0) console.log(`${name.padEnd(42)} ${text}`);
}

for (const threads of new Set(LITMUS.map(threadsOf))) {
  test(`programs of ${threads} threads`, async (t) => {
    const programs = [...LITMUS.entries()].filter(([, litmus]) => threadsOf(litmus) === threads);
    const meets = threads <= availableParallelism() ? 1 : 0;
    const { code, words } = await run(module, "litmus", {
      args: [milliseconds, meets, ...programs.map(([number]) => number)],
      carriers: threads,
      patience: patience * programs.length,
    });
    assert.equal(code, 0);
    for (const [position, [, litmus]] of programs.entries()) {
      await t.test(`${litmus.name}: ${litmus.program}`, () => check(litmus, outcomes(litmus, words, position)));
    }
  });
}

function check(litmus: Litmus, found: ReadonlyMap<string, number>): void {
  let rounds = 0;
  let relaxed = 0;
  for (const [outcome, count] of found) {
    rounds += count;
    if (litmus.relaxed?.test(outcome)) relaxed += count;
    assert.ok(!litmus.never?.test(outcome), `${outcome} occurred ${count} times`);
  }
  assert.ok(rounds > 0);
  const counts = [...found].map(([outcome, count]) => `${outcome}: ${count}`).join("  ");
  report(litmus.name, `${rounds} rounds, ${litmus.relaxed === undefined ? "" : `${relaxed} relaxed, `}${counts}`);
}

// By the specification of WebAssembly, plain accesses of 64 bits may tear, and so may copies; on the machines that there are they do not.
for (const [way, name] of TEARING.entries()) {
  test(`no value is seen half written: ${name}`, async () => {
    const { code, words } = await run(module, "tearing", { args: [way, milliseconds], patience });
    assert.equal(code, 0);
    assert.equal(words[TORN], 0);
    report(name, `${words[CHANGES]} changes seen`);
  });
}

for (const [plan, weakOrder] of [
  ["semispace", false],
  ["genms", false],
  ["immix", true],
] as const) {
  test(`an object that is published by a race is whole: ${plan}${weakOrder ? ", references atomic" : ""}`, async () => {
    const options = { args: [milliseconds], plan, weakOrder, heapBytes: 4 * MIB, triggerBytes: MIB, patience };
    const { code, words } = await run(module, "publication", options);
    assert.equal(code, 0);
    assert.equal(words[GARBAGE], 0);
    report(`publication, ${plan}`, `${words[SEEN]} objects seen`);
  });
}

test("a plain load in a loop sees a plain store at last", async () => {
  const { code } = await run(module, "visibility", { args: [2000], patience });
  assert.equal(code, 0);
});
