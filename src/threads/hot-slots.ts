/**
 * The queue of slots whose code of the first tier has run often: anybody puts slots into it and goes on; the VM thread takes them all. A stack linked by
 * SLOT_NEXT_HOT. A slot is in it once at most: who makes that word HOT_QUEUED is who pushes.
 */
import {
  CONTROL_DOORBELL,
  CONTROL_HOT_SLOTS,
  CONTROL_SLOT_TABLE,
  HOT_DONE,
  HOT_QUEUED,
  SLOT_BYTES,
  SLOT_HEAT,
  SLOT_NEXT_HOT,
} from "#layout";
import type { Memory } from "#memory";

/** What a slot's heat is set to when it has been queued: more calls than it will see before its code is replaced. */
const COLD = 0x7fffffff;

/** The slot is hot: queues it and rings the VM thread, unless that was done. Never waits. */
export function queueHot(mem: Memory, slot: number): void {
  const entry = mem.word(CONTROL_SLOT_TABLE) + slot * SLOT_BYTES;
  // Others count at the same time, and may undo this: then it is called again.
  mem.setWord(entry + SLOT_HEAT, COLD);
  if (mem.atomicCas(entry + SLOT_NEXT_HOT, 0, HOT_QUEUED) !== 0) return;
  let first = mem.atomicLoad(CONTROL_HOT_SLOTS);
  for (;;) {
    mem.atomicStore(entry + SLOT_NEXT_HOT, HOT_QUEUED | first);
    const found = mem.atomicCas(CONTROL_HOT_SLOTS, first, slot);
    if (found === first) break;
    first = found;
  }
  mem.atomicAdd(CONTROL_DOORBELL, 1);
  mem.notify(CONTROL_DOORBELL);
}

/** Takes the slots out of the queue, in the order in which they came. None of them is queued again before `coolDown`. */
export function takeHot(mem: Memory): number[] {
  if (mem.atomicLoad(CONTROL_HOT_SLOTS) === 0) return [];
  const table = mem.word(CONTROL_SLOT_TABLE);
  const slots: number[] = [];
  let slot = mem.atomicSwap(CONTROL_HOT_SLOTS, 0);
  while (slot !== 0) {
    slots.push(slot);
    const word = table + slot * SLOT_BYTES + SLOT_NEXT_HOT;
    slot = (mem.atomicLoad(word) & ~HOT_QUEUED) >>> 0;
    mem.atomicStore(word, HOT_DONE);
  }
  return slots.reverse();
}

/** The slot counts from here on, and is hot after so many calls. If it is in the queue it stays there. */
export function coolDown(mem: Memory, slot: number, calls: number): void {
  const entry = mem.word(CONTROL_SLOT_TABLE) + slot * SLOT_BYTES;
  mem.setWord(entry + SLOT_HEAT, calls);
  mem.atomicCas(entry + SLOT_NEXT_HOT, HOT_DONE, 0);
}
