/**
 * Shadow stacks of guest threads, in non-moving memory. A stack costs addresses; memory is committed by use.
 *
 * There are few addresses (4 GiB in all), so stacks get smaller when many threads live at once: all stacks together take at most BUDGET of
 * non-moving memory, and the more of that is taken, the less a new thread gets of what it asks for. The rest stays free for metadata.
 * A few free stacks are kept. One that was used before need not be zeroed, because functions zero their frame areas and write every other
 * frame word before a collector reads it.
 */
import type { Heap } from "#heap";
import { CONTROL_FREE_STACK_BYTES, CONTROL_FREE_STACKS, CONTROL_STACK_BYTES, CONTROL_THREAD_LOCK } from "#layout";
import type { Memory } from "#memory";

/** Of non-moving memory, in sixteenths: for all stacks; the part of it in which threads get what they ask for; and medium stacks. */
const BUDGET = 12;
const PLENTY = 6;
const SOME = 8;
/** Of non-moving memory: free stacks that are kept at most. */
const KEPT = 2;
/** No stack takes more than so much of the budget. */
const LARGEST_SHARE = 4;
/** Bytes that functions may use when there is no plenty: some 2,000 frames, and 500. */
const MEDIUM_BYTES = 65536;
const SMALL_BYTES = 16384;
/** Below the limit that functions check: room for cold paths, stubs, and what runs after an overflow was noticed. */
const RESERVE_BYTES = 32768;
const SMALL_RESERVE_BYTES = 16384;

/** A free stack: address of the next one, and size in bytes. So many are looked at for one that fits. */
const FREE_NEXT = 0;
const FREE_BYTES = 4;
const LOOKS = 32;

export interface Stack {
  readonly low: number;
  readonly high: number;
  /** Functions may not go below it. */
  readonly limit: number;
}

/** Holds the lock of the thread lists: no safepoint inside. */
export function locked<T>(mem: Memory, action: () => T): T {
  while (mem.atomicCas(CONTROL_THREAD_LOCK, 0, 1) !== 0) mem.wait(CONTROL_THREAD_LOCK, 1, 1);
  try {
    return action();
  } finally {
    mem.atomicStore(CONTROL_THREAD_LOCK, 0);
    mem.notify(CONTROL_THREAD_LOCK, 1);
  }
}

/** How much of the stack lies below the limit that functions check. */
export function reserveOf(low: number, high: number): number {
  return high - low <= SMALL_BYTES + SMALL_RESERVE_BYTES ? SMALL_RESERVE_BYTES : RESERVE_BYTES;
}

/** A stack on which functions may use up to so many bytes, fewer when there are many; undefined: no memory. Not zeroed. */
export function takeStack(mem: Memory, heap: Heap, wanted: number): Stack | undefined {
  const sixteenth = heap.fixedBytes >>> 4;
  const taken = mem.atomicLoad(CONTROL_STACK_BYTES) - mem.atomicLoad(CONTROL_FREE_STACK_BYTES);
  const most = [(BUDGET / LARGEST_SHARE) * sixteenth, MEDIUM_BYTES, SMALL_BYTES].map((each) => Math.min(each, wanted));
  const first = taken < PLENTY * sixteenth ? 0 : taken < SOME * sixteenth ? 1 : 2;
  for (let tier = first; tier < most.length; tier++) {
    const usable = most[tier]!;
    const bytes = (usable + (usable <= SMALL_BYTES ? SMALL_RESERVE_BYTES : RESERVE_BYTES) + 15) & ~15;
    const low = takeFree(mem, bytes) || allocate(mem, heap, bytes, BUDGET * sixteenth);
    if (low !== 0) return { low, high: low + bytes, limit: low + reserveOf(low, low + bytes) };
  }
  return undefined;
}

/** Takes a thread's stack back. */
export function giveStack(mem: Memory, heap: Heap, low: number, bytes: number): void {
  const most = (heap.fixedBytes >>> 4) * KEPT;
  const kept = locked(mem, () => {
    if (mem.word(CONTROL_FREE_STACK_BYTES) + bytes > most) return false;
    mem.setWord(low + FREE_NEXT, mem.word(CONTROL_FREE_STACKS));
    mem.setWord(low + FREE_BYTES, bytes);
    mem.setWord(CONTROL_FREE_STACKS, low);
    mem.setWord(CONTROL_FREE_STACK_BYTES, mem.word(CONTROL_FREE_STACK_BYTES) + bytes);
    return true;
  });
  if (kept) return;
  heap.free(low);
  mem.atomicAdd(CONTROL_STACK_BYTES, -bytes);
}

function takeFree(mem: Memory, bytes: number): number {
  if (mem.atomicLoad(CONTROL_FREE_STACKS) === 0) return 0;
  return locked(mem, () => {
    let link = CONTROL_FREE_STACKS;
    for (let looks = 0; looks < LOOKS; looks++) {
      const at = mem.word(link);
      if (at === 0) return 0;
      if (mem.word(at + FREE_BYTES) === bytes) {
        mem.setWord(link, mem.word(at + FREE_NEXT));
        mem.setWord(CONTROL_FREE_STACK_BYTES, mem.word(CONTROL_FREE_STACK_BYTES) - bytes);
        return at;
      }
      link = at + FREE_NEXT;
    }
    return 0;
  });
}

/** A new stack within the budget; 0: none. */
function allocate(mem: Memory, heap: Heap, bytes: number, budget: number): number {
  for (;;) {
    if (mem.atomicAdd(CONTROL_STACK_BYTES, bytes) + bytes <= budget) {
      const low = heap.tryMalloc(bytes, 16);
      if (low !== 0) return low;
    }
    mem.atomicAdd(CONTROL_STACK_BYTES, -bytes);
    if (!freeStacks(mem, heap)) return 0;
  }
}

/** Gives all free stacks back to malloc. False: there were none. */
function freeStacks(mem: Memory, heap: Heap): boolean {
  let stack = locked(mem, () => {
    const first = mem.word(CONTROL_FREE_STACKS);
    mem.setWord(CONTROL_FREE_STACKS, 0);
    mem.setWord(CONTROL_FREE_STACK_BYTES, 0);
    return first;
  });
  if (stack === 0) return false;
  while (stack !== 0) {
    const next = mem.word(stack + FREE_NEXT);
    const bytes = mem.word(stack + FREE_BYTES);
    heap.free(stack);
    mem.atomicAdd(CONTROL_STACK_BYTES, -bytes);
    stack = next;
  }
  return true;
}
