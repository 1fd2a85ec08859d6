/**
 * Reads the text form of the IR. It takes any text that follows the grammar, also functions that `verify` finds wrong.
 *
 *   file      = { host | func }
 *   host      = "host" name signature [ "pure" ]
 *   func      = "func" name [ "slot" int ] [ "id" int ] [ "reserve" ] "(" [ param { "," param } ] ")" [ "->" type ] "{" line
 *               { area line } { inlined line } { block } "}"
 *   area      = "area" int [ "refs" int { "," int } ]                    the frame areas, in order
 *   inlined   = "inlined" int "in" int "at" int                          position -2 and so on: position, function, position of the call
 *   block     = "b0" [ "(" param { "," param } ")" ] [ "cold" ] ":" { inst line }
 *   inst      = [ value "=" ] op [ "." type ] [ operands ] [ "unwind" edge ] [ "at" int ]
 *   operands  = value { "," value }                                      most operations
 *             | number | "null"                                          const
 *             | value [ "+" int ] [ "~" int ] { "," value }              memory operations: offset, alias
 *             | value [ "+" int ] "%" int                                ensure: the slot
 *             | "%" int signature args                                   call: the slot
 *             | value { "," value } signature args                       calldyn, callvia, tailcall
 *             | name args                                                callhost
 *             | int                                                      stackaddr: the area
 *             | { value "," } edge { "," edge }                          jump, branch, switch (the last is the default)
 *             | kind [ value { "," value } ]                             trap
 *   args      = "(" [ value { "," value } ] ")"
 *   edge      = label [ args ]
 *   param     = value ":" type
 *   value     = "v0" ...   label = "b0" ...   name = "@" simple or "@" string   signature = for example "(ri)l" in quotes
 *
 * The type after the dot is the result's, for operations whose result the table calls "typed", but not for calls. The parameters
 * of the first block are the function's and stand with it. A comment goes from ";" to the end of the line; an instruction is
 * one line. Floats are decimal, `inf`, `-inf`, `nan`, or all bits of a NaN: `nan:0x7fc00001`. Blocks are numbered in the order
 * they stand, whatever their labels are; values keep their numbers. `reserve` is for functions that may run below the stack's limit.
 */
import { BadInput } from "#support";
import { Block, Edge, Func, type HostFunction, Inst, NO_VALUE, TRAP_KINDS, type TrapKind, type Value } from "./func.ts";
import { type Op, ops, spec } from "./ops.ts";
import type { Module, SlottedFunc } from "./print.ts";
import { Scanner } from "./scanner.ts";
import { type Signature, signature, signatureFromKey, TYPES, type Type } from "./types.ts";

const MAX_VALUES = 1 << 20;
const MAX_BLOCKS = 1 << 20;
const MAX_I31 = 0x7fffffffn;
const MAX_U32 = 0xffffffffn;

/** Reads a file of IR text; `file` names it in errors. Throws BadInput. */
export function parse(text: string, file = "text"): Module {
  const scan = new Scanner(text, file);
  const hosts = new Map<string, HostFunction>();
  const functions: SlottedFunc[] = [];
  for (scan.skipLines(); !scan.atEnd(); scan.skipLines()) {
    if (scan.acceptWord("host")) {
      const at = scan.at;
      const host = parseHost(scan);
      if (hosts.has(host.name)) scan.fail("a host function not declared before", at);
      hosts.set(host.name, host);
    } else if (scan.acceptWord("func")) {
      functions.push(new FuncParser(scan, hosts).parse());
    } else {
      scan.fail("'func' or 'host'");
    }
  }
  return { hosts: [...hosts.values()], functions };
}

/** Reads a text with exactly one function. */
export function parseFunc(text: string, file = "text"): Func {
  const { functions } = parse(text, file);
  const first = functions[0];
  if (first === undefined || functions.length > 1) {
    throw new BadInput({ file, expected: "one function", found: String(functions.length) });
  }
  return first.func;
}

function parseHost(scan: Scanner): HostFunction {
  const name = scan.name();
  const sig = parseSignature(scan);
  const pure = scan.acceptWord("pure");
  endLine(scan);
  return { name, signature: sig, pure };
}

function parseSignature(scan: Scanner): Signature {
  const at = scan.at;
  const key = scan.string();
  try {
    return signatureFromKey(key);
  } catch {
    return scan.fail('a signature such as "(ri)l"', at);
  }
}

function parseType(scan: Scanner): Type {
  const at = scan.at;
  const word = scan.word() as Type | null;
  if (word === null || !TYPES.includes(word)) scan.fail("a type", at);
  scan.skipSpace();
  return word;
}

function endLine(scan: Scanner): void {
  scan.skipSpace();
  if (!scan.atLineEnd()) scan.fail("the end of the line");
}

class FuncParser {
  readonly #scan: Scanner;
  readonly #hosts: ReadonlyMap<string, HostFunction>;
  /** By label; `defined` is false as long as only edges have named it. */
  readonly #blocks = new Map<number, { block: Block; defined: boolean; at: number }>();
  readonly #types: (Type | undefined)[] = [];
  readonly #defined: boolean[] = [];
  /** Where a value was first named. */
  readonly #named: number[] = [];
  /** Instructions whose result has the type of an operand that may stand further down. */
  readonly #untyped: { inst: Inst; at: number }[] = [];

  constructor(scan: Scanner, hosts: ReadonlyMap<string, HostFunction>) {
    this.#scan = scan;
    this.#hosts = hosts;
  }

  parse(): SlottedFunc {
    const scan: Scanner = this.#scan;
    const name = scan.name();
    const slot = scan.acceptWord("slot") ? Number(scan.integer(0n, MAX_I31, "a slot")) : null;
    const id = scan.acceptWord("id") ? Number(scan.integer(0n, MAX_U32, "an id")) : 0;
    const inReserve = scan.acceptWord("reserve");
    const params = this.#params();
    const result = scan.accept("->") ? parseType(scan) : null;
    const types = params.map((param) => this.#types[param]!);
    const func = new Func(name, signature(types, result), id);
    func.inReserve = inReserve;
    scan.expect("{");
    endLine(scan);
    scan.skipLines();
    while (scan.acceptWord("area")) {
      this.#area(func);
      scan.skipLines();
    }
    while (scan.acceptWord("inlined")) {
      this.#inlined(func);
      scan.skipLines();
    }
    while (!scan.accept("}")) {
      const block = this.#label(func);
      if (func.blocks.length === 1) block.params.unshift(...params);
      for (scan.skipLines(); !scan.sees("}") && !this.#seesLabel(); scan.skipLines()) {
        block.insts.push(this.#inst());
      }
    }
    endLine(scan);
    if (func.blocks.length === 0) scan.fail("a block in the function");
    this.#checkNames();
    this.#typeTheUntyped();
    // Numbers that the text leaves out belong to no value; the table needs something there.
    for (let i = 0; i < this.#types.length; i++) func.types.push(this.#types[i] ?? "i32");
    return { func, slot };
  }

  #area(func: Func): void {
    const scan: Scanner = this.#scan;
    const bytes = Number(scan.integer(0n, MAX_I31, "a number of bytes"));
    const refs: number[] = [];
    if (scan.acceptWord("refs")) {
      do refs.push(Number(scan.integer(0n, MAX_I31, "an offset")));
      while (scan.accept(","));
    }
    func.areas.push({ bytes, refs });
    endLine(scan);
  }

  #inlined(func: Func): void {
    const scan: Scanner = this.#scan;
    const pos = Number(scan.integer(-MAX_I31, MAX_I31, "a position"));
    scan.expectWord("in");
    const id = Number(scan.integer(0n, MAX_U32, "an id"));
    scan.expectWord("at");
    func.inlinedPosition(id, pos, Number(scan.integer(-MAX_I31, MAX_I31, "a position")));
    endLine(scan);
  }

  #seesLabel(): boolean {
    const scan: Scanner = this.#scan;
    const start = scan.at;
    const word = scan.word();
    scan.skipSpace();
    // An instruction such as `v1 = ...` or `poll` never goes on with one of these.
    const label = word !== null && /^b[0-9]+$/.test(word);
    scan.at = start;
    return label;
  }

  #label(func: Func): Block {
    const scan: Scanner = this.#scan;
    const at = scan.at;
    const number = scan.numbered("b", MAX_BLOCKS, "a block such as b0");
    const entry = this.#blockOf(number, at);
    if (entry.defined) scan.fail(`a block other than b${number}, which stands above`, at);
    entry.defined = true;
    entry.block.id = func.blocks.length;
    func.blocks.push(entry.block);
    if (scan.sees("(")) entry.block.params = this.#params();
    entry.block.cold = scan.acceptWord("cold");
    scan.expect(":");
    return entry.block;
  }

  #blockOf(label: number, at: number): { block: Block; defined: boolean; at: number } {
    let entry = this.#blocks.get(label);
    if (entry === undefined) {
      entry = { block: new Block(-1), defined: false, at };
      this.#blocks.set(label, entry);
    }
    return entry;
  }

  #params(): Value[] {
    const scan: Scanner = this.#scan;
    const params: Value[] = [];
    scan.expect("(");
    if (scan.accept(")")) return params;
    do {
      const at = scan.at;
      const param = this.#define(at);
      scan.expect(":");
      this.#types[param] = parseType(scan);
      params.push(param);
    } while (scan.accept(","));
    scan.expect(")");
    return params;
  }

  #define(at: number): Value {
    const value = this.#value();
    if (this.#defined[value] === true) this.#scan.fail(`a value other than v${value}, which is defined above`, at);
    this.#defined[value] = true;
    return value;
  }

  #value(): Value {
    const scan: Scanner = this.#scan;
    const at = scan.at;
    const value = scan.numbered("v", MAX_VALUES, "a value such as v0");
    while (this.#types.length <= value) {
      this.#types.push(undefined);
      this.#defined.push(false);
      this.#named.push(-1);
    }
    if (this.#named[value] === -1) this.#named[value] = at;
    return value as Value;
  }

  // ---- instructions -------------------------------------------------------------------------------------------------------------

  #inst(): Inst {
    const scan: Scanner = this.#scan;
    let result: Value = NO_VALUE;
    const start = scan.at;
    if (/^v[0-9]+$/.test(scan.word() ?? "")) {
      scan.at = start;
      result = this.#define(start);
      scan.expect("=");
    } else {
      scan.at = start;
    }
    const at = scan.at;
    const word = scan.word();
    if (word === null || !Object.hasOwn(ops, word)) scan.fail("an operation", at);
    const op = word as Op;
    const row = spec(op);
    let type: Type | null = null;
    if (scan.sees(".")) {
      scan.at += 1;
      type = parseType(scan);
    } else {
      scan.skipSpace();
    }
    const isCall = row.imm === "slot" || row.imm === "sig" || row.imm === "host";
    if (row.out === "typed" && !isCall && type === null) scan.fail(`'.' and a type after ${op}`);
    if ((row.out !== "typed" || isCall) && type !== null) scan.fail(`${op} without a type`, at);
    const inst = new Inst(op, [], -1);
    this.#operands(inst, type);
    if (isCall) type = inst.signature === null ? null : inst.signature.result;
    if (row.out !== "typed" && row.out !== "none" && row.out !== "same") type = row.out;
    if (row.out === "none") type = null;
    inst.result = result;
    if (result !== NO_VALUE) {
      if (row.out === "same") this.#untyped.push({ inst, at });
      else if (type === null) scan.fail(`an operation with a result (this ${op} has none)`, at);
      else this.#types[result] = type;
    }
    if (scan.acceptWord("unwind")) inst.unwind = this.#edge();
    if (scan.acceptWord("at")) inst.pos = Number(scan.integer(-MAX_I31, MAX_I31, "a position"));
    endLine(scan);
    return inst;
  }

  #operands(inst: Inst, type: Type | null): void {
    const scan: Scanner = this.#scan;
    switch (spec(inst.op).imm ?? "none") {
      case "none":
      case "size":
        if (this.#seesValue()) this.#values(inst.args);
        return;
      case "const":
        this.#constant(inst, type ?? "i32");
        return;
      case "offset":
      case "slow":
        if (this.#seesValue()) {
          inst.args.push(this.#value());
          if (scan.accept("+")) inst.imm = Number(scan.integer(0n, MAX_U32, "an offset"));
          if (scan.accept("~")) inst.alias = Number(scan.integer(-MAX_I31, MAX_I31, "an alias number"));
          if (scan.accept(",")) this.#values(inst.args);
        }
        if (spec(inst.op).imm === "slow") inst.slot = this.#slot();
        return;
      case "slot":
        inst.imm = this.#slot();
        this.#call(inst);
        return;
      case "sig":
        if (this.#seesValue()) this.#values(inst.args);
        this.#call(inst);
        return;
      case "host": {
        const at = scan.at;
        const name = scan.name();
        const host = this.#hosts.get(name);
        if (host === undefined) scan.fail("a host function declared above", at);
        inst.host = host;
        inst.signature = host.signature;
        this.#args(inst.args);
        return;
      }
      case "frame":
        inst.imm = Number(scan.integer(0n, MAX_I31, "the number of a frame area"));
        return;
      case "edges": {
        const edges: Edge[] = [];
        if (!scan.atLineEnd()) {
          do {
            if (edges.length === 0 && this.#seesValue()) inst.args.push(this.#value());
            else edges.push(this.#edge());
          } while (scan.accept(","));
        }
        inst.edges = edges;
        return;
      }
      case "kind": {
        const at = scan.at;
        const kind = scan.word() as TrapKind | null;
        if (kind === null || !TRAP_KINDS.includes(kind)) scan.fail(`a trap (${TRAP_KINDS.join(", ")})`, at);
        scan.skipSpace();
        inst.trap = kind;
        if (this.#seesValue()) this.#values(inst.args);
        return;
      }
    }
  }

  #constant(inst: Inst, type: Type): void {
    const scan: Scanner = this.#scan;
    switch (type) {
      case "i32":
        inst.imm = Number(BigInt.asIntN(32, scan.integer(-0x80000000n, MAX_U32, "an i32")));
        return;
      case "addr":
        inst.imm = Number(scan.integer(0n, MAX_U32, "an address"));
        return;
      case "i64":
        inst.bits = BigInt.asIntN(64, scan.integer(-(1n << 63n), (1n << 64n) - 1n, "an i64"));
        return;
      case "f32": {
        const at = scan.at;
        const bits = parseFloat32(scan.number("an f32"));
        if (bits === null) scan.fail("an f32", at);
        inst.imm = bits;
        return;
      }
      case "f64": {
        const at = scan.at;
        const bits = parseFloat64(scan.number("an f64"));
        if (bits === null) scan.fail("an f64", at);
        inst.bits = bits;
        return;
      }
      case "ref":
      case "iref":
        if (!scan.acceptWord("null")) inst.imm = Number(scan.integer(0n, MAX_U32, "null"));
        return;
    }
  }

  #call(inst: Inst): void {
    inst.signature = parseSignature(this.#scan);
    this.#args(inst.args);
  }

  #slot(): number {
    if (!this.#scan.sees("%")) this.#scan.fail("a slot such as %5");
    this.#scan.at += 1;
    return Number(this.#scan.integer(0n, MAX_I31, "a slot"));
  }

  #seesValue(): boolean {
    const scan: Scanner = this.#scan;
    const start = scan.at;
    const sees = /^v[0-9]/.test(scan.word() ?? "");
    scan.at = start;
    return sees;
  }

  #values(into: Value[]): void {
    do into.push(this.#value());
    while (this.#scan.accept(","));
  }

  #args(into: Value[]): void {
    this.#scan.expect("(");
    if (this.#scan.accept(")")) return;
    this.#values(into);
    this.#scan.expect(")");
  }

  #edge(): Edge {
    const scan: Scanner = this.#scan;
    const at = scan.at;
    const { block } = this.#blockOf(scan.numbered("b", MAX_BLOCKS, "a block such as b0"), at);
    const edge = new Edge(block, []);
    if (scan.sees("(")) this.#args(edge.args);
    return edge;
  }

  // ---- after the last line ------------------------------------------------------------------------------------------------------

  #checkNames(): void {
    for (const [label, { defined, at }] of this.#blocks) {
      if (!defined) this.#scan.fail(`a block of this function (b${label} is none)`, at);
    }
    for (let value = 0; value < this.#defined.length; value++) {
      const at = this.#named[value]!;
      if (at !== -1 && !this.#defined[value]) this.#scan.fail(`a value of this function (v${value} is none)`, at);
    }
  }

  #typeTheUntyped(): void {
    let rest = this.#untyped;
    for (let before = -1; rest.length > 0 && rest.length !== before; ) {
      before = rest.length;
      rest = rest.filter(({ inst }) => {
        const type = this.#types[inst.args[0] ?? -1];
        if (type === undefined) return true;
        this.#types[inst.result] = type;
        return false;
      });
    }
    const first = rest[0];
    if (first !== undefined) this.#scan.fail(`operands from which the type of v${first.inst.result} follows`, first.at);
  }
}

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?$/i;
const NAN_BITS = /^nan:0x([0-9a-f]+)$/i;

/** Reads what `printFloat32` prints: the bits, or null. */
export function parseFloat32(text: string): number | null {
  const nan = NAN_BITS.exec(text);
  if (nan !== null) {
    const bits = BigInt(`0x${nan[1]}`);
    if (bits > MAX_U32 || (bits & 0x7fffffffn) <= 0x7f800000n) return null;
    return Number(BigInt.asIntN(32, bits));
  }
  if (text === "nan") return 0x7fc00000;
  const number = parseNumber(text);
  return number === null ? null : new Int32Array(new Float32Array([number]).buffer)[0]!;
}

/** Reads what `printFloat64` prints: the bits, or null. */
export function parseFloat64(text: string): bigint | null {
  const nan = NAN_BITS.exec(text);
  if (nan !== null) {
    const bits = BigInt(`0x${nan[1]}`);
    if (bits >> 64n !== 0n || (bits & 0x7fffffffffffffffn) <= 0x7ff0000000000000n) return null;
    return BigInt.asIntN(64, bits);
  }
  if (text === "nan") return 0x7ff8000000000000n;
  const number = parseNumber(text);
  return number === null ? null : new BigInt64Array(new Float64Array([number]).buffer)[0]!;
}

function parseNumber(text: string): number | null {
  if (text === "inf") return Number.POSITIVE_INFINITY;
  if (text === "-inf") return Number.NEGATIVE_INFINITY;
  return DECIMAL.test(text) ? Number(text) : null;
}
