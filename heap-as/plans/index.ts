/**
 * The plans by their numbers (PLAN_*). A plan is a composition of spaces and policies.
 *
 * To add one: a number in src/heap/words.ts, its facts in src/heap/plans.ts, a file here, an arm in each function below. tests/heap runs
 * its scenarios under every plan that src/heap/plans.ts names. What a plan owes:
 *
 *   init      divides [CONTROL_HEAP_START, CONTROL_HEAP_END) and sets HEAP_TRIGGER
 *   take      zeroed memory for buffers and large objects, from any Worker at any time
 *   collect   one collection: marks or moves from Roots.visit on, then References.process, then frees
 *
 * The verifier and src/heap/walk.ts walk one bump space (HEAP_CURRENT): a plan with several spaces has to extend them.
 */
import { CONTROL_PLAN, HEAP_CURRENT, HEAP_TRIGGER, PLAN_SEMISPACE } from "../layout.gen";
import { BumpSpace } from "../spaces/bump";
import { NoGC } from "./nogc";
import { SemiSpace } from "./semispace";

export abstract class Plans {
  static init(): void {
    if (load<u32>(CONTROL_PLAN) == PLAN_SEMISPACE) SemiSpace.init();
    else NoGC.init();
  }

  /** See BumpSpace.take. `final`: a collection was just done, so HEAP_TRIGGER does not count. */
  static take(least: u32, most: u32, final: bool): usize {
    const space = load<u32>(HEAP_CURRENT);
    return BumpSpace.take(space, least, most, final ? BumpSpace.capacity(space) : load<u32>(HEAP_TRIGGER));
  }

  /** World stopped, buffers retired. Without `full` a plan may leave garbage that is dear to find. False: this plan never collects. */
  static collect(_full: bool, clearSoft: bool): bool {
    if (load<u32>(CONTROL_PLAN) != PLAN_SEMISPACE) return false;
    SemiSpace.collect(clearSoft);
    return true;
  }

  static usedBytes(): u32 {
    return BumpSpace.used(load<u32>(HEAP_CURRENT));
  }

  static maxBytes(): u32 {
    return BumpSpace.capacity(load<u32>(HEAP_CURRENT));
  }
}
