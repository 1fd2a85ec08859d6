/** The door of `src/vm/`: starting a VM, what a guest is, the VM thread and its services, making guest threads. */

export { startThread } from "#threads";
export type { CarrierPart, Guest, GuestWorker, Server, VmLog, VmStart } from "./guest.ts";
export { hostFunction, KIT, trapFailure } from "./guest.ts";
export type { ThreadOptions } from "./guest-carrier.ts";
export { DEFAULT_STACK_BYTES, GuestCarrier } from "./guest-carrier.ts";
export type { Effect, GuestVmOptions, StepsOf } from "./guest-vm.ts";
export { GuestVm, Thrown } from "./guest-vm.ts";
export type { MachineOptions, WorkerData } from "./machine.ts";
export { Machine } from "./machine.ts";
export { forgetThread, makeThread, stackReserve, threadRef } from "./threads.ts";
export type { VmOptions } from "./virtual-machine.ts";
export { mostHeapBytes, VirtualMachine } from "./virtual-machine.ts";
export type { Answer, Service, Steps, Upcall, VmThreadOptions, Wait } from "./vm-thread.ts";
export { Call, VmThread } from "./vm-thread.ts";
