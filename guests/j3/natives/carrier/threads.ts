/** java.lang.Thread, LockSupport and what threads wait for. */
import { CONTROL_PENDING, THREAD_FLAGS } from "#layout";
import { FLAG_INTERRUPTED, unpark } from "#threads";
import { type CarrierContext, THREAD_PARK_PERMIT } from "../../carrier/context.ts";
import { startJavaThread } from "../../carrier/thread-life.ts";
import {
  STATUS_PARKED,
  STATUS_SLEEPING,
  STATUS_TIMED_PARKED,
  takeInterrupt,
  whileIn,
} from "../../carrier/thread-state.ts";
import * as words from "../../runtime/words.ts";
import type { CarrierNatives } from "../types.ts";

/** Record of the thread that a java.lang.Thread stands for; 0: it does not run. */
function recordOf(c: CarrierContext, thread: number): number {
  return Number(BigInt.asUintN(32, Atomics.load(c.mem.i64, (thread + c.word(words.WORD_THREAD_EETOP)) >>> 3)));
}

function interruptedSleep(c: CarrierContext): Error {
  return c.failure("java/lang/InterruptedException", "sleep interrupted");
}

/** Parks until the time has come or the thread is interrupted. */
function sleepUntil(c: CarrierContext, sp: number, deadline: number): void | Promise<void> {
  for (;;) {
    if (takeInterrupt(c)) throw interruptedSleep(c);
    const left = deadline - performance.now();
    if (left <= 0) return;
    const parked = c.carrier.scheduler.park(sp, left);
    if (typeof parked !== "number") return parked.then(() => sleepUntil(c, sp, deadline));
  }
}

/** Takes the permit of LockSupport.park, if there is one. */
function takePermit(c: CarrierContext): boolean {
  return c.mem.atomicSwap(c.thread + THREAD_PARK_PERMIT, 0) === 1;
}

/** LockSupport.park may return for no reason: so it does after any wake-up. */
function park(c: CarrierContext, sp: number, milliseconds: number): void | Promise<void> {
  const status = milliseconds < 0 ? STATUS_PARKED : STATUS_TIMED_PARKED;
  const woken = whileIn(c, status, () => c.carrier.scheduler.park(sp, milliseconds));
  if (typeof woken !== "number") return woken.then(() => void takePermit(c));
  takePermit(c);
}

function awaitPending(c: CarrierContext, sp: number): void | Promise<void> {
  for (;;) {
    c.setSharedWord(words.WORD_REFERENCE_WAITER, c.thread);
    if (c.mem.atomicLoad(CONTROL_PENDING) !== 0) return;
    const parked = c.carrier.scheduler.park(sp, -1);
    if (typeof parked !== "number") return parked.then(() => awaitPending(c, sp));
  }
}

export const threadNatives: CarrierNatives = {
  direct: {
    "java/lang/Thread.start0()V": startJavaThread,
    "java/lang/Thread.interrupt0()V": (c, _sp, thread: number) => {
      const record = recordOf(c, thread);
      if (record === 0) return;
      c.mem.atomicOr(record + THREAD_FLAGS, FLAG_INTERRUPTED);
      // The thread may have taken the interrupt already, between the field and this call.
      if (Atomics.load(c.mem.u8, thread + c.word(words.WORD_THREAD_INTERRUPTED)) === 0) {
        c.mem.atomicAnd(record + THREAD_FLAGS, ~FLAG_INTERRUPTED);
      }
      // As HotSpot does it: the permit stays when the thread was in another kind of wait.
      c.mem.atomicStore(record + THREAD_PARK_PERMIT, 1);
      unpark(c.mem, record);
    },
    "java/lang/Thread.clearInterruptEvent()V": (c) => {
      c.mem.atomicAnd(c.thread + THREAD_FLAGS, ~FLAG_INTERRUPTED);
    },
    // Threads are scheduled round robin, and the host's threads have no names.
    "java/lang/Thread.setPriority0(I)V": () => {},
    "java/lang/Thread.setNativeName(Ljava/lang/String;)V": () => {},
    "jdk/internal/misc/Unsafe.unpark(Ljava/lang/Object;)V": (c, _sp, _unsafe: number, thread: number) => {
      const record = thread === 0 ? 0 : recordOf(c, thread);
      if (record === 0) return;
      c.mem.atomicStore(record + THREAD_PARK_PERMIT, 1);
      unpark(c.mem, record);
    },
    "java/lang/ref/Reference.getAndClearReferencePendingList()Ljava/lang/ref/Reference;": (c) =>
      c.mem.atomicSwap(CONTROL_PENDING, 0),
    "java/lang/ref/Reference.hasReferencePendingList()Z": (c) => c.mem.atomicLoad(CONTROL_PENDING) !== 0,
  },
  blocking: {
    "java/lang/Thread.yield()V": (c, sp) => c.carrier.scheduler.yield(sp, true),
    "java/lang/Thread.sleep(J)V": (c, sp, milliseconds: bigint) => {
      if (milliseconds < 0n) throw c.failure("java/lang/IllegalArgumentException", "timeout value is negative");
      if (takeInterrupt(c)) throw interruptedSleep(c);
      if (milliseconds === 0n) return c.carrier.scheduler.yield(sp, true);
      const deadline = performance.now() + Number(milliseconds);
      return whileIn(c, STATUS_SLEEPING, () => sleepUntil(c, sp, deadline));
    },
    "jdk/internal/misc/Unsafe.park(ZJ)V": (c, sp, _unsafe: number, isAbsolute: number, time: bigint) => {
      if (takePermit(c) || c.interrupted(c.thread)) return;
      if (isAbsolute === 0 && time === 0n) return park(c, sp, -1);
      // Absolute times are milliseconds since 1970, others nanoseconds from now.
      const milliseconds = isAbsolute !== 0 ? Number(time) - Date.now() : Number(time) / 1e6;
      if (milliseconds <= 0) return;
      return park(c, sp, milliseconds);
    },
    "java/lang/ref/Reference.waitForReferencePendingList()V": awaitPending,
  },
};
