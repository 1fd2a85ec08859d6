/** Allocation and collection under load: random graphs against a model, running out of memory, growth, stress, handles. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineType, HandleStack, histogram, planNamed } from "#heap";
import { Random } from "./random.ts";
import { collectingPlans, FIRST, hasAges, LENGTH, MEGABYTE, NUMBER, planNames, World } from "./world.ts";

/** An object of the model: its number, its references, and how it looks in memory. */
interface Model {
  readonly number: number;
  readonly base: number;
  readonly refs: (Model | null)[];
}

/** Compares everything reachable from a reference with the model; each object must be met as one object. */
function compare(world: World, root: number, model: Model): number {
  const seen = new Map<Model, number>();
  const work: [number, Model][] = [[root, model]];
  while (work.length > 0) {
    const [object, expected] = work.pop()!;
    const known = seen.get(expected);
    if (known !== undefined) {
      assert.equal(object, known, "one object has become two");
      continue;
    }
    seen.set(expected, object);
    assert.equal(world.word(object + NUMBER), expected.number);
    expected.refs.forEach((target, i) => {
      const ref = world.word(object + expected.base + 4 * i);
      if (target === null) assert.equal(ref, 0);
      else work.push([ref, target]);
    });
  }
  return seen.size;
}

for (const plan of planNames) {
  for (const stress of [0, 7]) {
    test(`random graphs stay what they are (${plan}${stress ? ", stress" : ""})`, () => {
      const world = new World({
        plan,
        stress,
        heapBytes: plan === "nogc" ? 64 * MEGABYTE : 2 * MEGABYTE,
        triggerBytes: 65536,
      });
      const random = new Random(42 + stress);
      const types = Array.from({ length: 6 }, (_, i) => world.fixed(`obj${i}`, i));
      const array = defineType(world.heap, { kind: "refs", first: FIRST, lengthOffset: LENGTH, name: "refs" });
      world.heap.addTracer(1, (heap, object, visit) => {
        for (let i = 0; i < heap.word(object + LENGTH); i++) visit(object + FIRST + 4 * i);
      });
      const elements = { bytes: 4, lengthOffset: LENGTH };
      const traced = defineType(world.heap, { kind: "custom", name: "traced", size: FIRST, tracer: 1, elements });
      const rootCount = 20;
      const roots = Array.from({ length: rootCount }, () => world.roots.add(0));
      const models: (Model | null)[] = roots.map(() => null);
      for (let step = 0; step < (stress ? 4000 : 40_000); step++) {
        const to = random.below(rootCount);
        const from = random.below(rootCount);
        const choice = random.below(10);
        const model = models[from];
        if (choice < 5) {
          const many = random.below(40) === 0;
          const length = many ? random.below(600) : random.below(6);
          const base = many ? FIRST : 8;
          const bytes = (base + 4 * length + 7) & ~7;
          const object = world.make(
            many ? (length & 1 ? array : traced) : types[length]!,
            bytes,
            step,
            many ? length : undefined,
          );
          const refs: (Model | null)[] = Array.from({ length }, () => null);
          for (let i = 0; i < Math.min(length, 4); i++) {
            const target = random.below(rootCount);
            refs[i] = models[target]!;
            world.setRef(object + base + 4 * i, world.roots.get(roots[target]!));
          }
          world.roots.set(roots[to]!, object);
          models[to] = { number: step, base, refs };
        } else if (choice < 7 && model) {
          if (model.refs.length === 0) continue;
          const i = random.below(model.refs.length);
          model.refs[i] = models[to]!;
          world.setRef(world.roots.get(roots[from]!) + model.base + 4 * i, world.roots.get(roots[to]!));
        } else if (choice < 9 && model) {
          if (model.refs.length === 0) continue;
          const i = random.below(model.refs.length);
          models[to] = model.refs[i]!;
          world.roots.set(roots[to]!, world.word(world.roots.get(roots[from]!) + model.base + 4 * i));
        } else if (choice === 9 && random.below(4) === 0) {
          models[to] = null;
          world.roots.set(roots[to]!, 0);
        }
        if (step % 1000 === 0) compareAll();
      }
      compareAll();
      if (world.plan.collects) assert.ok(world.heap.statistics().collections > 4);

      function compareAll(): void {
        models.forEach((expected, i) => {
          const ref = world.roots.get(roots[i]!);
          if (expected === null) assert.equal(ref, 0);
          else compare(world, ref, expected);
        });
      }
    });
  }
}

for (const plan of planNames) {
  test(`out of memory gives 0, and what was allocated is intact (${plan})`, () => {
    const world = new World({ plan, heapBytes: MEGABYTE, check: false, triggerBytes: 65536 });
    const type = world.fixed("link", 1);
    const head = world.roots.add(0);
    let count = 0;
    for (;;) {
      const object = world.make(type, 16, count);
      if (object === 0) break;
      world.setRef(object + 8, world.roots.get(head));
      world.roots.set(head, object);
      count++;
    }
    const { max } = world.heap.statistics();
    assert.ok(
      max > 0.9 * MEGABYTE * world.plan.usable && count * 16 > max * (hasAges(plan) ? 0.8 : 0.98),
      `${count} objects`,
    );
    let expected = count;
    for (let object = world.roots.get(head); object !== 0; object = world.word(object + 8)) {
      assert.equal(world.word(object + NUMBER), --expected);
    }
    assert.equal(expected, 0);
    if (!world.plan.collects) return;
    world.roots.set(head, 0);
    assert.notEqual(world.make(type, 16), 0, "memory that was given back can be used");
    assert.equal(world.allocate(2 * MEGABYTE), 0);
    assert.equal(world.allocate(0x7fffffff), 0);
    assert.equal(world.allocate(-8), 0);
  });
}

for (const plan of collectingPlans)
  test(`objects that only soft references hold go before memory runs out (${plan})`, () => {
    // About 1 MiB for objects: the second one does not fit beside the first.
    const usable = planNamed(plan)!.usable;
    const heapBytes = Math.ceil(MEGABYTE / usable / 65536) * 65536;
    const world = new World({ plan, heapBytes, triggerBytes: 65536 });
    const bytes = defineType(world.heap, { kind: "data", first: FIRST, elementBytes: 1, lengthOffset: LENGTH });
    const facts = { kind: "reference", size: 24, strength: 1, referent: 8, link: 12, active: 16, refs: [16] } as const;
    const soft = world.roots.add(world.make(defineType(world.heap, facts), 24));
    const data = world.make(bytes, FIRST + 600_000, 0, 600_000);
    world.setRef(world.roots.get(soft) + 8, data);
    world.collect();
    assert.notEqual(world.word(world.roots.get(soft) + 8), 0);
    assert.notEqual(world.make(bytes, FIRST + 600_000, 0, 600_000), 0);
    assert.equal(world.word(world.roots.get(soft) + 8), 0);
  });

for (const plan of collectingPlans) {
  test(`a small live set keeps to a small part of memory (${plan})`, () => {
    const world = new World({ plan, heapBytes: 64 * MEGABYTE, triggerBytes: MEGABYTE, check: false });
    const type = world.fixed("link", 1);
    for (let i = 0; i < 1_000_000; i++) world.make(type, 16, i);
    const { used, total, max, collections, allocated } = world.heap.statistics();
    assert.ok(used <= total && total >= MEGABYTE / 2 && total <= 4 * MEGABYTE, `${used} of ${total}`);
    const usable = 64 * MEGABYTE * world.plan.usable;
    assert.ok(max > 0.98 * usable && max <= usable, `${max} instead of ${usable}`);
    assert.ok(collections >= 4, `${collections} collections`);
    assert.ok(allocated >= 16_000_000 && allocated < 17_000_000, `${allocated} bytes allocated`);
  });

  test(`new memory is zero after collections, in buffers and outside (${plan})`, () => {
    const world = new World({ plan, heapBytes: MEGABYTE, triggerBytes: 65536 });
    const bytes = defineType(world.heap, { kind: "data", first: FIRST, elementBytes: 1, lengthOffset: LENGTH });
    const random = new Random(3);
    for (let i = 0; i < 5000; i++) {
      const length = random.below(20) === 0 ? random.below(20_000) : random.below(100);
      const size = (FIRST + length + 7) & ~7;
      const object = world.allocate(size);
      const view = world.heap.u8.subarray(object, object + size);
      if (view.some((byte) => byte !== 0)) assert.fail(`object ${i} of ${length} bytes is not zero`);
      view.fill(0xee);
      world.setWord(object, bytes);
      world.setWord(object + LENGTH, length);
    }
    assert.ok(world.heap.statistics().collections > 5);
  });
}

for (const plan of collectingPlans)
  test(`a handle stack grows and shrinks by marks over many blocks, and its handles follow their objects (${plan})`, () => {
    const world = new World({ plan });
    const type = world.fixed("number", 0);
    const handles = new HandleStack(world.heap, 4);
    const held: number[] = [];
    const marks: number[] = [];
    const random = new Random(11);
    for (let step = 0; step < 2000; step++) {
      const choice = random.below(10);
      if (choice < 6) held.push(handles.push(world.make(type, 8, held.length)));
      else if (choice < 8) marks.push(handles.mark());
      else if (marks.length > 0) {
        const mark = marks.pop()!;
        handles.release(mark);
        held.length = mark;
      }
      if (step % 50 === 0) world.collect();
      assert.equal(handles.mark(), held.length);
    }
    world.collect();
    for (const [i, handle] of held.entries()) assert.equal(world.word(handles.get(handle) + NUMBER), i);
    handles.release(0);
    world.collect();
    assert.equal(world.heap.statistics().live, 0);
    assert.throws(() => handles.release(1), /above the present/);
  });

test("a root table reuses its words", () => {
  const world = new World();
  const type = world.fixed("number", 0);
  const first = Array.from({ length: 500 }, (_, i) => world.roots.add(world.make(type, 8, i)));
  const blocks = world.heap.statistics().mallocBlocks;
  for (const handle of first) world.roots.remove(handle);
  assert.equal(world.roots.size, 0);
  world.collect();
  assert.equal(world.heap.statistics().live, 0);
  for (let i = 0; i < 500; i++) world.roots.add(world.make(type, 8, i));
  assert.equal(world.heap.statistics().mallocBlocks, blocks);
});

for (const plan of collectingPlans)
  test(`a histogram counts what is there, by type (${plan})`, () => {
    const world = new World({ plan });
    const pair = world.fixed("pair", 2);
    const bytes = defineType(world.heap, {
      kind: "data",
      first: FIRST,
      elementBytes: 1,
      lengthOffset: LENGTH,
      name: "bytes",
    });
    for (let i = 0; i < 10; i++) world.roots.add(world.make(pair, 16, i));
    world.roots.add(world.make(bytes, FIRST + 1001, 0, 1001));
    world.make(pair, 16);
    const expected = [{ name: "bytes", type: bytes, count: 1, bytes: 1024 }];
    assert.deepEqual(histogram(world.heap), [...expected, { name: "pair", type: pair, count: 11, bytes: 176 }]);
    world.collect();
    assert.deepEqual(histogram(world.heap), [...expected, { name: "pair", type: pair, count: 10, bytes: 160 }]);
  });

for (const plan of collectingPlans)
  test(`objects of all sizes live through collections, wherever they were allocated (${plan})`, () => {
    const world = new World({ plan, heapBytes: 16 * MEGABYTE, triggerBytes: 4 * MEGABYTE, check: false });
    const pair = world.fixed("pair", 2);
    const bytes = defineType(world.heap, { kind: "data", first: FIRST, elementBytes: 1, lengthOffset: LENGTH });
    const held: { root: number; length: number }[] = [];
    for (let round = 0; round < 12; round++) {
      // So many small ones that buffers are as large as they become.
      for (let i = 0; i < 60_000; i++) world.make(pair, 16, i);
      for (const length of [20, 2000, 30_000, 32_000, 33_000, 50_000, 120_000, 140_000]) {
        const object = world.make(bytes, (FIRST + length + 7) & ~7, round, length);
        assert.notEqual(object, 0);
        world.heap.u8.fill(round + 1, object + FIRST, object + FIRST + length);
        held.push({ root: world.roots.add(object), length });
        if (held.length > 30) world.roots.remove(held.shift()!.root);
      }
      if (round % 3 === 0) world.collect();
      world.heap.verify();
    }
    for (const { root, length } of held) {
      const object = world.roots.get(root);
      const mark = world.word(object + NUMBER) + 1;
      assert.equal(world.word(object + LENGTH), length);
      assert.ok(world.heap.u8.subarray(object + FIRST, object + FIRST + length).every((byte) => byte === mark));
    }
  });
