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

/** By block number: the blocks with an edge to it, once per edge. Blocks that cannot be reached count as predecessors too. */
export function predecessors(func: Func): Block[][] {
  const preds: Block[][] = func.blocks.map(() => []);
  for (const block of func.blocks) {
    for (const target of successorBlocks(block)) preds[target.id]!.push(block);
  }
  return preds;
}

/** By block number: the edges into it. */
export function incomingEdges(func: Func): Edge[][] {
  const edges: Edge[][] = func.blocks.map(() => []);
  for (const block of func.blocks) eachSuccessor(block, (edge) => edges[edge.target.id]!.push(edge));
  return edges;
}

/** Who dominates whom, among the reachable blocks. */
export class Dominators {
  /** Reverse postorder. */
  readonly order: readonly Block[];
  /** By block number: the index in `order`; -1 if the block cannot be reached. */
  readonly position: Int32Array;
  /** By block number: the number of the immediate dominator; the entry's is itself; -1 if the block cannot be reached. */
  readonly idom: Int32Array;
  /** By block number: the blocks immediately dominated, in reverse postorder. */
  readonly children: readonly Block[][];
  /** By block number: when the walk of the dominator tree enters and leaves the block. */
  readonly #enter: Int32Array;
  readonly #leave: Int32Array;

  constructor(order: readonly Block[], position: Int32Array, idom: Int32Array) {
    this.order = order;
    this.position = position;
    this.idom = idom;
    const children: Block[][] = Array.from(idom, () => []);
    for (let i = 1; i < order.length; i++) children[idom[order[i]!.id]!]!.push(order[i]!);
    this.children = children;
    this.#enter = new Int32Array(idom.length).fill(-1);
    this.#leave = new Int32Array(idom.length).fill(-1);
    let clock = 0;
    const stack = order.length === 0 ? [] : [order[0]!.id];
    const next = new Int32Array(idom.length);
    while (stack.length > 0) {
      const id = stack[stack.length - 1]!;
      if (next[id] === 0) this.#enter[id] = clock++;
      const child = children[id]![next[id]!];
      next[id]! += 1;
      if (child === undefined) {
        this.#leave[id] = clock++;
        stack.pop();
      } else {
        stack.push(child.id);
      }
    }
  }

  isReachable(block: Block): boolean {
    return this.position[block.id]! >= 0;
  }

  /** Whether every path from the entry to `b` goes through `a` (as it does if they are the same). False if either is unreachable. */
  dominates(a: Block, b: Block): boolean {
    const enter = this.#enter[a.id]!;
    return enter >= 0 && enter <= this.#enter[b.id]! && this.#leave[b.id]! <= this.#leave[a.id]!;
  }
}

/** Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001). */
export function dominators(func: Func, preds: readonly Block[][] = predecessors(func)): Dominators {
  const order = reversePostorder(func);
  const count = func.blocks.length;
  const position = new Int32Array(count).fill(-1);
  for (let i = 0; i < order.length; i++) position[order[i]!.id] = i;
  // By position in the order: position of the immediate dominator.
  const doms = new Int32Array(order.length).fill(-1);
  doms[0] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 1; i < order.length; i++) {
      let best = -1;
      for (const pred of preds[order[i]!.id]!) {
        let other = position[pred.id]!;
        if (other < 0 || doms[other]! < 0) continue;
        if (best < 0) {
          best = other;
          continue;
        }
        while (best !== other) {
          while (best > other) best = doms[best]!;
          while (other > best) other = doms[other]!;
        }
      }
      if (doms[i] !== best) {
        doms[i] = best;
        changed = true;
      }
    }
  }
  const idom = new Int32Array(count).fill(-1);
  for (let i = 0; i < order.length; i++) idom[order[i]!.id] = order[doms[i]!]!.id;
  return new Dominators(order, position, idom);
}

/** The natural loops of a function. */
export interface Loops {
  /** Blocks that an edge leads back to from a block they dominate, in reverse postorder. */
  readonly headers: readonly Block[];
  /** By block number: the number of loops around the block, itself as a header included. */
  readonly depth: Int32Array;
  /** By block number: the header of the innermost loop the block is in (itself, if it is one), or -1. */
  readonly headerOf: Int32Array;
  /** Targets of edges that go back in the order without being dominators: entries of loops with several entries. */
  readonly irreducible: readonly Block[];
}

export function loops(func: Func, doms: Dominators, preds: readonly Block[][] = predecessors(func)): Loops {
  const headers: Block[] = [];
  const irreducible: Block[] = [];
  const count = func.blocks.length;
  const depth = new Int32Array(count);
  const headerOf = new Int32Array(count).fill(-1);
  const seen = new Int32Array(count).fill(-1);
  // Outer loops come before inner ones in the order, so the last to write `headerOf` is the innermost.
  for (const block of doms.order) {
    const at = doms.position[block.id]!;
    const back: Block[] = [];
    let crooked = false;
    for (const pred of preds[block.id]!) {
      if (doms.position[pred.id]! < at) continue;
      if (doms.dominates(block, pred)) back.push(pred);
      else crooked = true;
    }
    if (crooked) irreducible.push(block);
    if (back.length === 0) continue;
    headers.push(block);
    seen[block.id] = block.id;
    const body = [block];
    for (const pred of back) {
      if (seen[pred.id] === block.id) continue;
      seen[pred.id] = block.id;
      body.push(pred);
    }
    for (let i = 0; i < body.length; i++) {
      const member = body[i]!;
      depth[member.id]! += 1;
      headerOf[member.id] = block.id;
      if (member === block) continue;
      for (const pred of preds[member.id]!) {
        if (seen[pred.id] === block.id || doms.position[pred.id]! < 0) continue;
        seen[pred.id] = block.id;
        body.push(pred);
      }
    }
  }
  return { headers, depth, headerOf, irreducible };
}
