/**
 * What a guest is: one module that exports `guest`. The Workers of src/vm import it by its URL, so it must start nothing when it is loaded.
 *
 *     export const guest: Guest<Data> = {
 *       vmThread(start) {                       // on the VM thread, once, before any guest thread
 *         const vm = new GuestVm(start, { exception, trap });
 *         const main = vm.define("main", "()v", (b) => { … b.ret(); });
 *         vm.startThread(main);
 *         return vm;                            // serves requests until the VM exits
 *       },
 *       carrier(c) {                            // on each carrier, once
 *         return { direct: { "my.print": (sp: number, n: number) => … } };
 *       },
 *     };
 */
import type { Heap } from "#heap";
import type { HostFunction, TrapKind } from "#ir";
import { signatureFromKey } from "#ir";
import type { CollectionNames, Log, LogPlan } from "#log";
import type { Memory } from "#memory";
import type { Switches } from "#support";
import { GuestFailure, type HostFunctions, type Mutator } from "#threads";
import type { GuestCarrier } from "./guest-carrier.ts";

/** A guest with data of its own: what the host gave to `VirtualMachine.start`, copied by structured clone to every Worker. */
export interface Guest<Data = unknown> {
  /** Makes the guest's VM and starts its first thread. What comes back serves the requests until the VM exits: a GuestVm or a VmThread. */
  vmThread(start: VmStart<Data>): Server | Promise<Server>;
  /** The guest's functions for compiled code, and its hooks. Called while the carrier is being made: `c.carrier` has no table yet. */
  carrier(c: GuestCarrier<Data>): CarrierPart;
  /** Called first of all, on each carrier and the VM thread, as any of them may collect: for `heap.addTracer` and `heap.hooks`. */
  prepareHeap?(worker: GuestWorker<Data>): void;
}

/** A Worker of the VM that may collect. */
export interface GuestWorker<Data> {
  readonly heap: Heap;
  /** 0: the VM thread; else the carrier's. */
  readonly number: number;
  readonly data: Data;
  /** Sends structured-clone data to the host: `VmOptions.message`. */
  readonly post: (data: unknown) => void;
}

export interface Server {
  /** Called in state RUNNING; comes back when the VM exits. */
  run(): void;
}

/** What the VM thread begins with. It is in state RUNNING. */
export interface VmStart<Data> {
  readonly mem: Memory;
  readonly heap: Heap;
  readonly mutator: Mutator;
  readonly data: Data;
  readonly switches: Switches;
  /** Where the VM logs to; undefined: nowhere. */
  readonly log: Log | undefined;
  /** Sends structured-clone data to the host: `VmOptions.message`. */
  readonly post: (data: unknown) => void;
}

/** What a guest has on a carrier; everything may be left out. */
export interface CarrierPart extends Partial<HostFunctions> {
  /** See CarrierOptions. */
  readonly afterCollection?: () => void;
  readonly asked?: (sp: number) => void | Promise<void>;
}

/** The declaration of a host function for `callhost`: its name in the guest's {@link CarrierPart} and its signature's key. */
export function hostFunction(name: string, key: string, options: { readonly pure?: boolean } = {}): HostFunction {
  return { name, signature: signatureFromKey(key), pure: options.pure ?? false };
}

/** Host functions that every carrier of this kit has. */
export const KIT = {
  /** (code): ends the VM at once. */
  exit: hostFunction("kit.exit", "(i)v"),
  /** (code): the VM's exit code when its last thread that is no daemon ends; the first one that is not 0 counts. */
  exitStatus: hostFunction("kit.exitStatus", "(i)v"),
  /** (slot from GuestVm.threadEntry, argument, 1 for a daemon): starts a thread; gives its record. Throws trap `memory`. */
  start: hostFunction("kit.start", "(iri)a"),
  /** (milliseconds, negative: no limit): sleeps until the thread has a permit. WAKE_*. */
  park: hostFunction("kit.park", "(d)i"),
  /** (record of a thread): gives it a permit. */
  unpark: hostFunction("kit.unpark", "(a)v"),
  /** Lets other threads of the carrier run. */
  yield: hostFunction("kit.yield", "()v"),
  /** Collects, everything. */
  collect: hostFunction("kit.collect", "()v"),
  /** (exception): what happens to an exception that nobody caught when the guest does not say so: a line on standard error. */
  uncaught: hostFunction("kit.uncaught", "(r)v"),
  /** (1 to open, 0 to close): opens the reserve below the running thread's stack limit. */
  reserve: hostFunction("kit.reserve", "(i)v"),
} as const;

/** Begins the texts of failures that mean a trap. */
const TRAP_MARK = "\0trap ";

/** What a host function or a service throws to make the guest throw what the trap of that kind throws. */
export function trapFailure(kind: TrapKind, first = 0, second = 0): GuestFailure {
  return new GuestFailure(`${TRAP_MARK}${kind} ${first} ${second}`);
}

/** The trap that a failure's text means; undefined: it is a text of the guest's. */
export function trapOf(
  text: string,
): { readonly kind: TrapKind; readonly first: number; readonly second: number } | undefined {
  if (!text.startsWith(TRAP_MARK)) return undefined;
  const [kind, first, second] = text.slice(TRAP_MARK.length).split(" ");
  return { kind: kind as TrapKind, first: Number(first), second: Number(second) };
}

/** What the host gives to every Worker of a VM. Structured-clone data. */
export interface GuestStart {
  readonly module: string;
  readonly data: unknown;
  readonly switches: Switches["text"];
  readonly log: VmLog | undefined;
}

/** The log of a VM, and how its guest calls what it speaks of. Structured-clone data. */
export interface VmLog {
  readonly plan: LogPlan;
  /** Name of the collector; default: the plan's. */
  readonly collector?: string;
  readonly collections?: CollectionNames;
  /** More lines about what there is, at its beginning. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
}

/** Loads a guest's module. */
export async function loadGuest(module: string): Promise<Guest> {
  const { guest } = (await import(module)) as { readonly guest?: Guest };
  if (guest === undefined) throw new Error(`${module} exports no guest`);
  return guest;
}
