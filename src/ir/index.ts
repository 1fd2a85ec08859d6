/** The door of `src/ir/`: the IR's data structure, its table of operations, and what makes, checks, prints and reads it. */

export type { MemoryOp, NarrowLoad } from "./builder.ts";
export { Builder } from "./builder.ts";
export { eachSuccessor, removeUnreachable, reversePostorder, successorBlocks } from "./cfg.ts";
export type { Entity, FrameArea, HostFunction, TrapKind, Value } from "./func.ts";
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
export type { Effect, ImmKind, Op, OperandKind, OpSpec, OpWith, ResultKind } from "./ops.ts";
export { does, ops, spec } from "./ops.ts";
export type { Variable } from "./ssa.ts";
export type { Signature, Type } from "./types.ts";
export { isTraced, signature, signatureFromKey, TYPE_BYTES, TYPE_LETTER, TYPES } from "./types.ts";
