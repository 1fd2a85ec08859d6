/**
 * The data structure of the IR: functions of blocks with parameters, in SSA form.
 *
 * Values are dense numbers; each is the result of one instruction or one parameter of a block. A block ends with exactly one
 * instruction that `ends`. An instruction that throws may carry an `unwind` edge: it is then the last instruction before a final
 * `jump` (or is itself an `ends` instruction), and the first parameter of the edge's target receives the thrown object (a ref);
 * the edge's args are the remaining ones. The result of such an instruction must not be used on the unwind path.
 */
import { type Effect, type Op, spec } from "./ops.ts";
import type { Signature, Type } from "./types.ts";

declare const kind: unique symbol;
/** A dense index that knows what it indexes; a plain number at run time. */
export type Entity<K extends string> = number & { readonly [kind]: K };
export type Value = Entity<"v">;
export const NO_VALUE = -1 as Value;

/** What a check throws when it fails. The guest supplies one function per kind. */
export type TrapKind = "null" | "bounds" | "zero" | "stack" | "memory" | "cast" | "store" | "size" | "user";
export const TRAP_KINDS: readonly TrapKind[] = [
  "null",
  "bounds",
  "zero",
  "stack",
  "memory",
  "cast",
  "store",
  "size",
  "user",
];

/**
 * A function of the host. `pure` ones get only their arguments, may not throw and see no safepoint; the others get the stack pointer
 * as a hidden first argument, are safepoints and may throw.
 */
export interface HostFunction {
  /** Name under which a carrier offers it. */
  readonly name: string;
  readonly signature: Signature;
  readonly pure: boolean;
}

export class Edge {
  target: Block;
  args: Value[];
  constructor(target: Block, args: Value[]) {
    this.target = target;
    this.args = args;
  }
}

const NO_EDGES: readonly Edge[] = [];

export class Inst {
  readonly op: Op;
  args: Value[];
  /** The value this defines, or NO_VALUE. */
  result: Value = NO_VALUE;
  /**
   * By the operation's `imm`: const of i32 (number), f32 (its bits as an i32), addr; memory offset in bytes (unsigned); slot number; index of the frame
   * area; offset of `ensure`.
   */
  imm = 0;
  /** `const` of i64 and f64: the bits, as a signed 64-bit number. */
  bits = 0n;
  /** calls: the callee's signature. */
  signature: Signature | null = null;
  /** callhost: the callee. */
  host: HostFunction | null = null;
  /** trap: what to throw. */
  trap: TrapKind | null = null;
  /** ensure: the slot of its slow path. */
  slot = 0;
  /**
   * Loads and stores that are not atomic: which memory they touch, as far as the guest says; 0: any. Accesses whose numbers differ, signs left out,
   * never touch the same bytes. Negative: nothing stores there any more once the object can be seen; what makes the object stores before it loads.
   * Where there is a number, the guest's memory model lets a thread keep what it has loaded until it synchronises: a poll is no reason to load again.
   */
  alias = 0;
  /** Where control may go: targets of jump, branch and switch. */
  edges: readonly Edge[] = NO_EDGES;
  /** Where an exception goes; null: to the caller. */
  unwind: Edge | null = null;
  /** The guest's position (for example a bytecode index), for stack traces; -1 if none; below -1: see Func.inlined. */
  pos: number;

  constructor(op: Op, args: Value[], pos: number) {
    this.op = op;
    this.args = args;
    this.pos = pos;
  }

  /** The same instruction on other operands, at another place in the source; without result, edges and unwind edge. */
  copy(args: Value[], pos = this.pos): Inst {
    const copy = new Inst(this.op, args, pos);
    copy.imm = this.imm;
    copy.bits = this.bits;
    copy.signature = this.signature;
    copy.host = this.host;
    copy.trap = this.trap;
    copy.slot = this.slot;
    copy.alias = this.alias;
    return copy;
  }
}

export class Block {
  /** Its index in the function's `blocks`. */
  id: number;
  params: Value[] = [];
  insts: Inst[] = [];
  /** Rarely executed (ends in a throw or trap): the back end may lay it out of line. */
  cold = false;
  constructor(id: number) {
    this.id = id;
  }
}

/** Memory in the function's frame. `refs` are byte offsets of references in it, which the collector updates; it is zeroed at entry. */
export interface FrameArea {
  readonly bytes: number;
  readonly refs: readonly number[];
}

/**
 * A position in a function that was expanded in place: what a frame of its own would say. `caller` is the position of the call, in the same
 * terms as Inst.pos.
 */
export interface InlinedPosition {
  /** Func.id of what was expanded. */
  readonly id: number;
  readonly pos: number;
  readonly caller: number;
}

export class Func {
  /** For people: dumps and messages. */
  readonly name: string;
  readonly signature: Signature;
  /** The guest's identification of the function in stack traces (for example the address of a method record). */
  readonly id: number;
  /** Blocks in no particular order, but the entry is first; its parameters are the function's. */
  blocks: Block[] = [];
  /** Type of each value. */
  types: Type[] = [];
  areas: FrameArea[] = [];
  /** Positions below -1: Inst.pos is -2 - the index here. */
  readonly inlined: InlinedPosition[] = [];
  /** May run in the reserve below the stack's limit: its entry is not checked against the limit. For what runs after an overflow. */
  inReserve = false;

  constructor(name: string, signature: Signature, id = 0) {
    this.name = name;
    this.signature = signature;
    this.id = id;
  }

  get entry(): Block {
    const block = this.blocks[0];
    if (block === undefined) throw new Error(`function ${this.name} has no blocks`);
    return block;
  }

  /** The number (for Inst.pos) of a position in a function that is expanded at `caller`. */
  inlinedPosition(id: number, pos: number, caller: number): number {
    this.inlined.push({ id, pos, caller });
    return -1 - this.inlined.length;
  }

  newBlock(): Block {
    const block = new Block(this.blocks.length);
    this.blocks.push(block);
    return block;
  }

  newValue(type: Type): Value {
    this.types.push(type);
    return (this.types.length - 1) as Value;
  }

  /** Type of a value; the value must be one of this function. */
  typeOf(value: Value): Type {
    return this.types[value] as Type;
  }

  addParam(block: Block, type: Type): Value {
    const value = this.newValue(type);
    block.params.push(value);
    return value;
  }
}

/** The instruction that ends the block. */
export function terminator(block: Block): Inst {
  const last = block.insts[block.insts.length - 1];
  if (last === undefined) throw new Error(`block b${block.id} is empty`);
  return last;
}

/** The edges that leave a block: those of its terminator, then the unwind edge of the instruction that has one. */
export function successors(block: Block): Edge[] {
  const last = terminator(block);
  const edges = [...last.edges];
  if (last.unwind !== null) edges.push(last.unwind);
  const before = block.insts[block.insts.length - 2];
  if (before !== undefined && before.unwind !== null) edges.push(before.unwind);
  return edges;
}

const NO_EFFECTS: readonly Effect[] = [];

/** The effects of an instruction: those of its operation, but a pure host function has none. */
export function effectsOf(inst: Inst): readonly Effect[] {
  return inst.host?.pure === true ? NO_EFFECTS : spec(inst.op).does;
}

/** Whether the instruction has the effect. */
export function instDoes(inst: Inst, effect: Effect): boolean {
  return effectsOf(inst).includes(effect);
}
