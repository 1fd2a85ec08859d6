/** Loops that multiply do the same when their products have become counters, or are computed before them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Fuel } from "#interp";
import { type Module, parse, printFunc } from "#ir";
import { Optimizer, passesNamed, reduceLoops, sparsePolls } from "#passes";
import { Switches } from "#support";
import { CompiledTier } from "../ir/compiled.ts";
import { Random } from "../ir/seeded.ts";
import { InterpreterTier } from "../ir/tiers.ts";

const SLOT = 7;
const NUMBERS = [0, 1, -1, 2, 7, -13, 1000, 65536, 2 ** 31 - 1, -(2 ** 31)];

/** f(n, a, b): two nested loops; the inner one mixes products of its counter, the outer one's, constants and parameters. */
function program(random: Random, type: "i32" | "i64"): string {
  const of = random.oneIn(2) ? "slt" : "ne";
  const inner: string[] = [];
  const values = ["v30", "v20", "v1", "v2", "v11", "v12"];
  let next = 50;
  for (let i = 0; i < 6; i++) {
    const op = random.pick(["mul", "mul", "add", "sub", "xor"]);
    // Sums of products with what the loop does not change are what it is about.
    const recent = random.oneIn(2) ? `v${next - 1}` : random.pick(values);
    const first = next > 50 ? recent : random.pick(values);
    inner.push(`  v${next} = ${op} ${first}, ${random.pick(values)}`);
    values.push(`v${next++}`);
  }
  const sum = next++;
  const early = random.oneIn(3);
  const step = random.pick(["v12", "v13", "v1"]);
  return `func @f slot ${SLOT} (v0: i32, v1: ${type}, v2: ${type}) -> ${type} {
b0:
  v10 = const.i32 0
  v11 = const.${type} ${random.pick(NUMBERS)}
  v13 = const.${type} 1
  v14 = const.${type} 0
  jump b1(v10, v14, v14)
b1(v19: i32, v20: ${type}, v21: ${type}):
  v22 = slt v19, v0
  branch v22, b2, b6
b2:
  jump b3(v10, v2, v21)
b3(v29: i32, v30: ${type}, v31: ${type}):
  v32 = ${of} v29, v0
  branch v32, b4, b5(v31)
b4:
  v12 = const.${type} ${random.pick(NUMBERS)}
${inner.join("\n")}
  v33 = const.${type} 31
  v34 = mul v31, v33
  v${sum} = add v34, v${next - 2}
  v35 = const.i32 1
  v36 = add v29, v35
  v37 = add v30, ${step}
  v38 = and v29, v35
  ${early ? `branch v38, b7, b5(v${random.pick([sum, sum - 1])})` : "jump b7"}
b5(v39: ${type}):
  v40 = const.i32 1
  v41 = add v19, v40
  v42 = add v20, v13
  poll
  jump b1(v41, v42, v39)
b6:
  return v21
b7:
  poll
  jump b3(v36, v37, v${sum})
}
`;
}

function run(tier: InterpreterTier | CompiledTier, module: Module, args: readonly (number | bigint)[]): string {
  return tier.run(SLOT, module.functions[0]!.func.signature, args);
}

test("loops that multiply do the same", () => {
  const random = new Random(3);
  const compiled = new CompiledTier();
  let rewritten = 0;
  let products = 0;
  const checked = new Optimizer(Switches.parse({ VM_CHECK: "ir" }), passesNamed(["counters", "polls"]));
  for (let round = 0; round < 400; round++) {
    const type = random.oneIn(3) ? "i64" : "i32";
    const text = program(random, type);
    const before = parse(text).functions[0]!.func;
    products += before.blocks[4]!.insts.filter((inst) => inst.op === "mul").length;
    rewritten += reduceLoops(before);
    sparsePolls(before);
    const module = parse(text);
    checked.run(module.functions[0]!.func);
    const number = (): number | bigint => {
      const picked = random.pick(NUMBERS) + random.below(9) - 4;
      return type === "i64" ? BigInt.asIntN(64, BigInt(picked) * 0x100000001n) : picked | 0;
    };
    const args = [random.below(9), number(), number()];
    const oracle = new InterpreterTier(20_000);
    oracle.load(parse(text));
    let expected: string;
    try {
      expected = run(oracle, module, args);
    } catch (error) {
      if (error instanceof Fuel) continue;
      throw error;
    }
    const tier = new InterpreterTier();
    tier.load(module);
    compiled.forget();
    compiled.load(module);
    for (const each of [tier, compiled]) {
      assert.equal(
        run(each, module, args),
        expected,
        `${each.name} (${args}):\n${text}\n${printFunc(module.functions[0]!.func)}`,
      );
    }
  }
  assert.ok(rewritten > products / 4, `${rewritten} of ${products}`);
});
