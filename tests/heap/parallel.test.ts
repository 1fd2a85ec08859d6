/** Several collectors: every scenario, and random graphs, with helpers that take part in each collection. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { defineType } from "#heap";
import { HEAP_SHARED } from "../../src/heap/words.ts";
import { Helpers } from "./helpers.ts";
import { Random } from "./random.ts";
import { Scenario } from "./scenario.ts";
import { collectingPlans, FIRST, LENGTH, MEGABYTE, NUMBER, World } from "./world.ts";

const MOST = 4;
const folder = new URL("./scenarios/", import.meta.url);
const helpers = new Helpers(MOST - 1);

/** Makes, changes and drops graphs of nodes and arrays, and knows by their numbers what they must look like. */
class Graphs {
  readonly world: World;
  readonly #random: Random;
  readonly #node: number;
  readonly #refs: number;
  readonly #roots: number[] = [];
  #count = 0;

  constructor(world: World, seed: number) {
    this.world = world;
    this.#random = new Random(seed);
    this.#node = world.fixed("node", 3);
    this.#refs = defineType(world.heap, { kind: "refs", name: "refs", first: FIRST, lengthOffset: LENGTH });
    for (let i = 0; i < 12; i++) this.#roots.push(world.roots.add(0));
  }

  /** Puts a new graph of about so many objects in the place of another, with references into those that are there. */
  grow(objects: number): void {
    const { world } = this;
    const random = this.#random;
    const root = this.#roots[random.below(this.#roots.length)]!;
    const length = random.below(3) === 0 ? objects : 1 + random.below(50);
    world.roots.set(root, world.make(this.#refs, FIRST + 4 * length, ++this.#count, length));
    for (let i = 0; i < objects; i++) {
      const node = world.make(this.#node, 24, ++this.#count);
      const array = world.roots.get(root);
      const slot = array + FIRST + 4 * random.below(length);
      world.setRef(node + 8, world.word(slot));
      world.setRef(node + 12, world.word(array + FIRST + 4 * random.below(length)));
      world.setRef(node + 16, world.roots.get(this.#roots[random.below(this.#roots.length)]!));
      world.setRef(slot, node);
    }
  }

  /** The numbers of all objects in the order in which a walk from the roots meets them, folded into one. */
  sum(): number {
    const { world } = this;
    const met = new Map<number, number>();
    const queue: number[] = [];
    let sum = 0;
    const meet = (object: number): void => {
      if (object !== 0 && !met.has(object)) {
        met.set(object, met.size);
        queue.push(object);
      }
      sum = (Math.imul(sum, 31) + (object === 0 ? -1 : met.get(object)!)) | 0;
    };
    for (const root of this.#roots) meet(world.roots.get(root));
    for (let i = 0; i < queue.length; i++) {
      const object = queue[i]!;
      sum = (Math.imul(sum, 31) + world.word(object + NUMBER)) | 0;
      const isNode = world.word(object) === this.#node;
      const first = object + (isNode ? 8 : FIRST);
      const length = isNode ? 3 : world.word(object + LENGTH);
      for (let slot = first; slot < first + 4 * length; slot += 4) meet(world.word(slot));
    }
    return sum;
  }
}

for (const plan of collectingPlans) {
  test(`random graphs keep their shape with ${MOST} collectors (${plan})`, () => {
    const world = new World({
      plan,
      heapBytes: 32 * MEGABYTE,
      triggerBytes: 2 * MEGABYTE,
      collectors: MOST,
      parallelBytes: 0,
    });
    const graphs = new Graphs(world, 5);
    helpers.with(world.heap, MOST - 1, () => {
      for (let round = 0; round < 12; round++) {
        graphs.grow(round % 4 === 0 ? 20_000 : 3000);
        const sum = graphs.sum();
        world.collect(round % 5 === 0);
        assert.equal(graphs.sum(), sum, `round ${round}`);
      }
    });
    assert.ok(world.word(HEAP_SHARED) > 0, "nothing was shared");
  });

  test(`several collectors without memory for what is gray lose nothing (${plan})`, () => {
    const world = new World({ plan, heapBytes: 16 * MEGABYTE, collectors: MOST, parallelBytes: 0, check: false });
    const graphs = new Graphs(world, 6);
    graphs.grow(60_000);
    const sum = graphs.sum();
    world.heap.verify();
    helpers.with(world.heap, MOST - 1, () => {
      for (let bytes = MEGABYTE; bytes >= 8; bytes >>= 1) while (world.heap.tryMalloc(bytes) !== 0);
      for (let round = 0; round < 3; round++) {
        world.collect();
        assert.equal(graphs.sum(), sum);
      }
    });
    world.heap.verify();
  });

  for (const collectors of [2, MOST]) {
    test(`the scenarios with ${collectors} collectors (${plan})`, () => {
      for (const file of readdirSync(folder).filter((name) => name.endsWith(".heap"))) {
        const deep = file.startsWith("deep");
        const text = readFileSync(new URL(file, folder), "utf8");
        for (const stress of deep ? [0] : [0, 3]) {
          const scenario = new Scenario({
            plan,
            heapBytes: (deep ? 64 : 8) * MEGABYTE,
            stress,
            collectors,
            parallelBytes: 0,
          });
          helpers.with(scenario.world.heap, collectors - 1, () => scenario.run(text, file));
        }
      }
      assert.ok(true);
    });
  }
}
