/**
 * Scalar replacement: an object that does not escape becomes values, and one that escapes only on some ways is made there.
 *
 * Takes      SSA without unreachable blocks; loops with one entry (a function with others is left alone).
 * Leaves     no allocation of a constant size whose object nobody else can see: what is loaded from it is what was stored, and what differs where
 *            ways meet is a parameter there. Null checks and comparisons of such objects are decided, and branches on what came out of it. Where an object
 *            is passed on, returned, or stored into another object, it is made before, with what it holds then. Cold ways that alone would have objects
 *            made go on in copies of what follows.
 * Relies on  the guest storing the header before the next safepoint; no pointer but those computed from the allocation's result leading into the object; an
 *            allocation that does not take place being allowed not to throw; the lowest memory being readable.
 * Costs      some walks over functions that have such allocations, each in proportion to the function times the objects alive; at most
 *            MOST_COPIED instructions more.
 * Shown by   tests/passes/scalars-*.ir, tests/passes/scalars.test.ts
 */
import { type Block, dominators, Edge, type Func, Inst, loops, predecessors, removeUnreachable, terminator } from "#ir";
import { DefinitionTable } from "./definitions.ts";
import { duplicateFrom, reachedFrom } from "./duplicate.ts";
import { type EdgeWork, Escape, type Site } from "./escape.ts";
import { coldReturns } from "./escape-returns.ts";
import { constantSize } from "./escape-visit.ts";
import type { Pass, Work } from "./pass.ts";

/** Larger objects are left alone, in bytes: what they hold would be too many values. */
const LARGEST = 256;
/** Allocations of a function that are looked at. */
const MOST = 200;
/** Instructions that are copied for cold ways in a function, and how often one looks for such ways. */
const MOST_COPIED = 3000;
const MOST_SPLITS = 3;

export const scalars: Pass = {
  name: "scalars",
  says: "Replaces objects that do not escape by their fields, and makes those that escape where they do.",
  run,
  needs: ["reachable"],
  breaks: ["dominators", "numbered"],
};

function run(work: Work): void {
  const { func } = work;
  let room = MOST_COPIED;
  for (let split = 0; ; split++) {
    const sites = sitesOf(func);
    if (sites.length === 0) return;
    const preds = predecessors(func);
    const doms = dominators(func, preds);
    const found = loops(func, doms, preds);
    if (found.irreducible.length > 0) return;
    let analysis = new Escape(func, sites, doms.order, false);
    if (!analysis.analyze()) return;
    const edges = split < MOST_SPLITS ? coldReturns(analysis, found, doms.order) : new Map<Edge, Block>();
    const size = countInsts(reachedFrom(edges.keys()));
    if (edges.size > 0 && size <= room && work.spend("cold ways do not come back")) {
      duplicateFrom(func, edges);
      removeUnreachable(func);
      room -= size;
      continue;
    }
    if (analysis.points.some((points) => points.size > 0)) {
      const hopeless = new Set<Inst>();
      for (const [object, site] of sites.entries())
        if (!isWorthwhile(analysis, site, object, doms.order, analysis.instPoints[object]!)) hopeless.add(site.inst);
      analysis = new Escape(func, sitesOf(func, hopeless), doms.order, true);
      if (!analysis.analyze()) return;
    }
    if (!rejectWorthless(analysis, doms.order)) return;
    for (const [object, { inst }] of analysis.sites.entries()) {
      if (!analysis.rejected.has(object) && !work.spend("object", inst.result)) return;
    }
    if (analysis.rejected.size < analysis.sites.length) apply(func, analysis);
    return;
  }
}

/** Goes on until what is left is worth it; false if that takes too long. */
function rejectWorthless(analysis: Escape, order: readonly Block[]): boolean {
  for (;;) {
    const before = analysis.rejected.size;
    for (const [object, site] of analysis.sites.entries()) {
      if (!analysis.rejected.has(object) && !isWorthwhile(analysis, site, object, order)) analysis.rejected.add(object);
    }
    if (analysis.rejected.size === before) return true;
    if (!analysis.analyze()) return false;
  }
}

function countInsts(blocks: Iterable<Block>): number {
  let count = 0;
  for (const { insts } of blocks) count += insts.length;
  return count;
}

/** Allocations of a size that is known, but those that are made in any case, whatever is done about what meets. */
function sitesOf(func: Func, hopeless: ReadonlySet<Inst> = new Set()): Site[] {
  const sites: Site[] = [];
  if (!func.blocks.some(({ insts }) => insts.some(({ op }) => op === "alloc"))) return sites;
  const definitions = new DefinitionTable(func);
  for (const block of func.blocks) {
    if (block.cold) continue;
    for (const inst of block.insts) {
      if (inst.op !== "alloc" || sites.length >= MOST || hopeless.has(inst)) continue;
      const bytes = constantSize(func, definitions.definition(inst.args[0]!));
      if (bytes > 0 && bytes <= LARGEST) sites.push({ inst, block, bytes });
    }
  }
  return sites;
}

/** Whether there is a way, and not only a cold one, on which the object is not made. */
function isWorthwhile(
  analysis: Escape,
  site: Site,
  object: number,
  order: readonly Block[],
  points: ReadonlySet<Block> = analysis.points[object]!,
): boolean {
  if (points.size === 0 || !analysis.isReached(site.block)) return true;
  // Least fixed point: of loops it is not known that they end.
  const always = new Set<Block>();
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = order.length - 1; i >= 0; i--) {
      const block = order[i]!;
      if (always.has(block) || !analysis.isReached(block)) continue;
      if (!points.has(block)) {
        if (block !== site.block && !analysis.isVirtualAt(block, object)) continue;
        const next = terminator(block).edges.filter(({ target }) => !target.cold && analysis.isReached(target));
        if (next.length === 0 || !next.every(({ target }) => always.has(target))) continue;
      }
      always.add(block);
      changed = true;
    }
  }
  return !always.has(site.block);
}

/** Puts what the analysis wrote into the function. */
function apply(func: Func, analysis: Escape): void {
  const { blocks, edges, params } = analysis.write();
  for (const [edge, edgeWork] of edges) edge.args = edgeWork.args;
  for (const [block, insts] of blocks) block.insts = insts;
  for (const [block, list] of params) block.params = list;
  for (const [edge, edgeWork] of edges) if (edgeWork.insts.length > 0) place(func, edge, edgeWork);
  analysis.constants.define();
  removeUnreachable(func);
}

/** Puts instructions on an edge: before a jump, or into a block of their own. */
function place(func: Func, edge: Edge, { from, insts, last, pos }: EdgeWork): void {
  const end = terminator(from);
  const before = from.insts[from.insts.length - 2];
  if (last === null && end.op === "jump" && end.edges[0] === edge && (before === undefined || before.unwind === null)) {
    from.insts.splice(from.insts.length - 1, 0, ...insts);
    return;
  }
  const { target, args } = edge;
  const between = func.newBlock();
  between.cold = target.cold;
  const passed = [...args];
  if (target.params.length > args.length) passed.unshift(func.addParam(between, "ref"));
  const jump = new Inst("jump", [], pos);
  jump.edges = [new Edge(target, passed)];
  between.insts.push(...insts);
  (last ?? between).insts.push(jump);
  edge.target = between;
  edge.args = [];
}
