/** One Worker of workers.test.ts: works on the shared memory and reports how many steps went well, or throws. */
import { parentPort, workerData } from "node:worker_threads";
import { Heap } from "#heap";
import { Random } from "./random.ts";

export interface WorkerTask {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly seed: number;
  readonly steps: number;
  /** Carrier record, and type of 16-byte objects, for the allocation race; 0: the malloc race. */
  readonly carrier: number;
  readonly type: number;
}

const task = workerData as WorkerTask;
const heap = new Heap(task.memory, task.module);
parentPort?.postMessage(task.carrier === 0 ? mallocRace() : allocationRace());

/** Allocates and frees, and sees that nobody else writes into its blocks. */
function mallocRace(): number {
  const random = new Random(task.seed);
  const blocks: { address: number; bytes: number; mark: number }[] = [];
  const mark = task.seed;
  const drop = (index: number) => {
    const [block] = blocks.splice(index, 1);
    if (block === undefined) return;
    const view = heap.u8.subarray(block.address, block.address + block.bytes);
    if (view.some((byte) => byte !== block.mark)) throw new Error(`block at ${block.address} was changed by another`);
    heap.free(block.address);
  };
  for (let step = 0; step < task.steps; step++) {
    if (blocks.length > 200 || random.below(5) < 2) drop(random.below(blocks.length + 1));
    const bytes = random.below(10) === 0 ? random.below(20_000) : random.below(300);
    const address = heap.tryMalloc(bytes);
    if (address === 0) throw new Error("no memory");
    const view = heap.u8.subarray(address, address + bytes);
    if (view.some((byte) => byte !== 0)) throw new Error(`block at ${address} is not zero`);
    view.fill(mark);
    blocks.push({ address, bytes, mark });
  }
  while (blocks.length > 0) drop(0);
  return task.steps;
}

/** Allocates 16-byte objects that carry the seed until memory is full; returns how many. */
function allocationRace(): number {
  for (let count = 0; ; count++) {
    const object = heap.alloc(task.carrier, 16);
    if (object === 0) return count;
    if (heap.u32[object >>> 2] !== 0) throw new Error(`object at ${object} was given twice`);
    heap.u32[object >>> 2] = task.type;
    heap.u32[(object >>> 2) + 1] = task.seed;
  }
}
