/** How the heap grows and shrinks: by what lives, by what collections cost, between its limits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineType } from "#heap";
import { HEAP_LOOKED, HEAP_LOOKED_COST, HEAP_MICROSECONDS, HEAP_STEP, HEAP_WANTS_MAJOR } from "../../src/heap/words.ts";
import { collectingPlans, FIRST, LENGTH, MEGABYTE, World, type WorldOptions } from "./world.ts";

/** A heap of 64 MiB that wants 1 MiB besides what lives. */
function sized(plan: string, options: WorldOptions = {}): World {
  return new World({ plan, heapBytes: 64 * MEGABYTE, triggerBytes: MEGABYTE, check: false, ...options });
}

/** A major collection for an allocation, as if collections had taken so many percent of the last ten seconds. */
function collectAt(world: World, percent: number): void {
  const now = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
  const { i64 } = world.heap;
  i64[HEAP_LOOKED >>> 3] = now - 10_000_000n;
  i64[HEAP_LOOKED_COST >>> 3] = i64[HEAP_MICROSECONDS >>> 3]!;
  i64[HEAP_MICROSECONDS >>> 3]! += BigInt(100_000 * percent);
  world.setWord(HEAP_WANTS_MAJOR, 1);
  world.setWord(world.heap.collectFor(world.carrier, 8), world.fixed("leaf", 0));
}

/** Makes so many bytes live, in objects of 100 KB; gives what lets them go. */
function live(world: World, bytes: number): () => void {
  const type = defineType(world.heap, { kind: "data", first: FIRST, elementBytes: 1, lengthOffset: LENGTH });
  const length = 100_000 - FIRST;
  const roots = Array.from({ length: Math.floor(bytes / 100_000) }, (_, i) =>
    world.roots.add(world.make(type, 100_000, i, length)),
  );
  // What the collections on the way have cost says something about this machine.
  world.setWord(HEAP_STEP, 1);
  return () => {
    for (const root of roots) world.roots.remove(root);
  };
}

const totalOf = (world: World): number => world.heap.statistics().total;

for (const plan of collectingPlans) {
  test(`the heap grows with what lives and shrinks when it dies (${plan})`, () => {
    const world = sized(plan);
    const drop = live(world, 10 * MEGABYTE);
    collectAt(world, 5);
    const { total, live: lives } = world.heap.statistics();
    assert.ok(lives >= 10_000_000 && total > 1.6 * lives && total < 2.5 * lives, `${total} for ${lives}`);
    drop();
    collectAt(world, 5);
    assert.ok(totalOf(world) <= 2 * MEGABYTE, `${totalOf(world)}`);
  });

  test(`the heap grows as long as collections are dear, and shrinks when they are cheap (${plan})`, () => {
    const world = sized(plan);
    const totals = [5, 10, 10, 10, 10, 5, 1, 1, 1, 1, 1, 30].map((percent) => {
      collectAt(world, percent);
      return totalOf(world) / MEGABYTE;
    });
    assert.deepEqual(totals, [1, 2, 3, 4, 4, 4, 3, 2, 1, 0.5, 0.5, 2]);
  });

  test(`collections that the guest asks for leave the size alone (${plan})`, () => {
    const world = sized(plan);
    for (let i = 0; i < 5; i++) world.collect();
    assert.equal(totalOf(world), MEGABYTE);
  });

  test(`the heap keeps its least size, its free share, and its greatest size (${plan})`, () => {
    const world = sized(plan, { minBytes: 5 * MEGABYTE, minFreePercent: 50, maxFreePercent: 50 });
    assert.equal(totalOf(world), 5 * MEGABYTE);
    for (let i = 0; i < 5; i++) collectAt(world, 0);
    assert.equal(totalOf(world), 5 * MEGABYTE);
    live(world, 20 * MEGABYTE);
    collectAt(world, 0);
    const { total, live: lives, max } = world.heap.statistics();
    assert.equal(total, Math.min(2 * lives + MEGABYTE / 2, max));
    for (let i = 0; i < 5; i++) collectAt(world, 50);
    assert.ok(totalOf(world) <= max);
    const absurd = sized(plan, { minBytes: 1 << 30 });
    assert.equal(totalOf(absurd), absurd.heap.statistics().max);
  });
}
