/**
 * References with a strength, and weak roots, while the world is stopped.
 *
 * A reference object is *active* while its TYPE_ACTIVE field and its link are 0. Tracing hands an active one whose referent is not known to live to
 * `discover`, which links it into the list of its strength; all others are traced like any object. When the closure is complete:
 *
 *   soft, weak   referent dead: cleared, moved to the pending list; alive: updated
 *   final        referent dead: kept alive by tracing, ACTIVE set to the reference itself, moved to the pending list
 *   soft, weak   again, for those found by that tracing
 *   phantom      like weak
 *   weak roots   dead: set to 0
 *
 * While a reference is in such a list, its link is the next one's address | LISTED: an object that is visited twice is found once. Stores into references mark
 * their cards (spaces/cards.ts), as a mutator's would.
 *
 * The pending list (CONTROL_PENDING, linked by TYPE_LINK) is a strong root, and the guest's to take. A soft reference comes here only if
 * the collection is to clear them all, or if it was not used for so long that its type's clock says so (TYPE_STAMP).
 */
import {
  CONTROL_PENDING,
  CONTROL_WEAK_ROOTS,
  HEAP_CLEAR_SOFT,
  HEAP_DISCOVERED,
  HEAP_SOFT_SINCE,
  REFERENCE_FINAL,
  REFERENCE_PHANTOM,
  REFERENCE_SOFT,
  REFERENCE_WEAK,
  ROOTS_NEXT,
  ROOTS_USED,
  ROOTS_WORDS,
  TYPE_ACTIVE,
  TYPE_LINK,
  TYPE_REFERENT,
  TYPE_STAMP,
  TYPE_STRENGTH,
} from "./layout.gen";
import { Visitor } from "./objects";
import { Cards } from "./spaces/cards";

/** Bit of a link: the reference is in a list of those found. */
const LISTED: u32 = 1;

/** A visitor that knows what lives. */
export abstract class Tracer extends Visitor {
  /** Each collector, when a collection begins: reads what holds during it from the control block. */
  abstract begin(): void;
  /** Where the object is now; 0 if it is not known to live. */
  abstract survivor(object: usize): usize;
  /** Visits the gray copies in this collector's buffers (Copies.scan for each destination); false: there were none. */
  abstract scan(): bool;
  /** Completes the closure: visits the references of everything that became live. */
  abstract close(): void;
  /** Whether several collectors trace now. */
  abstract several(): bool;
  /** Each collector: visits the plan's own roots (old objects that may refer to young ones), as many of the stripes as Crew.claim gives it. */
  abstract roots(stripes: u32): void;
}

export abstract class References {
  /** Visits referent and link of a reference object, or remembers it. */
  @inline static visit<T extends Tracer>(tracer: T, object: usize, type: usize): void {
    const referent = object + load<u32>(type, TYPE_REFERENT);
    const link = object + load<u32>(type, TYPE_LINK);
    const strength = load<u32>(type, TYPE_STRENGTH);
    const target = <usize>load<u32>(referent);
    const next = load<u32>(link);
    if (next & LISTED) return;
    const active = !next && !load<u32>(object + load<u32>(type, TYPE_ACTIVE));
    if (!target || !active || (strength == REFERENCE_SOFT && References.isKept(object, type))) {
      tracer.slot(referent);
      tracer.slot(link);
      return;
    }
    const now = tracer.survivor(target);
    if (now) {
      store<u32>(referent, <u32>now);
      Cards.mark(referent);
      return;
    }
    const head = HEAP_DISCOVERED + ((strength - 1) << 2);
    if (!tracer.several()) {
      store<u32>(link, load<u32>(head) | LISTED);
      store<u32>(head, <u32>object);
      return;
    }
    if (atomic.cmpxchg<u32>(link, 0, LISTED)) return;
    let first = load<u32>(head);
    for (;;) {
      store<u32>(link, first | LISTED);
      const seen = atomic.cmpxchg<u32>(head, first, <u32>object);
      if (seen == first) return;
      first = seen;
    }
  }

  /** Whether a soft reference was used lately, and memory is not so short that this does not count. */
  private static isKept(object: usize, type: usize): bool {
    if (load<u32>(HEAP_CLEAR_SOFT)) return false;
    const stamp = load<u32>(type, TYPE_STAMP);
    return !stamp || load<i64>(object + stamp) >= load<i64>(HEAP_SOFT_SINCE);
  }

  static process<T extends Tracer>(tracer: T): void {
    References.list<T>(tracer, REFERENCE_SOFT);
    References.list<T>(tracer, REFERENCE_WEAK);
    // Tracing a final reference's referent may find further final references: until there are none.
    while (load<u32>(HEAP_DISCOVERED + ((REFERENCE_FINAL - 1) << 2))) {
      References.list<T>(tracer, REFERENCE_FINAL);
      tracer.close();
    }
    References.list<T>(tracer, REFERENCE_SOFT);
    References.list<T>(tracer, REFERENCE_WEAK);
    References.list<T>(tracer, REFERENCE_PHANTOM);
    for (let block = <usize>load<u32>(CONTROL_WEAK_ROOTS); block; block = load<u32>(block, ROOTS_NEXT)) {
      const end = block + ROOTS_WORDS + (load<u32>(block, ROOTS_USED) << 2);
      for (let slot = block + ROOTS_WORDS; slot < end; slot += 4) {
        const object = load<u32>(slot);
        if (object) store<u32>(slot, <u32>tracer.survivor(object));
      }
    }
  }

  /** Empties one list. For FINAL the closure must be completed afterwards. */
  private static list<T extends Tracer>(tracer: T, strength: u32): void {
    const head = HEAP_DISCOVERED + ((strength - 1) << 2);
    let object = <usize>load<u32>(head);
    store<u32>(head, 0);
    let dead: usize = 0;
    while (object) {
      const type = <usize>load<u32>(object);
      const referent = object + load<u32>(type, TYPE_REFERENT);
      const link = object + load<u32>(type, TYPE_LINK);
      const next = load<u32>(link) ^ LISTED;
      const now = tracer.survivor(load<u32>(referent));
      if (now) {
        store<u32>(referent, <u32>now);
        Cards.mark(referent);
        store<u32>(link, 0);
      } else {
        store<u32>(link, <u32>dead);
        dead = object;
      }
      object = next;
    }
    // Only now, when all of them are known: tracing one final referent must not make another reference to it look alive.
    while (dead) {
      const type = <usize>load<u32>(dead);
      const referent = dead + load<u32>(type, TYPE_REFERENT);
      const link = dead + load<u32>(type, TYPE_LINK);
      const next = load<u32>(link);
      if (strength == REFERENCE_FINAL) {
        tracer.slot(referent);
        store<u32>(dead + load<u32>(type, TYPE_ACTIVE), <u32>dead);
      } else {
        store<u32>(referent, 0);
      }
      store<u32>(link, load<u32>(CONTROL_PENDING));
      Cards.mark(link);
      store<u32>(CONTROL_PENDING, <u32>dead);
      dead = next;
    }
  }
}
