/**
 * GenCopy: young objects are copied, and in major collections so are the old ones, out of all blocks in use into free ones. Half of the mature space stays free
 * for that.
 *
 *   major: stop, clear marks, roots, closure, references and weak roots, free the blocks that were left; then a minor one
 */
import { HEAP_COPIED, LOG_BLOCK_BYTES } from "../layout.gen";
import { Collection } from "../collection";
import { Copies } from "../parallel/copies";
import { Crew } from "../parallel/crew";
import { Alone } from "../parallel/team";
import { Evacuating } from "../policies/evacuating";
import { Marks } from "../policies/marks";
import { Blocks } from "../spaces/blocks";
import { FreeBlocks, ImmixSpace } from "../spaces/immix";
import { LargeSpace } from "../spaces/large";
import { Customs } from "../spaces/mature";
import { Young } from "../spaces/young";
import { Generations } from "./generations";

/** Whether old objects are being moved. Holds during one collection. */
let evacuates: bool = false;

export abstract class GenCopy {
  static init(): void {
    Generations.init();
    Generations.setTrigger(GenCopy.matureCapacity());
  }

  static collect(full: bool, clearSoft: bool): void {
    if (!Generations.isMajor(full) && Generations.minor(true)) return;
    evacuates = true;
    ImmixSpace.chooseAll();
    Crew.begin(clearSoft, 0, false);
    Young.close();
    Marks.clearAll();
    const tracer = changetype<Evacuating<Alone>>(0);
    tracer.begin();
    Collection.trace<Evacuating<Alone>>(tracer);
    store<u64>(HEAP_COPIED, load<u64>(HEAP_COPIED) + Copies.finish<Alone, FreeBlocks>());
    Young.endMajor();
    Customs.sweep<Evacuating<Alone>>(tracer);
    LargeSpace.sweep<Evacuating<Alone>>(tracer);
    ImmixSpace.sweep();
    evacuates = false;
    Generations.minor(false);
    Generations.setTrigger(GenCopy.matureCapacity());
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    if (evacuates) changetype<Evacuating<Alone>>(0).slot(slot);
    else Generations.visit(slot);
  }

  private static matureCapacity(): u32 {
    return ((Blocks.count() << LOG_BLOCK_BYTES) - Young.bytes()) >> 1;
  }
}
