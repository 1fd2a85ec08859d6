/**
 * Random programs about objects, before and after scalar replacement: results, what is thrown and the scratch memory must be the same, whatever the
 * collector does. OBJECT_PROGRAMS says how many (400 if unset), RANDOM_SEED where to begin.
 */
import assert from "node:assert/strict";
import { env } from "node:process";
import { test } from "node:test";
import { type Cell, Fuel, f32ToBits, f64ToBits } from "#interp";
import { type Module, printModule } from "#ir";
import { Optimizer, type Pass, passesNamed, secondTier } from "#passes";
import { Switches } from "#support";
import { CompiledTier } from "../ir/compiled.ts";
import { FIRST_SLOT, MAIN_SIGNATURE } from "../ir/random.ts";
import { InterpreterTier, type Tier } from "../ir/tiers.ts";
import { randomObjects } from "./random-objects.ts";

const COUNT = Number(env["OBJECT_PROGRAMS"] ?? 400);
const FIRST = Number(env["RANDOM_SEED"] ?? 1);
const FUEL = 300_000;
const ARGS: readonly Cell[] = [5, 0x123456789an, f32ToBits(2.5), f64ToBits(-1e10)];
/** Compiled are only some: what the passes do is what is tested. */
const COMPILED_EVERY = 10;
const checked = Switches.parse({ VM_CHECK: "ir" });

function optimized(seed: number, list: readonly Pass[]): Module {
  const module = randomObjects(seed);
  const optimizer = new Optimizer(checked, list);
  for (const { func } of module.functions) optimizer.run(func);
  return module;
}

/** Collections at every allocation, after a run of one: how often it allocates or calls the collector. */
function outcome(tier: Tier, stress: boolean): { text: string; collections: number } {
  tier.world.stress = stress;
  tier.world.poll = 0;
  const text = tier.run(FIRST_SLOT, MAIN_SIGNATURE, ARGS);
  return { text, collections: tier.world.collections };
}

const lists = [passesNamed(["scalars"]), secondTier, [...secondTier, ...passesNamed(["scalars"]), ...secondTier]];

test(`${COUNT} random programs about objects`, () => {
  const compiled = new CompiledTier();
  let fewer = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const list = lists[seed % lists.length]!;
    const explain = (what: string): string => `seed ${seed}: ${what}\n${printModule(randomObjects(seed))}`;
    const oracle = new InterpreterTier(FUEL);
    oracle.load(randomObjects(seed));
    let expected: ReturnType<typeof outcome>;
    try {
      expected = outcome(oracle, true);
    } catch (error) {
      if (error instanceof Fuel) continue;
      throw error;
    }
    let module: Module;
    try {
      module = optimized(seed, list);
    } catch (error) {
      throw new Error(explain("the passes fail"), { cause: error });
    }
    const tiers: Tier[] = [new InterpreterTier()];
    if (seed % COMPILED_EVERY === 0) {
      compiled.forget();
      tiers.push(compiled);
    }
    for (const tier of tiers) {
      tier.load(module);
      for (const stress of [false, true]) {
        const explainRun = (): string => explain(`${tier.name}, stress ${stress}\n${printModule(module)}`);
        try {
          const actual = outcome(tier, stress);
          assert.equal(actual.text, expected.text);
          if (!stress) continue;
          assert.ok(actual.collections <= expected.collections, "allocates more than before");
          if (actual.collections < expected.collections) fewer += 1;
        } catch (error) {
          throw new Error(explainRun(), { cause: error });
        }
      }
    }
  }
  assert.ok(fewer > COUNT / 4, `only ${fewer} programs allocate less`);
});
