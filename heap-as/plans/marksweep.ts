/**
 * MarkSweep: objects stay where they are. Blocks of small objects with holes between them, and large objects.
 *
 *   stop, clear marks, roots, closure, references and weak roots, sweep
 *
 * All of memory can be filled; but what lies between survivors fits small objects only, and is found by searching lists.
 */
import {
  BLOCK_BYTES,
  CONTROL_HEAP_END,
  CONTROL_HEAP_LOCK,
  CONTROL_HEAP_START,
  HEAP_LIVE,
  HEAP_TRIGGER,
  LOG_BLOCK_BYTES,
} from "../layout.gen";
import { Collection } from "../collection";
import { Lock } from "../lock";
import { Crew } from "../parallel/crew";
import { Alone, Several, Team } from "../parallel/team";
import { Marking } from "../policies/marking";
import { Marks } from "../policies/marks";
import { Sizing } from "../sizing";
import { Blocks } from "../spaces/blocks";
import { LargeSpace } from "../spaces/large";
import { MarkSweepSpace } from "../spaces/marksweep";
import { Taken } from "../taken";

export abstract class MarkSweep {
  static init(): void {
    Marks.init(load<u32>(CONTROL_HEAP_START), load<u32>(CONTROL_HEAP_END));
    MarkSweepSpace.init();
    Sizing.setTrigger(0, MarkSweep.capacity());
  }

  static take(least: u32, most: u32, final: bool): usize {
    const isLarge = least > BLOCK_BYTES;
    const needed = isLarge ? LargeSpace.extent(least) : least;
    const limit = final ? MarkSweep.capacity() : load<u32>(HEAP_TRIGGER);
    Lock.acquire(CONTROL_HEAP_LOCK);
    const used = MarkSweep.used();
    let start: usize = 0;
    if (used <= limit && limit - used >= needed)
      start = isLarge ? LargeSpace.take(least, 0) : MarkSweepSpace.take(least, min(most, limit - used));
    const bytes = isLarge ? least : Taken.bytes;
    Lock.release(CONTROL_HEAP_LOCK);
    if (!start) return 0;
    if (isLarge) LargeSpace.clear(start, least);
    else MarkSweepSpace.clear(start, bytes);
    Taken.bytes = bytes;
    return start;
  }

  static collect(clearSoft: bool): void {
    if (Crew.begin(clearSoft, load<u32>(HEAP_LIVE))) MarkSweep.run<Several>();
    else MarkSweep.run<Alone>();
    Sizing.setTrigger(MarkSweep.used(), MarkSweep.capacity());
  }

  private static run<P extends Team>(): void {
    Marks.clearAll();
    const tracer = changetype<Marking<P>>(0);
    tracer.begin();
    Collection.trace<Marking<P>>(tracer);
    LargeSpace.sweep<Marking<P>>(tracer);
    MarkSweepSpace.sweep<P>();
  }

  static help(): void {
    Collection.help<Marking<Several>>(changetype<Marking<Several>>(0));
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    if (Crew.several()) changetype<Marking<Several>>(0).slot(slot);
    else changetype<Marking<Alone>>(0).slot(slot);
  }

  static used(): u32 {
    return MarkSweepSpace.used() + LargeSpace.used();
  }

  static capacity(): u32 {
    return Blocks.count() << LOG_BLOCK_BYTES;
  }
}
