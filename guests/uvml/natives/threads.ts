/**
 * Threads, mutexes, sleeping. A mutex and a thread object both have a monitor's lock word at LOCK. Who joins waits in the thread object's
 * monitor for THREAD_DONE; the functions in IR around these natives are in ../guest.ts.
 */

import { MUTEX_BYTES, THREAD_CLOSURE, THREAD_KIND, THREAD_OBJECT_BYTES } from "../layout.ts";
import type { NativeContext } from "./context.ts";
import { WORD_LIVE, WORD_MUTEX_TYPE, WORD_SLEEPERS, WORD_THREAD_ENTRY, WORD_THREAD_STACK } from "./words.ts";

export function newMutex(c: NativeContext, sp: number): number {
  return c.allocate(sp, c.word(WORD_MUTEX_TYPE), MUTEX_BYTES);
}

export function lock(c: NativeContext, sp: number, object: number): void | Promise<void> {
  return c.monitors.enter(sp, c.solid(object));
}

export function unlock(c: NativeContext, _sp: number, object: number): void {
  if (!c.monitors.exit(c.solid(object))) throw c.failure("mutex", "the thread that unlocks does not hold the mutex");
}

/** Waits in the monitor of an object that the thread holds. */
export function wait(c: NativeContext, sp: number, object: number): void | Promise<void> {
  const waited = c.monitors.wait(sp, object, 0);
  if (typeof waited !== "string") return waited.then(() => {});
}

export function notifyAll(c: NativeContext, _sp: number, object: number): void {
  c.monitors.notify(object, true);
}

/** Starts a thread that calls the closure; its object, of the type, takes what the closure gives or throws. */
export function spawn(c: NativeContext, sp: number, closure: number, type: number, kind: number): number {
  const { mem } = c;
  c.solid(closure);
  c.needFixed(c.word(WORD_THREAD_STACK));
  const { result, refs } = c.keeping([closure], () => c.allocate(sp, type, THREAD_OBJECT_BYTES));
  mem.setWord(result + THREAD_CLOSURE, refs[0]!);
  mem.setWord(result + THREAD_KIND, kind);
  mem.atomicAdd(c.wordAddress(WORD_LIVE), 1);
  try {
    c.kit.startThread(c.word(WORD_THREAD_ENTRY), result, { stackBytes: c.word(WORD_THREAD_STACK) });
  } catch (error) {
    mem.atomicAdd(c.wordAddress(WORD_LIVE), -1);
    throw error;
  }
  return result;
}

/** Sleeps at least so many milliseconds. Permits that come meanwhile do not end it. */
export function sleep(c: NativeContext, sp: number, milliseconds: number): void | Promise<void> {
  const end = performance.now() + milliseconds;
  c.mem.atomicAdd(c.wordAddress(WORD_SLEEPERS), 1);
  const step = (): void | Promise<void> => {
    for (;;) {
      const left = end - performance.now();
      if (left <= 0) break;
      const parked = c.carrier.scheduler.park(sp, left);
      if (typeof parked !== "number") return parked.then(step);
    }
    c.mem.atomicAdd(c.wordAddress(WORD_SLEEPERS), -1);
  };
  return step();
}
