/**
 * Cold ways that come back to where the others go on, and bring with them that objects have to be made: behind the call that stands beside an expanded body nothing
 * is known of its result, and the object that the body gave would have to be made for all. Where that is all that makes it, the cold ways go on in a copy.
 */
import { type Block, type Edge, type Loops, terminator } from "#ir";
import { reachedFrom } from "./duplicate.ts";
import type { Escape } from "./escape.ts";

/** The edges that had better lead to copies, and the blocks they leave. They enter loops that are copied at their headers only, and at one. */
export function coldReturns(analysis: Escape, loops: Loops, order: readonly Block[]): Map<Edge, Block> {
  const sources = new Map<Edge, Block>();
  for (const block of order) {
    if (!block.cold || !analysis.isReached(block)) continue;
    for (const edge of terminator(block).edges) if (!edge.target.cold) sources.set(edge, block);
  }
  const chosen = new Map<Edge, Block>();
  if (sources.size === 0) return chosen;
  const first = firstMerge(analysis, order, new Set(sources.keys()));
  if (first === null) return chosen;
  const choose = (target: Block): void => {
    for (const [edge, from] of sources) if (edge.target === target) chosen.set(edge, from);
  };
  choose(first);
  for (const block of reachedFrom(chosen.keys())) {
    const depth = loops.depth[block.id]!;
    const isHeader = depth === 1 && loops.headerOf[block.id] === block.id;
    if (depth === 0 || (isHeader && loops.depth[first.id] === 0)) choose(block);
  }
  return chosen;
}

/** The first block at which objects are made for cold ways alone, of which one is made nowhere else but where it is cold. */
function firstMerge(analysis: Escape, order: readonly Block[], cold: ReadonlySet<Edge>): Block | null {
  const merges = new Map<Block, ReadonlySet<number>>();
  for (const block of order) {
    if (block.cold || !analysis.isReached(block)) continue;
    const objects = analysis.madeFor(block, (edge) => cold.has(edge));
    if (objects.size > 0) merges.set(block, objects);
  }
  for (const [block, objects] of merges) {
    for (const object of objects) {
      if ([...analysis.points[object]!].every((point) => point.cold || merges.get(point)?.has(object) === true))
        return block;
    }
  }
  return null;
}
