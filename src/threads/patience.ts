/**
 * How long to look at a word before sleeping. Looking pays when the other side answers soon, and it must last longer than waking a sleeper
 * takes: else two sides that hand over to each other both fall asleep each time. It does not pay when the other side has no core to run on:
 * then looking keeps it from one. So after a few failures in a row looks get shorter; after a success, and now and then, they are long.
 */
import type { Memory } from "#memory";

/** Microseconds. */
const LONGEST = 50;
const SHORTEST = 1;
/** So many failures in a row may be chance. */
const TOLERATED = 3;
/** Every so many looks is a long one. */
const PROBE = 8;

export class Patience {
  #microseconds = LONGEST;
  #looks = 0;
  #failures = 0;

  /** Whether the word has come to hold something else than `value`. */
  spin(mem: Memory, address: number, value: number): boolean {
    const probe = ++this.#looks % PROBE === 0;
    if (mem.spin(address, value, probe ? LONGEST : this.#microseconds)) {
      this.#microseconds = LONGEST;
      this.#failures = 0;
      return true;
    }
    if (++this.#failures > TOLERATED) this.#microseconds = Math.max(SHORTEST, this.#microseconds / 2);
    return false;
  }
}
