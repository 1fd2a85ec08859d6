/**
 * MarkCompact: one range, filled from low to high; what lives closes up toward its start at each collection, in its order.
 *
 *   stop, clear marks, roots, closure, references and weak roots, measure, relocate, slide
 *
 * All of memory can be filled and none is ever fragmented; each collection goes over what lives twice. Large objects do not move: they have blocks at
 * the top.
 *
 *   start ─ objects ─▶ .............. large objects ─── end
 */
import {
  BLOCK_BYTES,
  BLOCK_FREE,
  BLOCK_SMALL,
  BLOCK_STATE,
  CONTROL_CHECK,
  CONTROL_HEAP_END,
  CONTROL_HEAP_LOCK,
  CONTROL_HEAP_START,
  HEAP_COPIED,
  HEAP_CURRENT,
  HEAP_LIVE,
  HEAP_SPACES,
  HEAP_TRIGGER,
  LOG_BLOCK_BYTES,
  POISON_BYTE,
} from "../layout.gen";
import { Collection } from "../collection";
import { Lock } from "../lock";
import { Crew } from "../parallel/crew";
import { Alone, Several, Team } from "../parallel/team";
import { Compacting, CompactMarking } from "../policies/compacting";
import { Marks } from "../policies/marks";
import { Sizing } from "../sizing";
import { Blocks } from "../spaces/blocks";
import { BumpSpace } from "../spaces/bump";
import { LargeSpace } from "../spaces/large";
import { Taken } from "../taken";

/** Objects from here on do not move. */
const LARGE_BYTES: u32 = 131072;
const SPACE: usize = HEAP_SPACES;

/** Whether marking is over. Holds during one collection. */
let relocates: bool = false;

export abstract class MarkCompact {
  static init(): void {
    Marks.init(load<u32>(CONTROL_HEAP_START), load<u32>(CONTROL_HEAP_END));
    const start = Blocks.address(0);
    BumpSpace.init(SPACE, start, start + MarkCompact.capacity());
    // Large objects may lie where small ones lay.
    for (let i: u32 = 0; i < Blocks.count(); i++) Blocks.setDirty(i);
    Compacting.init(Blocks.count());
    store<u32>(HEAP_CURRENT, <u32>SPACE);
    Sizing.setTrigger(0, MarkCompact.capacity());
  }

  static take(least: u32, most: u32, final: bool): usize {
    const limit = final ? MarkCompact.capacity() : load<u32>(HEAP_TRIGGER);
    if (least < LARGE_BYTES) return BumpSpace.take(SPACE, least, most, limit - min(limit, LargeSpace.used()));
    Lock.acquire(CONTROL_HEAP_LOCK);
    const used = MarkCompact.used();
    let object: usize = 0;
    if (used <= limit && limit - used >= LargeSpace.extent(least)) {
      object = LargeSpace.take(least, (BumpSpace.used(SPACE) + BLOCK_BYTES - 1) >> LOG_BLOCK_BYTES);
      if (object) MarkCompact.divide();
    }
    Lock.release(CONTROL_HEAP_LOCK);
    if (!object) return 0;
    LargeSpace.clear(object, least);
    Taken.bytes = least;
    return object;
  }

  /** Where small objects end now. */
  private static divide(): void {
    BumpSpace.setEnd(SPACE, LargeSpace.start());
    BumpSpace.setVirgin(SPACE, Blocks.address(Blocks.count()));
  }

  static collect(clearSoft: bool): void {
    const top = BumpSpace.top(SPACE);
    MarkCompact.setState(top, BLOCK_SMALL);
    Marks.clearAll();
    if (Crew.begin(clearSoft, load<u32>(HEAP_LIVE))) MarkCompact.mark<Several>(top);
    else MarkCompact.mark<Alone>(top);
    relocates = true;
    const end = Compacting.run();
    relocates = false;
    BumpSpace.setTop(SPACE, end);
    if (load<u32>(CONTROL_CHECK)) memory.fill(end, <u8>POISON_BYTE, top - end);
    store<u64>(HEAP_COPIED, load<u64>(HEAP_COPIED) + BumpSpace.used(SPACE));
    Sizing.setTrigger(MarkCompact.used(), MarkCompact.capacity());
  }

  private static mark<P extends Team>(top: usize): void {
    const tracer = changetype<CompactMarking<P>>(0);
    tracer.begin();
    Collection.trace<CompactMarking<P>>(tracer);
    MarkCompact.setState(top, BLOCK_FREE);
    if (!LargeSpace.used()) return;
    LargeSpace.sweep<CompactMarking<P>>(tracer);
    MarkCompact.divide();
  }

  static help(): void {
    Collection.help<CompactMarking<Several>>(changetype<CompactMarking<Several>>(0));
  }

  /** The blocks up to `top` are in use while marking goes on. */
  private static setState(top: usize, state: u32): void {
    const count = <u32>(top - Blocks.address(0) + BLOCK_BYTES - 1) >> LOG_BLOCK_BYTES;
    for (let i: u32 = 0; i < count; i++) store<u32>(Blocks.record(i), state, BLOCK_STATE);
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    if (relocates) Compacting.visit(slot);
    else if (Crew.several()) changetype<CompactMarking<Several>>(0).slot(slot);
    else changetype<CompactMarking<Alone>>(0).slot(slot);
  }

  static used(): u32 {
    return BumpSpace.used(SPACE) + LargeSpace.used();
  }

  static capacity(): u32 {
    return Blocks.count() << LOG_BLOCK_BYTES;
  }
}
