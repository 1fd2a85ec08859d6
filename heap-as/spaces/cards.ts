/**
 * The card table: one byte for each card of 512 bytes of memory, set by the write barrier. What a collection of young objects finds by it are the references
 * to them in older objects.
 *
 *   0 clean ──reference stored──▶ 1 marked ──collection: cleared, then every object in it visited──▶ 0, or 1 again for a referent that stays young
 *
 * Where objects begin in a card, mark bits tell: those of one card are one 64-bit word. Of arrays only the elements in marked cards are visited, all other
 * objects whole, however many cards they lie in; so an object may be visited more than once.
 */
import {
  BLOCK_BYTES,
  BLOCK_EXTENT,
  BLOCK_FREE,
  BLOCK_LARGE,
  BLOCK_SMALL,
  CONTROL_CARDS,
  HEAP_YOUNG_BYTES,
  LOG_BLOCK_BYTES,
  LOG_CARD_BYTES,
  TYPE_ELEMENT_BYTES,
  TYPE_KIND,
  TYPE_KIND_CUSTOM,
  TYPE_KIND_DATA,
  TYPE_KIND_REFS,
  TYPE_KIND_STRUCTS,
  TYPE_LENGTH_OFFSET,
  TYPE_SIZE,
} from "../layout.gen";
import { Malloc } from "../malloc";
import { Objects } from "../objects";
import { Marks } from "../policies/marks";
import { Tracer } from "../references";
import { Blocks } from "./blocks";

const CARD_BYTES: u32 = 1 << LOG_CARD_BYTES;

/** One MiB. */
const STRIPE_BLOCKS: u32 = 32;

export abstract class Cards {
  /** A table for all memory below `end`. */
  static init(end: usize): void {
    const table = Malloc.allocate(<u32>(end >> LOG_CARD_BYTES) + 8, 8);
    if (!table) unreachable();
    store<u32>(CONTROL_CARDS, <u32>table);
  }

  /** A collector has stored a reference in an object: its card is marked, if there are cards. */
  @inline static mark(slot: usize): void {
    const cards = <usize>load<u32>(CONTROL_CARDS);
    if (cards) store<u8>(cards + (slot >> LOG_CARD_BYTES), 1);
  }

  /** Marks all cards of a range that is a multiple of cards. */
  static markAll(start: usize, bytes: u32): void {
    memory.fill(<usize>load<u32>(CONTROL_CARDS) + (start >> LOG_CARD_BYTES), 1, bytes >> LOG_CARD_BYTES);
  }

  @inline static isMarked(slot: usize): bool {
    return load<u8>(<usize>load<u32>(CONTROL_CARDS) + (slot >> LOG_CARD_BYTES)) != 0;
  }

  /** Visits what old objects hold in marked cards, in block `index` and, if a large object begins there, in its others. */
  static scan<T extends Tracer>(tracer: T, index: u32): void {
    const state = Blocks.state(index);
    if (state == BLOCK_SMALL) return Cards.scanRange<T>(tracer, Blocks.address(index), BLOCK_BYTES, 0);
    if (state != BLOCK_LARGE) return;
    const object = Blocks.address(index);
    const bytes = load<u32>(Blocks.record(index), BLOCK_EXTENT) << LOG_BLOCK_BYTES;
    if (load<u32>(load<u32>(object), TYPE_KIND) != TYPE_KIND_DATA) Cards.scanRange<T>(tracer, object, bytes, object);
  }

  /** The blocks behind the young space are scanned by stripes: how many there are. */
  static stripes(): u32 {
    return (Blocks.count() - Cards.first() + STRIPE_BLOCKS - 1) / STRIPE_BLOCKS;
  }

  static scanStripe<T extends Tracer>(tracer: T, stripe: u32): void {
    const first = Cards.first() + stripe * STRIPE_BLOCKS;
    const end = min(first + STRIPE_BLOCKS, Blocks.count());
    for (let index = first; index < end; index++) Cards.scan<T>(tracer, index);
  }

  private static first(): u32 {
    return load<u32>(HEAP_YOUNG_BYTES) >> LOG_BLOCK_BYTES;
  }

  /** `large`: the only object; 0: the range is a block of small ones. */
  private static scanRange<T extends Tracer>(tracer: T, start: usize, bytes: u32, large: usize): void {
    const table = <usize>load<u32>(CONTROL_CARDS) + (start >> LOG_CARD_BYTES);
    const count = bytes >> LOG_CARD_BYTES;
    for (let card: u32 = 0; card < count; ) {
      if (!(card & 7) && !load<u64>(table + card)) {
        card += 8;
        continue;
      }
      if (!load<u8>(table + card)) {
        card++;
        continue;
      }
      const first = card;
      for (; card < count && load<u8>(table + card); card++) {
        if (tracer.several()) atomic.xchg<u8>(table + card, 0);
        else store<u8>(table + card, 0);
      }
      const from = start + first * CARD_BYTES;
      const to = start + card * CARD_BYTES;
      if (large) Cards.visit<T>(tracer, large, from, to);
      else Cards.visitSmall<T>(tracer, start, first, from, to);
    }
  }

  /** Visits what lies in cards [from, to) of a block. */
  private static visitSmall<T extends Tracer>(tracer: T, block: usize, first: u32, from: usize, to: usize): void {
    const marks = Marks.wordOf(block);
    const before = Cards.before(block, marks, first);
    if (before && before + Objects.size(before, load<u32>(before)) > from) Cards.visit<T>(tracer, before, from, to);
    for (let card = from; card < to; card += CARD_BYTES) {
      for (let bits = load<u64>(marks + ((card - block) >> 6)); bits; bits &= bits - 1)
        Cards.visit<T>(tracer, card + ((<usize>ctz<u64>(bits)) << 3), from, to);
    }
  }

  /** The last object that begins in front of card number `card` of the block; 0: none. */
  private static before(block: usize, marks: usize, card: u32): usize {
    while (card-- > 0) {
      const bits = load<u64>(marks + (card << 3));
      if (bits) return block + card * CARD_BYTES + ((<usize>(63 - clz<u64>(bits))) << 3);
    }
    return 0;
  }

  /** Visits the elements of an array in [from, to), or all of another object. Custom ones are in a list of their own. */
  private static visit<T extends Tracer>(tracer: T, object: usize, from: usize, to: usize): void {
    const type = <usize>load<u32>(object);
    const kind = load<u32>(type, TYPE_KIND);
    if (kind == TYPE_KIND_DATA || kind == TYPE_KIND_CUSTOM) return;
    if (kind != TYPE_KIND_REFS && kind != TYPE_KIND_STRUCTS) {
      Objects.visit<T>(tracer, object, type);
      return;
    }
    const stride = load<u32>(type, TYPE_ELEMENT_BYTES);
    const start = object + load<u32>(type, TYPE_SIZE);
    const end = start + load<u32>(object + load<u32>(type, TYPE_LENGTH_OFFSET)) * stride;
    const at = from <= start ? start : from - ((from - start) % stride);
    Objects.visitElements<T>(tracer, type, at, min(end, to));
  }
}
