/** No collection: all of collected memory is one space, handed out until it is full. For measuring what a collector costs, and for short programs. */
import { CONTROL_HEAP_END, CONTROL_HEAP_START, HEAP_CURRENT, HEAP_SPACES } from "../layout.gen";
import { Sizing } from "../sizing";
import { BumpSpace } from "../spaces/bump";

export abstract class NoGC {
  static init(): void {
    BumpSpace.init(HEAP_SPACES, load<u32>(CONTROL_HEAP_START), load<u32>(CONTROL_HEAP_END));
    store<u32>(HEAP_CURRENT, HEAP_SPACES);
    Sizing.setTrigger(NoGC.capacity(), NoGC.capacity());
  }

  static take(least: u32, most: u32): usize {
    return BumpSpace.take(HEAP_SPACES, least, most, NoGC.capacity());
  }

  static used(): u32 {
    return BumpSpace.used(HEAP_SPACES);
  }

  static capacity(): u32 {
    return BumpSpace.capacity(HEAP_SPACES);
  }
}
