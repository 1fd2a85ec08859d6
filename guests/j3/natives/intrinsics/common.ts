/** What intrinsics are made of. */
import { type Builder, type HostFunction, signature, type Type, type Value } from "#ir";
import { CONTROL_GUEST } from "#layout";
import { CLASS_BITS, CLASS_MIRROR } from "../../model/record.ts";
import type { HelperSlots } from "../../runtime/helpers.ts";
import * as words from "../../runtime/words.ts";

/** A word of the table of shared words. */
export function sharedWord(b: Builder, type: Type, word: number): Value {
  return b.load(type, b.load("addr", b.addr(CONTROL_GUEST), 0), word);
}

/** Record of the class that a java.lang.Class stands for. */
export function recordOf(b: Builder, mirror: Value): Value {
  const offset = sharedWord(b, "i32", words.WORD_CLASS_RECORD);
  return b.load("addr", b.typed("ptradd", "iref", mirror, offset), 0);
}

/** The java.lang.Class of a class record. */
export function mirrorOf(b: Builder, record: Value): Value {
  return b.load("ref", b.load("addr", record, CLASS_MIRROR), 0);
}

/** Not 0 if one of the CLASSBIT_* is set in the class record. */
export function hasBits(b: Builder, record: Value, bits: number): Value {
  return b.op("and", b.load("i32", record, CLASS_BITS), b.i32(bits));
}

/** The same as 0 or 1. */
export function testBits(b: Builder, record: Value, bits: number): Value {
  return b.op("ne", hasBits(b, record, bits), b.i32(0));
}

export function host(name: string, params: readonly Type[], result: Type | null): HostFunction {
  return { name, signature: signature(params, result), pure: false };
}

/** Calls a host function that throws. */
export function fail(b: Builder, helpers: HelperSlots, failing: HostFunction, args: readonly Value[]): void {
  b.callhost(failing, args);
  b.call(helpers.throwPending, signature([], null), []);
  b.unreachable();
}
