/** A small world for heap tests: one memory, one carrier record, no threads; a few types with a number in each object to know it by. */
import {
  defineType,
  HandleStack,
  Heap,
  type HeapOptions,
  heapModule,
  PLANS,
  type Plan,
  planNamed,
  RootTable,
} from "#heap";
import {
  CARRIER_BYTES,
  CARRIERS,
  CONTROL_CARRIER_COUNT,
  CONTROL_THREADS,
  MAP_IREF,
  PAGE_BYTES,
  SITE_FRAME_BYTES,
  SITE_MAP,
  SITE_MAP_WORDS,
  THREAD_BYTES,
  THREAD_SP,
} from "#layout";

export const MEGABYTE = 1 << 20;

let compiled: WebAssembly.Module | undefined;

/** build/heap.wasm, compiled once. */
export function collectors(): WebAssembly.Module {
  compiled ??= heapModule();
  return compiled;
}

export interface WorldOptions extends Partial<Omit<HeapOptions, "plan">> {
  readonly plan?: string;
  /** Bytes of collected memory; default 8 MiB. */
  readonly heapBytes?: number;
  /** Bytes of non-moving memory; default 4 MiB. */
  readonly fixedBytes?: number;
}

/** Object layout here: type, number, then fields. Arrays: type, number, length, pad, then elements from 16 on. */
export const NUMBER = 4;
export const LENGTH = 8;
export const FIRST = 16;

export class World {
  readonly heap: Heap;
  readonly plan: Plan;
  readonly roots: RootTable;
  readonly weakRoots: RootTable;
  readonly handles: HandleStack;
  readonly carrier = CARRIERS;

  constructor(options: WorldOptions = {}) {
    const heapBytes = options.heapBytes ?? 8 * MEGABYTE;
    const fixedEnd = options.fixedEnd ?? (options.fixedBytes ?? 4 * MEGABYTE) + PAGE_BYTES * 4;
    const pages = (fixedEnd + heapBytes) / PAGE_BYTES;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const plan = planNamed(options.plan ?? "semispace");
    if (plan === undefined) throw new Error(`no plan ${options.plan}`);
    this.plan = plan;
    this.heap = new Heap(memory, collectors());
    this.heap.init({ triggerBytes: heapBytes, check: true, ...options, fixedEnd, plan });
    this.heap.u32[CONTROL_CARRIER_COUNT >>> 2] = 1;
    this.roots = new RootTable(this.heap, { blockWords: 62 });
    this.weakRoots = new RootTable(this.heap, { weak: true, blockWords: 62 });
    this.handles = new HandleStack(this.heap, 30);
  }

  /** Another carrier's record; it exists from now on. */
  addCarrier(): number {
    const count = this.heap.u32[CONTROL_CARRIER_COUNT >>> 2]!;
    this.heap.u32[CONTROL_CARRIER_COUNT >>> 2] = count + 1;
    return CARRIERS + count * CARRIER_BYTES;
  }

  /** The word at an address. */
  word(address: number): number {
    return this.heap.u32[address >>> 2]!;
  }

  setWord(address: number, value: number): void {
    this.heap.u32[address >>> 2] = value;
  }

  /** Stores a reference in an object. */
  setRef(address: number, ref: number): void {
    this.heap.setRef(address, ref);
  }

  /** A type with so many references, at 8, 12, ... */
  fixed(name: string, refs: number): number {
    const offsets = Array.from({ length: refs }, (_, i) => 8 + 4 * i);
    return defineType(this.heap, { kind: "fixed", name, size: (8 + 4 * refs + 7) & ~7, refs: offsets });
  }

  /** Memory for an object, with a collection if one is due; 0: out of memory. */
  allocate(bytes: number, carrier = this.carrier): number {
    return this.heap.alloc(carrier, bytes) || this.heap.collectFor(carrier, bytes);
  }

  /** A new object of a type with a fixed size, or an array with so many elements. */
  make(type: number, bytes: number, number = 0, length?: number): number {
    const object = this.allocate(bytes);
    if (object === 0) return 0;
    this.setWord(object, type);
    this.setWord(object + NUMBER, number);
    if (length !== undefined) this.setWord(object + LENGTH, length);
    return object;
  }

  collect(clearSoft = false): void {
    this.heap.collect(true, clearSoft);
  }

  /** A thread whose one frame has one interior reference; returns the address of that word. */
  addInterior(address: number): number {
    const site = this.heap.malloc(SITE_MAP + 4);
    const bottom = this.heap.malloc(SITE_MAP + 4);
    this.setWord(site + SITE_FRAME_BYTES, 8);
    this.setWord(site + SITE_MAP_WORDS, 1);
    this.setWord(site + SITE_MAP, MAP_IREF);
    const frame = this.heap.malloc(16);
    this.setWord(frame, site);
    this.setWord(frame + 4, address);
    this.setWord(frame + 8, bottom);
    const thread = this.heap.malloc(THREAD_BYTES);
    this.addThread(thread);
    this.setWord(thread + THREAD_SP, frame);
    return frame + 4;
  }

  /** Links a thread record, as src/threads would. */
  addThread(record: number): void {
    this.setWord(record, this.word(CONTROL_THREADS));
    this.setWord(CONTROL_THREADS, record);
  }
}

/** Names of all plans, and of those that collect. */
export const planNames = PLANS.map((plan) => plan.name);
export const collectingPlans = PLANS.filter((plan) => plan.collects).map((plan) => plan.name);

/** Whether the plan has generations: new objects have memory of their own. */
export function hasAges(plan: string): boolean {
  const { barrier, moves } = planNamed(plan)!;
  return barrier !== "none" && moves;
}
