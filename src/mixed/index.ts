/** The door of `src/mixed/`: functions that are interpreted among compiled ones. */

export { MixedInterpreter } from "./interpreter.ts";
export type { Interpreted } from "./text.ts";
export { canInterpret, interpretedText, readInterpreted } from "./text.ts";
