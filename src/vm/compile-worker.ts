/** A Worker that compiles what has become hot, and does nothing else. It needs no guest. */
import { workerData } from "node:worker_threads";
import { Memory } from "#memory";
import { compileBatches } from "#threads";
import type { WorkerData } from "./machine.ts";

compileBatches(new Memory((workerData as WorkerData<unknown>).memory));
