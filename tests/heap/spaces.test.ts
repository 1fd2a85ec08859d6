/** Spaces that free memory where it lies: holes are found again, large objects keep their place, marking never runs out of memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineType, histogram, objects, PLANS, spaces } from "#heap";
import { BLOCK_BYTES } from "../../src/heap/words.ts";
import { Random } from "./random.ts";
import { collectingPlans, FIRST, hasAges, LENGTH, MEGABYTE, NUMBER, World } from "./world.ts";

/** Plans that mark. */
const markingPlans = PLANS.filter((plan) => plan.collects && plan.name !== "semispace").map((plan) => plan.name);
/** Plans whose objects stay where they are. */
const stillPlans = PLANS.filter((plan) => plan.collects && !plan.moves).map((plan) => plan.name);

function bytesType(world: World): number {
  const facts = { kind: "data", first: FIRST, elementBytes: 1, lengthOffset: LENGTH, name: "bytes" } as const;
  return defineType(world.heap, facts);
}

function refsType(world: World): number {
  return defineType(world.heap, { kind: "refs", first: FIRST, lengthOffset: LENGTH, name: "refs" });
}

for (const plan of stillPlans) {
  test(`objects keep their addresses, and what dies between them is used again (${plan})`, () => {
    const world = new World({ plan, heapBytes: MEGABYTE, triggerBytes: MEGABYTE });
    const bytes = bytesType(world);
    const random = new Random(5);
    const held: { root: number; address: number; length: number }[] = [];
    // A third of memory that lives, in objects of all sizes, each followed by one that dies.
    for (let sum = 0, i = 0; sum < MEGABYTE / 3; i++) {
      const length = 8 + (random.below(8) === 0 ? random.below(3000) : random.below(100));
      const size = (FIRST + length + 7) & ~7;
      const address = world.make(bytes, size, i, length);
      held.push({ root: world.roots.add(address), address, length });
      world.make(bytes, size, 0, length);
      sum += size;
    }
    world.collect();
    for (const { root, address } of held) assert.equal(world.roots.get(root), address);
    const count = [...objects(world.heap)].length;
    assert.equal(count, held.length);
    const { live } = world.heap.statistics();
    assert.equal(
      live,
      histogram(world.heap).reduce((sum, line) => sum + line.bytes, 0),
    );
    // Ten times as much as memory holds goes through the holes.
    for (let i = 0; i < (10 * MEGABYTE) / 64; i++) assert.notEqual(world.make(bytes, 64, 7, 48), 0);
    for (const [i, { root, address, length }] of held.entries()) {
      assert.equal(world.roots.get(root), address);
      assert.equal(world.word(address + NUMBER), i);
      assert.equal(world.word(address + LENGTH), length);
    }
  });

  test(`freed memory is poisoned (${plan})`, () => {
    const world = new World({ plan });
    const pair = world.fixed("pair", 2);
    world.roots.add(world.make(pair, 16, 1));
    const small = world.make(pair, 16, 2);
    world.roots.add(world.make(pair, 16, 3));
    const large = world.make(bytesType(world), FIRST + MEGABYTE, 4, MEGABYTE);
    world.collect();
    assert.equal(world.word(small + 12), 0xdbdbdbdb);
    assert.equal(world.word(large + 800_000), 0xdbdbdbdb);
  });
}

for (const plan of markingPlans) {
  test(`all of memory can be filled again after most of it has died (${plan})`, () => {
    const world = new World({ plan, heapBytes: MEGABYTE, check: false });
    const link = world.fixed("link", 1);
    const head = world.roots.add(0);
    const fill = (): number => {
      for (let count = 0; ; count++) {
        const object = world.make(link, 16, count);
        if (object === 0) return count;
        world.setRef(object + 8, world.roots.get(head));
        world.roots.set(head, object);
      }
    };
    const first = fill();
    // Every second one goes.
    for (let object = world.roots.get(head); object !== 0; object = world.word(object + 8)) {
      const next = world.word(object + 8);
      world.setRef(object + 8, next === 0 ? 0 : world.word(next + 8));
    }
    // To move objects together there must be room: immix gets some of it back only.
    const second = fill();
    if (plan === "marksweep") assert.equal(second, first >>> 1);
    assert.ok(second > (hasAges(plan) ? 0.2 : 0.4) * first, `${second} of ${first}`);
    world.roots.set(head, 0);
    const third = fill();
    assert.ok(third >= 0.98 * first, `${third} of ${first}`);
  });
}

for (const plan of collectingPlans) {
  test(`there may be no memory for gray objects: a wide graph is kept whole (${plan})`, () => {
    const world = new World({ plan, heapBytes: 8 * MEGABYTE, check: false });
    // Many times what the stack of a collector holds; half of it is a large object.
    const width = 70_000;
    const link = world.fixed("link", 1);
    const root = world.roots.add(world.make(refsType(world), FIRST + 4 * width, 0, width));
    for (let i = 0; i < width; i++) {
      const leaf = world.make(link, 16, i);
      world.setRef(world.roots.get(root) + FIRST + 4 * i, leaf);
      const next = world.make(link, 16, width + i);
      world.setRef(world.word(world.roots.get(root) + FIRST + 4 * i) + 8, next);
    }
    world.heap.verify();
    for (let bytes = MEGABYTE; bytes >= 8; bytes >>= 1) while (world.heap.tryMalloc(bytes) !== 0);
    world.collect();
    world.collect();
    world.heap.verify();
    assert.deepEqual(
      histogram(world.heap).map(({ name, count }) => [name, count]),
      [
        ["link", 2 * width],
        ["refs", 1],
      ],
    );
    for (let i = 0; i < width; i++) {
      const leaf = world.word(world.roots.get(root) + FIRST + 4 * i);
      assert.equal(world.word(leaf + NUMBER), i);
      assert.equal(world.word(world.word(leaf + 8) + NUMBER), width + i);
    }
  });

  test(`large objects do not move, hold others, and give their memory back (${plan})`, () => {
    const world = new World({ plan, heapBytes: 4 * MEGABYTE, triggerBytes: 4 * MEGABYTE });
    const pair = world.fixed("pair", 2);
    const refs = refsType(world);
    const length = 50_000;
    const large = world.make(refs, FIRST + 4 * length, 1, length);
    const root = world.roots.add(large);
    const small = world.make(pair, 16, 2);
    world.setRef(large + FIRST + 4 * (length - 1), small);
    // A cycle through it.
    world.setRef(small + 8, large);
    world.collect();
    assert.equal(world.roots.get(root), large);
    const held = world.word(large + FIRST + 4 * (length - 1));
    assert.equal(world.word(held + NUMBER), 2);
    assert.equal(world.word(held + 8), large);
    const before = world.heap.statistics().live;
    assert.ok(before >= FIRST + 4 * length + 16 && before < FIRST + 4 * length + 16 + BLOCK_BYTES);
    world.roots.set(root, 0);
    world.collect();
    assert.equal(world.heap.statistics().live, 0);
  });

  test(`large and small objects share one limit (${plan})`, () => {
    const world = new World({ plan, heapBytes: 4 * MEGABYTE, triggerBytes: 65536, check: false });
    const bytes = bytesType(world);
    const capacity = world.heap.statistics().max;
    const random = new Random(8);
    for (let round = 0; round < 3; round++) {
      const roots: number[] = [];
      let sum = 0;
      for (;;) {
        const length = (random.below(3) === 0 ? 200_000 : 1000) + random.below(1000);
        const object = world.make(bytes, (FIRST + length + 7) & ~7, roots.length, length);
        if (object === 0) break;
        world.heap.u8.fill(round + 1, object + FIRST, object + FIRST + length);
        roots.push(world.roots.add(object));
        sum += length;
      }
      // New objects have a part that no large one gets.
      assert.ok(sum > (hasAges(plan) ? 0.45 : 0.7) * capacity && sum <= capacity, `${sum} of ${capacity}`);
      for (const [i, root] of roots.entries()) {
        const object = world.roots.get(root);
        assert.equal(world.word(object + NUMBER), i);
        const view = world.heap.u8.subarray(object + FIRST, object + FIRST + world.word(object + LENGTH));
        assert.ok(view.every((byte) => byte === round + 1));
      }
      world.heap.verify();
      for (const root of roots) world.roots.remove(root);
    }
  });

  test(`large objects are zero where smaller ones lay (${plan})`, () => {
    const world = new World({ plan, heapBytes: 4 * MEGABYTE, triggerBytes: 4 * MEGABYTE });
    const bytes = bytesType(world);
    const random = new Random(9);
    for (let i = 0; i < 300; i++) {
      const length = random.below(3) === 0 ? 140_000 + random.below(500_000) : random.below(30_000);
      const object = world.allocate((FIRST + length + 7) & ~7);
      assert.notEqual(object, 0);
      const view = world.heap.u8.subarray(object, object + FIRST + length);
      assert.ok(
        view.every((byte) => byte === 0),
        `object ${i} of ${length} bytes`,
      );
      view.fill(0xee);
      world.setWord(object, bytes);
      world.setWord(object + LENGTH, length);
    }
  });

  test(`an interior reference holds a large object (${plan})`, () => {
    const world = new World({ plan, heapBytes: 4 * MEGABYTE });
    const refs = refsType(world);
    const handle = world.roots.add(world.make(refs, FIRST + 4 * 70_000, 5, 70_000));
    const object = world.roots.get(handle);
    const weak = world.weakRoots.add(object);
    const word = world.addInterior(object + FIRST + 4 * 69_999);
    world.roots.set(handle, 0);
    world.collect();
    assert.equal(world.weakRoots.get(weak), object);
    assert.equal(world.word(word), object + FIRST + 4 * 69_999);
  });
}

test("immix moves objects together when there is much between them, whatever refers to them", () => {
  const world = new World({ plan: "immix", heapBytes: 8 * MEGABYTE });
  const pair = world.fixed("pair", 2);
  const refs = refsType(world);
  const count = 40_000;
  const table = world.roots.add(world.make(refs, FIRST + 4 * count, 0, count));
  for (let i = 0; i < count; i++) {
    // Of ten objects one will live.
    const object = world.make(pair, 16, i);
    world.setRef(world.roots.get(table) + FIRST + 4 * i, i % 10 === 0 ? object : 0);
    if (i % 10 === 0 && i > 0) world.setRef(object + 8, world.word(world.roots.get(table) + FIRST + 4 * (i - 10)));
  }
  const element = (i: number): number => world.word(world.roots.get(table) + FIRST + 4 * i);
  const blocks = (): number => new Set([...objects(world.heap)].map((object) => Math.floor(object / BLOCK_BYTES))).size;
  world.collect();
  const before = blocks();
  const address = element(100);
  const weak = world.weakRoots.add(address);
  const interior = world.addInterior(address + 12);
  world.collect();
  assert.notEqual(element(100), address);
  assert.equal(world.weakRoots.get(weak), element(100));
  assert.equal(world.word(interior), element(100) + 12);
  assert.ok(blocks() < before / 2, `${blocks()} blocks after ${before}`);
  assert.ok(world.heap.statistics().copied >= (16 * count) / 10);
  for (let i = 10; i < count; i += 10) {
    assert.equal(world.word(element(i) + NUMBER), i);
    assert.equal(world.word(element(i) + 8), element(i - 10));
  }
});

test("immix without room to move marks in place, and loses nothing", () => {
  const world = new World({ plan: "immix", heapBytes: MEGABYTE, triggerBytes: 65536 });
  const bytes = bytesType(world);
  const random = new Random(21);
  const held: { root: number; number: number }[] = [];
  for (let number = 0; number < 20_000; number++) {
    const length = random.below(30) === 0 ? random.below(9000) : random.below(150);
    const object = world.make(bytes, (FIRST + length + 7) & ~7, number, length);
    if (object !== 0) {
      world.heap.u8.fill(number & 255, object + FIRST, object + FIRST + length);
      held.push({ root: world.roots.add(object), number });
    }
    // Full from time to time; then a half goes, at random.
    if (object !== 0 && random.below(1000) > 0) continue;
    for (let i = held.length - 1; i >= 0; i--) {
      const { root } = held[i]!;
      if (random.below(2) === 0) continue;
      world.roots.remove(root);
      held.splice(i, 1);
    }
  }
  for (const { root, number } of held) {
    const object = world.roots.get(root);
    assert.equal(world.word(object + NUMBER), number);
    const view = world.heap.u8.subarray(object + FIRST, object + FIRST + world.word(object + LENGTH));
    assert.ok(view.every((byte) => byte === (number & 255)));
  }
  assert.ok(world.heap.statistics().copied > 0);
});

for (const plan of collectingPlans) {
  test(`half of what can be filled lives, and is replaced at random (${plan})`, () => {
    const heapBytes = 16 * MEGABYTE;
    const world = new World({ plan, heapBytes, triggerBytes: MEGABYTE, check: false });
    const bytes = bytesType(world);
    const random = new Random(1);
    // 36 bytes on average, and a word in the array that holds them.
    const count = Math.floor((world.plan.usable * heapBytes) / 2 / 40);
    const all = world.roots.add(world.make(refsType(world), FIRST + 4 * count, 0, count));
    // Survivors then lie everywhere, in many sizes; a search that looks at all holes for each object would take minutes.
    for (let i = 0; i < 4 * count; i++) {
      const length = 8 + random.below(24);
      const object = world.make(bytes, (FIRST + length + 7) & ~7, i, length);
      assert.notEqual(object, 0, `no memory for object ${i}, with ${world.heap.statistics().live} bytes live`);
      world.setRef(world.roots.get(all) + FIRST + 4 * (i < count ? i : random.below(count)), object);
    }
    assert.deepEqual(world.heap.verify(), undefined);
  });
}

for (const plan of ["gencopy", "genms", "genimmix"]) {
  test(`survivors get the part of the young space that is asked for (${plan})`, () => {
    const survivors = (options: object): number | undefined => {
      const world = new World({ plan, heapBytes: 16 * MEGABYTE, youngBytes: 4 * MEGABYTE, ...options });
      return spaces(world.heap).find(({ name }) => name === "Survivor")?.capacity;
    };
    assert.equal(survivors({}), MEGABYTE / 2);
    assert.equal(survivors({ survivorRatio: 2 }), MEGABYTE);
    // Eden keeps a part, and a half one block.
    assert.equal(survivors({ survivorRatio: 1 }), Math.floor((4 * MEGABYTE) / 3 / BLOCK_BYTES) * BLOCK_BYTES);
    assert.equal(survivors({ survivorRatio: 2 ** 31 - 1 }), BLOCK_BYTES);
  });
}
