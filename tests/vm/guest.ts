/** A small guest for the tests of the kit: an exception has a text; each scenario is a main function. */
import { defineType } from "#heap";
import { type Builder, signature, type Value } from "#ir";
import { CARRIER_THREAD } from "#layout";
import { GuestFailure } from "#threads";
import { type Guest, GuestVm, hostFunction, KIT, type StepsOf, Thrown, type VmStart } from "#vm";

export interface Data {
  readonly scenario: string;
  readonly number?: number;
}

/** An exception: type, reference of its text. A text: type, number of bytes, bytes. */
const FAILURE_TEXT = 4;
const FAILURE_BYTES = 8;
const TEXT_LENGTH = 4;
const TEXT_DATA = 8;
/** A pair: type, reference, number. */
const PAIR_NEXT = 4;
const PAIR_NUMBER = 8;
const PAIR_BYTES = 16;

const HOST = {
  /** (number): fails when it is negative, else its double. */
  twice: hostFunction("t.twice", "(i)i"),
  say: hostFunction("t.say", "(i)v"),
  /** (exception): its text goes to the host. */
  tell: hostFunction("t.tell", "(r)v"),
  bug: hostFunction("t.bug", "()v"),
};

class Scenarios {
  readonly vm: GuestVm<Data>;
  readonly #text: number;
  readonly #failure: number;
  readonly #pair: number;

  constructor(start: VmStart<Data>) {
    const { heap } = start;
    this.#text = defineType(heap, {
      kind: "data",
      first: TEXT_DATA,
      elementBytes: 1,
      lengthOffset: TEXT_LENGTH,
      name: "text",
    });
    this.#failure = defineType(heap, { kind: "fixed", size: FAILURE_BYTES, refs: [FAILURE_TEXT], name: "failure" });
    this.#pair = defineType(heap, { kind: "fixed", size: PAIR_BYTES, refs: [PAIR_NEXT], name: "pair" });
    const memory = this.#immortalFailure(start, "out of memory");
    const prepared = start.data.scenario !== "unprepared";
    this.vm = new GuestVm(start, {
      exception: (text, call) =>
        prepared && text === "out of memory" ? memory : this.#makeFailure(text, (ref) => call.handle(ref)),
      trap: (kind, first, second) => (kind === "memory" ? "out of memory" : `${kind} ${first} ${second}`),
      ...(start.data.scenario === "uncaughtDefault"
        ? {}
        : { uncaught: (b: Builder, exception: Value) => void b.callhost(HOST.tell, [exception]) }),
    });
  }

  #immortalFailure({ mem, heap }: VmStart<Data>, text: string): number {
    const bytes = new TextEncoder().encode(text);
    const string = heap.allocImmortal((TEXT_DATA + bytes.length + 7) & ~7);
    mem.setWord(string, this.#text);
    mem.setWord(string + TEXT_LENGTH, bytes.length);
    mem.copyIn(string + TEXT_DATA, bytes);
    const failure = heap.allocImmortal(FAILURE_BYTES);
    mem.setWord(failure, this.#failure);
    mem.setWord(failure + FAILURE_TEXT, string);
    return failure;
  }

  #makeFailure(text: string, handle: (ref: number) => number): number {
    const { vm } = this;
    const bytes = new TextEncoder().encode(text);
    const string = vm.allocate(this.#text, (TEXT_DATA + bytes.length + 7) & ~7);
    vm.mem.setWord(string + TEXT_LENGTH, bytes.length);
    vm.mem.copyIn(string + TEXT_DATA, bytes);
    const kept = handle(string);
    const failure = vm.allocate(this.#failure, FAILURE_BYTES);
    vm.mem.setWord(failure + FAILURE_TEXT, vm.mem.word(kept));
    return failure;
  }

  /** Starts a main thread. */
  #main(make: (b: Builder) => void): void {
    this.vm.startThread(this.vm.define("main", "()v", make));
  }

  /** Runs what `emit` emits; what it throws is told. */
  #told(b: Builder, emit: () => void): void {
    const outer = b.unwindTo;
    const handler = b.handlerBlock();
    const done = b.block();
    b.unwindTo = handler.block;
    emit();
    b.unwindTo = outer;
    if (b.current !== null) b.jump(done);
    b.switchTo(handler.block);
    b.callhost(HOST.tell, [handler.exception]);
    b.jump(done);
    b.switchTo(done);
  }

  readonly #say = (b: Builder, n: number): void => void b.callhost(HOST.say, [b.i32(n)]);

  hostFailure(): void {
    this.#main((b) => {
      b.callhost(HOST.say, [this.vm.callHost(b, HOST.twice, [b.i32(21)])]);
      this.#told(b, () => b.callhost(HOST.say, [this.vm.callHost(b, HOST.twice, [b.i32(-3)])]));
      this.#say(b, 1);
    });
  }

  traps(): void {
    const { vm } = this;
    const recurse: number = vm.define("recurse", "(ri)i", (b, [object, n]) => {
      const again = b.call(recurse, signature(["ref", "i32"], "i32"), [object!, b.op("add", n!, b.i32(1))]);
      b.ret(b.op("add", again, b.load("i32", object!, PAIR_NUMBER)));
    });
    this.#main((b) => {
      this.#told(b, () => b.op("boundscheck", b.i32(7), b.i32(5)));
      this.#told(b, () => b.op("zerocheck", b.i32(0)));
      this.#told(b, () => b.op("nullcheck", b.nullRef()));
      const pair = vm.newObject(b, this.#pair, PAIR_BYTES);
      // Twice: the reserve is closed again.
      for (let i = 0; i < 2; i++)
        this.#told(b, () => void b.call(recurse, signature(["ref", "i32"], "i32"), [pair, b.i32(0)]));
      this.#told(b, () => this.#exhaust(b));
    });
  }

  /** Makes a list without end. */
  #exhaust(b: Builder): void {
    const head = b.variable("ref");
    const loop = b.block();
    b.jump(loop);
    b.switchTo(loop);
    const next = this.vm.newObject(b, this.#pair, PAIR_BYTES);
    b.store(next, PAIR_NEXT, b.use(head));
    b.define(head, next);
    b.jump(loop);
  }

  services(): void {
    const { vm } = this;
    const callback = vm.define("callback", "(i)i", (b, [n]) => {
      b.ret(vm.callHost(b, HOST.twice, [n!]));
    });
    const int = signature(["i32"], "i32");
    const take = (call: { nextPrim(): number }): number => vm.mem.i32[call.nextPrim() >>> 2] as number;
    /** Calls back with the number; what that throws becomes 1000. */
    const upcall = vm.service(function* (call) {
      const n = take(call);
      try {
        call.returnI32(((yield { slot: callback, signature: int, args: [n] }) as number) + 1);
      } catch (error) {
        if (!(error instanceof Thrown)) throw error;
        call.returnI32(1000);
      }
    });
    const passesOn = vm.service(function* (call) {
      yield { slot: callback, signature: int, args: [take(call)] };
    });
    const fails = vm.service((call) => {
      throw new GuestFailure(`the service refuses ${take(call)}`);
    });
    /** Gives the reference that it got. */
    const same = vm.service((call) => {
      const handle = call.nextRef();
      vm.allocate(this.#pair, PAIR_BYTES);
      call.returnRef(vm.mem.word(handle));
      return undefined;
    });
    this.#main((b) => {
      b.callhost(HOST.say, [vm.callService(b, upcall, [b.i32(4)], "i32")]);
      b.callhost(HOST.say, [vm.callService(b, upcall, [b.i32(-4)], "i32")]);
      this.#told(b, () => vm.callService(b, passesOn, [b.i32(-5)]));
      this.#told(b, () => vm.callService(b, fails, [b.i32(6)]));
      const pair = vm.newObject(b, this.#pair, PAIR_BYTES);
      b.store(pair, PAIR_NUMBER, b.i32(77));
      b.callhost(HOST.say, [b.load("i32", vm.callService(b, same, [pair], "ref"), PAIR_NUMBER)]);
    });
  }

  /** Two threads with an object each, one of which hands its number over; and a daemon that never ends. */
  threads(): void {
    const { vm } = this;
    const forever = vm.define("forever", "()v", (b) => {
      const loop = b.block();
      b.jump(loop);
      b.switchTo(loop);
      b.poll();
      b.jump(loop);
    });
    const child = vm.define("child", "(r)v", (b, [pair]) => {
      const waiting = b.load("addr", pair!, PAIR_NUMBER + 4);
      b.store(b.load("ref", pair!, PAIR_NEXT), PAIR_NUMBER, b.i32(5));
      b.callhost(KIT.unpark, [waiting]);
      b.callhost(KIT.park, [b.f64(0x4024000000000000n)]); // 10 ms
      this.#say(b, 2);
    });
    const entry = vm.threadEntry(child);
    vm.startThread(forever, { daemon: true });
    this.#main((b) => {
      const result = vm.newObject(b, this.#pair, PAIR_BYTES);
      const pair = vm.newObject(b, this.#pair, PAIR_BYTES);
      b.store(pair, PAIR_NEXT, result);
      b.mem("store", null, PAIR_NUMBER + 4, pair, b.load("addr", b.op("carrier"), CARRIER_THREAD));
      vm.callHost(b, KIT.start, [b.i32(entry), pair, b.i32(0)]);
      const [wait, done] = [b.block(), b.block()];
      b.jump(wait);
      b.switchTo(wait);
      b.callhost(KIT.park, [b.f64(0xbff0000000000000n)]); // -1
      b.callhost(KIT.collect, []);
      b.branch(b.load("i32", result, PAIR_NUMBER), done, wait);
      b.switchTo(done);
      b.callhost(HOST.say, [b.load("i32", result, PAIR_NUMBER)]);
      // The main thread ends first; the VM waits for the child.
    });
  }

  uncaught(): void {
    this.#main((b) => {
      this.vm.callHost(b, HOST.twice, [b.i32(-9)]);
    });
  }

  uncaughtDefault(): void {
    this.uncaught();
  }

  exitStatus(): void {
    this.#main((b) => {
      b.callhost(KIT.exitStatus, [b.i32(3)]);
      b.callhost(KIT.exitStatus, [b.i32(4)]);
    });
  }

  /** Says the length of each text the host sends, until an empty one comes. */
  messages(): void {
    const { vm } = this;
    const next = vm.service(function* (call): StepsOf<void> {
      const text = yield* vm.nextMessage();
      vm.post(`heard ${text.length > 40 ? `${text.length} units` : text}`);
      call.returnI32(text.length);
    });
    this.#main((b) => {
      const [loop, done] = [b.block(), b.block()];
      b.jump(loop);
      b.switchTo(loop);
      b.branch(vm.callService(b, next, [], "i32"), loop, done);
      b.switchTo(done);
    });
  }

  forever(): void {
    this.#main((b) => {
      this.#say(b, 1);
      const loop = b.block();
      b.jump(loop);
      b.switchTo(loop);
      b.poll();
      b.jump(loop);
    });
  }

  bug(): void {
    this.#main((b) => {
      b.callhost(HOST.bug, []);
    });
  }

  nothing(): void {}

  /** Uses up all memory, without an exception made for that. */
  unprepared(): void {
    this.#main((b) => this.#told(b, () => this.#exhaust(b)));
  }

  /** Allocates, collects, and says the number it was given. */
  number(): void {
    const { vm } = this;
    this.#main((b) => {
      const pair = vm.newObject(b, this.#pair, PAIR_BYTES);
      b.store(pair, PAIR_NUMBER, b.i32(vm.data.number ?? 0));
      for (let i = 0; i < 3; i++) b.callhost(KIT.collect, []);
      b.callhost(HOST.say, [b.load("i32", pair, PAIR_NUMBER)]);
      b.callhost(KIT.exit, [b.load("i32", pair, PAIR_NUMBER)]);
    });
  }
}

export const guest: Guest<Data> = {
  vmThread(start) {
    const scenarios = new Scenarios(start);
    const name = start.data.scenario as Exclude<keyof Scenarios, "vm">;
    scenarios[name]();
    return scenarios.vm;
  },
  carrier(c) {
    return {
      direct: {
        "t.twice": (_sp: number, n: number) => {
          if (n < 0) throw new GuestFailure(`${n} is negative`);
          return 2 * n;
        },
        "t.say": (_sp: number, n: number) => c.post(n),
        "t.tell": (_sp: number, exception: number) => {
          const text = c.mem.word((exception >>> 0) + FAILURE_TEXT);
          c.post(new TextDecoder().decode(c.mem.copyOut(text + TEXT_DATA, c.mem.word(text + TEXT_LENGTH))));
        },
        "t.bug": () => {
          throw new TypeError("a bug in a host function");
        },
      },
    };
  },
};
