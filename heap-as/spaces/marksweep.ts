/**
 * Small objects that stay where they are, by segregated fits: a block is a row of objects and holes, and holes are in lists by size: exact ones
 * below 512 bytes, by the power of two that is reached above. A hole is handed out whole, as an allocation buffer, or its front.
 *
 *   hole     ┌ bytes | FILLER ┬ next in list ┬ ... ┐      8 bytes at least; in a list from 16 on
 *
 * Sweeping goes over the mark bits: what lies between two marked objects becomes one hole, a block without any becomes free.
 */
import {
  BLOCK_BYTES,
  BLOCK_SMALL,
  COLLECTOR_HOLES,
  COLLECTOR_LAST_HOLES,
  CONTROL_CHECK,
  FILLER,
  HEAP_HOLES,
  HEAP_SMALL_BYTES,
  HOLE_LISTS,
  POISON_BYTE,
} from "../layout.gen";
import { Malloc } from "../malloc";
import { Objects } from "../objects";
import { Sweeper, Sweeping } from "../parallel/sweeping";
import { Self, Team } from "../parallel/team";
import { Marks } from "../policies/marks";
import { Taken } from "../taken";
import { Blocks, NONE } from "./blocks";

const NEXT: usize = 4;
/** Of holes of so many bytes there are exact lists below; and they are worth more than a block that was never touched. */
const LOG_GOOD_BYTES: u32 = 9;
const GOOD_BYTES: u32 = 1 << LOG_GOOD_BYTES;
const GOOD_LIST: u32 = GOOD_BYTES >> 3;
const LEAST_BYTES: u32 = 16;
/** So many holes of a list are looked at for one that is large enough: there may be a hundred thousand that are not. */
const LOOKS: u32 = 64;

export abstract class MarkSweepSpace {
  static init(): void {
    const table = Malloc.allocate(HOLE_LISTS << 2, 8);
    if (!table) unreachable();
    store<u32>(HEAP_HOLES, <u32>table);
  }

  /** Address of a list's first hole. */
  @inline private static head(list: u32): usize {
    return <usize>load<u32>(HEAP_HOLES) + (list << 2);
  }

  /** The list of holes of so many bytes, which is no less than LEAST_BYTES. */
  @inline private static listOf(bytes: u32): u32 {
    return bytes < GOOD_BYTES ? bytes >> 3 : GOOD_LIST + (31 - LOG_GOOD_BYTES) - clz<u32>(bytes);
  }

  /** The first list all of whose holes have so many bytes or more. */
  @inline private static sureList(bytes: u32): u32 {
    if (bytes <= LEAST_BYTES) return LEAST_BYTES >> 3;
    return bytes <= GOOD_BYTES ? (bytes + 7) >> 3 : GOOD_LIST + (32 - LOG_GOOD_BYTES) - clz<u32>(bytes - 1);
  }

  @inline static used(): u32 {
    return load<u32>(HEAP_SMALL_BYTES);
  }

  /**
   * Hands out `most` bytes, or fewer, but at least `least`, which is no more than BLOCK_BYTES; 0: there is no such hole. The caller holds the lock,
   * and afterwards makes the memory zero (see `clear`). The largest holes come first: few calls, and long runs of neighbours.
   */
  static take(least: u32, most: u32): usize {
    const sure = MarkSweepSpace.sureList(least);
    let size: u32 = 0;
    let hole = MarkSweepSpace.pop(max(sure, GOOD_LIST));
    if (!hole) {
      const block = Blocks.findOne();
      if (block != NONE) {
        Blocks.use(block, BLOCK_SMALL);
        hole = Blocks.address(block);
        size = BLOCK_BYTES;
      } else {
        hole = MarkSweepSpace.pop(sure);
        if (!hole && least > GOOD_BYTES) hole = MarkSweepSpace.search(least);
        if (!hole) return 0;
      }
    }
    if (!size) size = load<u32>(hole) & ~7;
    const bytes = min(most, size);
    MarkSweepSpace.add(hole + bytes, hole + size);
    store<u32>(HEAP_SMALL_BYTES, MarkSweepSpace.used() + bytes);
    Taken.bytes = bytes;
    return hole;
  }

  /** Makes memory zero that was just taken. */
  @inline static clear(start: usize, bytes: u32): void {
    if (bytes == BLOCK_BYTES) Blocks.clear(Blocks.indexOf(start));
    else memory.fill(start, 0, bytes);
  }

  /** Takes a hole out of the highest list that has one, from `lowest` on; 0: none. */
  private static pop(lowest: u32): usize {
    for (let list: u32 = HOLE_LISTS; list-- > lowest; ) {
      const head = MarkSweepSpace.head(list);
      const hole = <usize>load<u32>(head);
      if (!hole) continue;
      store<u32>(head, load<u32>(hole, NEXT));
      return hole;
    }
    return 0;
  }

  /** Takes a hole of at least so many bytes out of the list that may have such and smaller ones; 0: none was found. */
  private static search(least: u32): usize {
    let link = MarkSweepSpace.head(MarkSweepSpace.listOf(least));
    for (let hole = <usize>load<u32>(link), i: u32 = 0; hole && i < LOOKS; hole = load<u32>(link), i++) {
      if ((load<u32>(hole) & ~7) >= least) {
        store<u32>(link, load<u32>(hole, NEXT));
        return hole;
      }
      link = hole + NEXT;
    }
    return 0;
  }

  /** [start, end) is a hole from now on. */
  static add(start: usize, end: usize): void {
    if (start >= end) return;
    const bytes = <u32>(end - start);
    store<u32>(start, bytes | FILLER);
    if (bytes < LEAST_BYTES) return;
    const head = MarkSweepSpace.head(MarkSweepSpace.listOf(bytes));
    store<u32>(start, load<u32>(head), NEXT);
    store<u32>(head, <u32>start);
  }

  /** Everything that is not marked becomes holes and free blocks. From high to low: what is low is first in its list. */
  static sweep<P extends Team>(): void {
    memory.fill(MarkSweepSpace.head(0), 0, HOLE_LISTS << 2);
    MarkSweepSpace.begin();
    Sweeping.run<P, MarkSweepSweeper>(changetype<MarkSweepSweeper>(0));
  }

  /** A helper's part of that. */
  static help(): void {
    MarkSweepSpace.begin();
    Sweeping.help<MarkSweepSweeper>(changetype<MarkSweepSweeper>(0));
  }

  private static begin(): void {
    memory.fill(Self.record + COLLECTOR_HOLES, 0, HOLE_LISTS << 2);
  }

  /** The holes that this collector has found are everybody's. */
  static give(): void {
    for (let list: u32 = 0; list < HOLE_LISTS; list++) {
      const first = load<u32>(Self.record + (list << 2), COLLECTOR_HOLES);
      if (!first) continue;
      const head = MarkSweepSpace.head(list);
      store<u32>(load<u32>(Self.record + (list << 2), COLLECTOR_LAST_HOLES), load<u32>(head), NEXT);
      store<u32>(head, first);
    }
  }

  /** Bytes of the objects that live. */
  static sweepBlock(index: u32): u32 {
    const start = Blocks.address(index);
    const marks = Marks.wordOf(start);
    let live: u32 = 0;
    let at = start;
    for (let word: u32 = 0; word < BLOCK_BYTES >> 9; word++) {
      let bits = load<u64>(marks + (word << 3));
      while (bits) {
        const object = start + (word << 9) + ((<u32>ctz<u64>(bits)) << 3);
        bits &= bits - 1;
        if (object > at) MarkSweepSpace.release(at, object);
        const size = Objects.size(object, load<u32>(object));
        live += size;
        at = object + size;
      }
    }
    if (live && at < start + BLOCK_BYTES) MarkSweepSpace.release(at, start + BLOCK_BYTES);
    return live;
  }

  private static release(start: usize, end: usize): void {
    if (load<u32>(CONTROL_CHECK)) memory.fill(start, <u8>POISON_BYTE, end - start);
    const bytes = <u32>(end - start);
    store<u32>(start, bytes | FILLER);
    if (bytes < LEAST_BYTES) return;
    const list = Self.record + (MarkSweepSpace.listOf(bytes) << 2);
    const first = load<u32>(list, COLLECTOR_HOLES);
    store<u32>(start, first, NEXT);
    store<u32>(list, <u32>start, COLLECTOR_HOLES);
    if (!first) store<u32>(list, <u32>start, COLLECTOR_LAST_HOLES);
  }
}

class MarkSweepSweeper extends Sweeper {
  @inline sweepBlock(index: u32, stripe: u32): u32 {
    return MarkSweepSpace.sweepBlock(index);
  }

  @inline swept(index: u32, bytes: u32): void {}

  end(): void {
    MarkSweepSpace.give();
  }
}
