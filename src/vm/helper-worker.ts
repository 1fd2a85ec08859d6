/** A Worker that helps in the collections of any guest, and does nothing else. It needs no guest: what only a guest's tracer knows is left to the others. */
import { workerData } from "node:worker_threads";
import { Heap } from "#heap";
import type { WorkerData } from "./machine.ts";

const { memory, heapModule } = workerData as WorkerData<unknown>;
new Heap(memory, heapModule).help();
