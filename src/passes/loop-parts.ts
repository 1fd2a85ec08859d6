/** Pieces of innermost loops that passes take apart and put together again. */
import { type Block, type Edge, eachSuccessor, type Func, Inst, terminator, type Value } from "#ir";

export interface Loop {
  readonly header: Block;
  /** Where control goes back to the header from. */
  readonly latches: ReadonlySet<Block>;
}

/** The loop's blocks; null if there is a loop in it. */
export function loopBody(
  header: Block,
  latches: ReadonlySet<Block>,
  preds: readonly Block[][],
  isHeader: ReadonlySet<Block>,
): Set<Block> | null {
  const body = new Set([header, ...latches]);
  for (const block of body) {
    if (block === header) continue;
    if (isHeader.has(block)) return null;
    for (const pred of preds[block.id]!) body.add(pred);
  }
  return body;
}

/** Blocks that only the loop leads to, and where the function is left by an exception: a copy of the loop has its own. */
export function endsOf(body: ReadonlySet<Block>, preds: readonly Block[][]): Set<Block> {
  const ends = new Set<Block>();
  for (const block of body) {
    eachSuccessor(block, ({ target }) => {
      const last = terminator(target).op;
      if (last !== "unreachable" && last !== "trap" && last !== "throw") return;
      let leads = false;
      eachSuccessor(target, () => {
        leads = true;
      });
      if (!leads && preds[target.id]!.every((pred) => body.has(pred))) ends.add(target);
    });
  }
  return ends;
}

/** Whether exceptions lead to the block. */
export function isUnwoundTo(header: Block, preds: readonly Block[]): boolean {
  return preds.some((pred) => {
    let found = false;
    for (const inst of pred.insts) found ||= inst.unwind?.target === header;
    return found;
  });
}

/** A block with the header's parameters to which all leads that enters the loop. */
export function outerHeader(func: Func, { header, latches }: Loop): Block {
  const outer = func.newBlock();
  for (const param of header.params) func.addParam(outer, func.typeOf(param));
  // Not the predecessors that were found before other loops changed: one of those may lead here from a block of its own now.
  for (const block of func.blocks) {
    if (block === outer || latches.has(block)) continue;
    eachSuccessor(block, (edge) => {
      if (edge.target === header) edge.target = outer;
    });
  }
  return outer;
}

/** The constants of a function: they can be made anew anywhere. */
export function constantsOf(func: Func): Map<Value, Inst> {
  const constants = new Map<Value, Inst>();
  for (const block of func.blocks) {
    for (const inst of block.insts) if (inst.op === "const") constants.set(inst.result, inst);
  }
  return constants;
}

/** A constant i32 at the end of the block. */
export function constant(func: Func, block: Block, number: number, pos: number): Value {
  const inst = new Inst("const", [], pos);
  inst.imm = number;
  inst.result = func.newValue("i32");
  block.insts.push(inst);
  return inst.result;
}

/** Ends the block. */
export function finish(block: Block, op: "jump" | "branch", args: Value[], edges: readonly Edge[], pos: number): void {
  const inst = new Inst(op, args, pos);
  inst.edges = edges;
  block.insts.push(inst);
}
