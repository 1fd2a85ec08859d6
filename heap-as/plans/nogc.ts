/** No collection: all of collected memory is one space, handed out until it is full. For measuring what a collector costs, and for short programs. */
import {
  CONTROL_HEAP_END,
  CONTROL_HEAP_START,
  HEAP_CURRENT,
  HEAP_OTHER,
  HEAP_SPACES,
  HEAP_TRIGGER,
} from "../layout.gen";
import { BumpSpace } from "../spaces/bump";

export abstract class NoGC {
  static init(): void {
    BumpSpace.init(HEAP_SPACES, load<u32>(CONTROL_HEAP_START), load<u32>(CONTROL_HEAP_END));
    store<u32>(HEAP_CURRENT, HEAP_SPACES);
    store<u32>(HEAP_OTHER, 0);
    store<u32>(HEAP_TRIGGER, BumpSpace.capacity(HEAP_SPACES));
  }
}
