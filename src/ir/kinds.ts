/**
 * Kinds of numbers: those of the IR, and the narrow and unsigned ones that guests make of them. A number of a narrow kind is an i32 that is
 * kept sign- or zero-extended; arithmetic wraps around in the kind's own width.
 */

import type { Builder, NarrowLoad } from "./builder.ts";
import type { Value } from "./func.ts";
import type { Op } from "./ops.ts";
import { TYPE_BYTES, type Type } from "./types.ts";

export type Kind = "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "f32" | "f64";
/** How a value comes from memory. */
export type Load = Type | NarrowLoad;

export const KINDS: readonly Kind[] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"];

export function isKind(name: string): name is Kind {
  return (KINDS as readonly string[]).includes(name);
}

export function isIntegerKind(kind: string): boolean {
  return isKind(kind) && !isFloatKind(kind);
}

export function isFloatKind(kind: Kind): boolean {
  return kind.startsWith("f");
}

export function bitsOfKind(kind: Kind): number {
  return Number(kind.slice(1));
}

/** Whether numbers of the kind can be this; floats can be any. */
export function kindHolds(kind: Kind, value: bigint): boolean {
  if (isFloatKind(kind)) return true;
  const bits = bitsOfKind(kind);
  return (kind.startsWith("u") ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value)) === value;
}

/** The type that numbers of the kind have in the IR. */
export function typeOfKind(kind: Kind): Type {
  return isFloatKind(kind) ? (kind as Type) : bitsOfKind(kind) === 64 ? "i64" : "i32";
}

export function loadOfKind(kind: Kind): Load {
  const bits = bitsOfKind(kind);
  return bits < 32 ? (`load${bits}${kind.startsWith("u") ? "u" : "s"}` as NarrowLoad) : typeOfKind(kind);
}

/** Bytes in memory. */
export function bytesOfLoad(load: Load): number {
  return load.startsWith("load") ? Number(/\d+/.exec(load)![0]) / 8 : TYPE_BYTES[load as Type];
}

/** Where values lie in memory. */
export interface Placed {
  readonly offsets: readonly number[];
  /** Offsets of the references among them. */
  readonly refs: readonly number[];
  /** Up to where they reach, rounded up to a multiple of 8. */
  readonly size: number;
}

/** Places values one behind the other from an offset on, each at a multiple of its size. */
export function placed(loads: readonly Load[], start: number): Placed {
  let at = start;
  const offsets = loads.map((load) => {
    const bytes = bytesOfLoad(load);
    const offset = (at + bytes - 1) & -bytes;
    at = offset + bytes;
    return offset;
  });
  return { offsets, refs: offsets.filter((_, index) => loads[index] === "ref"), size: (at + 7) & ~7 };
}

/** Stores what such a load gives; a reference with the write barrier, unless it goes to a raw address. */
export function storeAs(b: Builder, load: Load, base: Value, offset: number, value: Value): void {
  if (load.startsWith("load")) b.mem(bytesOfLoad(load) === 1 ? "store8" : "store16", null, offset, base, value);
  else b.mem(load === "ref" && b.func.types[base] !== "addr" ? "refstore" : "store", null, offset, base, value);
}

/** A constant; a bigint for a float is rounded. */
export function numberOf(b: Builder, kind: Kind, value: bigint | number): Value {
  const bits = new DataView(new ArrayBuffer(8));
  switch (typeOfKind(kind)) {
    case "i64":
      return b.i64(BigInt(value));
    case "f32":
      bits.setFloat32(0, Number(value));
      return b.f32(bits.getInt32(0));
    case "f64":
      bits.setFloat64(0, Number(value));
      return b.f64(bits.getBigInt64(0));
    default:
      return b.i32(Number(BigInt.asIntN(32, BigInt(value))));
  }
}

/** The low bits of an i32 as a number of a kind that may be narrow. */
export function narrowed(b: Builder, kind: Kind, value: Value): Value {
  const bits = bitsOfKind(kind);
  if (bits >= 32) return value;
  return kind.startsWith("i") ? b.op(bits === 8 ? "sext8" : "sext16", value) : b.op("and", value, b.i32(2 ** bits - 1));
}

export type NumberOp = "add" | "sub" | "mul" | "div" | "rem" | "min" | "max";
type Comparison = "eq" | "ne" | "lt" | "gt" | "le" | "ge";

/** Signed, unsigned, float. There is no remainder of floats. */
const OPS: Readonly<Record<NumberOp | Comparison, readonly [Op, Op, Op | null]>> = {
  add: ["add", "add", "fadd"],
  sub: ["sub", "sub", "fsub"],
  mul: ["mul", "mul", "fmul"],
  div: ["sdiv", "udiv", "fdiv"],
  rem: ["srem", "urem", null],
  min: ["slt", "ult", "fmin"],
  max: ["sgt", "ugt", "fmax"],
  eq: ["eq", "eq", "feq"],
  ne: ["ne", "ne", "fne"],
  lt: ["slt", "ult", "flt"],
  gt: ["sgt", "ugt", "fgt"],
  le: ["sle", "ule", "fle"],
  ge: ["sge", "uge", "fge"],
};

function opOf(name: NumberOp | Comparison, kind: Kind): Op {
  const op = OPS[name][isFloatKind(kind) ? 2 : kind.startsWith("u") ? 1 : 0];
  if (op === null) throw new Error(`there is no ${name} of ${kind}`);
  return op;
}

/** Arithmetic; a division of integers checks for zero. */
export function arithmetic(b: Builder, name: NumberOp, kind: Kind, left: Value, right: Value): Value {
  const op = opOf(name, kind);
  if (isFloatKind(kind)) return b.op(op, left, right);
  if (name === "min" || name === "max") return b.typed("select", typeOfKind(kind), b.op(op, left, right), left, right);
  if (name === "div" || name === "rem") b.op("zerocheck", right);
  return narrowed(b, kind, b.op(op, left, right));
}

/** 1 if it holds, else 0. */
export function compared(b: Builder, name: Comparison, kind: Kind, left: Value, right: Value): Value {
  return b.op(opOf(name, kind), left, right);
}

export function negated(b: Builder, kind: Kind, value: Value): Value {
  if (isFloatKind(kind)) return b.op("fneg", value);
  return narrowed(b, kind, b.op("sub", b.zero(typeOfKind(kind)), value));
}

/** The number without its sign; the least integer of a kind stays what it is. */
export function absolute(b: Builder, kind: Kind, value: Value): Value {
  if (isFloatKind(kind)) return b.op("fabs", value);
  if (kind.startsWith("u")) return value;
  const negative = b.op("slt", value, b.zero(typeOfKind(kind)));
  return b.typed("select", typeOfKind(kind), negative, negated(b, kind, value), value);
}

/** Shifts by any integer kind's bits; the distance is taken modulo the width of the type. */
export function shifted(b: Builder, left: boolean, kind: Kind, value: Value, distance: Value): Value {
  return narrowed(b, kind, b.op(left ? "shl" : kind.startsWith("u") ? "ushr" : "sshr", value, distance));
}

/** As C converts, but floats to integers toward zero, saturating (in 32 bits for narrow kinds, then wrapping), NaN to 0. */
export function converted(b: Builder, from: Kind, to: Kind, value: Value): Value {
  const [source, target] = [typeOfKind(from), typeOfKind(to)];
  if (isFloatKind(to)) {
    if (source === target) return value;
    if (isFloatKind(from)) return b.op(source === "f32" ? "promote" : "demote", value);
    return b.typed(from.startsWith("u") ? "utof" : "stof", target, value);
  }
  if (isFloatKind(from)) {
    const isUnsigned = to.startsWith("u") && bitsOfKind(to) >= 32;
    return narrowed(b, to, b.typed(isUnsigned ? "ftou" : "ftos", target, value));
  }
  if (source === target) return narrowed(b, to, value);
  return source === "i64" ? narrowed(b, to, b.op("wrap", value)) : b.op(from.startsWith("u") ? "zext" : "sext", value);
}
