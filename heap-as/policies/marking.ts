/**
 * Marking: objects stay where they are; a bit says that one lives (marks.ts). Depth first, by an explicit stack.
 *
 *   white ──bit set, pushed──▶ gray ──popped, visited──▶ black         without references: white ──bit set──▶ black
 *
 * The variables below hold during one collection of one instance only, with the world stopped.
 */
import {
  BLOCK_BYTES,
  BLOCK_FREE,
  BLOCK_SMALL,
  HEAP_BLOCKS_START,
  HEAP_GRAYS,
  HEAP_MARKS,
  HEAP_MARK_STACK,
  HEAP_MARK_STACK_END,
  LOG_BLOCK_BYTES,
  TYPE_KIND,
  TYPE_KIND_DATA,
} from "../layout.gen";
import { Objects } from "../objects";
import { References, Tracer } from "../references";
import { Blocks } from "../spaces/blocks";
import { LargeSpace } from "../spaces/large";
import { ObjectMap } from "../spaces/object-map";
import { BLOCK_MARK_BYTES, Marks } from "./marks";

const OBJECTS_PER_CALL: i32 = 4096;

let start: usize = 0;
let bytes: usize = 0;
let marks: usize = 0;
let stackStart: usize = 0;
let stackEnd: usize = 0;
/** The next free word of the stack. */
let stack: usize = 0;
let overflowed: bool = false;
let clearSoft: bool = false;

export class Marking extends Tracer {
  /** Begins a collection of all blocks. */
  static begin(clear: bool): Marking {
    start = load<u32>(HEAP_BLOCKS_START);
    bytes = Blocks.count() << LOG_BLOCK_BYTES;
    marks = load<u32>(HEAP_MARKS);
    stackStart = load<u32>(HEAP_MARK_STACK);
    stackEnd = load<u32>(HEAP_MARK_STACK_END);
    stack = stackStart;
    overflowed = false;
    clearSoft = clear;
    Marks.clear();
    return changetype<Marking>(0);
  }

  @inline private static mark(object: usize): void {
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
      Marking.overflow(offset);
    }
  }

  private static overflow(offset: usize): void {
    const word = <usize>load<u32>(HEAP_GRAYS) + ((offset >> 8) << 2);
    store<u32>(word, load<u32>(word) | ((<u32>1) << (<u32>(offset >> 3) & 31)));
    overflowed = true;
  }

  @inline slot(slot: usize): void {
    const object = <usize>load<u32>(slot);
    if (object - start < bytes) Marking.mark(object);
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    changetype<Marking>(0).slot(slot);
  }

  interior(slot: usize): void {
    const address = <usize>load<u32>(slot);
    if (address - start >= bytes) return;
    const index = Blocks.indexOf(address);
    Marking.mark(
      Blocks.state(index) == BLOCK_SMALL
        ? ObjectMap.search(Blocks.address(index), address)
        : LargeSpace.holder(address),
    );
  }

  reference(object: usize, type: usize): void {
    References.visit<Marking>(this, object, type, clearSoft);
  }

  @inline survivor(object: usize): usize {
    const offset = object - start;
    if (offset >= bytes) return object;
    return (load<u32>(marks + ((offset >> 8) << 2)) >> (<u32>(offset >> 3) & 31)) & 1 ? object : 0;
  }

  close(): void {
    for (;;) {
      while (stack > stackStart) this.closeSome();
      if (!overflowed) return;
      overflowed = false;
      this.closeOverflowed();
    }
  }

  /** A bounded part of the work per call: an engine that compiles a better version of this function meanwhile uses it from the next call on. */
  private closeSome(): void {
    for (let i = 0; i < OBJECTS_PER_CALL && stack > stackStart; i++) {
      stack -= 4;
      const object = <usize>load<u32>(stack);
      Objects.visit<Marking>(this, object, load<u32>(object));
    }
  }

  /** Visits the objects that the stack had no room for. */
  private closeOverflowed(): void {
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
          Objects.visit<Marking>(this, object, load<u32>(object));
          while (stack > stackStart) this.closeSome();
        }
      }
    }
  }
}
