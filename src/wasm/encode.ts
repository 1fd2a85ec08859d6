/**
 * Bytes of the WebAssembly binary format: a growing byte buffer, and modules section by section.
 *
 * The buffer is written millions of times, so it has no checks but the one for room.
 */
import type { Signature, Type } from "#ir";
import { Bug } from "#support";
import type { Scratch } from "./scratch.ts";

/** A growing byte buffer with the number formats of the binary format (WebAssembly core specification §5.2). */
export class Writer {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  /** The buffer comes from the scratch, if one is given, and is then valid as long as that. */
  constructor(room = 256, scratch: Scratch | null = null) {
    this.bytes = scratch === null ? new Uint8Array(room) : scratch.u8(room);
  }

  #grow(wanted: number): void {
    let room = this.bytes.length * 2;
    while (room < wanted) room *= 2;
    const larger = new Uint8Array(room);
    larger.set(this.bytes);
    this.bytes = larger;
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.#grow(this.length + 1);
    this.bytes[this.length++] = value;
  }

  /** Unsigned LEB128 of the low 32 bits. */
  u32(value: number): void {
    if (this.length + 5 > this.bytes.length) this.#grow(this.length + 5);
    const bytes = this.bytes;
    let at = this.length;
    let rest = value >>> 0;
    while (rest > 127) {
      bytes[at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.length = at;
  }

  /** Signed LEB128 of a 32-bit number. */
  s32(value: number): void {
    if (this.length + 5 > this.bytes.length) this.#grow(this.length + 5);
    const bytes = this.bytes;
    let at = this.length;
    let rest = value | 0;
    while (rest > 63 || rest < -64) {
      bytes[at++] = (rest & 127) | 128;
      rest >>= 7;
    }
    bytes[at++] = rest & 127;
    this.length = at;
  }

  /** Signed LEB128 of a 64-bit number. */
  s64(value: bigint): void {
    const low = Number(BigInt.asIntN(32, value));
    if (value === BigInt(low)) {
      this.s32(low);
      return;
    }
    let rest = BigInt.asIntN(64, value);
    while (rest > 63n || rest < -64n) {
      this.byte(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.byte(Number(rest & 127n));
  }

  /** Four bytes, low first. */
  fixed32(value: number): void {
    this.byte(value & 255);
    this.byte((value >>> 8) & 255);
    this.byte((value >>> 16) & 255);
    this.byte(value >>> 24);
  }

  /** Eight bytes, low first. */
  fixed64(value: bigint): void {
    this.fixed32(Number(BigInt.asIntN(32, value)));
    this.fixed32(Number(BigInt.asIntN(32, value >> 32n)));
  }

  /** A name: length and UTF-8 bytes. */
  name(text: string): void {
    const at = this.length;
    this.byte(text.length);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127 || text.length > 127) {
        this.length = at;
        const bytes = new TextEncoder().encode(text);
        this.u32(bytes.length);
        this.raw(bytes, 0, bytes.length);
        return;
      }
      this.byte(code);
    }
  }

  /** Copies bytes from `from` to `to` (exclusive). */
  raw(source: Uint8Array, from: number, to: number): void {
    const count = to - from;
    if (this.length + count > this.bytes.length) this.#grow(this.length + count);
    if (count < 24) {
      const bytes = this.bytes;
      let at = this.length;
      for (let i = from; i < to; i++) bytes[at++] = source[i] as number;
    } else {
      this.bytes.set(source.subarray(from, to), this.length);
    }
    this.length += count;
  }

  append(other: Writer): void {
    this.raw(other.bytes, 0, other.length);
  }

  /** A copy of what was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }
}

/** The value types of WebAssembly that we use, as encoded. */
export const WASM_I32 = 0x7f;
export const WASM_I64 = 0x7e;
export const WASM_F32 = 0x7d;
export const WASM_F64 = 0x7c;
/** Block type without parameters and results. */
export const WASM_VOID = 0x40;

const WASM_TYPE: Readonly<Record<Type, number>> = {
  i32: WASM_I32,
  i64: WASM_I64,
  f32: WASM_F32,
  f64: WASM_F64,
  ref: WASM_I32,
  iref: WASM_I32,
  addr: WASM_I32,
};

/** The value type of WebAssembly that holds values of the IR type. */
export function wasmType(type: Type): number {
  return WASM_TYPE[type];
}

/** The signature of compiled code: stack pointer, parameters, slot. One letter per WebAssembly type, for keys. */
export function compiledParams(signature: Signature): number[] {
  const params = [WASM_I32];
  for (const type of signature.params) params.push(WASM_TYPE[type]);
  params.push(WASM_I32);
  return params;
}

export type ExternKind = "func" | "table" | "memory" | "global" | "tag";

const SECTION_CUSTOM = 0;
const SECTION_TYPE = 1;
const SECTION_IMPORT = 2;
const SECTION_FUNCTION = 3;
const SECTION_EXPORT = 7;
const SECTION_CODE = 10;
const SUBSECTION_FUNCTIONS = 1;

/** The largest 32-bit memory, in pages of 64 KiB. */
const MAX_PAGES = 65536;
/** Numbers below this take two bytes of LEB128, or are padded to them. */
const MAX_TWO_BYTES = 1 << 14;

/** One module: imports first, then functions, in the order in which they are added; then `finish`. */
export class ModuleEncoder {
  readonly #types: Writer;
  readonly #knownTypes: { readonly params: readonly number[]; readonly result: number }[] = [];
  readonly #imports: Writer;
  #importCount = 0;
  #importedFunctions = 0;
  readonly #functions: Writer;
  #functionCount = 0;
  #bodyAt = 0;
  readonly #exports: Writer;
  #exportCount = 0;
  readonly #code: Writer;
  /** Of functions with hints: number among the module's own, bytes before the body, hints. */
  readonly #hinted: { readonly number: number; readonly before: number; readonly hints: readonly number[] }[] = [];
  readonly #names: { readonly number: number; readonly text: string }[] = [];
  readonly #scratch: Scratch | null;

  constructor(scratch: Scratch | null = null) {
    this.#scratch = scratch;
    this.#types = new Writer(64, scratch);
    this.#imports = new Writer(192, scratch);
    this.#functions = new Writer(16, scratch);
    this.#exports = new Writer(16, scratch);
    this.#code = new Writer(1024, scratch);
  }

  /** Number of a function type; equal types have one number. Results: a value type, or 0 for none. */
  type(params: readonly number[], result: number): number {
    const known = this.#knownTypes;
    for (let number = known.length - 1; number >= 0; number--) {
      const other = known[number]!;
      if (other.result === result && sameNumbers(other.params, params)) return number;
    }
    known.push({ params, result });
    const types = this.#types;
    types.byte(0x60);
    types.u32(params.length);
    for (let i = 0; i < params.length; i++) types.byte(params[i]!);
    types.byte(result === 0 ? 0 : 1);
    if (result !== 0) types.byte(result);
    return known.length - 1;
  }

  #import(module: string, name: string, kind: number): Writer {
    const imports = this.#imports;
    imports.name(module);
    imports.name(name);
    imports.byte(kind);
    this.#importCount++;
    return imports;
  }

  /** How many functions are imported so far. */
  get importedFunctions(): number {
    return this.#importedFunctions;
  }

  /** Gives the index of the function. All imported functions must be added before the first own one. */
  importFunction(module: string, name: string, type: number): number {
    this.#import(module, name, 0).u32(type);
    return this.#importedFunctions++;
  }

  /** A table of functions of any size. */
  importTable(module: string, name: string): void {
    const imports = this.#import(module, name, 1);
    imports.byte(0x70);
    imports.byte(0);
    imports.u32(0);
  }

  /** A shared memory of any size. */
  importMemory(module: string, name: string): void {
    const imports = this.#import(module, name, 2);
    imports.byte(3);
    imports.u32(1);
    imports.u32(MAX_PAGES);
  }

  /** An immutable global. */
  importGlobal(module: string, name: string, type: number): void {
    const imports = this.#import(module, name, 3);
    imports.byte(type);
    imports.byte(0);
  }

  /** An exception tag whose type has the values of the tag as parameters. */
  importTag(module: string, name: string, type: number): void {
    const imports = this.#import(module, name, 4);
    imports.byte(0);
    imports.u32(type);
  }

  /** How many functions of its own the module has so far. */
  get ownFunctions(): number {
    return this.#functionCount;
  }

  /**
   * Adds a function, and gives its index, which is right if no function is imported later. `body` is the code with its final `end`, `locals` runs
   * of (count, type). `hints` lists pairs (offset in `body` of a branch, 1 if it is likely taken, else 0), in order.
   */
  addFunction(type: number, locals: readonly number[], body: Writer, hints: readonly number[] = []): number {
    this.#functions.u32(type);
    const head = new Writer(16, this.#scratch);
    head.u32(locals.length >> 1);
    for (let i = 0; i < locals.length; i += 2) {
      head.u32(locals[i] as number);
      head.byte(locals[i + 1] as number);
    }
    const code = this.#code;
    code.u32(head.length + body.length);
    code.append(head);
    this.#bodyAt = code.length;
    code.append(body);
    const number = this.#functionCount++;
    if (hints.length > 0) this.#hinted.push({ number, before: head.length, hints });
    return this.#importedFunctions + number;
  }

  /** Where the body of the function added last begins, for `setIndex`. */
  get bodyAt(): number {
    return this.#bodyAt;
  }

  /** Writes a number of two bytes into code that was added. */
  setIndex(at: number, index: number): void {
    if (index >= MAX_TWO_BYTES) throw new Bug(`function index ${index} does not fit in two bytes`);
    const { bytes } = this.#code;
    bytes[at] = (index & 127) | 128;
    bytes[at + 1] = index >>> 7;
  }

  exportFunction(name: string, index: number): void {
    const exports = this.#exports;
    exports.name(name);
    exports.byte(0);
    exports.u32(index);
    this.#exportCount++;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const out = new Writer(this.#types.length + this.#imports.length + this.#code.length + 224, this.#scratch);
    out.fixed32(0x6d736100);
    out.fixed32(1);
    section(out, SECTION_TYPE, this.#knownTypes.length, this.#types);
    section(out, SECTION_IMPORT, this.#importCount, this.#imports);
    section(out, SECTION_FUNCTION, this.#functionCount, this.#functions);
    section(out, SECTION_EXPORT, this.#exportCount, this.#exports);
    if (this.#hinted.length > 0) this.#writeHints(out);
    section(out, SECTION_CODE, this.#functionCount, this.#code);
    if (this.#names.length > 0) this.#writeNames(out);
    return out.finish();
  }

  /** Gives an own function, by its number among these, a name that profilers and debuggers show. In ascending order. */
  nameFunction(number: number, text: string): void {
    this.#names.push({ number, text });
  }

  #writeHints(out: Writer): void {
    const custom = new Writer(160, this.#scratch);
    custom.name("metadata.code.branch_hint");
    custom.u32(this.#hinted.length);
    for (const { number, before, hints } of this.#hinted) {
      custom.u32(this.#importedFunctions + number);
      custom.u32(hints.length >> 1);
      for (let i = 0; i < hints.length; i += 2) {
        custom.u32(before + (hints[i] as number));
        custom.byte(1);
        custom.byte(hints[i + 1] as number);
      }
    }
    out.byte(SECTION_CUSTOM);
    out.u32(custom.length);
    out.append(custom);
  }

  /** The custom section "name" with its subsection of function names. */
  #writeNames(out: Writer): void {
    const names = new Writer(128, this.#scratch);
    names.u32(this.#names.length);
    for (const { number, text } of this.#names) {
      names.u32(this.#importedFunctions + number);
      names.name(text);
    }
    const custom = new Writer(names.length + 16, this.#scratch);
    custom.name("name");
    custom.byte(SUBSECTION_FUNCTIONS);
    custom.u32(names.length);
    custom.append(names);
    out.byte(SECTION_CUSTOM);
    out.u32(custom.length);
    out.append(custom);
  }
}

function section(out: Writer, number: number, count: number, content: Writer): void {
  if (count === 0) return;
  out.byte(number);
  out.u32(content.length + (count < 128 ? 1 : count < 16384 ? 2 : count < 2097152 ? 3 : 4));
  out.u32(count);
  out.append(content);
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
