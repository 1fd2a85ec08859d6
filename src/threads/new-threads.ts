/**
 * Threads that were started and have not begun: one queue for all carriers. A thread's WebAssembly stack cannot leave its Worker, so where it
 * begins is where it stays; it begins on the carrier that first has time for it.
 *
 * A carrier that has just been made, or goes to sleep, has lowered CARRIER_BUSY, read its mailbox and then looked here; who starts a thread puts it here, then looks for a
 * carrier that is not busy, and rings its mailbox. So one of the two sees the other (Dekker).
 */
import {
  CARRIER_BUSY,
  CARRIER_LOAD,
  CARRIER_MAILBOX,
  CONTROL_CARRIER_COUNT,
  CONTROL_NEW_COUNT,
  CONTROL_NEW_FIRST,
  CONTROL_NEW_LAST,
  CONTROL_NEW_LOCK,
  THREAD_CARRIER,
  THREAD_FLAGS,
  THREAD_READY_NEXT,
  THREAD_STATE,
} from "#layout";
import type { Memory } from "#memory";
import { countStarted } from "./counts.ts";
import { carrierRecord } from "./mutator.ts";
import { FLAG_URGENT, THREAD_READY } from "./states.ts";

/** The thread will begin on the first carrier that has time for it; there it stays. Its flags are set before. */
export function startThread(mem: Memory, thread: number): void {
  countStarted(mem, thread);
  mem.atomicStore(thread + THREAD_STATE, THREAD_READY);
  const isUrgent = (mem.atomicLoad(thread + THREAD_FLAGS) & FLAG_URGENT) !== 0;
  lock(mem);
  const last = mem.word(CONTROL_NEW_LAST);
  mem.setWord(thread + THREAD_READY_NEXT, isUrgent ? mem.word(CONTROL_NEW_FIRST) : 0);
  mem.setWord(last === 0 || isUrgent ? CONTROL_NEW_FIRST : last + THREAD_READY_NEXT, thread);
  if (last === 0 || !isUrgent) mem.setWord(CONTROL_NEW_LAST, thread);
  mem.atomicAdd(CONTROL_NEW_COUNT, 1);
  unlock(mem);
  wakeIdle(mem);
}

/** How many threads have not begun. */
export function newThreads(mem: Memory): number {
  return mem.atomicLoad(CONTROL_NEW_COUNT);
}

/** The thread that was started first of those that have not begun; from now on it is one of the carrier's. 0: there is none. */
export function takeNew(mem: Memory, carrier: number): number {
  if (newThreads(mem) === 0) return 0;
  lock(mem);
  const thread = mem.word(CONTROL_NEW_FIRST);
  if (thread !== 0) {
    const next = mem.word(thread + THREAD_READY_NEXT);
    mem.setWord(CONTROL_NEW_FIRST, next);
    if (next === 0) mem.setWord(CONTROL_NEW_LAST, 0);
    // In this order: who looks for threads that could run finds it in one of the two.
    mem.atomicAdd(carrier + CARRIER_BUSY, 1);
    mem.atomicAdd(carrier + CARRIER_LOAD, 1);
    mem.atomicAdd(CONTROL_NEW_COUNT, -1);
    mem.setWord(thread + THREAD_CARRIER, carrier);
  }
  unlock(mem);
  if (newThreads(mem) > 0) wakeIdle(mem);
  return thread;
}

/**
 * Rings for the carrier with the fewest threads of those that have nothing to do; the first ones count before they are there, others, made when
 * threads crowd, do not. False: there is none. Whoever leaves a new thread to another carrier must ring for it: one that was rung for before
 * may have got other work meanwhile.
 */
export function wakeIdle(mem: Memory): boolean {
  const count = mem.atomicLoad(CONTROL_CARRIER_COUNT);
  let best = 0;
  let bestLoad = 0;
  for (let number = 1; number < count; number++) {
    const record = carrierRecord(number);
    if (mem.atomicLoad(record + CARRIER_BUSY) !== 0) continue;
    const load = mem.atomicLoad(record + CARRIER_LOAD);
    if (best !== 0 && load >= bestLoad) continue;
    best = record;
    bestLoad = load;
  }
  if (best === 0) return false;
  mem.atomicAdd(best + CARRIER_MAILBOX, 1);
  mem.notify(best + CARRIER_MAILBOX);
  return true;
}

/** A few instructions long; no safepoint inside. */
function lock(mem: Memory): void {
  while (mem.atomicCas(CONTROL_NEW_LOCK, 0, 1) !== 0) mem.wait(CONTROL_NEW_LOCK, 1, 0.05);
}

function unlock(mem: Memory): void {
  mem.atomicStore(CONTROL_NEW_LOCK, 0);
  mem.notify(CONTROL_NEW_LOCK, 1);
}
