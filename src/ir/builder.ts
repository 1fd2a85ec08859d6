/**
 * Builds functions: instructions are appended to a current block, and mutable variables become SSA values on the way.
 *
 * Variables become SSA values by ssa.ts. A block is *sealed* when all edges into it exist. The parameters found are written into
 * blocks and edges by `finish` (or `sealAll`), together with the removal of the trivial ones: until then the function is not
 * complete and must not be looked at.
 *
 *   const b = new Builder(func);
 *   const [n] = b.entry();
 *   const i = b.variable("i32");
 *   b.define(i, n!);
 *   const loop = b.block(), done = b.block();
 *   b.jump(loop);
 *   b.switchTo(loop);
 *   b.define(i, b.op("sub", b.use(i), b.i32(1)));
 *   b.branch(b.use(i), loop, done);
 *   b.switchTo(done);
 *   b.ret(b.use(i));
 *   b.finish();
 */
import { Bug } from "#support";
import { removeUnreachable } from "./cfg.ts";
import {
  type Block,
  type Edge,
  type Func,
  type HostFunction,
  Inst,
  NO_VALUE,
  type TrapKind,
  type Value,
} from "./func.ts";
import { type Op, ops, spec } from "./ops.ts";
import { type BlockState, SsaConstruction, type Variable } from "./ssa.ts";
import type { Signature, Type } from "./types.ts";

/** The operations whose `imm` is a memory offset. */
export type MemoryOp = { [N in Op]: (typeof ops)[N] extends { readonly imm: "offset" } ? N : never }[Op];
/** What `load` takes in place of a type. */
export type NarrowLoad = "load8s" | "load8u" | "load16s" | "load16u";

/** Throws, and still has its frame then: a tail call has not. */
const FLAG_UNWINDS = 1;
const FLAG_ENDS = 2;

interface Facts {
  readonly flags: number;
  readonly out: Type | "same" | "none" | "typed";
}

const FACTS: ReadonlyMap<Op, Facts> = new Map(
  (Object.keys(ops) as Op[]).map((op) => {
    const row = spec(op);
    const unwinds = row.does.includes("throws") && op !== "tailcall";
    const flags = (unwinds ? FLAG_UNWINDS : 0) | (row.does.includes("ends") ? FLAG_ENDS : 0);
    return [op, { flags, out: row.out }];
  }),
);

export class Builder {
  readonly func: Func;
  /** Put in each instruction emitted from now on. */
  pos = -1;
  /**
   * While set, each instruction that may throw gets an unwind edge to this handler block (but a tail call, which leaves the frame);
   * the builder then ends the block and goes on in a new one.
   */
  unwindTo: Block | null = null;

  #current: BlockState | null = null;
  readonly #ssa: SsaConstruction;

  constructor(func: Func) {
    if (func.blocks.length > 0) throw new Bug("the function already has blocks", { function: func.name });
    this.func = func;
    this.#ssa = new SsaConstruction(func);
  }

  // ---- blocks -------------------------------------------------------------------------------------------------------------------

  /** The block that instructions are appended to; null after an instruction that ends a block. */
  get current(): Block | null {
    return this.#current === null ? null : this.#current.block;
  }

  /** Makes the entry block and goes there; its parameters are the function's. To be called first, once. */
  entry(): Value[] {
    if (this.#ssa.states.length > 0) this.#bug("entry() must come first, and once");
    const block = this.block();
    for (const type of this.func.signature.params) this.func.addParam(block, type);
    this.#stateOf(block).sealed = true;
    this.switchTo(block);
    return block.params.slice();
  }

  /** A new block, not sealed. */
  block(): Block {
    const block = this.func.newBlock();
    this.#ssa.addBlock(block);
    return block;
  }

  /** A new block that unwind edges may lead to; its first parameter is the thrown object. */
  handlerBlock(): { block: Block; exception: Value } {
    const block = this.block();
    return { block, exception: this.func.addParam(block, "ref") };
  }

  /** Adds an explicit parameter: every edge into the block must give a value for it. */
  param(block: Block, type: Type): Value {
    if (this.#stateOf(block).edges.length > 0)
      this.#bug(`b${block.id} already has edges into it; parameters come first`);
    return this.func.addParam(block, type);
  }

  /** Emits into the block from now on. */
  switchTo(block: Block): void {
    const state = this.#stateOf(block);
    if (state.ended) this.#bug(`b${block.id} has ended already`);
    this.#current = state;
  }

  /** Says that all edges into the block exist. */
  seal(block: Block): void {
    const state = this.#stateOf(block);
    if (state.sealed) this.#bug(`b${block.id} is sealed already`);
    this.#ssa.seal(state);
  }

  /** Whether `seal` was called for the block. */
  isSealed(block: Block): boolean {
    return this.#stateOf(block).sealed;
  }

  /** Whether the block has its last instruction. */
  hasEnded(block: Block): boolean {
    return this.#stateOf(block).ended;
  }

  /** Whether an edge into the block exists, or it is the entry. */
  hasPredecessors(block: Block): boolean {
    return block.id === 0 || this.#stateOf(block).edges.length > 0;
  }

  /** Seals what is not sealed and writes the parameters found into the blocks. `finish` does this too. */
  sealAll(): void {
    for (const state of this.#ssa.states) {
      if (!state.sealed) this.#ssa.seal(state);
    }
    this.#ssa.write();
  }

  /** Ends the building: seals all blocks and drops those that cannot be reached. The builder is of no use afterwards. */
  finish(): Func {
    this.sealAll();
    removeUnreachable(this.func);
    for (const block of this.func.blocks) {
      const last = block.insts[block.insts.length - 1];
      if (last === undefined || (FACTS.get(last.op)!.flags & FLAG_ENDS) === 0) this.#bug(`b${block.id} does not end`);
    }
    this.#current = null;
    return this.func;
  }

  // ---- variables ----------------------------------------------------------------------------------------------------------------

  variable(type: Type): Variable {
    return this.#ssa.variable(type);
  }

  /** From here on the variable has this value. */
  define(variable: Variable, value: Value): void {
    this.#ssa.define(this.#here(), variable, value);
  }

  /** The variable's value here; the zero or null of its type if nothing was ever defined. */
  use(variable: Variable): Value {
    return this.#ssa.use(this.#here(), variable);
  }

  // ---- constants ----------------------------------------------------------------------------------------------------------------

  i32(n: number): Value {
    return this.#const("i32", n | 0, 0n);
  }

  i64(bits: bigint): Value {
    return this.#const("i64", 0, BigInt.asIntN(64, bits));
  }

  /** The f32 with these 32 bits. */
  f32(bits: number): Value {
    return this.#const("f32", bits | 0, 0n);
  }

  /** The f64 with these 64 bits. */
  f64(bits: bigint): Value {
    return this.#const("f64", 0, BigInt.asIntN(64, bits));
  }

  addr(address: number): Value {
    return this.#const("addr", address >>> 0, 0n);
  }

  nullRef(): Value {
    return this.#const("ref", 0, 0n);
  }

  /** The zero or null of the type. */
  zero(type: Type): Value {
    return this.#const(type, 0, 0n);
  }

  #const(type: Type, imm: number, bits: bigint): Value {
    const inst = new Inst("const", [], this.pos);
    inst.imm = imm;
    inst.bits = bits;
    const result = this.func.newValue(type);
    inst.result = result;
    this.#here().block.insts.push(inst);
    return result;
  }

  // ---- instructions -------------------------------------------------------------------------------------------------------------

  /** An operation without `imm` whose result type follows from the table; NO_VALUE if it has no result. */
  op(op: Op, ...args: Value[]): Value {
    const out = FACTS.get(op)!.out;
    if (out === "typed") this.#bug(`${op} needs a type: use typed()`);
    const type = out === "same" ? this.func.types[args[0]!]! : out === "none" ? null : out;
    return this.#add(new Inst(op, args, this.pos), type);
  }

  /** An operation without `imm` whose result type the caller gives. */
  typed(op: Op, type: Type, ...args: Value[]): Value {
    return this.#add(new Inst(op, args, this.pos), type);
  }

  /** A memory operation: the first of the args is the base. `type` for those whose result is typed, else null. */
  mem(op: MemoryOp, type: Type | null, offset: number, ...args: Value[]): Value {
    return this.memIn(0, op, type, offset, ...args);
  }

  /** The same, with Inst.alias. */
  memIn(alias: number, op: MemoryOp, type: Type | null, offset: number, ...args: Value[]): Value {
    const inst = new Inst(op, args, this.pos);
    inst.imm = offset >>> 0;
    inst.alias = alias;
    const out = FACTS.get(op)!.out;
    return this.#add(inst, out === "typed" ? type : out === "none" ? null : (out as Type));
  }

  load(what: Type | NarrowLoad, base: Value, offset: number, alias = 0): Value {
    switch (what) {
      case "load8s":
      case "load8u":
      case "load16s":
      case "load16u":
        return this.memIn(alias, what, null, offset, base);
      default:
        return this.memIn(alias, "load", what, offset, base);
    }
  }

  /** `refstore` if the value is a reference, else `store`. */
  store(base: Value, offset: number, value: Value, alias = 0): void {
    this.memIn(alias, this.func.types[value] === "ref" ? "refstore" : "store", null, offset, base, value);
  }

  /** A new frame area; `refs` are the byte offsets of references in it. Gives the area's number. */
  frameArea(bytes: number, refs: readonly number[] = []): number {
    this.func.areas.push({ bytes, refs });
    return this.func.areas.length - 1;
  }

  stackaddr(area: number): Value {
    const inst = new Inst("stackaddr", [], this.pos);
    inst.imm = area;
    return this.#add(inst, "addr");
  }

  alloc(bytes: Value): Value {
    return this.#add(new Inst("alloc", [bytes], this.pos), "ref");
  }

  poll(): void {
    this.#add(new Inst("poll", [], this.pos), null);
  }

  ensure(address: Value, offset: number, slot: number): void {
    const inst = new Inst("ensure", [address], this.pos);
    inst.imm = offset >>> 0;
    inst.slot = slot;
    this.#add(inst, null);
  }

  // ---- calls: NO_VALUE if the signature has no result ---------------------------------------------------------------------------

  call(slot: number, signature: Signature, args: readonly Value[]): Value {
    const inst = new Inst("call", args.slice(), this.pos);
    inst.imm = slot;
    inst.signature = signature;
    return this.#add(inst, signature.result);
  }

  calldyn(slot: Value, signature: Signature, args: readonly Value[]): Value {
    const inst = new Inst("calldyn", [slot, ...args], this.pos);
    inst.signature = signature;
    return this.#add(inst, signature.result);
  }

  callvia(slot: Value, hidden: Value, signature: Signature, args: readonly Value[]): Value {
    const inst = new Inst("callvia", [slot, hidden, ...args], this.pos);
    inst.signature = signature;
    return this.#add(inst, signature.result);
  }

  callhost(host: HostFunction, args: readonly Value[]): Value {
    const inst = new Inst("callhost", args.slice(), this.pos);
    inst.host = host;
    inst.signature = host.signature;
    return this.#add(inst, host.signature.result);
  }

  // ---- ends of blocks: afterwards there is no current block ---------------------------------------------------------------------

  tailcall(slot: Value, signature: Signature, args: readonly Value[]): void {
    const inst = new Inst("tailcall", [slot, ...args], this.pos);
    inst.signature = signature;
    this.#add(inst, null);
  }

  jump(target: Block, args: readonly Value[] = []): void {
    const inst = new Inst("jump", [], this.pos);
    inst.edges = [this.#edge(target, args)];
    this.#add(inst, null);
  }

  branch(
    condition: Value,
    then: Block,
    otherwise: Block,
    thenArgs: readonly Value[] = [],
    otherwiseArgs: readonly Value[] = [],
  ): void {
    const inst = new Inst("branch", [condition], this.pos);
    inst.edges = [this.#edge(then, thenArgs), this.#edge(otherwise, otherwiseArgs)];
    this.#add(inst, null);
  }

  /** Goes to `targets[index]`, or to `otherwise` if there is none (the index is unsigned). */
  switch(index: Value, targets: readonly Block[], otherwise: Block): void {
    const inst = new Inst("switch", [index], this.pos);
    const edges = targets.map((target) => this.#edge(target, []));
    edges.push(this.#edge(otherwise, []));
    inst.edges = edges;
    this.#add(inst, null);
  }

  ret(value: Value = NO_VALUE): void {
    this.#add(new Inst("return", value === NO_VALUE ? [] : [value], this.pos), null);
  }

  throw(exception: Value): void {
    this.#here().block.cold = true;
    this.#add(new Inst("throw", [exception], this.pos), null);
  }

  trap(kind: TrapKind, ...args: Value[]): void {
    this.#here().block.cold = true;
    const inst = new Inst("trap", args, this.pos);
    inst.trap = kind;
    this.#add(inst, null);
  }

  unreachable(): void {
    this.#here().block.cold = true;
    this.#add(new Inst("unreachable", [], this.pos), null);
  }

  // ---- inside -------------------------------------------------------------------------------------------------------------------

  #add(inst: Inst, type: Type | null): Value {
    const state = this.#here();
    const { flags } = FACTS.get(inst.op)!;
    const result = type === null ? NO_VALUE : this.func.newValue(type);
    inst.result = result;
    state.block.insts.push(inst);
    if (flags === 0) return result;
    if ((flags & FLAG_UNWINDS) !== 0 && this.unwindTo !== null && inst.host?.pure !== true) {
      inst.unwind = this.#edge(this.unwindTo, []);
      if ((flags & FLAG_ENDS) === 0) {
        const next = this.block();
        const jump = new Inst("jump", [], this.pos);
        jump.edges = [this.#edge(next, [])];
        state.block.insts.push(jump);
        state.ended = true;
        this.#current = this.#stateOf(next);
        this.#current.sealed = true;
        return result;
      }
    }
    if ((flags & FLAG_ENDS) !== 0) {
      state.ended = true;
      this.#current = null;
    }
    return result;
  }

  #edge(target: Block, args: readonly Value[]): Edge {
    const to = this.#stateOf(target);
    if (to.sealed) this.#bug(`b${target.id} is sealed: no edge can be added`);
    return this.#ssa.addEdge(this.#here(), to, args.slice());
  }

  #stateOf(block: Block): BlockState {
    const state = this.#ssa.states[block.id];
    if (state === undefined || state.block !== block) this.#bug(`b${block.id} is no block of this builder`);
    return state;
  }

  #here(): BlockState {
    const state = this.#current;
    if (state === null) this.#bug("there is no current block");
    return state;
  }

  #bug(message: string): never {
    throw new Bug(message, { pass: "build", function: this.func.name });
  }
}
