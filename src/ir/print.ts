/**
 * The text form of the IR; parse.ts reads it, and its header has the grammar. Printing what was parsed gives the same text again,
 * but for comments, spaces, and labels of blocks that were not numbered in order.
 */
import type { Block, Edge, Func, HostFunction, Inst, Value } from "./func.ts";
import { NO_VALUE } from "./func.ts";
import { type ImmKind, spec } from "./ops.ts";
import type { Type } from "./types.ts";

/** A function, and where calls find it. */
export interface SlottedFunc {
  readonly func: Func;
  /** null: by no slot. */
  readonly slot: number | null;
}

/** What a file of IR text holds. */
export interface Module {
  readonly hosts: readonly HostFunction[];
  readonly functions: readonly SlottedFunc[];
}

const INDENT = "  ";

export function printModule(module: Module): string {
  const hosts = module.hosts.map(
    (host) => `host ${printName(host.name)} "${host.signature.key}"${host.pure ? " pure" : ""}\n`,
  );
  const functions = module.functions.map(({ func, slot }) => printFunc(func, slot));
  return [hosts.join(""), ...functions].filter((part) => part !== "").join("\n");
}

export function printFunc(func: Func, slot: number | null = null): string {
  const entry = func.blocks[0];
  const params = entry === undefined ? "" : printParams(func, entry.params);
  let text = `func ${printName(func.name)}`;
  if (slot !== null) text += ` slot ${slot}`;
  if (func.id !== 0) text += ` id ${func.id}`;
  if (func.inReserve) text += " reserve";
  text += `(${params})`;
  if (func.signature.result !== null) text += ` -> ${func.signature.result}`;
  text += " {\n";
  for (const area of func.areas) {
    text += `${INDENT}area ${area.bytes}${area.refs.length === 0 ? "" : ` refs ${area.refs.join(", ")}`}\n`;
  }
  func.inlined.forEach(({ id, pos, caller }, index) => {
    text += `${INDENT}inlined ${pos} in ${id} at ${caller} ; ${-2 - index}\n`;
  });
  for (const block of func.blocks) text += printBlock(func, block);
  return `${text}}\n`;
}

export function printBlock(func: Func, block: Block): string {
  const params = block.id === 0 || block.params.length === 0 ? "" : `(${printParams(func, block.params)})`;
  let text = `b${block.id}${params}${block.cold ? " cold" : ""}:\n`;
  for (const inst of block.insts) text += `${INDENT}${printInst(func, inst)}\n`;
  return text;
}

/** One line, without indentation. */
export function printInst(func: Func, inst: Inst): string {
  let text = inst.result === NO_VALUE ? "" : `v${inst.result} = `;
  text += inst.op;
  const row = spec(inst.op);
  const kind = row.imm ?? "none";
  // The result type of a call stands in its signature.
  if (row.out === "typed" && inst.signature === null && inst.result !== NO_VALUE)
    text += `.${func.typeOf(inst.result)}`;
  const operands = printOperands(func, inst, kind);
  if (operands !== "") text += ` ${operands}`;
  if (inst.unwind !== null) text += ` unwind ${printEdge(inst.unwind)}`;
  if (inst.pos !== -1) text += ` at ${inst.pos}`;
  return text;
}

function printOperands(func: Func, inst: Inst, kind: ImmKind): string {
  const args = inst.args.map(printValue);
  switch (kind) {
    case "none":
    case "size":
      return args.join(", ");
    case "const":
      return printConst(inst.result === NO_VALUE ? "i32" : func.typeOf(inst.result), inst);
    case "offset":
    case "slow": {
      if (inst.imm !== 0) args[0] = `${args[0] ?? ""}+${inst.imm}`;
      if (inst.alias !== 0) args[0] = `${args[0] ?? ""}~${inst.alias}`;
      return args.join(", ") + (kind === "slow" ? ` %${inst.slot}` : "");
    }
    case "slot":
      return `%${inst.imm} ${printCall(inst, args)}`;
    case "sig": {
      const fixed = spec(inst.op).in.length;
      return `${args.slice(0, fixed).join(", ")} ${printCall(inst, args.slice(fixed))}`;
    }
    case "host":
      return `${inst.host === null ? "?" : printName(inst.host.name)} (${args.join(", ")})`;
    case "frame":
      return String(inst.imm);
    case "edges":
      return [...args, ...inst.edges.map(printEdge)].join(", ");
    case "kind":
      return [inst.trap ?? "?", args.join(", ")].filter((part) => part !== "").join(" ");
  }
}

function printCall(inst: Inst, args: readonly string[]): string {
  return `"${inst.signature === null ? "?" : inst.signature.key}" (${args.join(", ")})`;
}

function printParams(func: Func, params: readonly Value[]): string {
  return params.map((param) => `v${param}: ${func.typeOf(param)}`).join(", ");
}

export function printValue(value: Value): string {
  return `v${value}`;
}

export function printEdge(edge: Edge): string {
  return edge.args.length === 0 ? `b${edge.target.id}` : `b${edge.target.id}(${edge.args.map(printValue).join(", ")})`;
}

function printConst(type: Type, inst: Inst): string {
  switch (type) {
    case "i32":
    case "addr":
      return String(inst.imm);
    case "i64":
      return String(inst.bits);
    case "f32":
      return printFloat32(inst.imm);
    case "f64":
      return printFloat64(inst.bits);
    case "ref":
    case "iref":
      return inst.imm === 0 ? "null" : String(inst.imm);
  }
}

/** Shortest decimal form; `inf`, `nan` for the canonical NaN, and other NaNs with all their bits: `nan:0x7fc00001`. */
export function printFloat32(bits: number): string {
  const number = new Float32Array(new Int32Array([bits]).buffer)[0]!;
  if (Number.isNaN(number)) return bits === 0x7fc00000 ? "nan" : `nan:0x${(bits >>> 0).toString(16)}`;
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(number.toPrecision(digits));
    if (Math.fround(short) === number) return printNumber(Object.is(number, -0) ? number : short);
  }
  return printNumber(number);
}

export function printFloat64(bits: bigint): string {
  const number = new Float64Array(new BigInt64Array([bits]).buffer)[0]!;
  if (Number.isNaN(number)) {
    return bits === 0x7ff8000000000000n ? "nan" : `nan:0x${BigInt.asUintN(64, bits).toString(16)}`;
  }
  return printNumber(number);
}

function printNumber(number: number): string {
  if (Object.is(number, -0)) return "-0";
  if (number === Number.POSITIVE_INFINITY) return "inf";
  if (number === Number.NEGATIVE_INFINITY) return "-inf";
  // A sign in the exponent would not read back: `+` is a word of its own in the text.
  return String(number).replace("e+", "e");
}

/** `@name`, in quotes unless it is of letters, digits and a few signs. */
export function printName(name: string): string {
  return /^[A-Za-z0-9_.$/-]+$/.test(name) ? `@${name}` : `@${JSON.stringify(name)}`;
}
