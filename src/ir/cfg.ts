/**
 * What can be read off the control flow graph.
 *
 * Takes      a function whose blocks all end, with `blocks[i].id === i`.
 * Leaves     the function as it is; only `removeUnreachable` changes it (and renumbers the blocks).
 * Costs      linear, dominators nearly so.
 */
import type { Block, Edge, Func } from "./func.ts";

/** Calls back for every edge that leaves the block: those of its last instruction, then unwind edges. Without allocation. */
export function eachSuccessor(block: Block, visit: (edge: Edge) => void): void {
  const insts = block.insts;
  const last = insts[insts.length - 1];
  if (last === undefined) return;
  for (const edge of last.edges) visit(edge);
  if (last.unwind !== null) visit(last.unwind);
  const before = insts[insts.length - 2];
  if (before !== undefined && before.unwind !== null) visit(before.unwind);
}

/** The targets of all edges that leave the block, in the order of `successors`; a block may occur twice. */
export function successorBlocks(block: Block): Block[] {
  const targets: Block[] = [];
  const insts = block.insts;
  const last = insts[insts.length - 1];
  if (last === undefined) return targets;
  for (const edge of last.edges) targets.push(edge.target);
  if (last.unwind !== null) targets.push(last.unwind.target);
  const before = insts[insts.length - 2];
  if (before !== undefined && before.unwind !== null) targets.push(before.unwind.target);
  return targets;
}

/** The reachable blocks, each before its successors except along loops' back edges. */
export function reversePostorder(func: Func): Block[] {
  const seen = new Uint8Array(func.blocks.length);
  const order: Block[] = [];
  const entry = func.entry;
  seen[entry.id] = 1;
  const stack: { block: Block; targets: Block[]; next: number }[] = [
    { block: entry, targets: successorBlocks(entry), next: 0 },
  ];
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const target = top.targets[top.next];
    if (target === undefined) {
      order.push(top.block);
      stack.pop();
      continue;
    }
    top.next += 1;
    if (seen[target.id] === 1) continue;
    seen[target.id] = 1;
    stack.push({ block: target, targets: successorBlocks(target), next: 0 });
  }
  return order.reverse();
}

/** Drops the blocks that the entry does not lead to and numbers the others anew, in the same order; how many were dropped. */
export function removeUnreachable(func: Func): number {
  const seen = new Uint8Array(func.blocks.length);
  const work = [func.entry];
  seen[func.entry.id] = 1;
  let count = 1;
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    for (const target of successorBlocks(block)) {
      if (seen[target.id] === 1) continue;
      seen[target.id] = 1;
      count += 1;
      work.push(target);
    }
  }
  const dropped = func.blocks.length - count;
  if (dropped === 0) return 0;
  func.blocks = func.blocks.filter((block) => seen[block.id] === 1);
  for (let i = 0; i < count; i++) func.blocks[i]!.id = i;
  return dropped;
}
