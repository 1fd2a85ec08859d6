/**
 * Where a moved object has gone: in the place of its first word, while the world is stopped.
 *
 *    31                              1 0
 *   ┌────────────────────────────────┬──┐   ..00 type record   the object is here
 *   │ type record, or address        │  │   ..10 type record   it is claimed, others wait (BUSY)
 *   └────────────────────────────────┴──┘   ...1 address       it is there (FORWARDED)
 *
 *   one collector    type record ──store──▶ address | FORWARDED
 *   several          type record ──cmpxchg──▶ address | FORWARDED                         the loser takes its copy back and uses the other's
 *                    type record ──cmpxchg──▶ BUSY ──▶ address | FORWARDED, or the type record again     where an object may have to stay
 *
 * Atomics are sequentially consistent: who reads an installed address sees every byte of the copy. Copying first measured better than claiming first.
 */
import { BUSY, FORWARDED } from "../objects";
import { Team } from "./team";

export abstract class Forwarding {
  /** The first word of an object that may be being moved. */
  @inline static word<P extends Team>(object: usize): u32 {
    return changetype<P>(0).several() ? atomic.load<u32>(object) : load<u32>(object);
  }

  /**
   * Takes an object whose first word was `word`, not FORWARDED, for the caller to move. Returns its type record; or the address of the copy | FORWARDED: another
   * collector has moved it. Afterwards the caller installs a copy, or stores the type record.
   */
  @inline static claim<P extends Team>(object: usize, word: u32): u32 {
    if (!changetype<P>(0).several()) return word;
    if (!(word & BUSY) && atomic.cmpxchg<u32>(object, word, word | BUSY) == word) return word;
    return Forwarding.wait(object);
  }

  private static wait(object: usize): u32 {
    let word = atomic.load<u32>(object);
    while (!(word & FORWARDED)) {
      if (!(word & BUSY) && atomic.cmpxchg<u32>(object, word, word | BUSY) == word) break;
      word = atomic.load<u32>(object);
    }
    return word;
  }

  /** Says that the object, whose first word was `type`, is at `copy` now. Returns where it is: `copy`, or where another collector put it first. */
  @inline static install<P extends Team>(object: usize, type: u32, copy: usize): usize {
    if (!changetype<P>(0).several()) {
      store<u32>(object, <u32>copy | FORWARDED);
      return copy;
    }
    const word = atomic.cmpxchg<u32>(object, type, <u32>copy | FORWARDED);
    return word == type ? copy : word ^ FORWARDED;
  }
}
