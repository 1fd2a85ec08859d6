/** Counted loops of every kind, also at the ends of the numbers: the same results with fewer polls, and never too many iterations between two. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Fuel } from "#interp";
import { type Module, parse } from "#ir";
import { Optimizer, passesNamed, pollsEvery, sparsePolls } from "#passes";
import { Switches } from "#support";
import { CompiledTier } from "../ir/compiled.ts";
import { Random } from "../ir/seeded.ts";
import { InterpreterTier } from "../ir/tiers.ts";

const SLOT = 7;
const FUEL = 3_000;
const TOP = 2 ** 31 - 1;
const STARTS = [0, 1, -5, 40, TOP, TOP - 1, TOP - 20, -TOP - 1, -TOP, -TOP + 20];
const STEPS = [1, -1, 2, -2, 3, 16, -16, 17, TOP];
const TESTS = ["slt", "sle", "sgt", "sge", "ult", "ne"];

/** f(start, limit, step) counts the iterations and adds the counter up. */
function loop(random: Random): string {
  const one = <T>(list: readonly T[]): T => random.pick(list);
  const limit = one(["v1", "v10", `v11`]);
  const step = one(["v2", "v12", "v12", "v13"]);
  const branch = one(["branch v22, b2, b5", "branch v22, b5, b2"]);
  const twoWays = random.oneIn(3);
  const early = random.oneIn(3);
  return `func @f slot ${SLOT} (v0: i32, v1: i32, v2: i32) -> i32 {
b0:
  v10 = const.i32 ${one([...STARTS, 30])}
  v13 = const.i32 ${one(STEPS)}
  v3 = const.i32 0
  jump b1(v0, v3)
b1(v20: i32, v21: i32):
  v11 = const.i32 ${one([...STARTS, 25])}
  v22 = ${one(TESTS)} v20, ${limit}
  ${branch}
b2:
  v12 = const.i32 ${one(STEPS)}
  v23 = add v20, ${step}
  v24 = const.i32 31
  v25 = mul v21, v24
  v26 = add v25, v20
  v27 = const.i32 1
  v28 = add v26, v27
  v29 = and v28, v24
  ${early ? "branch v29, b3, b5" : "jump b3"}
b3:
  ${twoWays ? "poll\n  branch v29, b1(v23, v28), b4" : "jump b4"}
b4:
  poll
  jump b1(v23, v28)
b5:
  return v21
}
`;
}

function run(tier: InterpreterTier | CompiledTier, module: Module, args: readonly number[]): string {
  return tier.run(SLOT, module.functions[0]!.func.signature, args);
}

test("loops that poll seldom do the same", () => {
  const random = new Random(7);
  const compiled = new CompiledTier();
  let rewritten = 0;
  let ended = 0;
  for (let round = 0; round < 800; round++) {
    const text = loop(random);
    const period = 1 + random.below(6);
    const module = parse(text);
    const list = [...passesNamed(["reachable"]), pollsEvery(period)];
    new Optimizer(Switches.parse({ VM_CHECK: "ir" }), list).run(module.functions[0]!.func);
    if (sparsePolls(parse(text).functions[0]!.func) > 0) rewritten += 1;
    compiled.forget();
    compiled.load(module);
    const args = [0, 1, 2].map(
      (index) => (index === 2 ? random.pick(STEPS) : random.pick(STARTS) + random.below(9) - 4) | 0,
    );
    const oracle = new InterpreterTier(FUEL);
    oracle.world.poll = 1;
    oracle.load(parse(text));
    let expected: string;
    try {
      expected = run(oracle, module, args);
    } catch (error) {
      if (error instanceof Fuel) continue;
      throw error;
    }
    ended += 1;
    const tier = new InterpreterTier();
    tier.load(module);
    for (const each of [tier, compiled]) {
      each.world.poll = 1;
      assert.equal(run(each, module, args), expected, `${each.name}, period ${period}, (${args}): ${text}`);
      const polls = each.world.collections;
      assert.ok(polls <= oracle.world.collections, `${polls} polls instead of ${oracle.world.collections}: ${text}`);
      // The last way out polls no more, and one iteration of two ways back polled twice.
      assert.ok(
        polls + 2 >= oracle.world.collections / period,
        `${polls} polls instead of ${oracle.world.collections}, period ${period}: (${args})\n${text}`,
      );
    }
  }
  assert.ok(rewritten > 600 && ended > 300, `${rewritten} loops rewritten, ${ended} runs`);
});
