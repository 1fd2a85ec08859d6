/**
 * Whether several collectors are worth while, by what collections have cost. They pay with atomic operations for what they share: it depends on the shapes of the
 * objects, on the processor, and on whether other programs have its cores.
 */
import type { Memory } from "#memory";
import { FACT_COLLECTORS, HEAP_ALONE, HEAP_COSTS, HEAP_PARALLEL_BYTES } from "./words.ts";

/** The way that was dearer is tried again in one of so many collections. */
const TRIES = 16;

/** A collection has traced so many bytes in so many milliseconds: says who is to do the next one of its kind. */
export function learnCost(mem: Memory, minor: boolean, bytes: number, milliseconds: number): void {
  const least = mem.word(HEAP_PARALLEL_BYTES);
  if (bytes < least || bytes === 0) return;
  const kind = minor ? 1 : 0;
  const several = mem.word(FACT_COLLECTORS) > 1 ? 1 : 0;
  const costs = (HEAP_COSTS >>> 2) + 2 * kind;
  const cost = (milliseconds * 1e6) / (bytes / 1024);
  const known = mem.f32[costs + several]!;
  mem.f32[costs + several] = known === 0 ? cost : (known + cost) / 2;
  const alone = mem.f32[costs]!;
  const together = mem.f32[costs + 1]!;
  let isAlone = alone === 0 || (together !== 0 && alone < together);
  // The collections since the last of the other kind are not counted: any number will do that has no rhythm with what the program does.
  if (alone !== 0 && together !== 0 && Math.random() * TRIES < 1) isAlone = !isAlone;
  const bit = 1 << kind;
  mem.setWord(HEAP_ALONE, isAlone ? mem.word(HEAP_ALONE) | bit : mem.word(HEAP_ALONE) & ~bit);
}
