/**
 * Makes SSA values of mutable variables while a function is built, after Braun et al., "Simple and Efficient Construction of
 * Static Single Assignment Form" (2013): a read looks for the definition backwards from the current block and makes a phi (in the
 * end a block parameter) where several meet.
 *
 * Relies on  edges are added to a block only until it is sealed.
 * Leaves     after `write`, block parameters and edge arguments in the function, without trivial phis. In a reducible graph
 *            whose blocks are sealed as early as can be, the number of phis is the least possible.
 * Costs      no recursion: chains of blocks with one way in are walked in a loop, phis are filled from a list.
 */
import { Bug } from "#support";
import { type Block, Edge, type Entity, type Func, Inst, NO_VALUE, type Value } from "./func.ts";
import type { Type } from "./types.ts";

/** A mutable variable of a function under construction; an index into the builder's variables. */
export type Variable = Entity<"variable">;

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
export class BlockState {
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

export class SsaConstruction {
  readonly #func: Func;
  /** By block number. */
  readonly states: BlockState[] = [];
  readonly #variables: Type[] = [];
  /** By value: the phi that defines it, if one does. May be shorter than there are values. */
  readonly #phiOf: (Phi | null)[] = [];
  /** Phis of sealed blocks whose operands are still to be found. */
  readonly #pending: Phi[] = [];
  readonly #zeros = new Map<Type, Value>();
  #replaced = false;

  constructor(func: Func) {
    this.#func = func;
  }

  addBlock(block: Block): void {
    this.states.push(new BlockState(block));
  }

  addEdge(from: BlockState, to: BlockState, args: Value[]): Edge {
    const edge = new Edge(to.block, args);
    to.edges.push(edge);
    to.sources.push(from);
    return edge;
  }

  variable(type: Type): Variable {
    this.#variables.push(type);
    return (this.#variables.length - 1) as Variable;
  }

  /** From here on the variable has this value in the block. */
  define(state: BlockState, variable: Variable, value: Value): void {
    if (this.#func.types[value] !== this.#variables[variable]) this.#badDefine(variable, value);
    setDefinition(state, variable, value);
  }

  /** The variable's value at the end of what the block holds; the zero or null of its type if nothing was ever defined. */
  use(state: BlockState, variable: Variable): Value {
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
      if (sources.length === 0 || steps > this.states.length) {
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
    const value = this.#func.newValue(this.#typeOfVariable(variable));
    const phi = new Phi(value, variable, state);
    const table = this.#phiOf;
    while (table.length < value) table.push(null);
    table.push(phi);
    state.phis.push(phi);
    setDefinition(state, variable, value);
    return phi;
  }

  /** All edges into the block exist. */
  seal(state: BlockState): void {
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
  write(): void {
    for (const state of this.states) {
      for (const phi of state.phis) {
        if (phi.replacement !== NO_VALUE) continue;
        state.block.params.push(phi.value);
        for (let i = 0; i < state.edges.length; i++) state.edges[i]!.args.push(phi.operands[i]!);
      }
      state.phis = [];
    }
    if (!this.#replaced) return;
    this.#replaced = false;
    for (const { block } of this.states) {
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
      inst.result = zero = this.#func.newValue(type);
      this.#func.entry.insts.unshift(inst);
      this.#zeros.set(type, zero);
    }
    return zero;
  }

  #badDefine(variable: Variable, value: Value): never {
    this.#bug(`variable ${variable} is ${this.#variables[variable]}, but v${value} is ${this.#func.types[value]}`);
  }

  #bug(message: string): never {
    throw new Bug(message, { pass: "build", function: this.#func.name });
  }
}

function setDefinition(state: BlockState, variable: Variable, value: Value): void {
  const definitions = state.definitions;
  while (definitions.length < variable) definitions.push(NO_VALUE);
  definitions[variable] = value;
}
