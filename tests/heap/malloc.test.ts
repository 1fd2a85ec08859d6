/** malloc: contents, alignment, zeroing, joining, exhaustion, misuse. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "./random.ts";
import { MEGABYTE, World } from "./world.ts";

interface Block {
  readonly address: number;
  readonly bytes: number;
  readonly mark: number;
}

/** Sizes as they occur: type records, code bytes, tables, stacks. */
function someBytes(random: Random): number {
  const kind = random.below(100);
  if (kind < 60) return random.below(200);
  if (kind < 90) return 200 + random.below(3000);
  if (kind < 99) return random.below(100_000);
  return MEGABYTE;
}

test("torture: blocks are zero at first, keep their contents, do not overlap, and all memory comes back", () => {
  for (const check of [false, true]) {
    const world = new World({ fixedBytes: 32 * MEGABYTE, heapBytes: MEGABYTE, check });
    const { heap } = world;
    const random = new Random(7);
    const before = heap.statistics();
    const blocks: Block[] = [];
    let refused = 0;
    for (let step = 0; step < 60_000; step++) {
      if (blocks.length > 0 && random.below(100) < (blocks.length > 3000 ? 60 : 40)) {
        const [block] = blocks.splice(random.below(blocks.length), 1) as [Block];
        expectFilled(heap.u8, block);
        heap.free(block.address);
        continue;
      }
      const bytes = someBytes(random);
      const align = random.below(10) === 0 ? 8 << random.below(10) : 8;
      const address = heap.tryMalloc(bytes, align);
      if (address === 0) {
        refused++;
        for (const block of blocks.splice(0, blocks.length >> 1)) heap.free(block.address);
        continue;
      }
      assert.equal(address % align, 0);
      assert.equal(heap.mallocSize(address), bytes);
      assert.ok(heap.isFixed(address) && heap.isFixed(address + bytes - 1));
      const view = heap.u8.subarray(address, address + bytes);
      if (!isAll(view, 0)) assert.fail(`not zero: ${bytes} bytes at ${address}, step ${step}`);
      const mark = 1 + random.below(255);
      view.fill(mark);
      blocks.push({ address, bytes, mark });
    }
    for (const block of blocks) {
      expectFilled(heap.u8, block);
      heap.free(block.address);
    }
    const after = heap.statistics();
    assert.equal(after.mallocBytes, before.mallocBytes);
    assert.equal(after.mallocBlocks, before.mallocBlocks);
    assert.ok(refused > 0, "memory was never short: the test does not test that");
    // Everything is joined again: nearly all of it can be had at once.
    assert.notEqual(heap.tryMalloc(31 * MEGABYTE), 0);
  }
});

function expectFilled(memory: Uint8Array, { address, bytes, mark }: Block): void {
  if (!isAll(memory.subarray(address, address + bytes), mark)) assert.fail(`block at ${address} changed`);
}

/** Whether every byte of the view is that one; of a large view every 61st is looked at, and both ends. */
function isAll(view: Uint8Array, byte: number): boolean {
  const stride = view.length < 4096 ? 1 : 61;
  for (let i = 0; i < view.length; i += stride) if (view[i] !== byte) return false;
  return view.length === 0 || view.at(-1) === byte;
}

test("exhaustion gives 0, and giving something back helps", () => {
  const { heap } = new World({ fixedBytes: MEGABYTE, heapBytes: MEGABYTE });
  const blocks: number[] = [];
  for (let address = heap.tryMalloc(1000); address !== 0; address = heap.tryMalloc(1000)) blocks.push(address);
  assert.ok(blocks.length > 1000);
  assert.throws(() => heap.malloc(1000), /no non-moving memory for 1000 bytes/);
  assert.equal(heap.tryMalloc(0xffffffff), 0);
  assert.equal(heap.tryMalloc(2 ** 40), 0);
  assert.equal(heap.tryMalloc(-1), 0);
  heap.free(blocks.pop()!);
  assert.notEqual(heap.tryMalloc(1000), 0);
});

test("a block freed twice, or an address inside a block, traps", () => {
  const { heap } = new World();
  const a = heap.malloc(100);
  heap.malloc(100);
  heap.free(a);
  assert.throws(() => heap.free(a), WebAssembly.RuntimeError);
  const b = heap.malloc(100);
  assert.throws(() => heap.free(b + 4), WebAssembly.RuntimeError);
  heap.free(0);
});
