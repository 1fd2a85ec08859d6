/** Strings, symbols and builders. Strings are UTF-8 bytes, indices count bytes. */
import { ARRAY_DATA, ARRAY_LENGTH, BUILDER_BUFFER, BUILDER_BYTES, BUILDER_LENGTH } from "../layout.ts";
import type { NativeContext } from "./context.ts";
import { charText, parseFloat64, parseInteger } from "./format.ts";
import { WORD_BUILDER_TYPE } from "./words.ts";

const FIRST_BUFFER = 56;

/** The character that begins at a byte; U+FFFD if none does. */
export function charAt(c: NativeContext, _sp: number, string: number, index: number): number {
  const { u8 } = c.mem;
  const length = c.length(string);
  if (index < 0 || index >= length) throw c.failure("bounds", `index ${index} of a string of ${length} bytes`);
  const at = string + ARRAY_DATA + index;
  const first = u8[at] as number;
  if (first < 0x80) return first;
  const more = first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
  if (more === 0 || first >= 0xf5 || index + more >= length) return 0xfffd;
  let code = first & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const next = u8[at + i] as number;
    if ((next & 0xc0) !== 0x80) return 0xfffd;
    code = (code << 6) | (next & 0x3f);
  }
  return code > 0x10ffff ? 0xfffd : code;
}

export function append(c: NativeContext, sp: number, a: number, b: number): number {
  const first = c.length(a);
  const second = c.length(b);
  const { result, refs } = c.keeping([a, b], () => c.newBytes(sp, first + second));
  const { u8 } = c.mem;
  const data = result + ARRAY_DATA;
  u8.copyWithin(data, refs[0]! + ARRAY_DATA, refs[0]! + ARRAY_DATA + first);
  u8.copyWithin(data + first, refs[1]! + ARRAY_DATA, refs[1]! + ARRAY_DATA + second);
  return result;
}

export function substring(c: NativeContext, sp: number, string: number, from: number, to: number): number {
  const length = c.length(string);
  if (from < 0 || to > length || from > to) {
    throw c.failure("bounds", `bytes ${from} to ${to} of a string of ${length} bytes`);
  }
  const { result, refs } = c.keeping([string], () => c.newBytes(sp, to - from));
  const start = refs[0]! + ARRAY_DATA;
  c.mem.u8.copyWithin(result + ARRAY_DATA, start + from, start + to);
  return result;
}

/** Negative, 0 or positive, by bytes. */
export function compare(c: NativeContext, a: number, b: number): number {
  const { u8 } = c.mem;
  const first = c.length(a);
  const second = c.length(b);
  const common = Math.min(first, second);
  for (let i = 0; i < common; i++) {
    const difference = (u8[a + ARRAY_DATA + i] as number) - (u8[b + ARRAY_DATA + i] as number);
    if (difference !== 0) return difference;
  }
  return first - second;
}

/** Where the second string occurs in the first, from a byte on; -1: nowhere. */
export function indexOf(c: NativeContext, _sp: number, string: number, part: number, from: number): number {
  const length = c.length(string);
  const bytes = c.length(part);
  const { u8 } = c.mem;
  const [text, wanted] = [string + ARRAY_DATA, part + ARRAY_DATA];
  for (let at = Math.max(0, from); at + bytes <= length; at++) {
    let i = 0;
    while (i < bytes && u8[text + at + i] === u8[wanted + i]) i++;
    if (i === bytes) return at;
  }
  return -1;
}

export function toInteger(c: NativeContext, string: number, low: bigint, high: bigint): bigint {
  const text = c.text(string);
  const value = parseInteger(text, low, high);
  if (value === undefined) throw c.failure("number", `no whole number of that type: ${JSON.stringify(text)}`);
  return value;
}

export function toFloat(c: NativeContext, _sp: number, string: number): number {
  const text = c.text(string);
  const value = parseFloat64(text);
  if (value === undefined) throw c.failure("number", `no number: ${JSON.stringify(text)}`);
  return value;
}

// ---- builders -----------------------------------------------------------------------------------------------------------------

export function newBuilder(c: NativeContext, sp: number): number {
  const mark = c.handles.mark();
  const buffer = c.handles.push(c.newBytes(sp, FIRST_BUFFER));
  const builder = c.allocate(sp, c.word(WORD_BUILDER_TYPE), BUILDER_BYTES);
  c.mem.setWord(builder + BUILDER_BUFFER, c.handles.get(buffer));
  c.handles.release(mark);
  return builder;
}

/** The buffer and how much of it is in use. Threads may share a builder: what is read here is checked here, whatever others write. */
function used(c: NativeContext, builder: number): { readonly buffer: number; readonly length: number } {
  const buffer = c.mem.word(c.solid(builder) + BUILDER_BUFFER);
  const length = Math.min(c.mem.word(builder + BUILDER_LENGTH), c.mem.word(buffer + ARRAY_LENGTH));
  return { buffer, length };
}

/** Makes the builder longer by so many bytes; gives the address where they go, and the other reference. A safepoint. */
function grow(c: NativeContext, sp: number, builder: number, more: number, other = 0): [at: number, other: number] {
  const { mem } = c;
  const { buffer, length } = used(c, builder);
  if (length + more <= mem.word(buffer + ARRAY_LENGTH)) {
    mem.setWord(builder + BUILDER_LENGTH, length + more);
    return [buffer + ARRAY_DATA + length, other];
  }
  const { result, refs } = c.keeping([builder, other], () => c.newBytes(sp, 2 * length + more));
  const now = used(c, refs[0]!);
  const kept = Math.min(now.length, 2 * length);
  mem.u8.copyWithin(result + ARRAY_DATA, now.buffer + ARRAY_DATA, now.buffer + ARRAY_DATA + kept);
  mem.setRef(refs[0]! + BUILDER_BUFFER, result);
  mem.setWord(refs[0]! + BUILDER_LENGTH, kept + more);
  return [result + ARRAY_DATA + kept, refs[1]!];
}

export function appendBytes(c: NativeContext, sp: number, builder: number, bytes: Uint8Array): void {
  const [at] = grow(c, sp, builder, bytes.length);
  c.mem.copyIn(at, bytes);
}

/** Appends text of ASCII alone. */
export function appendAscii(c: NativeContext, sp: number, builder: number, text: string): void {
  const [at] = grow(c, sp, builder, text.length);
  for (let i = 0; i < text.length; i++) c.mem.u8[at + i] = text.charCodeAt(i);
}

export function appendString(c: NativeContext, sp: number, builder: number, string: number): void {
  const bytes = c.length(string);
  const [at, from] = grow(c, sp, builder, bytes, string);
  c.mem.u8.copyWithin(at, from + ARRAY_DATA, from + ARRAY_DATA + bytes);
}

export function appendChar(c: NativeContext, sp: number, builder: number, code: number): void {
  if (code >= 0x80 || code < 0) return appendBytes(c, sp, builder, new TextEncoder().encode(charText(code)));
  const [at] = grow(c, sp, builder, 1);
  c.mem.u8[at] = code;
}

export function build(c: NativeContext, sp: number, builder: number): number {
  const { length } = used(c, builder);
  const { result, refs } = c.keeping([builder], () => c.newBytes(sp, length));
  const from = used(c, refs[0]!).buffer + ARRAY_DATA;
  c.mem.u8.copyWithin(result + ARRAY_DATA, from, from + length);
  return result;
}
