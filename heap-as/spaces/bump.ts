/**
 * A contiguous range that is handed out from low to high.
 *
 *   START ......... TOP ......... VIRGIN ......... END
 *     handed out     free, dirty   free, never written: zero
 *
 * Its record lies in the control block, because every Worker runs these functions on its own instance.
 */
import { SPACE_END, SPACE_START, SPACE_TOP, SPACE_VIRGIN } from "../layout.gen";

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

  /** Everything below `top` is in use from now on. */
  @inline static setTop(space: usize, top: usize): void {
    store<u32>(space, <u32>top, SPACE_TOP);
    if (top > load<u32>(space, SPACE_VIRGIN)) store<u32>(space, <u32>top, SPACE_VIRGIN);
  }

  /** Everything is free again. */
  @inline static clear(space: usize): void {
    store<u32>(space, load<u32>(space, SPACE_START), SPACE_TOP);
  }
}
