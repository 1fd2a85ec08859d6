/**
 * Expression trees: which instructions are evaluated where their result is used, on WebAssembly's operand stack.
 *
 * Takes      a flat function.
 * Leaves     for each instruction its role: a root is evaluated at its own place; the others as part of a root's tree, at
 *            each use, or never. Values that are not evaluated at their use need a local.
 * Relies on  a value used once, in the block that defines it, may be evaluated later if nothing between conflicts (traits.ts).
 *            Operands are evaluated first to last, but for those that traits.ts lists as last.
 *
 * A reference must never lie on the operand stack while a collection may happen: an operand that contains a safepoint is part of a
 * tree only if everything evaluated before it in the tree is no reference.
 */
import { type Edge, type Inst, NO_VALUE, type Value } from "#ir";
import { type Flat, firstParam } from "./flat.ts";
import {
  IS_SAFEPOINT,
  JUMP,
  LAST,
  MOVE_FREE,
  MOVE_LOAD,
  MOVE_ORDERED,
  MOVE_POINTER,
  MOVE_REPEAT,
  REPEATS,
  SDIV,
} from "./traits.ts";

/** Evaluated at its own place. */
export const ROLE_ROOT = 0;
/** Evaluated in the tree of the only use of its result. */
export const ROLE_TREE = 1;
/** Evaluated at each use of its result. */
export const ROLE_REPEAT = 2;
/** Not evaluated. */
export const ROLE_DEAD = 3;

/** Deeper trees are cut: the code generator walks them recursively. */
const MAX_DEPTH = 48;

/** Gives the role of each instruction. Takes the uses that dead instructions made out of `flat.uses`. */
export function selectTrees(flat: Flat): Uint8Array {
  dropDeadParams(flat);
  const roles = flat.scratch.u8(flat.code.length);
  const selector = new Selector(flat, roles);
  const order = flat.graph.order;
  for (let i = order.length - 1; i >= 0; i--) selector.block(order[i]!);
  return roles;
}

/** Marks the block parameters that something uses (`flat.needed`); edges need not give values for the others. */
function dropDeadParams(flat: Flat): void {
  const { graph, uses, edges, needed } = flat;
  const work: Value[] = [];
  const blocks = flat.blocks;
  for (let i = 0; i < graph.order.length; i++) {
    for (const param of blocks[graph.order[i]!]!.params) {
      needed[param] = 1;
      if (uses[param] === 0) work.push(param);
    }
  }
  for (let param = work.pop(); param !== undefined; param = work.pop()) {
    needed[param] = 0;
    const id = flat.defBlock[param]!;
    const index = blocks[id]!.params.indexOf(param);
    let previous = -1;
    for (let p = graph.predStart[id]!; p < graph.predStart[id + 1]!; p++) {
      const pred = graph.preds[p]!;
      // A block with several edges to this one occurs several times among the predecessors, in a row.
      if (pred === previous) continue;
      previous = pred;
      for (let e = graph.succStart[pred]!; e < graph.succStart[pred + 1]!; e++) {
        const edge = edges[e]!;
        if (edge.target.id !== id) continue;
        const arg = edge.args[index - firstParam(edge)];
        if (arg === undefined) continue;
        uses[arg]!--;
        if (uses[arg] === 0 && needed[arg] === 1) work.push(arg);
      }
    }
  }
}

class Selector {
  readonly #flat: Flat;
  readonly #roles: Uint8Array;
  /** Of the current root: its place, the first instruction of its block, and the nearest earlier effect that is not in the tree. */
  #root = 0;
  #blockStart = 0;
  #cursor = -1;
  /** Whether operands that call may become part of the tree. */
  #allowCalls = true;

  constructor(flat: Flat, roles: Uint8Array) {
    this.#flat = flat;
    this.#roles = roles;
  }

  block(id: number): void {
    const flat = this.#flat;
    const roles = this.#roles;
    const start = flat.start[id]!;
    this.#blockStart = start;
    for (let at = flat.end[id]! - 1; at >= start; at--) {
      if (roles[at] !== ROLE_ROOT) continue;
      const inst = flat.code[at]!;
      const move = flat.moves[at]!;
      if (move === MOVE_REPEAT) {
        roles[at] = ROLE_REPEAT;
        continue;
      }
      if (inst.result !== NO_VALUE && move < MOVE_ORDERED && flat.uses[inst.result] === 0) {
        roles[at] = ROLE_DEAD;
        for (const arg of inst.args) flat.uses[arg]!--;
        continue;
      }
      this.#root = at;
      this.#cursor = this.#skip(flat.previousEffect[at]!);
      this.#allowCalls = inst.unwind === null;
      const edges = inst.edges;
      if (edges.length > 0) {
        const single = flat.ops[at] === JUMP;
        for (let e = edges.length - 1; e >= 0; e--) this.#edge(edges[e]!, single);
        this.#allowCalls = true;
      }
      this.#operands(inst, at, 0, true);
    }
  }

  /** The arguments of an edge are evaluated first to last, after everything else. */
  #edge(edge: Edge, single: boolean): void {
    const flat = this.#flat;
    const args = edge.args;
    const params = edge.target.params;
    const from = params.length - args.length;
    this.#allowCalls = single;
    let traced = 0;
    while (traced < args.length && flat.traced[args[traced]!] === 0) traced++;
    for (let i = args.length - 1; i >= 0; i--) {
      if (flat.needed[params[from + i]!] === 0) continue;
      this.#operand(args[i]!, 0, i <= traced);
    }
  }

  /** Looks at the operands in reverse order of evaluation. */
  #operands(inst: Inst, at: number, depth: number, clean: boolean): void {
    const flat = this.#flat;
    const args = inst.args;
    const count = args.length;
    if (count === 0) return;
    const op = flat.ops[at]!;
    const last = LAST[op]!;
    let repeats = REPEATS[op]!;
    if (op === SDIV && this.#isPlainDivisor(args[1]!)) repeats = 0;
    // The first reference in the order of evaluation: what comes after it may contain no safepoint.
    let firstTraced = count;
    if (clean) {
      for (let k = last; k < count && firstTraced === count; k++) if (flat.traced[args[k]!] === 1) firstTraced = k;
    }
    for (let k = 0; k < last; k++) {
      if ((repeats & (1 << k)) === 0) this.#operand(args[k]!, depth, clean && firstTraced === count);
    }
    for (let k = count - 1; k >= last; k--) {
      if (k < 8 && (repeats & (1 << k)) !== 0) continue;
      this.#operand(args[k]!, depth, clean && k <= firstTraced);
    }
  }

  #operand(value: Value, depth: number, clean: boolean): void {
    const flat = this.#flat;
    const at = flat.defAt[value]!;
    if (at < this.#blockStart || at >= this.#root) return;
    if (flat.uses[value] !== 1 || depth >= MAX_DEPTH) return;
    const root = this.#root;
    switch (flat.moves[at]) {
      case MOVE_FREE:
        break;
      case MOVE_POINTER:
        if (flat.safepoints[at + 1] !== flat.safepoints[root] && at !== this.#cursor) return;
        break;
      case MOVE_LOAD:
        if (flat.writes[at + 1] !== flat.writes[root] && at !== this.#cursor) return;
        break;
      case MOVE_ORDERED:
        if (at !== this.#cursor || !this.#allowCalls) return;
        if ((flat.traits[at]! & IS_SAFEPOINT) !== 0 && !clean) return;
        if (flat.code[at]!.unwind !== null) return;
        break;
      default:
        return;
    }
    this.#roles[at] = ROLE_TREE;
    if (at === this.#cursor) this.#cursor = this.#skip(flat.previousEffect[at]!);
    this.#operands(flat.code[at]!, at, depth + 1, clean);
  }

  /** The instruction, or the nearest earlier effect of its block that is in no tree. */
  #skip(at: number): number {
    let place = at;
    while (place >= 0 && this.#roles[place] !== ROLE_ROOT) place = this.#flat.previousEffect[place]!;
    return place;
  }

  /** A constant divisor with which sdiv cannot overflow. */
  #isPlainDivisor(value: Value): boolean {
    const at = this.#flat.defAt[value]!;
    if (at < 0) return false;
    const inst = this.#flat.code[at]!;
    if (inst.op !== "const") return false;
    return this.#flat.func.typeOf(value) === "i64"
      ? inst.bits !== -1n && inst.bits !== 0n
      : inst.imm !== -1 && inst.imm !== 0;
  }
}
