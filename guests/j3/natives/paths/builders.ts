/** Fast paths of StringBuilder: while what is added fits, and all is Latin-1. */
import type { Value } from "#ir";
import { ARRAY_DATA } from "../../model/record.ts";
import type { FastPath, FastPathRow, Path } from "./path.ts";
import { arrayOfString, coderOf, newString } from "./strings.ts";

const BUILDER = "java/lang/StringBuilder";
const ABSTRACT = "java/lang/AbstractStringBuilder";

const bytesOf = (p: Path, self: Value): Value => p.b.load("ref", self, p.library.offset(ABSTRACT, "value", "[B"));
const needLatin1 = (p: Path, self: Value): void =>
  p.need(p.b.op("eqz", p.b.load("load8u", self, p.library.offset(ABSTRACT, "coder", "B"))));

const appendChar: FastPath = (p, self, char) => {
  const { b, library } = p;
  const count = library.offset(ABSTRACT, "count", "I");
  needLatin1(p, self!);
  p.need(b.op("ult", char!, p.i32(256)));
  const at = b.load("i32", self!, count);
  const bytes = bytesOf(p, self!);
  p.need(b.op("ult", at, p.length(bytes)));
  b.mem("store8", null, ARRAY_DATA, p.at(bytes, at), char!);
  b.store(self!, count, b.op("add", at, p.i32(1)));
  return self!;
};

const appendString: FastPath = (p, self, string) => {
  const { b, library } = p;
  const count = library.offset(ABSTRACT, "count", "I");
  p.needNonNull(string!);
  needLatin1(p, self!);
  p.need(b.op("eqz", coderOf(p, string!)));
  const at = b.load("i32", self!, count);
  const [bytes, added] = [bytesOf(p, self!), arrayOfString(p, string!)];
  const length = p.length(added);
  const end = b.op("add", at, length);
  p.need(b.op("ule", end, p.length(bytes)));
  p.copyBytes(added, p.i32(0), bytes, at, length);
  b.store(self!, count, end);
  return self!;
};

/** The empty string is a literal of the library's. */
const toText: FastPath = (p, self) => {
  const { b, library } = p;
  needLatin1(p, self!);
  const count = b.load("i32", self!, library.offset(ABSTRACT, "count", "I"));
  const bytes = bytesOf(p, self!);
  p.need(b.op("sgt", count, p.i32(0)));
  p.need(b.op("ule", count, p.length(bytes)));
  const copy = p.newBytes(count);
  p.copyBytes(bytes, p.i32(0), copy, null, count);
  return newString(p, copy);
};

export const builderPaths: Readonly<Record<string, FastPathRow>> = {
  [`${BUILDER}.append(C)Ljava/lang/StringBuilder;`]: { emit: appendChar, inPlace: true },
  [`${ABSTRACT}.append(C)Ljava/lang/AbstractStringBuilder;`]: { emit: appendChar, inPlace: true },
  [`${BUILDER}.append(Ljava/lang/String;)Ljava/lang/StringBuilder;`]: { emit: appendString, inPlace: false },
  [`${ABSTRACT}.append(Ljava/lang/String;)Ljava/lang/AbstractStringBuilder;`]: { emit: appendString, inPlace: false },
  [`${BUILDER}.toString()Ljava/lang/String;`]: { emit: toText, inPlace: false },
};
