/**
 * Polls of small loops, every so many iterations.
 *
 * Takes      SSA without unreachable blocks; loops poll in the block that leads back.
 * Leaves     innermost loops without safepoints are two loops: the inner one counts down and does not poll, the outer one polls and goes on.
 *            Nothing else changes. Other loops stay as they are.
 * Relies on  a poll having to come soon, not in every iteration: LARGEST * PERIOD instructions take well below a millisecond.
 * Costs      dominators and loops, of functions with polls.
 * Shown by   tests/passes/polls-*.ir
 */
import {
  type Block,
  dominators,
  Edge,
  eachSuccessor,
  type Func,
  Inst,
  instDoes,
  loops,
  predecessors,
  terminator,
  type Value,
} from "#ir";

import type { Pass } from "./pass.ts";

/** Iterations between two polls. */
const PERIOD = 1024;
/** Loops of more instructions are left alone: for them a poll is nothing. */
const LARGEST = 200;

export const polls: Pass = {
  name: "polls",
  says: "Lets small loops poll every so many iterations.",
  run: (work) => void sparsePolls(work.func),
  needs: ["reachable"],
  breaks: ["dominators"],
};

/** Rewrites the loops; how many. */
export function sparsePolls(func: Func): number {
  if (!func.blocks.some((block) => block.insts.some((inst) => inst.op === "poll"))) return 0;
  const preds = predecessors(func);
  const doms = dominators(func, preds);
  const found = loops(func, doms, preds);
  if (found.irreducible.length > 0) return 0;
  const isHeader = new Set(found.headers);
  let count = 0;
  for (const header of found.headers) {
    if (header.id === 0) continue;
    const latches = new Set(preds[header.id]!.filter((pred) => doms.dominates(header, pred)));
    const body = loopBody(header, latches, preds, isHeader);
    if (body === null || !isPlain(body, latches) || isUnwoundTo(header, preds[header.id]!)) continue;
    split(func, header, latches, preds[header.id]!);
    count += 1;
  }
  return count;
}

/** The loop's blocks; null if there is a loop in it. */
function loopBody(
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

/** Whether each way back polls once, and nothing else in the loop is a safepoint. */
function isPlain(body: ReadonlySet<Block>, latches: ReadonlySet<Block>): boolean {
  let size = 0;
  for (const block of body) {
    let polls = 0;
    size += block.insts.length;
    for (const inst of block.insts) {
      if (inst.op === "poll") polls += 1;
      else if (instDoes(inst, "safepoint") || instDoes(inst, "slow-safepoint")) return false;
    }
    if (polls !== (latches.has(block) ? 1 : 0)) return false;
  }
  return size <= LARGEST;
}

function isUnwoundTo(header: Block, preds: readonly Block[]): boolean {
  return preds.some((pred) => {
    let found = false;
    for (const inst of pred.insts) found ||= inst.unwind?.target === header;
    return found;
  });
}

function split(func: Func, header: Block, latches: ReadonlySet<Block>, preds: readonly Block[]): void {
  const outer = func.newBlock();
  for (const param of header.params) func.addParam(outer, func.typeOf(param));
  const { pos } = terminator(header);
  const period = constant(func, outer, PERIOD, pos);
  const left = func.addParam(header, "i32");
  for (const pred of new Set(preds)) {
    if (latches.has(pred)) continue;
    eachSuccessor(pred, (edge) => {
      if (edge.target === header) edge.target = outer;
    });
  }
  finish(outer, "jump", [], [new Edge(header, [...outer.params, period])], pos);
  for (const latch of latches) {
    const poll = latch.insts.find((inst) => inst.op === "poll")!;
    latch.insts = latch.insts.filter((inst) => inst !== poll);
    eachSuccessor(latch, (edge) => {
      if (edge.target !== header) return;
      const { args } = edge;
      const again = func.newBlock();
      const polls = func.newBlock();
      polls.cold = true;
      const one = constant(func, again, 1, poll.pos);
      const less = new Inst("sub", [left, one], poll.pos);
      less.result = func.newValue("i32");
      again.insts.push(less);
      finish(again, "branch", [less.result], [new Edge(header, [...args, less.result]), new Edge(polls, [])], poll.pos);
      polls.insts.push(new Inst("poll", [], poll.pos));
      finish(polls, "jump", [], [new Edge(outer, [...args])], poll.pos);
      edge.target = again;
      edge.args = [];
    });
  }
}

function constant(func: Func, block: Block, number: number, pos: number): Value {
  const inst = new Inst("const", [], pos);
  inst.imm = number;
  inst.result = func.newValue("i32");
  block.insts.push(inst);
  return inst.result;
}

function finish(block: Block, op: "jump" | "branch", args: Value[], edges: readonly Edge[], pos: number): void {
  const inst = new Inst(op, args, pos);
  inst.edges = edges;
  block.insts.push(inst);
}
