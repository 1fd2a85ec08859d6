import {
  CARRIER_BYTES,
  CARRIER_REFS,
  CARRIERS,
  CONTROL_CARRIER_COUNT,
  CONTROL_PENDING,
  CONTROL_ROOTS,
  CONTROL_THREADS,
  ROOTS_NEXT,
  ROOTS_USED,
  ROOTS_WORDS,
  THREAD_NEXT,
  THREAD_REFS,
  TYPE_ELEMENT_BYTES,
  TYPE_KIND,
  TYPE_KIND_FIXED,
  TYPE_KIND_REFERENCE,
  TYPE_LENGTH_OFFSET,
  TYPE_SIZE,
} from "#layout";
import type { Heap } from "./heap.ts";
import {
  BLOCK_BYTES,
  BLOCK_EXTENT,
  BLOCK_FREE,
  BLOCK_RECORD_BYTES,
  BLOCK_SMALL,
  BLOCK_STATE,
  FILLER,
  HEAP_BLOCK_COUNT,
  HEAP_BLOCKS,
  HEAP_BLOCKS_START,
  HEAP_CURRENT,
  HEAP_SPACES,
  HEAP_YOUNG_BYTES,
  SPACE_BYTES,
  SPACE_START,
  SPACE_TOP,
} from "./words.ts";

/** The young space is so many bump spaces, in the order of their addresses: heap-as/spaces/young.ts. */
const YOUNG_SPACES = 3;

/** Bytes of an object, a multiple of 8. */
export function objectBytes(heap: Heap, object: number): number {
  const type = heap.word(object);
  const kind = heap.word(type + TYPE_KIND);
  const size = heap.word(type + TYPE_SIZE);
  const stride = heap.word(type + TYPE_ELEMENT_BYTES);
  if (kind === TYPE_KIND_FIXED || kind === TYPE_KIND_REFERENCE || stride === 0) return size;
  const length = heap.word(object + heap.word(type + TYPE_LENGTH_OFFSET));
  return (size + length * stride + 7) & ~7;
}

/** What collected memory is in use, as rows [start, end) of objects and fillers, from low to high: see heap-as/spaces/rows.ts. */
function* rows(heap: Heap): Generator<readonly [number, number]> {
  const space = heap.word(HEAP_CURRENT);
  if (space !== 0) yield [heap.word(space + SPACE_START), heap.word(space + SPACE_TOP)];
  const young = heap.word(HEAP_YOUNG_BYTES);
  if (young !== 0) {
    for (let each = HEAP_SPACES; each < HEAP_SPACES + YOUNG_SPACES * SPACE_BYTES; each += SPACE_BYTES)
      yield [heap.word(each + SPACE_START), heap.word(each + SPACE_TOP)];
  }
  const first = heap.word(HEAP_BLOCKS_START);
  const end = heap.word(HEAP_BLOCK_COUNT);
  for (let index = young / BLOCK_BYTES; index < end; ) {
    const record = heap.word(HEAP_BLOCKS) + index * BLOCK_RECORD_BYTES;
    const state = heap.word(record + BLOCK_STATE);
    const start = first + index * BLOCK_BYTES;
    const blocks = state === BLOCK_FREE || state === BLOCK_SMALL ? 1 : heap.word(record + BLOCK_EXTENT);
    if (state !== BLOCK_FREE) yield [start, start + blocks * BLOCK_BYTES];
    index += blocks;
  }
}

/** Addresses of all objects in collected memory, dead ones included, from low to high. The world is stopped. */
export function* objects(heap: Heap): Generator<number> {
  for (const [start, end] of rows(heap)) yield* objectsOf(heap, start, end);
}

function* objectsOf(heap: Heap, start: number, end: number): Generator<number> {
  let object = start;
  while (object < end) {
    const word = heap.word(object);
    if ((word & FILLER) !== 0) {
      object += word & ~7;
    } else if (word === 0) {
      object += 8; // the rest of somebody's allocation buffer
    } else {
      yield object;
      object += objectBytes(heap, object);
    }
  }
}

/**
 * Addresses of the words, no frames among them, that keep objects: strong roots and handles, what carriers pass on, the threads' own references. Words that
 * are 0 are left out. The world is stopped.
 */
export function* rootWords(heap: Heap): Generator<number> {
  for (let block = heap.word(CONTROL_ROOTS); block !== 0; block = heap.word(block + ROOTS_NEXT))
    yield* wordsOf(heap, block);
  if (heap.word(CONTROL_PENDING) !== 0) yield CONTROL_PENDING;
  const carriers = heap.word(CONTROL_CARRIER_COUNT);
  for (let number = 0; number < carriers; number++)
    yield* wordsOf(heap, CARRIERS + number * CARRIER_BYTES + CARRIER_REFS);
  for (let thread = heap.word(CONTROL_THREADS); thread !== 0; thread = heap.word(thread + THREAD_NEXT))
    yield* wordsOf(heap, thread + THREAD_REFS);
}

function* wordsOf(heap: Heap, block: number): Generator<number> {
  const end = block + ROOTS_WORDS + 4 * heap.word(block + ROOTS_USED);
  for (let word = block + ROOTS_WORDS; word < end; word += 4) if (heap.word(word) !== 0) yield word;
}

/** One line of a {@link histogram}. */
export interface HistogramLine {
  readonly name: string;
  /** Address of the type record. */
  readonly type: number;
  readonly count: number;
  readonly bytes: number;
}

/** What collected memory holds by type, the largest share first. The world is stopped. Collect before to have live objects only. */
export function histogram(heap: Heap): HistogramLine[] {
  const sums = new Map<number, { count: number; bytes: number }>();
  for (const object of objects(heap)) {
    const type = heap.word(object);
    let sum = sums.get(type);
    if (sum === undefined) sums.set(type, (sum = { count: 0, bytes: 0 }));
    sum.count++;
    sum.bytes += objectBytes(heap, object);
  }
  return [...sums]
    .map(([type, sum]) => ({ name: heap.typeName(type), type, ...sum }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}
