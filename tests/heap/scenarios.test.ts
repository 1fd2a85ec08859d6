/** Every file in scenarios/ under every plan, plain and with a collection at every allocation; the heap is verified around each one. */
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Scenario } from "./scenario.ts";
import { MEGABYTE, planNames } from "./world.ts";

const folder = new URL("./scenarios/", import.meta.url);

for (const file of readdirSync(folder).filter((name) => name.endsWith(".heap"))) {
  const text = readFileSync(new URL(file, folder), "utf8");
  const deep = file.startsWith("deep");
  const heapBytes = deep ? 64 * MEGABYTE : 8 * MEGABYTE;
  for (const plan of planNames) {
    // A million collections of a growing list would take days.
    // What survives a collection in between may be old.
    for (const stress of file.startsWith("young") ? [0] : deep ? [0, 400_000] : [0, 1, 3]) {
      test(`${file} with ${plan}${stress ? `, collecting at every ${stress}` : ""}`, () => {
        new Scenario({ plan, heapBytes, stress }).run(text, file);
      });
    }
  }
}
