/** Workers that help in the collections of tests. They are made once for a file of tests, and sent from world to world. */
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { Heap } from "#heap";
import { CONTROL_EXIT } from "#layout";
import { HEAP_HELPERS } from "../../src/heap/words.ts";
import type { HelperData } from "./helper-worker.ts";
import { collectors } from "./world.ts";

export class Helpers {
  readonly #ports: MessagePort[] = [];
  readonly #words: Int32Array[] = [];

  constructor(count: number) {
    for (let i = 0; i < count; i++) {
      const { port1, port2 } = new MessageChannel();
      const words = new Int32Array(new SharedArrayBuffer(8));
      const workerData: HelperData = { port: port2, words };
      new Worker(new URL("./helper-worker.ts", import.meta.url), { workerData, transferList: [port2] }).unref();
      port1.unref();
      this.#ports.push(port1);
      this.#words.push(words);
    }
  }

  /** Runs `body` while the first `count` helpers serve the heap. */
  with(heap: Heap, count: number, body: () => void): void {
    for (let i = 0; i < count; i++) {
      this.#ports[i]!.postMessage({ memory: heap.memory, module: collectors() });
      Atomics.add(this.#words[i]!, 0, 1);
      Atomics.notify(this.#words[i]!, 0);
    }
    for (;;) {
      const joined = heap.atomicLoad(HEAP_HELPERS);
      if (joined === count) break;
      heap.wait(HEAP_HELPERS, joined, 1);
    }
    try {
      body();
    } finally {
      heap.atomicStore(CONTROL_EXIT, 0x100);
      heap.endHelpers();
      for (let i = 0; i < count; i++) {
        const words = this.#words[i]!;
        while (words[1] !== words[0]) Atomics.wait(words, 1, words[1]!, 1);
      }
      heap.atomicStore(CONTROL_EXIT, 0);
    }
  }
}
