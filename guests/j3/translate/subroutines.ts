/**
 * jsr and ret, JVMS §6.5: a return address is the number of its jsr instruction, and a ret goes to what follows any jsr of the
 * subroutines it may belong to.
 */
import { verifyFailure } from "./failure.ts";
import type { FlowBlock, JsrSite } from "./flow.ts";

/** Bound of the work, which may be quadratic; not in spec. */
const WORK_LIMIT = 1 << 22;

/** Gives each block that ends in ret its successors. */
export function connectSubroutines(sites: readonly JsrSite[], retBlocks: readonly FlowBlock[], where: string): void {
  let work = 0;
  const rets = new Set(retBlocks);
  for (const entry of new Set(sites.map((site) => site.target))) {
    const returns = sites.filter((site) => site.target === entry).map((site) => site.next);
    const reached = reach(entry, sites, rets);
    work += sites.length + reached.size;
    if (work > WORK_LIMIT) verifyFailure("Too many subroutines", where, entry.start);
    for (const ret of reached) {
      if (!rets.has(ret)) continue;
      work += returns.length;
      for (const next of returns) {
        if (!ret.successors.includes(next)) ret.successors.push(next);
      }
    }
  }
}

/** The blocks that control comes to from the entry, up to ret, when inner subroutines are passed over. */
function reach(entry: FlowBlock, sites: readonly JsrSite[], rets: ReadonlySet<FlowBlock>): Set<FlowBlock> {
  const seen = new Set([entry]);
  // The set grows while it is walked.
  for (const block of seen) {
    if (rets.has(block)) continue;
    if (block.jsrSite >= 0) seen.add(sites[block.jsrSite]!.next);
    else for (const next of block.successors) seen.add(next);
    for (const set of block.sets) {
      for (const target of set.targets) seen.add(target);
    }
  }
  return seen;
}
