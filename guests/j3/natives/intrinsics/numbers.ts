/** Methods on numbers that are one or a few machine instructions. What they compute is in their Java documentation. */
import { type Builder, type HostFunction, type Op, signature, type Type, type Value } from "#ir";
import type { IntrinsicNative } from "../types.ts";

const table: Record<string, IntrinsicNative> = {};

/** Those whose arguments are the operation's operands. */
function direct(key: string, op: Op): void {
  table[key] = (b, args) => b.op(op, ...args);
}

function code(key: string, make: (b: Builder, ...args: Value[]) => Value): void {
  table[key] = (b, args) => make(b, ...args);
}

function reinterpret(key: string, type: Type): void {
  table[key] = (b, [value]) => b.typed("bits", type, value as Value);
}

reinterpret("java/lang/Float.floatToRawIntBits(F)I", "i32");
reinterpret("java/lang/Float.intBitsToFloat(I)F", "f32");
reinterpret("java/lang/Double.doubleToRawLongBits(D)J", "i64");
reinterpret("java/lang/Double.longBitsToDouble(J)D", "f64");

for (const math of ["java/lang/Math", "java/lang/StrictMath"]) {
  direct(`${math}.sqrt(D)D`, "fsqrt");
  direct(`${math}.floor(D)D`, "ffloor");
  direct(`${math}.ceil(D)D`, "fceil");
  direct(`${math}.rint(D)D`, "fnearest");
  for (const letter of ["F", "D"]) {
    direct(`${math}.abs(${letter})${letter}`, "fabs");
    direct(`${math}.min(${letter}${letter})${letter}`, "fmin");
    direct(`${math}.max(${letter}${letter})${letter}`, "fmax");
  }
  integers(math, "I", "i32", (b) => b.i32(31));
  integers(math, "J", "i64", (b) => b.i64(63n));
}
direct("java/lang/Math.copySign(FF)F", "fcopysign");
direct("java/lang/Math.copySign(DD)D", "fcopysign");

function integers(math: string, letter: string, type: Type, signShift: (b: Builder) => Value): void {
  code(`${math}.abs(${letter})${letter}`, (b, x) => {
    const sign = b.op("sshr", x as Value, signShift(b));
    return b.op("sub", b.op("xor", x as Value, sign), sign);
  });
  for (const [name, less] of [
    ["min", "slt"],
    ["max", "sgt"],
  ] as const) {
    code(`${math}.${name}(${letter}${letter})${letter}`, (b, x, y) =>
      b.typed("select", type, b.op(less, x as Value, y as Value), x as Value, y as Value),
    );
  }
}

/** Functions of the host, see carrier/strict-math.ts and carrier/libm.ts. */
function math(cls: string, prefix: string, names: readonly string[], params: number): void {
  const types: Type[] = new Array<Type>(params).fill("f64");
  for (const name of names) {
    const host: HostFunction = { name: `${prefix}.${name}`, signature: signature(types, "f64"), pure: true };
    table[`${cls}.${name}(${"D".repeat(params)})D`] = (b, args) => b.callhost(host, args);
  }
}

const FDLIBM = ["sin", "cos", "tan", "asin", "acos", "atan", "log", "log10", "sinh", "cosh", "tanh", "expm1", "log1p"];
math("java/lang/StrictMath", "strict", FDLIBM, 1);
math("java/lang/StrictMath", "strict", ["atan2", "IEEEremainder"], 2);
// Those that HotSpot does not take from StrictMath.
math("java/lang/Math", "math", ["sin", "cos", "tan", "exp", "log", "log10"], 1);
math("java/lang/Math", "math", ["pow"], 2);

for (const [cls, letter] of [
  ["java/lang/Integer", "I"],
  ["java/lang/Long", "J"],
] as const) {
  const long = letter === "J";
  const count = (b: Builder, value: Value): Value => (long ? b.op("wrap", value) : value);
  const distance = (b: Builder, value: Value): Value => (long ? b.op("sext", value) : value);
  for (const [name, op] of [
    ["bitCount", "popcnt"],
    ["numberOfLeadingZeros", "clz"],
    ["numberOfTrailingZeros", "ctz"],
  ] as const) {
    code(`${cls}.${name}(${letter})I`, (b, x) => count(b, b.op(op, x as Value)));
  }
  for (const [name, op] of [
    ["rotateLeft", "rotl"],
    ["rotateRight", "rotr"],
  ] as const) {
    code(`${cls}.${name}(${letter}I)${letter}`, (b, x, n) => b.op(op, x as Value, distance(b, n as Value)));
  }
  code(`${cls}.compareUnsigned(${letter}${letter})I`, (b, x, y) =>
    b.op("sub", b.op("ugt", x as Value, y as Value), b.op("ult", x as Value, y as Value)),
  );
  code(`${cls}.compare(${letter}${letter})I`, (b, x, y) =>
    b.op("sub", b.op("sgt", x as Value, y as Value), b.op("slt", x as Value, y as Value)),
  );
  code(`${cls}.signum(${letter})I`, (b, x) => {
    const zero = long ? b.i64(0n) : b.i32(0);
    return b.op("sub", b.op("sgt", x as Value, zero), b.op("slt", x as Value, zero));
  });
}

// Bytes by swapping neighbours of growing size; for 32 bits two rotations do.
code("java/lang/Integer.reverseBytes(I)I", (b, x) =>
  b.op(
    "or",
    b.op("and", b.op("rotl", x as Value, b.i32(8)), b.i32(0x00ff00ff)),
    b.op("and", b.op("rotr", x as Value, b.i32(8)), b.i32(0xff00ff00)),
  ),
);
code("java/lang/Long.reverseBytes(J)J", (b, x) => {
  const swap = (value: Value, shift: bigint, mask: bigint): Value =>
    b.op(
      "or",
      b.op("shl", b.op("and", value, b.i64(mask)), b.i64(shift)),
      b.op("and", b.op("ushr", value, b.i64(shift)), b.i64(mask)),
    );
  const pairs = swap(x as Value, 8n, 0x00ff00ff00ff00ffn);
  return b.op("rotl", swap(pairs, 16n, 0x0000ffff0000ffffn), b.i64(32n));
});
code("java/lang/Short.reverseBytes(S)S", (b, x) =>
  b.op(
    "sext16",
    b.op("or", b.op("shl", x as Value, b.i32(8)), b.op("and", b.op("ushr", x as Value, b.i32(8)), b.i32(0xff))),
  ),
);
code("java/lang/Character.reverseBytes(C)C", (b, x) =>
  b.op("and", b.op("or", b.op("shl", x as Value, b.i32(8)), b.op("ushr", x as Value, b.i32(8))), b.i32(0xffff)),
);

export const numberIntrinsics: Readonly<Record<string, IntrinsicNative>> = table;
