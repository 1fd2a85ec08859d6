/** Several collectors: every scenario, and random graphs, with helpers that take part in each collection. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Helpers } from "./helpers.ts";
import { Scenario } from "./scenario.ts";
import { collectingPlans, MEGABYTE } from "./world.ts";

const MOST = 4;
const folder = new URL("./scenarios/", import.meta.url);
const helpers = new Helpers(MOST - 1);

for (const plan of collectingPlans) {
  for (const collectors of [2, MOST]) {
    test(`the scenarios with ${collectors} collectors (${plan})`, () => {
      for (const file of readdirSync(folder).filter((name) => name.endsWith(".heap"))) {
        const deep = file.startsWith("deep");
        const text = readFileSync(new URL(file, folder), "utf8");
        for (const stress of deep ? [0] : [0, 3]) {
          const scenario = new Scenario({
            plan,
            heapBytes: (deep ? 64 : 8) * MEGABYTE,
            stress,
            collectors,
            parallelBytes: 0,
          });
          helpers.with(scenario.world.heap, collectors - 1, () => scenario.run(text, file));
        }
      }
      assert.ok(true);
    });
  }
}
