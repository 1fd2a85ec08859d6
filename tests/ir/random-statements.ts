/** The statements of random programs that neither branch nor call each other; see random.ts. */
import { type HostFunction, type Op, ops, signature, spec, type Value } from "#ir";
import { NUMBERS, type NumberType, PARAMS, RandomValues } from "./random-values.ts";
import { SCRATCH } from "./world.ts";

export const HOSTS = {
  sum: { name: "sum", signature: signature(["i32", "i64", "f64"], "f64"), pure: true },
  seven: { name: "seven", signature: signature([], "i32"), pure: false },
  collect: { name: "collect", signature: signature([], null), pure: false },
  raise: { name: "raise", signature: signature(["ref"], null), pure: false },
} satisfies Record<string, HostFunction>;

export const FIRST_SLOT = 40;
/** What `ensure` calls: it collects, and sets the word so that it is not called again for a while. */
export const ENSURE_SLOT = FIRST_SLOT + 10;

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

export class RandomStatements extends RandomValues {
  protected calculate(): void {
    for (let count = 1 + this.random.below(6); count > 0; count--) this.#arithmetic();
  }

  #arithmetic(): void {
    const random = this.random;
    const b = this.b;
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
      return { type, value: this.value(type) };
    });
    const second = args[1];
    if (DIVISIONS.includes(op)) {
      const type = second!.type;
      if (random.oneIn(3)) b.op("zerocheck", second!.value);
      else second!.value = b.op("or", second!.value, type === "i32" ? b.i32(1) : b.i64(1n));
    }
    // The sign of a NaN must not get out.
    if (op === "fcopysign") second!.value = this.canonical(second!.type, second!.value);
    const type = row.out === "same" ? first : (row.out as NumberType);
    this.set(type, b.op(op, ...args.map(({ value }) => value)));
  }

  protected conversion(): void {
    const random = this.random;
    const b = this.b;
    const ints = ["i32", "i64"] as const;
    const floats = ["f32", "f64"] as const;
    if (random.oneIn(3)) {
      const from = random.pick(NUMBERS);
      const to = ({ i32: "f32", i64: "f64", f32: "i32", f64: "i64" } as const)[from];
      this.set(to, b.typed("bits", to, this.canonical(from, this.value(from))));
      return;
    }
    const op = random.pick(CONVERSIONS);
    const fromInt = op === "stof" || op === "utof";
    const to = fromInt ? random.pick(floats) : random.pick(ints);
    this.set(to, b.typed(op, to, this.value(fromInt ? random.pick(ints) : random.pick(floats))));
  }

  protected select(): void {
    const type = this.random.pick(PARAMS);
    const condition = this.condition();
    this.set(type, this.b.typed("select", type, condition, this.value(type), this.value(type)));
  }

  /** An address in the scratch area (or a frame area), and how far it may be gone beyond. */
  protected place(): { base: Value; offset: number } {
    const b = this.b;
    if (this.areas.length > 0 && this.random.oneIn(4)) {
      return { base: b.stackaddr(this.areas[0]!), offset: this.random.below(2) * 8 };
    }
    if (this.random.oneIn(4)) {
      const distance = b.op("and", this.value("i32"), b.i32(0xff8));
      return { base: b.typed("ptradd", "addr", b.addr(SCRATCH), distance), offset: this.random.below(64) * 8 };
    }
    return { base: this.value("addr"), offset: this.random.below(1024) * 8 };
  }

  protected memory(): void {
    const b = this.b;
    const { base, offset } = this.place();
    const type = this.random.pick(NUMBERS);
    // Plain accesses need no alignment.
    const at = offset + this.random.below(4);
    if (this.random.oneIn(2)) b.store(base, at, this.canonical(type, this.value(type)));
    else this.set(type, b.load(type, base, at));
  }

  protected narrow(): void {
    const b = this.b;
    const { base, offset } = this.place();
    const at = offset + this.random.below(4);
    if (this.random.oneIn(2)) {
      b.mem(this.random.pick(["store8", "store16"] as const), null, at, base, this.value("i32"));
    } else {
      this.set("i32", b.load(this.random.pick(["load8s", "load8u", "load16s", "load16u"] as const), base, at));
    }
  }

  protected block(): void {
    const b = this.b;
    const { base } = this.place();
    const count = b.op("and", this.value("i32"), b.i32(15));
    if (this.random.oneIn(2)) b.op("fill", base, this.value("i32"), count);
    else b.op("copy", base, this.place().base, count);
  }

  protected atomic(): void {
    const b = this.b;
    const random = this.random;
    const { base, offset } = this.place();
    const type = random.pick(["i32", "i64"] as const);
    random.pick([
      () => this.set(type, b.mem("aload", type, offset, base)),
      () => void b.mem(random.pick(["astore", "rstore"] as const), null, offset, base, this.value(type)),
      () => this.set("i32", b.mem(random.pick(["aload8u", "aload16u"] as const), null, offset, base)),
      () =>
        void b.mem(
          random.pick(["astore8", "astore16", "rstore8", "rstore16"] as const),
          null,
          offset,
          base,
          this.value("i32"),
        ),
      () => this.set(type, b.mem(random.pick(UPDATES), type, offset, base, this.value(type))),
      () => this.set(type, b.mem("acas", type, offset, base, this.value(type), this.value(type))),
      () =>
        this.set("i32", b.op("refeq", b.mem("acas", "addr", offset, base, this.value("addr"), b.addr(8)), b.addr(0))),
      () => void b.op(random.pick(["fence", "afence"] as const)),
    ])();
  }

  protected pointers(): void {
    const b = this.b;
    this.random.pick([
      () => this.set("i32", b.op("refeq", this.value("ref"), this.value("ref"))),
      () => this.set("i32", b.op("refne", b.use(this.home), this.value("ref"))),
      () => this.set("i32", b.op("refeq", b.use(this.caught), this.value("ref"))),
      () => this.set("iref", b.typed("ptradd", "iref", this.object(), b.i32(12))),
      () => this.set("i32", b.load("i32", this.value("iref"), 0)),
      () => b.store(this.value("iref"), 0, this.value("i32")),
      () => {
        // Back to the start of the object, and on to the reference in it.
        const inner = b.typed("ptradd", "iref", this.value("iref"), b.i32(-4));
        this.set("ref", b.load("ref", inner, 0));
      },
      () => {
        const object = this.object();
        this.set("ref", b.op("rawref", b.op("rawaddr", object)));
      },
      () => {
        const address = b.typed("ptradd", "addr", b.addr(SCRATCH), b.op("and", this.value("i32"), b.i32(0xff8)));
        this.set("i32", b.typed("bits", "i32", address));
        this.set("addr", b.typed("bits", "addr", b.typed("bits", "i32", address)));
      },
    ])();
  }

  protected fields(): void {
    const b = this.b;
    const object = this.object();
    this.random.pick([
      () => this.set("ref", b.load("ref", object, 8)),
      () => this.set("ref", b.mem("aload", "ref", 8, object)),
      () => b.store(object, 8, this.value("ref")),
      () => b.store(object, 8, b.use(this.home)),
      () => void b.mem(this.random.pick(["arefstore", "rrefstore"] as const), null, 8, object, this.value("ref")),
      () => this.set("ref", b.mem("arefswap", null, 8, object, this.value("ref"))),
      () => this.set("ref", b.mem("arefcas", null, 8, object, this.value("ref"), this.value("ref"))),
      () => {
        const [to, from] = [object, this.object()].map((each) => b.typed("ptradd", "iref", each, b.i32(8)));
        b.op("refcopy", to!, from!, b.op("and", this.value("i32"), b.i32(4)));
      },
      () => this.set("i32", b.load("i32", object, 12)),
      () => b.store(object, 12, this.value("i32")),
      () => this.set("ref", object),
      () => b.define(this.home, object),
    ])();
  }

  protected area(): void {
    const b = this.b;
    const area = this.areas[1];
    if (area === undefined) return;
    const address = b.stackaddr(area);
    const offset = this.random.below(2) * 8;
    if (this.random.oneIn(2)) b.store(address, offset, this.value("ref"));
    else this.set("ref", b.load("ref", address, offset));
  }

  protected check(): void {
    const b = this.b;
    this.random.pick([
      () => void b.op("nullcheck", this.value("ref")),
      () =>
        void b.op("boundscheck", b.op("and", this.value("i32"), b.i32(7)), b.op("and", this.value("i32"), b.i32(15))),
      () => void b.op("zerocheck", this.value(this.random.pick(["i32", "i64"] as const))),
      () => void b.op("boundscheck", b.i32(this.random.below(5)), b.i32(4)),
    ])();
  }

  protected host(): void {
    const b = this.b;
    this.random.pick([
      () => void b.callhost(HOSTS.collect, []),
      () => this.set("i32", b.callhost(HOSTS.seven, [])),
      () => this.set("f64", b.callhost(HOSTS.sum, [this.value("i32"), this.value("i64"), this.value("f64")])),
      () => b.poll(),
    ])();
  }

  protected environment(): void {
    const b = this.b;
    this.random.pick([
      () => this.set("i32", b.op("ownslot")),
      () => this.set("i32", b.op("isnull", b.op("carrier"))),
      () => this.set("i32", b.op("isnull", b.op("stackpointer"))),
      () => b.ensure(b.addr(SCRATCH + 0x8000 + this.random.below(4) * 16), 4, ENSURE_SLOT),
    ])();
  }

  protected sumUp(): void {
    const type = this.random.pick(NUMBERS);
    this.mix(this.toI64(type, this.value(type)));
  }
}
