/**
 * What carriers write into java.lang.Thread objects: Thread.threadStatus, in the bits of JVM TI's thread state (JVM TI §GetThreadState),
 * and Thread.interrupted. The object of the running thread is word 0 of its references.
 */
import { THREAD_FLAGS, THREAD_GUEST } from "#layout";
import { FLAG_INTERRUPTED } from "#threads";
import { threadRef } from "#vm";
import * as words from "../runtime/words.ts";
import type { CarrierContext } from "./context.ts";

const ALIVE = 0x1;
const WAITING = 0x80;
const INDEFINITELY = 0x10;
const WITH_TIMEOUT = 0x20;

export const STATUS_TERMINATED = 0x2;
export const STATUS_RUNNABLE = ALIVE | 0x4;
export const STATUS_SLEEPING = ALIVE | WAITING | WITH_TIMEOUT | 0x40;
export const STATUS_IN_WAIT = ALIVE | WAITING | INDEFINITELY | 0x100;
export const STATUS_IN_TIMED_WAIT = ALIVE | WAITING | WITH_TIMEOUT | 0x100;
export const STATUS_PARKED = ALIVE | WAITING | INDEFINITELY | 0x200;
export const STATUS_TIMED_PARKED = ALIVE | WAITING | WITH_TIMEOUT | 0x200;
export const STATUS_BLOCKED = ALIVE | 0x400;

/** Word of a thread record, an f64: when it was started, in milliseconds since 1970; 0: unknown. */
export const THREAD_STARTED = THREAD_GUEST + 8;

/** Word of a thread record: 1 when Thread.run is over; Thread.stop does nothing then. */
export const THREAD_ENDS = THREAD_GUEST + 20;

/** The java.lang.Thread of the running thread; 0 while the main thread has none. */
export function threadObject(c: CarrierContext): number {
  return c.mem.word(threadRef(c.thread, 0));
}

/** Thread.threadStatus of the running thread. */
export function setStatus(c: CarrierContext, status: number): void {
  setStatusOf(c, c.thread, status);
}

export function setStatusOf(c: CarrierContext, thread: number, status: number): void {
  const object = c.mem.word(threadRef(thread, 0));
  if (object !== 0) c.mem.atomicStore(object + c.word(words.WORD_THREAD_STATUS), status);
}

/** Runs what may block; Thread.getState says so meanwhile. */
export function whileIn<T>(c: CarrierContext, status: number, action: () => T | Promise<T>): T | Promise<T> {
  setStatus(c, status);
  const result = action();
  if (result instanceof Promise) {
    return result.then((value) => {
      setStatus(c, STATUS_RUNNABLE);
      return value;
    });
  }
  setStatus(c, STATUS_RUNNABLE);
  return result;
}

/** The end of java.lang.Thread's life; its lock is held. Those in Thread.join look at eetop, by isAlive. */
export function terminate(c: CarrierContext, object: number): void {
  const { mem } = c;
  mem.atomicStore(object + c.word(words.WORD_THREAD_STATUS), STATUS_TERMINATED);
  Atomics.store(mem.i64, (object + c.word(words.WORD_THREAD_EETOP)) >>> 3, 0n);
  c.monitors.notify(object, true);
}

/** Whether the running thread was interrupted; from now on it is not. */
export function takeInterrupt(c: CarrierContext): boolean {
  const found = (c.mem.atomicAnd(c.thread + THREAD_FLAGS, ~FLAG_INTERRUPTED) & FLAG_INTERRUPTED) !== 0;
  if (found) clearInterruptField(c);
  return found;
}

/** What throws InterruptedException clears the interrupt. */
export function clearInterruptField(c: CarrierContext): void {
  const object = threadObject(c);
  if (object !== 0) Atomics.store(c.mem.u8, object + c.word(words.WORD_THREAD_INTERRUPTED), 0);
}
