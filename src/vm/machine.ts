/**
 * A virtual machine as its host thread sees it: the shared memory, the Workers, and how it ends. The host thread never runs guest code
 * and never blocks.
 */
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { Heap, type HeapOptions } from "#heap";
import {
  CARRIER_REF_WORDS,
  CARRIER_REFS,
  CARRIER_STATE,
  CONTROL_CARRIER_COUNT,
  CONTROL_EXIT,
  CONTROL_LIVE_THREADS,
  CONTROL_POLL,
  PAGE_BYTES,
  POLL_PREEMPT,
  ROOTS_NEXT,
  ROOTS_USED,
  STATE_SAFE,
} from "#layout";
import { Memory } from "#memory";
import { carrierRecord, requestPoll } from "#threads";

export interface MachineOptions {
  /** Module of the VM thread and of each carrier; a Worker's data is { memory, heapModule, number, guest }. */
  readonly vmThread: URL;
  readonly carrier: URL;
  readonly carriers: number;
  /** build/heap.wasm. */
  readonly heapModule: WebAssembly.Module;
  readonly memoryBytes: number;
  readonly heap: HeapOptions;
  /** For the guest's Workers; structured-clone data. */
  readonly guest: unknown;
  /** A Worker failed: a bug of ours. */
  readonly failed: (error: unknown) => void;
}

export interface WorkerData<G> {
  readonly memory: WebAssembly.Memory;
  readonly heapModule: WebAssembly.Module;
  readonly number: number;
  readonly guest: G;
}

/** Turns V8's compile cache on before it loads a Worker's module. */
const START = new URL("../../bin/start.mjs", import.meta.url);
/** Stack of a guest thread on its carrier, in KiB. It is reserved, not committed; the guest's own limit comes first. */
const WASM_STACK_KIB = 65536;
/** Of a carrier's own stack, in MiB: more than the JSPI stacks, which V8 bounds by it. */
const CARRIER_STACK_MIB = 80;
/** A thread may run so long while others wait for its carrier. */
const TIME_SLICE_MILLISECONDS = 10;

export class Machine {
  readonly mem: Memory;
  readonly #workers: Worker[] = [];
  readonly #ticks: NodeJS.Timeout;

  constructor(options: MachineOptions) {
    setFlagsFromString(`--stack-size=${WASM_STACK_KIB - 512}`);
    setFlagsFromString(`--wasm-stack-switching-stack-size=${WASM_STACK_KIB}`);
    const pages = options.memoryBytes / PAGE_BYTES;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const mem = new Memory(memory);
    this.mem = mem;
    new Heap(memory, options.heapModule).init(options.heap);
    const count = options.carriers + 1;
    for (let number = 0; number < count; number++) {
      const record = carrierRecord(number);
      mem.setWord(record + CARRIER_STATE, STATE_SAFE);
      mem.setWord(record + CARRIER_REFS + ROOTS_NEXT, 0);
      mem.setWord(record + CARRIER_REFS + ROOTS_USED, CARRIER_REF_WORDS);
    }
    mem.atomicStore(CONTROL_CARRIER_COUNT, count);
    for (let number = 0; number < count; number++) {
      const workerData: WorkerData<unknown> = {
        memory,
        heapModule: options.heapModule,
        number,
        guest: options.guest,
      };
      const worker = new Worker(START, {
        argv: [fileURLToPath(number === 0 ? options.vmThread : options.carrier)],
        workerData,
        ...(number === 0 ? {} : { resourceLimits: { stackSizeMb: CARRIER_STACK_MIB } }),
      });
      worker.on("error", (error) => options.failed(error));
      this.#workers.push(worker);
    }
    this.#ticks = setInterval(() => this.#tick(), TIME_SLICE_MILLISECONDS);
    this.#ticks.unref();
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

  /** Ends the Workers; to be called after the VM exited. */
  async close(): Promise<void> {
    clearInterval(this.#ticks);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #tick(): void {
    if (this.mem.atomicLoad(CONTROL_LIVE_THREADS) > 1 && this.mem.atomicLoad(CONTROL_POLL) === 0) {
      requestPoll(this.mem, POLL_PREEMPT);
    }
  }
}
