/**
 * Copies of parts of a function, and uses of values that have got a second definition by that.
 */
import { type Block, Edge, eachSuccessor, type Func, NO_VALUE, type Value } from "#ir";

/** A part of a function a second time. */
export interface Copy {
  /** By block of the part: its copy. */
  readonly blocks: ReadonlyMap<Block, Block>;
  /** By value that the part defines: the one its copy defines. */
  readonly values: ReadonlyMap<Value, Value>;
}

/** Copies blocks. Edges between them lead to the copies, but those that `leads` gives another target; all other edges lead where they led. */
export function copyBlocks(func: Func, part: Iterable<Block>, leads: (target: Block) => Block | null): Copy {
  const blocks = new Map<Block, Block>();
  const values = new Map<Value, Value>();
  for (const block of part) {
    const copy = func.newBlock();
    copy.cold = block.cold;
    blocks.set(block, copy);
    for (const param of block.params) values.set(param, func.addParam(copy, func.typeOf(param)));
    for (const { result } of block.insts)
      if (result !== NO_VALUE) values.set(result, func.newValue(func.typeOf(result)));
  }
  const value = (old: Value): Value => values.get(old) ?? old;
  const edge = ({ target, args }: Edge): Edge =>
    new Edge(leads(target) ?? blocks.get(target) ?? target, args.map(value));
  for (const [block, copy] of blocks) {
    for (const inst of block.insts) {
      const made = inst.copy(inst.args.map(value));
      if (inst.result !== NO_VALUE) made.result = value(inst.result);
      made.edges = inst.edges.map(edge);
      if (inst.unwind !== null) made.unwind = edge(inst.unwind);
      copy.insts.push(made);
    }
  }
  return { blocks, values };
}

interface WayIn {
  readonly from: Block;
  readonly edge: Edge;
}

/**
 * Gives uses behind a part, where one may come from the part or its copy, the value of the way that was taken: as a parameter where ways meet.
 * Some of the parameters are not needed: that is for the pass `params`.
 */
export function repairUses(func: Func, copy: Copy): void {
  const home = new Map<Block, Block>();
  for (const [block, second] of copy.blocks) home.set(second, block);
  const waysIn: WayIn[][] = func.blocks.map(() => []);
  for (const block of func.blocks) eachSuccessor(block, (edge) => waysIn[edge.target.id]!.push({ from: block, edge }));
  const starts = new Map<Value, (Value | undefined)[]>();
  const atStart = (value: Value, block: Block): Value => {
    let known = starts.get(value);
    if (known === undefined) {
      known = [];
      starts.set(value, known);
    }
    const found = known[block.id];
    if (found !== undefined) return found;
    const ways = waysIn[block.id]!;
    if (ways.length === 1) {
      const only = atEnd(value, ways[0]!.from);
      known[block.id] = only;
      return only;
    }
    const param = func.addParam(block, func.typeOf(value));
    known[block.id] = param;
    for (const { from, edge } of ways) edge.args.push(atEnd(value, from));
    return param;
  };
  const atEnd = (value: Value, block: Block): Value => {
    if (copy.blocks.has(block)) return value;
    return home.has(block) ? copy.values.get(value)! : atStart(value, block);
  };
  for (const block of func.blocks) {
    if (copy.blocks.has(block) || home.has(block)) continue;
    const list = (values: Value[], count: number): void => {
      for (let i = 0; i < count; i++) if (copy.values.has(values[i]!)) values[i] = atStart(values[i]!, block);
    };
    for (const inst of block.insts) {
      list(inst.args, inst.args.length);
      // What is given to parameters made here is right already.
      for (const edge of inst.edges) list(edge.args, edge.args.length);
      if (inst.unwind !== null) list(inst.unwind.args, inst.unwind.args.length);
    }
  }
}
