/**
 * The plans by their numbers (PLAN_*). A plan is a composition of spaces and policies.
 *
 * To add one: a number in src/heap/words.ts, its facts in src/heap/plans.ts, a file here, an arm in each function below. tests/heap runs
 * its scenarios under every plan that src/heap/plans.ts names. What a plan owes:
 *
 *   init      divides [CONTROL_HEAP_START, CONTROL_HEAP_END) and sets the trigger
 *   take      zeroed memory for buffers and large objects, from any Worker at any time: `most` bytes or fewer (Taken.bytes), at least `least`;
 *             not beyond HEAP_TRIGGER unless a collection was just done (`final`)
 *   collect   one collection: begins a tracer, Collection.trace, frees what it has not met, sets the trigger
 *   help      what a helper does in such a collection: Collection.help, and sweeping
 *   visit     a word that a guest's tracer found, for the plan's tracer
 *   used      bytes that were handed out, in all its spaces; capacity: at most
 *
 * All its memory in use is rows (spaces/rows.ts): so the verifier, histograms and dumps know it.
 */
import {
  CONTROL_PLAN,
  PLAN_GENCOPY,
  PLAN_GENIMMIX,
  PLAN_GENMS,
  PLAN_IMMIX,
  PLAN_MARKCOMPACT,
  PLAN_MARKSWEEP,
  PLAN_SEMISPACE,
  PLAN_STICKYMS,
  HEAP_TASK,
  TASK_SWEEP,
} from "../layout.gen";
import { GenerationSizes } from "../generation-sizes";
import { Crew } from "../parallel/crew";
import { ImmixSpace, LINE_BYTES } from "../spaces/immix";
import { MarkSweepSpace } from "../spaces/marksweep";
import { Young } from "../spaces/young";
import { GenCopy } from "./gencopy";
import { Generations } from "./generations";
import { GenImmix } from "./genimmix";
import { GenMS } from "./genms";
import { Immix } from "./immix";
import { MarkCompact } from "./markcompact";
import { MarkSweep } from "./marksweep";
import { NoGC } from "./nogc";
import { SemiSpace } from "./semispace";
import { StickyMS } from "./stickyms";

export abstract class Plans {
  @inline private static is(plan: u32): bool {
    return load<u32>(CONTROL_PLAN) == plan;
  }

  static init(): void {
    if (Plans.is(PLAN_SEMISPACE)) SemiSpace.init();
    else if (Plans.is(PLAN_MARKSWEEP)) MarkSweep.init();
    else if (Plans.is(PLAN_MARKCOMPACT)) MarkCompact.init();
    else if (Plans.is(PLAN_IMMIX)) Immix.init();
    else if (Plans.is(PLAN_GENCOPY)) GenCopy.init();
    else if (Plans.is(PLAN_GENMS)) GenMS.init();
    else if (Plans.is(PLAN_GENIMMIX)) GenImmix.init();
    else if (Plans.is(PLAN_STICKYMS)) StickyMS.init();
    else NoGC.init();
  }

  static take(least: u32, most: u32, final: bool): usize {
    if (Plans.is(PLAN_SEMISPACE)) return SemiSpace.take(least, most, final);
    if (Plans.is(PLAN_MARKSWEEP) || Plans.is(PLAN_STICKYMS)) return MarkSweep.take(least, most, final);
    if (Plans.is(PLAN_MARKCOMPACT)) return MarkCompact.take(least, most, final);
    if (Plans.is(PLAN_IMMIX)) return Immix.take(least, most, final);
    if (Young.bytes()) return Generations.take(least, most, final);
    return NoGC.take(least, most);
  }

  /** Objects from here on do not come from a new buffer, but alone. */
  static directBytes(): u32 {
    return Plans.is(PLAN_IMMIX) ? LINE_BYTES + 1 : 4096;
  }

  // [collect]
  /** World stopped, buffers retired. Without `full` a plan may leave garbage that is dear to find. False: this plan never collects. */
  static collect(full: bool, clearSoft: bool): bool {
    if (Plans.is(PLAN_SEMISPACE)) SemiSpace.collect(clearSoft);
    else if (Plans.is(PLAN_MARKSWEEP)) MarkSweep.collect(clearSoft);
    else if (Plans.is(PLAN_MARKCOMPACT)) MarkCompact.collect(clearSoft);
    else if (Plans.is(PLAN_IMMIX)) Immix.collect(full, clearSoft);
    else if (Plans.is(PLAN_GENCOPY)) GenCopy.collect(full, clearSoft);
    else if (Plans.is(PLAN_GENMS)) GenMS.collect(full, clearSoft);
    else if (Plans.is(PLAN_GENIMMIX)) GenImmix.collect(full, clearSoft);
    else if (Plans.is(PLAN_STICKYMS)) StickyMS.collect(full, clearSoft);
    else return false;
    return true;
  }
  // [/collect]

  /** A helper at work: its part of the task at hand (HEAP_TASK); it is not at work any more then. */
  static help(): void {
    if (load<u32>(HEAP_TASK) == TASK_SWEEP) {
      if (Plans.is(PLAN_IMMIX) || Plans.is(PLAN_GENCOPY) || Plans.is(PLAN_GENIMMIX)) ImmixSpace.help();
      else MarkSweepSpace.help();
      Crew.leave();
      return;
    }
    if (Plans.is(PLAN_SEMISPACE)) SemiSpace.help();
    else if (Plans.is(PLAN_MARKSWEEP) || Plans.is(PLAN_STICKYMS)) MarkSweep.help();
    else if (Plans.is(PLAN_MARKCOMPACT)) MarkCompact.help();
    else if (Plans.is(PLAN_IMMIX)) Immix.help();
    else if (Young.bytes()) Generations.help();
    else unreachable();
  }

  static visit(slot: usize): void {
    if (Plans.is(PLAN_SEMISPACE)) SemiSpace.visit(slot);
    else if (Plans.is(PLAN_MARKCOMPACT)) MarkCompact.visit(slot);
    else if (Plans.is(PLAN_IMMIX)) Immix.visit(slot);
    else if (Young.bytes()) Generations.visit(slot);
    else MarkSweep.visit(slot);
  }

  static usedBytes(): u32 {
    if (Plans.is(PLAN_SEMISPACE)) return SemiSpace.used();
    if (Plans.is(PLAN_MARKSWEEP) || Plans.is(PLAN_STICKYMS)) return MarkSweep.used();
    if (Plans.is(PLAN_MARKCOMPACT)) return MarkCompact.used();
    if (Plans.is(PLAN_IMMIX)) return Immix.used();
    if (Young.bytes()) return GenerationSizes.used();
    return NoGC.used();
  }

  static maxBytes(): u32 {
    if (Plans.is(PLAN_SEMISPACE)) return SemiSpace.capacity();
    if (Plans.is(PLAN_MARKSWEEP) || Plans.is(PLAN_STICKYMS)) return MarkSweep.capacity();
    if (Plans.is(PLAN_MARKCOMPACT)) return MarkCompact.capacity();
    if (Plans.is(PLAN_IMMIX)) return ImmixSpace.capacity();
    if (Young.bytes()) return GenerationSizes.capacity();
    return NoGC.capacity();
  }
}
