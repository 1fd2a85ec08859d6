/**
 * Where TypeScript code keeps references. A *handle* is the address of a word that the collector updates: `heap.u32[handle >>> 2]` is
 * the current reference. Handles may be written, made and given back only by a Worker that is RUNNING (or while the world is stopped by it).
 */
import { CONTROL_ROOTS, CONTROL_WEAK_ROOTS, ROOTS_NEXT, ROOTS_USED, ROOTS_WORDS } from "#layout";
import { Bug } from "#support";
import type { Heap } from "./heap.ts";

/** A new block of root words, in no list: number of words in use 0. */
function makeBlock(heap: Heap, words: number): number {
  return heap.malloc(ROOTS_WORDS + 4 * words);
}

/** Links a block into a list for good. Others may do the same at this moment. */
function link(heap: Heap, list: number, block: number): void {
  for (;;) {
    const first = Atomics.load(heap.i32, list >>> 2);
    heap.i32[(block + ROOTS_NEXT) >>> 2] = first;
    if (Atomics.compareExchange(heap.i32, list >>> 2, first, block) === first) return;
  }
}

/**
 * Root words with lifetimes of their own, strong or weak, for one Worker. A weak word becomes 0 when its object dies; it stays the
 * table's until it is removed.
 */
export class RootTable {
  readonly #heap: Heap;
  readonly #list: number;
  readonly #blockWords: number;
  readonly #free: number[] = [];
  #block = 0;
  #size = 0;

  constructor(heap: Heap, options: { readonly weak?: boolean; readonly blockWords?: number } = {}) {
    this.#heap = heap;
    this.#list = options.weak ? CONTROL_WEAK_ROOTS : CONTROL_ROOTS;
    this.#blockWords = options.blockWords ?? 510;
  }

  /** Number of handles in use. */
  get size(): number {
    return this.#size;
  }

  /** A new handle that holds the reference (or 0). */
  add(ref: number): number {
    const handle = this.#free.pop() ?? this.#fresh();
    this.#size++;
    this.#heap.u32[handle >>> 2] = ref;
    return handle;
  }

  /** The handle is not used any more. */
  remove(handle: number): void {
    this.#heap.u32[handle >>> 2] = 0;
    this.#free.push(handle);
    this.#size--;
  }

  get(handle: number): number {
    return this.#heap.u32[handle >>> 2]!;
  }

  set(handle: number, ref: number): void {
    this.#heap.u32[handle >>> 2] = ref;
  }

  #fresh(): number {
    const heap = this.#heap;
    if (this.#block === 0 || heap.u32[(this.#block + ROOTS_USED) >>> 2] === this.#blockWords) {
      this.#block = makeBlock(heap, this.#blockWords);
      link(heap, this.#list, this.#block);
    }
    const used = heap.u32[(this.#block + ROOTS_USED) >>> 2]!;
    heap.u32[(this.#block + ROOTS_USED) >>> 2] = used + 1;
    return this.#block + ROOTS_WORDS + 4 * used;
  }
}

/**
 * Handles with stack discipline, one stack per Worker: what was pushed after a mark goes with its release.
 *
 *     const mark = handles.mark();
 *     const h = handles.push(ref);
 *     ...
 *     handles.release(mark);
 */
export class HandleStack {
  readonly #heap: Heap;
  readonly #blockWords: number;
  readonly #blocks: number[] = [];
  /** Which block is pushed to; those above are empty. */
  #index = 0;
  #used = 0;

  constructor(heap: Heap, blockWords = 1022) {
    this.#heap = heap;
    this.#blockWords = blockWords;
    this.#grow();
  }

  /** A new handle that holds the reference (or 0). */
  push(ref: number): number {
    if (this.#used === this.#blockWords) {
      this.#index++;
      this.#used = 0;
      if (this.#index === this.#blocks.length) this.#grow();
    }
    const block = this.#blocks[this.#index]!;
    const handle = block + ROOTS_WORDS + 4 * this.#used++;
    this.#heap.u32[handle >>> 2] = ref;
    this.#heap.u32[(block + ROOTS_USED) >>> 2] = this.#used;
    return handle;
  }

  get(handle: number): number {
    return this.#heap.u32[handle >>> 2]!;
  }

  set(handle: number, ref: number): void {
    this.#heap.u32[handle >>> 2] = ref;
  }

  /** The present depth, for {@link release}. */
  mark(): number {
    return this.#index * this.#blockWords + this.#used;
  }

  /** Drops every handle pushed since the mark was taken. */
  release(mark: number): void {
    if (mark > this.mark()) throw new Bug(`handles released to depth ${mark}, above the present ${this.mark()}`);
    // A mark at a block's very end belongs to that block, not to the next one's start.
    const index = mark === 0 ? 0 : Math.floor((mark - 1) / this.#blockWords);
    for (; this.#index > index; this.#index--) {
      this.#heap.u32[(this.#blocks[this.#index]! + ROOTS_USED) >>> 2] = 0;
    }
    this.#used = mark - index * this.#blockWords;
    this.#heap.u32[(this.#blocks[index]! + ROOTS_USED) >>> 2] = this.#used;
  }

  #grow(): void {
    const block = makeBlock(this.#heap, this.#blockWords);
    this.#blocks.push(block);
    link(this.#heap, CONTROL_ROOTS, block);
  }
}
