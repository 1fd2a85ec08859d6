/** Workers that optimise and Workers that compile as V8 likes, at once: V8 aborts the process when its flags change in the middle of a compilation. */
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { prepareTiers } from "#threads";

test("one Worker optimises while others compile", { timeout: 60_000 }, async () => {
  prepareTiers();
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const done = new Int32Array(new SharedArrayBuffer(4));
  const ended = [true, false, false].map((optimizes) => {
    const worker = new Worker(new URL("./tiers-worker.ts", import.meta.url), {
      workerData: { memory, optimizes, done },
    });
    return new Promise<void>((resolve, reject) => worker.on("exit", () => resolve()).on("error", reject));
  });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  Atomics.store(done, 0, 1);
  await Promise.all(ended);
});
