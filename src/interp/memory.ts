/**
 * Linear memory as the interpreter sees it: cells of every type at unsigned addresses, plain or atomic. Aligned accesses are single ones, so that
 * no other thread sees half a word.
 */
import type { Type } from "#ir";
import { CONTROL_CARDS, LOG_CARD_BYTES } from "#layout";
import { Bug } from "#support";
import type { Cell } from "./numbers.ts";

/** Widths that are no type's. */
export type Narrow = "8s" | "8u" | "16s" | "16u";

export class CellMemory {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #i16: Int16Array;
  readonly #u16: Uint16Array;
  readonly #i32: Int32Array;
  readonly #u32: Uint32Array;
  readonly #i64: BigInt64Array;

  constructor(buffer: ArrayBufferLike) {
    this.bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
    this.#i16 = new Int16Array(buffer);
    this.#u16 = new Uint16Array(buffer);
    this.#i32 = new Int32Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    this.#i64 = new BigInt64Array(buffer);
  }

  load(type: Type, at: number): Cell {
    switch (type) {
      case "i32":
      case "f32":
        this.#check(at, 4);
        return (at & 3) === 0 ? this.#i32[at >>> 2]! : this.#view.getInt32(at, true);
      case "i64":
      case "f64":
        this.#check(at, 8);
        return (at & 7) === 0 ? this.#i64[at >>> 3]! : this.#view.getBigInt64(at, true);
      default:
        return this.loadPointer(at);
    }
  }

  /** A ref, iref or addr. */
  loadPointer(at: number): number {
    this.#check(at, 4);
    // Atomic, as an object that is found there must be found whole: docs/threads.md, "The memory model".
    return (at & 3) === 0 ? Atomics.load(this.#u32, at >>> 2) : this.#view.getUint32(at, true);
  }

  store(type: Type, at: number, cell: Cell): void {
    if (type === "i64" || type === "f64") {
      this.#check(at, 8);
      if ((at & 7) === 0) this.#i64[at >>> 3] = BigInt(cell);
      else this.#view.setBigInt64(at, BigInt(cell), true);
    } else if (type === "ref" && (at & 3) === 0) {
      this.#check(at, 4);
      Atomics.store(this.#i32, at >>> 2, Number(cell));
    } else {
      this.storeWord(at, Number(cell));
    }
  }

  /** An i32 or pointer, or the bits of an f32. */
  storeWord(at: number, word: number): void {
    this.#check(at, 4);
    if ((at & 3) === 0) this.#i32[at >>> 2] = word;
    else this.#view.setInt32(at, word, true);
  }

  loadNarrow(width: Narrow, at: number): number {
    this.#check(at, width === "8s" || width === "8u" ? 1 : 2);
    switch (width) {
      case "8s":
        return this.#view.getInt8(at);
      case "8u":
        return this.bytes[at]!;
      case "16s":
        return (at & 1) === 0 ? this.#i16[at >>> 1]! : this.#view.getInt16(at, true);
      case "16u":
        return (at & 1) === 0 ? this.#u16[at >>> 1]! : this.#view.getUint16(at, true);
    }
  }

  storeNarrow(bytes: 1 | 2, at: number, cell: number): void {
    this.#check(at, bytes);
    if (bytes === 1) this.bytes[at] = cell;
    else if ((at & 1) === 0) this.#u16[at >>> 1] = cell;
    else this.#view.setInt16(at, cell, true);
  }

  copy(to: number, from: number, count: number): void {
    this.#check(to, count);
    this.#check(from, count);
    this.bytes.copyWithin(to, from, from + count);
  }

  /** The write barrier: a reference was stored at the address, into a traced field. */
  markCard(at: number): void {
    const cards = this.#u32[CONTROL_CARDS >>> 2]!;
    if (cards !== 0) this.bytes[cards + (at >>> LOG_CARD_BYTES)] = 1;
  }

  /** The same for a range. */
  markCards(at: number, count: number): void {
    const cards = this.#u32[CONTROL_CARDS >>> 2]!;
    if (cards === 0 || count === 0) return;
    this.bytes.fill(1, cards + (at >>> LOG_CARD_BYTES), cards + ((at + count - 1) >>> LOG_CARD_BYTES) + 1);
  }

  fill(at: number, value: number, count: number): void {
    this.#check(at, count);
    this.bytes.fill(value, at, at + count);
  }

  /** Calls back with the array and index for an atomic access of a type. */
  atomic(
    type: Type,
    at: number,
    on32: (array: Int32Array, index: number) => number,
    on64: (array: BigInt64Array, index: number) => bigint,
  ): Cell {
    const size = type === "i64" ? 8 : 4;
    this.#check(at, size);
    if (at % size !== 0) throw new Bug(`atomic access of ${size} bytes at the unaligned address ${at}`);
    if (type === "i64") return on64(this.#i64, at >>> 3);
    const result = on32(this.#i32, at >>> 2);
    return type === "i32" ? result : result >>> 0;
  }

  atomicLoadNarrow(bytes: 1 | 2, at: number): number {
    this.#check(at, bytes);
    if (at % bytes !== 0) throw new Bug(`atomic access of ${bytes} bytes at the unaligned address ${at}`);
    return bytes === 1 ? Atomics.load(this.bytes, at) : Atomics.load(this.#u16, at >>> 1);
  }

  atomicStoreNarrow(bytes: 1 | 2, at: number, cell: number): void {
    this.#check(at, bytes);
    if (at % bytes !== 0) throw new Bug(`atomic access of ${bytes} bytes at the unaligned address ${at}`);
    if (bytes === 1) Atomics.store(this.bytes, at, cell & 0xff);
    else Atomics.store(this.#u16, at >>> 1, cell & 0xffff);
  }

  #check(at: number, bytes: number): void {
    if (at + bytes > this.bytes.length) throw new Bug(`access of ${bytes} bytes at ${at}, outside of memory`);
  }
}
