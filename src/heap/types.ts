import {
  TYPE_ACTIVE,
  TYPE_ELEMENT_BYTES,
  TYPE_GUEST,
  TYPE_KIND,
  TYPE_KIND_CUSTOM,
  TYPE_KIND_DATA,
  TYPE_KIND_FIXED,
  TYPE_KIND_REFERENCE,
  TYPE_KIND_REFS,
  TYPE_KIND_STRUCTS,
  TYPE_LENGTH_OFFSET,
  TYPE_LINK,
  TYPE_NAME,
  TYPE_REFERENT,
  TYPE_REFS,
  TYPE_SIZE,
  TYPE_STAMP,
  TYPE_STRENGTH,
  TYPE_TRACER,
} from "#layout";
import type { Heap } from "./heap.ts";

interface AnyType {
  /** For dumps. */
  readonly name?: string;
  /** Bytes of the guest's own part of the record, from TYPE_GUEST on. Default 0. */
  readonly guestBytes?: number;
}

/** What the collector has to know of the objects of one type. Offsets and sizes are bytes. */
export type TypeFacts = AnyType &
  (
    | { readonly kind: "fixed"; readonly size: number; readonly refs: readonly number[] }
    | {
        readonly kind: "reference";
        readonly size: number;
        /** Offsets of the other references; `active` is one of them, `referent` and `link` are not. */
        readonly refs: readonly number[];
        /** REFERENCE_*. */
        readonly strength: number;
        readonly referent: number;
        readonly link: number;
        readonly active: number;
        /** Of soft ones: offset of the 64-bit time of the last use ({@link Heap.setSoftClock}). Without it they are cleared only when memory runs out. */
        readonly stamp?: number;
      }
    | {
        readonly kind: "data";
        /** Offset of the first element. */
        readonly first: number;
        readonly elementBytes: number;
        readonly lengthOffset: number;
      }
    | { readonly kind: "refs"; readonly first: number; readonly lengthOffset: number }
    | {
        readonly kind: "structs";
        readonly first: number;
        readonly elementBytes: number;
        readonly lengthOffset: number;
        /** Offsets of references from the start of an element. */
        readonly refs: readonly number[];
      }
    | {
        readonly kind: "custom";
        /** Bytes of an object; with elements, offset of the first. */
        readonly size: number;
        /** Number of the tracer that finds the references: {@link Heap.addTracer}. */
        readonly tracer: number;
        /** Objects that also have so many equal elements as the word at lengthOffset says. */
        readonly elements?: { readonly bytes: number; readonly lengthOffset: number };
      }
  );

/** Allocates a type record in non-moving memory and fills it; returns its address. The guest's words are 0. */
export function defineType(heap: Heap, facts: TypeFacts): number {
  const type = heap.malloc(TYPE_GUEST + (facts.guestBytes ?? 0));
  writeType(heap, type, facts);
  return type;
}

/** Fills the TYPE_* words of a zeroed record at the given address (a multiple of 8). */
export function writeType(heap: Heap, type: number, facts: TypeFacts): void {
  const put = (offset: number, value: number) => {
    heap.u32[(type + offset) >>> 2] = value;
  };
  if (facts.name !== undefined) put(TYPE_NAME, heap.text(facts.name));
  switch (facts.kind) {
    case "fixed":
      put(TYPE_KIND, TYPE_KIND_FIXED);
      put(TYPE_SIZE, facts.size);
      put(TYPE_REFS, offsetList(heap, facts.refs));
      return;
    case "reference":
      put(TYPE_KIND, TYPE_KIND_REFERENCE);
      put(TYPE_SIZE, facts.size);
      put(TYPE_REFS, offsetList(heap, facts.refs));
      put(TYPE_STRENGTH, facts.strength);
      put(TYPE_REFERENT, facts.referent);
      put(TYPE_LINK, facts.link);
      put(TYPE_ACTIVE, facts.active);
      put(TYPE_STAMP, facts.stamp ?? 0);
      return;
    case "custom":
      put(TYPE_KIND, TYPE_KIND_CUSTOM);
      put(TYPE_SIZE, facts.size);
      put(TYPE_TRACER, facts.tracer);
      put(TYPE_ELEMENT_BYTES, facts.elements?.bytes ?? 0);
      put(TYPE_LENGTH_OFFSET, facts.elements?.lengthOffset ?? 0);
      return;
    case "data":
    case "refs":
    case "structs":
      put(TYPE_SIZE, facts.first);
      put(TYPE_LENGTH_OFFSET, facts.lengthOffset);
      put(TYPE_ELEMENT_BYTES, facts.kind === "refs" ? 4 : facts.elementBytes);
      if (facts.kind === "structs") put(TYPE_REFS, offsetList(heap, facts.refs));
      put(
        TYPE_KIND,
        facts.kind === "refs" ? TYPE_KIND_REFS : facts.kind === "data" ? TYPE_KIND_DATA : TYPE_KIND_STRUCTS,
      );
  }
}

/** Address of a list of offsets: count, then the offsets; 0 for none. */
export function offsetList(heap: Heap, offsets: readonly number[]): number {
  if (offsets.length === 0) return 0;
  const list = heap.malloc(4 + 4 * offsets.length);
  heap.u32[list >>> 2] = offsets.length;
  heap.u32.set(offsets, (list >>> 2) + 1);
  return list;
}
