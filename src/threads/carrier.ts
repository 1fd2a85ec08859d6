/**
 * A carrier: one Worker that runs guest threads. It owns this Worker's function table, installs code when it is first called here,
 * serves the slow paths of compiled code (allocation, polls), and asks the VM thread for everything that needs metadata.
 */

import type { Heap } from "#heap";
import {
  CARRIER_REQUEST,
  CARRIER_REQUEST_ARGS,
  CARRIER_REQUEST_SERVICE,
  CARRIER_REQUEST_SP,
  CARRIER_REQUEST_STATUS,
  CARRIER_THREAD,
  CARRIER_TRUE_LIMIT,
  CARRIER_WAIT_TIME,
  CONTROL_DOORBELL,
  CONTROL_EXIT,
  CONTROL_POLL_STRESS,
  CONTROL_POLL_STRESS_COUNT,
  REQUEST_NONE,
  REQUEST_POSTED,
  STATUS_RETURN,
  THREAD_ENTRY,
  THREAD_FLAGS,
  THREAD_SP,
} from "#layout";
import type { Memory } from "#memory";
import { Bug } from "#support";
import { CodeTable } from "./code-table.ts";
import { queueHot } from "./hot-slots.ts";
import { deflateMonitors } from "./monitor-records.ts";
import { Mutator } from "./mutator.ts";
import { Patience } from "./patience.ts";
import { Scheduler } from "./scheduler.ts";
import { SERVICE_COMPILE, SERVICE_CONTINUE } from "./services.ts";
import { FLAG_ASKED } from "./states.ts";
import { Transfer } from "./transfer.ts";

/** Thrown by a host function that wants the guest to see an exception; the text is the guest's description of it. */
export class GuestFailure extends Error {
  override readonly name = "GuestFailure";
}

/** Host functions that compiled code can call, by HostFunction.name. */
export interface HostFunctions {
  /** Get only their arguments. */
  readonly pure: Readonly<Record<string, (...args: never[]) => unknown>>;
  /** Get the stack pointer first. May throw GuestFailure. */
  readonly direct: Readonly<Record<string, (sp: number, ...args: never[]) => unknown>>;
  /**
   * Like `direct`, and may return a promise: the thread has left the processor then. Only what comes from `park` or `yield` of the
   * scheduler (or follows it by `then`) does that; the carrier sleeps too deep for any other promise to be settled.
   */
  readonly suspending: Readonly<Record<string, (sp: number, ...args: never[]) => unknown>>;
}

export interface CarrierOptions {
  readonly number: number;
  /** What the guest offers besides the substrate's own functions. */
  readonly functions: (carrier: Carrier) => HostFunctions;
  /** After a collection that this carrier ran. May unpark; must not be a safepoint, as a new object may have no type yet. */
  readonly afterCollection: () => void;
  /**
   * A thread with FLAG_ASKED has come to a poll or a function entry; `sp` is anchored. May request, wait by the scheduler, and throw a
   * WebAssembly.Exception with the carrier's tag, which then comes out of the poll, or of the call. Takes the flag back.
   */
  readonly asked?: (sp: number) => void | Promise<void>;
  /** A bug of ours came out of a thread; the carrier's `run` throws it next. */
  readonly fatal: (error: unknown) => void;
  readonly threadEnded: (thread: number) => void;
}

export class Carrier {
  readonly mem: Memory;
  readonly heap: Heap;
  readonly mutator: Mutator;
  readonly scheduler: Scheduler;
  readonly record: number;
  readonly tag: WebAssembly.Tag;
  readonly #code: CodeTable;
  readonly #options: CarrierOptions;
  readonly #transfer: Transfer;
  readonly #patience = new Patience();
  /** Functions in which threads begin, and what V8 makes of them. */
  readonly #entries = new WeakMap<() => void, (sp: number, slot: number) => Promise<unknown>>();

  constructor(mem: Memory, heap: Heap, options: CarrierOptions) {
    this.mem = mem;
    this.heap = heap;
    this.#options = options;
    this.mutator = new Mutator(mem, options.number);
    this.mutator.onSync = () => this.#code.catchUp();
    this.record = this.mutator.record;
    heap.collected = () => deflateMonitors(mem);
    this.#transfer = new Transfer(heap, this.record);
    this.tag = new WebAssembly.Tag({ parameters: ["i32"] });
    this.scheduler = new Scheduler(mem, this.mutator, {
      entry: (thread, sp) => {
        const slot = mem.word(thread + THREAD_ENTRY);
        return this.#promising(this.#code.functionAt(slot))(sp, slot);
      },
      ended: options.threadEnded,
      failed: (_thread, error) => options.fatal(error),
    });
    this.#code = new CodeTable(mem, this.mutator, (table) => this.#imports(table));
  }

  #imports(table: WebAssembly.Table): WebAssembly.Imports {
    return {
      rt: {
        memory: this.mem.memory,
        table,
        tag: this.tag,
        carrier: new WebAssembly.Global({ value: "i32", mutable: false }, this.record),
        alloc: (sp: number, bytes: number) => this.allocate(sp, bytes),
        poll: new WebAssembly.Suspending((sp: number) => this.#poll(sp >>> 0)),
        stack: new WebAssembly.Suspending((sp: number, more: number) => this.#stackCheck(sp >>> 0, more)),
      },
      host: this.#hostFunctions(),
    };
  }

  /** Runs until the VM exits. Throws what came out of a guest thread that is no exception of the guest: a bug of ours. */
  async run(): Promise<void> {
    this.mutator.leaveSafe();
    await this.scheduler.run();
  }

  /** The function, as one that begins a stack of its own. */
  #promising(entry: () => void): (sp: number, slot: number) => Promise<unknown> {
    let begins = this.#entries.get(entry);
    if (begins === undefined) this.#entries.set(entry, (begins = WebAssembly.promising(entry)));
    return begins;
  }

  /** Record of the running guest thread. */
  get thread(): number {
    return this.mem.word(this.record + CARRIER_THREAD);
  }

  /** Says where the running thread's frames begin; to be done before anything that may collect. */
  anchor(sp: number): void {
    this.mem.setWord(this.thread + THREAD_SP, sp);
  }

  /** Collected memory, zeroed; collects if need be; 0: out of memory. A safepoint. */
  allocate(sp: number, bytes: number): number {
    const { heap, record } = this;
    this.anchor(sp);
    for (;;) {
      const ref = heap.allocSlow(record, bytes);
      if (ref !== 0) return ref;
      if (!this.mutator.stopWorld()) continue;
      const last = heap.collectFor(record, bytes);
      this.mutator.resumeWorld();
      this.#options.afterCollection();
      return last;
    }
  }

  /** Stops the world and collects, whatever others collect meanwhile. A safepoint; the running thread is anchored. */
  collect(full: boolean, clearSoft: boolean): void {
    while (!this.mutator.stopWorld());
    this.heap.collect(full, clearSoft);
    this.mutator.resumeWorld();
    this.#options.afterCollection();
  }

  /** Asks the VM thread for a service and sleeps until the answer; gives its STATUS_*. A safepoint. */
  request(sp: number, service: number, a: number, b: number): number {
    const { mem, record } = this;
    this.anchor(sp);
    mem.setWord(record + CARRIER_REQUEST_SERVICE, service);
    mem.setWord(record + CARRIER_REQUEST_SP, sp);
    mem.setWord(record + CARRIER_REQUEST_ARGS, a);
    mem.setWord(record + CARRIER_REQUEST_ARGS + 4, b);
    mem.atomicStore(record + CARRIER_REQUEST, REQUEST_POSTED);
    this.mutator.enterSafe();
    mem.atomicAdd(CONTROL_DOORBELL, 1);
    mem.notify(CONTROL_DOORBELL);
    if (!this.#patience.spin(mem, record + CARRIER_REQUEST, REQUEST_POSTED)) {
      while (mem.atomicLoad(record + CARRIER_REQUEST) === REQUEST_POSTED)
        mem.wait(record + CARRIER_REQUEST, REQUEST_POSTED);
    }
    mem.atomicStore(record + CARRIER_REQUEST, REQUEST_NONE);
    const status = mem.word(record + CARRIER_REQUEST_STATUS);
    this.mutator.leaveSafe();
    return status;
  }

  /** Describes an exception that compiled code is to throw when the running host function returns. */
  pend(text: string): void {
    this.#transfer.pend(text);
  }

  #poll(sp: number): number | Promise<number> {
    this.#stress(sp);
    return this.#serve(sp);
  }

  /** Serves what is asked of the carrier, then what is asked of the thread. */
  #serve(sp: number): number | Promise<number> {
    const yielded = this.scheduler.yield(sp, false);
    if (typeof yielded !== "number") return yielded.then(() => this.#ask(sp));
    return this.#isAsked() ? this.#ask(sp) : yielded;
  }

  #isAsked(): boolean {
    return (this.mem.atomicLoad(this.thread + THREAD_FLAGS) & FLAG_ASKED) !== 0;
  }

  #ask(sp: number): number | Promise<number> {
    if (!this.#isAsked()) return 0;
    this.anchor(sp);
    const done = this.#options.asked?.(sp);
    return done === undefined ? 0 : done.then(() => 0);
  }

  /** VM_STRESS=poll:N: collects at every Nth of all polls and function entries; everything at every fourth of these. */
  #stress(sp: number): void {
    const { mem } = this;
    const every = mem.word(CONTROL_POLL_STRESS);
    if (every === 0 || this.exiting) return;
    const count = mem.atomicAdd(CONTROL_POLL_STRESS_COUNT, 1) + 1;
    if (count % every !== 0) return;
    this.anchor(sp);
    this.collect(count % (4 * every) === 0, false);
  }

  /**
   * What the entry of a function calls when its stack pointer, less the bytes `more` of its frame areas, is below the limit: 1 if the stack
   * is used up. The limit may also have been raised to get here. Other threads may run meanwhile, so what lies in the transfer area is
   * kept for this one.
   */
  #stackCheck(sp: number, more: number): number | Promise<number> {
    this.#stress(sp);
    if (!this.mutator.pollWanted && !this.#isAsked()) {
      this.mutator.catchUp();
      return this.#isUsedUp(sp - more);
    }
    const kept = this.#transfer.keep();
    let served: number | Promise<number> = 0;
    try {
      served = this.#serve(sp);
    } finally {
      if (typeof served === "number") this.#transfer.restore(kept);
    }
    if (typeof served === "number") return this.#isUsedUp(sp - more);
    return served.finally(() => this.#transfer.restore(kept)).then(() => this.#isUsedUp(sp - more));
  }

  #isUsedUp(lowest: number): number {
    return lowest < this.mem.word(this.record + CARRIER_TRUE_LIMIT) ? 1 : 0;
  }

  /**
   * Installs the code of a slot in this Worker; has it compiled first if nobody did. 1: the function wants to be prepared before that, and
   * nothing was done. A safepoint.
   */
  install(sp: number, slot: number): number {
    const { mem } = this;
    for (;;) {
      // After the answer the slot may have been redefined at once.
      while (!this.#code.isCompiled(slot)) {
        const status = this.request(sp, SERVICE_COMPILE, slot, 0);
        // What needs guest code, or throws, belongs into the preparation.
        if (status !== STATUS_RETURN) throw new Bug(`compiling slot ${slot} ended with status ${status}`);
        if (mem.word(this.record + CARRIER_REQUEST_ARGS) === 0) return 1;
      }
      this.anchor(sp);
      if (this.#code.install(slot)) return 0;
    }
  }

  #hostFunctions(): WebAssembly.ModuleImports {
    const { mem } = this;
    const guest = this.#options.functions(this);
    const all: Record<string, unknown> = {
      "vm.hot": (slot: number) => queueHot(mem, slot),
      "vm.install": (sp: number, slot: number) => this.install(sp >>> 0, slot),
      "vm.request": (sp: number, service: number, a: number, b: number) => this.request(sp >>> 0, service, a, b),
      "vm.continue": (sp: number, threw: number) => this.request(sp >>> 0, SERVICE_CONTINUE, threw, 0),
      "vm.wait": new WebAssembly.Suspending((sp: number) =>
        this.scheduler.park(sp >>> 0, mem.f64[(this.record + CARRIER_WAIT_TIME) >>> 3] as number),
      ),
    };
    for (const [name, f] of Object.entries(guest.pure)) all[name] = f;
    for (const [name, f] of Object.entries(guest.direct)) all[name] = this.#guarded(f);
    for (const [name, f] of Object.entries(guest.suspending)) all[name] = new WebAssembly.Suspending(this.#guarded(f));
    return all as WebAssembly.ModuleImports;
  }

  #guarded(f: (sp: number, ...args: never[]) => unknown): (sp: number, ...args: never[]) => unknown {
    const failed = (error: unknown): false => {
      if (!(error instanceof GuestFailure)) throw error;
      this.pend(error.message);
      return false; // converts to the zero of every type
    };
    return (sp, ...args) => {
      this.anchor(sp);
      try {
        const result = f(sp >>> 0, ...args);
        return result instanceof Promise ? result.catch(failed) : result;
      } catch (error) {
        return failed(error);
      }
    };
  }

  /** Whether the VM is exiting. */
  get exiting(): boolean {
    return this.mem.atomicLoad(CONTROL_EXIT) !== 0;
  }
}
