/** The door of `src/support/`: errors, debug switches, bit sets. Imports nothing from elsewhere; everything may import it. */

export { BitSet } from "./bitset.ts";
export type { BadInputFacts, BugContext, Place } from "./errors.ts";
export { BadInput, Bug, invariant, unreachable } from "./errors.ts";
export type { SwitchText, Tracer } from "./switches.ts";
export { Switches } from "./switches.ts";
