/** A Worker that helps in the collections of one memory after the other: see helpers.ts. */
import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { Heap } from "#heap";

export interface HelperData {
  readonly port: MessagePort;
  /** Words: goes up with each memory that was sent; how many this Worker has left. */
  readonly words: Int32Array;
}

const { port, words } = workerData as HelperData;
for (let seen = 0; ; seen++) {
  Atomics.wait(words, 0, seen);
  const task = receiveMessageOnPort(port)?.message as { memory: WebAssembly.Memory; module: WebAssembly.Module };
  new Heap(task.memory, task.module).help();
  Atomics.add(words, 1, 1);
  Atomics.notify(words, 1);
}
