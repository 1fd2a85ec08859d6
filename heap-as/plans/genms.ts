/**
 * GenMS: young objects are copied, old ones stay in blocks with holes between them (MarkSweep).
 *
 *   major: stop, clear marks, roots, closure, references and weak roots, sweep; then a minor one
 */
import { LOG_BLOCK_BYTES } from "../layout.gen";
import { Collection } from "../collection";
import { Crew } from "../parallel/crew";
import { Alone } from "../parallel/team";
import { Marking } from "../policies/marking";
import { Marks } from "../policies/marks";
import { Blocks } from "../spaces/blocks";
import { LargeSpace } from "../spaces/large";
import { MarkSweepSpace } from "../spaces/marksweep";
import { Customs } from "../spaces/mature";
import { Young } from "../spaces/young";
import { Generations } from "./generations";

/** Whether everything is being marked. Holds during one collection. */
let marks: bool = false;

export abstract class GenMS {
  static init(): void {
    Generations.init();
    Generations.setTrigger(GenMS.matureCapacity());
  }

  static collect(full: bool, clearSoft: bool): void {
    if (!Generations.isMajor(full) && Generations.minor(true)) return;
    marks = true;
    Crew.begin(clearSoft, 0, false);
    Young.close();
    Marks.clearAll();
    const tracer = changetype<Marking<Alone>>(0);
    tracer.begin();
    Collection.trace<Marking<Alone>>(tracer);
    Young.endMajor();
    Customs.sweep<Marking<Alone>>(tracer);
    LargeSpace.sweep<Marking<Alone>>(tracer);
    MarkSweepSpace.sweep();
    marks = false;
    Generations.minor(false);
    Generations.setTrigger(GenMS.matureCapacity());
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    if (marks) changetype<Marking<Alone>>(0).slot(slot);
    else Generations.visit(slot);
  }

  private static matureCapacity(): u32 {
    return (Blocks.count() << LOG_BLOCK_BYTES) - Young.bytes();
  }
}
