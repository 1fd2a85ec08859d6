/**
 * Non-moving memory for metadata, stacks and code bytes: two-level segregated fits (Masmano et al. 2004). Each operation takes constant time:
 * a bit map says which size class has a free block, and neighbours that are both free are joined at once.
 *
 *   block in use        ┌ size | flags ┬ bytes asked for ┬ payload ...                                   ┐
 *   free block          ┌ size | flags ┬ 0               ┬ next in list ┬ previous in list ... │ size     ┐
 *                       +0             +4                +8             +12                    size - 4
 *
 * flags: bit 0 this block is in use, bit 1 the block before it (at lower addresses) is in use. Sizes are multiples of 8 and include
 * the header. Size classes: below 128 bytes one per 8 bytes; above, 16 per power of two.
 *
 * Payloads are zero when handed out. Memory at or above MALLOC_VIRGIN was never written (save the last word of the
 * last block), so a fresh stack of a megabyte costs no page until it is used.
 */
import {
  CONTROL_CHECK,
  CONTROL_MALLOC_LOCK,
  MALLOC_BLOCKS,
  MALLOC_FIRST,
  MALLOC_LISTS,
  MALLOC_SECOND,
  MALLOC_USED,
  MALLOC_VIRGIN,
  POISON_BYTE,
} from "./layout.gen";
import { Lock } from "./lock";

const USED: u32 = 1;
const PREVIOUS_USED: u32 = 2;
const FLAGS: u32 = 3;
const HEADER_BYTES: u32 = 8;
const REQUESTED: usize = 4;
const NEXT: usize = 8;
const PREVIOUS: usize = 12;
const LEAST_BYTES: u32 = 24;
const LARGEST_BYTES: u32 = 0x7fff0000;
const LOG_CLASSES: u32 = 4;

abstract class Blocks {
  @inline static size(block: usize): u32 {
    return load<u32>(block) & ~FLAGS;
  }

  /** Index of the size class that a free block of this size is kept in: first level × 16 + second level. */
  @inline static classOf(size: u32): u32 {
    if (size < 128) return size >> 3;
    const log = 31 - clz<u32>(size);
    return ((log - 6) << LOG_CLASSES) + ((size >> (log - LOG_CLASSES)) & 15);
  }

  static insert(block: usize, size: u32, previousUsed: u32): void {
    store<u32>(block, size | previousUsed);
    store<u32>(block, 0, REQUESTED);
    store<u32>(block + size - 4, size);
    const index = Blocks.classOf(size);
    const head = MALLOC_LISTS + (index << 2);
    const first = load<u32>(head);
    store<u32>(block, first, NEXT);
    store<u32>(block, 0, PREVIOUS);
    if (first) store<u32>(first, <u32>block, PREVIOUS);
    store<u32>(head, <u32>block);
    const level = index >> LOG_CLASSES;
    store<u32>(MALLOC_FIRST, load<u32>(MALLOC_FIRST) | (1 << level));
    const second = MALLOC_SECOND + (level << 2);
    store<u32>(second, load<u32>(second) | (1 << (index & 15)));
  }

  static remove(block: usize): void {
    const index = Blocks.classOf(Blocks.size(block));
    const next = load<u32>(block, NEXT);
    const previous = load<u32>(block, PREVIOUS);
    if (next) store<u32>(next, previous, PREVIOUS);
    if (previous) {
      store<u32>(previous, next, NEXT);
      return;
    }
    store<u32>(MALLOC_LISTS + (index << 2), next);
    if (next) return;
    const level = index >> LOG_CLASSES;
    const second = MALLOC_SECOND + (level << 2);
    const left = load<u32>(second) & ~(1 << (index & 15));
    store<u32>(second, left);
    if (!left) store<u32>(MALLOC_FIRST, load<u32>(MALLOC_FIRST) & ~(1 << level));
  }

  /** A free block of at least this size, still in its list; 0 if there is none. */
  static find(size: u32): usize {
    // Round up to the next class, so that any block of the class found is large enough.
    let rounded = size;
    if (size >= 128) rounded += (1 << (31 - clz<u32>(size) - LOG_CLASSES)) - 1;
    const index = Blocks.classOf(rounded);
    let level = index >> LOG_CLASSES;
    let bits = load<u32>(MALLOC_SECOND + (level << 2)) & ((<u32>-1) << (index & 15));
    if (!bits) {
      const above = load<u32>(MALLOC_FIRST) & ((<u32>-2) << level);
      if (!above) return Blocks.findExact(size);
      level = ctz<u32>(above);
      bits = load<u32>(MALLOC_SECOND + (level << 2));
    }
    return load<u32>(MALLOC_LISTS + (((level << LOG_CLASSES) + ctz<u32>(bits)) << 2));
  }

  /** Last resort: the class of the size itself may hold a block that is large enough. */
  static findExact(size: u32): usize {
    let block = load<u32>(MALLOC_LISTS + (Blocks.classOf(size) << 2));
    while (block && Blocks.size(block) < size) block = load<u32>(block, NEXT);
    return block;
  }

  /** Makes the first `size` bytes of a block that is in no list a block in use; the rest becomes a free block if it is large enough. */
  static carve(block: usize, size: u32, requested: u32): void {
    const flags = load<u32>(block) & PREVIOUS_USED;
    const whole = Blocks.size(block);
    const rest = whole - size;
    if (rest >= LEAST_BYTES) {
      Blocks.insert(block + size, rest, PREVIOUS_USED);
    } else {
      size = whole;
      const after = block + whole;
      store<u32>(after, load<u32>(after) | PREVIOUS_USED);
    }
    store<u32>(block, size | flags | USED);
    store<u32>(block, requested, REQUESTED);
    store<u32>(MALLOC_USED, load<u32>(MALLOC_USED) + size);
    store<u32>(MALLOC_BLOCKS, load<u32>(MALLOC_BLOCKS) + 1);
  }
}

export abstract class Malloc {
  /** Takes over [start, end). The last 8 bytes become a block in use that nobody frees: it stops joining. */
  static init(start: usize, end: usize): void {
    memory.fill(MALLOC_USED, 0, 2048);
    start = (start + 7) & ~7;
    end &= ~7;
    store<u32>(end - HEADER_BYTES, HEADER_BYTES | USED);
    Blocks.insert(start, <u32>(end - start) - HEADER_BYTES, PREVIOUS_USED);
    store<u32>(MALLOC_VIRGIN, <u32>start + LEAST_BYTES);
  }

  /** Address of at least `bytes` zero bytes; a multiple of `align` (a power of two, at least 8). 0: no memory. */
  static allocate(bytes: u32, align: u32): usize {
    if (bytes > LARGEST_BYTES || align > 0x1000000) return 0;
    let size = (bytes + HEADER_BYTES + 7) & ~7;
    if (size < LEAST_BYTES) size = LEAST_BYTES;
    Lock.acquire(CONTROL_MALLOC_LOCK);
    let block = Blocks.find(align <= 8 ? size : size + align + LEAST_BYTES);
    if (!block) {
      Lock.release(CONTROL_MALLOC_LOCK);
      return 0;
    }
    Blocks.remove(block);
    if (align > 8) block = Malloc.skipTo(block, align);
    Blocks.carve(block, size, bytes);
    // What may be dirty: everything below VIRGIN; above it only the last word of the last free block, and its links at the very start.
    const end = block + Blocks.size(block);
    const virgin = <usize>load<u32>(MALLOC_VIRGIN);
    if (end + LEAST_BYTES > virgin) store<u32>(MALLOC_VIRGIN, <u32>(end + LEAST_BYTES));
    Lock.release(CONTROL_MALLOC_LOCK);
    const payload = block + HEADER_BYTES;
    const dirty = min(end, virgin);
    if (dirty > payload) memory.fill(payload, 0, dirty - payload);
    store<u32>(end - 4, 0);
    return payload;
  }

  /** Gives the front of a block (in no list) back so that the payload of the rest is aligned; returns the rest. */
  private static skipTo(block: usize, align: u32): usize {
    if (((block + HEADER_BYTES) & (align - 1)) == 0) return block;
    const payload = (block + HEADER_BYTES + LEAST_BYTES + align - 1) & ~(<usize>align - 1);
    const rest = payload - HEADER_BYTES;
    const front = <u32>(rest - block);
    const size = Blocks.size(block) - front;
    Blocks.insert(block, front, load<u32>(block) & PREVIOUS_USED);
    store<u32>(rest, size);
    return rest;
  }

  /** Takes back what allocate gave; 0 is ignored. Traps on an address that is no block in use. */
  static free(payload: usize): void {
    if (!payload) return;
    let block = payload - HEADER_BYTES;
    Lock.acquire(CONTROL_MALLOC_LOCK);
    const word = load<u32>(block);
    if (payload & 7 || !(word & USED)) {
      Lock.release(CONTROL_MALLOC_LOCK);
      unreachable();
    }
    let size = word & ~FLAGS;
    if (load<u32>(CONTROL_CHECK)) memory.fill(payload, <u8>POISON_BYTE, size - HEADER_BYTES);
    let previousUsed = word & PREVIOUS_USED;
    store<u32>(MALLOC_USED, load<u32>(MALLOC_USED) - size);
    store<u32>(MALLOC_BLOCKS, load<u32>(MALLOC_BLOCKS) - 1);
    const after = block + size;
    const wordAfter = load<u32>(after);
    if (wordAfter & USED) {
      store<u32>(after, wordAfter & ~PREVIOUS_USED);
    } else {
      Blocks.remove(after);
      size += wordAfter & ~FLAGS;
    }
    if (!previousUsed) {
      const before = block - load<u32>(block - 4);
      Blocks.remove(before);
      previousUsed = load<u32>(before) & PREVIOUS_USED;
      size += Blocks.size(before);
      block = before;
    }
    Blocks.insert(block, size, previousUsed);
    Lock.release(CONTROL_MALLOC_LOCK);
  }

  /** The number of bytes that were asked for. */
  @inline static sizeOf(payload: usize): u32 {
    return load<u32>(payload - HEADER_BYTES, REQUESTED);
  }
}
