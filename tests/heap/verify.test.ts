/** The verifier finds planted corruption, and says what and where. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineType, planNamed, RootTable } from "#heap";
import { THREAD_BYTES, THREAD_SP, TYPE_ELEMENT_BYTES, TYPE_KIND, TYPE_SIZE } from "#layout";
import { collectingPlans, FIRST, LENGTH, planNames, World } from "./world.ts";

interface Planted {
  readonly world: World;
  readonly type: number;
  readonly object: number;
  readonly other: number;
}

const plants: Readonly<Record<string, { readonly plant: (it: Planted) => void; readonly expect: RegExp }>> = {
  "nothing wrong": { plant: () => {}, expect: /^$/ },
  "an object without type": {
    plant: ({ world, object }) => world.setWord(object, 0),
    expect: /its type is 0: object 0x[0-9a-f]+/,
  },
  "a type word outside non-moving memory": {
    plant: ({ world, object }) => world.setWord(object, world.roots.get(world.roots.add(object))),
    expect: /not the address of a type record/,
  },
  "an odd type word": {
    plant: ({ world, object, type }) => world.setWord(object, type + 2),
    expect: /not the address of a type record/,
  },
  "an unknown kind": {
    plant: ({ world, type }) => world.setWord(type + TYPE_KIND, 77),
    expect: /kind is unknown: object 0x[0-9a-f]+ \(pair\)/,
  },
  "a size of 12": {
    plant: ({ world, type }) => world.setWord(type + TYPE_SIZE, 12),
    expect: /sizes or offsets are impossible/,
  },
  "an array without element size": {
    plant: ({ world }) => {
      const type = defineType(world.heap, {
        kind: "data",
        first: FIRST,
        elementBytes: 2,
        lengthOffset: LENGTH,
        name: "shorts",
      });
      world.make(type, FIRST + 10, 0, 5);
      world.setWord(type + TYPE_ELEMENT_BYTES, 0);
    },
    expect: /sizes or offsets are impossible: object 0x[0-9a-f]+ \(shorts\)/,
  },
  "an array longer than memory": {
    plant: ({ world }) => {
      const type = defineType(world.heap, { kind: "refs", first: FIRST, lengthOffset: LENGTH });
      world.setWord(world.make(type, FIRST, 0, 0) + LENGTH, 100_000_000);
    },
    expect: /ends beyond its space/,
  },
  "a reference into the middle of an object": {
    plant: ({ world, object, other }) => world.setWord(object + 8, other + 8),
    expect: /reference is not the address of an object: object 0x[0-9a-f]+ \(pair\) \+8, word 0x/,
  },
  "a reference that is not aligned": {
    plant: ({ world, object, other }) => world.setWord(object + 12, other + 1),
    expect: /\(pair\) \+12/,
  },
  "a reference past the part in use": {
    plant: ({ world, object }) => world.setWord(object + 8, object + 0x100000),
    expect: /reference is not the address of an object/,
  },
  "a reference to a type record": {
    plant: ({ world, object, type }) => world.setWord(object + 8, type),
    expect: /reference is not the address of an object/,
  },
  "a bad reference in an immortal object": {
    plant: ({ world, type }) => {
      const immortal = world.heap.allocImmortal(16);
      world.setWord(immortal, type);
      world.setWord(immortal + 8, 4);
    },
    expect: /root word 0x[0-9a-f]+, word 0x4/,
  },
  "a bad root": {
    plant: ({ world, object }) => world.roots.add(object + 4),
    expect: /root is not the address of an object: root word/,
  },
  "a bad weak root": {
    plant: ({ world, object }) => new RootTable(world.heap, { weak: true }).add(object + 8),
    expect: /root is not the address of an object: root word/,
  },
  "a frame without site": {
    plant: ({ world }) => {
      const thread = world.heap.malloc(THREAD_BYTES);
      world.addThread(thread);
      world.setWord(thread + THREAD_SP, world.heap.malloc(64));
    },
    expect: /frame has no site record: thread record 0x[0-9a-f]+, frame at 0x/,
  },
};

for (const plan of planNames) {
  for (const [name, { plant, expect }] of Object.entries(plants)) {
    test(`${name} (${plan})`, () => {
      const world = new World({ plan });
      const type = world.fixed("pair", 2);
      const handle = world.roots.add(world.make(type, 16, 1));
      const other = world.make(type, 16, 2);
      const object = world.roots.get(handle);
      world.setRef(object + 8, other);
      plant({ world, type, object: world.roots.get(handle), other });
      let message = "";
      try {
        world.collect();
      } catch (error) {
        message = String(error);
        assert.match(message, /not sound before a collection/);
      }
      assert.match(message, expect);
    });
  }
}

test("what was freed is poisoned, and a reference kept in JavaScript across a collection is noticed", () => {
  const world = new World();
  const type = world.fixed("pair", 2);
  const handle = world.roots.add(world.make(type, 16, 1));
  const stale = world.roots.get(handle);
  world.collect();
  assert.equal(world.word(stale), 0xdbdbdbdb);
  world.setRef(world.roots.get(handle) + 8, stale);
  assert.throws(() => world.collect(), /not sound before a collection/);
});

for (const plan of collectingPlans.filter((name) => planNamed(name)?.barrier === "card")) {
  test(`a reference to a young object that was stored in an old one without the barrier is noticed (${plan})`, () => {
    const world = new World({ plan });
    const type = world.fixed("pair", 2);
    const handle = world.roots.add(world.make(type, 16, 1));
    for (let i = 0; i < 3; i++) world.heap.collect(false, false);
    const young = world.make(type, 16, 2);
    world.setWord(world.roots.get(handle) + 12, young);
    assert.throws(() => world.heap.verify(), /without the write barrier: object 0x[0-9a-f]+ \(pair\) \+12/);
    world.setRef(world.roots.get(handle) + 12, young);
    world.heap.verify();
  });
}
