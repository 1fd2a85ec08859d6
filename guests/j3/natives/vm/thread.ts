/** java.lang.Thread: looking at threads. */
import { CONTROL_THREADS, THREAD_NEXT, THREAD_SP, THREAD_STATE } from "#layout";
import { THREAD_DONE, THREAD_NEW } from "#threads";
import { threadRef } from "#vm";
import { throwing } from "../../link/index.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import { guestFrames } from "../../vm/stack-walk.ts";
import { whileStopped } from "../../vm/thread-snapshots.ts";
import { resume, stop, suspend } from "../../vm/thread-stop.ts";
import type { VmNatives } from "../types.ts";
import { newElements } from "./stack.ts";

const THREAD = "java/lang/Thread";
const SCOPED = "jdk/internal/misc/ScopedMemoryAccess";

/** HotSpot warns when there is no room for another thread. */
export function warnOfRefusal(j: J3, self: number): undefined {
  const { objects, options } = j;
  const wanted = Number(objects.getLong(self, objects.field(THREAD, "stackSize", "J")));
  const name = objects.getHandle(self, objects.field(THREAD, "name", "Ljava/lang/String;"));
  const kilobytes = Math.ceil((wanted || options.threadStack) / 1024);
  const attributes = `stacksize: ${kilobytes}k, guardsize: 0k, detached.`;
  j.warn(
    "os,thread",
    `Failed to start thread "Unknown thread" - pthread_create failed (EAGAIN) for attributes: ${attributes}`,
  );
  j.warn("os,thread", `Failed to start the native thread for java.lang.Thread "${objects.textOrNull(name)}"`);
}

/** Records of the Java threads that have started and not ended, the oldest first. The world is stopped. */
export function liveThreads(j: J3): number[] {
  const { mem } = j;
  const records: number[] = [];
  for (let at = mem.word(CONTROL_THREADS); at !== 0; at = mem.word(at + THREAD_NEXT)) {
    const state = mem.atomicLoad(at + THREAD_STATE);
    if (state !== THREAD_NEW && state !== THREAD_DONE && mem.word(threadRef(at, 0)) !== 0) records.push(at);
  }
  return records.reverse();
}

/**
 * jdk.internal.misc.ScopedMemoryAccess: no other thread may be within an access when the memory is given back. Which memory it accesses
 * is not looked at, so a close may be refused that could have been done.
 */
function closeScope(j: J3): boolean {
  const { mem, vm } = j;
  return whileStopped(j, () => {
    for (const record of liveThreads(j)) {
      if (record === vm.current?.thread) continue;
      for (const { method } of guestFrames(j, mem.word(record + THREAD_SP))) {
        if (method.holder.name === SCOPED && method.hasVmAnnotation(`L${SCOPED}$Scoped;`)) return false;
      }
    }
    return true;
  });
}

/** The stack of each thread of an array: null for threads that do not run. */
function* dump(j: J3, threads: number): J3Steps<number> {
  const { objects } = j;
  if (objects.isNull(threads)) throw throwing("NullPointerException", null);
  const count = objects.length(threads);
  if (count === 0) throw throwing("IllegalArgumentException", null);
  const eetop = objects.field(THREAD, "eetop", "J");
  const stacks = whileStopped(j, () => {
    const live = new Set(liveThreads(j));
    return Array.from({ length: count }, (_, index) => {
      const thread = objects.elementHandle(threads, index);
      const record = objects.isNull(thread) ? 0 : Number(objects.getLong(thread, eetop));
      if (!live.has(record)) return null;
      return [...guestFrames(j, j.mem.word(record + THREAD_SP))].map(({ method, pos }) =>
        j.stackTraces.entry(method, pos),
      );
    });
  });
  const made: number[] = [];
  for (const frames of stacks) made.push(frames === null ? 0 : yield* newElements(j, frames));
  return objects.newRefArray("[Ljava/lang/StackTraceElement;", made);
}

export const threadNatives: VmNatives = {
  [`${THREAD}.stop0(Ljava/lang/Object;)V`]: stop,
  [`${THREAD}.suspend0()V`]: suspend,
  [`${THREAD}.resume0()V`]: resume,
  [`${THREAD}.getThreads()[L${THREAD};`]: (j) =>
    j.objects.newRefArray(
      THREAD,
      whileStopped(j, () => liveThreads(j).map((record) => j.objects.temp(j.mem.word(threadRef(record, 0))))),
    ),
  [`${THREAD}.dumpThreads([L${THREAD};)[[Ljava/lang/StackTraceElement;`]: dump,
  [`${SCOPED}.closeScope0(L${SCOPED}$Scope;L${SCOPED}$Scope$ScopedAccessError;)Z`]: closeScope,
  // A guest thread is not a thread of the host: there is nothing that could bear the name, or be scheduled by the priority.
  [`${THREAD}.setNativeName(Ljava/lang/String;)V`]: () => {},
};
