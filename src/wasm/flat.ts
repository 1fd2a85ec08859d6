/**
 * A function as flat arrays: its reachable blocks in reverse postorder, their instructions one after the other.
 *
 * Takes      a function that the verifier accepts, with `blocks[i].id === i`.
 * Leaves     the function as it is.
 *
 * Everything after this stage names a block by its id and an instruction by its place in `code`.
 */
import { type Block, type Edge, type Func, type Inst, isTraced, NO_VALUE, type Type, type Value } from "#ir";
import { Bug } from "#support";
import { Graph } from "./graph.ts";
import { makeLandings } from "./landings.ts";
import type { Scratch } from "./scratch.ts";
import {
  CALLHOST,
  IS_SAFEPOINT,
  IS_SLOW_SAFEPOINT,
  IS_THROW,
  IS_WRITE,
  isPure,
  MOVE,
  MOVE_FREE,
  MOVE_NEVER,
  MOVE_REPEAT,
  OP_NUMBER,
  TRAITS,
} from "./traits.ts";

/** Classes of values by the WebAssembly type that holds them. */
export const CLASS_I32 = 0;
export const CLASS_I64 = 1;
export const CLASS_F32 = 2;
export const CLASS_F64 = 3;

const CLASS: Readonly<Record<Type, number>> = { i32: 0, i64: 1, f32: 2, f64: 3, ref: 0, iref: 0, addr: 0 };

export function classOfType(type: Type): number {
  return CLASS[type];
}

export class Flat {
  readonly func: Func;
  /** The function's blocks and types of values, and landings (landings.ts). */
  readonly blocks: readonly Block[];
  readonly types: readonly Type[];
  readonly graph: Graph;
  /** Where arrays come from. */
  readonly scratch: Scratch;
  /** All instructions; those of block b are code[start[b]] up to code[end[b]], exclusive. */
  readonly code: Inst[] = [];
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** By instruction: number and movability of its operation, and its traits. */
  readonly ops: Uint8Array;
  readonly moves: Uint8Array;
  readonly traits: Uint8Array;
  /** By instruction: how many (slow) safepoints, and how many of these or writes, come before it. One entry more than `code`. */
  readonly safepoints: Int32Array;
  readonly writes: Int32Array;
  /** By instruction: the nearest earlier one of its block that cannot be moved freely, or -1. */
  readonly previousEffect: Int32Array;
  /** By value: the instruction that defines it, -1 for parameters; and the block. */
  readonly defAt: Int32Array;
  readonly defBlock: Int32Array;
  /** By value: class of its type; whether the collector must see it. */
  readonly classOf: Uint8Array;
  readonly traced: Uint8Array;
  /** Number of uses of each value, those by edges included. */
  readonly uses: Int32Array;
  /** By value: 1 for the parameters that edges must give; filled in by select.ts. */
  readonly needed: Uint8Array;
  /** Edges that leave each block, as `graph.succ`: the edge, and whether control gets there by an exception that a callee threw. */
  readonly edges: Edge[] = [];
  readonly caught: boolean[] = [];
  /** By block: whether it is the target of an unwind edge. */
  readonly isHandler: Uint8Array;

  constructor(func: Func, scratch: Scratch) {
    this.func = func;
    this.scratch = scratch;
    const landings = makeLandings(func);
    const blocks = landings === null ? func.blocks : landings.blocks;
    this.blocks = blocks;
    this.types = landings === null ? func.types : landings.types;
    const copies = landings === null ? null : landings.copies;
    const blockCount = blocks.length;
    const isHandler = scratch.u8(blockCount);
    const succStart = scratch.i32(blockCount + 1);
    const targets: number[] = [];
    const edges = this.edges;
    const caught = this.caught;
    let length = 0;
    for (let id = 0; id < blockCount; id++) {
      const block = blocks[id]!;
      if (block.id !== id) throw new Bug(`block ${id} has the number ${block.id}`, { function: func.name });
      const insts = block.insts;
      length += insts.length;
      succStart[id] = targets.length;
      const last = insts[insts.length - 1];
      if (last === undefined) throw new Bug(`block b${id} is empty`, { function: func.name });
      for (const edge of last.edges) {
        targets.push(edge.target.id);
        edges.push(edge);
        caught.push(false);
      }
      const before = insts[insts.length - 2];
      const thrower = last.unwind !== null ? last : before;
      if (thrower === undefined || thrower.unwind === null) continue;
      const unwind = (copies?.get(thrower) ?? thrower).unwind!;
      targets.push(unwind.target.id);
      edges.push(unwind);
      caught.push((TRAITS[OP_NUMBER[thrower.op]]! & IS_THROW) === 0);
      isHandler[unwind.target.id] = 1;
    }
    succStart[blockCount] = targets.length;
    this.isHandler = isHandler;
    const succ = scratch.i32(targets.length);
    for (let e = 0; e < targets.length; e++) succ[e] = targets[e]!;
    this.graph = new Graph(blockCount, succStart, succ, scratch);

    const valueCount = this.types.length;
    this.start = scratch.i32(blockCount);
    this.end = scratch.i32(blockCount);
    this.ops = scratch.u8(length);
    this.moves = scratch.u8(length);
    this.traits = scratch.u8(length);
    this.safepoints = scratch.i32(length + 1);
    this.writes = scratch.i32(length + 1);
    this.previousEffect = scratch.i32(length);
    this.defAt = scratch.i32(valueCount).fill(-1);
    this.defBlock = scratch.i32(valueCount).fill(-1);
    this.uses = scratch.i32(valueCount);
    this.needed = scratch.u8(valueCount);
    this.classOf = scratch.u8(valueCount);
    this.traced = scratch.u8(valueCount);
    const types = this.types;
    for (let v = 0; v < valueCount; v++) {
      const type = types[v]!;
      this.classOf[v] = CLASS[type];
      if (isTraced(type)) this.traced[v] = 1;
    }
    this.#fill(copies);
  }

  block(id: number): Block {
    return this.blocks[id]!;
  }

  #fill(copies: ReadonlyMap<Inst, Inst> | null): void {
    const { graph, code, start, end, ops, moves, traits, safepoints, writes, previousEffect, defAt, defBlock, uses } =
      this;
    const blocks = this.blocks;
    let at = 0;
    let safe = 0;
    let write = 0;
    const order = graph.order;
    for (let i = 0; i < order.length; i++) {
      const id = order[i]!;
      const block = blocks[id]!;
      for (const param of block.params) defBlock[param] = id;
      start[id] = at;
      let effect = -1;
      for (const original of block.insts) {
        let inst = original;
        if (original.unwind !== null && copies !== null) inst = copies.get(original) ?? original;
        const op = OP_NUMBER[inst.op];
        let move = MOVE[op]!;
        let trait = TRAITS[op]!;
        if (op === CALLHOST && isPure(inst.host)) {
          move = inst.result === NO_VALUE ? MOVE_NEVER : MOVE_FREE;
          trait = 0;
        }
        code.push(inst);
        ops[at] = op;
        if (inst.result === NO_VALUE) move = MOVE_NEVER;
        else {
          defAt[inst.result] = at;
          defBlock[inst.result] = id;
        }
        moves[at] = move;
        traits[at] = trait;
        safepoints[at] = safe;
        writes[at] = write;
        previousEffect[at] = effect;
        if ((trait & (IS_SAFEPOINT | IS_SLOW_SAFEPOINT)) !== 0) {
          safe++;
          write++;
        } else if ((trait & IS_WRITE) !== 0) {
          write++;
        }
        if (move !== MOVE_FREE && move !== MOVE_REPEAT) effect = at;
        countUses(uses, inst.args);
        const edges = inst.edges;
        for (let e = 0; e < edges.length; e++) countUses(uses, edges[e]!.args);
        if (inst.unwind !== null) countUses(uses, inst.unwind.args);
        at++;
      }
      end[id] = at;
    }
    safepoints[at] = safe;
    writes[at] = write;
  }
}

function countUses(uses: Int32Array, args: readonly Value[]): void {
  for (let i = 0; i < args.length; i++) uses[args[i]!]!++;
}

/** Where the arguments of an edge begin to correspond to the target's parameters: an unwind edge does not give the first one. */
export function firstParam(edge: Edge): number {
  return edge.target.params.length - edge.args.length;
}
