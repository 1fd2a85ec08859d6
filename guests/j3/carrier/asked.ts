/**
 * Thread.suspend and Thread.stop, on the side of the thread that they are done to. Whoever wants it notes it in the thread's record and sets
 * FLAG_ASKED; the thread finds out at its next poll or function entry.
 */
import { transferPrim } from "#jit";
import { THREAD_FLAGS, THREAD_GUEST } from "#layout";
import { FLAG_ASKED } from "#threads";
import { threadRef } from "#vm";
import { SERVICE_MAY_STOP } from "../runtime/services.ts";
import type { CarrierContext } from "./context.ts";

/** Word of a thread record: 1 while the thread is suspended. */
export const THREAD_SUSPENDED = THREAD_GUEST + 16;
/** Reference word of a thread record: what the thread is to throw, or 0. */
export const REF_STOP = 12;

/** See CarrierOptions.asked. */
export function asked(c: CarrierContext, sp: number): void | Promise<void> {
  const { mem, thread } = c;
  while (mem.atomicLoad(thread + THREAD_SUSPENDED) !== 0) {
    const parked = c.carrier.scheduler.park(sp, -1);
    if (typeof parked !== "number") return parked.then(() => asked(c, sp));
  }
  const wanted = threadRef(thread, REF_STOP);
  if (mem.word(wanted) === 0) return done(c);
  c.carrier.request(sp, SERVICE_MAY_STOP, 0, 0);
  if (mem.i32[(c.carrier.record + transferPrim(0)) >>> 2] === 0) return;
  const throwable = mem.word(wanted);
  mem.setWord(wanted, 0);
  done(c);
  throw new WebAssembly.Exception(c.carrier.tag, [throwable | 0]);
}

/** Nothing more is wanted of the running thread, unless it came this very moment. */
function done({ carrier, mem, thread }: CarrierContext): void {
  mem.atomicAnd(thread + THREAD_FLAGS, ~FLAG_ASKED);
  if (mem.atomicLoad(thread + THREAD_SUSPENDED) !== 0 || mem.word(threadRef(thread, REF_STOP)) !== 0) {
    mem.atomicOr(thread + THREAD_FLAGS, FLAG_ASKED);
  }
  carrier.mutator.catchUp();
}
