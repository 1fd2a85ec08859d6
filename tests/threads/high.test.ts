/** Some of everything with all addresses above 2 GiB: they are negative as signed numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type RunOptions, run } from "./run.ts";

const cases: readonly (readonly [module: string, scenario: string, options: RunOptions])[] = [
  ["scheduling", "crowd", { args: [300] }],
  ["scheduling", "permits", { args: [3000, 0.02] }],
  ["scheduling", "generations", { args: [500] }],
  ["scheduling", "install", { args: [50, 4] }],
  ["scheduling", "recursion", { carriers: 1 }],
  ["memory", "churn", { args: [4, 3, 20], stress: 2, check: true }],
  ["memory", "across", { args: [4, 10], stress: 7, check: true, carriers: 1, timeSliceMilliseconds: 1 }],
  ["memory", "deep", { args: [2, 5], check: true }],
  ["memory", "full", { args: [2, 3], heapBytes: 1 << 20, triggerBytes: 1 << 18 }],
  ["memory", "thrown", { args: [2, 5, 20], stress: 11, check: true }],
  ["services", "upcalls", { args: [3, 10, 10], stress: 3, check: true }],
  ["services", "nested", { args: [2, 3, 20], stress: 3, check: true }],
  ["services", "throwing", { args: [2, 10] }],
  ["services", "types", {}],
  ["services", "echo", { args: [3, 1000], carriers: 1, timeSliceMilliseconds: 1 }],
  ["services", "failures", { args: [2, 10] }],
  ["monitors", "contention", { args: [4, 500, 1], stress: 20, check: true }],
  ["monitors", "recursion", { args: [3, 2000] }],
  ["monitors", "buffer", { args: [4, 100] }],
  ["monitors", "wakes", { args: [200] }],
  ["monitors", "hashes", { args: [3, 10] }],
];

for (const [module, scenario, options] of cases) {
  test(`${module}: ${scenario}`, async () => {
    const { code, uncaught } = await run(new URL(`./guest/${module}.ts`, import.meta.url), scenario, {
      ...options,
      high: true,
      patience: 30_000,
    });
    assert.equal(code, 0, `uncaught ${uncaught}`);
  });
}
