/** The door of `src/threads/`: mutators and stopping the world, carriers, guest threads. */

export { batchToCompile, compileBatches, keepBatch } from "./batches.ts";
export type { CarrierOptions, HostFunctions } from "./carrier.ts";
export { Carrier, GuestFailure } from "./carrier.ts";
export type { ThreadCounts } from "./counts.ts";
export { resetPeakThreads, threadCounts } from "./counts.ts";
export type { HeldMonitor, LocksOf, ThreadFacts } from "./dump.ts";
export { ThreadDump } from "./dump.ts";
export { exitVm } from "./exit.ts";
export { Frames, frames } from "./frames.ts";
export { coolDown, takeHot } from "./hot-slots.ts";
export { emitLock, emitUnlock } from "./monitor-code.ts";
export { deflateMonitors } from "./monitor-records.ts";
export type { WaitResult } from "./monitors.ts";
export { Monitors } from "./monitors.ts";
export { carrierRecord, Mutator, requestPoll } from "./mutator.ts";
export { newThreads, startThread } from "./new-threads.ts";
export { enqueue, unpark } from "./park.ts";
export { Patience } from "./patience.ts";
export type { SchedulerHooks } from "./scheduler.ts";
export { Scheduler } from "./scheduler.ts";
export {
  FIRST_GUEST_SERVICE,
  SERVICE_COMPILE,
  SERVICE_CONTINUE,
  SERVICE_PREPARE,
  SERVICE_THROW_PENDING,
  SERVICE_TRAP,
} from "./services.ts";
export * from "./states.ts";
