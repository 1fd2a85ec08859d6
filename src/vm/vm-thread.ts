/**
 * The VM thread: owns all metadata, and serves the requests of the carriers one at a time.
 *
 * A service is a function of a call, or a generator when it may need guest code: it then yields effects of the guest's own making,
 * which `lower` turns into upcalls and waits. The guest thread that asked runs the upcall itself (see src/jit/stubs.ts) and comes back.
 * While a service sleeps in an upcall, other services run, also for the same thread: each thread has a stack of them.
 */

import type { Heap } from "#heap";
import { RootTable } from "#heap";
import type { Signature } from "#ir";
import { type Code, transferPrim, transferRef } from "#jit";
import {
  CARRIER_PENDING,
  CARRIER_REQUEST,
  CARRIER_REQUEST_ARGS,
  CARRIER_REQUEST_SERVICE,
  CARRIER_REQUEST_SP,
  CARRIER_REQUEST_STATUS,
  CARRIER_THREAD,
  CARRIER_UPCALL_INVOKER,
  CARRIER_UPCALL_TARGET,
  CARRIER_WAIT_TIME,
  CONTROL_CARRIER_COUNT,
  CONTROL_DOORBELL,
  CONTROL_EXIT,
  CONTROL_MESSAGES,
  REF_ARGS,
  REF_EXCEPTION,
  REF_RESULT,
  REQUEST_DONE,
  REQUEST_POSTED,
  STATUS_RETURN,
  STATUS_THROW,
  STATUS_UPCALL,
  STATUS_WAIT,
} from "#layout";
import type { Memory } from "#memory";
import { Bug } from "#support";
import {
  carrierRecord,
  deflateMonitors,
  type Mutator,
  Patience,
  SERVICE_COMPILE,
  SERVICE_CONTINUE,
  SERVICE_THROW_PENDING,
} from "#threads";
import { takeMessages } from "./messages.ts";

/** What guest code is to be run: arguments follow the signature; references are given as handles (0 is null). */
export interface Upcall {
  readonly slot: number;
  readonly signature: Signature;
  readonly args: readonly (number | bigint)[];
}

/** The thread is to sleep until it gets a permit, or so many milliseconds (negative: without limit). */
export interface Wait {
  readonly wait: number;
}

export type Answer = number | bigint | undefined;

/** A service that may need guest code. */
export type Steps<E> = Generator<E, void, Answer>;
export type Service<E> = (call: Call) => Steps<E> | undefined;

/** How the guest's effects and exceptions look to the VM thread. */
export interface VmThreadOptions<E> {
  readonly lower: (effect: E) => Upcall | Wait;
  /** Wraps a thrown guest object (a handle that lives until the generator yields again) for `generator.throw`. */
  readonly thrown: (handle: number) => Error;
  /** Makes the guest object for an error that came out of a service; leaves it by `call.fail(handle)`. Undefined: the error is a Bug. */
  readonly exception: (call: Call, error: unknown) => Steps<E> | undefined;
  /** The exception that a host function described. */
  readonly described: (call: Call, text: string) => Steps<E>;
  readonly afterCollection: () => void;
  /** The host sent a text. Called between two requests, in state RUNNING. */
  readonly received?: (text: string) => void;
}

/** One request of a guest thread and what it holds while it is served. */
export class Call {
  readonly mem: Memory;
  /** Record of the guest thread that asks. */
  readonly thread: number;
  /** Its carrier's record. */
  readonly carrier: number;
  /** Its stack pointer: where its frames begin. */
  readonly sp: number;
  readonly a: number;
  readonly b: number;
  readonly #roots: RootTable;
  readonly #handles = new Set<number>();
  /** Handle of the object that the call ends by throwing; 0: it returns. */
  #failure = 0;
  #refs = REF_ARGS;
  #prims = 1;

  constructor(mem: Memory, roots: RootTable, carrier: number) {
    this.mem = mem;
    this.#roots = roots;
    this.carrier = carrier;
    this.thread = mem.word(carrier + CARRIER_THREAD);
    this.sp = mem.word(carrier + CARRIER_REQUEST_SP);
    this.a = mem.word(carrier + CARRIER_REQUEST_ARGS);
    this.b = mem.word(carrier + CARRIER_REQUEST_ARGS + 4);
  }

  /** A handle for a reference; it lives as long as the call, or until `drop`. */
  handle(ref: number): number {
    const handle = this.#roots.add(ref);
    this.#handles.add(handle);
    return handle;
  }

  /** Gives a handle of this call back before its end: for services with many upcalls, whose results are handles of the call. */
  drop(handle: number): void {
    if (this.#handles.delete(handle)) this.#roots.remove(handle);
  }

  /** The next reference argument, as a handle. To be called before the first yield. */
  nextRef(): number {
    const address = this.carrier + transferRef(this.#refs++);
    const handle = this.handle(this.mem.word(address));
    this.mem.setWord(address, 0);
    return handle;
  }

  /** Address of the next argument that is not a reference. To be called before the first yield. */
  nextPrim(): number {
    return this.carrier + transferPrim(this.#prims++);
  }

  /** The result. The last step of a service: upcalls use the same words. */
  returnRef(ref: number): void {
    this.mem.setWord(this.carrier + transferRef(REF_RESULT), ref);
  }

  returnI32(value: number): void {
    this.mem.i32[(this.carrier + transferPrim(0)) >>> 2] = value;
  }

  returnI64(value: bigint): void {
    this.mem.i64[(this.carrier + transferPrim(0)) >>> 3] = value;
  }

  returnF32(value: number): void {
    this.mem.f32[(this.carrier + transferPrim(0)) >>> 2] = value;
  }

  returnF64(value: number): void {
    this.mem.f64[(this.carrier + transferPrim(0)) >>> 3] = value;
  }

  /** The call ends by throwing the object that is in the handle now. */
  fail(handle: number): void {
    this.#failure = this.handle(this.mem.word(handle));
  }

  get failed(): boolean {
    return this.#failure !== 0;
  }

  /** Gives the handles back, and the STATUS_* for the carrier. */
  end(): number {
    const status = this.failed ? STATUS_THROW : STATUS_RETURN;
    if (this.failed) this.mem.setWord(this.carrier + transferRef(REF_EXCEPTION), this.mem.word(this.#failure));
    for (const handle of this.#handles) this.#roots.remove(handle);
    this.#handles.clear();
    return status;
  }
}

interface Activation<E> {
  readonly call: Call;
  steps: Steps<E>;
  /** What the running upcall gives. */
  result: Signature | null;
  /** How often the steps were replaced by those that make an exception; more than a few is a Bug. */
  failures: number;
}

/** Making an exception may fail once more for want of memory; after that something of ours is broken. */
const MAX_FAILURES = 4;

export class VmThread<E> {
  readonly mem: Memory;
  readonly heap: Heap;
  readonly code: Code;
  readonly mutator: Mutator;
  /** Strong roots of the VM thread and the guest's metadata. */
  readonly roots: RootTable;
  readonly #options: VmThreadOptions<E>;
  readonly #services = new Map<number, Service<E>>();
  readonly #patience = new Patience();
  readonly #active = new Map<number, Activation<E>[]>();
  /** The call that is being served. */
  current: Call | null = null;
  /** Number of requests served, for reports. */
  requests = 0;

  constructor(mem: Memory, heap: Heap, code: Code, mutator: Mutator, options: VmThreadOptions<E>) {
    this.mem = mem;
    this.heap = heap;
    this.code = code;
    this.mutator = mutator;
    this.roots = new RootTable(heap);
    this.#options = options;
    heap.collected = () => deflateMonitors(mem);
    code.announce = () => mutator.synchronizeCode();
    code.unattended = (work) => {
      mutator.enterSafe();
      try {
        return work();
      } finally {
        mutator.leaveSafe();
      }
    };
    this.register(SERVICE_COMPILE, (call) => {
      mem.setWord(call.carrier + CARRIER_REQUEST_ARGS, this.code.compile(call.a) ? 1 : 0);
      return undefined;
    });
    this.register(SERVICE_THROW_PENDING, (call) => this.#throwPending(call));
  }

  /** Offers a service under a number. */
  register(number: number, service: Service<E>): void {
    if (this.#services.has(number)) throw new Bug(`service ${number} exists already`);
    this.#services.set(number, service);
  }

  /** Serves requests until the VM exits. Called in state RUNNING. */
  run(): void {
    const { mem } = this;
    this.code.start();
    for (;;) {
      const seen = mem.atomicLoad(CONTROL_DOORBELL);
      if (mem.atomicLoad(CONTROL_EXIT) !== 0) break;
      if (mem.atomicLoad(CONTROL_MESSAGES) !== 0) this.#receive();
      if (this.#serveAll()) continue;
      // What nobody waits for, when nothing else is to be done.
      if (this.code.retranslate()) continue;
      const { pause } = this.code;
      this.mutator.enterSafe();
      if (!this.#patience.spin(mem, CONTROL_DOORBELL, seen)) {
        while (mem.atomicLoad(CONTROL_DOORBELL) === seen && mem.atomicLoad(CONTROL_EXIT) === 0) {
          mem.wait(CONTROL_DOORBELL, seen, pause < 0 ? undefined : pause);
          if (pause >= 0) break;
        }
      }
      this.mutator.leaveSafe();
    }
    this.mutator.enterSafe();
  }

  #receive(): void {
    for (const text of takeMessages(this.mem, this.heap)) this.#options.received?.(text);
  }

  #serveAll(): boolean {
    const { mem } = this;
    let served = false;
    const count = mem.atomicLoad(CONTROL_CARRIER_COUNT);
    for (let number = 1; number < count; number++) {
      const carrier = carrierRecord(number);
      if (mem.atomicLoad(carrier + CARRIER_REQUEST) !== REQUEST_POSTED) continue;
      served = true;
      this.requests++;
      const status = this.#serve(carrier);
      mem.setWord(carrier + CARRIER_REQUEST_STATUS, status);
      mem.atomicStore(carrier + CARRIER_REQUEST, REQUEST_DONE);
      mem.notify(carrier + CARRIER_REQUEST);
      if (this.mutator.pollWanted) this.mutator.safepoint();
    }
    return served;
  }

  #serve(carrier: number): number {
    const number = this.mem.word(carrier + CARRIER_REQUEST_SERVICE);
    if (number === SERVICE_CONTINUE) return this.#continue(carrier);
    const service = this.#services.get(number);
    if (service === undefined) throw new Bug(`there is no service ${number}`);
    const call = new Call(this.mem, this.roots, carrier);
    this.current = call;
    let steps: Steps<E> | undefined;
    let failures = 0;
    try {
      steps = service(call);
    } catch (error) {
      steps = this.#exception(call, error);
      failures = 1;
    }
    if (steps === undefined) return call.end();
    const activation: Activation<E> = { call, steps, result: null, failures };
    let stack = this.#active.get(call.thread);
    if (stack === undefined) this.#active.set(call.thread, (stack = []));
    stack.push(activation);
    return this.#drive(stack, activation, undefined, false);
  }

  #continue(carrier: number): number {
    const thread = this.mem.word(carrier + CARRIER_THREAD);
    const stack = this.#active.get(thread);
    const activation = stack?.[stack.length - 1];
    if (stack === undefined || activation === undefined)
      throw new Bug("a thread goes on with a service that it did not call");
    const threw = this.mem.word(carrier + CARRIER_REQUEST_ARGS) !== 0;
    if (threw) {
      const address = carrier + transferRef(REF_EXCEPTION);
      const handle = activation.call.handle(this.mem.word(address));
      this.mem.setWord(address, 0);
      return this.#drive(stack, activation, handle, true);
    }
    return this.#drive(stack, activation, this.#takeResult(activation, carrier), false);
  }

  #takeResult(activation: Activation<E>, carrier: number): Answer {
    const { mem } = this;
    const type = activation.result?.result ?? null;
    const prim = carrier + transferPrim(0);
    switch (type) {
      case null:
        return undefined;
      case "ref": {
        const address = carrier + transferRef(REF_RESULT);
        const handle = activation.call.handle(mem.word(address));
        mem.setWord(address, 0);
        return handle;
      }
      case "i64":
        return mem.i64[prim >>> 3];
      case "f32":
        return mem.f32[prim >>> 2];
      case "f64":
        return mem.f64[prim >>> 3];
      default:
        return mem.i32[prim >>> 2];
    }
  }

  /** Runs an activation to its next upcall, wait or end; gives the STATUS_* for the carrier. */
  #drive(stack: Activation<E>[], activation: Activation<E>, input: Answer, threw: boolean): number {
    const { call } = activation;
    this.current = call;
    for (;;) {
      try {
        const step = threw
          ? activation.steps.throw(this.#options.thrown(input as number))
          : activation.steps.next(input);
        if (step.done !== true) return this.#effect(call, activation, step.value);
        stack.pop();
        if (stack.length === 0) this.#active.delete(call.thread);
        return call.end();
      } catch (error) {
        if (++activation.failures > MAX_FAILURES) throw error;
        activation.steps = this.#exception(call, error);
        input = undefined;
        threw = false;
      }
    }
  }

  #exception(call: Call, error: unknown): Steps<E> {
    const steps = this.#options.exception(call, error);
    if (steps === undefined) throw error;
    return steps;
  }

  #effect(call: Call, activation: Activation<E>, effect: E): number {
    const { mem } = this;
    const { carrier } = call;
    const lowered = this.#options.lower(effect);
    if ("wait" in lowered) {
      activation.result = null;
      mem.f64[(carrier + CARRIER_WAIT_TIME) >>> 3] = lowered.wait;
      return STATUS_WAIT;
    }
    const { signature, args } = lowered;
    activation.result = signature;
    let refs = REF_ARGS;
    let prims = 1;
    for (let index = 0; index < signature.params.length; index++) {
      const value = args[index] as number | bigint;
      const type = signature.params[index];
      if (type === "ref") {
        mem.setWord(carrier + transferRef(refs++), value === 0 ? 0 : mem.word(value as number));
        continue;
      }
      if (type === "iref") throw new Bug("an upcall cannot take an interior pointer");
      const prim = carrier + transferPrim(prims++);
      if (type === "i64") mem.i64[prim >>> 3] = value as bigint;
      else if (type === "f32") mem.f32[prim >>> 2] = value as number;
      else if (type === "f64") mem.f64[prim >>> 3] = value as number;
      else mem.i32[prim >>> 2] = value as number;
    }
    mem.setWord(carrier + CARRIER_UPCALL_INVOKER, this.code.invoker(signature));
    mem.setWord(carrier + CARRIER_UPCALL_TARGET, lowered.slot);
    return STATUS_UPCALL;
  }

  #throwPending(call: Call): Steps<E> {
    const { mem } = this;
    const address = mem.word(call.carrier + CARRIER_PENDING);
    mem.setWord(call.carrier + CARRIER_PENDING, 0);
    const text = new TextDecoder().decode(mem.copyOut(address + 4, mem.word(address)));
    this.heap.free(address);
    return this.#options.described(call, text);
  }

  /** Collected memory for the VM thread, zeroed; 0: out of memory. A safepoint: references are in handles. */
  allocate(bytes: number): number {
    const { heap, mutator } = this;
    for (;;) {
      const ref = heap.alloc(mutator.record, bytes);
      if (ref !== 0) return ref;
      if (!mutator.stopWorld()) continue;
      const last = heap.collectFor(mutator.record, bytes);
      mutator.resumeWorld();
      this.#options.afterCollection();
      return last;
    }
  }

  /** Between steps of long work: lets the collector run if it wants to. References are in handles. */
  breathe(): void {
    if (this.mutator.pollWanted) this.mutator.safepoint();
  }
}
