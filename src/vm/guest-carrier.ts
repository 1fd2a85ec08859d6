/** A guest's view of one carrier: what its host functions work with, and the host functions that every guest has. */
import { writeSync } from "node:fs";
import { HandleStack, type Heap } from "#heap";
import { CONTROL_AWAITED_THREADS, CONTROL_EXIT_STATUS, THREAD_FLAGS, THREAD_ID } from "#layout";
import type { Memory } from "#memory";
import type { Switches } from "#support";
import { type Carrier, exitVm, FLAG_AWAITED, FLAG_DAEMON, type HostFunctions, startThread, unpark } from "#threads";
import { trapFailure } from "./guest.ts";
import { forgetThread, makeThread, stackReserve, threadRef } from "./threads.ts";

/** Stack of a thread when nothing else is said: some 10,000 frames. */
export const DEFAULT_STACK_BYTES = 256 * 1024;

export interface ThreadOptions {
  /** The VM does not wait for its end. */
  readonly daemon?: boolean;
  readonly stackBytes?: number;
}

/**
 * Starts a thread in the function at `entry`, () -> (), with a reference (or 0) in its first reference word. Gives its record; 0: no
 * memory for its stack. On any mutator in state RUNNING; not a safepoint.
 */
export function launch(mem: Memory, heap: Heap, entry: number, ref: number, options: ThreadOptions = {}): number {
  const thread = makeThread(mem, heap, entry, options.stackBytes ?? DEFAULT_STACK_BYTES);
  if (thread === 0) return 0;
  mem.setWord(thread + THREAD_FLAGS, options.daemon === true ? FLAG_DAEMON : FLAG_AWAITED);
  if (options.daemon !== true) mem.atomicAdd(CONTROL_AWAITED_THREADS, 1);
  mem.setWord(threadRef(thread, 0), ref);
  startThread(mem, thread);
  return thread;
}

export class GuestCarrier<Data> {
  readonly carrier: Carrier;
  readonly number: number;
  readonly mem: Memory;
  readonly heap: Heap;
  /** For references that must survive an allocation: `const mark = c.handles.mark(); const h = c.handles.push(ref); … c.handles.release(mark)`. */
  readonly handles: HandleStack;
  readonly data: Data;
  readonly switches: Switches;
  /** Sends structured-clone data to the host: `VmOptions.message`. */
  readonly post: (data: unknown) => void;

  constructor(carrier: Carrier, number: number, data: Data, switches: Switches, post: (data: unknown) => void) {
    this.carrier = carrier;
    this.number = number;
    this.mem = carrier.mem;
    this.heap = carrier.heap;
    this.handles = new HandleStack(carrier.heap);
    this.data = data;
    this.switches = switches;
    this.post = post;
  }

  /** Record of the running guest thread. */
  get thread(): number {
    return this.carrier.thread;
  }

  /** A zeroed object of a type; throws trap `memory`. A safepoint: raw references held before are void. */
  allocate(sp: number, type: number, bytes: number): number {
    const ref = this.carrier.allocate(sp, bytes);
    if (ref === 0) throw trapFailure("memory", bytes);
    this.mem.setWord(ref, type);
    return ref;
  }

  /** Starts a thread at an entry from `GuestVm.threadEntry`; gives its record, throws trap `memory`. Not a safepoint. */
  startThread(entry: number, ref: number, options: ThreadOptions = {}): number {
    const thread = launch(this.mem, this.heap, entry, ref, options);
    if (thread === 0) throw trapFailure("memory", options.stackBytes ?? DEFAULT_STACK_BYTES);
    return thread;
  }

  /** Ends the VM; guest threads stop at their next poll. */
  exit(code: number): void {
    exitVm(this.mem, code);
  }

  /** The exit code for the end of the last thread that is no daemon; the first one that is not 0 counts. */
  setExitStatus(code: number): void {
    this.mem.atomicCas(CONTROL_EXIT_STATUS, 0, code & 0xff);
  }

  /** The functions named in KIT. */
  functions(): HostFunctions {
    const { mem, carrier } = this;
    return {
      pure: {},
      direct: {
        "kit.exit": (_sp: number, code: number) => this.exit(code),
        "kit.exitStatus": (_sp: number, code: number) => this.setExitStatus(code),
        "kit.start": (_sp: number, entry: number, ref: number, daemon: number) =>
          this.startThread(entry, ref >>> 0, { daemon: daemon !== 0 }),
        "kit.unpark": (_sp: number, thread: number) => unpark(mem, thread >>> 0),
        "kit.collect": () => carrier.collect(true, false),
        "kit.uncaught": (_sp: number, exception: number) => {
          const type = this.heap.typeName(mem.word(exception >>> 0));
          writeSync(2, `Uncaught exception in thread ${mem.word(this.thread + THREAD_ID)}: ${type}\n`);
        },
        "kit.reserve": (_sp: number, open: number) => stackReserve(carrier, open !== 0),
      },
      suspending: {
        "kit.park": (sp: number, milliseconds: number) => carrier.scheduler.park(sp, milliseconds),
        "kit.yield": (sp: number) => carrier.scheduler.yield(sp, true),
      },
    };
  }

  /** The scheduler's hook: takes the thread's memory back, and ends the VM with the last one that it waits for. */
  threadEnded(thread: number): void {
    const { mem } = this;
    const awaited = (mem.atomicLoad(thread + THREAD_FLAGS) & FLAG_AWAITED) !== 0;
    forgetThread(mem, this.heap, thread);
    if (awaited && mem.atomicAdd(CONTROL_AWAITED_THREADS, -1) === 1) exitVm(mem, mem.atomicLoad(CONTROL_EXIT_STATUS));
  }
}
