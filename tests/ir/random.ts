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
  type Module,
  printModule,
  type Signature,
  signature,
  type Type,
  type Value,
} from "#ir";
import { ENSURE_SLOT, FIRST_SLOT, HOSTS, RandomStatements } from "./random-statements.ts";
import { NUMBERS, PARAMS } from "./random-values.ts";
import { Random } from "./seeded.ts";

export { FIRST_SLOT, HOSTS };

const RESULTS: readonly (Type | null)[] = ["i32", "i64", "f32", "f64", "ref", null];
/** The first function's: what the tests call. */
export const MAIN_SIGNATURE = signature(["i32", "i64", "f32", "f64"], "i64");

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

class Maker extends RandomStatements {
  readonly #signatures: readonly Signature[];
  readonly #index: number;
  /** Statements that may still be made. */
  #budget: number;
  #loops = 0;
  readonly #exits: Block[] = [];

  constructor(random: Random, signatures: readonly Signature[], index: number) {
    super(random, new Func(`f${index}`, signatures[index]!, 1000 + index));
    this.#signatures = signatures;
    this.#index = index;
    this.#budget = 6 + random.below(random.oneIn(4) ? 80 : 20);
  }

  make(): Func {
    const b = this.b;
    const params = b.entry();
    if (this.random.oneIn(2)) this.areas = [b.frameArea(20), b.frameArea(16, [0, 8])];
    b.define(this.home, this.allocate());
    for (const type of PARAMS) {
      for (const variable of this.variables[type]) b.define(variable, this.fresh(type));
    }
    params.forEach((param, i) => {
      // Parameters of pointer types are what callers pass: scratch addresses, interior pointers, perhaps null.
      b.define(this.random.pick(this.variables[this.#signature.params[i]!]), param);
    });
    this.#statements(4);
    this.#finish();
    return b.finish();
  }

  get #signature(): Signature {
    return this.#signatures[this.#index]!;
  }

  /** Some statements; afterwards there is a current block. */
  #statements(depth: number): void {
    for (let count = 1 + this.random.below(5); count > 0 && this.#budget > 0; count--) {
      this.#budget -= 1;
      this.#statement(depth);
    }
  }

  #statement(depth: number): void {
    const random = this.random;
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
      () => this.calculate(),
      () => this.calculate(),
      () => this.calculate(),
      () => this.conversion(),
      () => this.select(),
      () => this.memory(),
      () => this.narrow(),
      () => this.block(),
      () => this.atomic(),
      () => this.pointers(),
      () => this.fields(),
      () => this.fields(),
      () => this.area(),
      () => this.check(),
      () => this.#call(),
      () => this.#call(),
      () => this.host(),
      () => this.environment(),
      () => this.set("ref", this.allocate()),
      () => this.#maybeLeave(),
      () => this.sumUp(),
    ])();
  }

  #call(): void {
    const b = this.b;
    const random = this.random;
    const rest = this.#signatures.length - this.#index - 1;
    if (rest === 0) return this.host();
    const index = this.#index + 1 + random.below(rest);
    const callee = this.#signatures[index]!;
    const slot = FIRST_SLOT + index;
    const args = callee.params.map((type) => this.#argument(type));
    const result = random.pick([
      () => b.call(slot, callee, args),
      () => b.calldyn(b.i32(slot), callee, args),
      () => b.callvia(b.i32(slot), this.value("i32"), callee, args),
    ])();
    if (callee.result !== null) this.set(callee.result, result);
  }

  #argument(type: Type): Value {
    // No address of this frame: the callee might keep it for its own caller.
    return type === "addr" ? this.fresh("addr") : this.value(type);
  }

  /** Leaves the function or a loop on a condition: by return, throw, trap, tail call, or a jump to an exit. */
  #maybeLeave(): void {
    const b = this.b;
    const random = this.random;
    const leave = b.block();
    const stay = b.block();
    b.branch(b.op("eqz", b.op("and", this.value("i32"), b.i32(3))), leave, stay);
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
        () => b.throw(this.object()),
        () => b.trap(random.pick(["user", "cast", "size"] as const), this.value("i32")),
        () => b.trap("store", this.value("i32"), this.value("i32")),
        () => {
          b.callhost(HOSTS.raise, [this.object()]);
          b.unreachable();
        },
      ])();
    }
    b.switchTo(stay);
  }

  /** Ends the function at this block. */
  #finish(): void {
    const b = this.b;
    const { result } = this.#signature;
    const rest = this.#signatures.length - this.#index - 1;
    if (rest > 0 && this.random.oneIn(3)) {
      const index = this.#index + 1 + this.random.below(rest);
      const callee = this.#signatures[index]!;
      if (callee.result === result) {
        const args = callee.params.map((type) => this.#argument(type));
        b.tailcall(b.i32(FIRST_SLOT + index), callee, args);
        return;
      }
    }
    if (result === null) return b.ret();
    if (result === "ref") return b.ret(this.value("ref"));
    for (const type of NUMBERS) {
      for (const variable of this.variables[type]) this.mix(this.toI64(type, b.use(variable)));
    }
    this.mix(b.op("sext", b.load("i32", b.use(this.home), 12)));
    const sum = b.use(this.sum);
    if (result === "i64") b.ret(sum);
    else if (result === "i32") b.ret(b.op("wrap", sum));
    else b.ret(b.typed("stof", result, sum));
  }

  // ---- control -------------------------------------------------------------------------------------------------------------------

  /** Blocks are sealed early or by `finish`: both must do. */
  #sealSome(block: Block): void {
    if (this.random.oneIn(2)) this.b.seal(block);
  }

  #if(depth: number): void {
    const b = this.b;
    const then = b.block();
    const join = b.block();
    const otherwise = this.random.oneIn(3) ? join : b.block();
    b.branch(this.condition(), then, otherwise);
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
    const b = this.b;
    if (this.#loops >= 2) return this.#if(depth);
    this.#loops += 1;
    const counter = b.variable("i32");
    const head = b.block();
    const body = b.block();
    const exit = b.block();
    b.define(counter, b.i32(1 + this.random.below(5)));
    b.jump(head);
    b.switchTo(head);
    if (this.random.oneIn(2)) b.poll();
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
    const b = this.b;
    if (this.#loops >= 1) return this.#switch(depth);
    this.#loops += 1;
    const counter = b.variable("i32");
    const [left, right, exit] = [b.block(), b.block(), b.block()];
    b.define(counter, b.i32(1 + this.random.below(4)));
    b.branch(this.condition(), left, right);
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
    const b = this.b;
    const join = b.block();
    const count = 1 + this.random.below(4);
    const targets = Array.from({ length: count }, () => (this.random.oneIn(4) ? join : b.block()));
    const never = this.random.oneIn(4);
    const otherwise = never ? b.block() : join;
    const index = never ? b.op("urem", this.value("i32"), b.i32(count)) : b.op("and", this.value("i32"), b.i32(7));
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
    const b = this.b;
    const outer = b.unwindTo;
    const { block: handler, exception } = b.handlerBlock();
    const join = b.block();
    b.unwindTo = handler;
    this.#statements(depth - 1);
    // Often enough something really throws.
    if (this.random.oneIn(2)) b.op("boundscheck", b.op("and", this.value("i32"), b.i32(3)), b.i32(2));
    if (this.random.oneIn(6)) b.throw(this.object());
    else b.jump(join);
    b.unwindTo = outer;
    if (b.hasPredecessors(handler)) {
      this.#sealSome(handler);
      b.switchTo(handler);
      b.define(this.caught, exception);
      this.#statements(depth - 1);
      if (this.random.oneIn(6)) {
        const again = b.block();
        b.branch(this.condition(), again, join);
        b.switchTo(again);
        b.throw(b.typed("select", "ref", b.op("isnull", b.use(this.caught)), b.use(this.home), b.use(this.caught)));
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
