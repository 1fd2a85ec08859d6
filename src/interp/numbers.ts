/**
 * Arithmetic of the IR on JavaScript values, by the book.
 *
 * A value at run time is a *cell*: i32 is a signed number, i64 a signed bigint; floats are their bits (f32 a signed number, f64 a
 * signed bigint), so that NaNs keep theirs wherever no arithmetic is done; ref, iref and addr are unsigned numbers.
 */
import type { Type } from "#ir";

export type Cell = number | bigint;

const scratch = new DataView(new ArrayBuffer(8));

export function f32FromBits(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

/** Rounds to f32; a NaN becomes the canonical one. */
export function f32ToBits(number: number): number {
  if (Number.isNaN(number)) return 0x7fc00000;
  scratch.setFloat32(0, number);
  return scratch.getInt32(0);
}

export function f64FromBits(bits: bigint): number {
  scratch.setBigInt64(0, bits);
  return scratch.getFloat64(0);
}

export function f64ToBits(number: number): bigint {
  if (Number.isNaN(number)) return 0x7ff8000000000000n;
  scratch.setFloat64(0, number);
  return scratch.getBigInt64(0);
}

/** A cell as WebAssembly's JavaScript interface gives it: floats are numbers. Pointers stay unsigned. */
export function cellToHost(type: Type, cell: Cell): Cell {
  if (type === "f32") return f32FromBits(Number(cell));
  if (type === "f64") return f64FromBits(BigInt(cell));
  return cell;
}

/** The cell of a value as WebAssembly's JavaScript interface takes it. */
export function cellFromHost(type: Type, value: Cell): Cell {
  switch (type) {
    case "i32":
      return Number(value) | 0;
    case "i64":
      return BigInt.asIntN(64, BigInt(value));
    case "f32":
      return f32ToBits(Number(value));
    case "f64":
      return f64ToBits(Number(value));
    default:
      return Number(value) >>> 0;
  }
}

/** The zero or null of the type. */
export function zeroCell(type: Type): Cell {
  return type === "i64" || type === "f64" ? 0n : 0;
}

/** One function for 32 bits, one for 64. */
export interface Two<A extends unknown[], B extends unknown[], RA, RB> {
  readonly on32: (...args: A) => RA;
  readonly on64: (...args: B) => RB;
}

type Int2 = Two<[number, number], [bigint, bigint], number, bigint>;
type Compare = Two<[number, number], [bigint, bigint], boolean, boolean>;

const wrap = (bits: bigint): bigint => BigInt.asIntN(64, bits);
const unsigned = (bits: bigint): bigint => BigInt.asUintN(64, bits);

export const int2 = {
  add: { on32: (a, b) => (a + b) | 0, on64: (a, b) => wrap(a + b) },
  sub: { on32: (a, b) => (a - b) | 0, on64: (a, b) => wrap(a - b) },
  mul: { on32: Math.imul, on64: (a, b) => wrap(a * b) },
  sdiv: { on32: (a, b) => (a / b) | 0, on64: (a, b) => wrap(a / b) },
  udiv: { on32: (a, b) => ((a >>> 0) / (b >>> 0)) | 0, on64: (a, b) => wrap(unsigned(a) / unsigned(b)) },
  srem: { on32: (a, b) => (a % b) | 0, on64: (a, b) => wrap(a % b) },
  urem: { on32: (a, b) => ((a >>> 0) % (b >>> 0)) | 0, on64: (a, b) => wrap(unsigned(a) % unsigned(b)) },
  and: { on32: (a, b) => a & b, on64: (a, b) => a & b },
  or: { on32: (a, b) => a | b, on64: (a, b) => a | b },
  xor: { on32: (a, b) => a ^ b, on64: (a, b) => a ^ b },
  shl: { on32: (a, b) => a << b, on64: (a, b) => wrap(a << (b & 63n)) },
  sshr: { on32: (a, b) => a >> b, on64: (a, b) => a >> (b & 63n) },
  ushr: { on32: (a, b) => (a >>> b) | 0, on64: (a, b) => wrap(unsigned(a) >> (b & 63n)) },
  rotl: { on32: (a, b) => (a << b) | (a >>> -b), on64: (a, b) => rotl64(a, b & 63n) },
  rotr: { on32: (a, b) => (a >>> b) | (a << -b), on64: (a, b) => rotl64(a, (64n - (b & 63n)) & 63n) },
} satisfies Record<string, Int2>;

function rotl64(a: bigint, distance: bigint): bigint {
  return wrap((a << distance) | (unsigned(a) >> (64n - distance)));
}

/** Integer division by zero is undefined behaviour that the guest must exclude. */
export const divisions: readonly string[] = ["sdiv", "udiv", "srem", "urem"];

export const int1 = {
  clz: { on32: Math.clz32, on64: (a) => BigInt(clz64(a)) },
  ctz: { on32: ctz32, on64: (a) => BigInt(low32(a) !== 0 ? ctz32(low32(a)) : 32 + ctz32(high32(a))) },
  popcnt: { on32: popcnt32, on64: (a) => BigInt(popcnt32(low32(a)) + popcnt32(high32(a))) },
  sext8: { on32: (a) => (a << 24) >> 24, on64: (a) => BigInt.asIntN(8, a) },
  sext16: { on32: (a) => (a << 16) >> 16, on64: (a) => BigInt.asIntN(16, a) },
  sext32: { on32: (a) => a, on64: (a) => BigInt.asIntN(32, a) },
} satisfies Record<string, Two<[number], [bigint], number, bigint>>;

function low32(a: bigint): number {
  return Number(BigInt.asIntN(32, a));
}

function high32(a: bigint): number {
  return Number(a >> 32n);
}

function clz64(a: bigint): number {
  const high = high32(a);
  return high !== 0 ? Math.clz32(high) : 32 + Math.clz32(low32(a));
}

function ctz32(a: number): number {
  return a === 0 ? 32 : 31 - Math.clz32(a & -a);
}

function popcnt32(a: number): number {
  let count = 0;
  for (let rest = a; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

export const compare = {
  eq: { on32: (a, b) => a === b, on64: (a, b) => a === b },
  ne: { on32: (a, b) => a !== b, on64: (a, b) => a !== b },
  slt: { on32: (a, b) => a < b, on64: (a, b) => a < b },
  sle: { on32: (a, b) => a <= b, on64: (a, b) => a <= b },
  sgt: { on32: (a, b) => a > b, on64: (a, b) => a > b },
  sge: { on32: (a, b) => a >= b, on64: (a, b) => a >= b },
  ult: { on32: (a, b) => a >>> 0 < b >>> 0, on64: (a, b) => unsigned(a) < unsigned(b) },
  ule: { on32: (a, b) => a >>> 0 <= b >>> 0, on64: (a, b) => unsigned(a) <= unsigned(b) },
  ugt: { on32: (a, b) => a >>> 0 > b >>> 0, on64: (a, b) => unsigned(a) > unsigned(b) },
  uge: { on32: (a, b) => a >>> 0 >= b >>> 0, on64: (a, b) => unsigned(a) >= unsigned(b) },
} satisfies Record<string, Compare>;

/**
 * On f32 the result is computed in double precision and rounded once more. For + - * / and square root that gives the correctly
 * rounded f32, as 53 >= 2 * 24 + 2 (Figueroa, "When is double rounding innocuous?", 1995).
 */
export const float2 = {
  fadd: (a, b) => a + b,
  fsub: (a, b) => a - b,
  fmul: (a, b) => a * b,
  fdiv: (a, b) => a / b,
  fmin: Math.min,
  fmax: Math.max,
} satisfies Record<string, (a: number, b: number) => number>;

export const float1 = {
  fsqrt: Math.sqrt,
  fceil: Math.ceil,
  ffloor: Math.floor,
  ftrunc: Math.trunc,
  fnearest: nearest,
} satisfies Record<string, (a: number) => number>;

function nearest(a: number): number {
  const below = Math.floor(a);
  const rest = a - below;
  // Infinities and NaN have a NaN rest.
  if (!(rest > 0)) return a;
  const even = below % 2 === 0 ? below : below + 1;
  const result = rest < 0.5 ? below : rest > 0.5 ? below + 1 : even;
  return result === 0 && a < 0 ? -0 : result;
}

export const floatCompare = {
  feq: (a, b) => a === b,
  fne: (a, b) => a !== b,
  flt: (a, b) => a < b,
  fle: (a, b) => a <= b,
  fgt: (a, b) => a > b,
  fge: (a, b) => a >= b,
} satisfies Record<string, (a: number, b: number) => boolean>;

const SIGN32 = 0x80000000 | 0;
const SIGN64 = -(1n << 63n);
const REST64 = (1n << 63n) - 1n;

/** These work on the bits, also those of a NaN. */
export const signs = {
  fneg: { on32: (a) => a ^ SIGN32, on64: (a) => a ^ SIGN64 },
  fabs: { on32: (a) => a & ~SIGN32, on64: (a) => a & REST64 },
  fcopysign: {
    on32: (a, b) => (a & ~SIGN32) | (b & SIGN32),
    on64: (a, b) => (a & REST64) | (b & SIGN64),
  },
} satisfies Record<string, Two<[number, number], [bigint, bigint], number, bigint>>;

/** The float of an integer, rounded once. */
export function intToFloat(cell: Cell, isSigned: boolean, to: "f32" | "f64"): Cell {
  if (typeof cell === "number") {
    const number = isSigned ? cell : cell >>> 0;
    return to === "f32" ? f32ToBits(number) : f64ToBits(number);
  }
  const exact = isSigned ? cell : unsigned(cell);
  if (to === "f64") return f64ToBits(Number(exact));
  const size = exact < 0n ? -exact : exact;
  if (size < 1n << 53n) return f32ToBits(Number(exact));
  // Keep what decides the rounding to 24 bits: the highest bits, and whether anything is below them.
  const kept = ((size >> 16n) | (size % (1n << 16n) === 0n ? 0n : 1n)) * (1n << 16n);
  return f32ToBits(Number(exact < 0n ? -kept : kept));
}

/** The integer of a float, toward zero; saturating; NaN is 0. */
export function floatToInt(number: number, isSigned: boolean, to: "i32" | "i64"): Cell {
  const bits = to === "i32" ? 32 : 64;
  const lowest = isSigned ? -(2 ** (bits - 1)) : 0;
  const above = isSigned ? 2 ** (bits - 1) : 2 ** bits;
  let exact: bigint;
  if (Number.isNaN(number)) exact = 0n;
  else if (number <= lowest) exact = BigInt(lowest);
  else if (number >= above) exact = BigInt(above) - 1n;
  else exact = BigInt(Math.trunc(number));
  return to === "i32" ? Number(BigInt.asIntN(32, exact)) : wrap(exact);
}
