/** java.lang.StackWalker: batches of frames of the calling thread, which stands still in callStackWalk meanwhile. */
import { externalMethod, throwing } from "../../link/index.ts";
import { ACC_NATIVE } from "../../model/types.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import { callerFrames, type GuestFrame, guestFrames } from "../../vm/stack-walk.ts";
import type { VmNatives } from "../types.ts";
import { fillElement } from "./stack.ts";

// Modes, as in java.lang.StackStreamFactory.
const FILL_CLASS_REFS_ONLY = 0x2n;
const GET_CALLER_CLASS = 0x4n;
const SHOW_HIDDEN_FRAMES = 0x20n;
const FILL_LIVE_STACK_FRAMES = 0x100n;

const WALKER = "java/lang/StackStreamFactory$AbstractStackWalker";
const FRAME_INFO = "java/lang/StackFrameInfo";

/** A class of the walk itself: its frames come first and are left out. */
function isWalker(j: J3, frame: GuestFrame): boolean {
  const { holder } = frame.method;
  const base = j.world.boot(WALKER);
  return holder.name === "java/lang/StackWalker" || holder === base || holder.superclass === base;
}

/** Where a frame is: where the thread's frame begins, and how many calls of it are further in. */
type Place = Pick<GuestFrame, "sp" | "inner">;
const NOWHERE: Place = { sp: 0, inner: 0 };

/**
 * Puts up to `count` frames, from the place on, into the array from `start` on. Gives the index after the last, and the place of the first
 * frame that was not looked at (`sp` 0: there is none).
 */
function fill(
  j: J3,
  mode: bigint,
  place: Place,
  count: number,
  start: number,
  frames: number,
): { end: number; next: Place } {
  if ((mode & FILL_LIVE_STACK_FRAMES) !== 0n)
    throw throwing("InternalError", "not implemented: locals of stack frames");
  let end = start;
  for (const frame of guestFrames(j, place.sp, place.inner)) {
    if (end - start >= count) return { end, next: frame };
    if ((mode & SHOW_HIDDEN_FRAMES) === 0n && j.bodies.isHidden(frame.method)) continue;
    putFrame(j, mode, frame, frames, end, start);
    end++;
  }
  return { end, next: NOWHERE };
}

function putFrame(
  j: J3,
  mode: bigint,
  { method, pos }: GuestFrame,
  frames: number,
  index: number,
  start: number,
): void {
  const { objects } = j;
  if ((mode & FILL_CLASS_REFS_ONLY) === 0n) {
    const info = objects.elementHandle(frames, index);
    j.invocation.members.fillMethod(memberName(j, info), method);
    const isNative = (method.flags & ACC_NATIVE) !== 0;
    objects.setInt(info, objects.field(FRAME_INFO, "bci", "I"), isNative ? 0 : pos);
    return;
  }
  const isSensitive = (mode & GET_CALLER_CLASS) !== 0n && index === start;
  if (isSensitive && method.hasVmAnnotation("Ljdk/internal/reflect/CallerSensitive;")) {
    const shown = externalMethod(method.holder.name, method.name, method.descriptor);
    const text = `StackWalker::getCallerClass called from @CallerSensitive '${shown}' method`;
    throw throwing("UnsupportedOperationException", text);
  }
  objects.setElement(frames, index, method.holder.mirror);
}

function memberName(j: J3, info: number): number {
  return j.objects.getHandle(info, j.objects.field(FRAME_INFO, "memberName", "Ljava/lang/Object;"));
}

function keepPlace(j: J3, anchor: number, place: Place): void {
  j.mem.setWord(anchor, place.sp);
  j.mem.setWord(anchor + 4, place.inner);
}

/** The anchor that the library gets is the address of two words that say where the walk goes on. */
function* walk(
  j: J3,
  self: number,
  mode: bigint,
  skip: number,
  count: number,
  start: number,
  frames: number,
): J3Steps<number> {
  if (j.objects.isNull(frames)) throw throwing("NullPointerException", "frames_array is NULL");
  let place = NOWHERE;
  let skipped = 0;
  let inWalker = true;
  for (const frame of callerFrames(j)) {
    inWalker &&= isWalker(j, frame);
    if (inWalker || skipped++ < skip) continue;
    place = frame;
    break;
  }
  const first = fill(j, mode, place, count, start, frames);
  if (first.end === start) throw throwing("InternalError", "stack walk: decode failed");
  const anchor = j.heap.malloc(8);
  keepPlace(j, anchor, first.next);
  try {
    const doWalk = j.method(j.world.boot(WALKER), "doStackWalk", "(JIIII)Ljava/lang/Object;");
    return (yield* j.invoke(doWalk, [self, BigInt(anchor), skip, count, start, first.end])) as number;
  } finally {
    j.heap.free(anchor);
  }
}

function fetch(
  j: J3,
  _self: number,
  mode: bigint,
  anchor: bigint,
  count: number,
  start: number,
  frames: number,
): number {
  if (j.objects.isNull(frames)) throw throwing("NullPointerException", "frames_array is NULL");
  const word = Number(anchor);
  const place = { sp: j.mem.word(word), inner: j.mem.word(word + 4) };
  const { end, next } = fill(j, mode, place, count, start, frames);
  keepPlace(j, word, next);
  return end;
}

export const stackWalkerNatives: VmNatives = {
  "java/lang/StackStreamFactory.checkStackWalkModes()Z": () => true,
  [`${WALKER}.callStackWalk(JIII[Ljava/lang/Object;)Ljava/lang/Object;`]: walk,
  [`${WALKER}.fetchStackFrames(JJII[Ljava/lang/Object;)I`]: fetch,
  "java/lang/StackTraceElement.initStackTraceElement(Ljava/lang/StackTraceElement;Ljava/lang/StackFrameInfo;)V": (
    j,
    element: number,
    info: number,
  ) => {
    const method = j.invocation.members.methodOf(memberName(j, info));
    if (method === null) throw throwing("InternalError", "the frame has no method");
    const bci = j.objects.getInt(info, j.objects.field(FRAME_INFO, "bci", "I"));
    fillElement(j, element, method, j.stackTraces.entry(method, bci).line);
  },
};
