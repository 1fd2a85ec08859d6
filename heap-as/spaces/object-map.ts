/**
 * Which object of a range an address lies in: for interior references, so built only when a collection meets one.
 *
 * One word per CARD_BYTES of the range: the address of the last object that starts at or before the card's first byte. It is made by one walk, which also works
 * while objects are being forwarded: their sizes are read from the copies.
 * The variables hold during one collection only.
 */
import { CONTROL_HEAP_LOCK, FILLER, HEAP_OBJECT_MAP } from "../layout.gen";
import { Lock } from "../lock";
import { Malloc } from "../malloc";
import { BUSY, FORWARDED, Objects } from "../objects";

const LOG_CARD_BYTES: u32 = 11;

let start: usize = 0;
let end: usize = 0;

export abstract class ObjectMap {
  /** Each collector, when a collection of the range begins. */
  static begin(rangeStart: usize, rangeEnd: usize): void {
    start = rangeStart;
    end = rangeEnd;
  }

  /** One of them, when it is over. */
  static end(): void {
    Malloc.free(load<u32>(HEAP_OBJECT_MAP));
    store<u32>(HEAP_OBJECT_MAP, 0);
  }

  /** Bytes from an object, forwarded object, filler or zero word to the next. */
  @inline static step(object: usize): usize {
    let word = load<u32>(object);
    if (word & FILLER) return word & ~7;
    if (!word) return 8;
    if (!(word & FORWARDED)) {
      const size = Objects.size(object, word & ~BUSY);
      // Only the body of an object that is not forwarded says how large it is.
      word = atomic.load<u32>(object);
      if (!(word & FORWARDED)) return size;
    }
    const copy = word & ~FORWARDED;
    return Objects.size(copy, load<u32>(copy));
  }

  /** The object that holds the address, which lies in the range. */
  static find(address: usize): usize {
    let map = <usize>atomic.load<u32>(HEAP_OBJECT_MAP);
    if (!map) {
      Lock.acquire(CONTROL_HEAP_LOCK);
      map = load<u32>(HEAP_OBJECT_MAP);
      if (!map) {
        map = ObjectMap.build();
        atomic.store<u32>(HEAP_OBJECT_MAP, <u32>map);
      }
      Lock.release(CONTROL_HEAP_LOCK);
    }
    return ObjectMap.search(
      map ? <usize>load<u32>(map + (((address - start) >> LOG_CARD_BYTES) << 2)) : start,
      address,
    );
  }

  /** The object that holds the address, which lies in the row that has the given object at or before it. */
  static search(object: usize, address: usize): usize {
    let next = object + ObjectMap.step(object);
    while (next <= address) {
      object = next;
      next = object + ObjectMap.step(object);
    }
    return object;
  }

  /** Without memory for the map (0), `find` walks from the start. */
  private static build(): usize {
    const cards = <u32>((end - start + (1 << LOG_CARD_BYTES) - 1) >> LOG_CARD_BYTES);
    const map = Malloc.allocate(cards << 2, 8);
    if (!map) return 0;
    let object = start;
    let card = start;
    let word = map;
    while (card < end) {
      let next = object + ObjectMap.step(object);
      while (next <= card) {
        object = next;
        next = object + ObjectMap.step(object);
      }
      store<u32>(word, <u32>object);
      word += 4;
      card += 1 << LOG_CARD_BYTES;
    }
    return map;
  }
}
