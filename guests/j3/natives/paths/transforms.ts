/** Fast paths that make an array of characters from another: between bytes and chars, and to the other case. */
import { NO_VALUE, type Value } from "#ir";
import { ARRAY_DATA } from "../../model/record.ts";
import type { FastPath, FastPathRow, Path } from "./path.ts";
import { BYTES, EVEN_BYTES, EVEN_CHARS, HIGH_BITS, newString } from "./strings.ts";

const LATIN1 = "java/lang/StringLatin1";
const UTF16 = "java/lang/StringUTF16";

/** The four bytes of the lower half, in lanes of 16 bits. */
function widened(p: Path, word: Value): Value {
  const { b } = p;
  const pairs = b.op("and", b.op("or", word, b.op("shl", word, p.i64(16n))), p.i64(EVEN_CHARS));
  return b.op("and", b.op("or", pairs, b.op("shl", pairs, p.i64(8n))), p.i64(EVEN_BYTES));
}

/** The low bytes of four lanes of 16 bits, which have no others, in the lower half. */
function narrowed(p: Path, word: Value): Value {
  const { b } = p;
  const pairs = b.op("and", b.op("or", word, b.op("ushr", word, p.i64(8n))), p.i64(EVEN_CHARS));
  return b.op("wrap", b.op("or", pairs, b.op("ushr", pairs, p.i64(16n))));
}

const needRange = (p: Path, array: Value, from: Value, count: Value, shift: number): void => {
  const { b } = p;
  p.needNonNull(array);
  const length = p.length(array);
  p.need(b.op("sge", from, p.i32(0)));
  p.need(b.op("ule", b.op("add", from, count), shift === 0 ? length : b.op("ushr", length, p.i32(shift))));
};

const twice = (p: Path, index: Value): Value => p.b.op("shl", index, p.i32(1));

/** inflate(source, sourceIndex, target, targetIndex, count): the target is of chars, or of bytes with two for each. */
const inflate =
  (ofBytes: boolean): FastPath =>
  (p, source, sourceIndex, target, targetIndex, count) => {
    const { b } = p;
    p.need(b.op("sge", count!, p.i32(0)));
    if (ofBytes) p.need(b.op("refne", source!, target!));
    needRange(p, source!, sourceIndex!, count!, 0);
    needRange(p, target!, targetIndex!, count!, ofBytes ? 1 : 0);
    const from = p.at(source!, sourceIndex!);
    const to = p.at(target!, twice(p, targetIndex!));
    const rest = p.each(
      p.i32(0),
      4,
      (at) => b.op("sle", b.op("add", at, p.i32(4)), count!),
      (at) => {
        const bytes = b.op("zext", b.load("i32", p.at(from, at), ARRAY_DATA));
        b.store(p.at(to, twice(p, at)), ARRAY_DATA, widened(p, bytes));
      },
    );
    p.each(
      rest,
      1,
      (at) => b.op("slt", at, count!),
      (at) => b.mem("store16", null, ARRAY_DATA, p.at(to, twice(p, at)), b.load("load8u", p.at(from, at), ARRAY_DATA)),
    );
    return NO_VALUE;
  };

/** StringUTF16.compress(chars, charIndex, bytes, byteIndex, count): how many; 0 if one of them has more than a byte. */
const compress: FastPath = (p, source, sourceIndex, target, targetIndex, count) => {
  const { b } = p;
  p.need(b.op("sge", count!, p.i32(0)));
  needRange(p, source!, sourceIndex!, count!, 0);
  needRange(p, target!, targetIndex!, count!, 0);
  const from = p.at(source!, twice(p, sourceIndex!));
  const to = p.at(target!, targetIndex!);
  const exits = p.exits("i32");
  const rest = p.each(
    p.i32(0),
    4,
    (at) => b.op("sle", b.op("add", at, p.i32(4)), count!),
    (at) => {
      const chars = b.load("i64", p.at(from, twice(p, at)), ARRAY_DATA);
      exits.when(b.op("ne", b.op("and", chars, p.i64(~EVEN_BYTES)), p.i64(0n)), p.i32(0));
      b.store(p.at(to, at), ARRAY_DATA, narrowed(p, chars));
    },
  );
  p.each(
    rest,
    1,
    (at) => b.op("slt", at, count!),
    (at) => {
      const char = b.load("load16u", p.at(from, twice(p, at)), ARRAY_DATA);
      exits.when(b.op("ugt", char, p.i32(255)), p.i32(0));
      b.mem("store8", null, ARRAY_DATA, p.at(to, at), char);
    },
  );
  return exits.end(count!);
};

/** Bit 5 of each byte that is one of the 26 letters from the first on; the bytes are ASCII, or what comes of it is not used. */
function letters(p: Path, word: Value, first: number): Value {
  const { b } = p;
  const atLeast = (char: number): Value => b.op("add", word, p.i64(BigInt(0x80 - char) * BYTES));
  const inside = b.op("and", atLeast(first), b.op("xor", atLeast(first + 26), p.i64(-1n)));
  return b.op("ushr", b.op("and", inside, p.i64(HIGH_BITS)), p.i64(2n));
}

/** toUpperCase and toLowerCase(string, its bytes, locale) of ASCII; not in the three languages that have rules of their own. */
const changeCase =
  (first: string): FastPath =>
  (p, string, array, locale) => {
    const { b, library } = p;
    const letter = first.charCodeAt(0);
    p.needNonNull(array!, locale!);
    const base = b.load(
      "ref",
      locale!,
      library.offset("java/util/Locale", "baseLocale", "Lsun/util/locale/BaseLocale;"),
    );
    const language = b.load(
      "ref",
      base,
      library.offset("sun/util/locale/BaseLocale", "language", "Ljava/lang/String;"),
    );
    for (const other of ["tr", "az", "lt"]) {
      p.need(b.op("refne", language, b.load("ref", b.addr(library.text(other)), 0)));
    }
    const bytes = p.length(array!);
    p.need(bytes);
    const [all, changes] = [b.variable("i64"), b.variable("i64")];
    const look = (word: Value): void => {
      b.define(all, b.op("or", b.use(all), word));
      b.define(changes, b.op("or", b.use(changes), letters(p, word, letter)));
    };
    b.define(all, p.i64(0n));
    b.define(changes, p.i64(0n));
    p.walk(
      bytes,
      (head) => look(head.load(array!)),
      (at) => look(p.word(array!, at)),
    );
    p.need(b.op("eq", b.op("and", b.use(all), p.i64(HIGH_BITS)), p.i64(0n)));
    const exits = p.exits("ref");
    exits.when(b.op("eq", b.use(changes), p.i64(0n)), string!);
    const copy = p.newBytes(bytes);
    // Arrays end at multiples of 8 bytes: the last word may have some that are no elements.
    p.each(
      p.i32(0),
      8,
      (at) => b.op("slt", at, bytes),
      (at) => {
        const word = p.word(array!, at);
        b.store(p.at(copy, at), ARRAY_DATA, b.op("xor", word, letters(p, word, letter)));
      },
    );
    return exits.end(newString(p, copy));
  };

/** StringLatin1.replace(bytes, old, new): null if there is nothing to replace. */
const replace: FastPath = (p, array, from, to) => {
  const { b } = p;
  p.needNonNull(array!);
  p.need(b.op("ult", b.op("or", from!, to!), p.i32(256)));
  const bytes = p.length(array!);
  p.need(bytes);
  const repeated = (char: Value): Value => b.op("mul", b.op("zext", char), p.i64(BYTES));
  const pattern = repeated(from!);
  const sevens = p.i64(~HIGH_BITS);
  // 0x80 where a byte is the one looked for, exactly: sums of seven bits carry nothing into the next byte.
  const places = (word: Value): Value => {
    const other = b.op("xor", word, pattern);
    const sum = b.op("add", b.op("and", other, sevens), sevens);
    return b.op("xor", b.op("or", b.op("or", sum, other), sevens), p.i64(-1n));
  };
  const any = b.variable("i64");
  const look = (found: Value): void => b.define(any, b.op("or", b.use(any), found));
  b.define(any, p.i64(0n));
  p.walk(
    bytes,
    // What was shifted in is no element.
    (head) => look(b.op("shl", places(head.load(array!)), head.shift)),
    (at) => look(places(p.word(array!, at))),
  );
  const exits = p.exits("ref");
  exits.when(b.op("eq", b.use(any), p.i64(0n)), b.nullRef());
  const difference = b.op("zext", b.op("xor", from!, to!));
  const copy = p.newBytes(bytes);
  p.each(
    p.i32(0),
    8,
    (at) => b.op("slt", at, bytes),
    (at) => {
      const word = p.word(array!, at);
      const ones = b.op("ushr", places(word), p.i64(7n));
      b.store(p.at(copy, at), ARRAY_DATA, b.op("xor", word, b.op("mul", ones, difference)));
    },
  );
  return exits.end(newString(p, copy));
};

const body = (emit: FastPath): FastPathRow => ({ emit, inPlace: false });
const CASE = "(Ljava/lang/String;[BLjava/util/Locale;)Ljava/lang/String;";

export const transformPaths: Readonly<Record<string, FastPathRow>> = {
  [`${LATIN1}.inflate([BI[CII)V`]: body(inflate(false)),
  [`${LATIN1}.inflate([BI[BII)V`]: body(inflate(true)),
  [`${UTF16}.inflate([BI[BII)V`]: body(inflate(true)),
  [`${UTF16}.compress([CI[BII)I`]: body(compress),
  [`${LATIN1}.replace([BCC)Ljava/lang/String;`]: body(replace),
  [`${LATIN1}.toUpperCase${CASE}`]: body(changeCase("a")),
  [`${LATIN1}.toLowerCase${CASE}`]: body(changeCase("A")),
};
