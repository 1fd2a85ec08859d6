/**
 * A guest's VM thread, with what most guests would write themselves: code and services, traps that become guest exceptions, exceptions that
 * host functions describe, threads with an argument, and texts from the host. A guest that needs other things builds on Code and VmThread.
 */
import type { Heap } from "#heap";
import {
  Builder,
  Func,
  type HostFunction,
  NO_VALUE,
  type Signature,
  signature,
  signatureFromKey,
  TRAP_KINDS,
  type TrapKind,
  type Type,
  type Value,
} from "#ir";
import { Code, type CodeOptions, SERVICE_CALL_SIGNATURE, serviceCallFunction, transferPrim, transferRef } from "#jit";
import {
  CARRIER_PENDING,
  CARRIER_THREAD,
  CONTROL_NEXT_THREAD_ID,
  REF_ARGS,
  REF_RESULT,
  ROOTS_WORDS,
  THREAD_REFS,
} from "#layout";
import type { Memory } from "#memory";
import { Bug, type Switches } from "#support";
import { FIRST_GUEST_SERVICE, GuestFailure, type Mutator, SERVICE_THROW_PENDING, SERVICE_TRAP, unpark } from "#threads";
import { KIT, trapFailure, trapOf, type VmStart } from "./guest.ts";
import { launch, type ThreadOptions } from "./guest-carrier.ts";
import { type Answer, type Call, type Service, type Steps, type Upcall, VmThread, type Wait } from "./vm-thread.ts";

/** What a service of this kit yields: guest code to run, or a sleep. */
export type Effect = Upcall | Wait;
/** The steps of a service that gives a result to the steps that called it by `yield*`. */
export type StepsOf<T> = Generator<Effect, T, Answer>;

/** A guest exception that came out of an upcall; a service that does not catch it throws it on. */
export class Thrown extends Error {
  override readonly name = "Thrown";
  /** Handle of the exception object; lives as long as the call. */
  readonly handle: number;
  constructor(handle: number) {
    super("thrown by the guest");
    this.handle = handle;
  }
}

export interface GuestVmOptions {
  /**
   * The exception object for the text of a GuestFailure: a raw reference, never 0. May allocate by `vm.allocate`, which throws trap `memory`
   * in its turn; for that trap, give an object made beforehand. `call` has the thread and where its frames begin.
   */
  readonly exception: (text: string, call: Call) => number;
  /** The text for a check that failed in compiled code. Operands as `ops` says of the kind: index and length, bytes; never references. */
  readonly trap: (kind: TrapKind, first: number, second: number) => string;
  /**
   * Emits what a thread does with an exception that nobody caught; it then ends. Without it: a line on standard error. Afterwards the exit
   * status is 1, unless it was set. See KIT.
   */
  readonly uncaught?: (b: Builder, exception: Value) => void;
  /** What else Code takes. */
  readonly code?: Partial<CodeOptions>;
  /** See VmThreadOptions; a collection that the VM thread ran. */
  readonly afterCollection?: () => void;
}

const NO_SIGNATURE = signature([], null);
const REF_SIGNATURE = signature(["ref"], null);
const TRAP_SIGNATURE = signature(["i32", "i32"], null);

export class GuestVm<Data = unknown> {
  readonly mem: Memory;
  readonly heap: Heap;
  readonly mutator: Mutator;
  readonly data: Data;
  readonly switches: Switches;
  readonly post: (data: unknown) => void;
  readonly code: Code;
  readonly thread: VmThread<Effect>;
  /** Slot of the service call: SERVICE_CALL_SIGNATURE. */
  readonly serviceSlot: number;
  /** Slot of the function that a failed check calls, by kind: (i32, i32) -> (). May be replaced before the first thread starts. */
  readonly traps: Record<TrapKind, number>;
  readonly #options: GuestVmOptions;
  /** Slot of () -> (): throws what a host function described. */
  readonly #throwPending: number;
  readonly #entries = new Map<number, number>();
  readonly #messages: string[] = [];
  #readers: number[] = [];
  #nextService = FIRST_GUEST_SERVICE;

  constructor(start: VmStart<Data>, options: GuestVmOptions) {
    const { mem, heap, mutator, data, switches, post } = start;
    this.mem = mem;
    this.heap = heap;
    this.mutator = mutator;
    this.data = data;
    this.switches = switches;
    this.post = post;
    this.#options = options;
    this.code = new Code(mem, {
      serviceSlot: () => this.serviceSlot,
      wantsPreparation: () => false,
      trapSlot: (kind) => this.traps[kind],
      malloc: (bytes) => heap.tryMalloc(bytes),
      switches,
      breathe: () => this.thread.breathe(),
      ...options.code,
    });
    this.thread = new VmThread<Effect>(mem, heap, this.code, mutator, {
      lower: (effect) => effect,
      thrown: (handle) => new Thrown(handle),
      exception: (call, error) => this.#failed(call, error),
      described: (call, text) => this.#describe(call, text),
      afterCollection: options.afterCollection ?? (() => {}),
      received: (text) => this.#received(text),
    });
    this.thread.register(SERVICE_TRAP, (call) => {
      const [first, second] = [call.nextPrim(), call.nextPrim()];
      throw trapFailure(TRAP_KINDS[call.a] as TrapKind, mem.i32[first >>> 2], mem.i32[second >>> 2]);
    });
    this.serviceSlot = this.code.allocate(SERVICE_CALL_SIGNATURE, 0, serviceCallFunction);
    this.#throwPending = this.define("throw pending", NO_SIGNATURE, (b) =>
      this.#inReserve(b, () => this.#callServiceSlot(b, SERVICE_THROW_PENDING, 0)),
    );
    this.traps = this.#makeTraps();
  }

  // ---- functions and services ---------------------------------------------------------------------------------------------------

  /**
   * A new slot, whose function is built when it is first called: `make` gets a builder in the entry block. A signature may be given by its
   * key: "(ri)v". Without a result, the function returns where `make` leaves it. The id is for the guest, stack walks and `CodeOptions`.
   */
  define(name: string, type: Signature | string, make: (b: Builder, params: Value[]) => void, functionId = 0): number {
    const sig = typeof type === "string" ? signatureFromKey(type) : type;
    return this.code.allocate(sig, functionId, () => {
      const b = new Builder(new Func(name, sig, functionId));
      make(b, b.entry());
      if (b.current !== null && sig.result === null) b.ret();
      return b.finish();
    });
  }

  /**
   * Offers a service; gives its number for {@link callService}. It may throw GuestFailure, and be a generator: then it yields what guest
   * code is to run ({@link Upcall}; the answer is its result, a reference as a handle), and sleeps ({@link Wait}).
   */
  service(serve: Service<Effect>): number {
    const number = this.#nextService++;
    this.thread.register(number, serve);
    return number;
  }

  // ---- what is emitted into functions -------------------------------------------------------------------------------------------

  /** Calls a host function, and throws what it described if it failed. NO_VALUE if it has no result. */
  callHost(b: Builder, host: HostFunction, args: readonly Value[]): Value {
    const result = b.callhost(host, args);
    if (host.pure) return result;
    const [failed, fine] = [b.block(), b.block()];
    failed.cold = true;
    b.branch(b.load("i32", b.op("carrier"), CARRIER_PENDING), failed, fine);
    b.seal(failed);
    b.seal(fine);
    b.switchTo(failed);
    b.call(this.#throwPending, NO_SIGNATURE, []);
    b.unreachable();
    b.switchTo(fine);
    return result;
  }

  /**
   * Asks the VM thread for a service. The service gets the arguments by `call.nextRef()` and `call.nextPrim()`, each in their order, and
   * gives the result by `call.returnRef`, `returnI32`, … NO_VALUE without a result type.
   */
  callService(b: Builder, service: number, args: readonly Value[] = [], result: Type | null = null): Value {
    const carrier = b.op("carrier");
    let refs = REF_ARGS;
    let prims = 1;
    for (const arg of args) {
      if (b.func.types[arg] === "ref") b.mem("store", null, transferRef(refs++), carrier, b.op("rawaddr", arg));
      else b.mem("store", null, transferPrim(prims++), carrier, arg);
    }
    this.#callServiceSlot(b, service, 0);
    if (result === null) return NO_VALUE;
    const after = b.op("carrier");
    if (result !== "ref") return b.load(result, after, transferPrim(0));
    const ref = b.load("ref", after, transferRef(REF_RESULT));
    b.mem("store", null, transferRef(REF_RESULT), after, b.i32(0));
    return ref;
  }

  /** A new object: zeroed, with its type record's address. `bytes` is a multiple of 8. Throws trap `memory`. */
  newObject(b: Builder, type: number, bytes: number): Value {
    const object = b.alloc(b.i32(bytes));
    b.mem("store", null, 0, object, b.addr(type));
    return object;
  }

  // ---- on the VM thread ---------------------------------------------------------------------------------------------------------

  /** A zeroed object of a type, as a raw reference; throws trap `memory`. A safepoint: other references are in handles. */
  allocate(type: number, bytes: number): number {
    const ref = this.thread.allocate(bytes);
    if (ref === 0) throw trapFailure("memory", bytes);
    this.mem.setWord(ref, type);
    return ref;
  }

  /** An object that never moves and is never freed. */
  allocateImmortal(type: number, bytes: number): number {
    const ref = this.heap.allocImmortal(bytes);
    this.mem.setWord(ref, type);
    return ref;
  }

  /** Slot of () -> () where a thread starts that is to run the function: (ref) -> () or () -> (). */
  threadEntry(slot: number, takesRef = true): number {
    let entry = this.#entries.get(slot);
    if (entry === undefined) {
      entry = this.define("thread entry", NO_SIGNATURE, (b) => this.#buildEntry(b, slot, takesRef));
      this.#entries.set(slot, entry);
    }
    return entry;
  }

  /**
   * Starts a thread that runs the function: (ref) -> () with `handle`'s reference, or without a handle () -> (). Gives its record. The VM
   * exits when the last thread that is no daemon has ended. Throws trap `memory`.
   */
  startThread(slot: number, options: ThreadOptions & { readonly handle?: number } = {}): number {
    const entry = this.threadEntry(slot, options.handle !== undefined);
    this.code.start();
    const ref = options.handle === undefined ? 0 : this.mem.word(options.handle);
    const thread = launch(this.mem, this.heap, entry, ref, options);
    if (thread === 0) throw trapFailure("memory", options.stackBytes ?? 0);
    return thread;
  }

  /** The oldest text from the host that was not taken yet (`VirtualMachine.send`); undefined: there is none now. */
  takeMessage(): string | undefined {
    return this.#messages.shift();
  }

  /** The same in a service: the guest thread sleeps until there is one. */
  *nextMessage(): StepsOf<string> {
    const { current } = this.thread;
    for (;;) {
      const text = this.#messages.shift();
      if (text !== undefined) return text;
      this.#readers.push((current as Call).thread);
      yield { wait: -1 };
    }
  }

  /** Serves requests until the VM exits. Called by the Worker. */
  run(): void {
    if (this.mem.atomicLoad(CONTROL_NEXT_THREAD_ID) === 0) throw new Bug("the guest has started no thread");
    this.thread.run();
  }

  // ---- inside -------------------------------------------------------------------------------------------------------------------

  #received(text: string): void {
    this.#messages.push(text);
    const readers = this.#readers;
    this.#readers = [];
    for (const thread of readers) unpark(this.mem, thread);
  }

  #failed(call: Call, error: unknown): Steps<Effect> | undefined {
    if (error instanceof Thrown) return this.#throwHandle(call, error.handle);
    if (error instanceof GuestFailure) return this.#describe(call, error.message);
    return undefined;
  }

  *#throwHandle(call: Call, handle: number): Steps<Effect> {
    yield* [];
    call.fail(handle);
  }

  *#describe(call: Call, text: string): Steps<Effect> {
    yield* [];
    const trap = trapOf(text);
    const said = trap === undefined ? text : this.#options.trap(trap.kind, trap.first, trap.second);
    let exception = 0;
    try {
      exception = this.#options.exception(said, call);
    } catch (error) {
      // For want of memory for an exception, out of memory is thrown; and for want of memory for that one, nothing can be.
      if (trap?.kind !== "memory" || !(error instanceof GuestFailure)) throw error;
    }
    if (exception === 0) throw new Bug(`the guest made no exception for ${JSON.stringify(said)}`);
    call.fail(call.handle(exception));
  }

  #callServiceSlot(b: Builder, service: number, a: number): void {
    b.call(this.serviceSlot, SERVICE_CALL_SIGNATURE, [b.i32(service), b.i32(a), b.i32(0)]);
  }

  /** Runs what throws with the stack's reserve open, so that the stack being used up does not throw something else. */
  #inReserve(b: Builder, emit: () => void): void {
    b.func.inReserve = true;
    b.callhost(KIT.reserve, [b.i32(1)]);
    const handler = b.handlerBlock();
    b.unwindTo = handler.block;
    emit();
    b.unwindTo = null;
    b.unreachable();
    b.switchTo(handler.block);
    b.callhost(KIT.reserve, [b.i32(0)]);
    b.throw(handler.exception);
  }

  #makeTraps(): Record<TrapKind, number> {
    const traps = {} as Record<TrapKind, number>;
    for (const [index, kind] of TRAP_KINDS.entries()) {
      traps[kind] = this.define(`trap ${kind}`, TRAP_SIGNATURE, (b, [first, second]) =>
        this.#inReserve(b, () => {
          const carrier = b.op("carrier");
          b.mem("store", null, transferPrim(1), carrier, first as Value);
          b.mem("store", null, transferPrim(2), carrier, second as Value);
          this.#callServiceSlot(b, SERVICE_TRAP, index);
        }),
      );
    }
    return traps;
  }

  #buildEntry(b: Builder, slot: number, takesRef: boolean): void {
    const thread = b.load("addr", b.op("carrier"), CARRIER_THREAD);
    const [uncaught, broken] = [b.handlerBlock(), b.handlerBlock()];
    b.unwindTo = uncaught.block;
    if (takesRef) b.call(slot, REF_SIGNATURE, [b.load("ref", thread, THREAD_REFS + ROOTS_WORDS)]);
    else b.call(slot, NO_SIGNATURE, []);
    b.unwindTo = null;
    b.ret();
    b.switchTo(uncaught.block);
    b.unwindTo = broken.block;
    if (this.#options.uncaught === undefined) b.callhost(KIT.uncaught, [uncaught.exception]);
    else this.#options.uncaught(b, uncaught.exception);
    b.unwindTo = null;
    if (b.current !== null) {
      b.callhost(KIT.exitStatus, [b.i32(1)]);
      b.ret();
    }
    if (!b.hasPredecessors(broken.block)) return;
    b.switchTo(broken.block);
    b.callhost(KIT.uncaught, [broken.exception]);
    b.callhost(KIT.exitStatus, [b.i32(1)]);
    b.ret();
  }
}
