/**
 * Objects that are never moved nor freed; their references are roots. Chunks of malloc'd memory, linked.
 *
 *   chunk: ┌ next chunk ┬ end ┬ start bits ┬ objects ... ┬ filler ┐
 *
 * Start bits: one per 8 bytes of CHUNK_BYTES, counted from the chunk: an object begins there. (A larger chunk
 * holds one object, at its front.) Guarded by CONTROL_HEAP_LOCK. The gap in the newest chunk has a filler at all times, so chunks can be walked.
 */
import { CONTROL_HEAP_LOCK, FILLER, HEAP_IMMORTAL, HEAP_IMMORTAL_BYTES, HEAP_IMMORTAL_TOP } from "../layout.gen";
import { Lock } from "../lock";
import { Malloc } from "../malloc";
import { Objects, Visitor } from "../objects";

const CHUNK_BYTES: u32 = 65536;
const END: usize = 4;
const START_BITS: u32 = 8;
/** Of a chunk, in front of the objects. */
export const IMMORTAL_HEADER_BYTES: u32 = START_BITS + CHUNK_BYTES / 64;

export abstract class Immortal {
  /** Zeroed memory for an object, 0 if there is none. Until its type is stored it reads as no object: store it before the next safepoint. */
  static allocate(bytes: u32): usize {
    bytes = (bytes + 7) & ~7;
    if (bytes > 0x7ff00000) return 0;
    Lock.acquire(CONTROL_HEAP_LOCK);
    let chunk = <usize>load<u32>(HEAP_IMMORTAL);
    let object = <usize>load<u32>(HEAP_IMMORTAL_TOP);
    if (!chunk || object + bytes > load<u32>(chunk, END)) {
      const size = max(bytes + IMMORTAL_HEADER_BYTES, CHUNK_BYTES - 8);
      const next = Malloc.allocate(size, 8);
      if (!next) {
        Lock.release(CONTROL_HEAP_LOCK);
        return 0;
      }
      store<u32>(next, <u32>chunk);
      store<u32>(next, <u32>next + size, END);
      store<u32>(HEAP_IMMORTAL, <u32>next);
      chunk = next;
      object = next + IMMORTAL_HEADER_BYTES;
    }
    const top = object + bytes;
    store<u32>(HEAP_IMMORTAL_TOP, <u32>top);
    store<u32>(HEAP_IMMORTAL_BYTES, load<u32>(HEAP_IMMORTAL_BYTES) + bytes);
    Objects.fill(top, load<u32>(chunk, END));
    store<u32>(object, 0);
    const index = <u32>(object - chunk) >> 3;
    const bits = chunk + START_BITS + ((index >> 5) << 2);
    store<u32>(bits, load<u32>(bits) | ((<u32>1) << (index & 31)));
    Lock.release(CONTROL_HEAP_LOCK);
    return object;
  }

  /** The chunk after this one; 0: the first one, and after the last. */
  @inline static next(chunk: usize): usize {
    return chunk ? load<u32>(chunk) : load<u32>(HEAP_IMMORTAL);
  }

  /** Visits the references of every object of a chunk. */
  static visit<V extends Visitor>(visitor: V, chunk: usize): void {
    const end = <usize>load<u32>(chunk, END);
    let object = chunk + IMMORTAL_HEADER_BYTES;
    while (object < end) {
      const word = load<u32>(object);
      if (word & FILLER) object += word & ~7;
      else if (word) object += Objects.visit<V>(visitor, object, word);
      else object += 8;
    }
  }

  /** Whether the address is that of an immortal object. */
  static holds(address: usize): bool {
    for (let chunk = <usize>load<u32>(HEAP_IMMORTAL); chunk; chunk = load<u32>(chunk)) {
      if (address < chunk || address >= load<u32>(chunk, END)) continue;
      const offset = <u32>(address - chunk);
      if (offset >= CHUNK_BYTES || offset & 7) return false;
      return ((load<u32>(chunk + START_BITS + ((offset >> 8) << 2)) >> ((offset >> 3) & 31)) & 1) != 0;
    }
    return false;
  }
}
