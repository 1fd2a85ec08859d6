/** Every row of the rewrite rules applies to what it describes, and both sides give the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cell, f32ToBits, f64ToBits } from "#interp";
import { Builder, Func, type Op, parseFloat32, parseFloat64, signature, spec, type Type, type Value } from "#ir";
import { Optimizer, passesNamed } from "#passes";
import { Switches } from "#support";
import { allRules } from "../../src/passes/fold.ts";
import { Random } from "../ir/seeded.ts";
import { InterpreterTier } from "../ir/tiers.ts";
import { SCRATCH } from "../ir/world.ts";

const I32S = [0, 1, -1, 2, 3, 7, 8, 16, 24, 31, 32, 255, 128, 65535, 32768, 0x7fffffff, -0x80000000, 0x12345678];
const FLOATS = [0, -0, 1, -1, 2, 0.5, 3.25, 1e10, -1e300, Number.POSITIVE_INFINITY, Number.NaN, 1e-310];
const TYPES: readonly Type[] = ["i32", "i64", "f32", "f64", "ref", "iref", "addr"];
const KINDS: Readonly<Record<string, readonly Type[]>> = {
  int: ["i32", "i64"],
  float: ["f32", "f64"],
  ptr: ["ref", "iref", "addr"],
  any: TYPES,
};
const TRIES = 400;
const ENOUGH = 10;

function randomCell(random: Random, type: Type): Cell {
  switch (type) {
    case "i32":
      return random.oneIn(4) ? random.bits() : random.pick(I32S);
    case "i64":
      if (random.oneIn(4)) return (BigInt(random.bits()) << 32n) | BigInt(random.bits() >>> 0);
      return BigInt.asIntN(64, BigInt(random.pick(I32S)) << BigInt(random.oneIn(3) ? 32 : 0));
    case "f32":
      return f32ToBits(random.pick(FLOATS));
    case "f64":
      return f64ToBits(random.pick(FLOATS));
    case "addr":
      return SCRATCH + 8 * random.below(4);
    default:
      return random.oneIn(2) ? 0 : SCRATCH + 8 * random.below(4);
  }
}

/** The pattern does not work out with the types that were picked. */
class Misfit extends Error {}

/** Makes a function that computes the left side of a row, with types and constants picked at random. */
class Maker {
  readonly #random: Random;
  readonly #tokens: readonly string[];
  #at = 0;
  /** Parameters in the order of the names. */
  readonly params: Type[] = [];
  readonly #names = new Map<string, { type: Type; cell: Cell | null; index: number }>();

  constructor(random: Random, row: string) {
    this.#random = random;
    const [left = "", condition = ""] = row.split("=>")[0]!.split(" if ");
    const pattern = left.replace(/[a-z]+@/g, "").replace(/\bx\b/g, condition.includes("bool(x)") ? "(flt f g)" : "x");
    this.#tokens = pattern.match(/[()]|[^\s()]+/g)!;
  }

  make(): Func {
    const type = this.#random.pick(TYPES);
    // Once for the names and their types, once for the function itself.
    this.#node(type, null);
    const b = new Builder(new Func("f", signature(this.params, type)));
    const params = b.entry();
    this.#at = 0;
    b.ret(this.#node(type, { b, params }));
    return b.finish();
  }

  #node(type: Type, into: { b: Builder; params: readonly Value[] } | null): Value {
    const token = this.#tokens[this.#at++]!;
    if (token === "(") return this.#op(type, into);
    if (/^-?[0-9]/.test(token) || token === "null") return this.#number(token, type, into);
    let name = this.#names.get(token);
    if (name === undefined) {
      const cell = /^[cde]$/.test(token) ? randomCell(this.#random, type) : null;
      if (cell !== null && (type === "ref" || type === "iref")) throw new Misfit();
      name = { type, cell, index: this.params.length };
      if (cell === null) this.params.push(type);
      this.#names.set(token, name);
    }
    if (name.type !== type) throw new Misfit();
    if (into === null) return 0 as Value;
    return name.cell === null ? into.params[name.index]! : constant(into.b, type, name.cell);
  }

  #number(text: string, type: Type, into: { b: Builder } | null): Value {
    const isFloat = type === "f32" || type === "f64";
    const isPointer = type === "ref" || type === "iref";
    if (text.includes(".") !== isFloat || (text === "null" ? type !== "ref" && type !== "iref" : isPointer))
      throw new Misfit();
    if (into === null) return 0 as Value;
    if (text === "null") return into.b.zero(type);
    if (type === "f32") return into.b.f32(parseFloat32(text)!);
    if (type === "f64") return into.b.f64(parseFloat64(text)!);
    return constant(
      into.b,
      type,
      type === "i64" ? BigInt.asIntN(64, BigInt(text)) : Number(BigInt.asIntN(32, BigInt(text))),
    );
  }

  /** Types of operands, picked in the first round and looked up in the second. */
  readonly #picked = new Map<number, readonly Type[]>();

  #op(type: Type, into: { b: Builder; params: readonly Value[] } | null): Value {
    const at = this.#at;
    const op = this.#tokens[this.#at++] as Op;
    const row = spec(op);
    const types = this.#picked.get(at) ?? this.#operandTypes(op, type);
    this.#picked.set(at, types);
    const args = types.map((each) => this.#node(each, into));
    assert.equal(this.#tokens[this.#at++], ")", `operands of ${op}`);
    if (into === null) return 0 as Value;
    const { b } = into;
    if (op === "alloc") return b.alloc(b.i32(16));
    if (op === "stackaddr") return b.stackaddr(b.frameArea(16));
    if (row.imm === "offset") return b.mem(op as "load8u", null, 0, args[0]!);
    return row.out === "typed" ? b.typed(op, type, ...args) : b.op(op, ...args);
  }

  #operandTypes(op: Op, type: Type): Type[] {
    const { in: kinds, out } = spec(op);
    if (out !== "typed" && out !== "same" && out !== type) throw new Misfit();
    if (op === "select") return ["i32", type, type];
    const types: Type[] = [];
    for (const kind of kinds) {
      if (kind === "same") types.push(types[0]!);
      else if (types.length === 0 && out === "same") types.push(type);
      else types.push(KINDS[kind] === undefined ? (kind as Type) : this.#random.pick(KINDS[kind]));
      if (KINDS[kind]?.includes(types[types.length - 1]!) === false) throw new Misfit();
    }
    if (op === "ptradd" && (type === "addr" ? types[0] !== "addr" : type !== "iref" || types[0] === "addr"))
      throw new Misfit();
    if (op === "bits") {
      const pairs: Partial<Record<Type, readonly Type[]>> = {
        i32: ["f32", "addr"],
        i64: ["f64"],
        f32: ["i32"],
        f64: ["i64"],
        addr: ["i32"],
      };
      const from = pairs[type];
      if (from === undefined) throw new Misfit();
      return [this.#random.pick(from)];
    }
    if ((op === "stof" || op === "utof") && type !== "f32" && type !== "f64") throw new Misfit();
    if ((op === "ftos" || op === "ftou") && type !== "i32" && type !== "i64") throw new Misfit();
    return types;
  }
}

function constant(b: Builder, type: Type, cell: Cell): Value {
  switch (type) {
    case "i64":
      return b.i64(BigInt(cell));
    case "f64":
      return b.f64(BigInt(cell));
    case "f32":
      return b.f32(Number(cell));
    case "addr":
      return b.addr(Number(cell));
    default:
      return b.i32(Number(cell));
  }
}

const before = new InterpreterTier();
const after = new InterpreterTier();

/** In how many functions the row applied; both sides gave the same. */
function timesApplied(row: string): number {
  const random = new Random(row.length * 7919);
  let applied = 0;
  for (let attempt = 0; attempt < TRIES && applied < ENOUGH; attempt++) {
    const seed = random.bits();
    let func: Func;
    try {
      func = new Maker(new Random(seed), row).make();
    } catch (error) {
      if (error instanceof Misfit) continue;
      throw error;
    }
    const lines: string[] = [];
    const switches = Switches.parse({ VM_CHECK: "ir", VM_TRACE: "passes.fold" }, (line) => lines.push(line));
    before.load({ hosts: [], functions: [{ func, slot: 1 }] });
    const folded = new Maker(new Random(seed), row).make();
    new Optimizer(switches, passesNamed(["fold"])).run(folded);
    if (!lines.some((line) => line.includes(`: ${row} (`))) continue;
    applied += 1;
    after.load({ hosts: [], functions: [{ func: folded, slot: 1 }] });
    for (let count = 0; count < 10; count++) {
      const args = func.signature.params.map((type) => randomCell(random, type));
      const [left, right] = [before, after].map((tier) => tier.run(1, func.signature, args));
      assert.equal(right, left, `${row}: (${args.join(", ")})`);
    }
  }
  return applied;
}

test("every row of the rules applies to what it describes, and both sides give the same", () => {
  const never = allRules.map((rule) => rule.text).filter((row) => timesApplied(row) === 0);
  assert.deepEqual(never, []);
});
