/** The door for hosts: starts µvm-l machines, as many as wanted in one process. */
import { writeSync } from "node:fs";
import type { Switches } from "#support";
import { VirtualMachine } from "#vm";
import { watchForDeadlock } from "./deadlock.ts";
import type { HostMessage, Program, VmMessage } from "./driver-types.ts";

export type { HostMessage, Program, VmMessage } from "./driver-types.ts";

export interface UvmlOptions {
  readonly program: Program;
  /** What `(args)` gives; default none. */
  readonly args?: readonly string[];
  /** Run all functions by the interpreter of the IR. */
  readonly interpret?: boolean;
  /** Name of the collector (PLANS of src/heap): "semispace" is the default. */
  readonly collector?: string;
  /** Bytes that live objects may take; default 512 MiB. */
  readonly maxHeapBytes?: number;
  readonly switches?: Switches;
  /** A program of entries: it waits for the next one (see {@link sendEntry}). */
  readonly ready?: (message: VmMessage) => void;
}

const DEFAULT_HEAP_BYTES = 512 << 20;

/** Starts a machine. `exited()` of what it gives settles with the exit code; output goes to the descriptors 1 and 2 of the process. */
export function startUvml(options: UvmlOptions): VirtualMachine {
  const { program, args = [], interpret = false, collector, switches, ready } = options;
  const vm = VirtualMachine.start({
    guest: new URL("./guest.ts", import.meta.url),
    data: { program, args, interpret },
    maxHeapBytes: options.maxHeapBytes ?? DEFAULT_HEAP_BYTES,
    ...(collector === undefined ? {} : { plan: collector }),
    ...(switches === undefined ? {} : { switches }),
    ...(ready === undefined ? {} : { message: (data: unknown) => ready(data as VmMessage) }),
  });
  const stopWatching = watchForDeadlock(vm.mem, () => {
    writeSync(2, "uvml: error: deadlock: all threads wait for each other\n");
    vm.stop(1);
  });
  vm.exited().then(stopWatching, stopWatching);
  return vm;
}

/** Sends an entry, or the end, to a machine whose program is of kind "entries" and which is ready for it. */
export function sendEntry(vm: VirtualMachine, message: HostMessage): void {
  vm.send(JSON.stringify(message));
}
