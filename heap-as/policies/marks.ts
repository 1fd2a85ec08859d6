/**
 * Mark bits, one for each 8 bytes of block: an object that begins there lives. They lie at the start of collected memory, in front of the blocks
 * (docs/decisions/0006). Cleared for blocks in use when a collection begins; between collections they say what the last one found.
 *
 *   white ──bit set, pushed──▶ gray ──popped, visited──▶ black         without references: white ──bit set──▶ black
 *
 * Gray objects stand on the mark stack; when it is full, in a second table of bits, of which no page is ever touched otherwise. So marking cannot
 * run out of memory. The variables below hold during one collection of one instance only, with the world stopped.
 */
import {
  BLOCK_BYTES,
  BLOCK_FREE,
  HEAP_BLOCKS_START,
  HEAP_GRAYS,
  HEAP_MARK_STACK,
  HEAP_MARK_STACK_END,
  HEAP_MARKS,
  LOG_BLOCK_BYTES,
  TYPE_KIND,
  TYPE_KIND_DATA,
} from "../layout.gen";
import { Objects } from "../objects";
import { Tracer } from "../references";
import { Blocks } from "../spaces/blocks";

const LOG_BLOCK_MARK_BYTES: u32 = LOG_BLOCK_BYTES - 6;
export const BLOCK_MARK_BYTES: u32 = 1 << LOG_BLOCK_MARK_BYTES;
const LEAST_STACK_BYTES: u32 = 4096;
const MOST_STACK_BYTES: u32 = 1 << 20;
const OBJECTS_PER_CALL: i32 = 4096;

let start: usize = 0;
let bytes: usize = 0;
let marks: usize = 0;
let stackStart: usize = 0;
let stackEnd: usize = 0;
/** The next free word of the stack. */
let stack: usize = 0;
let overflowed: bool = false;

export abstract class Marks {
  /** Divides [start, end): mark bits, bits of gray objects, mark stack, blocks. */
  static init(start: usize, end: usize): void {
    const bytes = <u32>(end - start);
    const stack = max(LEAST_STACK_BYTES, min(MOST_STACK_BYTES, (bytes >> 6) & ~7));
    if (bytes <= stack) unreachable();
    const count = (bytes - stack) / (BLOCK_BYTES + 2 * BLOCK_MARK_BYTES);
    const first = end - count * BLOCK_BYTES;
    store<u32>(HEAP_MARKS, <u32>start);
    store<u32>(HEAP_GRAYS, <u32>start + count * BLOCK_MARK_BYTES);
    store<u32>(HEAP_MARK_STACK, <u32>start + 2 * count * BLOCK_MARK_BYTES);
    store<u32>(HEAP_MARK_STACK_END, <u32>first & ~7);
    Blocks.init(first, count, 0);
  }

  /** Begins a collection: nothing is marked. */
  static begin(): void {
    start = load<u32>(HEAP_BLOCKS_START);
    bytes = Blocks.count() << LOG_BLOCK_BYTES;
    marks = load<u32>(HEAP_MARKS);
    stackStart = load<u32>(HEAP_MARK_STACK);
    stackEnd = load<u32>(HEAP_MARK_STACK_END);
    stack = stackStart;
    overflowed = false;
    for (let index: u32 = 0, count = Blocks.count(); index < count; index++) {
      if (Blocks.state(index) != BLOCK_FREE) Marks.clear(index);
    }
  }

  /** Nothing in this block is marked. */
  static clear(index: u32): void {
    memory.fill(load<u32>(HEAP_MARKS) + (index << LOG_BLOCK_MARK_BYTES), 0, BLOCK_MARK_BYTES);
  }

  /** Address of the mark bits of a block that begins at the address. */
  @inline static wordOf(block: usize): usize {
    return <usize>load<u32>(HEAP_MARKS) + ((block - load<u32>(HEAP_BLOCKS_START)) >> 6);
  }

  /** Whether the address lies in a block. */
  @inline static cover(address: usize): bool {
    return address - start < bytes;
  }

  @inline static isMarked(object: usize): bool {
    const offset = object - start;
    return ((load<u32>(marks + ((offset >> 8) << 2)) >> (<u32>(offset >> 3) & 31)) & 1) != 0;
  }

  /** Marks an object, which will be visited if it has references. */
  @inline static mark(object: usize): void {
    const offset = object - start;
    const word = marks + ((offset >> 8) << 2);
    const bit = (<u32>1) << (<u32>(offset >> 3) & 31);
    const bits = load<u32>(word);
    if (bits & bit) return;
    store<u32>(word, bits | bit);
    if (load<u32>(load<u32>(object), TYPE_KIND) == TYPE_KIND_DATA) return;
    if (stack < stackEnd) {
      store<u32>(stack, <u32>object);
      stack += 4;
    } else {
      Marks.overflow(offset);
    }
  }

  private static overflow(offset: usize): void {
    const word = <usize>load<u32>(HEAP_GRAYS) + ((offset >> 8) << 2);
    store<u32>(word, load<u32>(word) | ((<u32>1) << (<u32>(offset >> 3) & 31)));
    overflowed = true;
  }

  /** Visits gray objects until there are none. */
  static close<T extends Tracer>(tracer: T): void {
    for (;;) {
      while (stack > stackStart) Marks.closeSome<T>(tracer);
      if (!overflowed) return;
      overflowed = false;
      Marks.closeOverflowed<T>(tracer);
    }
  }

  /** A bounded part of the work per call: an engine that compiles a better version of this function meanwhile uses it from the next call on. */
  private static closeSome<T extends Tracer>(tracer: T): void {
    for (let i = 0; i < OBJECTS_PER_CALL && stack > stackStart; i++) {
      stack -= 4;
      const object = <usize>load<u32>(stack);
      Objects.visit<T>(tracer, object, load<u32>(object));
    }
  }

  /** Visits the objects that the stack had no room for. */
  private static closeOverflowed<T extends Tracer>(tracer: T): void {
    const grays = <usize>load<u32>(HEAP_GRAYS);
    for (let index: u32 = 0, count = Blocks.count(); index < count; index++) {
      if (Blocks.state(index) == BLOCK_FREE) continue;
      const block = Blocks.address(index);
      const words = grays + index * BLOCK_MARK_BYTES;
      for (let word: u32 = 0; word < BLOCK_BYTES >> 9; word++) {
        const at = words + (word << 3);
        let bits = load<u64>(at);
        if (!bits) continue;
        store<u64>(at, 0);
        for (; bits; bits &= bits - 1) {
          const object = block + (word << 9) + ((<u32>ctz<u64>(bits)) << 3);
          Objects.visit<T>(tracer, object, load<u32>(object));
          while (stack > stackStart) Marks.closeSome<T>(tracer);
        }
      }
    }
  }
}
