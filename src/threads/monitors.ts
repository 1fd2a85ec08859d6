/**
 * Monitors: locks that any object can have, with a condition. The object's lock word says which:
 *
 *    31                  12 11         2 1 0
 *   ┌──────────────────────┬────────────┬───┐
 *   │ identity hash, or 0               │0 0│  neutral
 *   ├──────────────────────┬────────────┼───┤
 *   │ thread id            │ recursions │0 1│  thin: compiled code takes and leaves it alone
 *   ├──────────────────────┴────────────┼───┤
 *   │ address of the monitor            │1 0│  inflated
 *   └───────────────────────────────────┴───┘
 *
 * Every change of the word is a compare-and-exchange, so anybody may inflate: a monitor takes over the owner and the count of the
 * thin word it replaces. The owner of a monitor is set by compare-and-exchange too; only the owner changes it back, and the count. Thin locks are
 * after Bacon et al., PLDI 1998. A word stays inflated until the next collection finds that nobody uses the monitor: see monitor-records.ts.
 *
 * Entering, as a thread sees it (the guard of the monitor is held while queues change):
 *
 *   try ──free, or mine──▶ owner
 *    │ ▲
 *    │ └──unparked by a release, or for nothing── parked
 *    └──taken by another──▶ in the entry queue ──▶ parked
 *
 * A release leaves the woken thread in the queue: it takes itself out when it becomes the owner. So if a third thread was
 * faster, the woken one parks again and the next release finds it still in front.
 */

import {
  CARRIER_LOCK_OFFSET,
  CARRIER_THREAD,
  REF_BLOCKER,
  ROOTS_WORDS,
  THREAD_BLOCKED_COUNT,
  THREAD_FLAGS,
  THREAD_ID,
  THREAD_MONITOR,
  THREAD_QUEUE,
  THREAD_QUEUE_NEXT,
  THREAD_QUEUE_PREVIOUS,
  THREAD_REFS,
  THREAD_WAITED_COUNT,
  THREAD_WAITS,
} from "#layout";
import type { Memory } from "#memory";
import type { Carrier } from "./carrier.ts";
import {
  bindMonitor,
  giveMonitor,
  MONITOR_COUNT,
  MONITOR_DISPLACED,
  MONITOR_ENTRY,
  MONITOR_GUARD,
  MONITOR_OWNER,
  MONITOR_PINS,
  MONITOR_WAIT,
  takeMonitor,
} from "./monitor-records.ts";
import { unpark } from "./park.ts";
import { FLAG_INTERRUPTED, WAITS_ENTER, WAITS_NOTHING, WAITS_NOTIFY, WAITS_RELOCK } from "./states.ts";

const NEUTRAL = 0;
export const THIN = 1;
export const INFLATED = 2;
export const TAG_MASK = 3;
export const LOG_THREAD = 12;
export const MAX_RECURSIONS = 1023;
/** Compiled code makes a monitor of a lock that is taken more often than so at once: a monitor's count is its owner's alone, and needs no exchange. */
export const THIN_RECURSIONS = 3;

/** Offset in a thread's record of the object whose monitor it waits for. */
const BLOCKER = THREAD_REFS + ROOTS_WORDS + 4 * REF_BLOCKER;

/** Address of the monitor that an inflated lock word names. */
function monitorOf(word: number): number {
  return (word & ~TAG_MASK) >>> 0;
}

/** Who holds the lock whose word is there: the thread's id (0: nobody) and how often it has taken it. The world is stopped. */
export function lockHolder(mem: Memory, lockWord: number): { readonly id: number; readonly times: number } {
  const word = mem.atomicLoad(lockWord);
  if ((word & TAG_MASK) === THIN) return { id: word >>> LOG_THREAD, times: ((word >>> 2) & MAX_RECURSIONS) + 1 };
  if ((word & TAG_MASK) !== INFLATED) return { id: 0, times: 0 };
  const id = mem.word(monitorOf(word) + MONITOR_OWNER);
  return { id, times: id === 0 ? 0 : mem.word(monitorOf(word) + MONITOR_COUNT) + 1 };
}

export type WaitResult = "notified" | "timeout" | "interrupted" | "not owner";

export class Monitors {
  readonly #carrier: Carrier;
  readonly #mem: Memory;
  /** Offset of the lock word in every object. */
  readonly #lock: number;
  #hash = ((Math.random() * 0x7fffffff) | 0) + 1;

  constructor(carrier: Carrier, lockOffset: number) {
    this.#carrier = carrier;
    this.#mem = carrier.mem;
    this.#lock = lockOffset;
    carrier.mem.setWord(carrier.record + CARRIER_LOCK_OFFSET, lockOffset);
  }

  /** The object's identity hash: 1 to 2^30 - 1, the same for its whole life. */
  identityHash(object: number): number {
    const mem = this.#mem;
    for (;;) {
      const word = mem.atomicLoad(object + this.#lock);
      if ((word & TAG_MASK) === NEUTRAL) {
        if (word !== 0) return word >>> 2;
        const hash = this.#nextHash();
        if (mem.atomicCas(object + this.#lock, 0, hash << 2) === 0) return hash;
      } else {
        const monitor = this.#inflate(object);
        const displaced = mem.atomicLoad(monitor + MONITOR_DISPLACED);
        if (displaced !== 0) return displaced >>> 2;
        const hash = this.#nextHash();
        if (mem.atomicCas(monitor + MONITOR_DISPLACED, 0, hash << 2) === 0) return hash;
      }
    }
  }

  /** Marsaglia's xorshift, 30 bits of it, never 0. */
  #nextHash(): number {
    let x = this.#hash;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#hash = x;
    return x >>> 2 || 1;
  }

  /** Takes the object's lock; the slow path of compiled code. */
  enter(sp: number, object: number): void | Promise<void> {
    const monitor = this.#inflate(object);
    const thread = this.#thread();
    if (this.#tryTake(monitor, thread, 0, false)) return;
    const mem = this.#mem;
    mem.setWord(thread + THREAD_BLOCKED_COUNT, mem.word(thread + THREAD_BLOCKED_COUNT) + 1);
    this.#waits(thread, WAITS_ENTER, object);
    const parked = this.#carrier.scheduler.park(sp, -1);
    return typeof parked === "number" ? this.#take(sp, monitor, 0) : parked.then(() => this.#take(sp, monitor, 0));
  }

  /** Leaves the object's lock. False: the thread does not own it. */
  exit(object: number): boolean {
    const mem = this.#mem;
    const word = mem.atomicLoad(object + this.#lock);
    const tag = word & TAG_MASK;
    if (tag === THIN) {
      if (word >>> LOG_THREAD !== this.#id()) return false;
      const count = (word >>> 2) & MAX_RECURSIONS;
      if (mem.atomicCas(object + this.#lock, word, count === 0 ? 0 : word - 4) === word) return true;
      return this.exit(object); // it was inflated meanwhile
    }
    if (tag !== INFLATED) return false;
    const monitor = monitorOf(word);
    if (mem.word(monitor + MONITOR_OWNER) !== this.#id()) return false;
    this.#locked(monitor, () => {
      const count = mem.word(monitor + MONITOR_COUNT);
      if (count > 0) mem.setWord(monitor + MONITOR_COUNT, count - 1);
      else this.#release(monitor);
    });
    return true;
  }

  /** Whether the running thread owns the object's lock. */
  owns(object: number): boolean {
    const word = this.#mem.atomicLoad(object + this.#lock);
    if ((word & TAG_MASK) === THIN) return word >>> LOG_THREAD === this.#id();
    return (word & TAG_MASK) === INFLATED && this.#mem.word(monitorOf(word) + MONITOR_OWNER) === this.#id();
  }

  /**
   * Gives the lock up, waits to be notified, at most `milliseconds` (0: without limit), and takes the lock again. `blocked` is called when
   * the wait is over and the lock is not free.
   */
  wait(
    sp: number,
    object: number,
    milliseconds: number,
    blocked: () => void = () => {},
  ): WaitResult | Promise<WaitResult> {
    const mem = this.#mem;
    if (!this.owns(object)) return "not owner";
    const thread = this.#thread();
    if ((mem.atomicAnd(thread + THREAD_FLAGS, ~FLAG_INTERRUPTED) & FLAG_INTERRUPTED) !== 0) return "interrupted";
    const monitor = this.#inflate(object);
    let count = 0;
    mem.setWord(thread + THREAD_WAITED_COUNT, mem.word(thread + THREAD_WAITED_COUNT) + 1);
    this.#waits(thread, WAITS_NOTIFY, object);
    this.#locked(monitor, () => {
      count = mem.word(monitor + MONITOR_COUNT);
      mem.atomicStore(thread + THREAD_MONITOR, monitor);
      this.#append(monitor + MONITOR_WAIT, thread);
      mem.setWord(monitor + MONITOR_PINS, mem.word(monitor + MONITOR_PINS) + 1);
      this.#release(monitor);
    });
    const deadline = milliseconds <= 0 ? Number.POSITIVE_INFINITY : performance.now() + milliseconds;
    return this.#await(sp, monitor, thread, count, deadline, blocked);
  }

  async #awaitLater(
    parked: Promise<number>,
    sp: number,
    monitor: number,
    thread: number,
    count: number,
    deadline: number,
    blocked: () => void,
  ): Promise<WaitResult> {
    await parked;
    return this.#await(sp, monitor, thread, count, deadline, blocked);
  }

  #await(
    sp: number,
    monitor: number,
    thread: number,
    count: number,
    deadline: number,
    blocked: () => void,
  ): WaitResult | Promise<WaitResult> {
    const mem = this.#mem;
    for (;;) {
      if (mem.atomicLoad(thread + THREAD_MONITOR) === 0) return this.#back(sp, monitor, count, "notified", blocked);
      if ((mem.atomicLoad(thread + THREAD_FLAGS) & FLAG_INTERRUPTED) !== 0) {
        if (!this.#withdraw(monitor, thread)) continue;
        mem.atomicAnd(thread + THREAD_FLAGS, ~FLAG_INTERRUPTED);
        return this.#back(sp, monitor, count, "interrupted", blocked);
      }
      const left = deadline - performance.now();
      if (left <= 0) {
        if (!this.#withdraw(monitor, thread)) continue;
        return this.#back(sp, monitor, count, "timeout", blocked);
      }
      const parked = this.#carrier.scheduler.park(sp, left === Number.POSITIVE_INFINITY ? -1 : left);
      if (typeof parked !== "number") return this.#awaitLater(parked, sp, monitor, thread, count, deadline, blocked);
    }
  }

  /** Takes a waiting thread out of the wait queue. False: it was notified at the last moment. */
  #withdraw(monitor: number, thread: number): boolean {
    const mem = this.#mem;
    let withdrawn = false;
    this.#locked(monitor, () => {
      if (mem.word(thread + THREAD_MONITOR) !== monitor) return;
      this.#remove(monitor + MONITOR_WAIT, thread);
      mem.atomicStore(thread + THREAD_MONITOR, 0);
      withdrawn = true;
    });
    return withdrawn;
  }

  #back(
    sp: number,
    monitor: number,
    count: number,
    result: WaitResult,
    blocked: () => void,
  ): WaitResult | Promise<WaitResult> {
    const thread = this.#thread();
    this.#mem.setWord(thread + THREAD_WAITS, WAITS_RELOCK);
    if (this.#tryTake(monitor, thread, count, true)) {
      this.#waits(thread, WAITS_NOTHING, 0);
      return result;
    }
    blocked();
    const taken = this.#take(sp, monitor, count);
    return taken === undefined ? result : taken.then(() => result);
  }

  /**
   * Moves one or all waiting threads to the entry queue: the lock's release wakes them, one after the other. `moved` is called for each, and may
   * write its record. False: the thread does not own the lock.
   */
  notify(object: number, all: boolean, moved: (thread: number) => void = () => {}): boolean {
    const mem = this.#mem;
    if (!this.owns(object)) return false;
    const word = mem.atomicLoad(object + this.#lock);
    if ((word & TAG_MASK) !== INFLATED) return true; // nobody can be waiting
    const monitor = monitorOf(word);
    this.#locked(monitor, () => {
      do {
        const thread = mem.word(monitor + MONITOR_WAIT);
        if (thread === 0) return;
        this.#remove(monitor + MONITOR_WAIT, thread);
        mem.setWord(thread + THREAD_WAITS, WAITS_RELOCK);
        moved(thread);
        mem.atomicStore(thread + THREAD_MONITOR, 0);
        this.#append(monitor + MONITOR_ENTRY, thread);
      } while (all);
    });
    return true;
  }

  /** Takes a monitor's lock with a recursion count; waits in the entry queue if need be. The thread counts in PINS. */
  #take(sp: number, monitor: number, count: number): void | Promise<void> {
    const thread = this.#thread();
    for (;;) {
      if (this.#tryTake(monitor, thread, count, true)) {
        this.#waits(thread, WAITS_NOTHING, 0);
        return;
      }
      const parked = this.#carrier.scheduler.park(sp, -1);
      if (typeof parked !== "number") return parked.then(() => this.#take(sp, monitor, count));
    }
  }

  /** Notes what the running thread waits for, and in which object's monitor: see ThreadDump. */
  #waits(thread: number, what: number, object: number): void {
    this.#mem.setWord(thread + THREAD_WAITS, what);
    this.#mem.setWord(thread + BLOCKER, object);
  }

  /** Takes the lock if it is free or ours; otherwise sees that the thread is in the entry queue, and pins the monitor. */
  #tryTake(monitor: number, thread: number, count: number, pinned: boolean): boolean {
    const mem = this.#mem;
    const id = mem.word(thread + THREAD_ID);
    let taken = false;
    const claims = (): boolean => mem.atomicCas(monitor + MONITOR_OWNER, 0, id) === 0;
    this.#locked(monitor, () => {
      if (mem.atomicLoad(monitor + MONITOR_OWNER) === id) {
        mem.setWord(monitor + MONITOR_COUNT, mem.word(monitor + MONITOR_COUNT) + 1);
        taken = true;
        return;
      }
      taken = claims();
      if (taken && !pinned) return mem.setWord(monitor + MONITOR_COUNT, count);
      if (!taken) {
        if (!pinned) mem.setWord(monitor + MONITOR_PINS, mem.word(monitor + MONITOR_PINS) + 1);
        if (mem.word(thread + THREAD_QUEUE) !== monitor + MONITOR_ENTRY) this.#append(monitor + MONITOR_ENTRY, thread);
        // Dekker: compiled code clears the owner, then looks at the queue.
        taken = claims();
        if (!taken) return;
      }
      mem.setWord(monitor + MONITOR_COUNT, count);
      this.#remove(monitor + MONITOR_ENTRY, thread);
      mem.setWord(monitor + MONITOR_PINS, mem.word(monitor + MONITOR_PINS) - 1);
    });
    return taken;
  }

  /** Wakes the first thread that wants the lock: compiled code has left it. */
  wake(object: number): void {
    const mem = this.#mem;
    const word = mem.atomicLoad(object + this.#lock);
    if ((word & TAG_MASK) !== INFLATED) return;
    const monitor = monitorOf(word);
    this.#locked(monitor, () => {
      const next = mem.word(monitor + MONITOR_ENTRY);
      if (next !== 0 && mem.atomicLoad(monitor + MONITOR_OWNER) === 0) unpark(mem, next);
    });
  }

  /** Gives the lock up and wakes the first in the entry queue. The guard is held. */
  #release(monitor: number): void {
    const mem = this.#mem;
    mem.setWord(monitor + MONITOR_COUNT, 0);
    mem.atomicStore(monitor + MONITOR_OWNER, 0);
    const next = mem.word(monitor + MONITOR_ENTRY);
    if (next !== 0) unpark(mem, next);
  }

  /** The object's monitor; made if there is none. */
  #inflate(object: number): number {
    const mem = this.#mem;
    let monitor = 0;
    for (;;) {
      const word = mem.atomicLoad(object + this.#lock);
      if ((word & TAG_MASK) === INFLATED) {
        if (monitor !== 0) giveMonitor(mem, this.#carrier.record, monitor);
        return monitorOf(word);
      }
      if (monitor === 0) monitor = takeMonitor(this.#carrier.heap, this.#carrier.record);
      const thin = (word & TAG_MASK) === THIN;
      mem.setWord(monitor + MONITOR_OWNER, thin ? word >>> LOG_THREAD : 0);
      mem.setWord(monitor + MONITOR_COUNT, thin ? (word >>> 2) & MAX_RECURSIONS : 0);
      mem.setWord(monitor + MONITOR_DISPLACED, thin ? 0 : word);
      if (mem.atomicCas(object + this.#lock, word, monitor | INFLATED) === word) {
        bindMonitor(mem, monitor, object);
        return monitor;
      }
    }
  }

  #thread(): number {
    return this.#mem.word(this.#carrier.record + CARRIER_THREAD);
  }

  #id(): number {
    return this.#mem.word(this.#thread() + THREAD_ID);
  }

  /** Holds a monitor's guard: a few instructions, never a park or an allocation of objects. */
  #locked(monitor: number, action: () => void): void {
    const mem = this.#mem;
    while (mem.atomicCas(monitor + MONITOR_GUARD, 0, 1) !== 0) mem.wait(monitor + MONITOR_GUARD, 1, 0.05);
    action();
    mem.atomicStore(monitor + MONITOR_GUARD, 0);
    mem.notify(monitor + MONITOR_GUARD, 1);
  }

  // Queues: first and last thread at `head` and `head + 4`, linked both ways. A thread is in one at most, and knows which: THREAD_QUEUE.

  #append(head: number, thread: number): void {
    const mem = this.#mem;
    const last = mem.word(head + 4);
    mem.setWord(thread + THREAD_QUEUE, head);
    mem.setWord(thread + THREAD_QUEUE_NEXT, 0);
    mem.setWord(thread + THREAD_QUEUE_PREVIOUS, last);
    if (last === 0) mem.atomicStore(head, thread);
    else mem.setWord(last + THREAD_QUEUE_NEXT, thread);
    mem.setWord(head + 4, thread);
  }

  /** Takes the thread out of the queue, if it is there. */
  #remove(head: number, thread: number): void {
    const mem = this.#mem;
    if (mem.word(thread + THREAD_QUEUE) !== head) return;
    const [previous, next] = [mem.word(thread + THREAD_QUEUE_PREVIOUS), mem.word(thread + THREAD_QUEUE_NEXT)];
    if (previous === 0) mem.atomicStore(head, next);
    else mem.setWord(previous + THREAD_QUEUE_NEXT, next);
    mem.setWord(next === 0 ? head + 4 : next + THREAD_QUEUE_PREVIOUS, previous);
    mem.setWord(thread + THREAD_QUEUE, 0);
  }
}
