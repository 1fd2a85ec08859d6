/**
 * Objects in memory. Offset 0 is the address of the type record; what follows depends on the kind:
 *
 *   box        8 the value (any of a number, bool, char, unit or ptr); assigned variables that closures capture live in boxes too ("cells")
 *   string     4 bytes (i32), 8 UTF-8
 *   symbol     4 its name (string)
 *   array      4 length (i32), 8 elements
 *   cons       4 the rest (list), 8 the element; 16 bytes
 *   closure    4 slot (i32), 8 captured values; the function's first parameter is the closure
 *   struct     4 first extension, 8 fields, in declared order, naturally aligned
 *   extension  4 next extension, 8 the value of one added field
 *   thread     see THREAD_*
 *
 * Data of 8 bytes lies at multiples of 8. A null reference is the empty list for lists and for any; for other types it is what a new array's
 * elements are, and may be read and stored but not used. malloc'd structures have MALLOC_GENERATION (i32) at 0 and the fields as in objects
 * from 8 on; a pointer is an i64, generation << 32 | address, 0 for none. Pools are per type record, so that memory of a pointer's structure
 * never becomes another one's. Stack structures have their fields as in objects, minus 8.
 */
import type { TypeFacts } from "#heap";
import {
  bytesOfLoad,
  type Type as IrType,
  isKind,
  type Kind,
  type Load,
  loadOfKind,
  type Placed,
  placed,
  typeOfKind,
} from "#ir";
import { TYPE_GUEST } from "#layout";
import { Bug } from "#support";
import { type AddedField, isCollected, prune, resolve, type Struct, type Type, typeText } from "./types.ts";

export { bytesOfLoad, type Load };

export const OBJECT_TYPE = 0;
export const BOX_VALUE = 8;
export const BOX_BYTES = 16;
/** Strings and arrays. */
export const ARRAY_LENGTH = 4;
export const ARRAY_DATA = 8;
export const SYMBOL_NAME = 4;
export const SYMBOL_BYTES = 8;
export const CONS_REST = 4;
export const CONS_FIRST = 8;
export const CONS_BYTES = 16;
export const CLOSURE_SLOT = 4;
export const CLOSURE_CAPTURES = 8;
export const STRUCT_EXTENSION = 4;
export const STRUCT_FIELDS = 8;
export const EXTENSION_NEXT = 4;
export const EXTENSION_VALUE = 8;
export const EXTENSION_BYTES = 16;
export const BUILDER_LENGTH = 4;
/** A string of at least that length. */
export const BUILDER_BUFFER = 8;
export const BUILDER_BYTES = 16;
/** Lock word of the monitor, in mutexes and threads. */
export const LOCK = 4;
export const MUTEX_BYTES = 8;
/** The result of a thread that has ended: data of up to 8 bytes, or a reference; what it threw; what it runs; 1: it has ended; RESULT_*. */
export const THREAD_RESULT = 8;
export const THREAD_RESULT_REF = 16;
export const THREAD_THROWN = 20;
export const THREAD_CLOSURE = 24;
export const THREAD_DONE = 28;
export const THREAD_KIND = 32;
export const THREAD_OBJECT_BYTES = 40;
export const MALLOC_GENERATION = 0;

/**
 * Guest words of a type record: number of the type (equal for all records of one type), the address of the descriptor's text, the first
 * free block of the structure's pool, and for a cons 1 if its elements are references, else the record of their boxes (0: no cons).
 */
export const RECORD_TYPE_ID = TYPE_GUEST;
export const RECORD_DESCRIPTOR = TYPE_GUEST + 4;
export const RECORD_POOL = TYPE_GUEST + 8;
export const RECORD_ELEMENT = TYPE_GUEST + 12;
export const RECORD_GUEST_BYTES = 16;

/**
 * What printing and comparing need to know, as JSON in the record. Types are texts: a value of a type that is none of the number names, bool,
 * char, unit or `(ptr …)` is a reference, and the object says what it is. `load` says how the value lies in memory.
 */
export type Descriptor =
  | { readonly kind: "box" | "cons" | "array"; readonly type: string; readonly value: Stored }
  | { readonly kind: "string" | "symbol" | "mutex" | "builder" | "thread"; readonly type: string }
  | { readonly kind: "closure"; readonly type: string; readonly name: string }
  | { readonly kind: "struct"; readonly type: string; readonly name: string; readonly fields: readonly FieldLayout[] }
  | { readonly kind: "extension"; readonly type: string; readonly name: string; readonly value: Stored };

export interface Stored {
  readonly type: string;
  readonly load: Load;
}

export interface FieldLayout extends Stored {
  readonly name: string;
  /** From the start of the object. */
  readonly offset: number;
}

/** The kind of number that values of the type are; null for references and addresses of frames. A unit is 0. */
export function kindOf(type: Type): Kind | null {
  const at = prune(type);
  if (isCollected(at) || at.kind === "local") return null;
  if (at.kind === "ptr") return "u64";
  if (at.kind !== "prim") throw new Bug(`no representation of ${typeText(at)}`);
  return isKind(at.name) ? at.name : at.name === "char" ? "u32" : "u8";
}

/** How values of the type are held in registers. */
export function repr(type: Type): IrType {
  const kind = kindOf(type);
  return kind !== null ? typeOfKind(kind) : isCollected(type) ? "ref" : "addr";
}

/** How values of the type lie in memory. */
export function loadOf(type: Type): Load {
  const kind = kindOf(type);
  return kind === null ? repr(type) : loadOfKind(kind);
}

function stored(type: Type): Stored {
  return { type: typeText(type), load: loadOf(type) };
}

/** Where values of the types lie from `start` on, and the size, a multiple of 8. */
export function placeValues(types: readonly Type[], start: number): Placed {
  return placed(types.map(loadOf), start);
}

export interface StructLayout {
  readonly fields: readonly FieldLayout[];
  readonly types: readonly Type[];
  /** Of a collected object. */
  readonly size: number;
  readonly refs: readonly number[];
}

/** The layout as a collected object. */
export function structLayout(struct: Struct): StructLayout {
  const types = struct.fields.map((field) => field.type);
  const { offsets, refs, size } = placeValues(types, STRUCT_FIELDS);
  const fields = struct.fields.map((field, index) => ({
    name: field.name,
    offset: offsets[index]!,
    ...stored(field.type),
  }));
  return { fields, types, size, refs };
}

interface Recipe {
  readonly facts: TypeFacts;
  readonly descriptor: Descriptor;
  readonly element?: number;
}

/** Makes type records. */
export interface RecordMaker {
  /** A record with RECORD_GUEST_BYTES of guest words, filled with what is said; its address. It lives as long as the VM. */
  defineRecord(facts: TypeFacts, typeId: number, descriptor: Descriptor, element: number): number;
}

function fixed(name: string, size: number, refs: readonly number[]): TypeFacts {
  return { kind: "fixed", name, size, refs };
}

/** The type records of a VM, each made when it is first asked for. */
export class Records {
  readonly #maker: RecordMaker;
  readonly #records = new Map<string, number>();
  readonly #ids = new Map<string, number>();

  constructor(maker: RecordMaker) {
    this.#maker = maker;
  }

  /** The number that all records of the concrete type have. */
  typeId(type: Type): number {
    return this.#id(typeText(type));
  }

  #id(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) this.#ids.set(text, (id = this.#ids.size + 1));
    return id;
  }

  #make(key: string, type: string, make: () => Recipe): number {
    let record = this.#records.get(key);
    if (record === undefined) {
      const { facts, descriptor, element } = make();
      record = this.#maker.defineRecord(facts, this.#id(type), descriptor, element ?? 0);
      this.#records.set(key, record);
    }
    return record;
  }

  /** The record of objects of a type, and of the boxes of one without; not for functions and any. */
  of(type: Type): number {
    const at = resolve(type);
    const text = typeText(at);
    return this.#make(text, text, () => this.#recipe(at, text));
  }

  #recipe(at: Type, type: string): Recipe {
    switch (at.kind) {
      case "struct": {
        const { fields, size, refs } = structLayout(at);
        const descriptor = { kind: "struct", type, name: at.name, fields } as const;
        return { facts: fixed(type, size, [STRUCT_EXTENSION, ...refs]), descriptor };
      }
      case "list": {
        const isRef = repr(at.of) === "ref";
        return {
          facts: fixed(type, CONS_BYTES, isRef ? [CONS_REST, CONS_FIRST] : [CONS_REST]),
          descriptor: { kind: "cons", type, value: stored(at.of) },
          element: isRef ? 1 : this.of(at.of),
        };
      }
      case "array": {
        const load = loadOf(at.of);
        const where = { name: type, first: ARRAY_DATA, lengthOffset: ARRAY_LENGTH };
        const facts: TypeFacts =
          load === "ref" ? { kind: "refs", ...where } : { kind: "data", ...where, elementBytes: bytesOfLoad(load) };
        return { facts, descriptor: { kind: "array", type, value: stored(at.of) } };
      }
      case "thread": {
        const refs = [THREAD_RESULT_REF, THREAD_THROWN, THREAD_CLOSURE];
        return { facts: fixed(type, THREAD_OBJECT_BYTES, refs), descriptor: { kind: "thread", type } };
      }
      case "prim":
        switch (at.name) {
          case "mutex":
            return { facts: fixed(type, MUTEX_BYTES, []), descriptor: { kind: "mutex", type } };
          case "builder":
            return { facts: fixed(type, BUILDER_BYTES, [BUILDER_BUFFER]), descriptor: { kind: "builder", type } };
          case "symbol":
            return { facts: fixed(type, SYMBOL_BYTES, [SYMBOL_NAME]), descriptor: { kind: "symbol", type } };
          case "string": {
            const where = { name: type, first: ARRAY_DATA, lengthOffset: ARRAY_LENGTH };
            return { facts: { kind: "data", ...where, elementBytes: 1 }, descriptor: { kind: "string", type } };
          }
        }
    }
    if (repr(at) === "ref") throw new Bug(`${type} has no record of its own`);
    return this.#box(type, at);
  }

  #box(name: string, type: Type): Recipe {
    const refs = repr(type) === "ref" ? [BOX_VALUE] : [];
    return { facts: fixed(name, BOX_BYTES, refs), descriptor: { kind: "box", type: name, value: stored(type) } };
  }

  /** The record of what holds an assigned variable that closures share. */
  cell(type: Type): number {
    const kind = repr(type) === "ref" ? "ref" : loadOf(type);
    const name = `cell ${kind}`;
    return this.#make(name, name, () => this.#box(name, type));
  }

  closure(type: Type, name: string, captured: readonly Type[]): number {
    const text = typeText(type);
    const { refs, size } = placeValues(captured, CLOSURE_CAPTURES);
    return this.#make(`closure ${name} ${size} ${refs} ${text}`, text, () => ({
      facts: fixed(text, size, refs),
      descriptor: { kind: "closure", type: text, name },
    }));
  }

  /** The record of extensions for an added field. */
  extension(struct: Struct, field: AddedField): number {
    const name = `${typeText(struct)}.${field.name}#${field.id}`;
    const refs = repr(field.type) === "ref" ? [EXTENSION_NEXT, EXTENSION_VALUE] : [EXTENSION_NEXT];
    return this.#make(name, name, () => ({
      facts: fixed(name, EXTENSION_BYTES, refs),
      descriptor: { kind: "extension", type: typeText(struct), name: field.name, value: stored(field.type) },
    }));
  }
}
