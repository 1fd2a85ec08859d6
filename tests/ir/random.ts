/**
 * Random valid programs: a seed gives a few functions that end, touch only memory of their own, and give the same result on every
 * tier whatever the collector does.
 *
 *   node tests/ir/random.ts SEED      prints the program
 *
 * What keeps a program's meaning independent of the tier:
 *   - raw addresses of objects and frames never get into numbers;
 *   - a NaN that arithmetic gave is made canonical before its bits are looked at;
 *   - references of which nothing is known are checked, or replaced by one that is not null, before use;
 *   - loops count down, and calls go only to functions with higher numbers.
 */
import { argv, stdout } from "node:process";
import {
  type Block,
  Builder,
  Func,
  type HostFunction,
  type Module,
  type Op,
  ops,
  printModule,
  type Signature,
  signature,
  spec,
  type Type,
  type Value,
  type Variable,
} from "#ir";
import { Random } from "./seeded.ts";
import { PAIR_TYPE, SCRATCH, TRIPLE_TYPE } from "./world.ts";

export const HOSTS = {
  sum: { name: "sum", signature: signature(["i32", "i64", "f64"], "f64"), pure: true },
  seven: { name: "seven", signature: signature([], "i32"), pure: false },
  collect: { name: "collect", signature: signature([], null), pure: false },
  raise: { name: "raise", signature: signature(["ref"], null), pure: false },
} satisfies Record<string, HostFunction>;

export const FIRST_SLOT = 40;
/** What `ensure` calls: it collects, and sets the word so that it is not called again for a while. */
const ENSURE_SLOT = FIRST_SLOT + 10;
const NUMBERS = ["i32", "i64", "f32", "f64"] as const;
type NumberType = (typeof NUMBERS)[number];
const PARAMS: readonly Type[] = ["i32", "i64", "f32", "f64", "ref", "iref", "addr"];
const RESULTS: readonly (Type | null)[] = ["i32", "i64", "f32", "f64", "ref", null];
/** The first function's: what the tests call. */
export const MAIN_SIGNATURE = signature(["i32", "i64", "f32", "f64"], "i64");

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

/** Operations on numbers alone whose result type follows from the table. */
const ARITHMETIC = (Object.keys(ops) as Op[]).filter((op) => {
  const row = spec(op);
  const isNumber = (kind: string): boolean => ["int", "float", "same", "i32", "i64", "f32", "f64"].includes(kind);
  return (
    row.in.length > 0 &&
    row.in.every(isNumber) &&
    row.more !== true &&
    isNumber(row.out) &&
    row.imm === undefined &&
    row.does.every((effect) => effect === "traps")
  );
});
const CONVERSIONS = ["stof", "utof", "ftos", "ftou"] as const;
const UPDATES = ["aadd", "aand", "aor", "axor", "aswap"] as const;
const DIVISIONS: readonly Op[] = ["sdiv", "udiv", "srem", "urem"];

/** The program of a seed: functions with the slots from FIRST_SLOT on; the first one has MAIN_SIGNATURE. */
export function randomProgram(seed: number): Module {
  const random = new Random(seed);
  const signatures = [MAIN_SIGNATURE];
  for (let count = random.below(3); count > 0; count--) {
    const params = Array.from({ length: random.below(6) }, () => random.pick(PARAMS));
    signatures.push(signature(params, random.pick(RESULTS)));
  }
  const functions = signatures.map((_, index) => ({
    func: new Maker(random, signatures, index).make(),
    slot: FIRST_SLOT + index,
  }));
  return { hosts: Object.values(HOSTS), functions: [...functions, { func: ensured(), slot: ENSURE_SLOT }] };
}

function ensured(): Func {
  const b = new Builder(new Func("ensured", signature(["addr"], null)));
  const [address] = b.entry();
  b.callhost(HOSTS.collect, []);
  const count = b.op("add", b.load("i32", address!, 0), b.i32(1));
  b.store(address!, 0, count);
  b.store(address!, 4, b.op("and", count, b.i32(1)));
  b.op("zerocheck", b.op("and", count, b.i32(7)));
  b.ret();
  return b.finish();
}

class Maker {
  readonly #random: Random;
  readonly #signatures: readonly Signature[];
  readonly #index: number;
  readonly #b: Builder;
  readonly #variables: Readonly<Record<Type, readonly Variable[]>>;
  /** A reference that is never null. */
  readonly #home: Variable;
  /** The last thing caught: only to be compared and thrown on. */
  readonly #caught: Variable;
  readonly #sum: Variable;
  /** Statements that may still be made. */
  #budget: number;
  #loops = 0;
  readonly #exits: Block[] = [];
  /** Frame areas: the second one has references at 0 and 8. */
  #areas: readonly number[] = [];

  constructor(random: Random, signatures: readonly Signature[], index: number) {
    this.#random = random;
    this.#signatures = signatures;
    this.#index = index;
    this.#b = new Builder(new Func(`f${index}`, signatures[index]!, 1000 + index));
    const several = (type: Type): Variable[] => Array.from({ length: 2 }, () => this.#b.variable(type));
    this.#variables = {
      i32: several("i32"),
      i64: several("i64"),
      f32: several("f32"),
      f64: several("f64"),
      ref: several("ref"),
      iref: several("iref"),
      addr: several("addr"),
    };
    this.#home = this.#b.variable("ref");
    this.#caught = this.#b.variable("ref");
    this.#sum = this.#b.variable("i64");
    this.#budget = 6 + random.below(random.oneIn(4) ? 80 : 20);
  }

  make(): Func {
    const b = this.#b;
    const params = b.entry();
    if (this.#random.oneIn(2)) this.#areas = [b.frameArea(20), b.frameArea(16, [0, 8])];
    b.define(this.#home, this.#allocate());
    for (const type of PARAMS) {
      for (const variable of this.#variables[type]) b.define(variable, this.#fresh(type));
    }
    params.forEach((param, i) => {
      // Parameters of pointer types are what callers pass: scratch addresses, interior pointers, perhaps null.
      b.define(this.#random.pick(this.#variables[this.#signature.params[i]!]), param);
    });
    this.#statements(4);
    this.#finish();
    return b.finish();
  }

  get #signature(): Signature {
    return this.#signatures[this.#index]!;
  }

  // ---- values -------------------------------------------------------------------------------------------------------------------

  /** A variable's value, or sometimes a constant. */
  #value(type: Type): Value {
    const isNumber = (NUMBERS as readonly Type[]).includes(type);
    if (isNumber && this.#random.oneIn(4)) return this.#fresh(type);
    return this.#b.use(this.#random.pick(this.#variables[type]));
  }

  #fresh(type: Type): Value {
    const random = this.#random;
    const b = this.#b;
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
        return random.oneIn(3) ? b.nullRef() : random.oneIn(2) ? b.use(this.#home) : this.#allocate();
      case "iref":
        // Always to the number at 12 of an object.
        return b.typed("ptradd", "iref", b.use(this.#home), b.i32(12));
      case "addr":
        return b.addr(SCRATCH + random.below(512) * 8);
    }
  }

  #set(type: Type, value: Value): void {
    this.#b.define(this.#random.pick(this.#variables[type]), value);
  }

  /** A new pair or triple, with its header. */
  #allocate(): Value {
    const b = this.#b;
    let size: Value;
    let type: Value;
    if (this.#random.oneIn(5)) {
      const c = b.i32(this.#random.below(2));
      size = b.typed("select", "i32", c, b.i32(16), b.i32(24));
      type = b.typed("select", "addr", c, b.addr(PAIR_TYPE), b.addr(TRIPLE_TYPE));
    } else {
      const isPair = this.#random.oneIn(2);
      size = b.i32(isPair ? 16 : 24);
      type = b.addr(isPair ? PAIR_TYPE : TRIPLE_TYPE);
    }
    const object = b.alloc(size);
    b.store(object, 0, type);
    return object;
  }

  /** A reference variable's value that is not null. */
  #object(): Value {
    const b = this.#b;
    const ref = this.#value("ref");
    if (this.#random.oneIn(4)) {
      b.op("nullcheck", ref);
      return ref;
    }
    return b.typed("select", "ref", b.op("isnull", ref), b.use(this.#home), ref);
  }

  #condition(): Value {
    const b = this.#b;
    const random = this.#random;
    if (random.oneIn(3)) return b.op("and", this.#value("i32"), b.i32(1));
    if (random.oneIn(3)) return b.op(random.pick(["isnull"] as const), this.#value("ref"));
    const type = random.pick(NUMBERS);
    const isInt = type === "i32" || type === "i64";
    const op = isInt ? random.pick(["slt", "ult", "eq", "sge"] as const) : random.pick(["flt", "fne", "fge"] as const);
    return b.op(op, this.#value(type), this.#value(type));
  }

  /** The same float, but every NaN is the canonical one. */
  #canonical(type: NumberType, value: Value): Value {
    const b = this.#b;
    if (type === "f32") return b.typed("select", "f32", b.op("feq", value, value), value, b.f32(0x7fc00000));
    if (type === "f64") return b.typed("select", "f64", b.op("feq", value, value), value, b.f64(0x7ff8000000000000n));
    return value;
  }

  #toI64(type: NumberType, value: Value): Value {
    const b = this.#b;
    switch (type) {
      case "i32":
        return b.op("sext", value);
      case "i64":
        return value;
      case "f32":
        return b.op("zext", b.typed("bits", "i32", this.#canonical("f32", value)));
      case "f64":
        return b.typed("bits", "i64", this.#canonical("f64", value));
    }
  }

  #mix(value: Value): void {
    const b = this.#b;
    const before = b.op("mul", b.use(this.#sum), b.i64(0x100000001b3n));
    b.define(this.#sum, b.op("xor", before, value));
  }

  // ---- statements ---------------------------------------------------------------------------------------------------------------

  /** Some statements; afterwards there is a current block. */
  #statements(depth: number): void {
    for (let count = 1 + this.#random.below(5); count > 0 && this.#budget > 0; count--) {
      this.#budget -= 1;
      this.#statement(depth);
    }
  }

  #statement(depth: number): void {
    const random = this.#random;
    if (depth > 0 && random.oneIn(4)) {
      random.pick([
        () => this.#if(depth),
        () => this.#if(depth),
        () => this.#loop(depth),
        () => this.#try(depth),
        () => this.#try(depth),
        () => this.#switch(depth),
        () => this.#crooked(depth),
      ])();
      return;
    }
    random.pick([
      () => this.#arithmetic(),
      () => this.#arithmetic(),
      () => this.#arithmetic(),
      () => this.#conversion(),
      () => this.#select(),
      () => this.#memory(),
      () => this.#narrow(),
      () => this.#block(),
      () => this.#atomic(),
      () => this.#pointers(),
      () => this.#fields(),
      () => this.#fields(),
      () => this.#area(),
      () => this.#check(),
      () => this.#call(),
      () => this.#call(),
      () => this.#host(),
      () => this.#environment(),
      () => this.#set("ref", this.#allocate()),
      () => this.#maybeLeave(),
      () => this.#sumUp(),
    ])();
  }

  #arithmetic(): void {
    const random = this.#random;
    const b = this.#b;
    const op = random.pick(ARITHMETIC);
    const row = spec(op);
    let first: NumberType = "i32";
    const args = row.in.map((kind, i) => {
      let type: NumberType;
      if (kind === "int") type = random.pick(["i32", "i64"] as const);
      else if (kind === "float") type = random.pick(["f32", "f64"] as const);
      else if (kind === "same") type = first;
      else type = kind as NumberType;
      if (i === 0) first = type;
      return { type, value: this.#value(type) };
    });
    const second = args[1];
    if (DIVISIONS.includes(op)) {
      const type = second!.type;
      if (random.oneIn(3)) b.op("zerocheck", second!.value);
      else second!.value = b.op("or", second!.value, type === "i32" ? b.i32(1) : b.i64(1n));
    }
    // The sign of a NaN must not get out.
    if (op === "fcopysign") second!.value = this.#canonical(second!.type, second!.value);
    const type = row.out === "same" ? first : (row.out as NumberType);
    this.#set(type, b.op(op, ...args.map(({ value }) => value)));
  }

  #conversion(): void {
    const random = this.#random;
    const b = this.#b;
    const ints = ["i32", "i64"] as const;
    const floats = ["f32", "f64"] as const;
    if (random.oneIn(3)) {
      const from = random.pick(NUMBERS);
      const to = ({ i32: "f32", i64: "f64", f32: "i32", f64: "i64" } as const)[from];
      this.#set(to, b.typed("bits", to, this.#canonical(from, this.#value(from))));
      return;
    }
    const op = random.pick(CONVERSIONS);
    const fromInt = op === "stof" || op === "utof";
    const to = fromInt ? random.pick(floats) : random.pick(ints);
    this.#set(to, b.typed(op, to, this.#value(fromInt ? random.pick(ints) : random.pick(floats))));
  }

  #select(): void {
    const type = this.#random.pick(PARAMS);
    const condition = this.#condition();
    this.#set(type, this.#b.typed("select", type, condition, this.#value(type), this.#value(type)));
  }

  /** An address in the scratch area (or a frame area), and how far it may be gone beyond. */
  #place(): { base: Value; offset: number } {
    const b = this.#b;
    if (this.#areas.length > 0 && this.#random.oneIn(4)) {
      return { base: b.stackaddr(this.#areas[0]!), offset: this.#random.below(2) * 8 };
    }
    if (this.#random.oneIn(4)) {
      const distance = b.op("and", this.#value("i32"), b.i32(0xff8));
      return { base: b.typed("ptradd", "addr", b.addr(SCRATCH), distance), offset: this.#random.below(64) * 8 };
    }
    return { base: this.#value("addr"), offset: this.#random.below(1024) * 8 };
  }

  #memory(): void {
    const b = this.#b;
    const { base, offset } = this.#place();
    const type = this.#random.pick(NUMBERS);
    // Plain accesses need no alignment.
    const at = offset + this.#random.below(4);
    if (this.#random.oneIn(2)) b.store(base, at, this.#canonical(type, this.#value(type)));
    else this.#set(type, b.load(type, base, at));
  }

  #narrow(): void {
    const b = this.#b;
    const { base, offset } = this.#place();
    const at = offset + this.#random.below(4);
    if (this.#random.oneIn(2)) {
      b.mem(this.#random.pick(["store8", "store16"] as const), null, at, base, this.#value("i32"));
    } else {
      this.#set("i32", b.load(this.#random.pick(["load8s", "load8u", "load16s", "load16u"] as const), base, at));
    }
  }

  #block(): void {
    const b = this.#b;
    const { base } = this.#place();
    const count = b.op("and", this.#value("i32"), b.i32(15));
    if (this.#random.oneIn(2)) b.op("fill", base, this.#value("i32"), count);
    else b.op("copy", base, this.#place().base, count);
  }

  #atomic(): void {
    const b = this.#b;
    const random = this.#random;
    const { base, offset } = this.#place();
    const type = random.pick(["i32", "i64"] as const);
    random.pick([
      () => this.#set(type, b.mem("aload", type, offset, base)),
      () => void b.mem("astore", null, offset, base, this.#value(type)),
      () => this.#set("i32", b.mem(random.pick(["aload8u", "aload16u"] as const), null, offset, base)),
      () => void b.mem(random.pick(["astore8", "astore16"] as const), null, offset, base, this.#value("i32")),
      () => this.#set(type, b.mem(random.pick(UPDATES), type, offset, base, this.#value(type))),
      () => this.#set(type, b.mem("acas", type, offset, base, this.#value(type), this.#value(type))),
      () =>
        this.#set("i32", b.op("refeq", b.mem("acas", "addr", offset, base, this.#value("addr"), b.addr(8)), b.addr(0))),
      () => void b.op("fence"),
    ])();
  }

  #pointers(): void {
    const b = this.#b;
    this.#random.pick([
      () => this.#set("i32", b.op("refeq", this.#value("ref"), this.#value("ref"))),
      () => this.#set("i32", b.op("refne", b.use(this.#home), this.#value("ref"))),
      () => this.#set("i32", b.op("refeq", b.use(this.#caught), this.#value("ref"))),
      () => this.#set("iref", b.typed("ptradd", "iref", this.#object(), b.i32(12))),
      () => this.#set("i32", b.load("i32", this.#value("iref"), 0)),
      () => b.store(this.#value("iref"), 0, this.#value("i32")),
      () => {
        // Back to the start of the object, and on to the reference in it.
        const inner = b.typed("ptradd", "iref", this.#value("iref"), b.i32(-4));
        this.#set("ref", b.load("ref", inner, 0));
      },
      () => {
        const object = this.#object();
        this.#set("ref", b.op("rawref", b.op("rawaddr", object)));
      },
      () => {
        const address = b.typed("ptradd", "addr", b.addr(SCRATCH), b.op("and", this.#value("i32"), b.i32(0xff8)));
        this.#set("i32", b.typed("bits", "i32", address));
        this.#set("addr", b.typed("bits", "addr", b.typed("bits", "i32", address)));
      },
    ])();
  }

  #fields(): void {
    const b = this.#b;
    const object = this.#object();
    this.#random.pick([
      () => this.#set("ref", b.load("ref", object, 8)),
      () => this.#set("ref", b.mem("aload", "ref", 8, object)),
      () => b.store(object, 8, this.#value("ref")),
      () => b.store(object, 8, b.use(this.#home)),
      () => void b.mem("arefstore", null, 8, object, this.#value("ref")),
      () => this.#set("ref", b.mem("arefswap", null, 8, object, this.#value("ref"))),
      () => this.#set("ref", b.mem("arefcas", null, 8, object, this.#value("ref"), this.#value("ref"))),
      () => this.#set("i32", b.load("i32", object, 12)),
      () => b.store(object, 12, this.#value("i32")),
      () => this.#set("ref", object),
      () => b.define(this.#home, object),
    ])();
  }

  #area(): void {
    const b = this.#b;
    const area = this.#areas[1];
    if (area === undefined) return;
    const address = b.stackaddr(area);
    const offset = this.#random.below(2) * 8;
    if (this.#random.oneIn(2)) b.store(address, offset, this.#value("ref"));
    else this.#set("ref", b.load("ref", address, offset));
  }

  #check(): void {
    const b = this.#b;
    this.#random.pick([
      () => void b.op("nullcheck", this.#value("ref")),
      () =>
        void b.op("boundscheck", b.op("and", this.#value("i32"), b.i32(7)), b.op("and", this.#value("i32"), b.i32(15))),
      () => void b.op("zerocheck", this.#value(this.#random.pick(["i32", "i64"] as const))),
      () => void b.op("boundscheck", b.i32(this.#random.below(5)), b.i32(4)),
    ])();
  }

  #call(): void {
    const b = this.#b;
    const random = this.#random;
    const rest = this.#signatures.length - this.#index - 1;
    if (rest === 0) return this.#host();
    const index = this.#index + 1 + random.below(rest);
    const callee = this.#signatures[index]!;
    const slot = FIRST_SLOT + index;
    const args = callee.params.map((type) => this.#argument(type));
    const result = random.pick([
      () => b.call(slot, callee, args),
      () => b.calldyn(b.i32(slot), callee, args),
      () => b.callvia(b.i32(slot), this.#value("i32"), callee, args),
    ])();
    if (callee.result !== null) this.#set(callee.result, result);
  }

  #argument(type: Type): Value {
    // No address of this frame: the callee might keep it for its own caller.
    return type === "addr" ? this.#fresh("addr") : this.#value(type);
  }

  #host(): void {
    const b = this.#b;
    this.#random.pick([
      () => void b.callhost(HOSTS.collect, []),
      () => this.#set("i32", b.callhost(HOSTS.seven, [])),
      () => this.#set("f64", b.callhost(HOSTS.sum, [this.#value("i32"), this.#value("i64"), this.#value("f64")])),
      () => b.poll(),
    ])();
  }

  #environment(): void {
    const b = this.#b;
    this.#random.pick([
      () => this.#set("i32", b.op("ownslot")),
      () => this.#set("i32", b.op("isnull", b.op("carrier"))),
      () => this.#set("i32", b.op("isnull", b.op("stackpointer"))),
      () => b.ensure(b.addr(SCRATCH + 0x8000 + this.#random.below(4) * 16), 4, ENSURE_SLOT),
    ])();
  }

  #sumUp(): void {
    const type = this.#random.pick(NUMBERS);
    this.#mix(this.#toI64(type, this.#value(type)));
  }

  /** Leaves the function or a loop on a condition: by return, throw, trap, tail call, or a jump to an exit. */
  #maybeLeave(): void {
    const b = this.#b;
    const random = this.#random;
    const leave = b.block();
    const stay = b.block();
    b.branch(b.op("eqz", b.op("and", this.#value("i32"), b.i32(3))), leave, stay);
    this.#sealSome(leave);
    this.#sealSome(stay);
    b.switchTo(leave);
    const exit = this.#exits[this.#exits.length - 1];
    if (exit !== undefined && random.oneIn(2)) {
      b.jump(exit);
    } else {
      random.pick([
        () => this.#finish(),
        () => this.#finish(),
        () => this.#finish(),
        () => b.throw(this.#object()),
        () => b.trap(random.pick(["user", "cast", "size"] as const), this.#value("i32")),
        () => b.trap("store", this.#value("i32"), this.#value("i32")),
        () => {
          b.callhost(HOSTS.raise, [this.#object()]);
          b.unreachable();
        },
      ])();
    }
    b.switchTo(stay);
  }

  /** Ends the function at this block. */
  #finish(): void {
    const b = this.#b;
    const { result } = this.#signature;
    const rest = this.#signatures.length - this.#index - 1;
    if (rest > 0 && this.#random.oneIn(3)) {
      const index = this.#index + 1 + this.#random.below(rest);
      const callee = this.#signatures[index]!;
      if (callee.result === result) {
        const args = callee.params.map((type) => this.#argument(type));
        b.tailcall(b.i32(FIRST_SLOT + index), callee, args);
        return;
      }
    }
    if (result === null) return b.ret();
    if (result === "ref") return b.ret(this.#value("ref"));
    for (const type of NUMBERS) {
      for (const variable of this.#variables[type]) this.#mix(this.#toI64(type, b.use(variable)));
    }
    this.#mix(b.op("sext", b.load("i32", b.use(this.#home), 12)));
    const sum = b.use(this.#sum);
    if (result === "i64") b.ret(sum);
    else if (result === "i32") b.ret(b.op("wrap", sum));
    else b.ret(b.typed("stof", result, sum));
  }

  // ---- control ------------------------------------------------------------------------------------------------------------------

  /** Blocks are sealed early or by `finish`: both must do. */
  #sealSome(block: Block): void {
    if (this.#random.oneIn(2)) this.#b.seal(block);
  }

  #if(depth: number): void {
    const b = this.#b;
    const then = b.block();
    const join = b.block();
    const otherwise = this.#random.oneIn(3) ? join : b.block();
    b.branch(this.#condition(), then, otherwise);
    b.switchTo(then);
    this.#statements(depth - 1);
    b.jump(join);
    if (otherwise !== join) {
      b.switchTo(otherwise);
      this.#statements(depth - 1);
      b.jump(join);
    }
    this.#sealSome(join);
    b.switchTo(join);
  }

  #loop(depth: number): void {
    const b = this.#b;
    if (this.#loops >= 2) return this.#if(depth);
    this.#loops += 1;
    const counter = b.variable("i32");
    const head = b.block();
    const body = b.block();
    const exit = b.block();
    b.define(counter, b.i32(1 + this.#random.below(5)));
    b.jump(head);
    b.switchTo(head);
    if (this.#random.oneIn(2)) b.poll();
    b.branch(b.use(counter), body, exit);
    b.switchTo(body);
    b.define(counter, b.op("sub", b.use(counter), b.i32(1)));
    this.#exits.push(exit);
    this.#statements(depth - 1);
    this.#exits.pop();
    b.jump(head);
    this.#sealSome(head);
    this.#sealSome(exit);
    b.switchTo(exit);
    this.#loops -= 1;
  }

  /** A loop with two entries. */
  #crooked(depth: number): void {
    const b = this.#b;
    if (this.#loops >= 1) return this.#switch(depth);
    this.#loops += 1;
    const counter = b.variable("i32");
    const [left, right, exit] = [b.block(), b.block(), b.block()];
    b.define(counter, b.i32(1 + this.#random.below(4)));
    b.branch(this.#condition(), left, right);
    for (const [here, there] of [
      [left, right],
      [right, left],
    ] as const) {
      b.switchTo(here);
      this.#statements(depth - 1);
      b.define(counter, b.op("sub", b.use(counter), b.i32(1)));
      b.branch(b.use(counter), there, exit);
    }
    b.switchTo(exit);
    this.#loops -= 1;
  }

  #switch(depth: number): void {
    const b = this.#b;
    const join = b.block();
    const count = 1 + this.#random.below(4);
    const targets = Array.from({ length: count }, () => (this.#random.oneIn(4) ? join : b.block()));
    const never = this.#random.oneIn(4);
    const otherwise = never ? b.block() : join;
    const index = never ? b.op("urem", this.#value("i32"), b.i32(count)) : b.op("and", this.#value("i32"), b.i32(7));
    b.switch(index, targets, otherwise);
    for (const target of targets) {
      if (target === join) continue;
      b.switchTo(target);
      this.#statements(depth - 1);
      b.jump(join);
    }
    if (never) {
      b.switchTo(otherwise);
      b.unreachable();
    }
    this.#sealSome(join);
    b.switchTo(join);
  }

  #try(depth: number): void {
    const b = this.#b;
    const outer = b.unwindTo;
    const { block: handler, exception } = b.handlerBlock();
    const join = b.block();
    b.unwindTo = handler;
    this.#statements(depth - 1);
    // Often enough something really throws.
    if (this.#random.oneIn(2)) b.op("boundscheck", b.op("and", this.#value("i32"), b.i32(3)), b.i32(2));
    if (this.#random.oneIn(6)) b.throw(this.#object());
    else b.jump(join);
    b.unwindTo = outer;
    if (b.hasPredecessors(handler)) {
      this.#sealSome(handler);
      b.switchTo(handler);
      b.define(this.#caught, exception);
      this.#statements(depth - 1);
      if (this.#random.oneIn(6)) {
        const again = b.block();
        b.branch(this.#condition(), again, join);
        b.switchTo(again);
        b.throw(b.typed("select", "ref", b.op("isnull", b.use(this.#caught)), b.use(this.#home), b.use(this.#caught)));
      } else {
        b.jump(join);
      }
    } else {
      b.switchTo(handler);
      b.unreachable();
    }
    if (!b.hasPredecessors(join)) {
      // Nothing comes here; what follows is dropped with it.
      b.switchTo(join);
      return;
    }
    b.switchTo(join);
  }
}

if (import.meta.main) stdout.write(printModule(randomProgram(Number(argv[2]))));
