/** System.arraycopy between arrays whose types are known where it is called, and arrays for the library's own use. */
import { NO_VALUE, type Value } from "#ir";
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

/**
 * ArraysSupport.vectorizedMismatch(one, its offset, other, its offset, elements, log2 of their bytes): index of an element that differs, or the complement of how
 * many at the end were not looked at. Offsets are below 2^32: those of static fields are not for here.
 */
const mismatch: FastPath = (p, one, oneOffset, other, otherOffset, length, scale) => {
  const { b } = p;
  p.need(b.op("eqz", b.op("ushr", b.op("or", oneOffset!, otherOffset!), p.i64(32n))));
  p.need(b.op("sge", length!, p.i32(0)));
  p.need(b.op("ule", scale!, p.i32(3)));
  const start = (object: Value, offset: Value): Value =>
    b.typed("ptradd", "addr", b.typed("rawaddr", "addr", object), b.op("wrap", offset));
  const [x, y] = [start(one!, oneOffset!), start(other!, otherOffset!)];
  const perWord = b.op("sub", p.i32(3), scale!);
  const bytes = b.op("shl", b.op("ushr", length!, perWord), p.i32(3));
  const exits = p.exits("i32");
  const end = p.each(
    p.i32(0),
    8,
    (at) => b.op("slt", at, bytes),
    (at) => {
      const word = (of: Value): Value => b.load("i64", b.typed("ptradd", "addr", of, at), 0);
      const [v, w] = [word(x), word(y)];
      exits.whenMade(b.op("ne", v, w), () => {
        const place = b.op("ushr", b.op("wrap", b.op("ctz", b.op("xor", v, w))), p.i32(3));
        return b.op("ushr", b.op("add", at, place), scale!);
      });
    },
  );
  const rest = b.op("sub", length!, b.op("ushr", end, scale!));
  return exits.end(b.op("xor", rest, p.i32(-1)));
};

/** Bytes from which on the engine's function for filling is called. */
const LONG_FILL = 256;

/** Arrays.fill(array, value) and (array, from, to, value) of elements of so many bytes: in words of eight, and element by element at the end. */
const fill =
  (shift: number, descriptor: string): FastPath =>
  (p, array, ...args) => {
    const { b } = p;
    const value = args[args.length - 1]!;
    p.needNonNull(array!);
    const length = p.length(array!);
    const [from, to] = args.length === 3 ? [args[0]!, args[1]!] : [p.i32(0), length];
    if (args.length === 3) {
      p.need(b.op("sge", from, p.i32(0)));
      p.need(b.op("sle", from, to));
      p.need(b.op("sle", to, length));
    }
    const scaled = (index: Value): Value => (shift === 0 ? index : b.op("shl", index, p.i32(shift)));
    const start = p.at(array!, scaled(from));
    const bytes = scaled(b.op("sub", to, from));
    const done = b.block();
    if (shift === 0) {
      const [long, short] = [b.block(), b.block()];
      b.branch(b.op("ult", bytes, p.i32(LONG_FILL)), short, long);
      b.seal(long);
      b.seal(short);
      b.switchTo(long);
      b.op("fill", p.at(start, p.i32(ARRAY_DATA)), descriptor === "Z" ? b.op("and", value, p.i32(1)) : value, bytes);
      b.jump(done);
      b.switchTo(short);
    }
    const bits =
      descriptor === "F"
        ? b.typed("bits", "i32", value)
        : descriptor === "D"
          ? b.typed("bits", "i64", value)
          : descriptor === "Z"
            ? b.op("and", value, p.i32(1))
            : value;
    const ones = [0x0101_0101_0101_0101n, 0x0001_0001_0001_0001n, 0x0000_0001_0000_0001n, 1n][shift]!;
    const low = shift === 3 ? bits : b.op("zext", bits);
    const mask = (1n << BigInt(8 << shift)) - 1n;
    const word = shift === 3 ? low : b.op("mul", b.op("and", low, p.i64(mask)), p.i64(ones));
    const rest = p.each(
      p.i32(0),
      8,
      (at) => b.op("sle", b.op("add", at, p.i32(8)), bytes),
      (at) => b.store(p.at(start, at), ARRAY_DATA, word),
    );
    if (shift < 3) {
      p.each(
        rest,
        1 << shift,
        (at) => b.op("slt", at, bytes),
        (at) => {
          const place = p.at(start, at);
          if (shift === 2) b.store(place, ARRAY_DATA, bits);
          else b.mem(shift === 0 ? "store8" : "store16", null, ARRAY_DATA, place, bits);
        },
      );
    }
    b.jump(done);
    b.seal(done);
    b.switchTo(done);
    return NO_VALUE;
  };

const fills: Record<string, FastPathRow> = {};
for (const [array, shift] of Object.entries(SHIFTS)) {
  const letter = array[1]!;
  const row: FastPathRow = { emit: fill(shift, letter), inPlace: false };
  fills[`java/util/Arrays.fill(${array}${letter})V`] = row;
  fills[`java/util/Arrays.fill(${array}II${letter})V`] = row;
}

export const arrayPaths: Readonly<Record<string, FastPathRow>> = {
  ...fills,
  "jdk/internal/util/ArraysSupport.vectorizedMismatch(Ljava/lang/Object;JLjava/lang/Object;JII)I": {
    emit: mismatch,
    inPlace: false,
  },
  "java/lang/System.arraycopy(Ljava/lang/Object;ILjava/lang/Object;II)V": { emit: arraycopy, inPlace: true },
  "jdk/internal/misc/Unsafe.allocateUninitializedArray(Ljava/lang/Class;I)Ljava/lang/Object;": {
    emit: newArray,
    inPlace: false,
  },
};
