/**
 * Where a moved object has gone: in the place of its first word, while the world is stopped.
 *
 *    31                              1 0
 *   ┌────────────────────────────────┬──┐   ...0 type record   the object is here
 *   │ type record, or address        │  │   ...1 address       it is there (FORWARDED)
 *   └────────────────────────────────┴──┘
 *
 *   type record ──store, or cmpxchg if several collect──▶ address of the copy | FORWARDED        there is no other edge
 *
 * With several collectors each copies first and then tries to install: the loser takes its copy back (Copies.undo) and uses the other's. Atomics are
 * sequentially consistent: who reads an installed address sees every byte of the copy.
 */
import { FORWARDED } from "../objects";
import { Team } from "./team";

export abstract class Forwarding {
  /** The first word of an object that may be being moved. */
  @inline static word<P extends Team>(object: usize): u32 {
    return changetype<P>(0).several() ? atomic.load<u32>(object) : load<u32>(object);
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
