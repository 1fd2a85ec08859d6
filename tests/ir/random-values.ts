/** What random programs compute with, and their constants; see random.ts. */
import { Builder, type Func, type Type, type Value, type Variable } from "#ir";
import type { Random } from "./seeded.ts";
import { PAIR_TYPE, SCRATCH, TRIPLE_TYPE } from "./world.ts";

export const NUMBERS = ["i32", "i64", "f32", "f64"] as const;
export type NumberType = (typeof NUMBERS)[number];
export const PARAMS: readonly Type[] = ["i32", "i64", "f32", "f64", "ref", "iref", "addr"];

const I32S = [0, 1, -1, 2, 7, 31, 32, 255, 65535, -32768, 0x7fffffff, -0x80000000, 0x12345678];
const I64S = [0n, 1n, -1n, 63n, 0xffffffffn, 1n << 32n, -(1n << 63n), (1n << 63n) - 1n, 0x123456789abcdefn];
const F32S = [
  0, 0x80000000, 0x3f800000, 0xbfc00000, 0x7f800000, 0xff800000, 0x7fc00000, 0x00000001, 0x4effffff, 0x5f000000,
];
const F64S = [
  0n,
  0x8000000000000000n,
  0x3ff0000000000000n,
  0xbff8000000000000n,
  0x7ff0000000000000n,
  0xfff0000000000000n,
  0x7ff8000000000000n,
  0x0000000000000001n,
  0x41dfffffffc00000n,
  0x43e0000000000000n,
];

export class RandomValues {
  protected readonly random: Random;
  protected readonly b: Builder;
  protected readonly variables: Readonly<Record<Type, readonly Variable[]>>;
  /** A reference that is never null. */
  protected readonly home: Variable;
  /** The last thing caught: only to be compared and thrown on. */
  protected readonly caught: Variable;
  protected readonly sum: Variable;
  /** Frame areas: the second one has references at 0 and 8. */
  protected areas: readonly number[] = [];

  constructor(random: Random, func: Func) {
    this.random = random;
    this.b = new Builder(func);
    const several = (type: Type): Variable[] => Array.from({ length: 2 }, () => this.b.variable(type));
    this.variables = {
      i32: several("i32"),
      i64: several("i64"),
      f32: several("f32"),
      f64: several("f64"),
      ref: several("ref"),
      iref: several("iref"),
      addr: several("addr"),
    };
    this.home = this.b.variable("ref");
    this.caught = this.b.variable("ref");
    this.sum = this.b.variable("i64");
  }

  /** A variable's value, or sometimes a constant. */
  protected value(type: Type): Value {
    const isNumber = (NUMBERS as readonly Type[]).includes(type);
    if (isNumber && this.random.oneIn(4)) return this.fresh(type);
    return this.b.use(this.random.pick(this.variables[type]));
  }

  protected fresh(type: Type): Value {
    const random = this.random;
    const b = this.b;
    switch (type) {
      case "i32":
        return b.i32(random.oneIn(3) ? random.bits() : random.pick(I32S));
      case "i64":
        return b.i64(random.oneIn(3) ? BigInt(random.bits()) * 4294967311n : random.pick(I64S));
      case "f32":
        return b.f32(random.pick(F32S));
      case "f64":
        return b.f64(random.pick(F64S));
      case "ref":
        return random.oneIn(3) ? b.nullRef() : random.oneIn(2) ? b.use(this.home) : this.allocate();
      case "iref":
        // Always to the number at 12 of an object.
        return b.typed("ptradd", "iref", b.use(this.home), b.i32(12));
      case "addr":
        return b.addr(SCRATCH + random.below(512) * 8);
    }
  }

  protected set(type: Type, value: Value): void {
    this.b.define(this.random.pick(this.variables[type]), value);
  }

  /** A new pair or triple, with its header. */
  protected allocate(): Value {
    const b = this.b;
    let size: Value;
    let type: Value;
    if (this.random.oneIn(5)) {
      const c = b.i32(this.random.below(2));
      size = b.typed("select", "i32", c, b.i32(16), b.i32(24));
      type = b.typed("select", "addr", c, b.addr(PAIR_TYPE), b.addr(TRIPLE_TYPE));
    } else {
      const isPair = this.random.oneIn(2);
      size = b.i32(isPair ? 16 : 24);
      type = b.addr(isPair ? PAIR_TYPE : TRIPLE_TYPE);
    }
    const object = b.alloc(size);
    b.store(object, 0, type);
    return object;
  }

  /** A reference variable's value that is not null. */
  protected object(): Value {
    const b = this.b;
    const ref = this.value("ref");
    if (this.random.oneIn(4)) {
      b.op("nullcheck", ref);
      return ref;
    }
    return b.typed("select", "ref", b.op("isnull", ref), b.use(this.home), ref);
  }

  protected condition(): Value {
    const b = this.b;
    const random = this.random;
    if (random.oneIn(3)) return b.op("and", this.value("i32"), b.i32(1));
    if (random.oneIn(3)) return b.op(random.pick(["isnull"] as const), this.value("ref"));
    const type = random.pick(NUMBERS);
    const isInt = type === "i32" || type === "i64";
    const op = isInt ? random.pick(["slt", "ult", "eq", "sge"] as const) : random.pick(["flt", "fne", "fge"] as const);
    return b.op(op, this.value(type), this.value(type));
  }

  /** The same float, but every NaN is the canonical one. */
  protected canonical(type: NumberType, value: Value): Value {
    const b = this.b;
    if (type === "f32") return b.typed("select", "f32", b.op("feq", value, value), value, b.f32(0x7fc00000));
    if (type === "f64") return b.typed("select", "f64", b.op("feq", value, value), value, b.f64(0x7ff8000000000000n));
    return value;
  }

  protected toI64(type: NumberType, value: Value): Value {
    const b = this.b;
    switch (type) {
      case "i32":
        return b.op("sext", value);
      case "i64":
        return value;
      case "f32":
        return b.op("zext", b.typed("bits", "i32", this.canonical("f32", value)));
      case "f64":
        return b.typed("bits", "i64", this.canonical("f64", value));
    }
  }

  protected mix(value: Value): void {
    const b = this.b;
    const before = b.op("mul", b.use(this.sum), b.i64(0x100000001b3n));
    b.define(this.sum, b.op("xor", before, value));
  }
}
