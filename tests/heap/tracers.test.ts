/** Tracers and hooks of the guest: what they are told, and what is said when they are wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Collection, defineType, type FinishedCollection, objectBytes, objects, type Tracer } from "#heap";
import { TYPE_TRACER } from "#layout";
import { collectingPlans, FIRST, LENGTH, World, type WorldOptions } from "./world.ts";

const TRACER = 7;
const REF = 8;

/** A world with one rooted object of 16 bytes whose reference at REF the tracer is to visit. */
function customWorld(
  tracer: Tracer | null,
  options: WorldOptions = {},
): { readonly world: World; readonly handle: number; readonly type: number } {
  const world = new World(options);
  if (tracer !== null) world.heap.addTracer(TRACER, tracer);
  const type = defineType(world.heap, { kind: "custom", name: "cell", size: 16, tracer: TRACER });
  const handle = world.roots.add(world.make(type, 16, 1));
  const target = world.make(world.fixed("leaf", 0), 8, 2);
  world.setRef(world.roots.get(handle) + REF, target);
  return { world, handle, type };
}

test("a tracer sees the object, and its words change by visiting", () => {
  const seen: number[] = [];
  const { world, handle } = customWorld((heap, object, visit) => {
    visit(object + REF);
    seen.push(heap.word(object + 4));
  });
  const before = world.word(world.roots.get(handle) + REF);
  world.collect();
  const object = world.roots.get(handle);
  assert.notEqual(world.word(object + REF), before);
  assert.equal(world.word(world.word(object + REF) + 4), 2);
  // The verifier, the collection, and the verifier again.
  assert.deepEqual(seen, [1, 1, 1]);
});

test("objects with a tracer have a size, fixed or by their length", () => {
  const { world, handle } = customWorld((_heap, object, visit) => visit(object + REF));
  const elements = { bytes: 3, lengthOffset: LENGTH };
  const facts = { kind: "custom", name: "row", size: FIRST, tracer: TRACER, elements } as const;
  const row = world.make(defineType(world.heap, facts), FIRST + 15, 3, 5);
  assert.equal(objectBytes(world.heap, row), 32);
  assert.equal(objectBytes(world.heap, world.roots.get(handle)), 16);
  assert.deepEqual(
    [...objects(world.heap)].map((object) => world.word(object + 4)),
    [1, 2, 3],
  );
});

const wrong: Readonly<Record<string, { readonly tracer: Tracer | null; readonly expect: RegExp }>> = {
  "is not registered": { tracer: null, expect: /type cell has tracer 7, which this Worker does not know/ },
  "visits an odd address": {
    tracer: (_heap, object, visit) => visit(object + REF + 1),
    expect: /a tracer of type cell visits no word: 0x/,
  },
  "visits what lies outside of memory": {
    tracer: (_heap, _object, visit) => visit(0xfffffff0),
    expect: /a tracer of type cell visits no word: 0xfffffff0/,
  },
  "visits a word that is no reference": {
    tracer: (_heap, object, visit) => visit(object + 4),
    expect: /a reference is not the address of an object: object 0x[0-9a-f]+ \(cell\) \+4, word 0x1$/,
  },
  "visits a word of non-moving memory that is no reference": {
    tracer: (heap, object, visit) => visit(heap.word(object) + TYPE_TRACER),
    expect: /object 0x[0-9a-f]+ \(cell\) at 0x[0-9a-f]+, word 0x7$/,
  },
};

for (const [what, { tracer, expect }] of Object.entries(wrong)) {
  test(`a tracer that ${what} is named`, () => {
    const { world } = customWorld(tracer);
    assert.throws(() => world.collect(), expect);
  });
}

test("a visit after the tracer has returned is refused", () => {
  let kept: (slot: number) => void = () => {};
  const { world, handle } = customWorld((_heap, object, visit) => {
    kept = visit;
    visit(object + REF);
  });
  world.collect();
  assert.throws(() => kept(world.roots.get(handle) + REF), /when its object is not being traced/);
});

test("a custom type without a tracer's number is found by the verifier; numbers are positive and used once", () => {
  const { world, type } = customWorld((_heap, object, visit) => visit(object + REF));
  assert.throws(() => world.heap.addTracer(TRACER, () => {}), /already/);
  assert.throws(() => world.heap.addTracer(0, () => {}), /cannot have number 0/);
  world.setWord(type + TYPE_TRACER, 0);
  assert.throws(() => world.heap.verify(), /names no tracer: object 0x[0-9a-f]+ \(cell\)/);
});

test("a tracer that forgets a reference leaves a dangling one, which the verifier finds", () => {
  let careless = false;
  const { world } = customWorld((_heap, object, visit) => {
    if (!careless) visit(object + REF);
  });
  careless = true;
  world.collect();
  careless = false;
  assert.throws(() => world.heap.verify(), /\(cell\) \+8/);
});

for (const plan of collectingPlans) {
  test(`a tracer's words hold their objects over many collections (${plan})`, () => {
    const { world, handle } = customWorld((_heap, object, visit) => visit(object + REF), { plan });
    for (let i = 0; i < 5; i++) world.collect();
    const leaf = world.word(world.roots.get(handle) + REF);
    assert.equal(world.word(leaf + 4), 2);
    assert.equal([...objects(world.heap)].length, 2);
  });
}

test("hooks are told of each collection, with its reason and what it freed", () => {
  const world = new World({ heapBytes: 1 << 20, triggerBytes: 65536 });
  const type = world.fixed("pair", 2);
  const told: (Collection | FinishedCollection)[] = [];
  world.heap.hooks = {
    before: (collection) => told.push(collection),
    after: (collection) => told.push(collection),
  };
  world.roots.add(world.make(type, 16, 1));
  world.make(type, 16, 2);
  world.collect();
  assert.equal(told.length, 2);
  const [before, after] = told as [Collection, FinishedCollection];
  const { usedBefore, totalBefore, stopMilliseconds, ...facts } = before;
  assert.deepEqual(facts, { number: 1, why: "forced", full: true, clearSoft: false });
  assert.equal(totalBefore, 65536);
  assert.equal(stopMilliseconds, 0);
  assert.ok(usedBefore >= 32);
  const { milliseconds, total, ...rest } = after;
  const ages = { minor: false, collectors: 1, promoted: 0, tenuring: 0 };
  assert.deepEqual(rest, { ...before, ...ages, usedAfter: 16 });
  assert.ok(total >= 32768);
  assert.ok(milliseconds >= 0 && milliseconds < 10_000);
  told.length = 0;
  while (told.length === 0) world.make(type, 16);
  assert.deepEqual([told[0]!.number, told[0]!.why, told.length], [2, "allocation", 2]);
});

test("under a plan that never collects no hook is called", () => {
  const world = new World({ plan: "nogc" });
  world.heap.hooks = { before: () => assert.fail("there is no collection") };
  world.collect();
});
