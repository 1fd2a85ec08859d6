/**
 * A virtual machine that a host starts, talks to and waits for. A process may have many, of several guests: each has its own memory and
 * Workers, and nothing of one is seen by another.
 */
import { existsSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { Heap, type HeapOptions, heapModule, MAX_COLLECTORS, type Plan, planNamed } from "#heap";
import { PAGE_BYTES } from "#layout";
import { closeLog, Log, LogConfiguration, logEnd, logStart, openLog } from "#log";
import type { Memory } from "#memory";
import { BadInput, Switches } from "#support";
import { exitVm } from "#threads";
import type { GuestStart, VmLog } from "./guest.ts";
import { Machine } from "./machine.ts";
import { sendMessage } from "./messages.ts";

export interface VmOptions<Data = unknown> {
  /** The module that exports `guest` (see guest.ts). Where its source is not there, the compiled .js beside it is taken. */
  readonly guest: URL;
  /** What the guest is told: structured-clone data. */
  readonly data: Data;
  /** Name of the collector (PLANS): "semispace" is the default. */
  readonly plan?: string;
  /** Bytes that objects may take at once; default 256 MiB. Memory is reserved, and committed by use. */
  readonly maxHeapBytes?: number;
  /** Non-moving memory: metadata, code, thread stacks, malloc. Default 256 MiB. */
  readonly fixedBytes?: number;
  /** How the heap grows and shrinks below maxHeapBytes: see HeapOptions of #heap. */
  readonly triggerBytes?: number;
  readonly minHeapBytes?: number;
  readonly youngBytes?: number;
  readonly survivorRatio?: number;
  readonly minFreePercent?: number;
  readonly maxFreePercent?: number;
  readonly promotesAtOnce?: boolean;
  /** Collectors that take part in a large collection, helpers made when the first one comes. Default: the machine's cores, 8 at most. */
  readonly collectors?: number;
  /** Workers that run guest threads. Default: one for each processor, and more if threads crowd on some of them. */
  readonly carriers?: number;
  /** Debug switches; default none. A command passes `Switches.parse(process.env)`. */
  readonly switches?: Switches;
  readonly timeSliceMilliseconds?: number;
  /** Where to log to. Default: what the switch VM_LOG says. */
  readonly log?: VmLog;
  /** A Worker of the guest has posted data. */
  readonly message?: (data: unknown) => void;
}

const MIB = 1 << 20;
const DEFAULT_HEAP = 256 * MIB;
const DEFAULT_FIXED = 256 * MIB;
const MIN_FIXED = 32 * MIB;
/** At first, if nobody says how many: one for each processor, within these. */
const LEAST_CARRIERS = 2;
const MOST_CARRIERS = 8;
/** So many times as many there may be when threads crowd. */
const SPARE = 2;
const MAX_CARRIERS = 30;
const DEFAULT_MOST_COLLECTORS = 8;
/** All of memory: a page below 4 GiB, which nobody uses. */
const MAX_BYTES = 0x1_0000_0000 - PAGE_BYTES;

/** The same file, or if only the compiled one is there, that: a package has dist/, and its modules name each other as in the tree. */
function builtModule(url: URL): URL {
  if (!url.pathname.endsWith(".ts") || existsSync(fileURLToPath(url))) return url;
  return new URL(url.href.replace(/\.ts$/, ".js"));
}

/** The largest {@link VmOptions.maxHeapBytes} that a plan can have beside so much non-moving memory; a multiple of 1 MiB. */
export function mostHeapBytes(plan: Plan, fixedBytes = DEFAULT_FIXED): number {
  return Math.floor(((MAX_BYTES - Math.ceil(fixedBytes / PAGE_BYTES) * PAGE_BYTES) * plan.usable) / MIB) * MIB;
}

/** How memory is divided: where non-moving memory ends, and the whole. */
function sizes(plan: Plan, options: VmOptions): { fixedEnd: number; memoryBytes: number } {
  const heap = options.maxHeapBytes ?? DEFAULT_HEAP;
  const fixed = options.fixedBytes ?? DEFAULT_FIXED;
  const isSize = (bytes: number): boolean => Number.isSafeInteger(bytes) && bytes > 0;
  if (!isSize(heap)) throw new BadInput({ file: "maxHeapBytes", expected: "a number of bytes", found: String(heap) });
  if (!isSize(fixed) || fixed < MIN_FIXED)
    throw new BadInput({ file: "fixedBytes", expected: `${MIN_FIXED} bytes at least`, found: String(fixed) });
  const fixedEnd = Math.ceil(fixed / PAGE_BYTES) * PAGE_BYTES;
  const memoryBytes = fixedEnd + Math.floor(Math.ceil(heap / PAGE_BYTES) / plan.usable) * PAGE_BYTES;
  if (memoryBytes > MAX_BYTES)
    throw new BadInput({
      file: "maxHeapBytes",
      expected: `${mostHeapBytes(plan, fixed) / MIB} MiB at most (${plan.name}, beside ${fixedEnd / MIB} MiB of non-moving memory)`,
      found: `${Math.ceil(heap / MIB)} MiB`,
    });
  return { fixedEnd, memoryBytes };
}

/** The options that say how the heap grows. */
function growth(options: VmOptions): Partial<HeapOptions> {
  const { triggerBytes, minHeapBytes, youngBytes, survivorRatio, minFreePercent, maxFreePercent, promotesAtOnce } =
    options;
  return {
    ...(triggerBytes === undefined ? {} : { triggerBytes }),
    ...(minHeapBytes === undefined ? {} : { minBytes: minHeapBytes }),
    ...(youngBytes === undefined ? {} : { youngBytes }),
    ...(survivorRatio === undefined ? {} : { survivorRatio }),
    ...(minFreePercent === undefined ? {} : { minFreePercent }),
    ...(maxFreePercent === undefined ? {} : { maxFreePercent }),
    ...(promotesAtOnce === undefined ? {} : { promotesAtOnce }),
  };
}

/** What VM_LOG asks for; undefined: nothing. */
function switchLog(switches: Switches): VmLog | undefined {
  const text = switches.text.VM_LOG;
  if (text === undefined || text === "") return undefined;
  const configuration = new LogConfiguration();
  const { refused } = configuration.add(text);
  const opened = refused === undefined ? openLog(configuration) : { refused };
  if ("refused" in opened) throw new BadInput({ file: "VM_LOG", expected: "what to log", found: opened.refused });
  return { plan: opened };
}

/** The first lines of the log. */
function logFacts(log: Log, { collector, facts }: VmLog, plan: Plan, heapBytes: number, carriers: number): void {
  logStart(log, collector ?? plan.name, [
    ...(facts ?? []),
    ["CPUs", `${cpus().length} total, ${availableParallelism()} available`],
    ["Memory", `${Math.floor(totalmem() / MIB)}M`],
    ["Heap Max Capacity", `${Math.floor(heapBytes / MIB)}M`],
    ["Carriers", String(carriers)],
  ]);
}

export class VirtualMachine {
  /** The shared memory, and the host's own view of the heap: for words and texts that guest and host agree on, never for objects. */
  readonly mem: Memory;
  readonly heap: Heap;
  readonly #ended: Promise<number>;

  private constructor(mem: Memory, heap: Heap, ended: Promise<number>) {
    this.mem = mem;
    this.heap = heap;
    this.#ended = ended;
  }

  /** Starts a VM. Throws BadInput when an option is wrong; what fails later comes out of {@link exited}. */
  static start<Data>(options: VmOptions<Data>): VirtualMachine {
    const name = options.plan ?? "semispace";
    const plan = planNamed(name);
    if (plan === undefined) throw new BadInput({ file: "plan", expected: "the name of a collector", found: name });
    const processors = availableParallelism();
    const carriers = options.carriers ?? Math.min(Math.max(processors, LEAST_CARRIERS), MOST_CARRIERS);
    if (!Number.isInteger(carriers) || carriers < 1 || carriers > MAX_CARRIERS)
      throw new BadInput({ file: "carriers", expected: `1 to ${MAX_CARRIERS}`, found: String(carriers) });
    const collectors = options.collectors ?? Math.min(availableParallelism(), DEFAULT_MOST_COLLECTORS);
    if (!Number.isInteger(collectors) || collectors < 1 || collectors > MAX_COLLECTORS)
      throw new BadInput({ file: "collectors", expected: `1 to ${MAX_COLLECTORS}`, found: String(collectors) });
    const { fixedEnd, memoryBytes } = sizes(plan, options);
    const switches = options.switches ?? Switches.parse({});
    const vmLog = options.log ?? switchLog(switches);
    const log = vmLog && new Log(vmLog.plan, process.pid);
    if (vmLog !== undefined && log !== undefined)
      logFacts(log, vmLog, plan, options.maxHeapBytes ?? DEFAULT_HEAP, carriers);
    const guest: GuestStart = {
      module: builtModule(options.guest).href,
      data: options.data,
      switches: switches.text,
      log: vmLog,
    };
    const { promise: failed, reject: fail } = Promise.withResolvers<never>();
    const module = heapModule();
    const machine = new Machine({
      vmThread: builtModule(new URL("./vm-worker.ts", import.meta.url)),
      carrier: builtModule(new URL("./carrier-worker.ts", import.meta.url)),
      helper: builtModule(new URL("./helper-worker.ts", import.meta.url)),
      compiler: builtModule(new URL("./compile-worker.ts", import.meta.url)),
      carriers,
      // Threads cannot leave their carrier: with twice as many as processors, fewer of those that are to run share one while a processor is idle.
      mostCarriers: Math.min(options.carriers ?? SPARE * carriers, MAX_CARRIERS),
      heapModule: module,
      memoryBytes,
      heap: {
        plan,
        fixedEnd,
        heapEnd: memoryBytes,
        stress: switches.stress("gc"),
        pollStress: switches.stress("poll"),
        check: switches.checks("heap"),
        collectors,
        ...(switches.stress("parallel") > 0 ? { parallelBytes: 0 } : {}),
        ...growth(options),
      },
      guest,
      failed: fail,
      ...(options.timeSliceMilliseconds !== undefined
        ? { timeSliceMilliseconds: options.timeSliceMilliseconds }
        : switches.stress("preempt") > 0
          ? { timeSliceMilliseconds: 1 }
          : {}),
      ...(options.message === undefined ? {} : { message: options.message }),
    });
    const end = async (): Promise<number> => {
      try {
        return await Promise.race([machine.exited(), failed]);
      } finally {
        await machine.close();
        if (vmLog !== undefined && log !== undefined) {
          log.alone();
          logEnd(log, heap);
          closeLog(vmLog.plan);
        }
      }
    };
    const heap = new Heap(machine.mem.memory, module);
    const ended = end();
    // Who does not ask is not to be ended by it.
    ended.catch(() => {});
    return new VirtualMachine(machine.mem, heap, ended);
  }

  /**
   * Settles when the VM has ended and its Workers are gone: with the exit code (0 to 255), or rejects with what made the VM itself fail.
   * All that the guest has posted was delivered by then.
   */
  exited(): Promise<number> {
    return this.#ended;
  }

  /** Sends a text to the guest: see `GuestVm.nextMessage`. Throws when the guest has left no non-moving memory for it. */
  send(text: string): void {
    sendMessage(this.heap, text);
  }

  /** Ends the VM from outside, as if the guest had exited with the code; nothing happens if it has ended already. */
  stop(code = 0): void {
    exitVm(this.mem, code);
  }

  /** Stops the VM if it still runs, and waits until its Workers are gone. Does not reject. */
  async close(): Promise<void> {
    this.stop();
    await this.#ended.catch(() => {});
  }
}
