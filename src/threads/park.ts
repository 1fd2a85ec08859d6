/**
 * Permits: the one way in which guest threads wait for each other. Anybody, on any Worker, may give a permit; only the carrier that a
 * thread belongs to takes it off the processor (see scheduler.ts).
 *
 *   RUNNING ──no permit──▶ PARKED ──unpark──▶ READY ──its carrier──▶ RUNNING
 */
import {
  CARRIER_BUSY,
  CARRIER_MAILBOX,
  CARRIER_READY,
  THREAD_CARRIER,
  THREAD_PERMIT,
  THREAD_READY_NEXT,
  THREAD_STATE,
} from "#layout";
import type { Memory } from "#memory";
import { THREAD_PARKED, THREAD_READY } from "./states.ts";

/** Puts a thread that has just become READY in the queue of its carrier and wakes the carrier. */
export function enqueue(mem: Memory, thread: number): void {
  const carrier = mem.word(thread + THREAD_CARRIER);
  mem.atomicAdd(carrier + CARRIER_BUSY, 1);
  for (;;) {
    const head = mem.atomicLoad(carrier + CARRIER_READY);
    mem.setWord(thread + THREAD_READY_NEXT, head);
    if (mem.atomicCas(carrier + CARRIER_READY, head, thread) === head) break;
  }
  mem.atomicAdd(carrier + CARRIER_MAILBOX, 1);
  mem.notify(carrier + CARRIER_MAILBOX);
}

/** Gives the thread a permit, and makes it ready if it was parked. */
export function unpark(mem: Memory, thread: number): void {
  mem.atomicStore(thread + THREAD_PERMIT, 1);
  if (mem.atomicCas(thread + THREAD_STATE, THREAD_PARKED, THREAD_READY) === THREAD_PARKED) enqueue(mem, thread);
}

/** Takes all threads that were made ready, the longest waiting first. */
export function drain(mem: Memory, carrier: number): number[] {
  if (mem.atomicLoad(carrier + CARRIER_READY) === 0) return [];
  const threads: number[] = [];
  let thread = mem.atomicSwap(carrier + CARRIER_READY, 0);
  while (thread !== 0) {
    threads.push(thread);
    thread = mem.word(thread + THREAD_READY_NEXT);
  }
  return threads.reverse();
}
