import assert from "node:assert/strict";
import { test } from "node:test";
import { Memory } from "#memory";
import { learnCost } from "./pace.ts";
import { FACT_COLLECTORS, HEAP_ALONE, HEAP_PARALLEL_BYTES } from "./words.ts";

const MEGABYTE = 1 << 20;

function memory(): Memory {
  const mem = new Memory(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
  mem.setWord(HEAP_PARALLEL_BYTES, MEGABYTE);
  return mem;
}

/** Collections of so many milliseconds, by whoever is to do them; how many of them one collector did. */
function collect(mem: Memory, minor: boolean, alone: number, several: number, times: number): number {
  let single = 0;
  for (let i = 0; i < times; i++) {
    const isAlone = (mem.word(HEAP_ALONE) & (minor ? 2 : 1)) !== 0;
    if (isAlone) single++;
    mem.setWord(FACT_COLLECTORS, isAlone ? 0 : 2);
    learnCost(mem, minor, 8 * MEGABYTE, isAlone ? alone : several);
  }
  return single;
}

test("what costs less is done, and the other way tried now and then", () => {
  const mem = memory();
  const several = 1000 - collect(mem, false, 10, 7, 1000);
  assert.ok(several > 850 && several < 1000, `${several} of 1000 by several`);
  const alone = collect(mem, false, 10, 20, 1000);
  assert.ok(alone > 850 && alone < 1000, `${alone} of 1000 by one`);
});

test("minor and major collections are learned apart", () => {
  const mem = memory();
  collect(mem, false, 10, 5, 50);
  collect(mem, true, 10, 50, 50);
  assert.ok(collect(mem, false, 10, 5, 200) < 60);
  assert.ok(collect(mem, true, 10, 50, 200) > 140);
});

test("a small collection teaches nothing", () => {
  const mem = memory();
  learnCost(mem, false, MEGABYTE - 1, 1000);
  assert.equal(mem.word(HEAP_ALONE), 0);
});
