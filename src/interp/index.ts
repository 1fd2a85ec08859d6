/** The door of `src/interp/`: the reference interpreter of the IR. */

export type { Environment, HostCode } from "./interpreter.ts";
export { Fuel, Interpreter, Thrown } from "./interpreter.ts";
export type { Cell } from "./numbers.ts";
export { cellFromHost, cellToHost, f32FromBits, f32ToBits, f64FromBits, f64ToBits } from "./numbers.ts";
