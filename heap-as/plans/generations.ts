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
  HEAP_HELPERS,
  HEAP_EDEN_WANTED,
  HEAP_LIVE,
  HEAP_MATURE_CAPACITY,
  HEAP_MINOR_COPIED,
  HEAP_MATURE_LIVE,
  HEAP_PROMOTES,
  HEAP_PROMOTES_AT_ONCE,
  HEAP_TOTAL,
  HEAP_TRACER,
  HEAP_TRIGGER,
  HEAP_WANTS_MAJOR,
  HEAP_YOUNG_LARGE_BYTES,
  HEAP_YOUNG_WANTED,
  LOG_BLOCK_BYTES,
  TRACER_EVACUATING,
  TRACER_MARKING,
} from "../layout.gen";
import { Collection } from "../collection";
import { Lock } from "../lock";
import { Copies } from "../parallel/copies";
import { Crew } from "../parallel/crew";
import { Alone, Several, Team } from "../parallel/team";
import { Evacuating } from "../policies/evacuating";
import { Marking } from "../policies/marking";
import { Marks } from "../policies/marks";
import { hasMinorFailed, Minor } from "../policies/minor";
import { Sizing } from "../sizing";
import { Blocks } from "../spaces/blocks";
import { BumpSpace } from "../spaces/bump";
import { Cards } from "../spaces/cards";
import { LargeSpace } from "../spaces/large";
import { Customs, Mature } from "../spaces/mature";
import { ObjectMap } from "../spaces/object-map";
import { EDEN, Survivors, Young } from "../spaces/young";
import { Taken } from "../taken";

/** Bytes of new objects between collections at first: they stay in the processor's caches. Half of the total at most. */
const EDEN_BYTES: u32 = 16 << 20;
/** Where more than one of so many bytes survive, eden grows, by more if it is most; where less than one of so many do, it shrinks. */
const MOST: u32 = 3;
const MANY: u32 = 8;
const FEW: u32 = 64;
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
    const used = Generations.matureUsed();
    const limit = final ? load<u32>(HEAP_MATURE_CAPACITY) : load<u32>(HEAP_TRIGGER);
    if (used <= limit && limit - used >= extent && Generations.free() >= extent) return true;
    store<u32>(HEAP_WANTS_MAJOR, 1);
    return false;
  }

  /** Whether the collection that begins is to be a major one. */
  static isMajor(full: bool): bool {
    if (full || load<u32>(HEAP_WANTS_MAJOR)) return true;
    if (load<u32>(CONTROL_STRESS) && load<u32>(CONTROL_COLLECTIONS) % STRESS_MAJORS == 0) return true;
    return Generations.matureUsed() + load<u32>(HEAP_PROMOTES) >= load<u32>(HEAP_TRIGGER);
  }

  /** Collects young objects; false: there was not room enough. `isMinor`: not everything was collected just before. */
  static minor(isMinor: bool): bool {
    // Promotion wastes ends of blocks, so twice the room suffices; where it is not there, one collector can leave objects where they are.
    const room: u32 = 2 * Young.used() + (1 + load<u32>(HEAP_HELPERS)) * BLOCK_BYTES;
    const isRoomy = Generations.free() >= room && Generations.matureUsed() + room <= load<u32>(HEAP_MATURE_CAPACITY);
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
    if (isMinor) Generations.want(promoted + survived);
    if (isMinor && done) Generations.resize();
    return done;
  }

  /** Moves the size that eden would like by how much has survived. */
  private static want(survived: u32): void {
    const eden = BumpSpace.capacity(EDEN);
    const wanted = load<u32>(HEAP_EDEN_WANTED);
    if (survived > eden / MANY) {
      const more = survived > eden / MOST ? 4 * eden : 2 * eden;
      store<u32>(HEAP_EDEN_WANTED, max(wanted, min(more, Young.mostEden())));
    } else if (survived < eden / FEW) {
      store<u32>(HEAP_EDEN_WANTED, max(EDEN_BYTES, wanted / 2));
    }
  }

  /** After a major collection. Old objects may take `capacity` at most. */
  static setTrigger(capacity: u32): void {
    store<u32>(HEAP_MATURE_CAPACITY, capacity);
    store<u32>(HEAP_WANTS_MAJOR, 0);
    store<u32>(HEAP_MATURE_LIVE, Generations.used());
    if (!load<u32>(HEAP_EDEN_WANTED)) store<u32>(HEAP_EDEN_WANTED, EDEN_BYTES);
    Generations.resize();
  }

  /** Divides the total: how much new objects may take now, and old ones before the next major collection. */
  private static resize(): void {
    const capacity = load<u32>(HEAP_MATURE_CAPACITY);
    Sizing.setTrigger(load<u32>(HEAP_MATURE_LIVE), Generations.capacity());
    store<u32>(HEAP_LIVE, Generations.used());
    const total = load<u32>(HEAP_TOTAL);
    const wanted = load<u32>(HEAP_YOUNG_WANTED);
    const young = wanted ? wanted : min(load<u32>(HEAP_EDEN_WANTED), total / 2);
    // What the total has beyond what old objects and survivors may take is for new ones.
    const kept = capacity + Young.half();
    Young.setEden(max(young, total > kept ? total - kept : 0));
    const eden = BumpSpace.capacity(EDEN);
    const least = load<u32>(HEAP_MATURE_LIVE) + eden / 2;
    store<u32>(HEAP_TRIGGER, min(capacity, max(least, total > eden ? total - eden : 0)));
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

  /** Bytes of free blocks. */
  private static free(): u32 {
    return (Blocks.count() << LOG_BLOCK_BYTES) - Blocks.inUse();
  }

  @inline private static matureUsed(): u32 {
    return Mature.used() + LargeSpace.used();
  }

  static used(): u32 {
    return Young.used() + Generations.matureUsed();
  }

  static capacity(): u32 {
    return load<u32>(HEAP_MATURE_CAPACITY) + Young.mostEden() + Young.half();
  }
}
