/**
 * Mark bits, one for each 8 bytes of block: an object that begins there lives. They lie at the start of collected memory, in front of the blocks
 * (docs/decisions/0006). Cleared for blocks in use when a collection begins; between collections they say what the last one found.
 *
 *   white ──bit set, pushed──▶ gray ──popped, visited──▶ black         without references: white ──bit set──▶ black
 *
 * A second table of bits is for gray objects for which there is no other memory (parallel/gray.ts): no page of it is ever touched otherwise.
 */
import { BLOCK_BYTES, BLOCK_FREE, HEAP_BLOCKS_START, HEAP_GRAYS, HEAP_MARKS, LOG_BLOCK_BYTES } from "../layout.gen";
import { Objects } from "../objects";
import { Gray } from "../parallel/gray";
import { Team } from "../parallel/team";
import { Blocks } from "../spaces/blocks";

const LOG_BLOCK_MARK_BYTES: u32 = LOG_BLOCK_BYTES - 6;
export const BLOCK_MARK_BYTES: u32 = 1 << LOG_BLOCK_MARK_BYTES;

let start: usize = 0;
let bytes: usize = 0;
let marks: usize = 0;

export abstract class Marks {
  /** Divides [start, end): mark bits, bits of gray objects, blocks. */
  static init(start: usize, end: usize): void {
    const bytes = <u32>(end - start);
    const count = bytes / (BLOCK_BYTES + 2 * BLOCK_MARK_BYTES);
    const first = end - count * BLOCK_BYTES;
    store<u32>(HEAP_MARKS, <u32>start);
    store<u32>(HEAP_GRAYS, <u32>start + count * BLOCK_MARK_BYTES);
    Blocks.init(first, count, 0);
  }

  /** Each collector, when a collection begins. */
  static begin(): void {
    start = load<u32>(HEAP_BLOCKS_START);
    bytes = Blocks.count() << LOG_BLOCK_BYTES;
    marks = load<u32>(HEAP_MARKS);
  }

  /** Nothing is marked. */
  static clearAll(): void {
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

  /** Sets an object's bit; false: it was set. */
  @inline static set<P extends Team>(object: usize): bool {
    const offset = object - start;
    const word = marks + ((offset >> 8) << 2);
    const bit = (<u32>1) << (<u32>(offset >> 3) & 31);
    const bits = load<u32>(word);
    if (bits & bit) return false;
    if (changetype<P>(0).several()) return !(atomic.or<u32>(word, bit) & bit);
    store<u32>(word, bits | bit);
    return true;
  }

  /** Marks an object, which will be visited if it has references. */
  @inline static mark<P extends Team>(object: usize): void {
    if (Marks.set<P>(object) && Objects.hasReferences(load<u32>(object))) Gray.pushMarked(object);
  }
}
