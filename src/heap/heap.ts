import {
  CARRIER_BYTES,
  CARRIER_LIMIT,
  CARRIER_TOP,
  CARRIERS,
  CONTROL_ALLOCATED,
  CONTROL_CHECK,
  CONTROL_COLLECTIONS,
  CONTROL_FIXED_END,
  CONTROL_HEAP_END,
  CONTROL_HEAP_START,
  CONTROL_PLAN,
  CONTROL_POLL,
  CONTROL_POLL_STRESS,
  CONTROL_STOP_NANOSECONDS,
  CONTROL_STRESS,
  MAX_CARRIERS,
  PAGE_BYTES,
  POLL_STRESS,
  TYPE_NAME,
} from "#layout";
import { Memory } from "#memory";
import { Bug } from "#support";
import type { Collection, CollectionHooks, FinishedCollection } from "./hooks.ts";
import { learnCost } from "./pace.ts";
import { PLANS, type Plan } from "./plans.ts";
import { type Tracer, Tracers } from "./tracers.ts";
import { describeVerifyError } from "./verify.ts";
import {
  FACT_COLLECTORS,
  FACT_MINOR,
  FACT_MINOR_MICROSECONDS,
  FACT_MINORS,
  FACT_PROMOTED,
  FACT_TENURING,
  HEAP_BELL,
  HEAP_COPIED,
  HEAP_FIXED_START,
  HEAP_HELPERS,
  HEAP_HELPERS_WANTED,
  HEAP_IMMORTAL_BYTES,
  HEAP_LIVE,
  HEAP_LOOKED,
  HEAP_LOOKED_COST,
  HEAP_MAX_FREE,
  HEAP_MICROSECONDS,
  HEAP_MIN_FREE,
  HEAP_NOW,
  HEAP_PROMOTES_AT_ONCE,
  HEAP_SHARED,
  HEAP_SOFT_CLOCK,
  HEAP_SOFT_MILLISECONDS,
  HEAP_SOFT_SINCE,
  HEAP_TOTAL,
  MALLOC_BLOCKS,
  MALLOC_USED,
} from "./words.ts";

/** Non-moving memory may begin here: behind the last carrier record. */
export const FIXED_START = Math.ceil((CARRIERS + MAX_CARRIERS * CARRIER_BYTES) / PAGE_BYTES) * PAGE_BYTES;

/** Default of {@link HeapOptions.triggerBytes}. */
const TRIGGER_BYTES = 32 << 20;

/** Default of {@link HeapOptions.parallelBytes}. */
const PARALLEL_BYTES = 4 << 20;

/** Microseconds, the same in all Workers. */
function now(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
}

/** The exports of heap-as/index.ts. Addresses come back as signed numbers. */
interface Exports {
  init(
    heapStart: number,
    heapEnd: number,
    fixedStart: number,
    fixedEnd: number,
    plan: number,
    least: number,
    trigger: number,
    young: number,
    survivorRatio: number,
    collectors: number,
    parallelBytes: number,
  ): void;
  malloc(bytes: number): number;
  mallocAligned(bytes: number, align: number): number;
  free(address: number): void;
  mallocSize(address: number): number;
  allocSlow(carrier: number, bytes: number): number;
  allocFinal(carrier: number, bytes: number): number;
  allocImmortal(bytes: number): number;
  collect(full: number, clearSoft: number): number;
  help(): void;
  verify(): number;
  visit(slot: number): void;
  usedBytes(): number;
  maxBytes(): number;
}

/** How memory is divided. Addresses in bytes, multiples of 64 KiB. */
export interface HeapOptions {
  readonly plan: Plan;
  /** Non-moving memory: [fixedStart, fixedEnd). Default start: {@link FIXED_START}. */
  readonly fixedStart?: number;
  readonly fixedEnd: number;
  /** Collected memory: [heapStart, heapEnd). Default: all of memory behind non-moving memory. */
  readonly heapStart?: number;
  readonly heapEnd?: number;
  /** Bytes in use before the first collection; of later ones it is what is added to a share of what lives (heap-as/sizing.ts). Default 32 MiB. */
  readonly triggerBytes?: number;
  /** The heap's total is never less, within what the plan can hold. Default 0. */
  readonly minBytes?: number;
  /** For young objects, in plans that keep them apart. Default: the plan's choice. */
  readonly youngBytes?: number;
  /** In plans that keep young objects apart: eden's size by that of each of the two halves for survivors, below 2^31. Default: the plan's choice. */
  readonly survivorRatio?: number;
  /** Collectors that take part in a large collection: whoever runs it, and helpers (see {@link Heap.help}). 1 to MAX_COLLECTORS; default 1. */
  readonly collectors?: number;
  /** A collection is large when so many bytes are likely to be traced. Default 4 MiB. */
  readonly parallelBytes?: number;
  /** Of the total, the free share after a collection is at least and at most so many percent: 0 to 100, default 40 and 70. */
  readonly minFreePercent?: number;
  readonly maxFreePercent?: number;
  /** In plans with generations: whatever survives a collection is old. Default false. */
  readonly promotesAtOnce?: boolean;
  /** Not 0: collect at every Nth slow-path allocation, and take the slow path each time. */
  readonly stress?: number;
  /** Not 0: collect at every Nth poll or function entry of compiled code. */
  readonly pollStress?: number;
  /** Verify before and after each collection; poison what was freed. */
  readonly check?: boolean;
}

export interface HeapStatistics {
  /** Bytes handed out of collected memory since the last collection, and what that one left. */
  readonly used: number;
  /** Bytes that objects may take now, and at most: between collections the heap grows and shrinks. */
  readonly total: number;
  readonly max: number;
  /** Bytes that the last collection left. */
  readonly live: number;
  readonly immortal: number;
  readonly collections: number;
  readonly collectionMilliseconds: number;
  /** Of these: collections of young objects only. */
  readonly minorCollections: number;
  readonly minorMilliseconds: number;
  /** Since the start. */
  readonly allocated: number;
  readonly copied: number;
  /** Workers that help in large collections, and parts of their work that collectors have handed on. */
  readonly helpers: number;
  readonly shared: number;
  /** malloc: bytes in use with headers, and blocks. */
  readonly mallocBytes: number;
  readonly mallocBlocks: number;
}

/**
 * One Worker's view of the heap: the shared memory, and the collectors' functions over it. Every Worker makes its own;
 * one of them, once, calls {@link Heap.init}.
 *
 * Addresses are unsigned numbers. References (addresses of collected objects) may be kept in JavaScript variables only while nothing can
 * allocate or park; otherwise in handles (RootTable, HandleStack).
 */
export class Heap extends Memory {
  readonly #wasm: Exports;
  readonly #tracers: Tracers;
  /** Called around each collection that this Worker runs. */
  hooks: CollectionHooks = {};
  /** The threads': called after each collection that this Worker runs, with the world stopped, before the log's and the guest's. */
  collected: (() => void) | undefined;
  /** The log's: called before the guest's at the beginning, and before them at the end, so that what they print comes behind its lines. */
  log: CollectionHooks = {};

  /** `module` is build/heap.wasm, compiled. */
  constructor(memory: WebAssembly.Memory, module: WebAssembly.Module) {
    super(memory);
    const trace = (object: number) => this.#tracers.trace(object >>> 0);
    this.#wasm = new WebAssembly.Instance(module, { env: { memory, trace } }).exports as unknown as Exports;
    this.#tracers = new Tracers(this, (slot) => this.#wasm.visit(slot));
  }

  /** Divides memory; once, by one Worker, before anything else. */
  init(options: HeapOptions): void {
    const heapStart = options.heapStart ?? options.fixedEnd;
    const heapEnd = options.heapEnd ?? this.u8.byteLength;
    const fixedStart = options.fixedStart ?? FIXED_START;
    if (
      fixedStart < FIXED_START ||
      options.fixedEnd > heapStart ||
      heapStart >= heapEnd ||
      heapEnd > this.u8.byteLength
    ) {
      throw new Bug(`memory cannot be divided at ${fixedStart}, ${options.fixedEnd}, ${heapStart}, ${heapEnd}`);
    }
    const trigger = options.triggerBytes ?? TRIGGER_BYTES;
    const young = options.youngBytes ?? 0;
    const least = Math.max(options.minBytes ?? 0, 0);
    const { number } = options.plan;
    this.#wasm.init(
      heapStart,
      heapEnd,
      fixedStart,
      options.fixedEnd,
      number,
      least,
      trigger,
      young,
      options.survivorRatio ?? 0,
      options.collectors ?? 1,
      options.parallelBytes ?? PARALLEL_BYTES,
    );
    if (options.promotesAtOnce === true) this.setWord(HEAP_PROMOTES_AT_ONCE, 1);
    if (options.minFreePercent !== undefined) this.u32[HEAP_MIN_FREE >>> 2] = options.minFreePercent;
    if (options.maxFreePercent !== undefined) this.u32[HEAP_MAX_FREE >>> 2] = options.maxFreePercent;
    this.i64[HEAP_LOOKED >>> 3] = now();
    this.u32[CONTROL_STRESS >>> 2] = options.stress ?? 0;
    this.u32[CONTROL_CHECK >>> 2] = options.check ? 1 : 0;
    this.u32[CONTROL_POLL_STRESS >>> 2] = options.pollStress ?? 0;
    if (options.pollStress) this.atomicOr(CONTROL_POLL, POLL_STRESS);
  }

  /** The plan chosen at {@link init}. */
  get plan(): Plan {
    const number = this.u32[CONTROL_PLAN >>> 2]!;
    const plan = PLANS.find((each) => each.number === number);
    if (plan === undefined) throw new Bug(`no collector has number ${number}`);
    return plan;
  }

  // ---- non-moving memory ------------------------------------------------------------------------------------------------------

  /** Zeroed memory at a multiple of 8. Throws a Bug when there is none. */
  malloc(bytes: number): number {
    const address = this.tryMalloc(bytes);
    if (address === 0) throw new Bug(`no non-moving memory for ${bytes} bytes`);
    return address;
  }

  /** The same, 0 when there is none. `align` is a power of two. */
  tryMalloc(bytes: number, align = 8): number {
    if (bytes < 0 || bytes > 0x7fffffff) return 0;
    return (align <= 8 ? this.#wasm.malloc(bytes) : this.#wasm.mallocAligned(bytes, align)) >>> 0;
  }

  /** Takes back what malloc gave; 0 is ignored. Traps on anything else. */
  free(address: number): void {
    this.#wasm.free(address);
  }

  /** How many bytes were asked for when malloc gave this address. */
  mallocSize(address: number): number {
    return this.#wasm.mallocSize(address) >>> 0;
  }

  /** A copy in non-moving memory: u32 byte count, the UTF-8 bytes. */
  text(text: string): number {
    const bytes = new TextEncoder().encode(text);
    const address = this.malloc(4 + bytes.length);
    this.u32[address >>> 2] = bytes.length;
    this.u8.set(bytes, address + 4);
    return address;
  }

  // ---- objects ----------------------------------------------------------------------------------------------------------------

  /**
   * Zeroed memory for one object from the carrier's buffer, or from a new one; 0: stop the world and call {@link collectFor}. Its
   * type (and an array's length) must be stored before the next safepoint.
   */
  alloc(carrier: number, bytes: number): number {
    const size = (bytes + 7) & ~7;
    const top = this.u32[(carrier + CARRIER_TOP) >>> 2]!;
    if (size >>> 0 <= this.u32[(carrier + CARRIER_LIMIT) >>> 2]! - top) {
      this.u32[(carrier + CARRIER_TOP) >>> 2] = top + size;
      return top;
    }
    return this.allocSlow(carrier, bytes);
  }

  /** What compiled code calls when its buffer is used up. `bytes` is unsigned; what no heap holds gives 0. */
  allocSlow(carrier: number, bytes: number): number {
    if (bytes >>> 0 > 0x7ffffff0) return 0;
    return this.#wasm.allocSlow(carrier, bytes) >>> 0;
  }

  /**
   * With the world stopped, after {@link alloc} or {@link allocSlow} gave 0: collects, and allocates before anyone else can. If that is
   * not enough, collects everything, soft references too. 0: out of memory.
   */
  collectFor(carrier: number, bytes: number): number {
    if (bytes >>> 0 > 0x7ffffff0) return 0;
    if (!this.plan.collects) return this.#wasm.allocFinal(carrier, bytes) >>> 0;
    this.#collect("allocation", false, false);
    const object = this.#wasm.allocFinal(carrier, bytes) >>> 0;
    if (object !== 0) return object;
    this.#collect("allocation", true, true);
    return this.#wasm.allocFinal(carrier, bytes) >>> 0;
  }

  /** Zeroed memory for an object that never moves and is never freed; its references are roots. Throws a Bug when there is none. */
  allocImmortal(bytes: number): number {
    const object = this.#wasm.allocImmortal(bytes) >>> 0;
    if (object === 0) throw new Bug(`no non-moving memory for an object of ${bytes} bytes`);
    return object;
  }

  // ---- collection -------------------------------------------------------------------------------------------------------------

  /** With the world stopped: collects. `full`: leave no garbage; `clearSoft`: clear soft references too. */
  collect(full: boolean, clearSoft: boolean): void {
    this.#collect("forced", full, clearSoft);
  }

  /** Helpers that the host is to have made by now: Workers that call {@link help}. */
  get helpersWanted(): number {
    return this.atomicLoad(HEAP_HELPERS_WANTED);
  }

  /** This Worker does nothing but help in collections from now on. Returns when the VM exits, or at once if there are enough helpers. */
  help(): void {
    this.#wasm.help();
  }

  /** Lets helpers see that the VM exits (CONTROL_EXIT is set). */
  endHelpers(): void {
    this.atomicAdd(HEAP_BELL, 1);
    this.notify(HEAP_BELL);
  }

  /** Registers what finds the references of objects of custom types with this number (1 and up); before there are any. */
  addTracer(number: number, tracer: Tracer): void {
    this.#tracers.add(number, tracer);
  }

  #collect(why: Collection["why"], full: boolean, clearSoft: boolean): void {
    const tells = this.plan.collects;
    const collection: Collection = {
      number: this.word(CONTROL_COLLECTIONS) + 1,
      why,
      full,
      clearSoft,
      usedBefore: this.#wasm.usedBytes() >>> 0,
      totalBefore: this.word(HEAP_TOTAL),
      stopMilliseconds: this.f64[CONTROL_STOP_NANOSECONDS >>> 3]! / 1e6,
    };
    if (tells) {
      this.log.before?.(collection);
      this.hooks.before?.(collection);
    }
    for (const word of [FACT_MINOR, FACT_COLLECTORS, FACT_PROMOTED, FACT_PROMOTED + 4, FACT_TENURING])
      this.setWord(word, 0);
    const check = this.u32[CONTROL_CHECK >>> 2] !== 0;
    if (check) this.verify("before a collection");
    this.#ageSoftReferences();
    const start = performance.now();
    // What was asked for says nothing about how large the heap should be: as if it had taken no time.
    this.i64[HEAP_NOW >>> 3] = why === "forced" ? this.i64[HEAP_LOOKED >>> 3]! : now();
    const copied = this.i64[HEAP_COPIED >>> 3]!;
    this.#wasm.collect(full ? 1 : 0, clearSoft ? 1 : 0);
    const milliseconds = performance.now() - start;
    const minor = this.word(FACT_MINOR) !== 0;
    const traced = minor ? Number(this.i64[HEAP_COPIED >>> 3]! - copied) : this.word(HEAP_LIVE);
    learnCost(this, minor, traced, milliseconds);
    this.#addMicroseconds(HEAP_MICROSECONDS, milliseconds);
    if (why === "forced") for (const word of [HEAP_LOOKED, HEAP_LOOKED_COST]) this.#addMicroseconds(word, milliseconds);
    if (minor) {
      this.setWord(FACT_MINORS, this.word(FACT_MINORS) + 1);
      this.#addMicroseconds(FACT_MINOR_MICROSECONDS, milliseconds);
    }
    if (check) this.verify("after a collection");
    this.collected?.();
    if (!tells || (this.log.after === undefined && this.hooks.after === undefined)) return;
    const finished: FinishedCollection = {
      ...collection,
      minor,
      usedAfter: this.#wasm.usedBytes() >>> 0,
      total: this.word(HEAP_TOTAL),
      milliseconds,
      collectors: Math.max(1, this.word(FACT_COLLECTORS)),
      promoted: Number(this.i64[FACT_PROMOTED >>> 3]!),
      tenuring: this.word(FACT_TENURING),
    };
    this.log.after?.(finished);
    this.hooks.after?.(finished);
  }

  /**
   * Soft references whose type has a stamp live on for some time after their last use: so many milliseconds for each MiB that was free after the
   * last collection. `clock` is the address of 64 bits in non-moving memory: the guest stamps references with what stands there, and each collection
   * puts the time there.
   */
  setSoftClock(clock: number, millisecondsPerMegabyte: number): void {
    this.setWord(HEAP_SOFT_CLOCK, clock);
    this.setWord(HEAP_SOFT_MILLISECONDS, Math.min(millisecondsPerMegabyte, 0xffffffff));
    this.i64[clock >>> 3] = now() / 1000n;
  }

  #ageSoftReferences(): void {
    const clock = this.word(HEAP_SOFT_CLOCK);
    if (clock === 0) return;
    const free = (this.#wasm.maxBytes() >>> 0) - this.word(HEAP_LIVE);
    const kept = Math.floor(Math.max(0, free) / (1 << 20)) * this.word(HEAP_SOFT_MILLISECONDS);
    this.i64[HEAP_SOFT_SINCE >>> 3] = this.i64[clock >>> 3]! - BigInt(kept);
    this.i64[clock >>> 3] = now() / 1000n;
  }

  #addMicroseconds(address: number, milliseconds: number): void {
    this.i64[address >>> 3] = this.i64[address >>> 3]! + BigInt(Math.round(milliseconds * 1000));
  }

  /** With the world stopped: throws a Bug that says what is wrong, if anything is. */
  verify(when = "now"): void {
    const error = this.#wasm.verify() >>> 0;
    if (error !== 0) throw new Bug(`the heap is not sound ${when}: ${describeVerifyError(this, error)}`);
  }

  statistics(): HeapStatistics {
    const word = (address: number) => this.u32[address >>> 2]!;
    const long = (address: number) => Number(this.i64[address >>> 3]!);
    return {
      used: this.#wasm.usedBytes() >>> 0,
      total: word(HEAP_TOTAL),
      max: this.#wasm.maxBytes() >>> 0,
      live: word(HEAP_LIVE),
      immortal: word(HEAP_IMMORTAL_BYTES),
      collections: word(CONTROL_COLLECTIONS),
      collectionMilliseconds: long(HEAP_MICROSECONDS) / 1000,
      minorCollections: word(FACT_MINORS),
      minorMilliseconds: long(FACT_MINOR_MICROSECONDS) / 1000,
      allocated: long(CONTROL_ALLOCATED),
      copied: long(HEAP_COPIED),
      helpers: word(HEAP_HELPERS),
      shared: word(HEAP_SHARED),
      mallocBytes: word(MALLOC_USED),
      mallocBlocks: word(MALLOC_BLOCKS),
    };
  }

  // ---- for dumps and checks ---------------------------------------------------------------------------------------------------

  /** Whether the address lies in collected memory. */
  isCollected(address: number): boolean {
    return address >= this.u32[CONTROL_HEAP_START >>> 2]! && address < this.u32[CONTROL_HEAP_END >>> 2]!;
  }

  /** Bytes of non-moving memory, used or not. */
  get fixedBytes(): number {
    return this.u32[CONTROL_FIXED_END >>> 2]! - this.u32[HEAP_FIXED_START >>> 2]!;
  }

  /** Whether the address lies in non-moving memory. */
  isFixed(address: number): boolean {
    return address >= this.u32[HEAP_FIXED_START >>> 2]! && address < this.u32[CONTROL_FIXED_END >>> 2]!;
  }

  /** The name in a type record, or its address if it has none; for dumps. */
  typeName(type: number): string {
    if (!this.isFixed(type) || (type & 7) !== 0) return `no type 0x${type.toString(16)}`;
    const name = this.u32[(type + TYPE_NAME) >>> 2]!;
    if (!this.isFixed(name)) return `type 0x${type.toString(16)}`;
    const bytes = Math.min(this.u32[name >>> 2]!, 1000);
    return new TextDecoder().decode(this.u8.slice(name + 4, name + 4 + bytes));
  }
}
