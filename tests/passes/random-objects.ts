/**
 * Random programs that are about objects: they are allocated, written, read, compared, kept in one another and in variables across branches, loops and
 * handlers, and sometimes let go to other functions.
 *
 *   node tests/passes/random-objects.ts SEED      prints the program
 */
import { argv, stdout } from "node:process";
import { type Block, Builder, Func, type Module, printModule, signature, type Value, type Variable } from "#ir";
import { FIRST_SLOT, HOSTS, MAIN_SIGNATURE } from "../ir/random.ts";
import { Random } from "../ir/seeded.ts";
import { PAIR_TYPE, TRIPLE_TYPE } from "../ir/world.ts";

const KEEP = signature(["ref", "ref", "i32"], "ref");

/** The main function, and one that sees objects, keeps them in each other and sometimes throws. */
export function randomObjects(seed: number): Module {
  const random = new Random(seed);
  return {
    hosts: Object.values(HOSTS),
    functions: [
      { func: new Maker(random).make(), slot: FIRST_SLOT },
      { func: keep(), slot: FIRST_SLOT + 1 },
    ],
  };
}

function keep(): Func {
  const b = new Builder(new Func("keep", KEEP));
  const [first, second, number] = b.entry() as [Value, Value, Value];
  b.op("nullcheck", first);
  b.callhost(HOSTS.collect, []);
  b.store(first, 12, b.op("add", b.load("i32", first, 12), number));
  b.op("boundscheck", b.op("and", number, b.i32(7)), b.i32(7));
  const set = b.block();
  const done = b.block();
  b.branch(b.op("and", number, b.i32(1)), set, done);
  b.switchTo(set);
  b.store(first, 8, second);
  b.jump(done);
  b.switchTo(done);
  b.ret(b.load("ref", first, 8));
  return b.finish();
}

class Maker {
  readonly #random: Random;
  readonly #b = new Builder(new Func("main", MAIN_SIGNATURE, 1));
  readonly #refs: Variable[];
  readonly #ints: Variable[];
  readonly #floats: Variable[];
  readonly #home: Variable;
  readonly #sum: Variable;
  #budget: number;
  #loops = 0;
  readonly #exits: Block[] = [];

  constructor(random: Random) {
    const b = this.#b;
    this.#random = random;
    this.#refs = Array.from({ length: 2 + random.below(3) }, () => b.variable("ref"));
    this.#ints = Array.from({ length: 3 }, () => b.variable("i32"));
    this.#floats = [b.variable("f32")];
    this.#home = b.variable("ref");
    this.#sum = b.variable("i64");
    this.#budget = 5 + random.below(random.oneIn(3) ? 60 : 25);
  }

  make(): Func {
    const b = this.#b;
    const [n, , f] = b.entry() as Value[];
    b.define(this.#home, this.#allocate(16));
    this.#ints.forEach((variable, i) => {
      b.define(variable, b.op("add", n!, b.i32(i * 3)));
    });
    for (const variable of this.#floats) b.define(variable, f!);
    this.#statements(4);
    this.#finish();
    return b.finish();
  }

  #statements(depth: number): void {
    for (let count = 1 + this.#random.below(6); count > 0 && this.#budget > 0; count--) {
      this.#budget -= 1;
      this.#statement(depth);
    }
  }

  #statement(depth: number): void {
    const random = this.#random;
    const b = this.#b;
    if (depth > 0 && random.oneIn(3)) {
      random.pick([
        () => this.#if(depth),
        () => this.#if(depth),
        () => this.#loop(depth),
        () => this.#loop(depth),
        () => this.#try(depth),
        () => this.#switch(depth),
        () => this.#choice(depth),
        () => this.#choice(depth),
      ])();
      return;
    }
    random.pick([
      () => b.define(random.pick(this.#refs), this.#allocate()),
      () => b.define(random.pick(this.#refs), this.#allocate()),
      () => b.define(random.pick(this.#refs), b.use(random.pick(this.#refs))),
      () => b.define(random.pick(this.#refs), random.oneIn(3) ? b.nullRef() : b.use(this.#home)),
      () => this.#withObject((object) => this.#write(object)),
      () => this.#withObject((object) => this.#write(object)),
      () => this.#withObject((object) => this.#read(object)),
      () => this.#withObject((object) => this.#read(object)),
      () => this.#compare(),
      () => this.#calculate(),
      () => this.#select(),
      () => this.#letGo(),
      () => this.#maybeLeave(),
      () => void random.pick([() => b.callhost(HOSTS.collect, []), () => b.poll(), () => b.op("afence")])(),
      () => this.#mix(this.#int()),
    ])();
  }

  #int(): Value {
    const b = this.#b;
    return this.#random.oneIn(4) ? b.i32(this.#random.below(400) - 100) : b.use(this.#random.pick(this.#ints));
  }

  #set(value: Value): void {
    this.#b.define(this.#random.pick(this.#ints), value);
  }

  #mix(value: Value): void {
    const b = this.#b;
    const before = b.op("mul", b.use(this.#sum), b.i64(0x100000001b3n));
    b.define(this.#sum, b.op("xor", before, b.op("sext", value)));
  }

  #allocate(bytes = this.#random.pick([16, 24])): Value {
    const b = this.#b;
    const object = b.alloc(b.i32(bytes));
    b.store(object, 0, b.addr(bytes === 16 ? PAIR_TYPE : TRIPLE_TYPE));
    if (this.#random.oneIn(2)) b.store(object, 12, this.#int());
    if (this.#random.oneIn(3)) b.store(object, 8, b.use(this.#random.pick(this.#refs)));
    return object;
  }

  /** Does something with a variable's object if it is not null; or with one that is checked. */
  #withObject(act: (object: Value) => void): void {
    const b = this.#b;
    const object = b.use(this.#random.pick(this.#refs));
    if (this.#random.oneIn(6)) {
      b.op("nullcheck", object);
      act(object);
      return;
    }
    const then = b.block();
    const join = b.block();
    b.branch(b.op("isnull", object), join, then);
    b.switchTo(then);
    act(object);
    b.jump(join);
    b.switchTo(join);
  }

  /** Where the fields of a triple are read, if the object is one. */
  #ifTriple(object: Value, act: () => void): void {
    const b = this.#b;
    const then = b.block();
    const join = b.block();
    b.branch(b.op("refeq", b.load("addr", object, 0), b.addr(TRIPLE_TYPE)), then, join);
    b.switchTo(then);
    act();
    b.jump(join);
    b.switchTo(join);
  }

  #write(object: Value): void {
    const b = this.#b;
    const random = this.#random;
    const ref = b.use(random.pick(this.#refs));
    random.pick([
      () => b.store(object, 8, ref),
      () => b.store(object, 12, this.#int()),
      () => b.store(object, 12, b.use(random.pick(this.#floats))),
      () => void b.mem("store8", null, 12 + random.below(2), object, this.#int()),
      () => void b.mem("store16", null, 12 + random.below(2) * 2, object, this.#int()),
      () => void b.mem(random.pick(["arefstore", "rrefstore"] as const), null, 8, object, ref),
      () => void b.mem(random.pick(["astore", "rstore"] as const), null, 12, object, this.#int()),
      () => b.store(b.typed("ptradd", "iref", object, b.i32(12)), 0, this.#int()),
      () => this.#ifTriple(object, () => b.store(object, 16, ref)),
      () => this.#ifTriple(object, () => b.store(object, 20, this.#int())),
    ])();
  }

  #read(object: Value): void {
    const b = this.#b;
    const random = this.#random;
    const narrow = random.pick(["load8s", "load8u", "load16s", "load16u"] as const);
    random.pick([
      () => b.define(random.pick(this.#refs), b.load("ref", object, 8)),
      () => b.define(random.pick(this.#refs), b.mem("aload", "ref", 8, object)),
      () => this.#set(b.load("i32", object, 12)),
      () => this.#set(b.load(narrow, object, 12)),
      () => this.#set(b.mem("aload", "i32", 12, object)),
      () => this.#set(b.load("i32", b.typed("ptradd", "iref", object, b.i32(12)), 0)),
      () => this.#set(b.typed("bits", "i32", b.load("f32", object, 12))),
      () => this.#ifTriple(object, () => b.define(random.pick(this.#refs), b.load("ref", object, 16))),
      () => this.#ifTriple(object, () => this.#set(b.load("i32", object, 20))),
    ])();
  }

  #compare(): void {
    const b = this.#b;
    const op = this.#random.pick(["refeq", "refne"] as const);
    const other = this.#random.oneIn(4) ? this.#home : this.#random.pick(this.#refs);
    this.#set(b.op(op, b.use(this.#random.pick(this.#refs)), b.use(other)));
  }

  #calculate(): void {
    const op = this.#random.pick(["add", "sub", "mul", "xor", "and"] as const);
    this.#set(this.#b.op(op, this.#int(), this.#int()));
  }

  #select(): void {
    const b = this.#b;
    const [first, second] = [b.use(this.#random.pick(this.#refs)), b.use(this.#random.pick(this.#refs))];
    b.define(this.#random.pick(this.#refs), b.typed("select", "ref", this.#condition(), first, second));
  }

  /** The object escapes: into another one, or to a function. */
  #letGo(): void {
    const b = this.#b;
    const random = this.#random;
    const object = b.use(random.pick(this.#refs));
    random.pick([
      () => b.store(b.use(this.#home), 8, object),
      () =>
        this.#withObject((first) => {
          const kept = b.call(FIRST_SLOT + 1, KEEP, [first, object, this.#int()]);
          if (random.oneIn(2)) b.define(random.pick(this.#refs), kept);
        }),
    ])();
  }

  #condition(): Value {
    const b = this.#b;
    const random = this.#random;
    return random.pick([
      () => b.op("and", this.#int(), b.i32(1)),
      () => b.op("isnull", b.use(random.pick(this.#refs))),
      () => b.op("slt", this.#int(), this.#int()),
      () => b.op("refeq", b.use(random.pick(this.#refs)), b.use(random.pick(this.#refs))),
      () => b.i32(random.below(2)),
    ])();
  }

  #finish(): void {
    const b = this.#b;
    for (const variable of this.#ints) this.#mix(b.use(variable));
    for (const variable of [...this.#refs, this.#home]) {
      const object = b.use(variable);
      // Null reads 0.
      this.#mix(b.load("i32", object, 12));
      this.#mix(b.load("i32", b.load("ref", object, 8), 12));
      this.#mix(b.op("refeq", object, b.use(this.#random.pick(this.#refs))));
    }
    b.ret(b.use(this.#sum));
  }

  #maybeLeave(): void {
    const b = this.#b;
    const leave = b.block();
    const stay = b.block();
    b.branch(b.op("eqz", b.op("and", this.#int(), b.i32(7))), leave, stay);
    b.switchTo(leave);
    const exit = this.#exits[this.#exits.length - 1];
    if (exit !== undefined && this.#random.oneIn(2)) b.jump(exit);
    else {
      this.#random.pick([
        () => b.trap("user", this.#int()),
        () => b.throw(b.use(this.#home)),
        () => this.#finish(),
        () => this.#finish(),
      ])();
    }
    b.switchTo(stay);
  }

  #if(depth: number): void {
    const b = this.#b;
    const then = b.block();
    const join = b.block();
    const otherwise = this.#random.oneIn(2) ? join : b.block();
    if (this.#random.oneIn(2)) then.cold = true;
    b.branch(this.#condition(), then, otherwise);
    b.switchTo(then);
    this.#statements(depth - 1);
    b.jump(join);
    if (otherwise !== join) {
      b.switchTo(otherwise);
      this.#statements(depth - 1);
      b.jump(join);
    }
    b.switchTo(join);
  }

  #loop(depth: number): void {
    const b = this.#b;
    if (this.#loops >= 2) return this.#if(depth);
    this.#loops += 1;
    const counter = b.variable("i32");
    const [head, body, exit] = [b.block(), b.block(), b.block()];
    b.define(counter, b.i32(1 + this.#random.below(4)));
    b.jump(head);
    b.switchTo(head);
    b.branch(b.use(counter), body, exit);
    b.switchTo(body);
    b.define(counter, b.op("sub", b.use(counter), b.i32(1)));
    this.#exits.push(exit);
    this.#statements(depth - 1);
    this.#exits.pop();
    if (this.#random.oneIn(2)) b.poll();
    b.jump(head);
    b.switchTo(exit);
    this.#loops -= 1;
  }

  /** A new object or another one, which nothing but what follows here sees. */
  #choice(depth: number): void {
    const b = this.#b;
    const random = this.#random;
    const object = b.variable("ref");
    const [then, otherwise, join] = [b.block(), b.block(), b.block()];
    b.branch(this.#condition(), then, otherwise);
    b.switchTo(then);
    b.define(object, this.#allocate());
    if (random.oneIn(2)) b.store(b.use(object), 12, this.#int());
    b.jump(join);
    b.switchTo(otherwise);
    b.define(object, b.use(random.pick([...this.#refs, this.#home])));
    b.jump(join);
    b.switchTo(join);
    const act = [
      () => this.#set(b.op("isnull", b.use(object))),
      () => this.#set(b.load("i32", b.use(object), 12)),
      () => this.#set(b.op("refne", b.use(object), b.use(random.pick(this.#refs)))),
      () => this.#set(b.op("refeq", b.use(this.#home), b.use(object))),
      () => this.#set(b.op("refeq", b.load("addr", b.use(object), 0), b.addr(PAIR_TYPE))),
      () => void b.op("nullcheck", b.use(object)),
      () => b.define(random.pick(this.#refs), b.load("ref", b.use(object), 8)),
      () => this.#seldom(() => b.store(b.use(this.#home), 8, b.use(object))),
      () => this.#seldom(() => void b.call(FIRST_SLOT + 1, KEEP, [b.use(this.#home), b.use(object), this.#int()])),
    ];
    const first = [...act];
    act.push(
      () => this.#statements(depth - 1),
      () => b.define(random.pick(this.#refs), b.use(object)),
      () => b.store(b.use(this.#home), 8, b.use(object)),
    );
    for (let count = 1 + random.below(4); count > 0; count--) random.pick(random.oneIn(3) ? act : first)();
  }

  #seldom(act: () => void): void {
    const b = this.#b;
    const [then, join] = [b.block(), b.block()];
    then.cold = this.#random.oneIn(2);
    b.branch(this.#condition(), then, join);
    b.switchTo(then);
    act();
    b.jump(join);
    b.switchTo(join);
  }

  #switch(depth: number): void {
    const b = this.#b;
    const join = b.block();
    const targets = Array.from({ length: 1 + this.#random.below(3) }, () => b.block());
    b.switch(b.op("and", this.#int(), b.i32(3)), targets, join);
    for (const target of targets) {
      b.switchTo(target);
      this.#statements(depth - 1);
      b.jump(join);
    }
    b.switchTo(join);
  }

  #try(depth: number): void {
    const b = this.#b;
    const outer = b.unwindTo;
    const { block: handler, exception } = b.handlerBlock();
    const join = b.block();
    b.unwindTo = handler;
    this.#statements(depth - 1);
    b.op("boundscheck", b.op("and", this.#int(), b.i32(3)), b.i32(2 + this.#random.below(2)));
    b.jump(join);
    b.unwindTo = outer;
    b.switchTo(handler);
    this.#mix(b.op("isnull", exception));
    this.#statements(depth - 1);
    b.jump(join);
    b.switchTo(join);
  }
}

if (import.meta.main) stdout.write(printModule(randomObjects(Number(argv[2]))));
