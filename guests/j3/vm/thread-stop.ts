/** Thread.stop, suspend and resume, on the side of the thread that does them; the other side is carrier/asked.ts. */
import { POS_ENTRY, THREAD_FLAGS } from "#layout";
import { FLAG_ASKED, FLAG_INTERRUPTED, frames, unpark } from "#threads";
import { type Call, threadRef } from "#vm";
import { REF_STOP, THREAD_SUSPENDED } from "../carrier/asked.ts";
import { THREAD_PARK_PERMIT } from "../carrier/context.ts";
import { THREAD_ENDS } from "../carrier/thread-state.ts";
import type { CodeAttribute } from "../classfile/index.ts";
import { GuestThrow, throwing } from "../link/index.ts";
import { ACC_NATIVE, ACC_SYNCHRONIZED } from "../model/types.ts";
import type { J3Steps } from "./effects.ts";
import type { J3 } from "./j3.ts";
import { whileStopped } from "./thread-snapshots.ts";

const THREAD = "java/lang/Thread";
const INVOKEVIRTUAL = 182;
const INVOKEDYNAMIC = 186;

/** Record of the thread that a java.lang.Thread stands for; 0: it does not run. */
function recordOf(j: J3, thread: number): number {
  return Number(j.objects.getLong(thread, j.objects.field(THREAD, "eetop", "J")));
}

/**
 * Thread.stop0: the thread is to throw the object wherever it is. It leaves its waits by an interrupt, and throws at the next place where its
 * method expects an exception. A thread that was not started yet will not run.
 */
export function stop(j: J3, self: number, throwable: number): void {
  const { mem, objects } = j;
  if (objects.isNull(throwable)) throw throwing("NullPointerException", null);
  if (recordOf(j, self) === j.vm.current?.thread) throw new GuestThrow({ handle: throwable });
  whileStopped(j, () => {
    const record = recordOf(j, self);
    if (record === 0) return objects.setInt(self, objects.field(THREAD, "stillborn", "Z"), 1);
    mem.setWord(threadRef(record, REF_STOP), objects.ref(throwable));
    objects.setInt(self, objects.field(THREAD, "interrupted", "Z"), 1);
    mem.atomicOr(record + THREAD_FLAGS, FLAG_ASKED | FLAG_INTERRUPTED);
    mem.atomicStore(record + THREAD_PARK_PERMIT, 1);
    unpark(mem, record);
  });
}

/**
 * Whether the running thread may throw here what somebody else wants it to throw: at the entry of a method that Java code calls, which is a
 * call that throws; or at a poll that no handler covers, as polls do not go to handlers.
 */
export function mayStop(j: J3, call: Call): boolean {
  if (j.mem.word(call.thread + THREAD_ENDS) !== 0) return false;
  const [place, caller] = javaFrames(j, call.sp);
  if (place === undefined) return false;
  const { code, pos } = place;
  if (pos >= 0) {
    const isCovered = code.handlers.some(({ startPc, endPc }) => pos >= startPc && pos < endPc);
    return !isCovered && !place.isSynchronized && (caller === undefined || caller.sp !== place.sp);
  }
  if (caller === undefined || caller.pos < 0) return false;
  const opcode = caller.code.code[caller.pos]!;
  if (opcode < INVOKEVIRTUAL || opcode > INVOKEDYNAMIC) return false;
  return pos === POS_ENTRY || (!place.isSynchronized && code.handlers.length === 0);
}

interface Place {
  readonly code: CodeAttribute;
  readonly pos: number;
  readonly sp: number;
  readonly isSynchronized: boolean;
}

/** The two innermost frames, as far as they are of Java code. */
function javaFrames(j: J3, sp: number): Place[] {
  const places: Place[] = [];
  for (const frame = frames(j.mem, sp); places.length < 2 && frame.next(); ) {
    if (frame.functionId === 0) break;
    const { flags, info } = j.world.method(frame.functionId);
    if (info?.code === undefined || (flags & ACC_NATIVE) !== 0) break;
    const isSynchronized = (flags & ACC_SYNCHRONIZED) !== 0;
    places.push({ code: info.code, pos: frame.pos, sp: frame.sp, isSynchronized });
  }
  return places;
}

/** Thread.suspend0. */
export function* suspend(j: J3, self: number): J3Steps<void> {
  const { mem } = j;
  const own = j.vm.current?.thread as number;
  if (recordOf(j, self) === own) {
    mem.atomicStore(own + THREAD_SUSPENDED, 1);
    while (mem.atomicLoad(own + THREAD_SUSPENDED) !== 0) yield { kind: "park", milliseconds: -1 };
    return;
  }
  whileStopped(j, () => {
    const record = recordOf(j, self);
    if (record === 0) return;
    mem.atomicStore(record + THREAD_SUSPENDED, 1);
    mem.atomicOr(record + THREAD_FLAGS, FLAG_ASKED);
  });
}

/** Thread.resume0. */
export function resume(j: J3, self: number): void {
  const record = recordOf(j, self);
  if (record === 0) return;
  j.mem.atomicStore(record + THREAD_SUSPENDED, 0);
  unpark(j.mem, record);
}
