/**
 * The invariants of the IR, and their checker.
 *
 *   I1   Block number i is at index i; there is at least one block.
 *   I2   A block has exactly one instruction that ends it, and it is the last one.
 *   I3   The entry block has no predecessors, and its parameters are those of the signature.
 *   I4   A value is defined once, by a parameter or a result, and has a type of the seven.
 *   I5   A definition dominates its uses. The result of an instruction with an unwind edge exists only behind the `jump` that
 *        follows it, not on the unwind path.
 *   I6   Operands: as many as the table says, of the types it says.
 *   I7   Results: there is one exactly if the operation has one, of the type that follows from the table, the signature, or the
 *        operation's own rule for "typed" ones (TYPED_RULES below).
 *   I8   Edges: as many as the operation has, to blocks of this function; arguments are as many as the target's parameters, and of
 *        their types.
 *   I9   Unwind edges: only at instructions that can throw, and not at tail calls; the target's first parameter is a ref, the
 *        arguments fit the others. An instruction with an unwind edge either ends its block or is followed by its last
 *        instruction, a `jump`.
 *   I10  What an instruction carries fits its operation: constants are in the range of their type, and refs are null; offsets
 *        are unsigned 32-bit; slots are not negative; frame areas exist; signatures and hosts are there where they belong.
 *   I11  Calls: operands are those of the signature. A tail call's result is the function's. `return` gives what the signature says.
 *   I12  References go into collected memory by `refstore` and its like: `store` takes a ref or iref only at an addr;
 *        atomics without a write barrier take no ref.
 *   I13  A constant size of `alloc` is a multiple of 8 above 0 and below 2^30.
 *   I14  Frame areas: a size above 0; their refs are multiples of 4 inside, ascending.
 *   I15  `trap` has a kind and at most two operands, i32 or ref.
 *   I16  Positions below -1 are those of the function's list of inlined ones, in which the position of a call stands before it.
 */
import { Bug } from "#support";
import { type Dominators, dominators, predecessors } from "./cfg.ts";
import { type Block, type Edge, type Func, type Inst, instDoes, NO_VALUE, type Value } from "./func.ts";
import { isPlainAccess, type Op, type OperandKind, type ops, spec } from "./ops.ts";
import { printInst } from "./print.ts";
import { type Signature, TYPES, type Type } from "./types.ts";

/** A broken invariant. */
export interface Finding {
  /** The function's name. */
  readonly function: string;
  /** Number of the block, or -1 if it is about the whole function. */
  readonly block: number;
  /** The instruction's text, or "". */
  readonly inst: string;
  /** Which invariant, for example "I5". */
  readonly invariant: string;
  readonly message: string;
}

/** All broken invariants of a function; empty if it is right. */
export function findings(func: Func): Finding[] {
  return new Verifier(func).run();
}

/** Throws a Bug that lists the broken invariants, if there are any. */
export function verify(func: Func, pass = "verify"): void {
  const found = findings(func);
  if (found.length === 0) return;
  const lines = found.slice(0, 20).map(printFinding);
  if (found.length > 20) lines.push(`and ${found.length - 20} more`);
  throw new Bug(`the IR is broken:\n  ${lines.join("\n  ")}`, { pass, function: func.name });
}

/** One line. */
export function printFinding(finding: Finding): string {
  const place = finding.block < 0 ? "" : ` b${finding.block}`;
  const inst = finding.inst === "" ? "" : `\`${finding.inst}\` `;
  return `${finding.invariant} ${finding.function}${place}: ${inst}${finding.message}`;
}

type TypedOp = { [N in Op]: (typeof ops)[N]["out"] extends "typed" ? N : never }[Op];
type CallOp = "call" | "calldyn" | "callvia" | "callhost";

/** For each operation whose result is "typed": whether the result type goes with the operands' types. */
const TYPED_RULES: Readonly<Record<Exclude<TypedOp, CallOp>, (out: Type, args: readonly Type[]) => boolean>> = {
  const: () => true,
  stof: isFloat,
  utof: isFloat,
  ftos: isInt,
  ftou: isInt,
  bits: (out, [from]) => BITS_PAIRS.includes(`${from} ${out}`),
  ptradd: (out, [from]) => (from === "addr" ? out === "addr" : out === "iref"),
  load: () => true,
  aload: (out) => ["i32", "i64", "ref", "addr"].includes(out),
  aadd: (out, [, operand]) => out === operand,
  aand: (out, [, operand]) => out === operand,
  aor: (out, [, operand]) => out === operand,
  axor: (out, [, operand]) => out === operand,
  aswap: (out, [, operand]) => out === operand && isAtomic(out),
  acas: (out, [, expected, replacement]) => out === expected && out === replacement && isAtomic(out),
  select: (out, [, yes, no]) => out === yes && out === no,
};

const BITS_PAIRS: readonly string[] = ["i32 f32", "f32 i32", "i64 f64", "f64 i64", "i32 addr", "addr i32"];

function isInt(type: Type): boolean {
  return type === "i32" || type === "i64";
}

function isFloat(type: Type): boolean {
  return type === "f32" || type === "f64";
}

/** What atomics without a write barrier take. */
function isAtomic(type: Type): boolean {
  return type === "i32" || type === "i64" || type === "addr";
}

function fits(kind: OperandKind, type: Type, first: Type): boolean {
  switch (kind) {
    case "any":
      return true;
    case "same":
      return type === first;
    case "int":
      return isInt(type);
    case "float":
      return isFloat(type);
    case "ptr":
      return type === "ref" || type === "iref" || type === "addr";
    default:
      return type === kind;
  }
}

const EDGE_COUNTS: Readonly<Partial<Record<Op, number>>> = { jump: 1, branch: 2 };
const MAX_ALLOC_BYTES = 1 << 30;

class Verifier {
  readonly #func: Func;
  readonly #found: Finding[] = [];
  /** By value: the block that defines it, and where in it: -1 for a parameter. */
  readonly #definedIn: (Block | undefined)[] = [];
  readonly #definedAt: number[] = [];
  #block: Block | null = null;
  #inst: Inst | null = null;

  constructor(func: Func) {
    this.#func = func;
  }

  run(): Finding[] {
    const func = this.#func;
    if (!this.#blocks()) return this.#found;
    this.#areas();
    this.#inlined();
    for (const block of func.blocks) {
      this.#block = block;
      this.#inst = null;
      for (const param of block.params) this.#define(param, block, -1);
      for (let i = 0; i < block.insts.length; i++) {
        this.#inst = block.insts[i]!;
        if (this.#inst.result !== NO_VALUE) this.#define(this.#inst.result, block, i);
      }
    }
    this.#entry();
    for (const block of func.blocks) {
      this.#block = block;
      for (let i = 0; i < block.insts.length; i++) {
        this.#inst = block.insts[i]!;
        this.#check(this.#inst, block, i);
      }
    }
    this.#dominance();
    return this.#found;
  }

  #report(invariant: string, message: string): void {
    const func = this.#func;
    const inst = this.#inst === null ? "" : printInst(func, this.#inst);
    this.#found.push({
      function: func.name,
      block: this.#block === null ? -1 : this.#block.id,
      inst,
      invariant,
      message,
    });
  }

  // ---- the whole function -------------------------------------------------------------------------------------------------------

  /** Whether the graph is sound enough to go on. */
  #blocks(): boolean {
    const { blocks } = this.#func;
    if (blocks.length === 0) this.#report("I1", "there is no block");
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks[i]!;
      this.#block = block;
      this.#inst = null;
      if (block.id !== i) this.#report("I1", `block at index ${i} has number ${block.id}`);
      const last = block.insts.length - 1;
      if (last < 0) this.#report("I2", "the block is empty");
      for (let k = 0; k <= last; k++) {
        this.#inst = block.insts[k]!;
        const ends = instDoes(this.#inst, "ends");
        if (ends !== (k === last))
          this.#report("I2", ends ? "ends the block before its last instruction" : "does not end the block");
      }
      for (this.#inst of block.insts) {
        for (const edge of this.#inst.edges) this.#target(edge);
        if (this.#inst.unwind !== null) this.#target(this.#inst.unwind);
      }
    }
    this.#block = null;
    this.#inst = null;
    return this.#found.length === 0;
  }

  #target(edge: Edge): void {
    if (this.#func.blocks[edge.target.id] !== edge.target)
      this.#report("I8", `b${edge.target.id} is no block of the function`);
  }

  #areas(): void {
    this.#func.areas.forEach((area, index) => {
      if (!isInRange(area.bytes, 1, 0x7fffffff)) this.#report("I14", `area ${index} has ${area.bytes} bytes`);
      let before = -4;
      for (const ref of area.refs) {
        if (!isInRange(ref, before + 4, area.bytes - 4) || ref % 4 !== 0) {
          this.#report("I14", `area ${index} of ${area.bytes} bytes has a reference at ${ref}`);
        } else before = ref;
      }
    });
  }

  /** Positions are used in records of call sites, so chains of them must end. */
  #inlined(): void {
    this.#func.inlined.forEach(({ pos, caller }, index) => {
      if (pos < -1 || caller < -1 - index)
        this.#report("I16", `inlined position ${-2 - index} is ${pos}, called at ${caller}`);
    });
  }

  #entry(): void {
    const func = this.#func;
    this.#block = func.entry;
    this.#inst = null;
    const types = func.entry.params.map((param) => func.types[param]);
    if (types.join() !== func.signature.params.join()) {
      this.#report(
        "I3",
        `the entry has parameters (${types.join(", ")}), the signature (${func.signature.params.join(", ")})`,
      );
    }
    if (predecessors(func)[0]!.length > 0) this.#report("I3", "the entry block has predecessors");
  }

  #define(value: Value, block: Block, at: number): void {
    const type = this.#func.types[value];
    if (type === undefined || !TYPES.includes(type)) this.#report("I4", `v${value} has no type`);
    if (this.#definedIn[value] !== undefined) this.#report("I4", `v${value} is defined twice`);
    this.#definedIn[value] = block;
    this.#definedAt[value] = at;
  }

  // ---- one instruction ----------------------------------------------------------------------------------------------------------

  #check(inst: Inst, block: Block, at: number): void {
    const { types, inlined } = this.#func;
    if (inst.pos < -1 - inlined.length) this.#report("I16", `there is no position ${inst.pos}`);
    const uses = [inst.args, ...inst.edges.map((edge) => edge.args), inst.unwind === null ? [] : inst.unwind.args];
    let defined = true;
    for (const value of uses.flat()) {
      if (this.#definedIn[value] !== undefined) continue;
      this.#report("I5", `v${value} is not defined`);
      defined = false;
    }
    if (!defined) return;
    const args = inst.args.map((arg) => types[arg]!);
    const row = spec(inst.op);
    const wanted = row.in.length;
    if (args.length < wanted || (args.length > wanted && row.more !== true)) {
      this.#report("I6", `has ${args.length} operands, not ${wanted}`);
      return;
    }
    for (let i = 0; i < wanted; i++) {
      const kind = row.in[i]!;
      if (!fits(kind, args[i]!, args[0]!)) this.#report("I6", `operand ${i} is ${args[i]}, not ${kind}`);
    }
    this.#result(inst, args);
    this.#carried(inst, args);
    this.#edges(inst, block, at);
    this.#stores(inst, args);
  }

  #result(inst: Inst, args: readonly Type[]): void {
    const { out, imm } = spec(inst.op);
    const type = inst.result === NO_VALUE ? null : this.#func.types[inst.result]!;
    const isCall = imm === "slot" || imm === "sig" || imm === "host";
    if (out === "typed" && !isCall) {
      const rule = TYPED_RULES[inst.op as keyof typeof TYPED_RULES];
      if (type === null) this.#report("I7", "has no result");
      else if (!rule(type, args)) this.#report("I7", `cannot give ${type} from (${args.join(", ")})`);
      return;
    }
    let expected: Type | null = null;
    if (out === "same") expected = args[0]!;
    else if (out === "typed") expected = inst.signature === null ? null : inst.signature.result;
    else if (out !== "none") expected = out;
    if (type !== expected) this.#report("I7", `has ${type ?? "no"} result, not ${expected ?? "none"}`);
  }

  #carried(inst: Inst, args: readonly Type[]): void {
    const func = this.#func;
    const row = spec(inst.op);
    const kind = row.imm ?? "none";
    const isCall = kind === "slot" || kind === "sig" || kind === "host";
    if (isCall !== (inst.signature !== null)) this.#report("I10", isCall ? "has no signature" : "has a signature");
    if ((kind === "host") !== (inst.host !== null))
      this.#report("I10", "a host function belongs to callhost, and only there");
    if ((kind === "kind") !== (inst.trap !== null)) this.#report("I15", "a trap kind belongs to trap, and only there");
    switch (kind) {
      case "const":
        if (inst.result !== NO_VALUE) this.#constant(inst, func.types[inst.result]!);
        break;
      case "offset":
        if (inst.alias !== 0 && !isPlainAccess(inst.op))
          this.#report("I10", "only plain loads and stores have an alias");
        if (!isInRange(inst.imm, 0, 0xffffffff)) this.#report("I10", `offset ${inst.imm} is no unsigned 32-bit number`);
        break;
      case "slow":
        if (!isInRange(inst.imm, 0, 0xffffffff)) this.#report("I10", `offset ${inst.imm} is no unsigned 32-bit number`);
        if (!isInRange(inst.slot, 0, 0x7fffffff)) this.#report("I10", `${inst.slot} is no slot`);
        break;
      case "slot":
        if (!isInRange(inst.imm, 0, 0x7fffffff)) this.#report("I10", `${inst.imm} is no slot`);
        break;
      case "frame":
        if (!isInRange(inst.imm, 0, func.areas.length - 1)) this.#report("I10", `there is no frame area ${inst.imm}`);
        break;
      case "kind":
        if (args.length > 2 || args.some((type) => type !== "i32" && type !== "ref")) {
          this.#report("I15", `operands are (${args.join(", ")}), not up to two i32 or ref`);
        }
        break;
      case "size":
        this.#allocSize(inst);
        break;
      default:
        break;
    }
    if (inst.host !== null && inst.signature !== null && inst.host.signature.key !== inst.signature.key) {
      this.#report("I10", `the host function's signature is ${inst.host.signature.key}`);
    }
    if (inst.signature !== null) this.#signature(inst.signature, args.slice(row.in.length));
    if (inst.op === "tailcall" && inst.signature !== null && inst.signature.result !== func.signature.result) {
      this.#report("I11", `the function's result is ${func.signature.result ?? "none"}`);
    }
    if (inst.op === "return") {
      const expected = func.signature.result === null ? [] : [func.signature.result];
      if (args.join() !== expected.join()) this.#report("I11", `gives (${args.join()}), not (${expected.join()})`);
    }
  }

  #signature(signature: Signature, args: readonly Type[]): void {
    if (args.join() !== signature.params.join()) {
      this.#report("I11", `passes (${args.join(", ")}) to ${signature.key}`);
    }
  }

  #constant(inst: Inst, type: Type): void {
    const wide = type === "i64" || type === "f64";
    let right = wide ? inst.imm === 0 : inst.bits === 0n;
    if (type === "i32" || type === "f32") right &&= inst.imm === (inst.imm | 0);
    else if (type === "addr") right &&= inst.imm === inst.imm >>> 0;
    else if (wide) right &&= BigInt.asIntN(64, inst.bits) === inst.bits;
    else right &&= inst.imm === 0;
    if (!right) this.#report("I10", `imm ${inst.imm} with bits ${inst.bits} is no ${type}`);
  }

  #allocSize(inst: Inst): void {
    const size = inst.args[0]!;
    const by = this.#definedIn[size]!.insts[this.#definedAt[size]!];
    if (by === undefined || by.op !== "const") return;
    if (!isInRange(by.imm, 8, MAX_ALLOC_BYTES - 1) || by.imm % 8 !== 0)
      this.#report("I13", `a size of ${by.imm} bytes`);
  }

  #edges(inst: Inst, block: Block, at: number): void {
    const has = spec(inst.op).imm === "edges";
    const wanted = EDGE_COUNTS[inst.op];
    const count = inst.edges.length;
    if (has ? (wanted !== undefined ? count !== wanted : count === 0) : count > 0)
      this.#report("I8", `has ${count} edges`);
    for (const edge of inst.edges) this.#edge("I8", edge, edge.target.params);
    if (inst.unwind === null) return;
    if (!instDoes(inst, "throws")) this.#report("I9", "has an unwind edge but cannot throw");
    if (inst.op === "tailcall") this.#report("I9", "has an unwind edge but has left the frame");
    const params = inst.unwind.target.params;
    if (params.length === 0 || this.#func.types[params[0]!] !== "ref") {
      this.#report("I9", `the first parameter of b${inst.unwind.target.id} is no ref`);
    }
    this.#edge("I9", inst.unwind, params.slice(1));
    const last = block.insts.length - 1;
    if (at !== last && !(at === last - 1 && block.insts[last]!.op === "jump")) {
      this.#report("I9", "has an unwind edge and is not followed by the last instruction, a jump");
    }
  }

  #edge(invariant: string, edge: Edge, params: readonly Value[]): void {
    const { types } = this.#func;
    const have = edge.args.map((arg) => types[arg]).join(", ");
    const want = params.map((param) => types[param]).join(", ");
    if (have !== want) this.#report(invariant, `gives (${have}) to b${edge.target.id}, which takes (${want})`);
  }

  #stores(inst: Inst, args: readonly Type[]): void {
    const value = args[1];
    if (inst.op === "store" && (value === "ref" || value === "iref") && args[0] !== "addr") {
      this.#report("I12", `stores ${value} at ${args[0]}`);
    }
    if ((inst.op === "astore" || inst.op === "rstore") && value !== undefined && !isAtomic(value))
      this.#report("I12", `stores ${value}`);
  }

  // ---- dominance ----------------------------------------------------------------------------------------------------------------

  #dominance(): void {
    const func = this.#func;
    const preds = predecessors(func);
    const doms = dominators(func, preds);
    for (const block of func.blocks) {
      if (!doms.isReachable(block)) continue;
      this.#block = block;
      for (let i = 0; i < block.insts.length; i++) {
        const inst = (this.#inst = block.insts[i]!);
        for (const arg of inst.args) this.#use(arg, i, doms, preds);
        for (const edge of inst.edges) for (const arg of edge.args) this.#use(arg, i, doms, preds);
        if (inst.unwind !== null) for (const arg of inst.unwind.args) this.#use(arg, i, doms, preds);
      }
    }
  }

  #use(value: Value, at: number, doms: Dominators, preds: readonly Block[][]): void {
    const block = this.#block!;
    const home = this.#definedIn[value];
    const where = this.#definedAt[value]!;
    if (home === undefined) return;
    if (home === block) {
      if (where >= at) this.#report("I5", `v${value} is defined further down`);
      return;
    }
    if (!doms.dominates(home, block)) {
      this.#report("I5", `v${value} of b${home.id} does not dominate this`);
      return;
    }
    const by = home.insts[where];
    if (by === undefined || by.unwind === null) return;
    // The value exists behind the jump only: that edge must dominate the use.
    const next = home.insts[home.insts.length - 1]!.edges[0]?.target;
    const onlyWay =
      next !== undefined &&
      next !== by.unwind.target &&
      doms.dominates(next, block) &&
      preds[next.id]!.every((pred) => pred === home || !doms.isReachable(pred) || doms.dominates(next, pred));
    if (!onlyWay) this.#report("I5", `v${value} of b${home.id} does not exist where its unwind edge leads`);
  }
}

function isInRange(number: number, min: number, max: number): boolean {
  return Number.isInteger(number) && number >= min && number <= max;
}
