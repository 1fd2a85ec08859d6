/** How threads that Java code starts begin and end, as far as carriers do it; see also vm/thread-main.ts. */
import { transferRef } from "#jit";
import { REF_ARGS, THREAD_FLAGS } from "#layout";
import { FLAG_DAEMON, FLAG_URGENT, unpark } from "#threads";
import { makeThread, startThread, threadRef } from "#vm";
import { SERVICE_START_REFUSED } from "../runtime/services.ts";
import { shadowStackBytes } from "../runtime/stack-sizes.ts";
import * as words from "../runtime/words.ts";
import type { CarrierContext } from "./context.ts";
import { STATUS_RUNNABLE, THREAD_STARTED } from "./thread-state.ts";

const NO_MEMORY = "unable to create native thread: possibly out of memory or process/resource limits reached";

/**
 * FLAG_URGENT for a thread of the system's group, as the handlers of signals are: they reach their end however many others compute. Otherwise
 * priorities mean nothing, as in HotSpot on Linux.
 */
function urgencyOf(c: CarrierContext, self: number): number {
  const group = c.mem.word(self + c.word(words.WORD_THREAD_GROUP));
  return group !== 0 && c.mem.word(group + c.word(words.WORD_GROUP_PARENT)) === 0 ? FLAG_URGENT : 0;
}

/** Thread.start0. */
export function startJavaThread(c: CarrierContext, sp: number, self: number): void {
  const { mem } = c;
  const eetop = (self + c.word(words.WORD_THREAD_EETOP)) >>> 3;
  if (Atomics.load(mem.i64, eetop) !== 0n) throw c.failure("java/lang/IllegalThreadStateException", null);
  const wanted = Number(mem.i64[(self + c.word(words.WORD_THREAD_STACK_SIZE)) >>> 3]);
  const bytes = wanted > 0 ? shadowStackBytes(wanted) : c.word(words.WORD_OTHER_STACK);
  const record = makeThread(mem, c.carrier.heap, c.word(words.WORD_THREAD_MAIN), bytes);
  if (record === 0) {
    mem.setWord(c.carrier.record + transferRef(REF_ARGS), self);
    c.carrier.request(sp, SERVICE_START_REFUSED, 0, 0);
    throw c.failure("java/lang/OutOfMemoryError", NO_MEMORY);
  }
  const isDaemon = mem.u8[self + c.word(words.WORD_THREAD_DAEMON)] !== 0;
  mem.setWord(record + THREAD_FLAGS, (isDaemon ? FLAG_DAEMON : 0) | urgencyOf(c, self));
  mem.setWord(threadRef(record, 0), self);
  mem.f64[(record + THREAD_STARTED) >>> 3] = Date.now();
  Atomics.store(mem.i64, eetop, BigInt(record));
  mem.atomicStore(self + c.word(words.WORD_THREAD_STATUS), STATUS_RUNNABLE);
  if (!isDaemon) mem.atomicAdd(c.sharedWord(words.WORD_NON_DAEMONS), 1);
  startThread(mem, record);
}

/** The running thread has done all that it had to. Who waits for the last of those that are no daemons has said so before it looks how many there are. */
export function threadLeaves(c: CarrierContext): void {
  const { mem } = c;
  if ((mem.atomicLoad(c.thread + THREAD_FLAGS) & FLAG_DAEMON) !== 0) return;
  if (mem.atomicAdd(c.sharedWord(words.WORD_NON_DAEMONS), -1) !== 1) return;
  const waiter = mem.atomicLoad(c.sharedWord(words.WORD_END_WAITER));
  if (waiter !== 0) unpark(mem, waiter);
}
