/**
 * Builds functions: instructions are appended to a current block, and mutable variables become SSA values on the way.
 *
 * Variables follow Braun et al., "Simple and Efficient Construction of Static Single Assignment Form" (2013): a read looks for the
 * definition backwards from the current block and makes a block parameter where several meet. A block is *sealed* when all edges
 * into it exist. The parameters found are written into blocks and edges by `finish` (or `sealAll`), together with the removal
 * of the trivial ones: until then the function is not complete and must not be looked at.
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
import { Bug } from "../support/errors.ts";
import { removeUnreachable } from "./cfg.ts";
import {
  type Block,
  Edge,
  type Entity,
  type Func,
  type HostFunction,
  Inst,
  NO_VALUE,
  type TrapKind,
  type Value,
} from "./func.ts";
import { type Op, ops, spec } from "./ops.ts";
import type { Signature, Type } from "./types.ts";

/** A mutable variable of a function under construction; an index into the builder's variables. */
export type Variable = Entity<"variable">;

/** The operations whose `imm` is a memory offset. */
export type MemoryOp = { [N in Op]: (typeof ops)[N] extends { readonly imm: "offset" } ? N : never }[Op];
/** What `load` takes in place of a type. */
export type NarrowLoad = "load8s" | "load8u" | "load16s" | "load16u";

const FLAG_THROWS = 1;
const FLAG_ENDS = 2;

interface Facts {
  readonly flags: number;
  readonly out: Type | "same" | "none" | "typed";
}

const FACTS: ReadonlyMap<Op, Facts> = new Map(
  (Object.keys(ops) as Op[]).map((op) => {
    const row = spec(op);
    const flags = (row.does.includes("throws") ? FLAG_THROWS : 0) | (row.does.includes("ends") ? FLAG_ENDS : 0);
    return [op, { flags, out: row.out }];
  }),
);

/** A block parameter made for a variable. */
class Phi {
  readonly value: Value;
  readonly variable: Variable;
  readonly state: BlockState;
  /** One per edge into the block, in the order of `BlockState.edges`; empty until the block is sealed. */
  operands: Value[] = [];
  /** Phis that have (or had) this one as an operand. */
  readonly users: Phi[] = [];
  /** The only value this can have, once it has turned out to be trivial. */
  replacement: Value = NO_VALUE;
  complete = false;
  constructor(value: Value, variable: Variable, state: BlockState) {
    this.value = value;
    this.variable = variable;
    this.state = state;
  }
}

/** What the builder knows of a block. */
class BlockState {
  readonly block: Block;
  sealed = false;
  /** The edges into the block, and the blocks they come from. */
  readonly edges: Edge[] = [];
  readonly sources: BlockState[] = [];
  /** By variable: its value at the end of what is emitted so far; NO_VALUE: not known here. */
  readonly definitions: Value[] = [];
  /** Those not yet written into the block and its edges. */
  phis: Phi[] = [];
  ended = false;
  constructor(block: Block) {
    this.block = block;
  }
}

export class Builder {
  readonly func: Func;
  /** Put in each instruction emitted from now on. */
  pos = -1;
  /**
   * While set, each instruction that may throw gets an unwind edge to this handler block; the builder then ends the block and
   * goes on in a new one.
   */
  unwindTo: Block | null = null;

  #current: BlockState | null = null;
  readonly #states: BlockState[] = [];
  readonly #variables: Type[] = [];
  /** By value: the phi that defines it, if one does. May be shorter than there are values. */
  readonly #phiOf: (Phi | null)[] = [];
  /** Phis of sealed blocks whose operands are still to be found. */
  readonly #pending: Phi[] = [];
  readonly #zeros = new Map<Type, Value>();
  #replaced = false;

  constructor(func: Func) {
    if (func.blocks.length > 0) throw new Bug("the function already has blocks", { function: func.name });
    this.func = func;
  }

  // ---- blocks -------------------------------------------------------------------------------------------------------------------

  /** The block that instructions are appended to; null after an instruction that ends a block. */
  get current(): Block | null {
    return this.#current === null ? null : this.#current.block;
  }

  /** Makes the entry block and goes there; its parameters are the function's. To be called first, once. */
  entry(): Value[] {
    if (this.#states.length > 0) this.#bug("entry() must come first, and once");
    const block = this.block();
    for (const type of this.func.signature.params) this.func.addParam(block, type);
    this.#stateOf(block).sealed = true;
    this.switchTo(block);
    return block.params.slice();
  }

  /** A new block, not sealed. */
  block(): Block {
    const block = this.func.newBlock();
    this.#states.push(new BlockState(block));
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
    this.#seal(state);
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
    for (const state of this.#states) {
      if (!state.sealed) this.#seal(state);
    }
    this.#write();
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
    this.#variables.push(type);
    return (this.#variables.length - 1) as Variable;
  }

  /** From here on the variable has this value. */
  define(variable: Variable, value: Value): void {
    const state = this.#here();
    if (this.func.types[value] !== this.#variables[variable]) this.#badDefine(variable, value);
    setDefinition(state, variable, value);
  }

  /** The variable's value here; the zero or null of its type if nothing was ever defined. */
  use(variable: Variable): Value {
    const state = this.#here();
    const known = state.definitions[variable];
    if (known !== undefined && known !== NO_VALUE) return this.#resolve(known);
    const value = this.#lookUp(state, variable);
    if (this.#pending.length === 0) return value;
    this.#fillPending();
    return this.#resolve(value);
  }

  #lookUp(start: BlockState, variable: Variable): Value {
    let state = start;
    let value: Value;
    for (let steps = 0; ; steps++) {
      const known = state.definitions[variable];
      if (known !== undefined && known !== NO_VALUE) {
        value = this.#resolve(known);
        break;
      }
      const sources = state.sources;
      if (!state.sealed || sources.length > 1) {
        const phi = this.#newPhi(state, variable);
        if (state.sealed) this.#pending.push(phi);
        value = phi.value;
        break;
      }
      // No way in: the entry, or a block that is never reached (as is a loop of blocks with one way in each).
      if (sources.length === 0 || steps > this.#states.length) {
        value = this.#zeroOf(variable);
        break;
      }
      state = sources[0]!;
    }
    // What was found on the way up holds for every block passed.
    for (let passed = start; passed !== state; passed = passed.sources[0]!) {
      if (passed.definitions[variable] === value) break;
      setDefinition(passed, variable, value);
    }
    return value;
  }

  #newPhi(state: BlockState, variable: Variable): Phi {
    const value = this.func.newValue(this.#typeOfVariable(variable));
    const phi = new Phi(value, variable, state);
    const table = this.#phiOf;
    while (table.length < value) table.push(null);
    table.push(phi);
    state.phis.push(phi);
    setDefinition(state, variable, value);
    return phi;
  }

  #seal(state: BlockState): void {
    state.sealed = true;
    for (const phi of state.phis) {
      if (!phi.complete) this.#pending.push(phi);
    }
    if (this.#pending.length > 0) this.#fillPending();
  }

  /** Finds the operands of all pending phis (which may make more of them), then removes those that are trivial. */
  #fillPending(): void {
    const pending = this.#pending;
    for (let i = 0; i < pending.length; i++) {
      const phi = pending[i]!;
      phi.complete = true;
      for (const source of phi.state.sources) {
        const known = source.definitions[phi.variable];
        const operand =
          known !== undefined && known !== NO_VALUE ? this.#resolve(known) : this.#lookUp(source, phi.variable);
        phi.operands.push(operand);
        const by = this.#phiOf[operand];
        if (by !== undefined && by !== null && by !== phi) by.users.push(phi);
      }
    }
    const filled = pending.splice(0);
    for (let i = filled.length - 1; i >= 0; i--) this.#removeTrivial(filled[i]!);
  }

  /** A phi is trivial if all operands are the phi itself or one other value; then that value takes its place. */
  #removeTrivial(first: Phi): void {
    const work = [first];
    for (let phi = work.pop(); phi !== undefined; phi = work.pop()) {
      if (phi.replacement !== NO_VALUE || !phi.complete) continue;
      let only = NO_VALUE;
      let trivial = true;
      for (const operand of phi.operands) {
        const value = this.#resolve(operand);
        if (value === phi.value || value === only) continue;
        if (only !== NO_VALUE) {
          trivial = false;
          break;
        }
        only = value;
      }
      if (!trivial) continue;
      phi.replacement = only === NO_VALUE ? this.#zeroOf(phi.variable) : only;
      this.#replaced = true;
      const by = this.#phiOf[phi.replacement] ?? null;
      for (const user of phi.users) {
        if (by !== null && by !== user) by.users.push(user);
        work.push(user);
      }
    }
  }

  #resolve(value: Value): Value {
    let phi = this.#phiOf[value];
    if (phi === undefined || phi === null || phi.replacement === NO_VALUE) return value;
    let last = value;
    while (phi !== undefined && phi !== null && phi.replacement !== NO_VALUE) {
      last = phi.replacement;
      phi = this.#phiOf[last];
    }
    // Shorten the chain for the next one who asks.
    let at = this.#phiOf[value];
    while (at !== undefined && at !== null && at.replacement !== last && at.replacement !== NO_VALUE) {
      const next: Value = at.replacement;
      at.replacement = last;
      at = this.#phiOf[next];
    }
    return last;
  }

  /** Puts the phis into their blocks and edges, and the values that replace trivial ones into the instructions. */
  #write(): void {
    for (const state of this.#states) {
      for (const phi of state.phis) {
        if (phi.replacement !== NO_VALUE) continue;
        state.block.params.push(phi.value);
        for (let i = 0; i < state.edges.length; i++) state.edges[i]!.args.push(phi.operands[i]!);
      }
      state.phis = [];
    }
    if (!this.#replaced) return;
    this.#replaced = false;
    for (const { block } of this.#states) {
      for (const inst of block.insts) {
        this.#resolveAll(inst.args);
        for (const edge of inst.edges) this.#resolveAll(edge.args);
        if (inst.unwind !== null) this.#resolveAll(inst.unwind.args);
      }
    }
  }

  #resolveAll(values: Value[]): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const phi = this.#phiOf[value];
      if (phi !== undefined && phi !== null && phi.replacement !== NO_VALUE) values[i] = this.#resolve(value);
    }
  }

  #typeOfVariable(variable: Variable): Type {
    const type = this.#variables[variable];
    if (type === undefined) this.#bug(`there is no variable ${variable}`);
    return type;
  }

  #zeroOf(variable: Variable): Value {
    const type = this.#typeOfVariable(variable);
    let zero = this.#zeros.get(type);
    if (zero === undefined) {
      const inst = new Inst("const", [], -1);
      inst.result = zero = this.func.newValue(type);
      this.func.entry.insts.unshift(inst);
      this.#zeros.set(type, zero);
    }
    return zero;
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
    const inst = new Inst(op, args, this.pos);
    inst.imm = offset >>> 0;
    const out = FACTS.get(op)!.out;
    return this.#add(inst, out === "typed" ? type : out === "none" ? null : (out as Type));
  }

  load(what: Type | NarrowLoad, base: Value, offset: number): Value {
    switch (what) {
      case "load8s":
      case "load8u":
      case "load16s":
      case "load16u":
        return this.mem(what, null, offset, base);
      default:
        return this.mem("load", what, offset, base);
    }
  }

  /** `refstore` if the value is a reference, else `store`. */
  store(base: Value, offset: number, value: Value): void {
    this.mem(this.func.types[value] === "ref" ? "refstore" : "store", null, offset, base, value);
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
    if ((flags & FLAG_THROWS) !== 0 && this.unwindTo !== null && inst.host?.pure !== true) {
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
    const edge = new Edge(target, args.slice());
    to.edges.push(edge);
    to.sources.push(this.#here());
    return edge;
  }

  #stateOf(block: Block): BlockState {
    const state = this.#states[block.id];
    if (state === undefined || state.block !== block) this.#bug(`b${block.id} is no block of this builder`);
    return state;
  }

  #here(): BlockState {
    const state = this.#current;
    if (state === null) this.#bug("there is no current block");
    return state;
  }

  #badDefine(variable: Variable, value: Value): never {
    this.#bug(`variable ${variable} is ${this.#variables[variable]}, but v${value} is ${this.func.types[value]}`);
  }

  #bug(message: string): never {
    throw new Bug(message, { pass: "build", function: this.func.name });
  }
}

function setDefinition(state: BlockState, variable: Variable, value: Value): void {
  const definitions = state.definitions;
  while (definitions.length < variable) definitions.push(NO_VALUE);
  definitions[variable] = value;
}
