/** The VM thread of any guest. */
import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { Heap } from "#heap";
import { Memory } from "#memory";
import { Switches } from "#support";
import { Mutator } from "#threads";
import { type GuestStart, loadGuest } from "./guest.ts";
import type { WorkerData } from "./machine.ts";
import { connectLog } from "./worker-log.ts";

const { memory, heapModule, guest: start } = workerData as WorkerData<GuestStart>;
const guest = await loadGuest(start.module);
const mem = new Memory(memory);
const mutator = new Mutator(mem, 0);
mutator.leaveSafe();
const heap = new Heap(memory, heapModule);
const post = (data: unknown): void => parentPort?.postMessage(data);
const log = connectLog(start.log, 0, heap, mutator);
guest.prepareHeap?.({ heap, number: 0, data: start.data, post });
const server = await guest.vmThread({
  mem,
  heap,
  mutator,
  data: start.data,
  switches: Switches.parse(start.switches, (line) => writeSync(2, `${line}\n`)),
  log,
  post,
});
server.run();
