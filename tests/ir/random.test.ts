/**
 * Random programs on every tier, with a collector that never runs, that runs at every allocation, and at every poll: results, what is
 * thrown and the scratch memory must be the same. RANDOM_PROGRAMS says how many (if unset 2,000, or 10,000
 * where CI is set), RANDOM_SEED where to begin.
 */
import assert from "node:assert/strict";
import { env } from "node:process";
import { test } from "node:test";
import { type Cell, Fuel, f32ToBits, f64ToBits } from "#interp";
import { findings, type Module, type Op, ops, parse, printFinding, printModule } from "#ir";
import { CompiledTier } from "./compiled.ts";
import { FIRST_SLOT, MAIN_SIGNATURE, randomProgram } from "./random.ts";
import { reduce } from "./reduce.ts";
import { opsOf } from "./runs.ts";
import { InterpreterTier, type Tier } from "./tiers.ts";
import { SCRATCH, SCRATCH_BYTES } from "./world.ts";

const COUNT = Number(env["RANDOM_PROGRAMS"] ?? (env["CI"] === undefined ? 2000 : 10_000));
const FIRST = Number(env["RANDOM_SEED"] ?? 1);
const FUEL = 300_000;

const ARGS: readonly Cell[] = [-7, 0x123456789an, f32ToBits(2.5), f64ToBits(-1e10)];

/** The outcome, and a number for what lies in the scratch memory. */
function run(tier: Tier, stress: boolean, poll: number): string {
  tier.world.stress = stress;
  tier.world.poll = poll;
  const outcome = tier.run(FIRST_SLOT, MAIN_SIGNATURE, ARGS);
  const words = tier.world.u32.subarray(SCRATCH >>> 2, (SCRATCH + SCRATCH_BYTES) >>> 2);
  let hash = 0;
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) hash = Math.imul(hash ^ words[i]! ^ i, 0x01000193);
  return `${outcome}, memory ${(hash >>> 0).toString(16)}`;
}

/** What every tier must give, or null if the program runs too long. */
function expectedOf(program: Module): string | null {
  const oracle = new InterpreterTier(FUEL);
  oracle.load(program);
  try {
    return run(oracle, false, 0);
  } catch (error) {
    if (error instanceof Fuel) return null;
    throw error;
  }
}

/** How a tier differs from what is expected; null if it does not. */
function difference(program: Module, tier: Tier, expected: string): string | null {
  if (tier instanceof CompiledTier) tier.forget();
  try {
    tier.load(program);
    for (const [stress, poll] of [
      [false, 0],
      [true, 0],
      [true, 1],
    ] as const) {
      const outcome = run(tier, stress, poll);
      if (outcome !== expected) return `stress ${stress}, poll ${poll}: ${outcome}, not ${expected}`;
    }
  } catch (error) {
    return tier instanceof InterpreterTier && error instanceof Fuel ? null : String((error as Error).stack);
  }
  return null;
}

test(`${COUNT} random programs`, () => {
  const compiled = new CompiledTier();
  const interpreted = new CompiledTier("interpreted", () => true);
  const mixed = new CompiledTier("mixed");
  const together = new CompiledTier("together");
  together.together = true;
  let exhausted = 0;
  let thrown = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const program = randomProgram(seed);
    for (const { func } of program.functions) {
      const found = findings(func);
      if (found.length > 0) assert.fail(`seed ${seed}: ${found.map(printFinding).join("\n")}\n${printModule(program)}`);
    }
    const expected = expectedOf(program);
    if (expected === null) {
      exhausted += 1;
      continue;
    }
    if (expected.startsWith("throws")) thrown += 1;
    // Each function either way, but a program always in the same.
    mixed.interprets = (func) => (Math.imul(seed * 31 + func.id, 0x9e3779b1) & 0x10000) !== 0;
    // Of the ways other than the usual ones, each program has one: all of them take as long as all else.
    for (const tier of [new InterpreterTier(FUEL), compiled, [together, interpreted, mixed][seed % 3]!]) {
      const found = difference(program, tier, expected);
      if (found === null) continue;
      const small = reduce(program, (each) => {
        try {
          const right = expectedOf(each);
          return right !== null && difference(each, tier, right) !== null;
        } catch {
          return false;
        }
      });
      assert.fail(`seed ${seed}, ${tier.name}: ${found}\nReduced:\n${printModule(small)}`);
    }
  }
  assert.ok(exhausted < COUNT / 20, `${exhausted} programs ran too long`);
  assert.ok(thrown < COUNT / 2, `${thrown} programs end in an exception`);
});

test("random programs have every operation, and their text reads back", () => {
  const seen = new Set<Op>();
  for (let seed = 1; seed <= 300; seed++) {
    const program = randomProgram(seed);
    for (const op of opsOf(program)) seen.add(op);
    const text = printModule(program);
    assert.equal(printModule(parse(text)), text);
    assert.equal(printModule(randomProgram(seed)), text);
  }
  assert.deepEqual(
    (Object.keys(ops) as Op[]).filter((op) => !seen.has(op)),
    [],
  );
});
