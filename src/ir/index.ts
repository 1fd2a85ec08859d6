/** The door of `src/ir/`: the IR's data structure, its table of operations, and what makes, checks, prints and reads it. */

export type { MemoryOp, NarrowLoad } from "./builder.ts";
export { Builder } from "./builder.ts";
export type { Loops } from "./cfg.ts";
export {
  Dominators,
  dominators,
  eachSuccessor,
  incomingEdges,
  loops,
  predecessors,
  removeUnreachable,
  reversePostorder,
  successorBlocks,
} from "./cfg.ts";
export type { Entity, FrameArea, HostFunction, InlinedPosition, TrapKind, Value } from "./func.ts";
export {
  Block,
  Edge,
  effectsOf,
  Func,
  Inst,
  instDoes,
  NO_VALUE,
  successors,
  TRAP_KINDS,
  terminator,
} from "./func.ts";
export type { Kind, Load, NumberOp, Placed } from "./kinds.ts";
export {
  absolute,
  arithmetic,
  bitsOfKind,
  bytesOfLoad,
  compared,
  converted,
  isFloatKind,
  isIntegerKind,
  isKind,
  KINDS,
  kindHolds,
  loadOfKind,
  narrowed,
  negated,
  numberOf,
  placed,
  shifted,
  storeAs,
  typeOfKind,
} from "./kinds.ts";
export { Liveness, liveness } from "./liveness.ts";
export type { Effect, ImmKind, Op, OperandKind, OpSpec, OpWith, ResultKind } from "./ops.ts";
export { does, isPlainAccess, ops, spec } from "./ops.ts";
export { parse, parseFloat32, parseFloat64, parseFunc } from "./parse.ts";
export type { Module, SlottedFunc } from "./print.ts";
export { printBlock, printFloat32, printFloat64, printFunc, printInst, printModule } from "./print.ts";
export type { Variable } from "./ssa.ts";
export { SsaConstruction } from "./ssa.ts";
export { Structured } from "./structured.ts";
export type { Signature, Type } from "./types.ts";
export { isTraced, signature, signatureFromKey, TYPE_BYTES, TYPE_LETTER, TYPES } from "./types.ts";
export type { Finding } from "./verify.ts";
export { findings, printFinding, verify } from "./verify.ts";
