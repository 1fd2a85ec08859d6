/**
 * Random programs before and after the passes, each by itself and all together: results, what is thrown and the scratch memory must
 * be the same. PASSES_PROGRAMS says how many (2,000 if unset), RANDOM_SEED where to begin.
 */
import assert from "node:assert/strict";
import { env } from "node:process";
import { test } from "node:test";
import { type Cell, Fuel, f32ToBits, f64ToBits } from "#interp";
import { Builder, Func, type Module, parse, printModule, signature } from "#ir";
import { Optimizer, type Pass, passes, passesNamed, pipeline, pollsEvery, secondTier } from "#passes";
import { Switches } from "#support";
import { CompiledTier } from "../ir/compiled.ts";
import { FIRST_SLOT, HOSTS, MAIN_SIGNATURE, randomProgram } from "../ir/random.ts";
import { InterpreterTier, type Tier } from "../ir/tiers.ts";
import { SCRATCH, SCRATCH_BYTES } from "../ir/world.ts";

const COUNT = Number(env["PASSES_PROGRAMS"] ?? 2000);
const FIRST = Number(env["RANDOM_SEED"] ?? 1);
const FUEL = 300_000;
const ARGS: readonly Cell[] = [-7, 0x123456789an, f32ToBits(2.5), f64ToBits(-1e10)];
const checked = Switches.parse({ VM_CHECK: "ir" });

function run(tier: Tier): string {
  const outcome = tier.run(FIRST_SLOT, MAIN_SIGNATURE, ARGS);
  const words = tier.world.u32.subarray(SCRATCH >>> 2, (SCRATCH + SCRATCH_BYTES) >>> 2);
  let hash = 0;
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) hash = Math.imul(hash ^ words[i]! ^ i, 0x01000193);
  return `${outcome}, memory ${(hash >>> 0).toString(16)}`;
}

/** A program of the generator, but what `ensure` calls keeps the promise: afterwards the word is not 0. */
function program(seed: number): Module {
  const module = randomProgram(seed);
  const b = new Builder(new Func("ensured", signature(["addr"], null)));
  const [address] = b.entry();
  b.callhost(HOSTS.collect, []);
  b.store(address!, 4, b.i32(1));
  b.ret();
  const ensured = b.finish();
  const functions = module.functions.map((each) => (each.func.name === "ensured" ? { ...each, func: ensured } : each));
  return { hosts: module.hosts, functions };
}

function optimized(seed: number, list: readonly Pass[]): Module {
  const module = program(seed);
  const optimizer = new Optimizer(checked, list);
  for (const { func } of module.functions) optimizer.run(func);
  return module;
}

/** The whole pipeline for every program; for some, one pass alone. The loops of these programs are short. */
const lists = [
  pipeline,
  secondTier,
  ...[...passes.keys()].map((name) => passesNamed([name])),
  [...passesNamed(["reachable"]), pollsEvery(3)],
];

test(`${COUNT} random programs`, () => {
  const compiled = new CompiledTier();
  let shorter = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const list = seed % 2 === 0 ? secondTier : lists[(seed >> 1) % lists.length]!;
    const names = list.map((pass) => pass.name).join(" ");
    const explain = (what: string): string => `seed ${seed}, ${names}: ${what}\n${printModule(program(seed))}`;
    const oracle = new InterpreterTier(FUEL);
    oracle.load(program(seed));
    let expected: string;
    try {
      expected = run(oracle);
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
    const text = printModule(module);
    if (list === secondTier && text.length < printModule(program(seed)).length) shorter += 1;
    for (const [stress, poll] of [
      [false, 0],
      [true, 1],
    ] as const) {
      const tier = new InterpreterTier();
      tier.load(module);
      compiled.forget();
      compiled.load(module);
      for (const each of [tier, compiled]) {
        each.world.stress = stress;
        each.world.poll = poll;
        try {
          assert.equal(run(each), expected);
        } catch (error) {
          throw new Error(explain(`${each.name}, stress ${stress}\n${text}`), { cause: error });
        }
      }
    }
  }
  assert.ok(shorter > COUNT / 3, `only ${shorter} programs became shorter`);
});

test("what comes out of the passes reads back from its text", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const module = optimized(seed, secondTier);
    const text = printModule(module);
    assert.equal(printModule(parse(text)), text);
  }
});

test("with every amount of fuel a program means the same", () => {
  const seed = 6;
  const oracle = new InterpreterTier();
  oracle.load(program(seed));
  const expected = run(oracle);
  for (let fuel = 0; ; fuel++) {
    const module = program(seed);
    const optimizer = new Optimizer(Switches.parse({ VM_CHECK: "ir", VM_FUEL: String(fuel) }));
    for (const { func } of module.functions) optimizer.run(func);
    const tier = new InterpreterTier();
    tier.load(module);
    assert.equal(run(tier), expected, `fuel ${fuel}`);
    if (optimizer.fuelLeft > 0) break;
  }
});
