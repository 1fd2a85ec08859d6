/**
 * Runs the guest threads of one carrier, each on its own WebAssembly stack.
 *
 * A guest thread leaves the processor only inside a `Suspending` import (park, poll), by returning a promise; nothing but compiled code
 * lies below it. With nobody else to run, it does not even leave: the Worker sleeps inside the import.
 */
import {
  CARRIER_LOAD,
  CARRIER_MAILBOX,
  CARRIER_THREAD,
  CARRIER_TRUE_LIMIT,
  CONTROL_BOTTOM_SITE,
  CONTROL_EXIT,
  CONTROL_LIVE_THREADS,
  CONTROL_POLL,
  POLL_PREEMPT,
  THREAD_FLAGS,
  THREAD_PERMIT,
  THREAD_SP,
  THREAD_STACK_HIGH,
  THREAD_STACK_LIMIT,
  THREAD_STATE,
} from "#layout";
import type { Memory } from "#memory";
import type { Mutator } from "./mutator.ts";
import { drain } from "./park.ts";
import {
  FLAG_STARTED,
  THREAD_DONE,
  THREAD_PARKED,
  THREAD_READY,
  THREAD_RUNNING,
  WAKE_PERMIT,
  WAKE_TIMEOUT,
} from "./states.ts";

/** A thread that sits suspended in this Worker. */
interface Suspended {
  readonly resume: (wake: number) => void;
  /** Monotonic milliseconds, or Infinity. */
  readonly deadline: number;
}

/** Starts a thread's first frame: (stack pointer) -> a promise that settles when the stack is empty. */
export type Entry = (thread: number, sp: number) => Promise<unknown>;

export interface SchedulerHooks {
  readonly entry: Entry;
  /** The thread's stack is empty; its record may be freed. */
  ended(thread: number): void;
  /** A trap or another failure of ours came out of the thread. */
  failed(thread: number, error: unknown): void;
}

export class Scheduler {
  readonly #mem: Memory;
  readonly #mutator: Mutator;
  readonly #carrier: number;
  readonly #hooks: SchedulerHooks;
  /** Ready threads, first come first served. */
  #ready: number[] = [];
  readonly #suspended = new Map<number, Suspended>();
  /** Resolved when the running thread has left the processor. */
  #left: (() => void) | null = null;
  /** No deadline of a suspended thread comes before this. */
  #time = 0;

  constructor(mem: Memory, mutator: Mutator, hooks: SchedulerHooks) {
    this.#mem = mem;
    this.#mutator = mutator;
    this.#carrier = mutator.record;
    this.#hooks = hooks;
  }

  /** The record of the thread that runs now, or 0. */
  get current(): number {
    return this.#mem.word(this.#carrier + CARRIER_THREAD);
  }

  /** Runs until the VM exits. Called in state RUNNING, returns in state SAFE. */
  async run(): Promise<void> {
    const mem = this.#mem;
    for (;;) {
      const seen = mem.atomicLoad(this.#carrier + CARRIER_MAILBOX);
      this.#collect();
      if (mem.atomicLoad(CONTROL_EXIT) !== 0) break;
      const thread = this.#ready.shift();
      if (thread !== undefined) {
        const left = new Promise<void>((resolve) => {
          this.#left = resolve;
        });
        this.#switchTo(thread);
        await left;
        continue;
      }
      this.#sleep(seen, this.#nextDeadline());
    }
    this.#mutator.enterSafe();
  }

  /** Waits for a permit, at most `milliseconds` (negative: without limit). Called from a Suspending import. */
  park(sp: number, milliseconds: number): number | Promise<number> {
    const mem = this.#mem;
    const thread = this.current;
    if (mem.atomicSwap(thread + THREAD_PERMIT, 0) === 1) return WAKE_PERMIT;
    if (milliseconds === 0) return WAKE_TIMEOUT;
    mem.setWord(thread + THREAD_SP, sp);
    mem.atomicStore(thread + THREAD_STATE, THREAD_PARKED);
    if (mem.atomicLoad(thread + THREAD_PERMIT) === 1) {
      if (mem.atomicCas(thread + THREAD_STATE, THREAD_PARKED, THREAD_RUNNING) === THREAD_PARKED) {
        mem.atomicStore(thread + THREAD_PERMIT, 0);
        return WAKE_PERMIT;
      }
    }
    const deadline = milliseconds < 0 ? Number.POSITIVE_INFINITY : performance.now() + milliseconds;
    for (;;) {
      const seen = mem.atomicLoad(this.#carrier + CARRIER_MAILBOX);
      this.#collect();
      if (mem.atomicLoad(CONTROL_EXIT) !== 0) break;
      if (this.#ready.length > 0) {
        if (this.#ready[0] !== thread) break;
        this.#ready.shift();
        mem.atomicStore(thread + THREAD_STATE, THREAD_RUNNING);
        mem.atomicStore(thread + THREAD_PERMIT, 0);
        this.#mutator.catchUp();
        return WAKE_PERMIT;
      }
      const now = performance.now();
      if (now >= deadline) {
        if (mem.atomicCas(thread + THREAD_STATE, THREAD_PARKED, THREAD_RUNNING) === THREAD_PARKED) return WAKE_TIMEOUT;
        continue; // a permit came at the last moment: the thread is on its way into the queue
      }
      this.#sleep(seen, Math.min(deadline, this.#nextDeadline()));
    }
    return this.#suspend(thread, deadline);
  }

  /** At a poll: gives way to another ready thread if the time slice is over. Called from a Suspending import. */
  yield(sp: number, always: boolean): number | Promise<number> {
    const mem = this.#mem;
    const thread = this.current;
    mem.setWord(thread + THREAD_SP, sp);
    const preempt = (mem.atomicLoad(CONTROL_POLL) & POLL_PREEMPT) !== 0;
    if (preempt) mem.atomicAnd(CONTROL_POLL, ~POLL_PREEMPT);
    this.#mutator.safepoint();
    if (mem.atomicLoad(CONTROL_EXIT) !== 0) return this.#suspend(thread, Number.POSITIVE_INFINITY);
    if (!preempt && !always) return 0;
    this.#collect();
    if (this.#ready.length === 0) return 0;
    mem.atomicStore(thread + THREAD_STATE, THREAD_READY);
    this.#ready.push(thread);
    return this.#suspend(thread, Number.POSITIVE_INFINITY);
  }

  /** Takes threads that others made ready, and those whose time has come. */
  #collect(): void {
    for (const thread of drain(this.#mem, this.#carrier)) this.#ready.push(thread);
    if (this.#suspended.size === 0) return;
    const now = performance.now();
    if (now < this.#time) return;
    let next = Number.POSITIVE_INFINITY;
    for (const [thread, { deadline }] of this.#suspended) {
      if (deadline > now) {
        if (deadline < next) next = deadline;
        continue;
      }
      if (this.#mem.atomicCas(thread + THREAD_STATE, THREAD_PARKED, THREAD_READY) === THREAD_PARKED) this.#ready.push(thread);
    }
    this.#time = next;
  }

  #nextDeadline(): number {
    return this.#suspended.size === 0 ? Number.POSITIVE_INFINITY : this.#time;
  }

  #sleep(seen: number, deadline: number): void {
    const milliseconds = deadline - performance.now();
    if (milliseconds <= 0) return;
    this.#mutator.enterSafe();
    this.#mem.wait(this.#carrier + CARRIER_MAILBOX, seen, milliseconds);
    this.#mutator.leaveSafe();
  }

  #suspend(thread: number, deadline: number): Promise<number> {
    if (deadline < this.#time) this.#time = deadline;
    return new Promise((resume) => {
      this.#suspended.set(thread, { resume, deadline });
      this.#leave();
    });
  }

  #leave(): void {
    const left = this.#left;
    this.#left = null;
    this.#mem.setWord(this.#carrier + CARRIER_THREAD, 0);
    left?.();
  }

  #switchTo(thread: number): void {
    const mem = this.#mem;
    mem.setWord(this.#carrier + CARRIER_THREAD, thread);
    mem.setWord(this.#carrier + CARRIER_TRUE_LIMIT, mem.word(thread + THREAD_STACK_LIMIT));
    mem.atomicStore(thread + THREAD_STATE, THREAD_RUNNING);
    this.#mutator.catchUp();
    const suspended = this.#suspended.get(thread);
    if (suspended !== undefined) {
      this.#suspended.delete(thread);
      suspended.resume(mem.atomicSwap(thread + THREAD_PERMIT, 0) === 1 ? WAKE_PERMIT : WAKE_TIMEOUT);
      return;
    }
    if ((mem.word(thread + THREAD_FLAGS) & FLAG_STARTED) !== 0) throw new Error("a ready thread has no stack here");
    mem.atomicOr(thread + THREAD_FLAGS, FLAG_STARTED);
    const sp = (mem.word(thread + THREAD_STACK_HIGH) - 16) >>> 0;
    mem.setWord(sp, mem.word(CONTROL_BOTTOM_SITE));
    this.#hooks.entry(thread, sp).then(
      () => this.#end(thread),
      (error: unknown) => {
        this.#hooks.failed(thread, error);
        this.#end(thread);
      },
    );
  }

  #end(thread: number): void {
    const mem = this.#mem;
    mem.atomicStore(thread + THREAD_STATE, THREAD_DONE);
    mem.setWord(thread + THREAD_SP, 0);
    mem.atomicAdd(this.#carrier + CARRIER_LOAD, -1);
    mem.atomicAdd(CONTROL_LIVE_THREADS, -1);
    this.#hooks.ended(thread);
    this.#leave();
  }
}

