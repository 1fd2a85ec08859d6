/** In which order copying collectors put what lives. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineType } from "#heap";
import { FIRST, LENGTH, World } from "./world.ts";

const COUNT = 2000;
const TEXT_BYTES = 16;
const ENTRY_BYTES = 16;
const BYTES_BYTES = FIRST + 8;

/** A list of entries, made first, whose texts and characters were made in two further rows. */
function build(world: World): number {
  const { heap } = world;
  const text = world.fixed("text", 1);
  const entry = world.fixed("entry", 2);
  const bytes = defineType(heap, { kind: "data", first: FIRST, elementBytes: 1, lengthOffset: LENGTH, name: "bytes" });
  const refs = defineType(heap, { kind: "refs", first: FIRST, lengthOffset: LENGTH, name: "refs" });
  const table = world.roots.add(world.make(refs, FIRST + 4 * COUNT, 0, COUNT));
  for (let i = 0; i < COUNT; i++)
    world.setRef(world.roots.get(table) + FIRST + 4 * i, world.make(entry, ENTRY_BYTES, i));
  const entryAt = (i: number): number => world.word(world.roots.get(table) + FIRST + 4 * i);
  for (let i = 0; i < COUNT; i++) world.setRef(entryAt(i) + 8, world.make(text, TEXT_BYTES, i));
  for (let i = 0; i < COUNT; i++) world.setRef(world.word(entryAt(i) + 8) + 8, world.make(bytes, BYTES_BYTES, i, 8));
  return table;
}

for (const plan of ["semispace", "gencopy"]) {
  test(`what first references lead to is moved right behind an object (${plan})`, () => {
    const world = new World({ plan });
    const table = build(world);
    world.heap.collect(false, false);
    let behind = 0;
    for (let i = 0; i < COUNT; i++) {
      const entry = world.word(world.roots.get(table) + FIRST + 4 * i);
      const text = world.word(entry + 8);
      const bytes = world.word(text + 8);
      assert.deepEqual([world.word(entry + 4), world.word(text + 4), world.word(bytes + 4)], [i, i, i]);
      if (text === entry + ENTRY_BYTES && bytes === text + TEXT_BYTES) behind++;
    }
    // A few have the end of a buffer between them.
    assert.ok(behind > 0.98 * COUNT, `${behind} of ${COUNT}`);
  });
}

test("a list of a hundred thousand is moved without a stack", () => {
  const world = new World();
  const link = world.fixed("link", 1);
  const root = world.roots.add(0);
  for (let i = 0; i < 100_000; i++) {
    const object = world.make(link, 16, i);
    world.setRef(object + 8, world.roots.get(root));
    world.roots.set(root, object);
  }
  world.collect();
  let count = 0;
  for (let at = world.roots.get(root); at !== 0; at = world.word(at + 8)) {
    count++;
    assert.equal(world.word(at + 4), 100_000 - count);
  }
  assert.equal(count, 100_000);
});
