/**
 * SemiSpace: two halves; the live objects of one move to the other at each collection, which then is the one allocated in.
 *
 *   stop, flip, roots, closure, references and weak roots, release
 *
 * Only the used part of a half is ever touched. A collection is due when use reaches HEAP_TRIGGER: twice what was live after the last one
 * and some more, within the half; so a small program keeps to a small part of memory, and copying costs at most about one byte per
 * byte allocated.
 */
import {
  CONTROL_CHECK,
  CONTROL_HEAP_END,
  CONTROL_HEAP_START,
  HEAP_COPIED,
  HEAP_CURRENT,
  HEAP_LIVE,
  HEAP_OTHER,
  HEAP_SPACES,
  HEAP_TRIGGER,
  HEAP_TRIGGER_LEAST,
  POISON_BYTE,
  SPACE_BYTES,
} from "../layout.gen";
import { Copying } from "../policies/copying";
import { References } from "../references";
import { Roots } from "../roots";
import { BumpSpace } from "../spaces/bump";

const HALF_ALIGN_BYTES: usize = 65536;

export abstract class SemiSpace {
  static init(): void {
    const start = <usize>load<u32>(CONTROL_HEAP_START);
    const end = <usize>load<u32>(CONTROL_HEAP_END);
    const half = ((end - start) >> 1) & ~(HALF_ALIGN_BYTES - 1);
    BumpSpace.init(HEAP_SPACES, start, start + half);
    BumpSpace.init(HEAP_SPACES + SPACE_BYTES, start + half, start + half + half);
    store<u32>(HEAP_CURRENT, HEAP_SPACES);
    store<u32>(HEAP_OTHER, HEAP_SPACES + SPACE_BYTES);
    SemiSpace.setTrigger(0);
  }

  static collect(clearSoft: bool): void {
    const from = <usize>load<u32>(HEAP_CURRENT);
    const to = <usize>load<u32>(HEAP_OTHER);
    const tracer = Copying.begin(BumpSpace.start(from), BumpSpace.top(from), BumpSpace.start(to), clearSoft);
    Roots.visit<Copying>(tracer);
    tracer.close();
    References.process<Copying>(tracer);
    BumpSpace.setTop(to, Copying.end());
    if (load<u32>(CONTROL_CHECK)) memory.fill(BumpSpace.start(from), <u8>POISON_BYTE, BumpSpace.used(from));
    BumpSpace.clear(from);
    store<u32>(HEAP_CURRENT, <u32>to);
    store<u32>(HEAP_OTHER, <u32>from);
    const live = BumpSpace.used(to);
    store<u32>(HEAP_LIVE, live);
    store<u64>(HEAP_COPIED, load<u64>(HEAP_COPIED) + live);
    SemiSpace.setTrigger(live);
  }

  private static setTrigger(live: u32): void {
    const capacity = BumpSpace.capacity(HEAP_SPACES);
    const wanted = <u64>live * 2 + load<u32>(HEAP_TRIGGER_LEAST);
    store<u32>(HEAP_TRIGGER, <u32>min<u64>(wanted, capacity));
  }
}
