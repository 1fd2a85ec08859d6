/**
 * Making and ending guest threads. Runs on any mutator in state RUNNING.
 *
 * Records of ended threads are kept and used again in the order in which the threads ended, but only when more than QUARANTINE of them
 * lie there: who still holds the address of an ended thread may `unpark` it, and at worst wakes another one for nothing. A record keeps
 * its THREAD_ID, so ids stay small. A few stacks are kept too: a stack that was used before need not be zeroed, because functions
 * zero their frame areas and write every other frame word before a collector reads it.
 */
import type { Heap } from "#heap";
import {
  CARRIER_BUSY,
  CARRIER_LOAD,
  CARRIER_TRUE_LIMIT,
  CONTROL_CARRIER_COUNT,
  CONTROL_ENDED_COUNT,
  CONTROL_ENDED_FIRST,
  CONTROL_ENDED_LAST,
  CONTROL_FREE_STACK_COUNT,
  CONTROL_FREE_STACKS,
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
import { type Carrier, carrierRecord, countStarted, enqueue, MAX_THREAD_ID, THREAD_NEW, THREAD_READY } from "#threads";

/** Below the limit that functions check: room for cold paths, stubs, and what runs after an overflow was noticed. */
const STACK_RESERVE_BYTES = 32768;
/** Below the limit that functions check while the reserve is open: for the cold paths of what makes the exception. */
const LAST_RESERVE_BYTES = 4096;
/** So many records of ended threads lie idle at least before one is used again. */
const QUARANTINE = 256;
/** So many stacks are kept at most. */
const FREE_STACKS = 16;
/** A free stack: address of the next one, and size in bytes. */
const FREE_NEXT = 0;
const FREE_BYTES = 4;

/** Address of a reference word of a thread; number 0 is the guest's thread object. */
export function threadRef(thread: number, index: number): number {
  return thread + THREAD_REFS + ROOTS_WORDS + 4 * index;
}

/** Opens the reserve below the running thread's stack limit, or closes it again: for what runs after the stack was used up. */
export function stackReserve({ mem, thread, record, mutator }: Carrier, open: boolean): void {
  const limit = mem.word(thread + THREAD_STACK_LOW) + (open ? LAST_RESERVE_BYTES : STACK_RESERVE_BYTES);
  mem.setWord(thread + THREAD_STACK_LIMIT, limit);
  mem.setWord(record + CARRIER_TRUE_LIMIT, limit);
  mutator.catchUp();
}

/** Holds the lock of the thread lists: no safepoint inside. */
function locked<T>(mem: Memory, action: () => T): T {
  while (mem.atomicCas(CONTROL_THREAD_LOCK, 0, 1) !== 0) mem.wait(CONTROL_THREAD_LOCK, 1, 1);
  try {
    return action();
  } finally {
    mem.atomicStore(CONTROL_THREAD_LOCK, 0);
    mem.notify(CONTROL_THREAD_LOCK, 1);
  }
}

/** A stack of that many bytes, not zeroed; 0: no memory. */
function takeStack(mem: Memory, heap: Heap, bytes: number): number {
  const found = locked(mem, () => {
    for (let link = CONTROL_FREE_STACKS, at = mem.word(link); at !== 0; link = at + FREE_NEXT, at = mem.word(link)) {
      if (mem.word(at + FREE_BYTES) !== bytes) continue;
      mem.setWord(link, mem.word(at + FREE_NEXT));
      mem.setWord(CONTROL_FREE_STACK_COUNT, mem.word(CONTROL_FREE_STACK_COUNT) - 1);
      return at;
    }
    return 0;
  });
  if (found !== 0) return found;
  return heap.tryMalloc(bytes, 16) || (freeStacks(mem, heap) ? heap.tryMalloc(bytes, 16) : 0);
}

/** Gives all free stacks back. False: there were none. */
function freeStacks(mem: Memory, heap: Heap): boolean {
  let stack = locked(mem, () => {
    const first = mem.word(CONTROL_FREE_STACKS);
    mem.setWord(CONTROL_FREE_STACKS, 0);
    mem.setWord(CONTROL_FREE_STACK_COUNT, 0);
    return first;
  });
  if (stack === 0) return false;
  while (stack !== 0) {
    const next = mem.word(stack + FREE_NEXT);
    heap.free(stack);
    stack = next;
  }
  return true;
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
 * roots from now on.
 */
export function makeThread(mem: Memory, heap: Heap, entry: number, stackBytes: number): number {
  const bytes = (stackBytes + STACK_RESERVE_BYTES + 15) & ~15;
  const stack = takeStack(mem, heap, bytes);
  if (stack === 0) return 0;
  const thread = takeRecord(mem, heap);
  if (thread === 0) {
    heap.free(stack);
    return 0;
  }
  mem.setWord(thread + THREAD_STATE, THREAD_NEW);
  mem.setWord(thread + THREAD_STACK_LOW, stack);
  mem.setWord(thread + THREAD_STACK_HIGH, stack + bytes);
  mem.setWord(thread + THREAD_STACK_LIMIT, stack + STACK_RESERVE_BYTES);
  mem.setWord(thread + THREAD_ENTRY, entry);
  mem.setWord(thread + THREAD_REFS + ROOTS_USED, THREAD_REF_WORDS);
  locked(mem, () => {
    mem.setWord(thread + THREAD_NEXT, mem.word(CONTROL_THREADS));
    mem.setWord(CONTROL_THREADS, thread);
  });
  return thread;
}

/** Gives the thread to the carrier that has the fewest to run, and then the fewest at all; there it stays. Its flags are set before. */
export function startThread(mem: Memory, thread: number): void {
  const count = mem.atomicLoad(CONTROL_CARRIER_COUNT);
  let best = 0;
  let bestBusy = 0;
  let bestLoad = 0;
  for (let number = 1; number < count; number++) {
    const record = carrierRecord(number);
    const busy = mem.atomicLoad(record + CARRIER_BUSY);
    const load = mem.atomicLoad(record + CARRIER_LOAD);
    if (best !== 0 && (busy > bestBusy || (busy === bestBusy && load >= bestLoad))) continue;
    best = record;
    bestBusy = busy;
    bestLoad = load;
  }
  mem.atomicAdd(best + CARRIER_LOAD, 1);
  countStarted(mem, thread);
  mem.setWord(thread + THREAD_CARRIER, best);
  mem.atomicStore(thread + THREAD_STATE, THREAD_READY);
  enqueue(mem, thread);
}

/** Takes an ended thread (or one that was never started) out of the list and its stack back. Its record stays valid for late `unpark`s. */
export function forgetThread(mem: Memory, heap: Heap, thread: number): void {
  const stack = mem.word(thread + THREAD_STACK_LOW);
  const bytes = mem.word(thread + THREAD_STACK_HIGH) - stack;
  mem.setWord(thread + THREAD_STACK_LOW, 0);
  const kept = locked(mem, () => {
    let link = CONTROL_THREADS;
    let at = mem.word(link);
    while (at !== 0 && at !== thread) {
      link = at + THREAD_NEXT;
      at = mem.word(link);
    }
    if (at === thread) mem.setWord(link, mem.word(thread + THREAD_NEXT));
    mem.setWord(thread + THREAD_NEXT, 0);
    const count = mem.word(CONTROL_ENDED_COUNT);
    mem.setWord(count === 0 ? CONTROL_ENDED_FIRST : mem.word(CONTROL_ENDED_LAST) + THREAD_NEXT, thread);
    mem.setWord(CONTROL_ENDED_LAST, thread);
    mem.setWord(CONTROL_ENDED_COUNT, count + 1);
    const free = mem.word(CONTROL_FREE_STACK_COUNT);
    if (free >= FREE_STACKS) return false;
    mem.setWord(stack + FREE_NEXT, mem.word(CONTROL_FREE_STACKS));
    mem.setWord(stack + FREE_BYTES, bytes);
    mem.setWord(CONTROL_FREE_STACKS, stack);
    mem.setWord(CONTROL_FREE_STACK_COUNT, free + 1);
    return true;
  });
  if (!kept) heap.free(stack);
}
