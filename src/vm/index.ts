/** The door of `src/vm/`: the VM thread and its services, making guest threads. */

export type { MachineOptions, WorkerData } from "./machine.ts";
export { Machine } from "./machine.ts";
export { forgetThread, makeThread, STACK_RESERVE_BYTES, startThread, threadRef } from "./threads.ts";
export type { Answer, Service, Steps, Upcall, VmThreadOptions, Wait } from "./vm-thread.ts";
export { Call, VmThread } from "./vm-thread.ts";
