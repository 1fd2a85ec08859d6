/** Fast paths of java.lang.String, StringLatin1, StringUTF16 and StringCoding: eight bytes at a time. */
import type { Value } from "#ir";
import { ARRAY_DATA } from "../../model/record.ts";
import type { FastPath, FastPathRow, Head, Path } from "./path.ts";

const STRING = "java/lang/String";
const LATIN1 = "java/lang/StringLatin1";
const UTF16 = "java/lang/StringUTF16";

export const BYTES = 0x0101_0101_0101_0101n;
export const HIGH_BITS = 0x8080_8080_8080_8080n;
export const EVEN_BYTES = 0x00ff_00ff_00ff_00ffn;
export const EVEN_CHARS = 0x0000_ffff_0000_ffffn;

export const arrayOfString = (p: Path, string: Value): Value =>
  p.b.load("ref", string, p.library.offset(STRING, "value", "[B"));
export const coderOf = (p: Path, string: Value): Value =>
  p.b.load("load8u", string, p.library.offset(STRING, "coder", "B"));

// ---- hash codes: the polynomial of 31, JLS's java.lang.String.hashCode -----------------------------------------------------------

/** 31 to the power of n, as an int. */
function power(n: number): number {
  let result = 1;
  for (let i = 0; i < n; i++) result = Math.imul(result, 31);
  return result;
}

/** high * factor + low of each pair of lanes, where the first element of a pair lies in the lower bits and counts more. */
function pairs(p: Path, lanes: Value, mask: bigint, width: bigint, factor: bigint): Value {
  const { b } = p;
  const low = b.op("and", lanes, p.i64(mask));
  const high = b.op("and", b.op("ushr", lanes, p.i64(width)), p.i64(mask));
  return b.op("add", b.op("mul", low, p.i64(factor)), high);
}

/** The hash of the two 32-bit lanes. */
function lanes(p: Path, both: Value, factor: number): Value {
  const { b } = p;
  const high = b.op("wrap", b.op("ushr", both, p.i64(32n)));
  return b.op("add", b.op("mul", b.op("wrap", both), p.i32(factor)), high);
}

/** Of eight elements of a byte: pairs are below 2^13, fours below 2^23. */
function hashOfBytes(p: Path, word: Value): Value {
  const fours = pairs(p, pairs(p, word, EVEN_BYTES, 8n, 31n), EVEN_CHARS, 16n, 31n * 31n);
  return lanes(p, fours, power(4));
}

/** Of four elements of two bytes: pairs are below 2^21. */
function hashOfChars(p: Path, word: Value): Value {
  return lanes(p, pairs(p, word, EVEN_CHARS, 16n, 31n), power(2));
}

function hash(p: Path, array: Value, bytes: Value, hashOf: (p: Path, word: Value) => Value, factor: number): Value {
  const { b } = p;
  const exits = p.exits("i32");
  exits.when(b.op("eqz", bytes), p.i32(0));
  const sum = b.variable("i32");
  p.walk(
    bytes,
    // The bytes shifted out are the last of the word: the word goes back, and those before the first count as zeros.
    (head) => b.define(sum, hashOf(p, b.op("shl", head.load(array), head.shift))),
    (at) => {
      const next = hashOf(p, p.word(array, at));
      b.define(sum, b.op("add", b.op("mul", b.use(sum), p.i32(factor)), next));
    },
  );
  return exits.end(b.use(sum));
}

const latin1Hash: FastPath = (p, array) => {
  p.needNonNull(array!);
  return hash(p, array!, p.length(array!), hashOfBytes, power(8));
};

const utf16Hash: FastPath = (p, array) => {
  p.needNonNull(array!);
  return hash(p, array!, p.b.op("and", p.length(array!), p.i32(-2)), hashOfChars, power(4));
};

// ---- comparing -------------------------------------------------------------------------------------------------------------------

/** 1 if the bytes of two arrays of this length are the same. */
function sameBytes(p: Path, one: Value, other: Value, bytes: Value): Value {
  const { b } = p;
  const exits = p.exits("i32");
  const differ = (x: Value, y: Value): void => exits.when(b.op("ne", x, y), p.i32(0));
  exits.when(b.op("eqz", bytes), p.i32(1));
  p.walk(
    bytes,
    (head) => differ(head.load(one), head.load(other)),
    (at) => differ(p.word(one, at), p.word(other, at)),
  );
  return exits.end(p.i32(1));
}

/** StringLatin1.equals is for both coders; that of StringUTF16 looks at pairs of bytes, of which arrays of odd length have one in part. */
const equalArrays =
  (odd: boolean): FastPath =>
  (p, one, other) => {
    const { b } = p;
    p.needNonNull(one!, other!);
    const bytes = p.length(one!);
    if (odd) p.need(b.op("eqz", b.op("and", bytes, p.i32(1))));
    const exits = p.exits("i32");
    exits.when(b.op("ne", bytes, p.length(other!)), p.i32(0));
    return exits.end(sameBytes(p, one!, other!, bytes));
  };

const equals: FastPath = (p, self, object) => {
  const { b } = p;
  const exits = p.exits("i32");
  exits.when(b.op("refeq", self!, object!), p.i32(1));
  // Of null too: the lowest memory reads 0.
  const isOther = b.op("refne", b.load("addr", object!, 0), b.addr(p.library.record(STRING)));
  exits.when(isOther, p.i32(0));
  exits.when(b.op("ne", coderOf(p, self!), coderOf(p, object!)), p.i32(0));
  const [one, other] = [arrayOfString(p, self!), arrayOfString(p, object!)];
  const bytes = p.length(one);
  exits.when(b.op("ne", bytes, p.length(other)), p.i32(0));
  return exits.end(sameBytes(p, one, other, bytes));
};

/** Bytes of two arrays up to the lower of two lengths: the difference of the first that differ, else that of the lengths. */
const compareLatin1: FastPath = (p, one, other, length1, length2) => {
  const { b } = p;
  p.needNonNull(one!, other!);
  p.need(b.op("ule", length1!, p.length(one!)));
  p.need(b.op("ule", length2!, p.length(other!)));
  const bytes = b.typed("select", "i32", b.op("slt", length1!, length2!), length1!, length2!);
  const exits = p.exits("i32");
  const compare = (x: Value, y: Value): void =>
    exits.whenMade(b.op("ne", x, y), () => {
      const place = b.op("and", b.op("ctz", b.op("xor", x, y)), p.i64(56n));
      const byte = (word: Value): Value => b.op("and", b.op("wrap", b.op("ushr", word, place)), p.i32(255));
      return b.op("sub", byte(x), byte(y));
    });
  const lengths = b.op("sub", length1!, length2!);
  exits.when(b.op("eqz", bytes), lengths);
  p.walk(
    bytes,
    (head) => compare(head.load(one!), head.load(other!)),
    (at) => compare(p.word(one!, at), p.word(other!, at)),
  );
  return exits.end(lengths);
};

// ---- searching -------------------------------------------------------------------------------------------------------------------

/** The lowest byte that is 0 has its high bit set, and none below it. */
function zeroBytes(p: Path, word: Value): Value {
  const { b } = p;
  const borrowed = b.op("sub", word, p.i64(BYTES));
  const inverted = b.op("xor", word, p.i64(-1n));
  return b.op("and", b.op("and", borrowed, inverted), p.i64(HIGH_BITS));
}

function firstByte(p: Path, highBits: Value): Value {
  return p.b.op("wrap", p.b.op("ushr", p.b.op("ctz", highBits), p.i64(3n)));
}

/** StringLatin1.indexOfChar(value, ch, from, to): by the low byte of ch, as the library. */
const indexOfChar: FastPath = (p, array, char, from, to) => {
  const { b } = p;
  p.needNonNull(array!);
  const exits = p.exits("i32");
  exits.when(b.op("sge", from!, to!), p.i32(-1));
  p.need(b.op("sge", from!, p.i32(0)));
  p.need(b.op("sle", to!, p.length(array!)));
  const pattern = b.op("mul", b.op("zext", b.op("and", char!, p.i32(255))), p.i64(BYTES));
  p.walk(
    b.op("sub", to!, from!),
    (head: Head) => {
      const found = zeroBytes(p, b.op("xor", head.load(array!, from!), pattern));
      const index = firstByte(p, found);
      // Above its bytes the word has zeros, which may be what is looked for; if none is found the index is 8.
      exits.whenMade(b.op("slt", index, head.count), () => b.op("add", from!, index));
    },
    (at) => {
      const start = b.op("add", from!, at);
      const found = zeroBytes(p, b.op("xor", p.word(array!, start), pattern));
      exits.whenMade(b.op("ne", found, p.i64(0n)), () => b.op("add", start, firstByte(p, found)));
    },
  );
  return exits.end(p.i32(-1));
};

/** StringLatin1.indexOf(value, valueCount, string, stringCount, from): each place where the first byte is. */
const indexOfBytes: FastPath = (p, array, arrayCount, string, count, from) => {
  const { b } = p;
  p.needNonNull(array!, string!);
  p.need(b.op("ule", arrayCount!, p.length(array!)));
  p.need(b.op("sgt", count!, p.i32(0)));
  p.need(b.op("ule", count!, p.length(string!)));
  p.need(b.op("sge", from!, p.i32(0)));
  const exits = p.exits("i32");
  const last = b.op("sub", arrayCount!, count!);
  exits.when(b.op("sgt", from!, last), p.i32(-1));
  const first = b.load("load8u", string!, ARRAY_DATA);
  const pattern = b.op("mul", b.op("zext", first), p.i64(BYTES));
  const found = b.variable("i64");
  const byte = (of: Value, at: Value): Value => b.load("load8u", p.at(of, at), ARRAY_DATA);
  // Bits above the lowest one may be there without a zero byte: the first byte is compared again.
  const tryAll = (start: Value, bits: Value): void => {
    const [loop, look, compare, next, other, done] = Array.from({ length: 6 }, () => b.block());
    b.define(found, bits);
    b.jump(loop!);
    b.switchTo(loop!);
    const left = b.use(found);
    b.branch(b.op("ne", left, p.i64(0n)), look!, done!);
    b.seal(look!);
    b.switchTo(look!);
    const place = b.op("add", start, firstByte(p, left));
    const k = b.variable("i32");
    b.define(k, p.i32(0));
    b.jump(compare!);
    b.switchTo(compare!);
    const at = b.use(k);
    exits.when(b.op("eq", at, count!), place);
    b.branch(b.op("eq", byte(array!, b.op("add", place, at)), byte(string!, at)), next!, other!);
    b.seal(next!);
    b.switchTo(next!);
    b.define(k, b.op("add", at, p.i32(1)));
    b.jump(compare!);
    b.seal(compare!);
    b.seal(other!);
    b.switchTo(other!);
    b.define(found, b.op("and", left, b.op("sub", left, p.i64(1n))));
    b.jump(loop!);
    b.seal(loop!);
    b.seal(done!);
    b.switchTo(done!);
  };
  p.walk(
    b.op("add", b.op("sub", last, from!), p.i32(1)),
    (head: Head) => {
      const zeros = zeroBytes(p, b.op("xor", head.load(array!, from!), pattern));
      // What is above the word's bytes was shifted in.
      tryAll(from!, b.op("ushr", b.op("shl", zeros, head.shift), head.shift));
    },
    (at) => {
      const start = b.op("add", from!, at);
      tryAll(start, zeroBytes(p, b.op("xor", p.word(array!, start), pattern)));
    },
  );
  return exits.end(p.i32(-1));
};

/** StringCoding.hasNegatives(bytes, from, count). */
const hasNegatives: FastPath = (p, array, from, count) => {
  const { b } = p;
  const exits = p.exits("i32");
  p.needNonNull(array!);
  p.need(b.op("sge", b.op("or", from!, count!), p.i32(0)));
  p.need(b.op("ule", b.op("add", from!, count!), p.length(array!)));
  exits.when(b.op("eqz", count!), p.i32(0));
  const negative = (word: Value): void =>
    exits.when(b.op("ne", b.op("and", word, p.i64(HIGH_BITS)), p.i64(0n)), p.i32(1));
  p.walk(
    count!,
    (head) => negative(head.load(array!, from!)),
    (at) => negative(p.word(array!, b.op("add", from!, at))),
  );
  return exits.end(p.i32(0));
};

// ---- single characters -----------------------------------------------------------------------------------------------------------

const charAt: FastPath = (p, string, index) => {
  const { b } = p;
  const array = arrayOfString(p, string!);
  p.need(b.op("eqz", coderOf(p, string!)));
  p.need(b.op("ult", index!, p.length(array)));
  return b.load("load8u", p.at(array, index!), ARRAY_DATA);
};

// ---- making strings --------------------------------------------------------------------------------------------------------------

/** A string of Latin-1 with this array. */
export function newString(p: Path, array: Value): Value {
  const { b, library } = p;
  const string = b.alloc(p.i32(library.instanceBytes(STRING)));
  b.store(string, 0, b.addr(library.record(STRING)));
  b.store(string, library.offset(STRING, "value", "[B"), array);
  return string;
}

/** StringLatin1.newString(bytes, from, count); the empty string is a literal of the library's. */
const newLatin1: FastPath = (p, array, from, count) => {
  const { b } = p;
  p.needNonNull(array!);
  p.need(b.op("sgt", count!, p.i32(0)));
  p.need(b.op("sge", from!, p.i32(0)));
  p.need(b.op("ule", b.op("add", from!, count!), p.length(array!)));
  const copy = p.newBytes(count!);
  p.copyBytes(array!, from!, copy, null, count!);
  return newString(p, copy);
};

/** What + makes of two strings, if neither is empty: then the library makes a copy of the other one. */
const concatenate: FastPath = (p, first, second) => {
  const { b, library } = p;
  const string = b.addr(library.record(STRING));
  const arrays = [first!, second!].map((object) => {
    p.need(b.op("refeq", b.load("addr", object, 0), string));
    p.need(b.op("eqz", coderOf(p, object)));
    return arrayOfString(p, object);
  });
  const [one, other] = arrays as [Value, Value];
  const [length1, length2] = [p.length(one), p.length(other)];
  p.need(length1);
  p.need(length2);
  const all = p.newBytes(b.op("add", length1, length2));
  p.copyBytes(one, p.i32(0), all, null, length1);
  p.copyBytes(other, p.i32(0), all, length1, length2);
  return newString(p, all);
};

/** StringConcatHelper.newArray(length and coder): the coder is in the upper 32 bits. */
const concatArray: FastPath = (p, lengthCoder) => {
  const { b } = p;
  const coder = b.op("wrap", b.op("ushr", lengthCoder!, p.i64(32n)));
  const length = b.op("wrap", lengthCoder!);
  p.need(b.op("ule", coder, p.i32(1)));
  // Above 2^28 doubling could overflow.
  p.need(b.op("ult", length, p.i32(1 << 28)));
  return p.newBytes(b.op("shl", length, coder));
};

const body = (emit: FastPath): FastPathRow => ({ emit, inPlace: false });
const inPlace = (emit: FastPath): FastPathRow => ({ emit, inPlace: true });

export const stringPaths: Readonly<Record<string, FastPathRow>> = {
  [`${LATIN1}.hashCode([B)I`]: body(latin1Hash),
  [`${UTF16}.hashCode([B)I`]: body(utf16Hash),
  [`${STRING}.equals(Ljava/lang/Object;)Z`]: body(equals),
  [`${LATIN1}.equals([B[B)Z`]: body(equalArrays(false)),
  [`${UTF16}.equals([B[B)Z`]: body(equalArrays(true)),
  [`${LATIN1}.compareTo([B[BII)I`]: body(compareLatin1),
  [`${LATIN1}.indexOfChar([BIII)I`]: body(indexOfChar),
  [`${LATIN1}.indexOf([BI[BII)I`]: body(indexOfBytes),
  "java/lang/StringCoding.hasNegatives([BII)Z": body(hasNegatives),
  [`${LATIN1}.newString([BII)Ljava/lang/String;`]: body(newLatin1),
  "java/lang/StringConcatHelper.simpleConcat(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/String;":
    body(concatenate),
  "java/lang/StringConcatHelper.newArray(J)[B": body(concatArray),
  [`${STRING}.charAt(I)C`]: inPlace(charAt),
};
