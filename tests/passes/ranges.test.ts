/** Counted loops that check indices, also at the ends of the numbers, and are left in several ways: the same results and traps with fewer checks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Fuel } from "#interp";
import { type Func, type Module, parse } from "#ir";
import { Optimizer, passesNamed, secondTier } from "#passes";
import { Switches } from "#support";
import { CompiledTier } from "../ir/compiled.ts";
import { Random } from "../ir/seeded.ts";
import { InterpreterTier } from "../ir/tiers.ts";

const SLOT = 7;
const FUEL = 3_000;
const TOP = 2 ** 31 - 1;
const NEAR = [0, 1, 2, 5, 9, 20];
const NUMBERS = [...NEAR, ...NEAR, -1, -3, TOP, TOP - 1, TOP - 70, -TOP - 1, -TOP];
const STEPS = [1, 1, 1, -1, -1, 2, -2, 3, 64, 65];

/** f(start, limit, length, other length). */
function loop(random: Random): string {
  const one = <T>(list: readonly T[]): T => random.pick(list);
  const index = (): string => one(["v20", "v20", "v23", "v40", "v41", "v0"]);
  const length = (): string => one(["v2", "v2", "v3", "v10", "v21"]);
  const check = (): string => (random.oneIn(4) ? "" : `  boundscheck ${index()}, ${length()}\n`);
  const handled = random.oneIn(4);
  return `func @f slot ${SLOT} (v0: i32, v1: i32, v2: i32, v3: i32) -> i32 {
b0:
  v10 = const.i32 ${one(NUMBERS)}
  v11 = const.i32 ${one(STEPS)}
  v12 = const.i32 ${one([1, -1, 2, -4])}
  v13 = const.i32 31
  jump b1(v0, v13)
b1(v20: i32, v21: i32):
  v22 = ${one(["slt", "slt", "sle", "sgt", "sge", "sge", "ne"])} v20, ${one(["v1", "v1", "v10"])}
  ${one(["branch v22, b2, b6", "branch v22, b2, b6", "branch v22, b6, b2"])}
b2:
  v23 = add v20, v11
  v40 = add v20, v12
  v41 = sub v20, v12
${check()}  v24 = mul v21, v13
  v25 = add v24, v20
  v26 = and v25, v12
  branch v26, b3, b4
b3:
${check()}  jump b4
b4:
  v27 = ult ${index()}, ${length()}
  branch v27, b5, b7
b5:
${random.oneIn(3) ? "  branch v26, b8, b6" : "  jump b8"}
b6:
  v30 = xor v20, v21
  return v30
b7 cold:
  boundscheck v20, v2${handled ? " unwind b9\n  jump b10" : "\n  jump b10"}
b8:
  poll
  jump b1(v23, v25)
${handled ? "b9(v50: ref):\n  return v25\n" : ""}b10:
  return v21
}
`;
}

function run(tier: InterpreterTier | CompiledTier, func: Func, args: readonly number[]): string {
  return tier.run(SLOT, func.signature, args);
}

function optimised(text: string, whole: boolean): Module {
  const module = parse(text);
  const list = whole ? secondTier : passesNamed(["ranges"]);
  new Optimizer(Switches.parse({ VM_CHECK: "ir" }), list).run(module.functions[0]!.func);
  return module;
}

test("loops with fewer checks do the same", () => {
  const random = new Random(3);
  const compiled = new CompiledTier();
  let split = 0;
  let ended = 0;
  for (let round = 0; round < 700; round++) {
    const text = loop(random);
    const module = optimised(text, round % 3 === 0);
    const { func } = module.functions[0]!;
    if (func.blocks.length > parse(text).functions[0]!.func.blocks.length) split += 1;
    for (let runs = 0; runs < 4; runs++) {
      const args = [0, 1, 2, 3].map((at) => random.pick(at === 0 ? NEAR : NUMBERS) | 0);
      const oracle = new InterpreterTier(FUEL);
      oracle.load(parse(text));
      let expected: string;
      try {
        expected = run(oracle, func, args);
      } catch (error) {
        if (error instanceof Fuel) continue;
        throw error;
      }
      ended += 1;
      const tier = new InterpreterTier();
      tier.load(module);
      assert.equal(run(tier, func, args), expected, `(${args}): ${text}`);
      if (round % 8 !== 0) continue;
      compiled.forget();
      compiled.load(module);
      assert.equal(run(compiled, func, args), expected, `compiled, (${args}): ${text}`);
    }
  }
  assert.ok(split > 200 && ended > 1500, `${split} loops split, ${ended} runs`);
});
