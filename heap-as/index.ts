/**
 * The collectors' exports, and nothing else. Every Worker has an instance of this module over the same memory. All that lasts lies in
 * memory (control block: layout.gen.ts); the few module variables hold during one collection, which one instance does alone.
 */
import {
  CONTROL_COLLECTIONS,
  CONTROL_COLLECTOR,
  CONTROL_FIXED_END,
  CONTROL_HEAP_END,
  CONTROL_HEAP_START,
  CONTROL_MALLOC,
  CONTROL_PLAN,
  CONTROL_STRESS_COUNT,
  HEAP_FIXED_START,
  HEAP_SURVIVOR_RATIO,
  HEAP_YOUNG_WANTED,
} from "./layout.gen";
import { Buffers } from "./buffers";
import { Malloc } from "./malloc";
import { Crew } from "./parallel/crew";
import { Plans } from "./plans/index";
import { Verifier } from "./sanity/verify";
import { Sizing } from "./sizing";
import { Immortal } from "./spaces/immortal";

/** Once per memory. Ranges are [start, end), multiples of 8; sizes as in HeapOptions (src/heap/heap.ts). */
export function init(
  heapStart: u32,
  heapEnd: u32,
  fixedStart: u32,
  fixedEnd: u32,
  plan: u32,
  least: u32,
  trigger: u32,
  young: u32,
  survivorRatio: u32,
  collectors: u32,
  parallelBytes: u32,
): void {
  memory.fill(CONTROL_COLLECTOR, 0, CONTROL_MALLOC - CONTROL_COLLECTOR);
  store<u32>(CONTROL_HEAP_START, heapStart);
  store<u32>(CONTROL_HEAP_END, heapEnd);
  store<u32>(HEAP_FIXED_START, fixedStart);
  store<u32>(CONTROL_FIXED_END, fixedEnd);
  store<u32>(CONTROL_PLAN, plan);
  store<u32>(HEAP_YOUNG_WANTED, young);
  store<u32>(HEAP_SURVIVOR_RATIO, survivorRatio);
  Sizing.init(least, trigger);
  Malloc.init(fixedStart, fixedEnd);
  Buffers.init();
  Crew.init(collectors, parallelBytes);
  Plans.init();
}

/** Zeroed memory at a multiple of 8; 0: none. */
export function malloc(bytes: u32): u32 {
  return <u32>Malloc.allocate(bytes, 8);
}

/** Zeroed memory at a multiple of `align`, a power of two; 0: none. */
export function mallocAligned(bytes: u32, align: u32): u32 {
  return <u32>Malloc.allocate(bytes, align);
}

/** Takes back what malloc gave. Traps if that is no block in use. */
export function free(address: u32): void {
  Malloc.free(address);
}

/** How many bytes were asked for when malloc gave this. */
export function mallocSize(address: u32): u32 {
  return Malloc.sizeOf(address);
}

/** Zeroed memory for one object that does not fit the carrier's buffer; 0: stop the world and collect. */
export function allocSlow(carrier: u32, bytes: u32): u32 {
  return <u32>Buffers.allocate(carrier, (bytes + 7) & ~7, false);
}

/** The same right after a collection, with the world still stopped; 0: there is no memory for it. */
export function allocFinal(carrier: u32, bytes: u32): u32 {
  return <u32>Buffers.allocate(carrier, (bytes + 7) & ~7, true);
}

/** Zeroed memory for an object that is never moved nor freed; 0: none. */
export function allocImmortal(bytes: u32): u32 {
  return <u32>Immortal.allocate(bytes);
}

/** With the world stopped: collects. `full`: leave no garbage; `clearSoft`: clear soft references. 0: the plan has no collection. */
export function collect(full: u32, clearSoft: u32): u32 {
  Buffers.retireAll();
  Buffers.shrink();
  store<u32>(CONTROL_STRESS_COUNT, 0);
  if (!Plans.collect(full != 0, clearSoft != 0)) return 0;
  store<u32>(CONTROL_COLLECTIONS, load<u32>(CONTROL_COLLECTIONS) + 1);
  return 1;
}

/**
 * This instance is a helper in collections from now on; returns when the VM exits (CONTROL_EXIT, and HEAP_BELL rings), or at once if there are enough
 * helpers or no memory for another.
 */
export function help(): void {
  if (Crew.join()) Crew.serve();
}

/** With the world stopped: 0, or the address of the error record HEAP_ERROR*. */
export function verify(): u32 {
  return <u32>Verifier.run();
}

/** A tracer found a reference: for whoever walks the objects at this moment, a collection or the verifier. */
export function visit(slot: u32): void {
  if (Verifier.runs()) Verifier.visit(slot);
  else Plans.visit(slot);
}

/** Bytes of collected memory that were handed out. */
export function usedBytes(): u32 {
  return Plans.usedBytes();
}

/** Bytes that objects may take at most. */
export function maxBytes(): u32 {
  return Plans.maxBytes();
}
