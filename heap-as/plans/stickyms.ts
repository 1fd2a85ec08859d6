/**
 * StickyMS: MarkSweep with generations, and nothing moves. The mark of an object that has survived stays (it is *sticky*), and means that the object is old; what
 * was allocated since has none, and is young. Nobody has to be told of an object's age, and none has to be copied to get older.
 *
 *   minor   stop, roots, marked cards of old objects, closure, references and weak roots, sweep         marks are kept
 *   major   MarkSweep's: stop, clear marks, roots, closure, references and weak roots, sweep
 *
 * A minor collection traces what is new and lives, however much is old; but it sweeps all blocks.
 * (Demers, Weiser, Hayes, Boehm, Bobrow, Shenker: Combining generational and conservative garbage collection, 1990.)
 */
import {
  CONTROL_COLLECTIONS,
  CONTROL_HEAP_END,
  CONTROL_STRESS,
  FACT_MINOR,
  CONTROL_HAS_CUSTOMS,
  HEAP_LIVE,
  HEAP_TRIGGER,
  HEAP_WANTS_MAJOR,
} from "../layout.gen";
import { Collection } from "../collection";
import { Crew } from "../parallel/crew";
import { Alone } from "../parallel/team";
import { Marking } from "../policies/marking";
import { Blocks } from "../spaces/blocks";
import { Cards } from "../spaces/cards";
import { LargeSpace } from "../spaces/large";
import { MarkSweepSpace } from "../spaces/marksweep";
import { MarkSweep } from "./marksweep";

/** A minor collection is worth it while it frees one part of so many of what may be filled. */
const WORTH: u32 = 4;
/** Under stress, one collection of so many is a major one. */
const STRESS_MAJORS: u32 = 4;

export abstract class StickyMS {
  // [init]
  static init(): void {
    MarkSweep.init();
    Cards.init(load<u32>(CONTROL_HEAP_END));
  }
  // [/init]

  // [collect]
  static collect(full: bool, clearSoft: bool): void {
    if (full || StickyMS.isMajor()) {
      MarkSweep.collect(clearSoft);
      store<u32>(HEAP_WANTS_MAJOR, 0);
      return;
    }
    StickyMS.minor(clearSoft);
    const live = MarkSweep.used();
    const trigger = load<u32>(HEAP_TRIGGER);
    store<u32>(HEAP_WANTS_MAJOR, live + trigger / WORTH > trigger ? 1 : 0);
    store<u32>(HEAP_LIVE, live);
    store<u32>(FACT_MINOR, 1);
  }
  // [/collect]

  // [is-major]
  private static isMajor(): bool {
    // What a tracer of the guest finds may lie where there are no cards.
    if (load<u32>(HEAP_WANTS_MAJOR) || load<u32>(CONTROL_HAS_CUSTOMS)) return true;
    return load<u32>(CONTROL_STRESS) != 0 && load<u32>(CONTROL_COLLECTIONS) % STRESS_MAJORS == 0;
  }
  // [/is-major]

  // [minor]
  private static minor(clearSoft: bool): void {
    Crew.begin(clearSoft, 0, false);
    const tracer = changetype<Marking<Alone>>(0);
    tracer.begin();
    for (let index: u32 = 0, count = Blocks.count(); index < count; index++) Cards.scan<Marking<Alone>>(tracer, index);
    Collection.trace<Marking<Alone>>(tracer);
    LargeSpace.sweep<Marking<Alone>>(tracer);
    MarkSweepSpace.sweep<Alone>();
  }
  // [/minor]
}
