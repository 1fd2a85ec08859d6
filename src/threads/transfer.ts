/**
 * What a carrier's record holds for the running thread between two steps of a service call: the transfer area, and an exception that a
 * host function described. If the thread gives way just then, both are kept for it.
 */

import { type Heap, RootTable } from "#heap";
import {
  CARRIER_PENDING,
  CARRIER_PRIM_COUNT,
  CARRIER_PRIMS,
  CARRIER_REF_WORDS,
  CARRIER_REFS,
  ROOTS_WORDS,
} from "#layout";

/** One thread's share; references are in handles. */
export interface Kept {
  readonly refs: readonly { readonly at: number; readonly handle: number }[];
  readonly prims: BigInt64Array<ArrayBuffer>;
  readonly pending: number;
}

export class Transfer {
  readonly #heap: Heap;
  readonly #record: number;
  readonly #roots: RootTable;

  constructor(heap: Heap, record: number) {
    this.#heap = heap;
    this.#record = record;
    this.#roots = new RootTable(heap, { blockWords: 62 });
  }

  /** Describes an exception that compiled code is to throw next. */
  pend(text: string): void {
    const heap = this.#heap;
    // The guest throws the first description before it can make a second one.
    heap.free(heap.word(this.#record + CARRIER_PENDING));
    heap.setWord(this.#record + CARRIER_PENDING, heap.text(text));
  }

  /** Takes everything out. */
  keep(): Kept {
    const heap = this.#heap;
    const refs: { at: number; handle: number }[] = [];
    const start = this.#record + CARRIER_REFS + ROOTS_WORDS;
    for (let at = start; at < start + 4 * CARRIER_REF_WORDS; at += 4) {
      const ref = heap.word(at);
      if (ref === 0) continue;
      refs.push({ at, handle: this.#roots.add(ref) });
      heap.setWord(at, 0);
    }
    const first = (this.#record + CARRIER_PRIMS) >>> 3;
    const prims = heap.i64.slice(first, first + CARRIER_PRIM_COUNT) as BigInt64Array<ArrayBuffer>;
    const pending = heap.word(this.#record + CARRIER_PENDING);
    heap.setWord(this.#record + CARRIER_PENDING, 0);
    return { refs, prims, pending };
  }

  /** Puts everything back. */
  restore(kept: Kept): void {
    const heap = this.#heap;
    for (const { at, handle } of kept.refs) {
      heap.setWord(at, this.#roots.get(handle));
      this.#roots.remove(handle);
    }
    heap.i64.set(kept.prims, (this.#record + CARRIER_PRIMS) >>> 3);
    heap.setWord(this.#record + CARRIER_PENDING, kept.pending);
  }
}
