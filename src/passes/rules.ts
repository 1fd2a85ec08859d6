/**
 * Rewrites as rows that read like algebra.
 *
 *   rows      ::= { pattern [ "if" test { "and" test } ] "=>" result newline }
 *   pattern   ::= name | number | "null" | [ name "@" ] "(" operation { pattern } ")"
 *   result    ::= name | number | "null" | "(" operation { result } ")" | "[" operation { result } "]"
 *   test      ::= word "(" name { name } ")"                  see TESTS
 *
 * The names c, d and e stand for constants, all others for any value; a name that comes twice is the same value (or an equal constant).
 * A number is a constant of the type that its place has: with a point it is a float. In square brackets the operation is done
 * here and now, on constants. What follows `--` is a comment.
 *
 * A row goes from left to right only, and its right side never costs more. It applies only if both sides have the same type. The right
 * side may leave out operands: what an operand may do besides having a value is never lost, as only operations without effects
 * are looked at.
 */
import { type Func, type Inst, type Op, ops, parseFloat32, parseFloat64, spec, type Type, type Value } from "#ir";
import { Bug } from "#support";
import { type Constant, constantOf, evaluate } from "./evaluate.ts";
import { isTest } from "./traits.ts";

type Node =
  | { readonly kind: "value"; readonly index: number }
  | { readonly kind: "constant"; readonly index: number }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "op"; readonly op: Op; readonly args: readonly Node[]; readonly index: number }
  | { readonly kind: "now"; readonly op: Op; readonly args: readonly Node[] };

interface Test {
  readonly holds: (...given: Bound[]) => boolean;
  readonly names: readonly number[];
}

/** What a name stands for: a value of the function with its definition, and its constant if it is one. */
export interface Bound {
  readonly value: Value;
  readonly type: Type;
  readonly inst: Inst | undefined;
  readonly constant: Constant | null;
}

/** What the right side of a row asks for. */
export type Result =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "constant"; readonly constant: Constant }
  | { readonly kind: "op"; readonly op: Op; readonly type: Type; readonly args: readonly Result[] };

/** Where rules look up how a value came about: undefined for parameters. */
export interface Definitions {
  readonly func: Func;
  definition(value: Value): Inst | undefined;
}

const BITS: Readonly<Partial<Record<Type, number>>> = { i32: 32, i64: 64, f32: 32, f64: 64 };

function unsigned({ constant }: Bound): bigint {
  return BigInt.asUintN(BITS[constant!.type] ?? 32, BigInt(constant!.cell));
}

/** The tests rows can make. */
const TESTS: Readonly<Record<string, (...given: Bound[]) => boolean>> = {
  /** An unsigned power of two. */
  pow2: (c) => unsigned(c!) !== 0n && (unsigned(c!) & (unsigned(c!) - 1n)) === 0n,
  nonzero: (c) => unsigned(c!) !== 0n,
  /** Both are shift distances, and so is their sum. */
  distances: (c, d) => unsigned(c!) + unsigned(d!) < BigInt(BITS[c!.type] ?? 0),
  /** 0 or 1. */
  bool: (x) => x!.inst !== undefined && isTest(x!.inst.op),
  i32: (x) => x!.type === "i32",
  i64: (x) => x!.type === "i64",
  f64: (x) => x!.type === "f64",
  /** A float whose reciprocal is exact: a power of two, and the reciprocal is no denormal number. */
  exact_reciprocal: (c) => isExactReciprocal(c!.constant!),
};

function isExactReciprocal({ type, cell }: Constant): boolean {
  if (type === "f32") {
    const exponent = (Number(cell) >>> 23) & 0xff;
    return (Number(cell) & 0x7fffff) === 0 && exponent >= 1 && exponent <= 253;
  }
  const bits = BigInt(cell);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  return (bits & 0xfffffffffffffn) === 0n && exponent >= 1 && exponent <= 2045;
}

/** One row. */
export class Rule {
  /** As it is written. */
  readonly text: string;
  readonly root: Op;
  readonly #pattern: readonly Node[];
  readonly #tests: readonly Test[];
  readonly #result: Node;
  readonly #names: number;

  constructor(text: string, pattern: Node, tests: readonly Test[], result: Node, names: number) {
    if (pattern.kind !== "op") throw new Bug(`rule '${text}' does not begin with an operation`);
    this.text = text;
    this.root = pattern.op;
    this.#pattern = pattern.args;
    this.#tests = tests;
    this.#result = result;
    this.#names = names;
  }

  /** What is to stand for the instruction's result; null if the row does not apply. */
  apply(inst: Inst, type: Type, where: Definitions): Result | null {
    const bound: (Bound | undefined)[] = new Array(this.#names);
    if (!matchAll(this.#pattern, inst.args, bound, where)) return null;
    for (const { holds, names } of this.#tests) if (!holds(...names.map((name) => bound[name]!))) return null;
    if (typeOf(this.#result, bound, type) !== type) return null;
    return build(this.#result, bound, type);
  }
}

function matchAll(
  patterns: readonly Node[],
  values: readonly Value[],
  bound: (Bound | undefined)[],
  where: Definitions,
): boolean {
  if (patterns.length !== values.length) return false;
  for (let i = 0; i < patterns.length; i++) if (!match(patterns[i]!, values[i]!, bound, where)) return false;
  return true;
}

function match(pattern: Node, value: Value, bound: (Bound | undefined)[], where: Definitions): boolean {
  const inst = where.definition(value);
  if (pattern.kind === "value") {
    const known = bound[pattern.index];
    if (known !== undefined) return known.value === value;
    bound[pattern.index] = { value, type: where.func.typeOf(value), inst, constant: null };
    return true;
  }
  if (inst === undefined) return false;
  if (pattern.kind === "op") {
    if (inst.op !== pattern.op || !matchAll(pattern.args, inst.args, bound, where)) return false;
    if (pattern.index >= 0) bound[pattern.index] = { value, type: where.func.typeOf(value), inst, constant: null };
    return true;
  }
  if (inst.op !== "const") return false;
  const constant = constantOf(where.func, inst);
  if (pattern.kind === "number") return parseNumber(pattern.text, constant.type) === constant.cell;
  if (pattern.kind !== "constant") return false;
  const known = bound[pattern.index]?.constant;
  if (known != null) return known.type === constant.type && known.cell === constant.cell;
  bound[pattern.index] = { value, type: constant.type, inst, constant };
  return true;
}

/** The cell of a number as a constant of the type; undefined if the type has no such constants. */
function parseNumber(text: string, type: Type): Constant["cell"] | undefined {
  if (text === "null") return BITS[type] === undefined ? 0 : undefined;
  switch (type) {
    case "f32":
      return text.includes(".") ? (parseFloat32(text) ?? undefined) : undefined;
    case "f64":
      return text.includes(".") ? (parseFloat64(text) ?? undefined) : undefined;
    case "i64":
      return text.includes(".") ? undefined : BigInt.asIntN(64, BigInt(text));
    case "i32":
      return text.includes(".") ? undefined : Number(BigInt.asIntN(32, BigInt(text)));
    case "addr":
      return text.includes(".") ? undefined : Number(BigInt.asUintN(32, BigInt(text)));
    default:
      return undefined;
  }
}

/** The type of a result; `wanted` for what takes its type from its place. */
function typeOf(node: Node, bound: readonly (Bound | undefined)[], wanted: Type): Type {
  switch (node.kind) {
    case "value":
    case "constant":
      return bound[node.index]!.type;
    case "number":
      return wanted;
    default: {
      const { out } = spec(node.op);
      if (out === "typed") return wanted;
      return out === "same" ? operandType(node.args, bound, wanted) : (out as Type);
    }
  }
}

/** The type that numbers among these operands have: that of the first other one. */
function operandType(args: readonly Node[], bound: readonly (Bound | undefined)[], wanted: Type): Type {
  const guide = args.find((each) => each.kind !== "number");
  return guide === undefined ? wanted : typeOf(guide, bound, wanted);
}

function build(node: Node, bound: readonly (Bound | undefined)[], type: Type): Result | null {
  switch (node.kind) {
    case "value":
    case "constant":
      return { kind: "value", value: bound[node.index]!.value };
    case "number":
    case "now": {
      const constant = compute(node, bound, type);
      return constant === null ? null : { kind: "constant", constant };
    }
    case "op": {
      const inner = operandType(node.args, bound, type);
      const args: Result[] = [];
      for (const each of node.args) {
        const arg = build(each, bound, each.kind === "number" ? inner : typeOf(each, bound, inner));
        if (arg === null) return null;
        args.push(arg);
      }
      return { kind: "op", op: node.op, type, args };
    }
  }
}

function compute(node: Node, bound: readonly (Bound | undefined)[], type: Type): Constant | null {
  switch (node.kind) {
    case "constant":
      return bound[node.index]!.constant;
    case "number": {
      const cell = parseNumber(node.text, type);
      return cell === undefined ? null : { type, cell };
    }
    case "now": {
      const inner = operandType(node.args, bound, type);
      const args = node.args.map((each) => compute(each, bound, inner));
      if (args.includes(null)) return null;
      const out = typeOf(node, bound, type);
      const cell = evaluate(node.op, args as Constant[], out);
      return cell === undefined ? null : { type: out, cell };
    }
    default:
      return null;
  }
}

/** Reads rows. */
export function rules(text: TemplateStringsArray): Rule[] {
  return text
    .join("")
    .split("\n")
    .map((line) => line.replace(/--.*$/, "").trim())
    .filter((line) => line !== "")
    .map((line) => new Reader(line).rule());
}

class Reader {
  readonly #line: string;
  readonly #tokens: string[];
  readonly #names = new Map<string, number>();
  #at = 0;

  constructor(line: string) {
    this.#line = line;
    this.#tokens = line.match(/=>|[()[\]@]|[^\s()[\]@]+/g) ?? [];
  }

  rule(): Rule {
    const pattern = this.#node(true);
    const tests: Test[] = [];
    while (this.#peek() === "if" || this.#peek() === "and") {
      this.#at += 1;
      tests.push(this.#test());
    }
    this.#expect("=>");
    const result = this.#node(false);
    if (this.#at !== this.#tokens.length) this.#wrong("the end");
    return new Rule(this.#line, pattern, tests, result, this.#names.size);
  }

  #test(): Test {
    const word = this.#next();
    const holds = TESTS[word];
    if (holds === undefined) this.#wrong("a test", word);
    this.#expect("(");
    const names: number[] = [];
    while (this.#peek() !== ")") names.push(this.#known(this.#next()));
    this.#at += 1;
    return { holds, names };
  }

  #node(isPattern: boolean): Node {
    const token = this.#next();
    if (token === "(" || (token === "[" && !isPattern)) return this.#op(token, isPattern, -1);
    if (/^-?[0-9]|^null$/.test(token)) return { kind: "number", text: token };
    if (!/^[a-z]+$/.test(token)) this.#wrong("a name, a number or an operation", token);
    if (isPattern && this.#peek() === "@") {
      this.#at += 1;
      this.#expect("(");
      return this.#op("(", true, this.#name(token));
    }
    const index = isPattern ? this.#name(token) : this.#known(token);
    return { kind: /^[cde]$/.test(token) ? "constant" : "value", index };
  }

  #op(open: string, isPattern: boolean, index: number): Node {
    const op = this.#next();
    if (!Object.hasOwn(ops, op)) this.#wrong("an operation", op);
    const close = open === "(" ? ")" : "]";
    const args: Node[] = [];
    while (this.#peek() !== close) args.push(this.#node(isPattern));
    this.#at += 1;
    return open === "(" ? { kind: "op", op: op as Op, args, index } : { kind: "now", op: op as Op, args };
  }

  #name(name: string): number {
    let index = this.#names.get(name);
    if (index === undefined) {
      index = this.#names.size;
      this.#names.set(name, index);
    }
    return index;
  }

  #known(name: string): number {
    const index = this.#names.get(name);
    if (index === undefined) this.#wrong("a name of the left side", name);
    return index;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) this.#wrong("more", "the end");
    return token;
  }

  #expect(wanted: string): void {
    const token = this.#next();
    if (token !== wanted) this.#wrong(`'${wanted}'`, token);
  }

  #wrong(expected: string, found = this.#peek() ?? "the end"): never {
    throw new Bug(`rule '${this.#line}': expected ${expected}, found ${found}`);
  }
}
