/**
 * The scenarios of the other tests with functions interpreted: all of them, or every second one that is made. Everything a thread can do has one
 * here; INTERPRETS=all or half makes the other files run so too.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { WAYS } from "./guest/memory.ts";
import { type RunOptions, type RunResult, run } from "./run.ts";

interface Case {
  readonly says: string;
  readonly module: string;
  readonly scenario: string;
  readonly options: RunOptions;
  readonly expected?: (result: RunResult) => void;
}

const words =
  (...expected: number[]) =>
  (result: RunResult): void =>
    assert.deepEqual([...result.words.subarray(0, expected.length)], expected);

const stress: RunOptions = { stress: 1, check: true };
const cases: readonly Case[] = [
  {
    says: "both carriers allocate and collect all the time",
    module: "memory",
    scenario: "churn",
    options: { args: [4, 2, 12], ...stress },
    expected: words(4),
  },
  ...WAYS.map((way, number) => ({
    says: `references in frames of a thread that is away: ${way}`,
    module: "memory",
    scenario: "across",
    options: { args: [number, 5], ...stress, timeSliceMilliseconds: 1 },
    expected: words(5, 5),
  })),
  {
    says: "exceptions through frames that hold objects",
    module: "memory",
    scenario: "thrown",
    options: { args: [3, 5, 20], ...stress },
  },
  {
    says: "a used-up stack is an exception",
    module: "memory",
    scenario: "deep",
    options: { args: [2, 2], stackBytes: 8192, stress: 3, check: true },
    expected: words(4),
  },
  {
    says: "a used-up heap is an exception",
    module: "memory",
    scenario: "full",
    options: { args: [2, 2], heapBytes: 1 << 20, triggerBytes: 1 << 18 },
    expected: words(4),
  },
  {
    says: "recursion without a loop is preempted",
    module: "scheduling",
    scenario: "recursion",
    options: { carriers: 1 },
  },
  {
    says: "threads that never park share their carrier",
    module: "scheduling",
    scenario: "ring",
    options: { args: [4, 5], carriers: 1, timeSliceMilliseconds: 2 },
    expected: words(5, 5, 5, 5),
  },
  { says: "all types pass through an upcall", module: "services", scenario: "types", options: {} },
  {
    says: "functions are redefined while they are called",
    module: "redefine",
    scenario: "many",
    options: { args: [30, 3], stress: 1, timeSliceMilliseconds: 1 },
    expected: words(2, 30),
  },
  {
    says: "a walk finds every call",
    module: "stacks",
    scenario: "walk",
    options: stress,
    expected: words(14, 99, 15, 0, 13, 7, 12, 5, 11, 3, 0, 1, 0, -1),
  },
];

for (const interprets of ["all", "half"] as const) {
  for (const { says, module, scenario, options, expected } of cases) {
    test(`${says}, interpreted: ${interprets}`, async () => {
      const result = await run(new URL(`./guest/${module}.ts`, import.meta.url), scenario, { ...options, interprets });
      assert.equal(result.code, 0);
      expected?.(result);
    });
  }
}
