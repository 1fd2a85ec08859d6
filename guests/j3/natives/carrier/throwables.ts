/** Throwable.fillInStackTrace: walks the frames by their call-site records. */
import { frames } from "#threads";
import type { CarrierContext } from "../../carrier/context.ts";
import { ARRAY_DATA, CLASS_SUPER } from "../../model/record.ts";
import * as words from "../../runtime/words.ts";
import type { CarrierNatives } from "../types.ts";

/** As HotSpot's -XX:MaxJavaStackTraceDepth. */
const MAX_DEPTH = 1024;
/** Number after the last pair. */
const HIDDEN_TOP = 1;

/** Whether the record is that of the object's class or a superclass. */
function isOwn(c: CarrierContext, object: number, holder: number): boolean {
  for (let record = c.mem.word(object); record !== 0; record = c.mem.word(record + CLASS_SUPER)) {
    if (record === holder) return true;
  }
  return false;
}

/**
 * Pairs of method number and position of the frames from sp outwards, without those that made the throwable: the fillInStackTrace
 * methods of its classes, then their constructors. Hidden frames are left out; one more number follows if the innermost one was hidden.
 */
function walk(c: CarrierContext, sp: number, throwable: number): number[] {
  const { mem } = c;
  const facts = c.word(words.WORD_METHOD_FACTS);
  const holders = c.word(words.WORD_METHOD_HOLDERS);
  const pairs: number[] = [];
  /** What is still left out: 0 fillInStackTrace and constructors, 1 constructors, 2 neither. */
  let stage = 0;
  let isTopHidden = false;
  for (const frame = frames(mem, sp); pairs.length < 2 * MAX_DEPTH && frame.next(); ) {
    const method = frame.functionId;
    if (method === 0) continue;
    const fact = mem.u8[facts + method] as number;
    if (stage < 2) {
      const belongs = isOwn(c, throwable, mem.word(holders + 4 * method));
      if (stage === 0 && belongs && (fact & words.METHOD_FILLS) !== 0) continue;
      stage = 1;
      if (belongs && (fact & words.METHOD_IS_CONSTRUCTOR) !== 0) continue;
      stage = 2;
    }
    if ((fact & words.METHOD_HIDDEN) !== 0) {
      isTopHidden ||= pairs.length === 0;
      continue;
    }
    pairs.push(method, frame.pos);
  }
  if (isTopHidden) pairs.push(HIDDEN_TOP);
  return pairs;
}

export const throwableNatives: CarrierNatives = {
  direct: {
    "java/lang/Throwable.fillInStackTrace(I)Ljava/lang/Throwable;": (c, sp, throwable: number) => {
      const pairs = walk(c, sp, throwable);
      const mark = c.handles.mark();
      const kept = c.handles.push(throwable);
      const array = c.newArray(sp, words.WORD_INT_ARRAY_CLASS, pairs.length, 4);
      const moved = c.handles.get(kept);
      c.handles.release(mark);
      c.mem.i32.set(pairs, (array + ARRAY_DATA) >>> 2);
      c.mem.setRef(moved + c.word(words.WORD_THROWABLE_BACKTRACE), array);
      c.mem.setWord(moved + c.word(words.WORD_THROWABLE_DEPTH), pairs.length >>> 1);
      return moved;
    },
  },
  blocking: {},
};
