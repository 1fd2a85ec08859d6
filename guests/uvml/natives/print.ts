/**
 * Any value as text, and equality of any values, by the descriptors in type records. Nothing here allocates in the guest's heap, so raw
 * references stay good.
 *
 * A value prints as it is written in a program: numbers, #t, 'symbols without the quote, lists (1 2 3), (array-of 1 2), (new point 1.0 2.0).
 * A string or character prints itself at top level (`print`, `str`) and in quotes inside others. A value inside itself prints as
 * `#<cycle>`, what is nested deeper than MAX_DEPTH or comes after MAX_VALUES values as `…`; of
 * strings MAX_TEXT bytes in all.
 */
import type { Memory } from "#memory";
import { GuestFailure } from "#threads";
import type { Descriptor, Stored } from "../layout.ts";
import * as layout from "../layout.ts";
import { charText, f32Text, f64Text, writtenChar, writtenString } from "./format.ts";

const MAX_DEPTH = 100;
const MAX_VALUES = 1_000_000;
/** Characters after which a text is cut off. */
const MAX_TEXT = 100_000_000;
/** Nesting that is compared. */
const MAX_COMPARED = 10_000;

/** Gives the descriptor in a type record. Descriptors do not change, so each Worker parses each once. */
export type Describe = (record: number) => Descriptor;

export function describer(mem: Memory): Describe {
  const known = new Map<number, Descriptor>();
  return (record) => {
    let found = known.get(record);
    if (found === undefined) {
      const text = mem.word(record + layout.RECORD_DESCRIPTOR);
      found = JSON.parse(new TextDecoder().decode(mem.copyOut(text + 4, mem.word(text)))) as Descriptor;
      known.set(record, found);
    }
    return found;
  };
}

/** What printing and comparing work with: a carrier's natives or the VM thread. */
export interface Reader {
  readonly mem: Memory;
  readonly describe: Describe;
}

/** A value in memory: a number or bigint, or a reference for types that have one. */
export function readStored(mem: Memory, at: number, stored: Stored): number | bigint {
  switch (stored.load) {
    case "load8s":
      return ((mem.u8[at] as number) << 24) >> 24;
    case "load8u":
      return mem.u8[at] as number;
    case "load16s":
      return ((mem.u16[at >>> 1] as number) << 16) >> 16;
    case "load16u":
      return mem.u16[at >>> 1] as number;
    case "i32":
      return stored.type === "u32" ? mem.word(at) : (mem.i32[at >>> 2] as number);
    case "i64":
      return stored.type === "i64" ? (mem.i64[at >>> 3] as bigint) : BigInt.asUintN(64, mem.i64[at >>> 3] as bigint);
    case "f32":
      return mem.f32[at >>> 2] as number;
    case "f64":
      return mem.f64[at >>> 3] as number;
    default:
      return mem.word(at);
  }
}

class Printer {
  readonly #reader: Reader;
  readonly #path = new Set<number>();
  readonly #out: string[] = [];
  #left = MAX_VALUES;
  #room = MAX_TEXT;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  text(): string {
    return this.#out.join("");
  }

  stored(at: number, stored: Stored, quoted: boolean): void {
    const { mem } = this.#reader;
    const value = readStored(mem, at, stored);
    switch (stored.type) {
      case "f32":
        this.#out.push(f32Text(value as number));
        return;
      case "f64":
        this.#out.push(f64Text(value as number));
        return;
      case "bool":
        this.#out.push(value === 0 ? "#f" : "#t");
        return;
      case "char":
        this.#out.push(quoted ? writtenChar(value as number) : charText(value as number));
        return;
      case "unit":
        this.#out.push("#<unit>");
        return;
    }
    if (stored.load === "ref") this.object(value as number, quoted);
    else if (stored.type.startsWith("(ptr")) this.#out.push(`#<${stored.type}>`);
    else this.#out.push(String(value));
  }

  object(ref: number, quoted: boolean): void {
    const { mem, describe } = this.#reader;
    if (ref === 0) {
      this.#out.push("()");
      return;
    }
    if (this.#left-- <= 0 || this.#path.size > MAX_DEPTH) {
      this.#out.push("…");
      return;
    }
    const descriptor = describe(mem.word(ref));
    switch (descriptor.kind) {
      case "string":
        this.#string(ref, quoted);
        return;
      case "symbol":
        this.#string(mem.word(ref + layout.SYMBOL_NAME), false);
        return;
      case "box":
        this.stored(ref + layout.BOX_VALUE, descriptor.value, quoted);
        return;
      case "closure":
        this.#out.push(`#<function ${descriptor.name}>`);
        return;
      case "cons":
      case "array":
      case "struct":
        if (this.#path.has(ref)) {
          this.#out.push("#<cycle>");
          return;
        }
        this.#path.add(ref);
        if (descriptor.kind === "struct") this.#struct(ref, descriptor);
        else if (descriptor.kind === "cons") this.#list(ref);
        else this.#array(ref, descriptor.value);
        this.#path.delete(ref);
        return;
      default:
        this.#out.push(`#<${descriptor.type}>`);
    }
  }

  #string(ref: number, quoted: boolean): void {
    const { mem } = this.#reader;
    const length = Math.min(mem.word(ref + layout.ARRAY_LENGTH), this.#room);
    this.#room -= length;
    const text = new TextDecoder().decode(mem.copyOut(ref + layout.ARRAY_DATA, length));
    this.#out.push(quoted ? writtenString(text) : text);
  }

  #list(ref: number): void {
    const { mem, describe } = this.#reader;
    this.#out.push("(");
    for (let at = ref; at !== 0; at = mem.word(at + layout.CONS_REST)) {
      if (at !== ref) this.#out.push(" ");
      const descriptor = describe(mem.word(at));
      if (descriptor.kind !== "cons" || !this.#item(at + layout.CONS_FIRST, descriptor.value)) break;
    }
    this.#out.push(")");
  }

  #array(ref: number, stored: Stored): void {
    const bytes = layout.bytesOfLoad(stored.load);
    const end = ref + layout.ARRAY_DATA + bytes * this.#reader.mem.word(ref + layout.ARRAY_LENGTH);
    this.#out.push("(array-of");
    for (let at = ref + layout.ARRAY_DATA; at < end; at += bytes) {
      this.#out.push(" ");
      if (!this.#item(at, stored)) break;
    }
    this.#out.push(")");
  }

  /** An element; false if there were too many. */
  #item(at: number, stored: Stored): boolean {
    if (this.#left-- > 0) this.stored(at, stored, true);
    else this.#out.push("…");
    return this.#left >= 0;
  }

  #struct(ref: number, descriptor: Descriptor & { kind: "struct" }): void {
    const { mem, describe } = this.#reader;
    this.#out.push(`(new ${descriptor.name}`);
    for (const field of descriptor.fields) {
      this.#out.push(" ");
      this.stored(ref + field.offset, field, true);
    }
    for (let at = mem.word(ref + layout.STRUCT_EXTENSION); at !== 0; at = mem.word(at + layout.EXTENSION_NEXT)) {
      const added = describe(mem.word(at));
      if (added.kind !== "extension") break;
      this.#out.push(` ${added.name}: `);
      this.stored(at + layout.EXTENSION_VALUE, added.value, true);
    }
    this.#out.push(")");
  }
}

/** A value of type any as `str` shows it; `quoted`: strings and characters as they are written. */
export function shown(reader: Reader, ref: number, quoted = false): string {
  const printer = new Printer(reader);
  printer.object(ref, quoted);
  return printer.text();
}

/** The type of a value of type any. */
export function typeOf(reader: Reader, ref: number): string {
  return ref === 0 ? "(list any)" : reader.describe(reader.mem.word(ref)).type;
}

/**
 * Whether two values are alike: numbers, characters, booleans and strings of the same type by what they are, lists and arrays by their
 * elements, structures by their fields; all others by identity. Pairs that are being compared already count as alike. Floats: as `=` says.
 */
export function equal(reader: Reader, a: number, b: number): boolean {
  return new Comparison(reader).objects(a, b, 0);
}

class Comparison {
  readonly #reader: Reader;
  readonly #seen = new Set<string>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  objects(first: number, second: number, depth: number): boolean {
    const { mem, describe } = this.#reader;
    let [a, b] = [first, second];
    // Along lists, without recursion.
    for (;;) {
      if (a === b && !this.#isFloat(a)) return true;
      if (a === 0 || b === 0) return false;
      const left = describe(mem.word(a));
      const right = describe(mem.word(b));
      if (left.kind !== right.kind || left.type !== right.type) return false;
      if (left.kind === "box") return this.#stored(a + layout.BOX_VALUE, b + layout.BOX_VALUE, left.value, depth);
      if (left.kind === "string") return this.#strings(a, b);
      if (left.kind !== "cons" && left.kind !== "array" && left.kind !== "struct") return false;
      const key = `${a},${b}`;
      if (this.#seen.has(key)) return true;
      if (depth > MAX_COMPARED)
        throw new GuestFailure(JSON.stringify(["stack-overflow", "the values are nested too deep"]));
      this.#seen.add(key);
      if (left.kind === "array") return this.#arrays(a, b, left.value, depth);
      if (left.kind === "struct") {
        return left.fields.every((field) => this.#stored(a + field.offset, b + field.offset, field, depth));
      }
      if (!this.#stored(a + layout.CONS_FIRST, b + layout.CONS_FIRST, left.value, depth)) return false;
      a = mem.word(a + layout.CONS_REST);
      b = mem.word(b + layout.CONS_REST);
    }
  }

  #isFloat(ref: number): boolean {
    if (ref === 0) return false;
    const descriptor = this.#reader.describe(this.#reader.mem.word(ref));
    return descriptor.kind === "box" && /^f/.test(descriptor.type);
  }

  #stored(a: number, b: number, stored: Stored, depth: number): boolean {
    const left = readStored(this.#reader.mem, a, stored);
    const right = readStored(this.#reader.mem, b, stored);
    return stored.load === "ref" ? this.objects(left as number, right as number, depth + 1) : left === right;
  }

  #arrays(a: number, b: number, stored: Stored, depth: number): boolean {
    const { mem } = this.#reader;
    const length = mem.word(a + layout.ARRAY_LENGTH);
    if (length !== mem.word(b + layout.ARRAY_LENGTH)) return false;
    const bytes = layout.bytesOfLoad(stored.load);
    for (let at = layout.ARRAY_DATA; at < layout.ARRAY_DATA + length * bytes; at += bytes)
      if (!this.#stored(a + at, b + at, stored, depth)) return false;
    return true;
  }

  #strings(a: number, b: number): boolean {
    const { mem } = this.#reader;
    const length = mem.word(a + layout.ARRAY_LENGTH);
    if (length !== mem.word(b + layout.ARRAY_LENGTH)) return false;
    for (let i = layout.ARRAY_DATA; i < layout.ARRAY_DATA + length; i++)
      if (mem.u8[a + i] !== mem.u8[b + i]) return false;
    return true;
  }
}
