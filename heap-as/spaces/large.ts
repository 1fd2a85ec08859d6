/**
 * Large objects: each has blocks of its own, and never moves. They are taken from the top of the range, so that small objects have the bottom.
 *
 * What is left of the last block stays empty: half a block on average.
 */
import {
  BLOCK_BYTES,
  BLOCK_EXTENT,
  BLOCK_LARGE,
  BLOCK_LARGE_MARKED,
  BLOCK_LARGE_YOUNG,
  BLOCK_REST,
  BLOCK_STATE,
  HEAP_LARGE_BYTES,
  HEAP_LARGE_LOWEST,
  HEAP_YOUNG_LARGE_BYTES,
  LOG_BLOCK_BYTES,
  TYPE_KIND,
  TYPE_KIND_CUSTOM,
  TYPE_KIND_DATA,
} from "../layout.gen";
import { Objects } from "../objects";
import { Gray } from "../parallel/gray";
import { Team } from "../parallel/team";
import { Tracer } from "../references";
import { Blocks, NONE } from "./blocks";
import { Cards } from "./cards";
import { Customs } from "./mature";

export abstract class LargeSpace {
  /** Bytes of blocks in use. */
  @inline static used(): u32 {
    return load<u32>(HEAP_LARGE_BYTES);
  }

  /** Where the blocks of large objects begin; the end of the range if there is none. */
  @inline static start(): usize {
    return Blocks.address(load<u32>(HEAP_LARGE_LOWEST));
  }

  /** Bytes of blocks that an object of so many bytes takes. */
  @inline static extent(bytes: u32): u32 {
    return (bytes + BLOCK_BYTES - 1) & ~(BLOCK_BYTES - 1);
  }

  /** Memory for an object, in blocks from `lowest` on; 0: none. The caller holds the lock, and calls `clear` after it. */
  static take(bytes: u32, lowest: u32): usize {
    const count = LargeSpace.extent(bytes) >> LOG_BLOCK_BYTES;
    const first = Blocks.findRun(count, lowest);
    if (first == NONE) return 0;
    Blocks.use(first, BLOCK_LARGE);
    store<u32>(Blocks.record(first), count, BLOCK_EXTENT);
    for (let i: u32 = 1; i < count; i++) {
      Blocks.use(first + i, BLOCK_REST);
      store<u32>(Blocks.record(first + i), first, BLOCK_EXTENT);
    }
    store<u32>(HEAP_LARGE_BYTES, LargeSpace.used() + (count << LOG_BLOCK_BYTES));
    if (first < load<u32>(HEAP_LARGE_LOWEST)) store<u32>(HEAP_LARGE_LOWEST, first);
    return Blocks.address(first);
  }

  /** The same for an object that is young until it has survived a collection. */
  static takeYoung(bytes: u32): usize {
    const object = LargeSpace.take(bytes, 0);
    if (!object) return 0;
    const record = Blocks.record(Blocks.indexOf(object));
    store<u32>(record, BLOCK_LARGE_YOUNG, BLOCK_STATE);
    const young = load<u32>(HEAP_YOUNG_LARGE_BYTES);
    store<u32>(HEAP_YOUNG_LARGE_BYTES, young + (load<u32>(record, BLOCK_EXTENT) << LOG_BLOCK_BYTES));
    return object;
  }

  /** After a collection of young objects: frees those that are still young. */
  static sweepYoung(): void {
    if (!load<u32>(HEAP_YOUNG_LARGE_BYTES)) return;
    store<u32>(HEAP_YOUNG_LARGE_BYTES, 0);
    const end = Blocks.count();
    let lowest = end;
    for (let index = load<u32>(HEAP_LARGE_LOWEST); index < end; index++) {
      const record = Blocks.record(index);
      const state = load<u32>(record, BLOCK_STATE);
      if (state == BLOCK_LARGE && lowest == end) lowest = index;
      if (state == BLOCK_LARGE_YOUNG) LargeSpace.free(index);
    }
    store<u32>(HEAP_LARGE_LOWEST, lowest);
  }

  /** The object that begins in block `index` is gone. */
  private static free(index: u32): void {
    const count = load<u32>(Blocks.record(index), BLOCK_EXTENT);
    for (let i: u32 = 0; i < count; i++) Blocks.free(index + i);
    store<u32>(HEAP_LARGE_BYTES, LargeSpace.used() - (count << LOG_BLOCK_BYTES));
  }

  /** Makes the memory of a new object zero. */
  static clear(object: usize, bytes: u32): void {
    const first = Blocks.indexOf(object);
    const count = load<u32>(Blocks.record(first), BLOCK_EXTENT);
    for (let i: u32 = 0; i < count; i++) Blocks.clear(first + i);
    Objects.fill(object + bytes, object + (count << LOG_BLOCK_BYTES));
  }

  /** The large object that the address, in a block of one, belongs to. */
  static holder(address: usize): usize {
    const index = Blocks.indexOf(address);
    const record = Blocks.record(index);
    return Blocks.address(load<u32>(record, BLOCK_STATE) == BLOCK_REST ? load<u32>(record, BLOCK_EXTENT) : index);
  }

  /** The large object that lies above this one (0: the lowest); 0: none. */
  static next(object: usize): usize {
    let index = load<u32>(HEAP_LARGE_LOWEST);
    if (object) {
      const own = Blocks.indexOf(object);
      index = own + load<u32>(Blocks.record(own), BLOCK_EXTENT);
    }
    for (; index < Blocks.count(); index++) if (Blocks.state(index) == BLOCK_LARGE) return Blocks.address(index);
    return 0;
  }

  /** Marks in the table, and makes gray: for plans without mark bits. */
  static mark<P extends Team>(object: usize): void {
    const record = Blocks.record(Blocks.indexOf(object));
    if (load<u32>(record, BLOCK_STATE) != BLOCK_LARGE) return;
    if (!changetype<P>(0).several()) store<u32>(record, BLOCK_LARGE_MARKED, BLOCK_STATE);
    else if (atomic.cmpxchg<u32>(record, BLOCK_LARGE, BLOCK_LARGE_MARKED, BLOCK_STATE) != BLOCK_LARGE) return;
    if (Objects.hasReferences(load<u32>(object))) Gray.pushLarge(object);
  }

  @inline static isMarked(object: usize): bool {
    return Blocks.state(Blocks.indexOf(object)) == BLOCK_LARGE_MARKED;
  }

  /** Frees the objects that the tracer has not met, and forgets the marks. */
  static sweep<T extends Tracer>(tracer: T): void {
    const end = Blocks.count();
    let lowest = end;
    for (let index = load<u32>(HEAP_LARGE_LOWEST); index < end; index++) {
      const record = Blocks.record(index);
      const state = load<u32>(record, BLOCK_STATE);
      if (state != BLOCK_LARGE && state != BLOCK_LARGE_MARKED && state != BLOCK_LARGE_YOUNG) continue;
      const count = load<u32>(record, BLOCK_EXTENT);
      if (tracer.survivor(Blocks.address(index))) {
        if (state == BLOCK_LARGE_YOUNG) LargeSpace.promote(record, Blocks.address(index));
        else if (state == BLOCK_LARGE_MARKED) store<u32>(record, BLOCK_LARGE, BLOCK_STATE);
        if (lowest == end) lowest = index;
      } else {
        LargeSpace.free(index);
      }
      index += count - 1;
    }
    store<u32>(HEAP_LARGE_LOWEST, lowest);
    store<u32>(HEAP_YOUNG_LARGE_BYTES, 0);
  }

  /** A young object has survived a collection that did not visit old ones' references to it as such. What it refers to may be young: all its cards are marked. */
  private static promote(record: usize, object: usize): void {
    store<u32>(record, BLOCK_LARGE, BLOCK_STATE);
    const kind = load<u32>(load<u32>(object), TYPE_KIND);
    if (kind == TYPE_KIND_CUSTOM) Customs.add(object);
    if (kind != TYPE_KIND_DATA) Cards.markAll(object, load<u32>(record, BLOCK_EXTENT) << LOG_BLOCK_BYTES);
  }
}
