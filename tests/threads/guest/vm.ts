/** The VM-thread side of the test guest: functions are IR text, exceptions are pairs with a number. */
import { defineType, type Heap } from "#heap";
import { Builder, Func, type HostFunction, parse, signature, signatureFromKey, type TrapKind, type Value } from "#ir";
import { type Body, Code, SERVICE_CALL_SIGNATURE, serviceCallFunction } from "#jit";
import { CARRIER_PENDING, CARRIER_THREAD, CONTROL_GUEST, THREAD_GUEST } from "#layout";
import type { Memory } from "#memory";
import { Switches } from "#support";
import { emitLock, emitUnlock, FIRST_GUEST_SERVICE, type Mutator, SERVICE_THROW_PENDING } from "#threads";
import { type Call, makeThread, type Service, type Steps, startThread, type Upcall, VmThread, type Wait } from "#vm";
import {
  type Interprets,
  PAIR_A,
  PAIR_B,
  PAIR_BYTES,
  PAIR_LOCK,
  PAIR_NUMBER,
  TRAP_NUMBERS,
  WORD_FREE,
  WORD_LIVE,
  WORD_SHARED,
  WORDS,
} from "./protocol.ts";

export type Effect = Upcall | Wait;
/** Defines functions and services, and starts threads. */
export type Scenario = (g: TestVm, args: readonly number[]) => void;
/** Builds a function's body behind its entry. */
export type Make = (b: Builder, params: Value[]) => void;

/** A guest exception as services see it. */
export class GuestThrow extends Error {
  override readonly name = "GuestThrow";
  readonly handle: number;
  constructor(handle: number) {
    super("thrown by the guest");
    this.handle = handle;
  }
}

/** What a service throws to make the guest throw a new exception. */
export class GuestError extends Error {
  override readonly name = "GuestError";
  readonly number: number;
  constructor(number: number) {
    super(`exception ${number}`);
    this.number = number;
  }
}

const host = (name: string, key: string): HostFunction => ({ name, signature: signatureFromKey(key), pure: false });

/** Declarations of the carrier's host functions (carrier-worker.ts), for IR text. */
export const HOSTS = `
host @"g.collect" "()v"
host @"g.exit" "(i)v"
host @"g.fail" "(i)v"
host @"g.failLater" "(i)v"
host @"g.now" "()d"
host @"g.three" "(iii)i"
host @"g.bug" "()v"
host @"g.bugLater" "()v"
host @"g.done" "()v"
host @"g.uncaught" "(i)v"
host @"g.busy" "(d)v"
host @"g.unpark" "(a)v"
host @"g.interrupt" "(a)v"
host @"g.start" "(ii)a"
host @"g.park" "(d)i"
host @"g.yield" "()v"
host @"g.enter" "(r)v"
host @"g.exitMonitor" "(r)i"
host @"g.wait" "(rd)i"
host @"g.notify" "(ri)i"
host @"g.hash" "(r)i"
`;

export class TestVm {
  readonly mem: Memory;
  readonly heap: Heap;
  readonly code: Code;
  readonly vm: VmThread<Effect>;
  /** Address of the shared words. */
  readonly words: number;
  readonly type: number;
  /** Slot of the service call. */
  readonly service: number;
  readonly newPair: number;
  readonly enter: number;
  readonly exit: number;
  /** (): throws what a host function described, if one did. */
  readonly checkPending: number;
  readonly #entry: number;
  readonly #traps: Record<TrapKind, number>;
  readonly #stackBytes: number;
  #nextService = FIRST_GUEST_SERVICE;

  constructor(mem: Memory, heap: Heap, mutator: Mutator, stackBytes: number, interprets: Interprets) {
    this.mem = mem;
    this.heap = heap;
    this.#stackBytes = stackBytes;
    this.words = heap.malloc(4 * WORDS);
    mem.setWord(CONTROL_GUEST, this.words);
    this.type = defineType(heap, { kind: "fixed", size: PAIR_BYTES, refs: [PAIR_A, PAIR_B], name: "pair" });
    mem.setWord(this.words + 4 * WORD_SHARED, this.#immortal(0));
    let functions = 0;
    this.code = new Code(mem, {
      // Only what the scenarios of tiers.ts define has an id.
      hotAfter: 1000,
      interprets: () => interprets === "all" || (interprets === "half" && functions++ % 2 === 0),
      serviceSlot: () => this.service,
      wantsPreparation: () => false,
      trapSlot: (kind) => this.#traps[kind],
      malloc: (bytes) => heap.tryMalloc(bytes),
      switches: Switches.parse({ VM_CHECK: "ir" }),
      breathe: () => this.vm.breathe(),
    });
    this.vm = new VmThread<Effect>(mem, heap, this.code, mutator, {
      lower: (effect) => effect,
      thrown: (handle) => new GuestThrow(handle),
      exception: (call, error) => this.#exception(call, error),
      described: (call, text) => this.#failWith(call, Number(text)),
      afterCollection: () => {},
    });
    this.service = this.code.allocate(SERVICE_CALL_SIGNATURE, 0, serviceCallFunction);
    this.#traps = this.#makeTraps();
    this.newPair = this.#makeNewPair();
    [this.enter, this.exit] = this.#makeMonitors();
    this.checkPending = this.#makeCheckPending();
    this.#entry = this.#makeEntry();
  }

  /** Address of a free shared word. */
  word(index: number): number {
    return this.words + 4 * (WORD_FREE + index);
  }

  /** A slot for a signature key, whose text comes later: `fill`. */
  declare(key: string): { readonly slot: number; fill(text: string): void } {
    let body = "";
    const slot = this.code.allocate(signatureFromKey(key), 0, () => this.#parse(body, key));
    return {
      slot,
      fill: (text) => {
        body = text;
      },
    };
  }

  /** A function from IR text: `(v0: i32) -> i32 { ... }`. */
  define(key: string, text: string): number {
    const { slot, fill } = this.declare(key);
    fill(text);
    return slot;
  }

  #parse(text: string, key: string): Func {
    const { functions } = parse(`${HOSTS}\nfunc @f${text}\n`, key);
    return functions[0]!.func;
  }

  /** A function made with the builder. */
  build(key: string, make: Make): number {
    return this.code.allocate(signatureFromKey(key), 0, this.body(key, make));
  }

  /** The body of such a function. */
  body(key: string, make: Make): Body {
    return () => {
      const b = new Builder(new Func(`built ${key}`, signatureFromKey(key)));
      make(b, b.entry());
      return b.finish();
    };
  }

  addService(service: Service<Effect>): number {
    const number = this.#nextService++;
    this.vm.register(number, service);
    return number;
  }

  /** Starts threads that run a function (i32) -> () with these arguments. The VM exits with 0 when the last one ends. */
  start(slot: number, args: readonly number[]): number[] {
    const { mem } = this;
    mem.atomicAdd(this.words + 4 * WORD_LIVE, args.length);
    const threads = args.map((arg) => {
      const thread = makeThread(mem, this.heap, this.#entry, this.#stackBytes);
      if (thread === 0) throw new Error("no memory for a stack");
      mem.setWord(thread + THREAD_GUEST, arg);
      mem.setWord(thread + THREAD_GUEST + 4, slot);
      return thread;
    });
    for (const thread of threads) startThread(mem, thread);
    return threads;
  }

  /** Entry slot of threads: function and argument are in the record. */
  get entry(): number {
    return this.#entry;
  }

  /** A new pair; a safepoint. */
  allocatePair(number: number): number {
    const pair = this.vm.allocate(PAIR_BYTES);
    if (pair === 0) throw new GuestError(TRAP_NUMBERS.memory);
    this.mem.setWord(pair, this.type);
    this.mem.setWord(pair + PAIR_NUMBER, number);
    return pair;
  }

  #immortal(number: number): number {
    const object = this.heap.allocImmortal(PAIR_BYTES);
    this.mem.setWord(object, this.type);
    this.mem.setWord(object + PAIR_NUMBER, number);
    return object;
  }

  #exception(call: Call, error: unknown): Steps<Effect> | undefined {
    if (error instanceof GuestThrow) return this.#rethrow(call, error.handle);
    if (error instanceof GuestError) return this.#failWith(call, error.number);
    return undefined;
  }

  *#rethrow(call: Call, handle: number): Steps<Effect> {
    yield* [];
    call.fail(handle);
  }

  *#failWith(call: Call, number: number): Steps<Effect> {
    yield* [];
    call.fail(call.handle(this.allocatePair(number)));
  }

  #makeTraps(): Record<TrapKind, number> {
    const traps = {} as Record<TrapKind, number>;
    for (const [kind, number] of Object.entries(TRAP_NUMBERS) as [TrapKind, number][]) {
      const exception = this.#immortal(number);
      traps[kind] = this.build("(ii)v", (b) => b.throw(b.op("rawref", b.addr(exception))));
    }
    return traps;
  }

  /** (a, b, number) -> pair. */
  #makeNewPair(): number {
    return this.build("(rri)r", (b, [first, second, number]) => {
      const pair = b.alloc(b.i32(PAIR_BYTES));
      b.mem("store", null, 0, pair, b.addr(this.type));
      b.store(pair, PAIR_A, first as Value);
      b.store(pair, PAIR_B, second as Value);
      b.store(pair, PAIR_NUMBER, number as Value);
      b.ret(pair);
    });
  }

  /** Monitors, with the paths of compiled code. */
  #makeMonitors(): [number, number] {
    const enter = this.build("(r)v", (b, [object]) => {
      emitLock(b, object!, PAIR_LOCK, host("g.enter", "(r)v"));
      b.ret();
    });
    const exit = this.build("(r)v", (b, [object]) => {
      const slow = (): void => {
        const [fine, bad] = [b.block(), b.block()];
        b.branch(b.callhost(host("g.exitMonitor", "(r)i"), [object!]), fine, bad);
        b.switchTo(bad);
        b.trap("user");
        b.switchTo(fine);
      };
      emitUnlock(b, object!, PAIR_LOCK, slow, host("g.wake", "(r)v"));
      b.ret();
    });
    return [enter, exit];
  }

  #makeCheckPending(): number {
    return this.build("()v", (b) => {
      const [throws, fine] = [b.block(), b.block()];
      b.branch(b.load("i32", b.op("carrier"), CARRIER_PENDING), throws, fine);
      b.switchTo(throws);
      b.call(this.service, SERVICE_CALL_SIGNATURE, [b.i32(SERVICE_THROW_PENDING), b.i32(0), b.i32(0)]);
      b.unreachable();
      b.switchTo(fine);
      b.ret();
    });
  }

  #makeEntry(): number {
    return this.build("()v", (b) => {
      const thread = b.load("addr", b.op("carrier"), CARRIER_THREAD);
      const handler = b.handlerBlock();
      b.unwindTo = handler.block;
      b.calldyn(b.load("i32", thread, THREAD_GUEST + 4), signature(["i32"], null), [
        b.load("i32", thread, THREAD_GUEST),
      ]);
      b.unwindTo = null;
      b.callhost(host("g.done", "()v"), []);
      b.ret();
      b.switchTo(handler.block);
      b.callhost(host("g.uncaught", "(i)v"), [b.load("i32", handler.exception, PAIR_NUMBER)]);
      b.ret();
    });
  }
}
