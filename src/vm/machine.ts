/**
 * A virtual machine as its host thread sees it: the shared memory, the Workers, and how it ends. The host thread never runs guest code
 * and never blocks.
 */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { type ResourceLimits, Worker } from "node:worker_threads";
import { Heap, type HeapOptions } from "#heap";
import {
  CARRIER_BUSY,
  CARRIER_LOAD,
  CARRIER_PREEMPT,
  CARRIER_REF_WORDS,
  CARRIER_REFS,
  CARRIER_STATE,
  CARRIER_THREAD,
  COMPILER_ENDS,
  COMPILER_IDLE,
  COMPILER_NONE,
  CONTROL_CARRIER_COUNT,
  CONTROL_COMPILER,
  CONTROL_EXIT,
  CONTROL_WEAK_ORDER,
  MAX_CARRIERS,
  PAGE_BYTES,
  POLL_PREEMPT,
  ROOTS_NEXT,
  ROOTS_USED,
  STATE_RUNNING,
  STATE_SAFE,
  THREAD_FLAGS,
} from "#layout";
import { Memory } from "#memory";
import { Bug } from "#support";
import { batchToCompile, carrierRecord, FLAG_ASKED, newThreads, requestPoll } from "#threads";

export interface MachineOptions {
  /** Module of the VM thread and of each carrier; a Worker's data is { memory, heapModule, number, guest }. */
  readonly vmThread: URL;
  readonly carrier: URL;
  /** Module of a Worker that helps in collections: helper-worker.ts. Without it whoever runs one does it alone. */
  readonly helper?: URL;
  /** Module of a Worker that compiles what has become hot: compile-worker.ts. Without it the VM thread does. */
  readonly compiler?: URL;
  readonly carriers: number;
  /** So many there may be when it turns out that threads crowd on some of them; default: no more. */
  readonly mostCarriers?: number;
  /** build/heap.wasm. */
  readonly heapModule: WebAssembly.Module;
  readonly memoryBytes: number;
  readonly heap: HeapOptions;
  /** For the guest's Workers; structured-clone data. */
  readonly guest: unknown;
  /** A Worker failed: a bug of ours. The VM is of no use any more, and will not exit by itself. */
  readonly failed: (error: unknown) => void;
  /** A Worker posted a message. */
  readonly message?: (data: unknown) => void;
  /** What CONTROL_WEAK_ORDER says; default: what is known of the machine. */
  readonly weakOrder?: boolean;
  /** A thread may run so long while others wait for its carrier. Default 10. */
  readonly timeSliceMilliseconds?: number;
}

export interface WorkerData<G> {
  readonly memory: WebAssembly.Memory;
  readonly heapModule: WebAssembly.Module;
  readonly number: number;
  readonly guest: G;
}

/** Turns V8's compile cache on before it loads a Worker's module. */
const START = new URL("../../bin/start.mjs", import.meta.url);
/**
 * WebAssembly stack of a guest thread, in KiB; reserved, and committed by use. The guest's own limit counts frames on its shadow stack and
 * has to be met first: with a limit of 1 MiB and the smallest frames, 8 bytes, there is room for 4 KiB of V8's frame each.
 */
const WASM_STACK_KIB = 512 * 1024;
/** Of a carrier's own stack, in MiB: more than its guest threads' stacks, which V8 bounds by it. */
const CARRIER_STACK_MIB = 528;
/** Machines on which all processors see the stores of one, of 64 bits too, whole and in the order in which it made them. */
const TOTAL_STORE_ORDER: ReadonlySet<string> = new Set(["x64"]);
/** Default of {@link MachineOptions.timeSliceMilliseconds}. */
const TIME_SLICE_MILLISECONDS = 10;
/** When more than so many threads of a carrier are to run, slices are short, so that each of them gets one soon. */
const MANY_THREADS = 4;
const SHORT_SLICE_MILLISECONDS = 2;
/** After so many ticks on which threads waited for a carrier, or had not begun, while a processor had nothing to do, there will be another carrier. */
const CROWDED_TICKS = 5;

export class Machine {
  readonly mem: Memory;
  readonly #options: MachineOptions;
  readonly #heap: Heap;
  readonly #workers: Worker[] = [];
  #helpers = 0;
  #hasCompiler = false;
  #ticks: NodeJS.Timeout | undefined;
  #crowdedTicks = 0;
  readonly #processors = availableParallelism();
  #closed = false;

  constructor(options: MachineOptions) {
    setFlagsFromString(`--stack-size=${WASM_STACK_KIB - 512}`);
    setFlagsFromString(`--wasm-stack-switching-stack-size=${WASM_STACK_KIB}`);
    const pages = options.memoryBytes / PAGE_BYTES;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const mem = new Memory(memory);
    this.mem = mem;
    this.#heap = new Heap(memory, options.heapModule);
    this.#heap.init(options.heap);
    mem.setWord(CONTROL_WEAK_ORDER, (options.weakOrder ?? !TOTAL_STORE_ORDER.has(process.arch)) ? 1 : 0);
    mem.atomicStore(CONTROL_COMPILER, options.compiler === undefined ? COMPILER_NONE : COMPILER_IDLE);
    const count = options.carriers + 1;
    for (let number = 0; number < count; number++) this.#initRecord(number);
    mem.atomicStore(CONTROL_CARRIER_COUNT, count);
    this.#options = options;
    this.#start("the VM thread", options.vmThread, 0, {});
    for (let number = 1; number < count; number++) this.#startCarrier(number);
    this.#tickAfter(options.timeSliceMilliseconds ?? TIME_SLICE_MILLISECONDS);
  }

  #tickAfter(milliseconds: number): void {
    this.#ticks = setTimeout(() => this.#tick(), milliseconds);
    this.#ticks.unref();
  }

  #initRecord(number: number): void {
    const { mem } = this;
    const record = carrierRecord(number);
    mem.setWord(record + CARRIER_STATE, STATE_SAFE);
    mem.setWord(record + CARRIER_REFS + ROOTS_NEXT, 0);
    mem.setWord(record + CARRIER_REFS + ROOTS_USED, CARRIER_REF_WORDS);
  }

  #startCarrier(number: number): void {
    this.#start(`carrier ${number}`, this.#options.carrier, number, { stackSizeMb: CARRIER_STACK_MIB });
  }

  /**
   * Another carrier, if there may be one. Its record is SAFE, so a world that is being stopped need not know of it: it will find the stopper
   * when it leaves that state, and catch up with the code.
   */
  #addCarrier(): void {
    const { mem } = this;
    const number = mem.atomicLoad(CONTROL_CARRIER_COUNT);
    if (number > (this.#options.mostCarriers ?? 0) || number >= MAX_CARRIERS) return;
    this.#initRecord(number);
    // Until it is there, which takes long on a busy machine, threads begin on the others.
    mem.setWord(carrierRecord(number) + CARRIER_BUSY, 1);
    mem.atomicStore(CONTROL_CARRIER_COUNT, number + 1);
    this.#startCarrier(number);
  }

  #start(name: string, module: URL, number: number, resourceLimits: ResourceLimits): void {
    const { heapModule, guest, failed: fail, message } = this.#options;
    const workerData: WorkerData<unknown> = { memory: this.mem.memory, heapModule, number, guest };
    const worker = new Worker(START, { argv: [fileURLToPath(module)], workerData, resourceLimits });
    let failed = false;
    worker.on("error", (error) => {
      failed = true;
      fail(error);
    });
    if (message !== undefined) worker.on("message", message);
    worker.on("exit", (code) => {
      if (failed || this.#closed || this.mem.atomicLoad(CONTROL_EXIT) !== 0) return;
      fail(new Bug(`${name} ended with code ${code}, but the VM has not exited`));
    });
    this.#workers.push(worker);
  }

  /** Makes the helpers that collections want by now, and the compiler when there is something for it. */
  #startHelpers(): void {
    const { helper, compiler } = this.#options;
    if (!this.#hasCompiler && compiler !== undefined && batchToCompile(this.mem)) {
      this.#hasCompiler = true;
      this.#start("the compiler", compiler, 0, {});
    }
    if (helper === undefined) return;
    while (this.#helpers < this.#heap.helpersWanted) this.#start(`collector ${++this.#helpers}`, helper, 0, {});
  }

  /** Settles when the VM exits, with the exit code. */
  async exited(): Promise<number> {
    const index = CONTROL_EXIT >>> 2;
    for (;;) {
      const code = Atomics.load(this.mem.i32, index);
      if (code !== 0) return code & 0xff;
      await Atomics.waitAsync(this.mem.i32, index, 0).value;
    }
  }

  /** Ends the Workers; to be called after the VM exited or failed. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#ticks);
    this.#heap.endHelpers();
    this.mem.atomicStore(CONTROL_COMPILER, COMPILER_ENDS);
    this.mem.notify(CONTROL_COMPILER);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** Whether the guest wants something of the thread that runs there: a loop without calls finds out at a poll only. */
  #isAsked(record: number): boolean {
    const thread = this.mem.atomicLoad(record + CARRIER_THREAD);
    return thread !== 0 && (this.mem.atomicLoad(thread + THREAD_FLAGS) & FLAG_ASKED) !== 0;
  }

  /** Ends the time slices of threads on carriers that have others, or could have. A carrier that is SAFE sees it when it leaves that state. */
  #tick(): void {
    const { mem } = this;
    const waiting = newThreads(mem);
    let running = false;
    let busyCarriers = 0;
    let most = 0;
    const count = mem.atomicLoad(CONTROL_CARRIER_COUNT);
    for (let number = 1; number < count; number++) {
      const record = carrierRecord(number);
      const busy = mem.atomicLoad(record + CARRIER_BUSY);
      if (busy > 0) busyCarriers++;
      most = Math.max(most, busy);
      if (waiting === 0 && mem.atomicLoad(record + CARRIER_LOAD) < 2 && !this.#isAsked(record)) continue;
      mem.atomicStore(record + CARRIER_PREEMPT, 1);
      if (mem.atomicLoad(record + CARRIER_STATE) === STATE_RUNNING) running = true;
    }
    if (running) requestPoll(mem, POLL_PREEMPT);
    // When all processors have work, another carrier would only take from the others, and give it to few threads.
    if (busyCarriers < this.#processors && (most > 1 || waiting > 0)) this.#crowdedTicks++;
    if (this.#crowdedTicks >= CROWDED_TICKS) {
      this.#crowdedTicks = 0;
      this.#addCarrier();
    }
    this.#startHelpers();
    const slice = this.#options.timeSliceMilliseconds ?? TIME_SLICE_MILLISECONDS;
    this.#tickAfter(most + waiting > MANY_THREADS ? Math.min(slice, SHORT_SLICE_MILLISECONDS) : slice);
  }
}
