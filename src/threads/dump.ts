/**
 * What all guest threads are doing at one moment: for thread dumps, management, and the search for deadlocks. Names and source lines are the
 * guest's; the substrate knows states, frames, monitors and who owns them.
 *
 *     const dump = new ThreadDump(mem, OBJECT_LOCK);         // the world is stopped
 *     for (const thread of dump.threads) {
 *       thread.state, thread.waits, thread.blocker           // what it does
 *       for (const f = frames(mem, thread.sp); f.next(); )   // where it stands: f.functionId, f.pos
 *       dump.held(thread)                                    // what it has locked, and in which call
 *     }
 *     dump.deadlocks((thread) => owner of the guest's own lock that it waits for, or 0)
 *
 * References in it are raw: they are good until the world goes on.
 */
import {
  CONTROL_THREADS,
  REF_BLOCKER,
  ROOTS_WORDS,
  THREAD_BLOCKED_COUNT,
  THREAD_FLAGS,
  THREAD_ID,
  THREAD_NEXT,
  THREAD_REFS,
  THREAD_SP,
  THREAD_STATE,
  THREAD_WAITED_COUNT,
  THREAD_WAITS,
} from "#layout";
import type { Memory } from "#memory";
import { frames } from "./frames.ts";
import { lockHolder } from "./monitors.ts";
import { THREAD_DONE, THREAD_NEW, WAITS_ENTER, WAITS_NOTHING, WAITS_NOTIFY, WAITS_RELOCK } from "./states.ts";

/** One thread that has started and not ended. */
export interface ThreadFacts {
  /** Address of its record. */
  readonly thread: number;
  /** THREAD_ID: small, and used again after the thread's end. */
  readonly id: number;
  /** THREAD_READY, THREAD_RUNNING or THREAD_PARKED. */
  readonly state: number;
  /** FLAG_*. */
  readonly flags: number;
  /** Where its frames begin, for {@link frames}; 0: it has not run yet. */
  readonly sp: number;
  /** WAITS_*: what it waits for in a monitor. A thread that is PARKED and waits for nothing here waits for something of the guest's. */
  readonly waits: number;
  /** Reference: the object whose monitor it waits for; 0: none. */
  readonly blocker: number;
  /** Record of the thread that owns the lock that this one wants (WAITS_ENTER, WAITS_RELOCK); 0: none. */
  readonly owner: number;
  /** How often it had to wait to enter a monitor, and for anything else. */
  readonly blockedCount: number;
  readonly waitedCount: number;
}

/** A lock that a thread owns. */
export interface HeldMonitor {
  /** Reference: the locked object. */
  readonly object: number;
  /** Number of the call that took it, counted as {@link frames} does, the innermost one is 0. */
  readonly call: number;
  /** It is given up for as long as the thread waits in that very monitor. */
  readonly isGivenUp: boolean;
}

/**
 * How many locks a call may hold at the place where it stands, from the guest's knowledge of its code: a synchronized method 1, and one
 * for each block around the place. `functionId` and `pos` as in {@link frames}.
 */
export type LocksOf = (functionId: number, pos: number) => number;

export class ThreadDump {
  readonly threads: readonly ThreadFacts[];
  readonly #mem: Memory;
  readonly #lock: number;
  readonly #byRecord = new Map<number, ThreadFacts>();
  readonly #byId = new Map<number, number>();

  /** `lockOffset` is that of the lock word in every object, as for Monitors. The world is stopped, and the caller anchored. */
  constructor(mem: Memory, lockOffset: number) {
    this.#mem = mem;
    this.#lock = lockOffset;
    const records: number[] = [];
    for (let at = mem.word(CONTROL_THREADS); at !== 0; at = mem.word(at + THREAD_NEXT)) {
      const state = mem.atomicLoad(at + THREAD_STATE);
      if (state === THREAD_NEW || state === THREAD_DONE) continue;
      records.push(at);
      this.#byId.set(mem.word(at + THREAD_ID), at);
    }
    this.threads = records.reverse().map((record) => this.#facts(record));
    for (const facts of this.threads) this.#byRecord.set(facts.thread, facts);
  }

  /** Facts of a thread by its record; undefined: it does not live. */
  get(record: number): ThreadFacts | undefined {
    return this.#byRecord.get(record);
  }

  /** Record of the thread that owns the object's lock; 0: nobody does. */
  ownerOf(object: number): number {
    return this.#byId.get(lockHolder(this.#mem, object + this.#lock).id) ?? 0;
  }

  /**
   * The locks that the thread owns, or has given up for a wait, those of inner calls first. A lock is found in the references of the frames, and it is ascribed to the
   * outermost calls that have the reference and may hold a lock there, each as often as the owner has taken it. Without `locksOf` every
   * call may hold any number.
   */
  held(facts: ThreadFacts, locksOf?: LocksOf): HeldMonitor[] {
    if (facts.sp === 0) return [];
    const givenUp = facts.waits === WAITS_NOTIFY || facts.waits === WAITS_RELOCK ? facts.blocker : 0;
    const calls: { readonly refs: readonly number[]; room: number }[] = [];
    const owned = new Map<number, number>();
    for (const frame = frames(this.#mem, facts.sp); frame.next(); ) {
      const refs = new Set<number>();
      for (const ref of frame.refs()) {
        const holder = lockHolder(this.#mem, ref + this.#lock);
        if (holder.id !== facts.id && ref !== givenUp) continue;
        refs.add(ref);
        owned.set(ref, ref === givenUp ? 1 : holder.times);
      }
      calls.push({ refs: [...refs], room: locksOf?.(frame.functionId, frame.pos) ?? Number.POSITIVE_INFINITY });
    }
    const found: HeldMonitor[] = [];
    for (let call = calls.length - 1; call >= 0; call--) {
      const { refs, room } = calls[call]!;
      let left = room;
      for (const object of refs) {
        const times = owned.get(object)!;
        if (times === 0 || left === 0) continue;
        const taken = room === Number.POSITIVE_INFINITY ? times : 1;
        owned.set(object, times - taken);
        left--;
        found.push({ object, call, isGivenUp: object === givenUp });
      }
    }
    return found.reverse();
  }

  /**
   * Threads that wait for each other in a circle, each circle once; each thread waits for the next one, and the last for the first.
   * `ownerOf` says for a thread that waits for a lock of the guest's own making which thread owns that (its record; 0: none).
   */
  deadlocks(ownerOf: (thread: ThreadFacts) => number = () => 0): ThreadFacts[][] {
    const circles: ThreadFacts[][] = [];
    /** By thread: the search that came there first. */
    const seen = new Map<ThreadFacts, number>();
    for (const [search, start] of this.threads.entries()) {
      const path: ThreadFacts[] = [];
      let at: ThreadFacts | undefined = start;
      while (at !== undefined && !seen.has(at)) {
        seen.set(at, search);
        path.push(at);
        at = this.#byRecord.get(at.owner || (at.waits === WAITS_NOTHING ? ownerOf(at) : 0));
      }
      if (at !== undefined && seen.get(at) === search) circles.push(path.slice(path.indexOf(at)));
    }
    return circles;
  }

  #facts(thread: number): ThreadFacts {
    const mem = this.#mem;
    const waits = mem.word(thread + THREAD_WAITS);
    const blocker = mem.word(thread + THREAD_REFS + ROOTS_WORDS + 4 * REF_BLOCKER);
    const wantsLock = waits === WAITS_ENTER || waits === WAITS_RELOCK;
    return {
      thread,
      id: mem.word(thread + THREAD_ID),
      state: mem.atomicLoad(thread + THREAD_STATE),
      flags: mem.atomicLoad(thread + THREAD_FLAGS),
      sp: mem.word(thread + THREAD_SP),
      waits,
      blocker,
      owner: wantsLock ? this.ownerOf(blocker) : 0,
      blockedCount: mem.word(thread + THREAD_BLOCKED_COUNT),
      waitedCount: mem.word(thread + THREAD_WAITED_COUNT),
    };
  }
}
