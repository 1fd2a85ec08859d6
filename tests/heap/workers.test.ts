/** Several Workers on one memory: malloc and allocation buffers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import type { WorkerTask } from "./worker.ts";
import { collectors, MEGABYTE, planNames, World } from "./world.ts";

function start(world: World, task: Partial<WorkerTask> & { readonly seed: number }): Promise<number> {
  const workerData: WorkerTask = {
    memory: world.heap.memory,
    module: collectors(),
    steps: 20_000,
    carrier: 0,
    type: 0,
    ...task,
  };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

test("malloc: four Workers never get the same memory, and all of it comes back", async () => {
  const world = new World({ fixedBytes: 16 * MEGABYTE, heapBytes: MEGABYTE, check: false });
  const before = world.heap.statistics();
  await Promise.all([1, 2, 3, 4].map((seed) => start(world, { seed })));
  const after = world.heap.statistics();
  assert.equal(after.mallocBytes, before.mallocBytes);
  assert.equal(after.mallocBlocks, before.mallocBlocks);
});

for (const plan of planNames)
  test(`allocation buffers: four carriers fill the heap with objects that are all there, once (${plan})`, async () => {
    const world = new World({ plan, heapBytes: 8 * MEGABYTE });
    const type = world.fixed("own", 1);
    const counts = await Promise.all(
      [1, 2, 3, 4].map((seed) => start(world, { seed, carrier: world.addCarrier(), type })),
    );
    world.heap.verify();
    const total = counts.reduce((sum, count) => sum + count, 0);
    const { used } = world.heap.statistics();
    assert.ok(total * 16 > used - 4 * 8192 * 32 && total * 16 <= used, `${total} objects in ${used} bytes`);
  });
