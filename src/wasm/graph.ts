/**
 * Order, predecessors, dominators and loops of a directed graph over dense node numbers. Node 0 is the entry.
 *
 * The code generator needs them once per function for functions of every size, and for graphs with nodes that are no
 * blocks of the IR (see irreducible.ts); so this works on flat arrays of numbers.
 */

import type { Scratch } from "./scratch.ts";

export class Graph {
  readonly count: number;
  /** Successors of node n: succ[succStart[n]] up to succ[succStart[n + 1]], exclusive. */
  readonly succStart: Int32Array;
  readonly succ: Int32Array;
  /** The reachable nodes in reverse postorder, and each node's place there (-1: not reachable). */
  readonly order: Int32Array;
  readonly rank: Int32Array;
  /** Predecessors, once per edge, reachable ones only; as `succ`. */
  readonly predStart: Int32Array;
  readonly preds: Int32Array;
  /** For each entry of `preds` the edge, as a place in `succ`. */
  readonly predEdges: Int32Array;
  /** Immediate dominator; the entry's is itself; -1 if not reachable. */
  readonly idom: Int32Array;
  /** Whether a loop can be entered other than through its header; if so, the loop facts below are incomplete. */
  readonly irreducible: boolean;
  /** Header of the innermost natural loop around the node, or -1. A header is in its own loop. */
  readonly loopOf: Int32Array;
  /** For headers: the header of the next outer loop, or -1. */
  readonly loopParent: Int32Array;
  /** Number of loops around the node. */
  readonly loopDepth: Int32Array;

  constructor(count: number, succStart: Int32Array, succ: Int32Array, scratch: Scratch) {
    this.count = count;
    this.succStart = succStart;
    this.succ = succ;
    this.rank = scratch.i32(count).fill(-1);
    this.order = reversePostorder(count, succStart, succ, this.rank, scratch);
    this.predStart = scratch.i32(count + 1);
    this.preds = scratch.i32(succ.length);
    this.predEdges = scratch.i32(succ.length);
    findPredecessors(this, scratch);
    this.idom = scratch.i32(count).fill(-1);
    dominators(this);
    this.loopOf = scratch.i32(count).fill(-1);
    this.loopParent = scratch.i32(count).fill(-1);
    this.loopDepth = scratch.i32(count);
    this.irreducible = findLoops(this);
  }

  /** Whether every path from the entry to `b` goes through `a`. */
  dominates(a: number, b: number): boolean {
    const wanted = this.rank[a]!;
    let at = b;
    while (this.rank[at]! > wanted) at = this.idom[at]!;
    return at === a;
  }

  /** Whether the node is in the loop of the header. */
  inLoop(node: number, header: number): boolean {
    for (let at = this.loopOf[node]!; at >= 0; at = this.loopParent[at]!) if (at === header) return true;
    return false;
  }

  isHeader(node: number): boolean {
    return this.loopOf[node] === node;
  }
}

/** Later successors are visited first, so that the first one comes right after its node where possible. */
function reversePostorder(
  count: number,
  succStart: Int32Array,
  succ: Int32Array,
  rank: Int32Array,
  scratch: Scratch,
): Int32Array {
  const order = scratch.i32(count);
  let free = count;
  const stack = scratch.i32(count);
  const next = scratch.i32(count);
  let depth = 0;
  stack[0] = 0;
  next[0] = succStart[1]!;
  rank[0] = 0;
  while (depth >= 0) {
    const node = stack[depth]!;
    if (next[depth]! > succStart[node]!) {
      const target = succ[--next[depth]!]!;
      if (rank[target]! >= 0) continue;
      rank[target] = 0;
      depth++;
      stack[depth] = target;
      next[depth] = succStart[target + 1]!;
    } else {
      order[--free] = node;
      depth--;
    }
  }
  const reachable = free === 0 ? order : order.subarray(free);
  for (let i = 0; i < reachable.length; i++) rank[reachable[i]!] = i;
  return reachable;
}

function findPredecessors(graph: Graph, scratch: Scratch): void {
  const { succStart, succ, order, predStart, preds, predEdges } = graph;
  for (let i = 0; i < order.length; i++) {
    const node = order[i]!;
    for (let e = succStart[node]!; e < succStart[node + 1]!; e++) predStart[succ[e]! + 1]!++;
  }
  for (let n = 0; n < graph.count; n++) predStart[n + 1]! += predStart[n]!;
  const at = scratch.i32(graph.count + 1);
  at.set(predStart);
  for (let i = 0; i < order.length; i++) {
    const node = order[i]!;
    for (let e = succStart[node]!; e < succStart[node + 1]!; e++) {
      const place = at[succ[e]!]!++;
      preds[place] = node;
      predEdges[place] = e;
    }
  }
}

/** Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001). */
function dominators(graph: Graph): void {
  const { order, rank, predStart, preds, idom } = graph;
  idom[0] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 1; i < order.length; i++) {
      const node = order[i]!;
      let best = -1;
      for (let p = predStart[node]!; p < predStart[node + 1]!; p++) {
        let other = preds[p]!;
        if (idom[other]! < 0) continue;
        if (best < 0) {
          best = other;
          continue;
        }
        while (best !== other) {
          while (rank[best]! > rank[other]!) best = idom[best]!;
          while (rank[other]! > rank[best]!) other = idom[other]!;
        }
      }
      if (idom[node] !== best) {
        idom[node] = best;
        changed = true;
      }
    }
  }
}

/** Fills in the loop facts, inner loops first. True if some edge goes back to a node that does not dominate its source. */
function findLoops(graph: Graph): boolean {
  const { order, rank, predStart, preds, loopOf, loopParent, loopDepth } = graph;
  let irreducible = false;
  let any = false;
  const work: number[] = [];
  for (let i = order.length - 1; i >= 0; i--) {
    const header = order[i]!;
    for (let p = predStart[header]!; p < predStart[header + 1]!; p++) {
      const latch = preds[p]!;
      if (rank[latch]! < i) continue;
      if (graph.dominates(header, latch)) {
        work.push(latch);
        loopOf[header] = header;
      } else {
        irreducible = true;
      }
    }
    if (irreducible) return true;
    if (work.length === 0) continue;
    any = true;
    for (let node = work.pop(); node !== undefined; node = work.pop()) {
      let from = node;
      const inner = loopOf[node]!;
      if (inner < 0) {
        loopOf[node] = header;
      } else {
        let outer = inner;
        while (loopParent[outer]! >= 0) outer = loopParent[outer]!;
        if (outer === header) continue;
        loopParent[outer] = header;
        from = outer;
      }
      for (let p = predStart[from]!; p < predStart[from + 1]!; p++) work.push(preds[p]!);
    }
  }
  if (any) {
    for (const node of order) {
      const header = loopOf[node]!;
      if (header < 0) continue;
      if (header !== node) loopDepth[node] = loopDepth[header]!;
      else loopDepth[node] = loopParent[node]! < 0 ? 1 : loopDepth[loopParent[node]!]! + 1;
    }
  }
  return irreducible;
}
