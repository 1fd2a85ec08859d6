/** Runs the files in tests/ir/ops on every tier. Every operation of the table must occur in them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { findings, type Op, ops, parse, printFinding, printModule } from "#ir";
import { CompiledTier } from "./compiled.ts";
import { opsOf, readIrFiles } from "./runs.ts";
import { InterpreterTier, type Tier } from "./tiers.ts";

const files = readIrFiles(fileURLToPath(new URL("./ops", import.meta.url)));
const tiers: readonly (() => Tier)[] = [
  () => new InterpreterTier(),
  () => new CompiledTier(),
  () => new CompiledTier("mixed", () => true),
];

test("every operation has a test", () => {
  const tested = new Set<Op>();
  for (const { module } of files) for (const op of opsOf(module)) tested.add(op);
  const missing = (Object.keys(ops) as Op[]).filter((op) => !tested.has(op));
  assert.deepEqual(missing, []);
});

for (const { name, module, runs } of files) {
  test(`${name}: verified, and printed stably`, () => {
    const found = module.functions.flatMap(({ func }) => findings(func));
    assert.deepEqual(found.map(printFinding), []);
    const text = printModule(module);
    assert.equal(printModule(parse(text)), text);
  });
  for (const make of tiers) {
    for (const stress of [false, true]) {
      const tier = make();
      test(`${name}: ${tier.name}${stress ? ", collecting at every allocation" : ""}`, () => {
        tier.world.stress = stress;
        tier.load(module);
        const wrong: string[] = [];
        for (const { text, line, func, args, expected } of runs) {
          const outcome = tier.run(func.slot, func.func.signature, args);
          if (outcome !== expected) wrong.push(`${name}:${line}: ${text}   but ${outcome}`);
        }
        assert.deepEqual(wrong, []);
      });
    }
  }
}
