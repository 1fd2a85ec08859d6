/**
 * Immix: small objects in blocks and lines, which are marked where they are, or moved together when there is much between them; and large objects.
 *
 *   stop, choose blocks to evacuate if it is worth it, clear marks, roots, closure, references and weak roots, sweep
 *
 * A full collection evacuates always, and again as long as it frees blocks: with little room it takes several rounds.
 */
import {
  BLOCK_BYTES,
  CONTROL_HEAP_END,
  CONTROL_HEAP_LOCK,
  CONTROL_HEAP_START,
  HEAP_COPIED,
  HEAP_LIVE,
  HEAP_TRACER,
  HEAP_TRIGGER,
  TRACER_EVACUATING,
  TRACER_USUAL,
} from "../layout.gen";
import { Collection } from "../collection";
import { Lock } from "../lock";
import { Copies } from "../parallel/copies";
import { Crew } from "../parallel/crew";
import { Alone, Several, Team } from "../parallel/team";
import { Evacuating } from "../policies/evacuating";
import { Marking } from "../policies/marking";
import { Tracer } from "../references";
import { Marks } from "../policies/marks";
import { Sizing } from "../sizing";
import { Blocks } from "../spaces/blocks";
import { FreeBlocks, ImmixSpace } from "../spaces/immix";
import { LargeSpace } from "../spaces/large";
import { Taken } from "../taken";

const MOST_ROUNDS: u32 = 8;

export abstract class Immix {
  static init(): void {
    Marks.init(load<u32>(CONTROL_HEAP_START), load<u32>(CONTROL_HEAP_END));
    Sizing.setTrigger(0, ImmixSpace.capacity());
  }

  static take(least: u32, most: u32, final: bool): usize {
    const isLarge = least > BLOCK_BYTES;
    const needed = isLarge ? LargeSpace.extent(least) : least;
    const limit = final ? ImmixSpace.capacity() : load<u32>(HEAP_TRIGGER);
    Lock.acquire(CONTROL_HEAP_LOCK);
    const used = Immix.used();
    let start: usize = 0;
    if (used <= limit && limit - used >= needed) {
      if (!isLarge) start = ImmixSpace.take(least, min(most, limit - used), Blocks.inUse() < ImmixSpace.capacity());
      else if (Blocks.inUse() + needed <= ImmixSpace.capacity()) start = LargeSpace.take(least, 0);
    }
    const bytes = isLarge ? least : Taken.bytes;
    Lock.release(CONTROL_HEAP_LOCK);
    if (!start) return 0;
    if (isLarge) LargeSpace.clear(start, least);
    else ImmixSpace.clear(start, bytes);
    Taken.bytes = bytes;
    return start;
  }

  static collect(full: bool, clearSoft: bool): void {
    let before = Blocks.inUse();
    Immix.round((full || ImmixSpace.isFragmented()) && ImmixSpace.choose(), clearSoft);
    for (let i: u32 = 1; full && i < MOST_ROUNDS && Immix.evacuates() && Blocks.inUse() < before; i++) {
      before = Blocks.inUse();
      if (!ImmixSpace.choose()) break;
      Immix.round(true, clearSoft);
    }
    // Memory is short: now it is known how much lives in which block, and large objects need neighbours that are free.
    if (clearSoft && ImmixSpace.chooseHigh()) Immix.round(true, clearSoft);
    Sizing.setTrigger(Immix.used(), ImmixSpace.capacity());
  }

  private static round(evacuates: bool, clearSoft: bool): void {
    store<u32>(HEAP_TRACER, evacuates ? TRACER_EVACUATING : TRACER_USUAL);
    const several = Crew.begin(clearSoft, load<u32>(HEAP_LIVE));
    Marks.clearAll();
    if (Immix.evacuates()) {
      if (several) Immix.traceAndSweep<Several, Evacuating<Several>>(changetype<Evacuating<Several>>(0));
      else Immix.traceAndSweep<Alone, Evacuating<Alone>>(changetype<Evacuating<Alone>>(0));
    } else if (several) Immix.traceAndSweep<Several, Marking<Several>>(changetype<Marking<Several>>(0));
    else Immix.traceAndSweep<Alone, Marking<Alone>>(changetype<Marking<Alone>>(0));
  }

  /** Whether this collection moves objects. */
  private static evacuates(): bool {
    return load<u32>(HEAP_TRACER) == TRACER_EVACUATING;
  }

  private static traceAndSweep<P extends Team, T extends Tracer>(tracer: T): void {
    tracer.begin();
    Collection.trace<T>(tracer);
    if (Immix.evacuates()) store<u64>(HEAP_COPIED, load<u64>(HEAP_COPIED) + Copies.finish<P, FreeBlocks>());
    LargeSpace.sweep<T>(tracer);
    ImmixSpace.sweep<P>();
  }

  static help(): void {
    if (Immix.evacuates()) Collection.help<Evacuating<Several>>(changetype<Evacuating<Several>>(0));
    else Collection.help<Marking<Several>>(changetype<Marking<Several>>(0));
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    if (Immix.evacuates()) {
      if (Crew.several()) changetype<Evacuating<Several>>(0).slot(slot);
      else changetype<Evacuating<Alone>>(0).slot(slot);
    } else if (Crew.several()) changetype<Marking<Several>>(0).slot(slot);
    else changetype<Marking<Alone>>(0).slot(slot);
  }

  static used(): u32 {
    return ImmixSpace.used() + LargeSpace.used();
  }
}
