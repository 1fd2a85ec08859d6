/**
 * GenCopy: young objects are copied, and in major collections so are the old ones, out of all blocks in use into free ones. Half of the mature space stays free
 * for that.
 *
 *   major: stop, clear marks, roots, closure, references and weak roots, free the blocks that were left; then a minor one
 */
import { HEAP_COPIED, HEAP_LIVE, HEAP_TRACER, LOG_BLOCK_BYTES, TRACER_EVACUATING, TRACER_USUAL } from "../layout.gen";
import { Collection } from "../collection";
import { GenerationSizes } from "../generation-sizes";
import { Copies } from "../parallel/copies";
import { Crew } from "../parallel/crew";
import { Alone, Several, Team } from "../parallel/team";
import { Evacuating } from "../policies/evacuating";
import { Marks } from "../policies/marks";
import { Blocks } from "../spaces/blocks";
import { FreeBlocks, ImmixSpace } from "../spaces/immix";
import { LargeSpace } from "../spaces/large";
import { Customs } from "../spaces/mature";
import { Young } from "../spaces/young";
import { Generations } from "./generations";

export abstract class GenCopy {
  static init(): void {
    Generations.init();
    GenerationSizes.setTrigger(GenCopy.matureCapacity());
  }

  static collect(full: bool, clearSoft: bool): void {
    if (!Generations.isMajor(full) && Generations.minor(true)) return;
    store<u32>(HEAP_TRACER, TRACER_EVACUATING);
    ImmixSpace.chooseAll();
    if (Crew.begin(clearSoft, load<u32>(HEAP_LIVE))) GenCopy.traceAndSweep<Several>();
    else GenCopy.traceAndSweep<Alone>();
    store<u32>(HEAP_TRACER, TRACER_USUAL);
    Generations.minor(false);
    GenerationSizes.setTrigger(GenCopy.matureCapacity());
  }

  private static traceAndSweep<P extends Team>(): void {
    Young.close();
    Marks.clearAll();
    const tracer = changetype<Evacuating<P>>(0);
    tracer.begin();
    Collection.trace<Evacuating<P>>(tracer);
    store<u64>(HEAP_COPIED, load<u64>(HEAP_COPIED) + Copies.finish<P, FreeBlocks>());
    Young.endMajor();
    Customs.sweep<Evacuating<P>>(tracer);
    LargeSpace.sweep<Evacuating<P>>(tracer);
    ImmixSpace.sweep<P>();
  }

  private static matureCapacity(): u32 {
    return ((Blocks.count() << LOG_BLOCK_BYTES) - Young.bytes()) >> 1;
  }
}
