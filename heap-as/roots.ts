/**
 * Where references stand outside of objects, in the order visited:
 *
 *   1. blocks of strong roots (CONTROL_ROOTS), the list of cleared references (CONTROL_PENDING)
 *   2. each carrier's transfer area
 *   3. each thread record's references, and its frames
 *   4. immortal objects (spaces/immortal.ts)
 *
 * Weak roots (CONTROL_WEAK_ROOTS) come last of all, when it is known what lives: references.ts.
 */
import {
  CARRIERS,
  CARRIER_BYTES,
  CARRIER_REFS,
  CONTROL_CARRIER_COUNT,
  CONTROL_PENDING,
  CONTROL_ROOTS,
  CONTROL_THREADS,
  FRAME_SITE,
  FRAME_SLOTS,
  HEAP_CLAIMS,
  MAP_IREF,
  MAP_REF,
  ROOTS_NEXT,
  ROOTS_USED,
  ROOTS_WORDS,
  SITE_FRAME_BYTES,
  SITE_MAP,
  SITE_MAP_WORDS,
  THREAD_NEXT,
  THREAD_REFS,
  THREAD_SP,
} from "./layout.gen";
import { Visitor } from "./objects";
import { Immortal } from "./spaces/immortal";

/** Several collectors claim so many blocks, stacks or chunks at a time. */
const CLAIMED: u32 = 8;

/** What this collector has claimed last: [claimStart, claimEnd), numbers in the order visited. */
let claimStart: u32 = 0;
let claimEnd: u32 = 0;

export abstract class Roots {
  static visit<V extends Visitor>(visitor: V): void {
    Roots.some<V>(visitor, false);
  }

  /** Each of several collectors: visits what no other has claimed; returns when all is claimed. */
  static claim<V extends Visitor>(visitor: V): void {
    claimStart = 0;
    claimEnd = 0;
    Roots.some<V>(visitor, true);
  }

  @inline private static isMine(number: u32): bool {
    if (number >= claimEnd) {
      claimStart = atomic.add<u32>(HEAP_CLAIMS, CLAIMED);
      claimEnd = claimStart + CLAIMED;
    }
    return number >= claimStart;
  }

  @inline private static some<V extends Visitor>(visitor: V, several: bool): void {
    let number: u32 = 0;
    for (let block = <usize>load<u32>(CONTROL_ROOTS); block; block = load<u32>(block, ROOTS_NEXT))
      if (!several || Roots.isMine(number++)) Roots.block<V>(visitor, block);
    if (!several || Roots.isMine(number++)) visitor.slot(CONTROL_PENDING);
    const carriers = load<u32>(CONTROL_CARRIER_COUNT);
    for (let i: u32 = 0; i < carriers; i++)
      if (!several || Roots.isMine(number++)) Roots.block<V>(visitor, CARRIERS + i * CARRIER_BYTES + CARRIER_REFS);
    for (let thread = <usize>load<u32>(CONTROL_THREADS); thread; thread = load<u32>(thread, THREAD_NEXT))
      if (!several || Roots.isMine(number++)) Roots.thread<V>(visitor, thread);
    for (let chunk = Immortal.next(0); chunk; chunk = Immortal.next(chunk))
      if (!several || Roots.isMine(number++)) Immortal.visit<V>(visitor, chunk);
  }

  private static thread<V extends Visitor>(visitor: V, thread: usize): void {
    Roots.block<V>(visitor, thread + THREAD_REFS);
    const sp = load<u32>(thread, THREAD_SP);
    if (sp) Roots.frames<V>(visitor, sp);
  }

  static block<V extends Visitor>(visitor: V, block: usize): void {
    const end = block + ROOTS_WORDS + (load<u32>(block, ROOTS_USED) << 2);
    for (let slot = block + ROOTS_WORDS; slot < end; slot += 4) visitor.slot(slot);
  }

  /** Visits the frames of one stack from the newest on; stops after the one whose site says that none is above. */
  private static frames<V extends Visitor>(visitor: V, sp: usize): void {
    for (;;) {
      const site = <usize>load<u32>(sp, FRAME_SITE);
      const words = load<u32>(site, SITE_MAP_WORDS);
      for (let i: u32 = 0; i < words; i++) {
        let bits = load<u32>(site + (i << 2), SITE_MAP);
        let slot = sp + FRAME_SLOTS + (i << 6);
        // Skip to the next pair of bits that is not 00.
        while (bits) {
          const skip = ctz<u32>(bits) >> 1;
          slot += skip << 2;
          bits >>= skip << 1;
          if ((bits & 3) == MAP_REF) visitor.slot(slot);
          else if ((bits & 3) == MAP_IREF) visitor.interior(slot);
          slot += 4;
          bits >>= 2;
        }
      }
      const bytes = load<u32>(site, SITE_FRAME_BYTES);
      if (!bytes) return;
      sp += bytes;
    }
  }
}
