/** The dominator tree, each block before those it dominates. */
import type { Block, Dominators } from "#ir";

/** `leave` gets what `enter` gave for the block, once all that the block dominates was walked. */
export function walkDominatorTree(
  dominators: Dominators,
  enter: (block: Block) => number,
  leave: (given: number) => void,
): void {
  const entry = dominators.order[0];
  if (entry === undefined) return;
  const path = [{ children: dominators.children[entry.id]!, next: 0, given: enter(entry) }];
  for (let top = path[0]; top !== undefined; top = path[path.length - 1]) {
    const child = top.children[top.next];
    if (child === undefined) {
      leave(top.given);
      path.pop();
      continue;
    }
    top.next += 1;
    path.push({ children: dominators.children[child.id]!, next: 0, given: enter(child) });
  }
}
