/**
 * Which values are live at the start of each block: used there or later, but defined before.
 *
 * Takes      SSA. The parameters of a block are not live into it; arguments of edges are used at the end of the block they leave.
 * Relies on  a definition dominates its uses.
 * Costs      proportional to the result: from each use, predecessors are walked up to the definition.
 */
import { BitSet } from "#support";
import { predecessors } from "./cfg.ts";
import { type Block, type Func, NO_VALUE, type Value } from "./func.ts";

export class Liveness {
  /** By block number. */
  readonly liveIn: readonly BitSet[];
  /** By value: the number of the block that defines it, or -1. */
  readonly definedIn: Int32Array;

  constructor(liveIn: readonly BitSet[], definedIn: Int32Array) {
    this.liveIn = liveIn;
    this.definedIn = definedIn;
  }

  /** What is live at the end of the block, arguments of its edges not included: a new set. */
  liveOut(block: Block): BitSet {
    const out = new BitSet();
    const last = block.insts[block.insts.length - 1];
    const before = block.insts[block.insts.length - 2];
    for (const edge of last?.edges ?? []) out.union(this.liveIn[edge.target.id]!);
    if (last !== undefined && last.unwind !== null) out.union(this.liveIn[last.unwind.target.id]!);
    if (before !== undefined && before.unwind !== null) out.union(this.liveIn[before.unwind.target.id]!);
    return out;
  }
}

export function liveness(func: Func, preds: readonly Block[][] = predecessors(func)): Liveness {
  const definedIn = new Int32Array(func.types.length).fill(-1);
  for (const block of func.blocks) {
    for (const param of block.params) definedIn[param] = block.id;
    for (const inst of block.insts) if (inst.result !== NO_VALUE) definedIn[inst.result] = block.id;
  }
  const liveIn = func.blocks.map(() => new BitSet());
  const work: number[] = [];
  const use = (value: Value, at: number): void => {
    const home = definedIn[value]!;
    if (home === at || !liveIn[at]!.add(value)) return;
    work.push(at);
    for (let id = work.pop(); id !== undefined; id = work.pop()) {
      for (const pred of preds[id]!) {
        if (pred.id !== home && liveIn[pred.id]!.add(value)) work.push(pred.id);
      }
    }
  };
  for (const block of func.blocks) {
    for (const inst of block.insts) {
      for (const arg of inst.args) use(arg, block.id);
      for (const edge of inst.edges) for (const arg of edge.args) use(arg, block.id);
      if (inst.unwind !== null) for (const arg of inst.unwind.args) use(arg, block.id);
    }
  }
  return new Liveness(liveIn, definedIn);
}
