/**
 * Mark bits, one for each 8 bytes of block: an object that begins there lives. They lie at the start of collected memory, in front of the blocks
 * (docs/decisions/0006). Cleared for blocks in use when a collection begins; between collections they say what the last one found.
 *
 * Objects that were marked and are yet to be visited stand on the mark stack; when it is full, in a second table of bits,
 * of which no page is ever touched otherwise. So marking cannot run out of memory.
 */
import {
  BLOCK_BYTES,
  BLOCK_FREE,
  HEAP_BLOCKS_START,
  HEAP_GRAYS,
  HEAP_MARKS,
  HEAP_MARK_STACK,
  HEAP_MARK_STACK_END,
} from "../layout.gen";
import { Blocks } from "../spaces/blocks";

const LOG_BLOCK_MARK_BYTES: u32 = 9;
export const BLOCK_MARK_BYTES: u32 = 1 << LOG_BLOCK_MARK_BYTES;
const LEAST_STACK_BYTES: u32 = 4096;
const MOST_STACK_BYTES: u32 = 1 << 20;

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

  /** Address of the mark bits of a block that begins at the address. */
  @inline static wordOf(block: usize): usize {
    return <usize>load<u32>(HEAP_MARKS) + ((block - load<u32>(HEAP_BLOCKS_START)) >> 6);
  }

  /** Nothing is marked. */
  static clear(): void {
    for (let index: u32 = 0, count = Blocks.count(); index < count; index++) {
      if (Blocks.state(index) != BLOCK_FREE)
        memory.fill(load<u32>(HEAP_MARKS) + (index << LOG_BLOCK_MARK_BYTES), 0, BLOCK_MARK_BYTES);
    }
  }
}
