import type { Heap } from "./heap.ts";
import { objectBytes } from "./walk.ts";
import {
  VERIFY_CARD,
  VERIFY_FRAME,
  VERIFY_INTERIOR,
  VERIFY_NO_TYPE,
  VERIFY_OBJECT_SIZE,
  VERIFY_REFERENCE,
  VERIFY_ROOT,
  VERIFY_STRENGTH,
  VERIFY_TRACER,
  VERIFY_TYPE_ADDRESS,
  VERIFY_TYPE_KIND,
  VERIFY_TYPE_SHAPE,
} from "./words.ts";

const texts: Readonly<Record<number, string>> = {
  [VERIFY_NO_TYPE]: "memory was allocated, but its type is 0",
  [VERIFY_TYPE_ADDRESS]: "the type word is not the address of a type record",
  [VERIFY_TYPE_KIND]: "the type record's kind is unknown",
  [VERIFY_TYPE_SHAPE]: "the type record's sizes or offsets are impossible",
  [VERIFY_OBJECT_SIZE]: "the object ends beyond its space",
  [VERIFY_REFERENCE]: "a reference is not the address of an object",
  [VERIFY_ROOT]: "a root is not the address of an object",
  [VERIFY_FRAME]: "a frame has no site record",
  [VERIFY_INTERIOR]: "an interior reference points to unused collected memory",
  [VERIFY_STRENGTH]: "the type record's strength is unknown",
  [VERIFY_TRACER]: "the type record names no tracer",
  [VERIFY_CARD]: "a reference to a young object was stored in an old one without the write barrier",
};

/** One line for the error record that heap-as/sanity/verify.ts left at the address. */
export function describeVerifyError(heap: Heap, record: number): string {
  const [code = 0, object = 0, slot = 0, value = 0] = heap.u32.subarray(record >>> 2, (record >>> 2) + 4);
  const hex = (word: number) => `0x${word.toString(16)}`;
  const what = texts[code] ?? `error ${code}`;
  if (code === VERIFY_FRAME) return `${what}: thread record ${hex(object)}, frame at ${hex(slot)}, word ${hex(value)}`;
  const where = object === 0 ? `root word ${hex(slot)}` : `object ${hex(object)} (${typeOf(heap, object)})`;
  // A tracer may visit words outside of its object.
  const inside = object !== 0 && slot >= object && slot < object + Math.max(4, sizeOf(heap, object));
  const at = object === 0 ? "" : inside ? ` +${slot - object}` : ` at ${hex(slot)}`;
  return `${what}: ${where}${at}, word ${hex(value)}`;
}

function typeOf(heap: Heap, object: number): string {
  return heap.typeName(heap.u32[object >>> 2] ?? 0);
}

/** Bytes of an object; 0 if its type word is no type record's address. */
function sizeOf(heap: Heap, object: number): number {
  return heap.isFixed(heap.u32[object >>> 2] ?? 0) ? objectBytes(heap, object) : 0;
}
