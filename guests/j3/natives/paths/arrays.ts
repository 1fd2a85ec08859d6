/** System.arraycopy between arrays whose types are known where it is called, and arrays for the library's own use. */
import { NO_VALUE } from "#ir";
import { ARRAY_DATA, CLASS_MIRROR } from "../../model/record.ts";
import type { FastPath, FastPathRow } from "./path.ts";

/** log2 of the bytes of an element, by descriptor. */
const SHIFTS: Readonly<Record<string, number>> = {
  "[Z": 0,
  "[B": 0,
  "[C": 1,
  "[S": 1,
  "[I": 2,
  "[F": 2,
  "[J": 3,
  "[D": 3,
};

/** Arrays of one class: nothing that is in one is too much for the other. */
const arraycopy: FastPath = (p, source, sourcePos, target, targetPos, length) => {
  const { b } = p;
  const [from, to] = [p.facts.arrayDescriptor(source!), p.facts.arrayDescriptor(target!)];
  if (from === undefined || to === undefined) return null;
  const primitive = SHIFTS[from];
  if (primitive !== undefined ? from !== to : SHIFTS[to] !== undefined) return null;
  p.needNonNull(source!, target!);
  if (primitive === undefined) p.need(b.op("refeq", b.load("addr", source!, 0), b.load("addr", target!, 0)));
  p.need(b.op("sge", b.op("or", b.op("or", sourcePos!, targetPos!), length!), p.i32(0)));
  // Sums of two numbers below 2^31 do not overflow as unsigned ones.
  p.need(b.op("ule", b.op("add", sourcePos!, length!), p.length(source!)));
  p.need(b.op("ule", b.op("add", targetPos!, length!), p.length(target!)));
  const shift = primitive ?? 2;
  const bytes = (elements: typeof length): NonNullable<typeof length> =>
    shift === 0 ? elements! : b.op("shl", elements!, p.i32(shift));
  const data = p.i32(ARRAY_DATA);
  const start = p.at(p.at(target!, data), bytes(targetPos));
  b.op(primitive === undefined ? "refcopy" : "copy", start, p.at(p.at(source!, data), bytes(sourcePos)), bytes(length));
  return NO_VALUE;
};

/** Unsafe.allocateUninitializedArray(Class, length), for bytes. */
const newArray: FastPath = (p, _self, mirror, length) => {
  const { b } = p;
  const bytes = b.load("addr", b.addr(p.library.primitive("B")), CLASS_MIRROR);
  p.need(b.op("refeq", mirror!, b.load("ref", bytes, 0)));
  return p.newBytes(length!);
};

export const arrayPaths: Readonly<Record<string, FastPathRow>> = {
  "java/lang/System.arraycopy(Ljava/lang/Object;ILjava/lang/Object;II)V": { emit: arraycopy, inPlace: true },
  "jdk/internal/misc/Unsafe.allocateUninitializedArray(Ljava/lang/Class;I)Ljava/lang/Object;": {
    emit: newArray,
    inPlace: false,
  },
};
