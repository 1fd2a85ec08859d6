/**
 * A contiguous range that is handed out from low to high.
 *
 *   START ......... TOP ......... VIRGIN ......... END
 *     handed out     free, dirty   free, never written: zero
 *
 * Its record lies in the control block, because every Worker runs these functions on its own instance.
 */
import { CONTROL_HEAP_LOCK, SPACE_END, SPACE_START, SPACE_TOP, SPACE_VIRGIN } from "../layout.gen";
import { Lock } from "../lock";
import { Taken } from "../taken";

export abstract class BumpSpace {
  static init(space: usize, start: usize, end: usize): void {
    store<u32>(space, <u32>start, SPACE_START);
    store<u32>(space, <u32>end, SPACE_END);
    store<u32>(space, <u32>start, SPACE_TOP);
    store<u32>(space, <u32>start, SPACE_VIRGIN);
  }

  @inline static start(space: usize): usize {
    return load<u32>(space, SPACE_START);
  }

  @inline static top(space: usize): usize {
    return load<u32>(space, SPACE_TOP);
  }

  @inline static used(space: usize): u32 {
    return load<u32>(space, SPACE_TOP) - load<u32>(space, SPACE_START);
  }

  @inline static capacity(space: usize): u32 {
    return load<u32>(space, SPACE_END) - load<u32>(space, SPACE_START);
  }

  /** The space ends elsewhere: not below its top. */
  @inline static setEnd(space: usize, end: usize): void {
    store<u32>(space, <u32>end, SPACE_END);
  }

  /** Somebody else may have written below this address. */
  @inline static setVirgin(space: usize, virgin: usize): void {
    store<u32>(space, <u32>virgin, SPACE_VIRGIN);
  }

  /** Everything below `top` is in use from now on. */
  @inline static setTop(space: usize, top: usize): void {
    store<u32>(space, <u32>top, SPACE_TOP);
    if (top > load<u32>(space, SPACE_VIRGIN)) store<u32>(space, <u32>top, SPACE_VIRGIN);
  }

  /**
   * Hands out `most` zeroed bytes, or what is left below `limit` bytes of use if that is at least `least` (see Taken.bytes);
   * 0 if it is not.
   */
  static take(space: usize, least: u32, most: u32, limit: u32): usize {
    Lock.acquire(CONTROL_HEAP_LOCK);
    const used = BumpSpace.used(space);
    limit = min(limit, BumpSpace.capacity(space));
    if (used > limit || limit - used < least) {
      Lock.release(CONTROL_HEAP_LOCK);
      return 0;
    }
    const bytes = min(most, limit - used);
    const start = BumpSpace.top(space);
    const end = start + bytes;
    const virgin = <usize>load<u32>(space, SPACE_VIRGIN);
    BumpSpace.setTop(space, end);
    Lock.release(CONTROL_HEAP_LOCK);
    if (start < virgin) memory.fill(start, 0, min(end, virgin) - start);
    Taken.bytes = bytes;
    return start;
  }

  /** Everything is free again. */
  @inline static clear(space: usize): void {
    store<u32>(space, load<u32>(space, SPACE_START), SPACE_TOP);
  }
}
