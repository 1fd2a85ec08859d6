/** The collectible objects of ToyVM: a picture has rows, a row has pixels. Offsets and sizes are bytes. */
import { defineType, type Heap, type Tracer } from "#heap";
import { CONTROL_GUEST } from "#layout";

// [layout]
/** A pixel: its point, and how many iterations it took to leave. No references. */
export const PIXEL_COUNT = 4;
export const PIXEL_RE = 8;
export const PIXEL_IM = 16;
export const PIXEL_BYTES = 24;

/** A row: an array of references to pixels. */
export const ROW_LENGTH = 4;
export const ROW_FIRST = 8;

/** A picture: the address of its table in non-moving memory. */
export const PICTURE_TABLE = 4;
export const PICTURE_BYTES = 8;

/** A picture's table: height, the next row that nobody has begun, how many rows are not finished, references to the rows. */
export const TABLE_HEIGHT = 0;
export const TABLE_NEXT = 4;
export const TABLE_LEFT = 8;
export const TABLE_ROWS = 12;
// [/layout]

/** What is thrown: the address of its text in non-moving memory. */
export const FAILURE_TEXT = 4;
export const FAILURE_BYTES = 8;

// [tracer]
const PICTURE_TRACER = 1;

/** No list of offsets leads to a picture's rows, as they hang at its table: so the collector asks. */
const tracePicture: Tracer = (heap, picture, visit) => {
  const table = heap.word(picture + PICTURE_TABLE);
  if (table === 0) return; // not there yet
  const height = heap.word(table + TABLE_HEIGHT);
  for (let y = 0; y < height; y++) visit(table + TABLE_ROWS + 4 * y);
};

/** Any Worker may be the one that collects, so every one has to know the tracer. */
export function addTracers(heap: Heap): void {
  heap.addTracer(PICTURE_TRACER, tracePicture);
}
// [/tracer]

/** Addresses of the type records. */
export interface Types {
  readonly pixel: number;
  readonly row: number;
  readonly picture: number;
  readonly failure: number;
}

/** Words that all Workers share, behind CONTROL_GUEST: addresses of type records, and the number of messages told. */
const SHARED = ["pixel", "row", "picture", "failure", "messages"] as const;

/** Address of a shared word. */
export function sharedWord(heap: Heap, name: (typeof SHARED)[number]): number {
  return heap.word(CONTROL_GUEST) + 4 * SHARED.indexOf(name);
}

// [types]
/** Makes the type records, once, on the VM thread. */
export function defineTypes(heap: Heap): Types {
  const types: Types = {
    pixel: defineType(heap, { kind: "fixed", name: "pixel", size: PIXEL_BYTES, refs: [] }),
    row: defineType(heap, { kind: "refs", name: "row", first: ROW_FIRST, lengthOffset: ROW_LENGTH }),
    picture: defineType(heap, { kind: "custom", name: "picture", size: PICTURE_BYTES, tracer: PICTURE_TRACER }),
    failure: defineType(heap, { kind: "fixed", name: "failure", size: FAILURE_BYTES, refs: [] }),
  };
  heap.setWord(CONTROL_GUEST, heap.malloc(4 * SHARED.length));
  for (const name of ["pixel", "row", "picture", "failure"] as const) heap.setWord(sharedWord(heap, name), types[name]);
  return types;
}
// [/types]

/** The same on a carrier. */
export function sharedTypes(heap: Heap): Types {
  const of = (name: keyof Types): number => heap.word(sharedWord(heap, name));
  return { pixel: of("pixel"), row: of("row"), picture: of("picture"), failure: of("failure") };
}

/** Bytes of a row with so many pixels: objects are multiples of 8 bytes. */
export function rowBytes(width: number): number {
  return (ROW_FIRST + 4 * width + 7) & ~7;
}

/** A table for a picture without rows; 0: no memory. */
export function makeTable(heap: Heap, height: number): number {
  const table = heap.tryMalloc(TABLE_ROWS + 4 * height);
  if (table === 0) return 0;
  heap.setWord(table + TABLE_HEIGHT, height);
  heap.setWord(table + TABLE_LEFT, height);
  return table;
}
