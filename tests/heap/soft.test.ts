/** Soft references age: kept for a time after their last use that grows with free memory; all are cleared before memory runs out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineType } from "#heap";
import { REFERENCE_SOFT } from "#layout";
import { collectingPlans, FIRST, LENGTH, MEGABYTE, World } from "./world.ts";

const REFERENT = 8;
const STAMP = 24;

for (const plan of collectingPlans)
  test(`soft references live by their last use and the free memory (${plan})`, () => {
    const world = new World({ plan, heapBytes: 16 * MEGABYTE, triggerBytes: MEGABYTE });
    const clock = world.heap.malloc(8);
    const facts = { kind: "reference", size: 32, strength: REFERENCE_SOFT, link: 12, active: 16, refs: [16] } as const;
    const stamped = defineType(world.heap, { ...facts, referent: REFERENT, stamp: STAMP });
    const plain = defineType(world.heap, { ...facts, referent: REFERENT });
    const leaf = world.fixed("leaf", 0);
    const make = (type: number): number => {
      const root = world.roots.add(world.make(type, 32));
      const referent = world.make(leaf, 8);
      world.setWord(world.roots.get(root) + REFERENT, referent);
      world.heap.i64[(world.roots.get(root) + STAMP) >>> 3] = world.heap.i64[clock >>> 3]!;
      return root;
    };
    const isKept = (root: number): boolean => world.word(world.roots.get(root) + REFERENT) !== 0;
    world.heap.setSoftClock(clock, 1000);
    const set = world.heap.i64[clock >>> 3]!;
    assert.ok(set > 0n);
    const [old, young, without] = [make(stamped), make(stamped), make(plain)];
    const { max } = world.heap.statistics();
    const seconds = Math.floor(max / MEGABYTE);
    const use = (root: number, secondsAgo: number): void => {
      world.heap.i64[(world.roots.get(root) + STAMP) >>> 3] =
        world.heap.i64[clock >>> 3]! - BigInt(Math.round(secondsAgo * 1000));
    };
    use(old, seconds - 1);
    use(young, 0);
    world.collect();
    assert.deepEqual([old, young, without].map(isKept), [true, true, true]);
    use(old, seconds + 1);
    use(without, 1000);
    world.collect();
    assert.deepEqual([old, young, without].map(isKept), [false, true, true]);
    // With less free memory the time is shorter: by a second for each MiB that lives.
    const bytes = defineType(world.heap, { kind: "data", first: FIRST, elementBytes: 1, lengthOffset: LENGTH });
    const half = world.roots.add(world.make(bytes, FIRST + max / 2, 0, max / 2));
    world.collect();
    assert.ok(isKept(young));
    use(young, 0.75 * seconds);
    world.collect();
    assert.ok(!isKept(young));
    world.roots.set(half, 0);
    world.heap.setSoftClock(clock, 0);
    const zero = make(stamped);
    world.collect();
    assert.ok(isKept(zero), "used since the last collection");
    use(zero, 0.001);
    world.collect();
    assert.ok(!isKept(zero));
  });
