/** What the test process, the VM thread and the carriers of the test guest agree on. */

/** An object: type, lock word, two references, a number. */
export const PAIR_BYTES = 24;
export const PAIR_LOCK = 4;
export const PAIR_A = 8;
export const PAIR_B = 12;
export const PAIR_NUMBER = 16;

/** Words of shared memory for counters and results, at CONTROL_GUEST. */
export const WORDS = 4096;
/** Word: threads that have not ended. */
export const WORD_LIVE = 0;
/** Word: number of the exception that no handler caught, plus 1000. */
export const WORD_UNCAUGHT = 1;
/** Word: an object that lives for ever and does not move, for a monitor that all share. */
export const WORD_SHARED = 2;
/** Words from here on are the scenario's. */
export const WORD_FREE = 16;

/** Numbers in the exceptions of the trap functions. */
export const TRAP_NUMBERS = { null: 1, bounds: 2, zero: 3, stack: 4, memory: 5, cast: 6, store: 7, size: 8, user: 9 };

/** Exit code when an exception came out of a thread. */
export const EXIT_UNCAUGHT = 99;

export interface GuestStart {
  /** Module of scenarios, and the name of one it exports. */
  readonly module: string;
  readonly scenario: string;
  readonly args: readonly number[];
  readonly stackBytes: number;
  readonly interprets: Interprets;
}

/** Which functions are interpreted. */
export type Interprets = "none" | "half" | "all";
