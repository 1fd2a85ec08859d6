/** The door of `src/memory/`: typed views of one shared linear memory, and its atomic words. Addresses are unsigned byte addresses. */
import { CONTROL_CARDS, LOG_CARD_BYTES } from "#layout";

/** Between two looks at the clock. */
const SPIN_LOOKS = 100;

/** Views of a shared memory that never grows, so they never detach. Index them by `address >>> n`. */
export class Memory {
  readonly memory: WebAssembly.Memory;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly i8: Int8Array;
  readonly u8: Uint8Array;
  readonly i16: Int16Array;
  readonly u16: Uint16Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly i64: BigInt64Array;
  readonly view: DataView;

  constructor(memory: WebAssembly.Memory) {
    const buffer = memory.buffer;
    this.memory = memory;
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i8 = new Int8Array(buffer);
    this.u8 = new Uint8Array(buffer);
    this.i16 = new Int16Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.i64 = new BigInt64Array(buffer);
    this.view = new DataView(buffer);
  }

  /** The unsigned word at an address. */
  word(address: number): number {
    return this.u32[address >>> 2] as number;
  }

  setWord(address: number, value: number): void {
    this.u32[address >>> 2] = value;
  }

  /**
   * Stores a reference (or 0) into a field or element of an object, with the collector's write barrier. Every such store goes through this or
   * its like; words that are roots, and objects allocated after the last safepoint, need it not.
   */
  setRef(address: number, ref: number): void {
    // Atomic, as it may publish the object: docs/threads.md, "The memory model".
    Atomics.store(this.i32, address >>> 2, ref | 0);
    this.markCard(address);
  }

  atomicSetRef(address: number, ref: number): void {
    Atomics.store(this.i32, address >>> 2, ref | 0);
    this.markCard(address);
  }

  /** The write barrier alone: a reference was stored at the address. */
  markCard(address: number): void {
    const cards = this.u32[CONTROL_CARDS >>> 2]!;
    if (cards !== 0) this.u8[cards + (address >>> LOG_CARD_BYTES)] = 1;
  }

  /** Sequentially consistent accesses of the unsigned word at an address. */
  atomicLoad(address: number): number {
    return Atomics.load(this.i32, address >>> 2) >>> 0;
  }

  atomicStore(address: number, value: number): void {
    Atomics.store(this.i32, address >>> 2, value | 0);
  }

  /** Adds and gives the old value. */
  atomicAdd(address: number, delta: number): number {
    return Atomics.add(this.i32, address >>> 2, delta) >>> 0;
  }

  atomicOr(address: number, bits: number): number {
    return Atomics.or(this.i32, address >>> 2, bits) >>> 0;
  }

  atomicAnd(address: number, bits: number): number {
    return Atomics.and(this.i32, address >>> 2, bits) >>> 0;
  }

  /** Gives the old value; the exchange took place if it equals `expected`. */
  atomicCas(address: number, expected: number, value: number): number {
    return Atomics.compareExchange(this.i32, address >>> 2, expected | 0, value | 0) >>> 0;
  }

  atomicSwap(address: number, value: number): number {
    return Atomics.exchange(this.i32, address >>> 2, value | 0) >>> 0;
  }

  /** Sleeps while the word holds `value`, at most `timeout` milliseconds. */
  wait(address: number, value: number, timeout = Number.POSITIVE_INFINITY): void {
    Atomics.wait(this.i32, address >>> 2, value | 0, timeout);
  }

  /** Looks at the word again and again while it holds `value`, for about so many microseconds. True: it holds something else. */
  spin(address: number, value: number, microseconds: number): boolean {
    const { i32 } = this;
    const index = address >>> 2;
    let end = 0;
    for (;;) {
      for (let look = 0; look < SPIN_LOOKS; look++) if (Atomics.load(i32, index) !== (value | 0)) return true;
      const now = performance.now();
      if (end === 0) end = now + microseconds / 1000;
      else if (now >= end) return false;
    }
  }

  notify(address: number, count = Number.POSITIVE_INFINITY): void {
    Atomics.notify(this.i32, address >>> 2, count);
  }

  /** A copy of bytes, not shared. */
  copyOut(address: number, bytes: number): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(bytes);
    copy.set(this.u8.subarray(address, address + bytes));
    return copy;
  }

  copyIn(address: number, bytes: Uint8Array): void {
    this.u8.set(bytes, address);
  }
}
