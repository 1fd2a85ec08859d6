/**
 * All of collected memory that is in use, as *rows*: ranges of objects and fillers without gap, from low to high. Whatever the plan is, they are the used
 * part of the bump space HEAP_CURRENT, if there is one, the used parts of the young space, and the blocks in use, if there are any. The same in TypeScript: src/heap/walk.ts.
 */
import {
  BLOCK_EXTENT,
  BLOCK_BYTES,
  BLOCK_FREE,
  BLOCK_SMALL,
  BLOCK_YOUNG,
  HEAP_CURRENT,
  LOG_BLOCK_BYTES,
} from "../layout.gen";
import { HEAP_BLOCKS_START } from "../layout.gen";
import { Blocks } from "./blocks";
import { BumpSpace } from "./bump";
import { Cards } from "./cards";
import { Young } from "./young";

export abstract class Rows {
  /** The row that `next` has found: [start, end). */
  static start: usize = 0;
  static end: usize = 0;

  /** The first row that begins at or above an address; false: none. The one behind it is `next(Rows.end)`. */
  static next(from: usize): bool {
    const space = <usize>load<u32>(HEAP_CURRENT);
    if (space && from <= BumpSpace.start(space) && BumpSpace.used(space)) {
      Rows.start = BumpSpace.start(space);
      Rows.end = BumpSpace.top(space);
      return true;
    }
    const first = <usize>load<u32>(HEAP_BLOCKS_START);
    let index: u32 = from <= first ? 0 : <u32>(from - first + BLOCK_BYTES - 1) >> LOG_BLOCK_BYTES;
    for (; index < Blocks.count(); index++) {
      const state = Blocks.state(index);
      if (state == BLOCK_FREE) continue;
      if (state == BLOCK_YOUNG) {
        const space = Young.next(Blocks.address(index));
        if (space) {
          Rows.start = BumpSpace.start(space);
          Rows.end = BumpSpace.top(space);
          return true;
        }
        index = Cards.first() - 1;
        continue;
      }
      Rows.start = Blocks.address(index);
      const count: u32 = state == BLOCK_SMALL ? 1 : load<u32>(Blocks.record(index), BLOCK_EXTENT);
      Rows.end = Rows.start + (count << LOG_BLOCK_BYTES);
      return true;
    }
    return false;
  }

  /** Whether the address lies in a row. */
  static hold(address: usize): bool {
    const space = <usize>load<u32>(HEAP_CURRENT);
    if (space && address - BumpSpace.start(space) < BumpSpace.used(space)) return true;
    if (Young.holds(address)) return Young.inUse(address);
    const index = Blocks.indexOf(address);
    return index < Blocks.count() && Blocks.state(index) != BLOCK_FREE;
  }
}
