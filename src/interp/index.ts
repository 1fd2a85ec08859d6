/** The door of `src/interp/`: what evaluates the IR, and the reference interpreter. */

export type { HostCode, Want } from "./evaluator.ts";
export {
  ALLOCATES,
  CALLS,
  CALLS_HOST,
  Evaluator,
  Fuel,
  GOES_ON,
  POLLS,
  RETURNS,
  TAIL_CALLS,
  THROWS,
  TRAPS,
} from "./evaluator.ts";
export { Frame } from "./frame.ts";
export type { Environment } from "./interpreter.ts";
export { Interpreter, Thrown } from "./interpreter.ts";
export { CellMemory } from "./memory.ts";
export type { Cell } from "./numbers.ts";
/** Arithmetic on cells, by operation. */
export * as numbers from "./numbers.ts";
export { cellFromHost, cellToHost, f32FromBits, f32ToBits, f64FromBits, f64ToBits } from "./numbers.ts";
export type { Point, Step } from "./plan.ts";
export { Plan } from "./plan.ts";
