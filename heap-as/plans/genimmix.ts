/**
 * GenImmix: young objects are copied, old ones stay in blocks of lines, of which sparse ones are evacuated (Immix).
 *
 *   major: stop, choose blocks to evacuate if it is worth it, clear marks, roots, closure, references and weak roots, sweep; then a minor one
 */
import { HEAP_COPIED, HEAP_LIVE, HEAP_TRACER, TRACER_EVACUATING, TRACER_MARKING, TRACER_USUAL } from "../layout.gen";
import { Collection } from "../collection";
import { GenerationSizes } from "../generation-sizes";
import { Copies } from "../parallel/copies";
import { Crew } from "../parallel/crew";
import { Alone, Several, Team } from "../parallel/team";
import { Evacuating } from "../policies/evacuating";
import { Marking } from "../policies/marking";
import { Marks } from "../policies/marks";
import { Tracer } from "../references";
import { Blocks } from "../spaces/blocks";
import { FreeBlocks, ImmixSpace } from "../spaces/immix";
import { LargeSpace } from "../spaces/large";
import { Customs } from "../spaces/mature";
import { Young } from "../spaces/young";
import { Generations } from "./generations";

const MOST_ROUNDS: u32 = 8;

export abstract class GenImmix {
  static init(): void {
    Generations.init();
    GenerationSizes.setTrigger(GenImmix.matureCapacity());
  }

  static collect(full: bool, clearSoft: bool): void {
    if (!Generations.isMajor(full) && Generations.minor(true)) return;
    let before = Blocks.inUse();
    GenImmix.round((full || ImmixSpace.isFragmented()) && ImmixSpace.choose(), clearSoft);
    // Where little is free, little can be moved at once.
    for (let i: u32 = 1; i < MOST_ROUNDS && Blocks.inUse() < before && !GenerationSizes.isRoomy(); i++) {
      before = Blocks.inUse();
      if (!ImmixSpace.choose()) break;
      GenImmix.round(true, clearSoft);
    }
    // Memory is short: now it is known how much lives in which block, and large objects need neighbours that are free.
    if (clearSoft && ImmixSpace.chooseHigh()) GenImmix.round(true, clearSoft);
    store<u32>(HEAP_TRACER, TRACER_USUAL);
    Generations.minor(false);
    GenerationSizes.setTrigger(GenImmix.matureCapacity());
  }

  private static round(evacuates: bool, clearSoft: bool): void {
    store<u32>(HEAP_TRACER, evacuates ? TRACER_EVACUATING : TRACER_MARKING);
    const several = Crew.begin(clearSoft, load<u32>(HEAP_LIVE));
    Young.close();
    Marks.clearAll();
    if (evacuates) {
      if (several) GenImmix.traceAndSweep<Several, Evacuating<Several>>(changetype<Evacuating<Several>>(0));
      else GenImmix.traceAndSweep<Alone, Evacuating<Alone>>(changetype<Evacuating<Alone>>(0));
    } else if (several) GenImmix.traceAndSweep<Several, Marking<Several>>(changetype<Marking<Several>>(0));
    else GenImmix.traceAndSweep<Alone, Marking<Alone>>(changetype<Marking<Alone>>(0));
  }

  private static traceAndSweep<P extends Team, T extends Tracer>(tracer: T): void {
    tracer.begin();
    Collection.trace<T>(tracer);
    store<u64>(HEAP_COPIED, load<u64>(HEAP_COPIED) + Copies.finish<P, FreeBlocks>());
    Young.endMajor();
    Customs.sweep<T>(tracer);
    LargeSpace.sweep<T>(tracer);
    ImmixSpace.sweep<P>();
  }

  private static matureCapacity(): u32 {
    return ImmixSpace.capacity() - Young.bytes();
  }
}
