/**
 * Where the exception of an allocation may be thrown that the function does not have there.
 *
 * An instruction that throws says which handler the place belongs to. At another place it is the one that the instructions that throw before and after it
 * agree on. Only where that is the caller an object may be made there: an unwind edge would want what the handler's variables are.
 */
import { type Block, type Edge, type Func, type Inst, instDoes, terminator } from "#ir";

const UNKNOWN = -1;
const CALLER = -2;
const SEVERAL = -3;

export class Contexts {
  /** Whether anything in the function is a fence. */
  readonly hasFence: boolean;
  readonly #hasHandlers: boolean;
  /** By block: handler of what threw last before it, and of what throws first in it or after. */
  readonly #before: Int32Array;
  readonly #first: Int32Array;
  /** Where the edges come from that are not unwind edges. */
  readonly #from = new Map<Edge, Block>();

  constructor(func: Func) {
    const { blocks } = func;
    this.#before = new Int32Array(blocks.length).fill(UNKNOWN);
    this.#first = new Int32Array(blocks.length).fill(UNKNOWN);
    this.hasFence = blocks.some(({ insts }) => insts.some(({ op }) => op === "fence" || op === "afence"));
    this.#hasHandlers = blocks.some(({ insts }) => insts.some(({ unwind }) => unwind !== null));
    if (!this.#hasHandlers) return;
    for (const block of blocks) for (const edge of terminator(block).edges) this.#from.set(edge, block);
    for (let changed = true; changed; ) {
      changed = false;
      const set = (table: Int32Array, block: Block, value: number): void => {
        const met = meet(table[block.id]!, value);
        changed ||= met !== table[block.id];
        table[block.id] = met;
      };
      for (const block of blocks) {
        const end = this.#last(block, block.insts.length);
        for (const edge of terminator(block).edges) set(this.#before, edge.target, end);
      }
      for (let i = blocks.length - 1; i >= 0; i--) set(this.#first, blocks[i]!, this.#next(blocks[i]!, 0));
    }
  }

  /** Whether it is known where an allocation just before the instruction throws to: where the instruction does, or to the caller. */
  mayThrowAt(block: Block, inst: Inst): boolean {
    if (!this.#hasHandlers) return true;
    if (instDoes(inst, "throws")) return true;
    const at = block.insts.indexOf(inst);
    return isCallers(this.#last(block, at)) && isCallers(this.#next(block, at + 1));
  }

  /** Whether an allocation on the edge may throw to the caller. */
  mayThrowOn(edge: Edge): boolean {
    if (!this.#hasHandlers) return true;
    if (!isCallers(this.#first[edge.target.id]!)) return false;
    const from = this.#from.get(edge);
    return from === undefined || isCallers(this.#last(from, from.insts.length));
  }

  #last(block: Block, end: number): number {
    for (let i = end - 1; i >= 0; i--) {
      const inst = block.insts[i]!;
      if (instDoes(inst, "throws")) return handlerOf(inst);
    }
    return this.#before[block.id]!;
  }

  #next(block: Block, start: number): number {
    for (let i = start; i < block.insts.length; i++) {
      const inst = block.insts[i]!;
      if (instDoes(inst, "throws")) return handlerOf(inst);
    }
    let found = UNKNOWN;
    for (const edge of terminator(block).edges) found = meet(found, this.#first[edge.target.id]!);
    return found;
  }
}

function handlerOf(inst: Inst): number {
  return inst.unwind === null ? CALLER : inst.unwind.target.id;
}

function isCallers(handler: number): boolean {
  return handler === UNKNOWN || handler === CALLER;
}

function meet(a: number, b: number): number {
  if (a === UNKNOWN || a === b) return b;
  return b === UNKNOWN ? a : SEVERAL;
}
