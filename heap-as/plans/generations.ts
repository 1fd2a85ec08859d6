/**
 * What plans with generations have in common: a young space, whose survivors are promoted to blocks; large objects, young until they have survived once; and
 * when to look at everything.
 *
 *   minor   stop, roots, marked cards, closure, references and weak roots, release eden
 *   major   the plan's own collection of everything, which leaves young objects where they are; then a minor one
 *
 * A minor collection that finds no room for what is to be promoted leaves it where it is, and a major one follows. If that does not help either, the heap is full.
 */
import {
  BLOCK_BYTES,
  CONTROL_COLLECTIONS,
  CONTROL_HEAP_END,
  CONTROL_HEAP_LOCK,
  CONTROL_HEAP_START,
  CONTROL_STRESS,
  FACT_MINOR,
  FACT_PROMOTED,
  FACT_TENURING,
  HEAP_COPIED,
  HEAP_MATURE_CAPACITY,
  HEAP_MINOR_COPIED,
  HEAP_PROMOTES,
  HEAP_PROMOTES_AT_ONCE,
  HEAP_TRACER,
  HEAP_TRIGGER,
  HEAP_WANTS_MAJOR,
  HEAP_YOUNG_LARGE_BYTES,
  HEAP_YOUNG_WANTED,
  TRACER_EVACUATING,
  TRACER_MARKING,
} from "../layout.gen";
import { Collection } from "../collection";
import { GenerationSizes } from "../generation-sizes";
import { Lock } from "../lock";
import { Copies } from "../parallel/copies";
import { Crew } from "../parallel/crew";
import { Alone, Several, Team } from "../parallel/team";
import { Evacuating } from "../policies/evacuating";
import { Marking } from "../policies/marking";
import { Marks } from "../policies/marks";
import { hasMinorFailed, Minor } from "../policies/minor";
import { BumpSpace } from "../spaces/bump";
import { Cards } from "../spaces/cards";
import { LargeSpace } from "../spaces/large";
import { Customs, Mature } from "../spaces/mature";
import { ObjectMap } from "../spaces/object-map";
import { EDEN, Survivors, Young } from "../spaces/young";
import { Taken } from "../taken";

/** The part of all addresses that are the young space's: when old objects have taken theirs, new ones can have all of it. */
const YOUNG_SHARE: u32 = 4;
/** Under stress, one collection of so many is a major one. */
const STRESS_MAJORS: u32 = 4;

export abstract class Generations {
  /** Divides the heap; the plan says next what old objects may take. */
  static init(): void {
    const start = <usize>load<u32>(CONTROL_HEAP_START);
    const end = <usize>load<u32>(CONTROL_HEAP_END);
    Marks.init(start, end);
    Cards.init(end);
    Young.init(max(load<u32>(HEAP_YOUNG_WANTED), <u32>(end - start) / YOUNG_SHARE));
  }

  static take(least: u32, most: u32, final: bool): usize {
    // No buffer holds an object that no block does: it could not be promoted.
    if (least <= BLOCK_BYTES) return BumpSpace.take(EDEN, least, min(most, BLOCK_BYTES), BumpSpace.capacity(EDEN));
    const extent = LargeSpace.extent(least);
    Lock.acquire(CONTROL_HEAP_LOCK);
    const object = Generations.fits(extent, final) ? LargeSpace.takeYoung(least) : 0;
    Lock.release(CONTROL_HEAP_LOCK);
    if (!object) return 0;
    LargeSpace.clear(object, least);
    Taken.bytes = least;
    return object;
  }

  /** Whether there may be a new large object now. */
  private static fits(extent: u32, final: bool): bool {
    const young = load<u32>(HEAP_YOUNG_LARGE_BYTES);
    if (!final && young && young + extent > BumpSpace.capacity(EDEN)) return false;
    const used = GenerationSizes.matureUsed();
    const limit = final ? load<u32>(HEAP_MATURE_CAPACITY) : load<u32>(HEAP_TRIGGER);
    if (used <= limit && limit - used >= extent && GenerationSizes.free() >= extent) return true;
    store<u32>(HEAP_WANTS_MAJOR, 1);
    return false;
  }

  /** Whether the collection that begins is to be a major one. */
  static isMajor(full: bool): bool {
    if (full || load<u32>(HEAP_WANTS_MAJOR)) return true;
    if (load<u32>(CONTROL_STRESS) && load<u32>(CONTROL_COLLECTIONS) % STRESS_MAJORS == 0) return true;
    return GenerationSizes.matureUsed() + load<u32>(HEAP_PROMOTES) >= load<u32>(HEAP_TRIGGER);
  }

  /** Collects young objects; false: there was not room enough. `isMinor`: not everything was collected just before. */
  static minor(isMinor: bool): bool {
    // Where room may not suffice, one collector can leave objects where they are.
    const isRoomy = GenerationSizes.isRoomy();
    if (Crew.begin(false, load<u32>(HEAP_MINOR_COPIED), isRoomy, true)) return Generations.run<Several>(isMinor);
    return Generations.run<Alone>(isMinor);
  }

  private static run<P extends Team>(isMinor: bool): bool {
    Young.close();
    const tracer = changetype<Minor<P>>(0);
    tracer.begin();
    Collection.trace<Minor<P>>(tracer, Cards.stripes());
    const promoted = Copies.finish<P, Mature>();
    const survived = Copies.finish<P, Survivors>();
    ObjectMap.end();
    LargeSpace.sweepYoung();
    const done = !hasMinorFailed();
    if (done) Young.clear();
    else Young.stay();
    store<u32>(HEAP_PROMOTES, (load<u32>(HEAP_PROMOTES) + promoted) >> 1);
    store<u32>(HEAP_MINOR_COPIED, promoted + survived);
    store<u32>(FACT_MINOR, isMinor ? 1 : 0);
    store<u64>(FACT_PROMOTED, load<u64>(FACT_PROMOTED) + promoted);
    store<u32>(FACT_TENURING, load<u32>(HEAP_PROMOTES_AT_ONCE) ? 0 : 1);
    store<u64>(HEAP_COPIED, load<u64>(HEAP_COPIED) + promoted + survived);
    if (isMinor) GenerationSizes.adapt(promoted + survived, done);
    return done;
  }

  /** A helper's part of a minor or, by HEAP_TRACER, of a major collection. */
  static help(): void {
    const tracer = load<u32>(HEAP_TRACER);
    if (tracer == TRACER_MARKING) Collection.help<Marking<Several>>(changetype<Marking<Several>>(0));
    else if (tracer == TRACER_EVACUATING) Collection.help<Evacuating<Several>>(changetype<Evacuating<Several>>(0));
    else Collection.help<Minor<Several>>(changetype<Minor<Several>>(0));
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    if (Crew.several()) Generations.visitBy<Several>(slot);
    else Generations.visitBy<Alone>(slot);
  }

  private static visitBy<P extends Team>(slot: usize): void {
    const tracer = load<u32>(HEAP_TRACER);
    if (tracer == TRACER_MARKING) changetype<Marking<P>>(0).slot(slot);
    else if (tracer == TRACER_EVACUATING) changetype<Evacuating<P>>(0).slot(slot);
    else changetype<Minor<P>>(0).slot(slot);
  }
}
