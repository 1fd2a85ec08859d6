/** The plans by their numbers (PLAN_*). A plan is a composition of spaces and policies; to add one, give it a number and an arm below. */
import { CONTROL_PLAN, PLAN_SEMISPACE } from "../layout.gen";
import { NoGC } from "./nogc";
import { SemiSpace } from "./semispace";

export abstract class Plans {
  static init(): void {
    if (load<u32>(CONTROL_PLAN) == PLAN_SEMISPACE) SemiSpace.init();
    else NoGC.init();
  }

  /** World stopped, buffers retired. Without `full` a plan may leave garbage that is dear to find. False: this plan never collects. */
  static collect(_full: bool, clearSoft: bool): bool {
    if (load<u32>(CONTROL_PLAN) != PLAN_SEMISPACE) return false;
    SemiSpace.collect(clearSoft);
    return true;
  }
}
