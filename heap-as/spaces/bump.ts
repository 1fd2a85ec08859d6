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
import { Objects } from "../objects";
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
    const virgin = <usize>load<u32>(space, SPACE_VIRGIN);
    const start = BumpSpace.takeDirty(space, least, most, limit);
    Lock.release(CONTROL_HEAP_LOCK);
    if (start && start < virgin) memory.fill(start, 0, min(start + Taken.bytes, virgin) - start);
    return start;
  }

  /** The same, not zeroed, and without the lock. */
  static takeDirty(space: usize, least: u32, most: u32, limit: u32): usize {
    const used = BumpSpace.used(space);
    limit = min(limit, BumpSpace.capacity(space));
    if (used > limit || limit - used < least) return 0;
    const bytes = min(most, limit - used);
    const start = BumpSpace.top(space);
    BumpSpace.setTop(space, start + bytes);
    Taken.bytes = bytes;
    return start;
  }

  /** The end of what was taken is not needed: free again if nothing was taken since, else a filler. */
  static giveBack(space: usize, start: usize, end: usize): void {
    if (end == BumpSpace.top(space)) store<u32>(space, <u32>start, SPACE_TOP);
    else Objects.fill(start, end);
  }

  /** Everything is free again. */
  @inline static clear(space: usize): void {
    store<u32>(space, load<u32>(space, SPACE_START), SPACE_TOP);
  }
}
