/**
 * SemiSpace: two halves; the live objects of one move to the other at each collection, which then is the one allocated in.
 *
 *   stop, flip, roots, closure, references and weak roots, release
 *
 * Only the used part of a half is ever touched. Large objects do not move: they have blocks at the top of the second half, and the first half stays
 * as empty at its top, so that the live objects of either always fit the other.
 *
 *   start ─ first half ─▶ ....... ┆ ─ second half ─▶ ....... large objects
 *                          as many bytes                     ─── end
 */
import {
  BLOCK_BYTES,
  CONTROL_CHECK,
  CONTROL_HEAP_END,
  CONTROL_HEAP_LOCK,
  CONTROL_HEAP_START,
  HEAP_COPIED,
  HEAP_CURRENT,
  HEAP_LIVE,
  HEAP_OTHER,
  HEAP_SPACES,
  HEAP_TRIGGER,
  LOG_BLOCK_BYTES,
  POISON_BYTE,
  SPACE_BYTES,
} from "../layout.gen";
import { Collection } from "../collection";
import { Lock } from "../lock";
import { Copies } from "../parallel/copies";
import { Crew } from "../parallel/crew";
import { Alone, Several, Team } from "../parallel/team";
import { Copying, ToSpace } from "../policies/copying";
import { Sizing } from "../sizing";
import { Blocks } from "../spaces/blocks";
import { BumpSpace } from "../spaces/bump";
import { LargeSpace } from "../spaces/large";
import { ObjectMap } from "../spaces/object-map";
import { Taken } from "../taken";

const HALF_ALIGN_BYTES: usize = 65536;
/** Objects from here on do not move. */
const LARGE_BYTES: u32 = 131072;
const FIRST: usize = HEAP_SPACES;
const SECOND: usize = HEAP_SPACES + SPACE_BYTES;

export abstract class SemiSpace {
  static init(): void {
    const start = <usize>load<u32>(CONTROL_HEAP_START);
    const end = <usize>load<u32>(CONTROL_HEAP_END);
    const half = ((end - start) >> 1) & ~(HALF_ALIGN_BYTES - 1);
    BumpSpace.init(FIRST, start, start + half);
    BumpSpace.init(SECOND, start + half, start + half + half);
    Blocks.init(start + half, <u32>half >> LOG_BLOCK_BYTES, 1);
    store<u32>(HEAP_CURRENT, <u32>FIRST);
    store<u32>(HEAP_OTHER, <u32>SECOND);
    Sizing.setTrigger(0, SemiSpace.capacity());
  }

  static take(least: u32, most: u32, final: bool): usize {
    const limit = final ? SemiSpace.capacity() : load<u32>(HEAP_TRIGGER);
    if (least >= LARGE_BYTES) return SemiSpace.takeLarge(least, limit);
    return BumpSpace.take(load<u32>(HEAP_CURRENT), least, most, limit - min(limit, LargeSpace.used()));
  }

  private static takeLarge(bytes: u32, limit: u32): usize {
    Lock.acquire(CONTROL_HEAP_LOCK);
    const used = SemiSpace.used();
    let object: usize = 0;
    if (used <= limit && limit - used >= LargeSpace.extent(bytes)) {
      const copied = BumpSpace.used(load<u32>(HEAP_CURRENT));
      object = LargeSpace.take(bytes, (copied + BLOCK_BYTES - 1) >> LOG_BLOCK_BYTES);
      if (object) SemiSpace.divide();
    }
    Lock.release(CONTROL_HEAP_LOCK);
    if (!object) return 0;
    LargeSpace.clear(object, bytes);
    Taken.bytes = bytes;
    return object;
  }

  /** Where the halves end now. */
  private static divide(): void {
    const bytes = LargeSpace.start() - BumpSpace.start(SECOND);
    BumpSpace.setEnd(FIRST, BumpSpace.start(FIRST) + bytes);
    BumpSpace.setEnd(SECOND, BumpSpace.start(SECOND) + bytes);
    BumpSpace.setVirgin(SECOND, Blocks.address(Blocks.count()));
  }

  static collect(clearSoft: bool): void {
    const used = BumpSpace.used(load<u32>(HEAP_CURRENT));
    // Of their buffers several collectors waste some; before memory is out, one does it.
    const room = BumpSpace.capacity(load<u32>(HEAP_OTHER)) - used;
    const isRoomy = !clearSoft && room >= Copies.waste(used);
    if (Crew.begin(clearSoft, load<u32>(HEAP_LIVE), isRoomy)) SemiSpace.run<Several>();
    else SemiSpace.run<Alone>();
  }

  private static run<P extends Team>(): void {
    const from = <usize>load<u32>(HEAP_CURRENT);
    const to = <usize>load<u32>(HEAP_OTHER);
    const tracer = changetype<Copying<P>>(0);
    tracer.begin();
    Collection.trace<Copying<P>>(tracer);
    const copied = Copies.finish<P, ToSpace>();
    ObjectMap.end();
    if (load<u32>(CONTROL_CHECK)) memory.fill(BumpSpace.start(from), <u8>POISON_BYTE, BumpSpace.used(from));
    BumpSpace.clear(from);
    store<u32>(HEAP_CURRENT, <u32>to);
    store<u32>(HEAP_OTHER, <u32>from);
    if (LargeSpace.used()) {
      LargeSpace.sweep<Copying<P>>(tracer);
      SemiSpace.divide();
    }
    store<u64>(HEAP_COPIED, load<u64>(HEAP_COPIED) + copied);
    Sizing.setTrigger(SemiSpace.used(), SemiSpace.capacity());
  }

  static help(): void {
    Collection.help<Copying<Several>>(changetype<Copying<Several>>(0));
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    if (Crew.several()) changetype<Copying<Several>>(0).slot(slot);
    else changetype<Copying<Alone>>(0).slot(slot);
  }

  static used(): u32 {
    return BumpSpace.used(load<u32>(HEAP_CURRENT)) + LargeSpace.used();
  }

  static capacity(): u32 {
    return Blocks.count() << LOG_BLOCK_BYTES;
  }
}
