/**
 * Small objects in blocks and lines (Immix; Blackburn and McKinley 2008). What is free between survivors is handed out in whole lines, by address:
 * the lines of recycled blocks first, then free blocks. So allocation is bumping, and neighbours in time are neighbours in memory.
 *
 *   block   ┆ line ┆ line ┆ ...        of LINE_BYTES; a hole is one or more lines in which no survivor lies
 *   hole    ┌ bytes | FILLER ┬ next hole ┬ ... ┐
 *
 * Objects above LINE_BYTES that do not fit the hole at hand come from an *overflow* block, so that they do not use up small holes. A collection that finds much
 * of its blocks neither live nor usable moves the objects of the emptiest of them together; HEADROOM keeps some blocks free for that.
 * Of a block in use the record says how many bytes live at most: those that did at the last sweep, and what was handed out since (BLOCK_EXTENT); and whether it is to be evacuated (BLOCK_NEXT).
 */
import {
  BLOCK_BYTES,
  BLOCK_EXTENT,
  BLOCK_FREE,
  BLOCK_NEXT,
  BLOCK_SMALL,
  BLOCK_STATE,
  CONTROL_CHECK,
  FILLER,
  HEAP_HOLES,
  HEAP_OVERFLOW,
  HEAP_SMALL_BYTES,
  HEAP_STRIPE_HOLES,
  LOG_BLOCK_BYTES,
  POISON_BYTE,
} from "../layout.gen";
import { Objects } from "../objects";
import { Malloc } from "../malloc";
import { Destination } from "../parallel/copies";
import { Sweeper, Sweeping } from "../parallel/sweeping";
import { Alone, Team } from "../parallel/team";
import { Marks } from "../policies/marks";
import { Taken } from "../taken";
import { Blocks, NONE } from "./blocks";

const LOG_LINE_BYTES: u32 = 8;
export const LINE_BYTES: u32 = 1 << LOG_LINE_BYTES;
const NEXT: usize = 4;
/** One block of so many is kept for evacuation. */
const HEADROOM: u32 = 40;
/** A block of which less lives can be evacuated. */
const SPARSE_BYTES: u32 = (BLOCK_BYTES / 4) * 3;
const BUCKET_BYTES: u32 = 1024;

/** Free blocks, for what is evacuated. The sweep makes holes of what is not used. */
export class FreeBlocks extends Destination {
  @inline number(): u32 {
    return 0;
  }

  @inline contiguous(): bool {
    return false;
  }

  take(least: u32, most: u32): usize {
    const block = Blocks.findOne();
    if (block == NONE) return 0;
    Blocks.use(block, BLOCK_SMALL);
    store<u32>(Blocks.record(block), 0, BLOCK_NEXT);
    Marks.clear(block);
    Taken.bytes = BLOCK_BYTES;
    return Blocks.address(block);
  }

  giveBack(start: usize, end: usize): void {
    Objects.fill(start, end);
  }

  @inline placed(copy: usize, type: usize, several: bool): void {}
}

export abstract class ImmixSpace {
  @inline static used(): u32 {
    return load<u32>(HEAP_SMALL_BYTES);
  }

  /** Bytes that the mutator may use of all blocks. */
  static capacity(): u32 {
    const count = Blocks.count();
    return (count > 1 ? count - count / HEADROOM - 1 : count) << LOG_BLOCK_BYTES;
  }

  /**
   * Hands out `most` bytes, or fewer, but at least `least`, which is no more than BLOCK_BYTES; 0: there is no such hole. `room`: whether another block
   * may be used. The caller holds the lock, and afterwards makes the memory zero (see `clear`).
   */
  static take(least: u32, most: u32, room: bool): usize {
    const isSmall = least <= LINE_BYTES;
    const link: usize = isSmall ? HEAP_HOLES : HEAP_OVERFLOW;
    let hole = <usize>load<u32>(link);
    if (!hole || load<u32>(hole) < least) {
      const block = room ? Blocks.findOne() : NONE;
      if (block != NONE) {
        const record = Blocks.record(block);
        Blocks.use(block, BLOCK_SMALL);
        store<u32>(record, BLOCK_BYTES, BLOCK_EXTENT);
        store<u32>(record, 0, BLOCK_NEXT);
        // What the overflow block has left is for small objects.
        if (!isSmall) ImmixSpace.giveBack();
        return ImmixSpace.split(Blocks.address(block), BLOCK_BYTES, most, link);
      }
      ImmixSpace.giveBack();
      return ImmixSpace.search(least, most);
    }
    store<u32>(link, load<u32>(hole, NEXT));
    return ImmixSpace.split(hole, load<u32>(hole) & ~7, most, link);
  }

  /** The first hole that is large enough. */
  private static search(least: u32, most: u32): usize {
    let link: usize = HEAP_HOLES;
    for (let hole = <usize>load<u32>(link); hole; hole = load<u32>(link)) {
      const bytes = load<u32>(hole) & ~7;
      if (bytes >= least) {
        store<u32>(link, load<u32>(hole, NEXT));
        return ImmixSpace.split(hole, bytes, most, HEAP_HOLES);
      }
      link = hole + NEXT;
    }
    return 0;
  }

  private static giveBack(): void {
    const hole = <usize>load<u32>(HEAP_OVERFLOW);
    if (!hole) return;
    store<u32>(HEAP_OVERFLOW, 0);
    store<u32>(hole, load<u32>(HEAP_HOLES), NEXT);
    store<u32>(HEAP_HOLES, <u32>hole);
  }

  /** Hands out the front of a hole; the rest is the first hole of the list if it has a line. */
  private static split(hole: usize, size: u32, most: u32, link: usize): usize {
    const bytes = min(most, size);
    const rest = hole + bytes;
    Objects.fill(rest, hole + size);
    if (size - bytes >= LINE_BYTES) {
      store<u32>(rest, load<u32>(link), NEXT);
      store<u32>(link, <u32>rest);
    }
    const record = Blocks.record(Blocks.indexOf(hole));
    store<u32>(record, min(BLOCK_BYTES, load<u32>(record, BLOCK_EXTENT) + bytes), BLOCK_EXTENT);
    store<u32>(HEAP_SMALL_BYTES, ImmixSpace.used() + bytes);
    Taken.bytes = bytes;
    return hole;
  }

  /** [start, end) is free: it becomes the first hole if it has the bytes of a line. */
  static add(start: usize, end: usize): void {
    if (start >= end) return;
    Objects.fill(start, end);
    if (end - start < <usize>LINE_BYTES) return;
    store<u32>(start, load<u32>(HEAP_HOLES), NEXT);
    store<u32>(HEAP_HOLES, <u32>start);
  }

  /** Makes memory zero that was just taken. */
  @inline static clear(start: usize, bytes: u32): void {
    if (bytes == BLOCK_BYTES) Blocks.clear(Blocks.indexOf(start));
    else memory.fill(start, 0, bytes);
  }

  // ---- evacuation: with the world stopped ----

  /** Whether an eighth of the blocks in use, or more, was free and yet not handed out. */
  static isFragmented(): bool {
    let blocks: u32 = 0;
    for (let index: u32 = 0, count = Blocks.count(); index < count; index++)
      if (Blocks.state(index) == BLOCK_SMALL) blocks++;
    const bytes = blocks << LOG_BLOCK_BYTES;
    return bytes - ImmixSpace.used() > bytes >> 3;
  }

  /** Chooses the blocks to be evacuated: the emptiest, as many as fit free blocks by what lived at the last sweep. False: there are none. */
  static choose(): bool {
    let room: u32 = 0;
    const count = Blocks.count();
    for (let index: u32 = 0; index < count; index++) if (Blocks.state(index) == BLOCK_FREE) room += BLOCK_BYTES;
    // Up to how many live bytes all blocks fit; then some of those that have a little more.
    let most: u32 = 0;
    let sum: u32 = 0;
    while (most < SPARSE_BYTES) {
      const next = most + BUCKET_BYTES;
      const bytes = ImmixSpace.liveIn(next);
      if (bytes > room) break;
      most = next;
      sum = bytes;
    }
    let chosen = false;
    for (let index: u32 = 0; index < count; index++) {
      const record = Blocks.record(index);
      if (load<u32>(record, BLOCK_STATE) != BLOCK_SMALL) continue;
      const live = load<u32>(record, BLOCK_EXTENT);
      const isMore = live > most && live <= min(most + BUCKET_BYTES, SPARSE_BYTES) && sum + live <= room;
      if (isMore) sum += live;
      store<u32>(record, isMore || live <= most ? 1 : 0, BLOCK_NEXT);
      if (isMore || live <= most) chosen = true;
    }
    return chosen;
  }

  /** Right after a sweep: chooses the highest blocks, as many as fit the free ones below them, so that those that are free then are neighbours. */
  static chooseHigh(): bool {
    let low: u32 = 0;
    let room: u32 = 0;
    let chosen = false;
    for (let high = Blocks.count(); high-- > low; ) {
      const record = Blocks.record(high);
      if (load<u32>(record, BLOCK_STATE) != BLOCK_SMALL) continue;
      const live = load<u32>(record, BLOCK_EXTENT);
      for (; room < live && low < high; low++) if (Blocks.state(low) == BLOCK_FREE) room += BLOCK_BYTES;
      if (room < live) break;
      room -= live;
      store<u32>(record, 1, BLOCK_NEXT);
      chosen = true;
    }
    return chosen;
  }

  /** Chooses all blocks. */
  static chooseAll(): void {
    for (let index: u32 = 0, count = Blocks.count(); index < count; index++)
      if (Blocks.state(index) == BLOCK_SMALL) store<u32>(Blocks.record(index), 1, BLOCK_NEXT);
  }

  /** Bytes that live in blocks in which no more than so many do. */
  private static liveIn(most: u32): u32 {
    let sum: u32 = 0;
    for (let index: u32 = 0, count = Blocks.count(); index < count; index++) {
      const record = Blocks.record(index);
      const live = load<u32>(record, BLOCK_EXTENT);
      if (load<u32>(record, BLOCK_STATE) == BLOCK_SMALL && live <= most) sum += live;
    }
    return sum;
  }

  // ---- sweeping ----

  /** What is not marked becomes holes and free blocks. From high to low, so that the list is by address. */
  static sweep<P extends Team>(): void {
    store<u32>(HEAP_OVERFLOW, 0);
    const stripes = Sweeping.stripes();
    const table = Malloc.allocate(max(stripes << 3, 8), 8);
    store<u32>(HEAP_STRIPE_HOLES, <u32>table);
    store<u32>(HEAP_HOLES, 0);
    const sweeper = changetype<ImmixSweeper>(0);
    if (!table) return Sweeping.run<Alone, ImmixSweeper>(sweeper);
    Sweeping.run<P, ImmixSweeper>(sweeper);
    let next: u32 = 0;
    for (let stripe = stripes; stripe-- > 0; ) {
      const first = load<u32>(table + (stripe << 3));
      if (!first) continue;
      store<u32>(load<u32>(table + (stripe << 3), 4), next);
      next = first;
    }
    store<u32>(HEAP_HOLES, next);
    Malloc.free(<u32>table);
  }

  /** A helper's part of that. */
  static help(): void {
    Sweeping.help<ImmixSweeper>(changetype<ImmixSweeper>(0));
  }

  /** Bytes of the objects that live. The list of the block's holes is put in front of the others of its stripe. */
  static sweepBlock(index: u32, stripe: u32): u32 {
    const start = Blocks.address(index);
    const marks = Marks.wordOf(start);
    const table = <usize>load<u32>(HEAP_STRIPE_HOLES);
    const head: usize = table ? table + (stripe << 3) : HEAP_HOLES;
    const others = load<u32>(head);
    let live: u32 = 0;
    let at = start;
    let link = head;
    for (let word: u32 = 0; word < BLOCK_BYTES >> 9; word++) {
      for (let bits = load<u64>(marks + (word << 3)); bits; bits &= bits - 1) {
        const object = start + (word << 9) + ((<u32>ctz<u64>(bits)) << 3);
        if (object > at) link = ImmixSpace.release(at, object, link);
        const size = Objects.size(object, load<u32>(object));
        live += size;
        at = object + size;
      }
    }
    if (!live) return 0;
    link = ImmixSpace.release(at, start + BLOCK_BYTES, link);
    if (link == head) return live;
    store<u32>(link, others);
    if (!others && table) store<u32>(head, <u32>link, 4);
    return live;
  }

  /** [start, end) is free: fillers, and a hole of the lines in it, appended at `link`. Returns where the next one is appended. */
  private static release(start: usize, end: usize, link: usize): usize {
    if (start == end) return link;
    if (load<u32>(CONTROL_CHECK)) memory.fill(start, <u8>POISON_BYTE, end - start);
    const base = Blocks.address(0);
    const first = base + ((start - base + LINE_BYTES - 1) & ~(LINE_BYTES - 1));
    const last = base + ((end - base) & ~(LINE_BYTES - 1));
    if (first >= last) {
      Objects.fill(start, end);
      return link;
    }
    Objects.fill(start, first);
    store<u32>(first, <u32>(last - first) | FILLER);
    Objects.fill(last, end);
    store<u32>(link, <u32>first);
    return first + NEXT;
  }
}

class ImmixSweeper extends Sweeper {
  @inline sweepBlock(index: u32, stripe: u32): u32 {
    return ImmixSpace.sweepBlock(index, stripe);
  }

  @inline swept(index: u32, bytes: u32): void {
    store<u32>(Blocks.record(index), bytes, BLOCK_EXTENT);
    store<u32>(Blocks.record(index), 0, BLOCK_NEXT);
  }

  end(): void {}
}
