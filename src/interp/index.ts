/** The door of `src/interp/`: the reference interpreter of the IR. */

export type { Environment, HostCode } from "./interpreter.ts";
export { Fuel, Interpreter, Thrown } from "./interpreter.ts";
export type { Cell } from "./numbers.ts";
export {
  cellFromHost,
  cellToHost,
  compare,
  divisions,
  f32FromBits,
  f32ToBits,
  f64FromBits,
  f64ToBits,
  float1,
  float2,
  floatCompare,
  floatToInt,
  int1,
  int2,
  intToFloat,
  signs,
} from "./numbers.ts";
