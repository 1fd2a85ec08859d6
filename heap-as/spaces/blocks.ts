/**
 * A range in blocks of BLOCK_BYTES, for spaces that free memory where it lies. Each block has a record in a table (BLOCK_*), in non-moving memory.
 *
 *   FREE ──▶ SMALL ──▶ FREE          a row of objects and fillers: can always be walked (marksweep.ts)
 *   FREE ──▶ LARGE REST … ──▶ FREE   one object, and a filler behind it (large.ts)
 *
 * The table is changed under CONTROL_HEAP_LOCK, or with the world stopped.
 */
import {
  BLOCK_BYTES,
  BLOCK_DIRTY,
  BLOCK_FREE,
  BLOCK_RECORD_BYTES,
  BLOCK_REST,
  BLOCK_STATE,
  CONTROL_CHECK,
  HEAP_BLOCK_BYTES,
  HEAP_BLOCK_COUNT,
  HEAP_BLOCK_HINT,
  HEAP_BLOCKS,
  HEAP_BLOCKS_START,
  HEAP_LARGE_LOWEST,
  LOG_BLOCK_BYTES,
  POISON_BYTE,
} from "../layout.gen";
import { Malloc } from "../malloc";

/** No block. */
export const NONE: u32 = 0xffffffff;

export abstract class Blocks {
  /** `count` blocks from `start` on; all are free. `dirty`: not 0 if the memory may have been written. */
  static init(start: usize, count: u32, dirty: u32): void {
    const table = Malloc.allocate(count * BLOCK_RECORD_BYTES + 8, 8);
    if (!table) unreachable();
    store<u32>(HEAP_BLOCKS, <u32>table);
    store<u32>(HEAP_BLOCKS_START, <u32>start);
    store<u32>(HEAP_BLOCK_COUNT, count);
    store<u32>(HEAP_BLOCK_HINT, 0);
    store<u32>(HEAP_LARGE_LOWEST, count);
    for (let i: u32 = 0; i < count; i++) store<u32>(Blocks.record(i), dirty, BLOCK_DIRTY);
  }

  @inline static count(): u32 {
    return load<u32>(HEAP_BLOCK_COUNT);
  }

  @inline static record(index: u32): usize {
    return load<u32>(HEAP_BLOCKS) + index * BLOCK_RECORD_BYTES;
  }

  @inline static state(index: u32): u32 {
    return load<u32>(Blocks.record(index), BLOCK_STATE);
  }

  @inline static address(index: u32): usize {
    return load<u32>(HEAP_BLOCKS_START) + (index << LOG_BLOCK_BYTES);
  }

  /** Index of the block an address lies in; not below `count` if it lies in none. */
  @inline static indexOf(address: usize): u32 {
    return <u32>(address - load<u32>(HEAP_BLOCKS_START)) >> LOG_BLOCK_BYTES;
  }

  /** Whether a block in use begins at the address. */
  static beginAt(address: usize): bool {
    const index = Blocks.indexOf(address);
    if (index >= Blocks.count() || Blocks.address(index) != address) return false;
    const state = Blocks.state(index);
    return state != BLOCK_FREE && state != BLOCK_REST;
  }

  /** The lowest free block, or NONE. */
  static findOne(): u32 {
    const count = Blocks.count();
    let index = load<u32>(HEAP_BLOCK_HINT);
    while (index < count && Blocks.state(index) != BLOCK_FREE) index++;
    store<u32>(HEAP_BLOCK_HINT, index);
    return index < count ? index : NONE;
  }

  /** The first of the highest `count` neighbouring free blocks at or above `lowest`, or NONE. */
  static findRun(count: u32, lowest: u32): u32 {
    let run: u32 = 0;
    for (let index = Blocks.count(); index-- > lowest; ) {
      run = Blocks.state(index) == BLOCK_FREE ? run + 1 : 0;
      if (run == count) return index;
    }
    return NONE;
  }

  /** Bytes of blocks that are not free. */
  @inline static inUse(): u32 {
    return load<u32>(HEAP_BLOCK_BYTES);
  }

  /** A free block is in use from now on. */
  @inline static use(index: u32, state: u32): void {
    store<u32>(Blocks.record(index), state, BLOCK_STATE);
    store<u32>(HEAP_BLOCK_BYTES, Blocks.inUse() + BLOCK_BYTES);
  }

  static free(index: u32): void {
    const record = Blocks.record(index);
    store<u32>(HEAP_BLOCK_BYTES, Blocks.inUse() - BLOCK_BYTES);
    store<u32>(record, BLOCK_FREE, BLOCK_STATE);
    store<u32>(record, 1, BLOCK_DIRTY);
    if (index < load<u32>(HEAP_BLOCK_HINT)) store<u32>(HEAP_BLOCK_HINT, index);
    if (load<u32>(CONTROL_CHECK)) memory.fill(Blocks.address(index), <u8>POISON_BYTE, BLOCK_BYTES);
  }

  /** The memory of a free block may be other than zero. */
  @inline static setDirty(index: u32): void {
    store<u32>(Blocks.record(index), 1, BLOCK_DIRTY);
  }

  /** Makes a block zero that was just taken. */
  @inline static clear(index: u32): void {
    if (load<u32>(Blocks.record(index), BLOCK_DIRTY)) memory.fill(Blocks.address(index), 0, BLOCK_BYTES);
  }
}
