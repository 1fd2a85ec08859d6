/**
 * GenImmix: young objects are copied, old ones stay in blocks of lines, of which sparse ones are evacuated (Immix).
 *
 *   major: stop, choose blocks to evacuate if it is worth it, clear marks, roots, closure, references and weak roots, sweep; then a minor one
 */
import { HEAP_COPIED } from "../layout.gen";
import { Collection } from "../collection";
import { Copies } from "../parallel/copies";
import { Crew } from "../parallel/crew";
import { Alone } from "../parallel/team";
import { Evacuating } from "../policies/evacuating";
import { Marking } from "../policies/marking";
import { Marks } from "../policies/marks";
import { Tracer } from "../references";
import { FreeBlocks, ImmixSpace } from "../spaces/immix";
import { LargeSpace } from "../spaces/large";
import { Customs } from "../spaces/mature";
import { Young } from "../spaces/young";
import { Generations } from "./generations";

/** Which tracer runs: 0 that of minor collections. Holds during one collection. */
const MARKS: u32 = 1;
const EVACUATES: u32 = 2;
let phase: u32 = 0;

export abstract class GenImmix {
  static init(): void {
    Generations.init();
    Generations.setTrigger(GenImmix.matureCapacity());
  }

  static collect(full: bool, clearSoft: bool): void {
    if (!Generations.isMajor(full) && Generations.minor(true)) return;
    GenImmix.round((full || ImmixSpace.isFragmented()) && ImmixSpace.choose(), clearSoft);
    // Memory is short: now it is known how much lives in which block, and large objects need neighbours that are free.
    if (clearSoft && ImmixSpace.chooseHigh()) GenImmix.round(true, clearSoft);
    phase = 0;
    Generations.minor(false);
    Generations.setTrigger(GenImmix.matureCapacity());
  }

  private static round(evacuates: bool, clearSoft: bool): void {
    phase = evacuates ? EVACUATES : MARKS;
    Crew.begin(clearSoft, 0, false);
    Young.close();
    Marks.clearAll();
    if (evacuates) GenImmix.traceAndSweep<Evacuating<Alone>>(changetype<Evacuating<Alone>>(0));
    else GenImmix.traceAndSweep<Marking<Alone>>(changetype<Marking<Alone>>(0));
  }

  private static traceAndSweep<T extends Tracer>(tracer: T): void {
    tracer.begin();
    Collection.trace<T>(tracer);
    if (phase == EVACUATES) store<u64>(HEAP_COPIED, load<u64>(HEAP_COPIED) + Copies.finish<Alone, FreeBlocks>());
    Young.endMajor();
    Customs.sweep<T>(tracer);
    LargeSpace.sweep<T>(tracer);
    ImmixSpace.sweep();
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    if (phase == MARKS) changetype<Marking<Alone>>(0).slot(slot);
    else if (phase == EVACUATES) changetype<Evacuating<Alone>>(0).slot(slot);
    else Generations.visit(slot);
  }

  private static matureCapacity(): u32 {
    return ImmixSpace.capacity() - Young.bytes();
  }
}
