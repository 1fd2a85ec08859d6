/** Making and ending guest threads. Runs on any mutator in state RUNNING. */
import type { Heap } from "#heap";
import {
  CARRIER_LOAD,
  CONTROL_CARRIER_COUNT,
  CONTROL_LIVE_THREADS,
  CONTROL_NEXT_THREAD_ID,
  CONTROL_THREAD_LOCK,
  CONTROL_THREADS,
  ROOTS_USED,
  ROOTS_WORDS,
  THREAD_BYTES,
  THREAD_CARRIER,
  THREAD_ENTRY,
  THREAD_ID,
  THREAD_NEXT,
  THREAD_REF_WORDS,
  THREAD_REFS,
  THREAD_STACK_HIGH,
  THREAD_STACK_LIMIT,
  THREAD_STACK_LOW,
  THREAD_STATE,
} from "#layout";
import type { Memory } from "#memory";
import { carrierRecord, enqueue, THREAD_NEW, THREAD_READY } from "#threads";

/** Below the limit that functions check: room for cold paths, stubs, and what runs after an overflow was noticed. */
export const STACK_RESERVE_BYTES = 32768;

/** Address of a reference word of a thread; number 0 is the guest's thread object. */
export function threadRef(thread: number, index: number): number {
  return thread + THREAD_REFS + ROOTS_WORDS + 4 * index;
}

function locked(mem: Memory, action: () => void): void {
  while (mem.atomicCas(CONTROL_THREAD_LOCK, 0, 1) !== 0) mem.wait(CONTROL_THREAD_LOCK, 1, 1);
  try {
    action();
  } finally {
    mem.atomicStore(CONTROL_THREAD_LOCK, 0);
    mem.notify(CONTROL_THREAD_LOCK, 1);
  }
}

/** A new thread's record, or 0 when there is no memory for its stack. It starts in the function at `entry`: () -> (). */
export function makeThread(mem: Memory, heap: Heap, entry: number, stackBytes: number): number {
  const stack = heap.tryMalloc(stackBytes + STACK_RESERVE_BYTES, 16);
  if (stack === 0) return 0;
  const thread = heap.tryMalloc(THREAD_BYTES);
  if (thread === 0) {
    heap.free(stack);
    return 0;
  }
  mem.setWord(thread + THREAD_ID, mem.atomicAdd(CONTROL_NEXT_THREAD_ID, 1) + 1);
  mem.setWord(thread + THREAD_STATE, THREAD_NEW);
  mem.setWord(thread + THREAD_STACK_LOW, stack);
  mem.setWord(thread + THREAD_STACK_HIGH, (stack + stackBytes + STACK_RESERVE_BYTES) & ~15);
  mem.setWord(thread + THREAD_STACK_LIMIT, stack + STACK_RESERVE_BYTES);
  mem.setWord(thread + THREAD_ENTRY, entry);
  mem.setWord(thread + THREAD_REFS + ROOTS_USED, THREAD_REF_WORDS);
  locked(mem, () => {
    mem.setWord(thread + THREAD_NEXT, mem.word(CONTROL_THREADS));
    mem.setWord(CONTROL_THREADS, thread);
  });
  return thread;
}

/** Gives the thread to the carrier with the fewest threads, where it will run. */
export function startThread(mem: Memory, thread: number): void {
  let best = carrierRecord(1);
  const count = mem.atomicLoad(CONTROL_CARRIER_COUNT);
  for (let number = 2; number < count; number++) {
    const record = carrierRecord(number);
    if (mem.atomicLoad(record + CARRIER_LOAD) < mem.atomicLoad(best + CARRIER_LOAD)) best = record;
  }
  mem.atomicAdd(best + CARRIER_LOAD, 1);
  mem.atomicAdd(CONTROL_LIVE_THREADS, 1);
  mem.setWord(thread + THREAD_CARRIER, best);
  mem.atomicStore(thread + THREAD_STATE, THREAD_READY);
  enqueue(mem, thread);
}

/** Takes an ended thread out of the list and frees its stack. Its record stays valid for late `unpark`s. */
export function forgetThread(mem: Memory, heap: Heap, thread: number): void {
  locked(mem, () => {
    let link = CONTROL_THREADS;
    let at = mem.word(link);
    while (at !== 0 && at !== thread) {
      link = at + THREAD_NEXT;
      at = mem.word(link);
    }
    if (at === thread) mem.setWord(link, mem.word(thread + THREAD_NEXT));
  });
  heap.free(mem.word(thread + THREAD_STACK_LOW));
  mem.setWord(thread + THREAD_STACK_LOW, 0);
}
