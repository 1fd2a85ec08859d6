/**
 * Making and ending guest threads. Runs on any mutator in state RUNNING.
 *
 * Records of ended threads are kept and used again in the order in which the threads ended, but only when more than QUARANTINE of them
 * lie there: who still holds the address of an ended thread may `unpark` it, and at worst wakes another one for nothing. A record keeps
 * its THREAD_ID, so ids stay small.
 */
import type { Heap } from "#heap";
import {
  CARRIER_TRUE_LIMIT,
  CONTROL_ENDED_COUNT,
  CONTROL_ENDED_FIRST,
  CONTROL_ENDED_LAST,
  CONTROL_LIVE_THREADS,
  CONTROL_NEXT_THREAD_ID,
  CONTROL_THREADS,
  ROOTS_USED,
  ROOTS_WORDS,
  THREAD_BYTES,
  THREAD_ENTRY,
  THREAD_ID,
  THREAD_NEXT,
  THREAD_PREVIOUS,
  THREAD_REF_WORDS,
  THREAD_REFS,
  THREAD_STACK_HIGH,
  THREAD_STACK_LIMIT,
  THREAD_STACK_LOW,
  THREAD_STATE,
} from "#layout";
import type { Memory } from "#memory";
import { type Carrier, MAX_THREAD_ID, THREAD_NEW } from "#threads";
import { giveStack, locked, reserveOf, takeStack } from "./stacks.ts";

/** Below the limit that functions check while the reserve is open: for the cold paths of what makes the exception. */
const LAST_RESERVE_BYTES = 4096;
/** More than so many threads are refused: each has some mappings of the process, of which Linux gives 65,530. */
const MAX_LIVE_THREADS = 15_000;
/** So many records of ended threads lie idle at least before one is used again. */
const QUARANTINE = 256;

/** Address of a reference word of a thread; number 0 is the guest's thread object. */
export function threadRef(thread: number, index: number): number {
  return thread + THREAD_REFS + ROOTS_WORDS + 4 * index;
}

/** Opens the reserve below the running thread's stack limit, or closes it again: for what runs after the stack was used up. */
export function stackReserve({ mem, thread, record, mutator }: Carrier, open: boolean): void {
  const low = mem.word(thread + THREAD_STACK_LOW);
  const limit = low + (open ? LAST_RESERVE_BYTES : reserveOf(low, mem.word(thread + THREAD_STACK_HIGH)));
  mem.setWord(thread + THREAD_STACK_LIMIT, limit);
  mem.setWord(record + CARRIER_TRUE_LIMIT, limit);
  mutator.catchUp();
}

/** A record for a thread, all zero but for its id; 0: no memory, or too many threads. */
function takeRecord(mem: Memory, heap: Heap): number {
  const old = locked(mem, () => {
    const count = mem.word(CONTROL_ENDED_COUNT);
    const first = mem.word(CONTROL_ENDED_FIRST);
    if (count <= QUARANTINE) return 0;
    mem.setWord(CONTROL_ENDED_FIRST, mem.word(first + THREAD_NEXT));
    mem.setWord(CONTROL_ENDED_COUNT, count - 1);
    return first;
  });
  if (old !== 0) {
    const id = mem.word(old + THREAD_ID);
    mem.u8.fill(0, old, old + THREAD_BYTES);
    mem.setWord(old + THREAD_ID, id);
    return old;
  }
  const id = mem.atomicAdd(CONTROL_NEXT_THREAD_ID, 1) + 1;
  const record = id > MAX_THREAD_ID ? 0 : heap.tryMalloc(THREAD_BYTES);
  if (record !== 0) mem.setWord(record + THREAD_ID, id);
  return record;
}

/**
 * A new thread's record, or 0 when there is no memory for its stack. It starts in the function at `entry`: () -> (). Its references are
 * roots from now on. Functions may use up to `stackBytes` of the stack, fewer if many threads live: see stacks.ts.
 */
export function makeThread(mem: Memory, heap: Heap, entry: number, stackBytes: number): number {
  if (mem.atomicLoad(CONTROL_LIVE_THREADS) >= MAX_LIVE_THREADS) return 0;
  const stack = takeStack(mem, heap, stackBytes);
  if (stack === undefined) return 0;
  const thread = takeRecord(mem, heap);
  if (thread === 0) {
    giveStack(mem, heap, stack.low, stack.high - stack.low);
    return 0;
  }
  mem.setWord(thread + THREAD_STATE, THREAD_NEW);
  mem.setWord(thread + THREAD_STACK_LOW, stack.low);
  mem.setWord(thread + THREAD_STACK_HIGH, stack.high);
  mem.setWord(thread + THREAD_STACK_LIMIT, stack.limit);
  mem.setWord(thread + THREAD_ENTRY, entry);
  mem.setWord(thread + THREAD_REFS + ROOTS_USED, THREAD_REF_WORDS);
  locked(mem, () => {
    const next = mem.word(CONTROL_THREADS);
    mem.setWord(thread + THREAD_NEXT, next);
    if (next !== 0) mem.setWord(next + THREAD_PREVIOUS, thread);
    mem.setWord(CONTROL_THREADS, thread);
  });
  return thread;
}

/** Takes an ended thread (or one that was never started) out of the list and its stack back. Its record stays valid for late `unpark`s. */
export function forgetThread(mem: Memory, heap: Heap, thread: number): void {
  const stack = mem.word(thread + THREAD_STACK_LOW);
  const bytes = mem.word(thread + THREAD_STACK_HIGH) - stack;
  mem.setWord(thread + THREAD_STACK_LOW, 0);
  locked(mem, () => {
    const [previous, next] = [mem.word(thread + THREAD_PREVIOUS), mem.word(thread + THREAD_NEXT)];
    mem.setWord(previous === 0 ? CONTROL_THREADS : previous + THREAD_NEXT, next);
    if (next !== 0) mem.setWord(next + THREAD_PREVIOUS, previous);
    mem.setWord(thread + THREAD_NEXT, 0);
    const count = mem.word(CONTROL_ENDED_COUNT);
    mem.setWord(count === 0 ? CONTROL_ENDED_FIRST : mem.word(CONTROL_ENDED_LAST) + THREAD_NEXT, thread);
    mem.setWord(CONTROL_ENDED_LAST, thread);
    mem.setWord(CONTROL_ENDED_COUNT, count + 1);
  });
  giveStack(mem, heap, stack, bytes);
}
