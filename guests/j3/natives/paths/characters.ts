/** Fast paths of java.lang.Character: ASCII by tests of ranges, all others by the library's tables. */
import type { Value } from "#ir";
import type { FastPath, FastPathRow, Path } from "./path.ts";

/** 1 if the character is in the range. */
function within(p: Path, char: Value, first: string, count: number): Value {
  return p.b.op("ult", p.b.op("sub", char, p.i32(first.charCodeAt(0))), p.i32(count));
}

/** Characters of ASCII by tests of ranges; all others by the library's tables. */
const ofAscii =
  (make: (p: Path, char: Value) => Value): FastPath =>
  (p, ...args) => {
    // Those of CharacterDataLatin1 have a receiver.
    const char = args[args.length - 1]!;
    p.need(p.b.op("ult", char, p.i32(128)));
    return make(p, char);
  };

/** Cases differ by 32. */
const upper = ofAscii((p, char) => p.b.op("sub", char, p.b.op("shl", within(p, char, "a", 26), p.i32(5))));
const lower = ofAscii((p, char) => p.b.op("add", char, p.b.op("shl", within(p, char, "A", 26), p.i32(5))));
const isDigit = (p: Path, char: Value): Value => within(p, char, "0", 10);
const isLetter = (p: Path, char: Value): Value => within(p, p.b.op("or", char, p.i32(32)), "a", 26);

/** Character.digit(char, radix): decimal digits of radices that have them all. */
const digit: FastPath = (p, char, radix) => {
  const { b } = p;
  const value = b.op("sub", char!, p.i32(48));
  p.need(b.op("ult", value, p.i32(10)));
  p.need(b.op("ult", b.op("sub", radix!, p.i32(10)), p.i32(27)));
  return value;
};

const inPlace = (emit: FastPath): FastPathRow => ({ emit, inPlace: true });

const CHARACTER = "java/lang/Character";
const CHARACTERS = "java/lang/CharacterDataLatin1";

export const characterPaths: Readonly<Record<string, FastPathRow>> = {
  [`${CHARACTERS}.toUpperCaseEx(I)I`]: inPlace(upper),
  [`${CHARACTERS}.toUpperCase(I)I`]: inPlace(upper),
  [`${CHARACTERS}.toLowerCase(I)I`]: inPlace(lower),
  [`${CHARACTER}.toUpperCase(I)I`]: inPlace(upper),
  [`${CHARACTER}.toLowerCase(I)I`]: inPlace(lower),
  [`${CHARACTER}.isDigit(I)Z`]: inPlace(ofAscii(isDigit)),
  [`${CHARACTER}.isLetter(I)Z`]: inPlace(ofAscii(isLetter)),
  [`${CHARACTER}.isLetterOrDigit(I)Z`]: inPlace(
    ofAscii((p, char) => p.b.op("or", isLetter(p, char), isDigit(p, char))),
  ),
  [`${CHARACTER}.isUpperCase(I)Z`]: inPlace(ofAscii((p, char) => within(p, char, "A", 26))),
  [`${CHARACTER}.isLowerCase(I)Z`]: inPlace(ofAscii((p, char) => within(p, char, "a", 26))),
  [`${CHARACTER}.isWhitespace(I)Z`]: inPlace(
    // \t to \r, and the separators U+001C to U+001F with the space.
    ofAscii((p, char) => p.b.op("or", within(p, char, "\t", 5), within(p, char, "\u001c", 5))),
  ),
  [`${CHARACTER}.digit(II)I`]: inPlace(digit),
};
