/**
 * Runs the guest threads of one carrier, each on its own WebAssembly stack.
 *
 * A guest thread leaves the processor only inside a `Suspending` import (park, poll, stack check), by returning a promise; nothing but
 * compiled code lies below it. With nobody else to run, it does not even leave: the Worker sleeps inside the import.
 *
 *   NEW ──startThread──▶ READY ──run──▶ RUNNING ──▶ DONE
 *                         ▲ ▲             │  │
 *                         │ └───yield─────┘  │
 *          unpark, time-out                  │ no permit
 *                         │                  ▼
 *                         └─────────────── PARKED ──permit or time-out before it left──▶ RUNNING
 *
 * Whoever takes a thread out of PARKED does it by compare-and-exchange, so one alone does; to READY, he also puts it in a queue.
 */
import {
  CARRIER_BUSY,
  CARRIER_LOAD,
  CARRIER_MAILBOX,
  CARRIER_PREEMPT,
  CARRIER_STATE,
  CARRIER_THREAD,
  CARRIER_TRUE_LIMIT,
  CONTROL_BOTTOM_SITE,
  CONTROL_CARRIER_COUNT,
  CONTROL_EXIT,
  CONTROL_POLL,
  POLL_PREEMPT,
  STATE_RUNNING,
  THREAD_FLAGS,
  THREAD_PERMIT,
  THREAD_SLICES,
  THREAD_SP,
  THREAD_STACK_HIGH,
  THREAD_STACK_LIMIT,
  THREAD_STATE,
  THREAD_WAITED_COUNT,
  THREAD_WAITS,
} from "#layout";
import type { Memory } from "#memory";
import { Bug } from "#support";
import { countEnded } from "./counts.ts";
import { Deadlines, type Timed } from "./deadlines.ts";
import { carrierRecord, type Mutator } from "./mutator.ts";
import { newThreads, takeNew, wakeIdle } from "./new-threads.ts";
import { drain } from "./park.ts";
import { Patience } from "./patience.ts";
import { ReadyQueue } from "./ready-queue.ts";
import {
  FLAG_STARTED,
  FLAG_URGENT,
  THREAD_DONE,
  THREAD_PARKED,
  THREAD_READY,
  THREAD_RUNNING,
  WAITS_NOTHING,
  WAKE_PERMIT,
  WAKE_TIMEOUT,
} from "./states.ts";
import { TurnQueue } from "./turn-queue.ts";

/** Threads that were woken have the carrier so long before others get a turn. */
const WOKEN_MILLISECONDS = 10;

/** After so many polls for the sake of other carriers, some 100 µs, they are asked again at the next tick. */
const VAIN_POLLS = 100;
/** A thread is young for so many slices; one with FLAG_URGENT gives way after so many. */
const YOUNG_SLICES = 10;

/** A thread that sits suspended in this Worker. */
interface Suspended extends Timed {
  readonly thread: number;
  readonly resume: (wake: number) => void;
  /** It waits for a permit; else it only gave way. */
  readonly parks: boolean;
}

/** Starts a thread's first frame: (stack pointer) -> a promise that settles when the stack is empty. */
export type Entry = (thread: number, sp: number) => Promise<unknown>;

export interface SchedulerHooks {
  readonly entry: Entry;
  /** The thread's stack is empty; its record may be forgotten. */
  ended(thread: number): void;
  /** A trap or another failure of ours came out of the thread; `run` throws it. */
  failed(thread: number, error: unknown): void;
}

export class Scheduler {
  readonly #mem: Memory;
  readonly #mutator: Mutator;
  readonly #carrier: number;
  readonly #hooks: SchedulerHooks;
  /** Threads that waited for something and may go on, first come first served; and those that gave way. */
  readonly #woken = new ReadyQueue();
  readonly #ready = new TurnQueue();
  /** When a thread that had given way, or had not begun, last had a turn; and whether one has it now. */
  #turnEnded = 0;
  #isTurn = false;
  readonly #suspended = new Map<number, Suspended>();
  readonly #patience = new Patience();
  /** Resolved when the running thread has left the processor. */
  #left: (() => void) | null = null;
  #failure: { readonly error: unknown } | null = null;
  readonly #deadlines = new Deadlines<Suspended>();
  /** Polls in a row that were wanted of other carriers only. */
  #vainPolls = 0;
  /** Whether the last thread that ran had only just begun. */
  #begun = false;

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

  /**
   * Runs until the VM exits. Called in state RUNNING, returns in state SAFE. Throws what came out of a guest thread: after that the VM is
   * of no use any more.
   */
  async run(): Promise<void> {
    const mem = this.#mem;
    mem.atomicStore(this.#carrier + CARRIER_BUSY, 0);
    try {
      for (;;) {
        const seen = mem.atomicLoad(this.#carrier + CARRIER_MAILBOX);
        this.#collect();
        if (mem.atomicLoad(CONTROL_EXIT) !== 0) break;
        const thread = this.#next();
        if (thread !== 0) {
          const left = new Promise<void>((resolve) => {
            this.#left = resolve;
          });
          this.#switchTo(thread);
          await left;
          if (this.#failure !== null) throw this.#failure.error;
          continue;
        }
        this.#sleep(seen, this.#deadlines.first);
      }
    } finally {
      this.#mutator.enterSafe();
    }
  }

  /**
   * Who is to run; 0: nobody. Woken threads come first, as they seldom need long, but not for longer than WOKEN_MILLISECONDS after one of the others
   * had its turn. Of these, a thread that has not begun and a ready one are taken in turns, if there are both.
   */
  #next(): number {
    if (this.#woken.length > 0) {
      if (this.#ready.length === 0 && newThreads(this.#mem) === 0) return this.#woken.shift();
      const now = performance.now();
      if (this.#isTurn) this.#turnEnded = now;
      this.#isTurn = false;
      if (now - this.#turnEnded < WOKEN_MILLISECONDS) return this.#woken.shift();
    }
    if (this.#ready.length > 0 && this.#begun) {
      this.#begun = false;
      this.#isTurn = true;
      return this.#ready.shift();
    }
    const thread = this.#mayTakeNew() ? takeNew(this.#mem, this.#carrier) : 0;
    this.#begun = thread !== 0;
    this.#isTurn = this.#begun || this.#ready.length > 0;
    return thread || this.#ready.shift() || this.#woken.shift();
  }

  /** Whether there is a thread that has not begun, and no carrier with less to do that could take it. */
  #mayTakeNew(): boolean {
    if (newThreads(this.#mem) === 0) return false;
    return this.#ready.length + this.#woken.length === 0 || !wakeIdle(this.#mem);
  }

  /** Waits for a permit, at most `milliseconds` (negative: without limit). Called from a Suspending import. A safepoint. */
  park(sp: number, milliseconds: number): number | Promise<number> {
    const mem = this.#mem;
    const thread = this.current;
    if (mem.atomicSwap(thread + THREAD_PERMIT, 0) === 1) return WAKE_PERMIT;
    if (milliseconds === 0) return WAKE_TIMEOUT;
    mem.setWord(thread + THREAD_SP, sp);
    if (mem.word(thread + THREAD_WAITS) === WAITS_NOTHING)
      mem.setWord(thread + THREAD_WAITED_COUNT, mem.word(thread + THREAD_WAITED_COUNT) + 1);
    const deadline = milliseconds < 0 ? Number.POSITIVE_INFINITY : performance.now() + milliseconds;
    mem.setWord(thread + THREAD_SLICES, 0);
    mem.atomicAdd(this.#carrier + CARRIER_BUSY, -1);
    mem.atomicStore(thread + THREAD_STATE, THREAD_PARKED);
    // From here on `unpark` finds the thread; what came before left its permit.
    if (mem.atomicLoad(thread + THREAD_PERMIT) === 1 && this.#unparkSelf(thread)) {
      mem.atomicStore(thread + THREAD_PERMIT, 0);
      return WAKE_PERMIT;
    }
    for (;;) {
      const seen = mem.atomicLoad(this.#carrier + CARRIER_MAILBOX);
      this.#collect();
      if (mem.atomicLoad(CONTROL_EXIT) !== 0) break;
      if (this.#ready.length > 0) break;
      if (this.#woken.length > 0) {
        if (this.#woken.first !== thread) break;
        this.#woken.shift();
        mem.atomicStore(thread + THREAD_STATE, THREAD_RUNNING);
        mem.atomicStore(thread + THREAD_PERMIT, 0);
        return WAKE_PERMIT;
      }
      if (performance.now() >= deadline) {
        if (this.#unparkSelf(thread)) return WAKE_TIMEOUT;
        continue; // a permit came at the last moment: the thread is on its way into the queue
      }
      if (newThreads(mem) > 0) break;
      this.#sleep(seen, Math.min(deadline, this.#deadlines.first));
    }
    return this.#suspend(thread, deadline, true);
  }

  /** The running thread, which is PARKED but has not left, goes on. False: somebody made it READY before. */
  #unparkSelf(thread: number): boolean {
    const mem = this.#mem;
    if (mem.atomicCas(thread + THREAD_STATE, THREAD_PARKED, THREAD_RUNNING) !== THREAD_PARKED) return false;
    mem.atomicAdd(this.#carrier + CARRIER_BUSY, 1);
    return true;
  }

  /**
   * At a poll: serves what is asked of this carrier, and gives way to another ready thread if the time slice is over, or in any case.
   * Called from a Suspending import. A safepoint.
   */
  yield(sp: number, always: boolean): number | Promise<number> {
    const mem = this.#mem;
    const thread = this.current;
    mem.setWord(thread + THREAD_SP, sp);
    const over = this.#takeTick();
    this.#mutator.safepoint();
    if (mem.atomicLoad(CONTROL_EXIT) !== 0) return this.#suspend(thread, Number.POSITIVE_INFINITY, false);
    if (!over && !always) return 0;
    this.#collect();
    if (this.#ready.length + this.#woken.length === 0 && (newThreads(mem) === 0 || wakeIdle(mem))) return 0;
    const isUrgent = (mem.atomicLoad(thread + THREAD_FLAGS) & FLAG_URGENT) !== 0;
    const slices = mem.word(thread + THREAD_SLICES) + 1;
    mem.setWord(thread + THREAD_SLICES, slices);
    if (isUrgent && !always && slices % YOUNG_SLICES !== 0) return 0;
    mem.atomicStore(thread + THREAD_STATE, THREAD_READY);
    this.#ready.push(thread, isUrgent || slices <= YOUNG_SLICES);
    return this.#suspend(thread, Number.POSITIVE_INFINITY, false);
  }

  /**
   * Whether the time slice of the running thread is over. Takes the request back once no running carrier has to serve it any more, or has not
   * served it for long: it may have no processor. A request that comes in between is lost, and the next tick repeats it.
   */
  #takeTick(): boolean {
    const mem = this.#mem;
    if ((mem.atomicLoad(CONTROL_POLL) & POLL_PREEMPT) === 0) return false;
    const over = mem.atomicSwap(this.#carrier + CARRIER_PREEMPT, 0) !== 0;
    const count = mem.atomicLoad(CONTROL_CARRIER_COUNT);
    this.#vainPolls = over ? 0 : this.#vainPolls + 1;
    for (let number = 1; number < count && this.#vainPolls < VAIN_POLLS; number++) {
      const record = carrierRecord(number);
      if (mem.atomicLoad(record + CARRIER_PREEMPT) !== 0 && mem.atomicLoad(record + CARRIER_STATE) === STATE_RUNNING) {
        return over;
      }
    }
    this.#vainPolls = 0;
    mem.atomicAnd(CONTROL_POLL, ~POLL_PREEMPT);
    return over;
  }

  /** Takes threads that others made ready, and those whose time has come. */
  #collect(): void {
    const mem = this.#mem;
    for (const thread of drain(mem, this.#carrier)) this.#woken.push(thread);
    if (this.#deadlines.first === Number.POSITIVE_INFINITY) return;
    const now = performance.now();
    for (let due = this.#deadlines.takeDue(now); due !== undefined; due = this.#deadlines.takeDue(now)) {
      const { thread } = due;
      if (mem.atomicCas(thread + THREAD_STATE, THREAD_PARKED, THREAD_READY) !== THREAD_PARKED) continue;
      mem.atomicAdd(this.#carrier + CARRIER_BUSY, 1);
      this.#woken.push(thread);
    }
  }

  /** Until something comes into the mailbox after `seen` was read, or the deadline. */
  #sleep(seen: number, deadline: number): void {
    const mem = this.#mem;
    const mailbox = this.#carrier + CARRIER_MAILBOX;
    this.#mutator.enterSafe();
    if (!this.#patience.spin(mem, mailbox, seen)) {
      const milliseconds = deadline - performance.now();
      if (milliseconds > 0) mem.wait(mailbox, seen, milliseconds);
    }
    this.#mutator.leaveSafe();
  }

  #suspend(thread: number, deadline: number, parks: boolean): Promise<number> {
    return new Promise((resume) => {
      const suspended: Suspended = { thread, resume, deadline, parks, place: -1 };
      this.#suspended.set(thread, suspended);
      if (deadline !== Number.POSITIVE_INFINITY) this.#deadlines.add(suspended);
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
    mem.atomicStore(this.#carrier + CARRIER_PREEMPT, 0);
    mem.atomicStore(thread + THREAD_STATE, THREAD_RUNNING);
    this.#mutator.catchUp();
    const suspended = this.#suspended.get(thread);
    if (suspended !== undefined) {
      this.#suspended.delete(thread);
      this.#deadlines.remove(suspended);
      // A thread that only gave way keeps its permit.
      const permit = suspended.parks && mem.atomicSwap(thread + THREAD_PERMIT, 0) === 1;
      suspended.resume(!suspended.parks ? 0 : permit ? WAKE_PERMIT : WAKE_TIMEOUT);
      return;
    }
    if ((mem.atomicOr(thread + THREAD_FLAGS, FLAG_STARTED) & FLAG_STARTED) !== 0) {
      throw new Bug("a ready thread has no stack here");
    }
    const sp = (mem.word(thread + THREAD_STACK_HIGH) - 16) >>> 0;
    mem.setWord(sp, mem.word(CONTROL_BOTTOM_SITE));
    this.#hooks
      .entry(thread, sp)
      .then(() => this.#end(thread))
      .catch((error: unknown) => this.#fail(thread, error));
  }

  #end(thread: number): void {
    const mem = this.#mem;
    mem.setWord(thread + THREAD_SP, 0);
    mem.atomicStore(thread + THREAD_STATE, THREAD_DONE);
    mem.atomicAdd(this.#carrier + CARRIER_BUSY, -1);
    mem.atomicAdd(this.#carrier + CARRIER_LOAD, -1);
    countEnded(mem, thread);
    this.#hooks.ended(thread);
    this.#leave();
  }

  #fail(thread: number, error: unknown): void {
    this.#failure = { error };
    this.#hooks.failed(thread, error);
    this.#leave();
  }
}
