/**
 * Sliding compaction (after Kermany and Petrank's Compressor, 2006): live objects of one range keep their order and close up toward its start.
 *
 *   mark       a bit for each live object (marks.ts)
 *   measure    bits for all 8 bytes of each object; for each CELL_BYTES, where its first live byte will be
 *   relocate   each reference, by the table and the bits below its object's in the cell
 *   slide      runs of objects without gap, each right after its references were relocated
 *
 * A word must be relocated once: a guest's tracer may name none twice. An interior reference needs no search, since every 8 bytes have a bit.
 */
import {
  CONTROL_WEAK_ROOTS,
  BLOCK_BYTES,
  HEAP_CELLS,
  HEAP_CURRENT,
  HEAP_MARKS,
  ROOTS_NEXT,
  TYPE_LINK,
  TYPE_REFERENT,
} from "../layout.gen";
import { Malloc } from "../malloc";
import { Objects, Visitor } from "../objects";
import { Gray } from "../parallel/gray";
import { Team } from "../parallel/team";
import { References, Tracer } from "../references";
import { Roots } from "../roots";
import { Blocks } from "../spaces/blocks";
import { BumpSpace } from "../spaces/bump";
import { LargeSpace } from "../spaces/large";
import { ObjectMap } from "../spaces/object-map";
import { Marks } from "./marks";

/** As much as one 64-bit word of mark bits covers. */
const LOG_CELL_BYTES: u32 = 9;
/** A run is moved when it is so long, while the cache still has it. */
const RUN_BYTES: usize = 16384;

// Hold during one collection.
/** [start, start + bytes): where objects move. */
let start: usize = 0;
let bytes: usize = 0;
let marks: usize = 0;
let cells: usize = 0;

/** Finds what lives. */
export class CompactMarking<P extends Team> extends Tracer {
  /** Each collector, when a collection of the space HEAP_CURRENT begins. */
  begin(): void {
    const space = <usize>load<u32>(HEAP_CURRENT);
    start = BumpSpace.start(space);
    bytes = BumpSpace.used(space);
    Marks.begin();
    ObjectMap.begin(start, start + bytes);
  }

  @inline roots(stripes: u32): void {}

  @inline several(): bool {
    return changetype<P>(0).several();
  }

  @inline slot(slot: usize): void {
    const object = <usize>load<u32>(slot);
    if (Marks.cover(object)) Marks.mark<P>(object);
  }

  interior(slot: usize): void {
    const address = <usize>load<u32>(slot);
    if (address - start < bytes) Marks.mark<P>(ObjectMap.find(address));
    else if (Marks.cover(address)) Marks.mark<P>(LargeSpace.holder(address));
  }

  reference(object: usize, type: usize): void {
    References.visit<CompactMarking<P>>(this, object, type);
  }

  @inline survivor(object: usize): usize {
    return !Marks.cover(object) || Marks.isMarked(object) ? object : 0;
  }

  @inline scan(): bool {
    return false;
  }

  close(): void {
    Gray.close<CompactMarking<P>>(this);
  }
}

/** Gives each reference its object's new address. */
export class Relocating extends Visitor {
  /** The address that a live byte of the range will have. */
  @inline private static moved(address: usize): usize {
    const offset = address - start;
    const cell = offset >> LOG_CELL_BYTES;
    const below = load<u64>(marks + (cell << 3)) & (((<u64>1) << ((offset >> 3) & 63)) - 1);
    return <usize>load<u32>(cells + (cell << 2)) + ((<usize>popcnt<u64>(below)) << 3) + (address & 7);
  }

  @inline slot(slot: usize): void {
    const object = <usize>load<u32>(slot);
    if (object - start < bytes) store<u32>(slot, <u32>Relocating.moved(object));
  }

  interior(slot: usize): void {
    this.slot(slot);
  }

  reference(object: usize, type: usize): void {
    this.slot(object + load<u32>(type, TYPE_REFERENT));
    this.slot(object + load<u32>(type, TYPE_LINK));
  }
}

export abstract class Compacting {
  /** The table of cells for blocks of the number; once. */
  static init(blocks: u32): void {
    const table = Malloc.allocate(blocks << 8, 8);
    if (!table) unreachable();
    assert(BLOCK_BYTES >> LOG_CELL_BYTES == 1 << 6);
    store<u32>(HEAP_CELLS, <u32>table);
  }

  /** When all that lives is marked: moves it. Returns the new end of the range. */
  static run(): usize {
    ObjectMap.end();
    marks = load<u32>(HEAP_MARKS);
    cells = load<u32>(HEAP_CELLS);
    Compacting.fillBits();
    const end = Compacting.fillCells();
    const visitor = changetype<Relocating>(0);
    Roots.visit<Relocating>(visitor);
    for (let block = <usize>load<u32>(CONTROL_WEAK_ROOTS); block; block = load<u32>(block, ROOTS_NEXT))
      Roots.block<Relocating>(visitor, block);
    for (let object = LargeSpace.next(0); object; object = LargeSpace.next(object))
      Objects.visit<Relocating>(visitor, object, load<u32>(object));
    Compacting.slide(visitor);
    return end;
  }

  /** The first address from `at` on that has a bit; the range's end if there is none. */
  private static next(at: usize): usize {
    const end = start + bytes;
    if (at >= end) return end;
    let word = marks + (((at - start) >> LOG_CELL_BYTES) << 3);
    const last = marks + (((bytes - 1) >> LOG_CELL_BYTES) << 3);
    let bits = load<u64>(word) & (~(<u64>0) << (((at - start) >> 3) & 63));
    while (!bits) {
      word += 8;
      if (word > last) return end;
      bits = load<u64>(word);
    }
    return start + ((word - marks) << 6) + ((<usize>ctz<u64>(bits)) << 3);
  }

  /** Marks all of each object whose first word is marked. */
  private static fillBits(): void {
    const end = start + bytes;
    for (let object = Compacting.next(start); object < end; ) {
      const next = object + Objects.size(object, load<u32>(object));
      let word = marks + (((object - start) >> LOG_CELL_BYTES) << 3);
      const last = marks + (((next - 8 - start) >> LOG_CELL_BYTES) << 3);
      let bits = ~(<u64>0) << (((object - start) >> 3) & 63);
      while (word < last) {
        store<u64>(word, load<u64>(word) | bits);
        bits = ~(<u64>0);
        word += 8;
      }
      bits &= ~(<u64>0) >> (63 - (((next - 8 - start) >> 3) & 63));
      store<u64>(word, load<u64>(word) | bits);
      object = Compacting.next(next);
    }
  }

  /** Where the first live byte of each cell will be; returns the end of all. */
  private static fillCells(): usize {
    const count = (bytes + (1 << LOG_CELL_BYTES) - 1) >> LOG_CELL_BYTES;
    let target = start;
    for (let cell: usize = 0; cell < count; cell++) {
      store<u32>(cells + (cell << 2), <u32>target);
      target += (<usize>popcnt<u64>(load<u64>(marks + (cell << 3)))) << 3;
    }
    return target;
  }

  private static slide(visitor: Relocating): void {
    const end = start + bytes;
    let target = start;
    for (let object = Compacting.next(start); object < end; ) {
      const run = object;
      object = Compacting.relocate(visitor, object, end);
      if (target != run) memory.copy(target, run, object - run);
      target += object - run;
      object = Compacting.next(object);
    }
  }

  /** Relocates what the objects of a run refer to, RUN_BYTES or a little more of it; returns the address behind them. */
  private static relocate(visitor: Relocating, object: usize, end: usize): usize {
    const most = object + RUN_BYTES;
    do {
      object += Objects.visit<Relocating>(visitor, object, load<u32>(object));
    } while (object < most && object < end && Marks.isMarked(object));
    return object;
  }

  /** For what a tracer of the guest finds, when the marking is over. */
  static visit(slot: usize): void {
    changetype<Relocating>(0).slot(slot);
  }
}
