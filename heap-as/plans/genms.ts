/**
 * GenMS: young objects are copied, old ones stay in blocks with holes between them (MarkSweep).
 *
 *   major: stop, clear marks, roots, closure, references and weak roots, sweep; then a minor one
 */
import { HEAP_LIVE, HEAP_TRACER, LOG_BLOCK_BYTES, TRACER_MARKING, TRACER_USUAL } from "../layout.gen";
import { Collection } from "../collection";
import { GenerationSizes } from "../generation-sizes";
import { Crew } from "../parallel/crew";
import { Alone, Several, Team } from "../parallel/team";
import { Marking } from "../policies/marking";
import { Marks } from "../policies/marks";
import { Blocks } from "../spaces/blocks";
import { LargeSpace } from "../spaces/large";
import { MarkSweepSpace } from "../spaces/marksweep";
import { Customs } from "../spaces/mature";
import { Young } from "../spaces/young";
import { Generations } from "./generations";

export abstract class GenMS {
  static init(): void {
    Generations.init();
    MarkSweepSpace.init();
    GenerationSizes.setTrigger(GenMS.matureCapacity());
  }

  static collect(full: bool, clearSoft: bool): void {
    if (!Generations.isMajor(full) && Generations.minor(true)) return;
    store<u32>(HEAP_TRACER, TRACER_MARKING);
    if (Crew.begin(clearSoft, load<u32>(HEAP_LIVE))) GenMS.traceAndSweep<Several>();
    else GenMS.traceAndSweep<Alone>();
    store<u32>(HEAP_TRACER, TRACER_USUAL);
    Generations.minor(false);
    GenerationSizes.setTrigger(GenMS.matureCapacity());
  }

  private static traceAndSweep<P extends Team>(): void {
    Young.close();
    Marks.clearAll();
    const tracer = changetype<Marking<P>>(0);
    tracer.begin();
    Collection.trace<Marking<P>>(tracer);
    Young.endMajor();
    Customs.sweep<Marking<P>>(tracer);
    LargeSpace.sweep<Marking<P>>(tracer);
    MarkSweepSpace.sweep<P>();
  }

  private static matureCapacity(): u32 {
    return (Blocks.count() << LOG_BLOCK_BYTES) - Young.bytes();
  }
}
