/** JVMS §6.5 checkcast on class records, for natives; compiled code has its own (runtime/helpers.ts). */
import type { Memory } from "#memory";
import {
  CLASS_BITS,
  CLASS_COMPONENT,
  CLASS_DEPTH,
  CLASS_DISPLAY,
  CLASS_ID,
  CLASS_TABLE,
  CLASS_TABLE_SEED,
  CLASS_TABLE_SHIFT,
  CLASSBIT_ARRAY,
  CLASSBIT_INTERFACE,
  CLASSBIT_PRIMITIVE,
  DISPLAY,
} from "../model/record.ts";

/** Whether values of the first class may be assigned to the second. */
export function isSubtype(mem: Memory, from: number, to: number): boolean {
  if (from === to) return true;
  const bits = mem.word(to + CLASS_BITS);
  if ((bits & CLASSBIT_ARRAY) !== 0) {
    if ((mem.word(from + CLASS_BITS) & CLASSBIT_ARRAY) === 0) return false;
    const [inner, outer] = [mem.word(from + CLASS_COMPONENT), mem.word(to + CLASS_COMPONENT)];
    if (((mem.word(inner + CLASS_BITS) | mem.word(outer + CLASS_BITS)) & CLASSBIT_PRIMITIVE) !== 0)
      return inner === outer;
    return isSubtype(mem, inner, outer);
  }
  const depth = mem.word(to + CLASS_DEPTH);
  if ((bits & (CLASSBIT_INTERFACE | CLASSBIT_PRIMITIVE)) === 0 && depth < DISPLAY) {
    return mem.word(from + CLASS_DISPLAY + 4 * depth) === to;
  }
  const key = mem.word(to + CLASS_ID);
  const index = Math.imul(key, mem.word(from + CLASS_TABLE_SEED)) >>> mem.word(from + CLASS_TABLE_SHIFT);
  return mem.word(mem.word(from + CLASS_TABLE) + (index << 3)) === key;
}
