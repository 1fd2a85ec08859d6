/**
 * Loops with several entries, for structure.ts.
 *
 * Takes      a graph in which some edge goes back to a node that does not dominate its source.
 * Leaves     a graph without such edges: in front of the entries of such a loop stands a new node, the *dispatch node*, and every edge to
 *            one of them goes there instead. Which of its successors is meant is known at run time only, by a local.
 *
 * The blocks' order of execution does not change, so everything that was found out about values still holds.
 */
import { Bug } from "#support";
import { Graph } from "./graph.ts";
import type { Scratch } from "./scratch.ts";

export interface Reducible {
  /** The nodes of the given graph, then dispatch nodes. */
  readonly graph: Graph;
  /** By node of the given graph: the dispatch node that stands before it, or -1. */
  readonly via: Int32Array;
}

export function makeReducible(original: Graph, scratch: Scratch): Reducible {
  const via = scratch.i32(original.count).fill(-1);
  /** Entries of each dispatch node. */
  const entries: number[][] = [];
  addDispatchNodes(original, via, entries, scratch);
  const graph = withDispatchNodes(original, via, entries, scratch);
  if (graph.irreducible) throw new Bug("a loop with several entries is left");
  return { graph, via };
}

function withDispatchNodes(original: Graph, via: Int32Array, entries: readonly number[][], scratch: Scratch): Graph {
  const count = original.count + entries.length;
  const succStart = scratch.i32(count + 1);
  const succ: number[] = [];
  for (let node = 0; node < original.count; node++) {
    succStart[node] = succ.length;
    for (let e = original.succStart[node]!; e < original.succStart[node + 1]!; e++) {
      const target = original.succ[e]!;
      succ.push(via[target]! >= 0 ? via[target]! : target);
    }
  }
  entries.forEach((list, index) => {
    succStart[original.count + index] = succ.length;
    succ.push(...list);
  });
  succStart[count] = succ.length;
  return new Graph(count, succStart, Int32Array.from(succ), scratch);
}

/**
 * Goes through the loops (strongly connected components) from the outermost inwards. One with several entries gets a dispatch node;
 * in either case its header is then taken out, and what is left of it is looked at again.
 */
function addDispatchNodes(original: Graph, via: Int32Array, entries: number[][], scratch: Scratch): void {
  // Whether the node takes part, by the number of the region it is in; each region is looked at alone.
  const region = scratch.i32(original.count).fill(-1);
  const work: number[][] = [Array.from(original.order)];
  let number = 0;
  for (let nodes = work.pop(); nodes !== undefined; nodes = work.pop()) {
    const current = number++;
    for (const node of nodes) region[node] = current;
    for (const component of components(original, nodes, region, current)) {
      const inside = new Set(component);
      const heads: number[] = [];
      for (const node of component) {
        let entered = node === 0;
        for (let p = original.predStart[node]!; p < original.predStart[node + 1]! && !entered; p++) {
          const pred = original.preds[p]!;
          if (!inside.has(pred)) entered = true;
        }
        if (entered) heads.push(node);
      }
      const taken = new Set(heads);
      if (heads.length > 1 && heads.every((node) => via[node]! < 0)) {
        const dispatch = original.count + entries.length;
        for (const node of heads) via[node] = dispatch;
        entries.push(heads);
      }
      const rest = component.filter((node) => !taken.has(node));
      if (rest.length > 0) work.push(rest);
    }
  }
}

/** The strongly connected components with a cycle, among the nodes of a region (Tarjan 1972). */
function components(graph: Graph, nodes: readonly number[], region: Int32Array, current: number): number[][] {
  const found: number[][] = [];
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const onStack = new Set<number>();
  const stack: number[] = [];
  for (const root of nodes) {
    if (index.has(root)) continue;
    const path: { node: number; next: number }[] = [{ node: root, next: graph.succStart[root]! }];
    index.set(root, index.size);
    low.set(root, index.get(root)!);
    stack.push(root);
    onStack.add(root);
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const { node } = top;
      if (top.next < graph.succStart[node + 1]!) {
        const target = graph.succ[top.next++]!;
        if (region[target] !== current) continue;
        if (!index.has(target)) {
          index.set(target, index.size);
          low.set(target, index.get(target)!);
          stack.push(target);
          onStack.add(target);
          path.push({ node: target, next: graph.succStart[target]! });
        } else if (onStack.has(target)) {
          low.set(node, Math.min(low.get(node)!, index.get(target)!));
        }
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) low.set(parent.node, Math.min(low.get(parent.node)!, low.get(node)!));
      if (low.get(node) !== index.get(node)) continue;
      const component: number[] = [];
      for (;;) {
        const member = stack.pop()!;
        onStack.delete(member);
        component.push(member);
        if (member === node) break;
      }
      const selfLoop = graph.succ.subarray(graph.succStart[node]!, graph.succStart[node + 1]!).includes(node);
      if (component.length > 1 || selfLoop) found.push(component);
    }
  }
  return found;
}
