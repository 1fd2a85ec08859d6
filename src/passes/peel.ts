/**
 * First iterations of loops.
 *
 * Takes      SSA without unreachable blocks.
 * Leaves     in front of small innermost loops that load or check in each iteration what does not change, a copy of one iteration: what that
 *            has loaded and checked the loop need not; `loads` and `checks` see it. Nothing is done that was not done before, nor in another order.
 * Relies on  Inst.alias as `loads` does.
 * Costs      dominators and loops; at most GROWTH instructions more.
 * Shown by   tests/passes/peel*
 */
import {
  type Block,
  type Dominators,
  dominators,
  eachSuccessor,
  type Func,
  type Inst,
  isPlainAccess,
  loops,
  NO_VALUE,
  type Op,
  predecessors,
  terminator,
  type Value,
} from "#ir";
import { type Access, accessOf, mayOverlap } from "./addresses.ts";
import { copyBlocks, repairUses } from "./copies.ts";
import { DefinitionTable } from "./definitions.ts";
import { killOf } from "./loads.ts";
import { endsOf, isUnwoundTo, loopBody } from "./loop-parts.ts";
import type { Pass, Work } from "./pass.ts";
import { isRepeatable } from "./traits.ts";

/** Instructions of the largest loop, and that one function gets more. */
const LARGEST = 120;
const GROWTH = 500;
/** Functions of more blocks are left alone. */
const MOST_BLOCKS = 2000;

export const peel: Pass = {
  name: "peel",
  says: "Puts one iteration in front of loops that load or check what does not change.",
  run,
  needs: ["reachable"],
  breaks: ["dominators", "numbered"],
};

const CHECKS: ReadonlySet<Op> = new Set<Op>(["nullcheck", "zerocheck", "boundscheck", "ensure"]);

function run(work: Work): void {
  const { func } = work;
  if (func.blocks.length > MOST_BLOCKS) return;
  let preds = predecessors(func);
  let doms = dominators(func, preds);
  const found = loops(func, doms, preds);
  if (found.headers.length === 0 || found.irreducible.length > 0) return;
  const isHeader = new Set(found.headers);
  let growth = 0;
  for (const header of found.headers) {
    if (header.id === 0) continue;
    const latches = new Set(preds[header.id]!.filter((pred) => doms.dominates(header, pred)));
    const body = loopBody(header, latches, preds, isHeader);
    if (body === null || isUnwoundTo(header, preds[header.id]!)) continue;
    let size = 0;
    for (const block of body) if (!block.cold) for (const inst of block.insts) if (inst.op !== "const") size += 1;
    if (size > LARGEST || growth + size > GROWTH || !repeats(func, doms, body, latches)) continue;
    if (!work.spend("first iteration", terminator(header).args[0] ?? -1)) return;
    growth += size;
    peelLoop(func, header, body, preds);
    preds = predecessors(func);
    doms = dominators(func, preds);
  }
}

/** Whether every iteration does again what the first one has done for all. */
function repeats(func: Func, doms: Dominators, body: ReadonlySet<Block>, latches: ReadonlySet<Block>): boolean {
  const table = new DefinitionTable(func);
  const inside = new Set<Value>();
  const stores: Access[] = [];
  let kills = false;
  let polls = false;
  for (const block of body) {
    for (const param of block.params) inside.add(param);
    for (const inst of block.insts) {
      if (inst.result !== NO_VALUE) inside.add(inst.result);
      const kill = killOf(inst, table);
      if (kill === "all") kills = true;
      else if (kill === "unnamed") polls = true;
      else if (kill !== null) stores.push(kill);
    }
  }
  const fixed = (value: Value): boolean => !inside.has(value);
  const stays = (inst: Inst): boolean => {
    if (inst.alias < 0) return true;
    if (kills || (polls && inst.alias === 0)) return false;
    const access = accessOf(inst, table);
    return !stores.some((store) => mayOverlap(access, store));
  };
  const order = [...body].sort((a, b) => doms.position[a.id]! - doms.position[b.id]!);
  let found = false;
  for (const block of order) {
    const always = [...latches].every((latch) => doms.dominates(block, latch));
    for (const inst of block.insts) {
      if (!inst.args.every(fixed)) continue;
      if (isRepeatable(inst)) inside.delete(inst.result);
      else if (always && CHECKS.has(inst.op)) found = true;
      else if (always && isPlainAccess(inst.op) && inst.result !== NO_VALUE && stays(inst)) {
        inside.delete(inst.result);
        found = true;
      }
    }
  }
  return found;
}

function peelLoop(func: Func, header: Block, body: ReadonlySet<Block>, preds: readonly Block[][]): void {
  const part = new Set([...body, ...endsOf(body, preds)]);
  const before = func.blocks.length;
  const copy = copyBlocks(func, part, (target) => (target === header ? header : null));
  const first = copy.blocks.get(header)!;
  for (let i = 0; i < before; i++) {
    const block = func.blocks[i]!;
    if (part.has(block)) continue;
    eachSuccessor(block, (edge) => {
      if (edge.target === header) edge.target = first;
    });
  }
  for (const block of copy.blocks.values()) block.insts = block.insts.filter((inst) => inst.op !== "poll");
  repairUses(func, copy);
}
