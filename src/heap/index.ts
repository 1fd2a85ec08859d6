/** The door of `src/heap/`: collected and non-moving memory, handles, type records. The collectors themselves are in heap-as/. */

export { heapModule } from "./built.ts";
export type { HeapOptions, HeapStatistics } from "./heap.ts";
export { FIXED_START, Heap } from "./heap.ts";
export type { Collection, CollectionHooks, FinishedCollection } from "./hooks.ts";
export type { Plan } from "./plans.ts";
export { PLANS, planNamed } from "./plans.ts";
export { HandleStack, RootTable } from "./roots.ts";
export type { SpaceUse } from "./spaces.ts";
export { MAX_SPACES, spaces } from "./spaces.ts";
export type { Tracer } from "./tracers.ts";
export type { TypeFacts } from "./types.ts";
export { defineType, offsetList, writeType } from "./types.ts";
export type { HistogramLine } from "./walk.ts";
export { histogram, objectBytes, objects, rootWords } from "./walk.ts";
export { MAX_COLLECTORS } from "./words.ts";
