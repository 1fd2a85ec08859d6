/**
 * Polls of small loops, every so many iterations.
 *
 * Takes      SSA without unreachable blocks; loops poll in the block that leads back.
 * Leaves     innermost loops without safepoints are two loops: the inner one ends early and does not poll, the outer one polls and goes on.
 *            A loop whose header compares a counter with a limit gets nearer limits, any other one counts down. Other loops stay as they are.
 * Relies on  a poll having to come soon, not in every iteration: LARGEST * PERIOD instructions take well below a millisecond.
 * Costs      dominators and loops, of functions with polls.
 * Shown by   tests/passes/polls-*.ir
 */
import {
  type Block,
  dominators,
  Edge,
  eachSuccessor,
  effectsOf,
  type Func,
  Inst,
  instDoes,
  loops,
  NO_VALUE,
  type Op,
  predecessors,
  terminator,
  type Value,
} from "#ir";

import { constant, constantsOf, finish, isUnwoundTo, type Loop, loopBody, outerHeader } from "./loop-parts.ts";
import type { Pass } from "./pass.ts";

/** Iterations between two polls, if nothing else is said. */
const PERIOD = 1024;
/** Loops of more instructions are left alone: for them a poll is nothing. */
const LARGEST = 200;

/** The pass, with a number of iterations between two polls. */
export function pollsEvery(period: number): Pass {
  return {
    name: "polls",
    says: "Lets small loops poll every so many iterations.",
    run: (work) => void sparsePolls(work.func, period),
    needs: ["reachable"],
    breaks: ["dominators"],
  };
}

export const polls: Pass = pollsEvery(PERIOD);

/** Rewrites the loops; how many. */
export function sparsePolls(func: Func, period = PERIOD): number {
  if (!func.blocks.some((block) => block.insts.some((inst) => inst.op === "poll"))) return 0;
  const preds = predecessors(func);
  const doms = dominators(func, preds);
  const found = loops(func, doms, preds);
  if (found.irreducible.length > 0) return 0;
  const isHeader = new Set(found.headers);
  const constants = constantsOf(func);
  let count = 0;
  for (const header of found.headers) {
    if (header.id === 0 || header.cold) continue;
    const latches = new Set(preds[header.id]!.filter((pred) => doms.dominates(header, pred)));
    const body = loopBody(header, latches, preds, isHeader);
    if (body === null || !isPlain(body, latches) || isUnwoundTo(header, preds[header.id]!)) continue;
    const counter = counterOf(func, header, body, latches, constants);
    const loop = { header, latches };
    if (counter === null) split(func, loop, period);
    else bound(func, loop, counter, period);
    count += 1;
  }
  return count;
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

/** A loop goes on while its counter compares so with a limit, and each iteration brings it nearer. */
interface Counter {
  /** Index among the header's parameters. */
  readonly index: number;
  /** Defined outside of the loop, or a constant: then made anew outside. */
  readonly limit: Value | Inst;
  readonly test: Inst;
  /** Of the header's last instruction: the edge that leaves the loop. */
  readonly exit: Edge;
  readonly isRising: boolean;
}

/** Longest step of a counter. */
const LONGEST_STEP = 16;
/** Largest constant limit, so that a step over it is still a number. */
const LARGEST_LIMIT = 2 ** 31 - 2 * LONGEST_STEP;
const NEGATED: Partial<Record<Op, Op>> = { slt: "sge", sle: "sgt", sgt: "sle", sge: "slt" };

function counterOf(
  func: Func,
  header: Block,
  body: ReadonlySet<Block>,
  latches: ReadonlySet<Block>,
  constants: ReadonlyMap<Value, Inst>,
): Counter | null {
  const end = terminator(header);
  const test = header.insts[header.insts.length - 2];
  if (end.op !== "branch" || test === undefined || test.result !== end.args[0]) return null;
  const [first, second] = end.edges as [Edge, Edge];
  const stays = body.has(first.target);
  if (stays === body.has(second.target)) return null;
  const goesOn = stays ? test.op : NEGATED[test.op];
  if (goesOn === undefined || NEGATED[goesOn] === undefined) return null;
  const isRising = goesOn === "slt" || goesOn === "sle";
  const [value, limit] = test.args as [Value, Value];
  const index = header.params.indexOf(value);
  if (index < 0 || func.typeOf(value) !== "i32") return null;
  // The header runs once more when the loop goes on after a poll.
  if (header.insts.some((inst) => inst !== end && effectsOf(inst).some((one) => one !== "reads"))) return null;
  const defined = new Map<Value, Inst | null>();
  for (const block of body) {
    for (const param of block.params) defined.set(param, null);
    for (const inst of block.insts) if (inst.result !== NO_VALUE) defined.set(inst.result, inst);
  }
  const made = constants.get(limit) ?? defined.get(limit);
  if (made !== undefined && made?.op !== "const") return null;
  for (const latch of latches) {
    for (const edge of terminator(latch).edges) {
      if (edge.target !== header) continue;
      const step = defined.get(edge.args[index]!);
      if (step?.op !== "add" || step.args[0] !== value) return null;
      const by = constants.get(step.args[1]!);
      if (by === undefined) return null;
      const length = isRising ? by.imm : -by.imm;
      if (length < 1 || length > LONGEST_STEP) return null;
      // A counter that can step over the limit and around the end of the numbers would go on without a poll.
      const meets = length === 1 && (goesOn === "slt" || goesOn === "sgt");
      if (!meets && (made === undefined || Math.abs(made.imm) > LARGEST_LIMIT)) return null;
    }
  }
  return { index, limit: made ?? limit, test, exit: stays ? second : first, isRising };
}

/** Lets the inner loop run to a limit that is near. Where the header leaves the loop, the real limit is asked about. */
function bound(func: Func, loop: Loop, counter: Counter, period: number): void {
  const { header, latches } = loop;
  const { index, test, exit, isRising } = counter;
  const { pos } = test;
  const outer = outerHeader(func, loop);
  const emit = (block: Block, op: Op, ...args: Value[]): Value => {
    const inst = new Inst(op, args, pos);
    inst.result = func.newValue("i32");
    block.insts.push(inst);
    return inst.result;
  };
  const limitIn = (block: Block): Value =>
    counter.limit instanceof Inst ? constant(func, block, counter.limit.imm, pos) : counter.limit;
  const start = outer.params[index]!;
  const limit = limitIn(outer);
  const near = emit(outer, "add", start, constant(func, outer, isRising ? period : -period, pos));
  // Not past the limit, and not around the end of the numbers.
  const isBefore = emit(outer, isRising ? "slt" : "sgt", near, limit);
  const isAfter = emit(outer, isRising ? "sgt" : "slt", near, start);
  const nearest = emit(outer, "select", emit(outer, "and", isBefore, isAfter), near, limit);
  finish(outer, "jump", [], [new Edge(header, [...outer.params])], pos);

  const ask = func.newBlock();
  const polls = func.newBlock();
  polls.cold = true;
  const leave = new Edge(exit.target, exit.args);
  const stay = new Edge(polls, []);
  const end = terminator(header);
  const answer = emit(ask, test.op, test.args[0]!, limitIn(ask));
  finish(ask, "branch", [answer], end.edges[0] === exit ? [leave, stay] : [stay, leave], end.pos);
  exit.target = ask;
  exit.args = [];
  const nearTest = new Inst(test.op, [test.args[0]!, nearest], pos);
  nearTest.result = func.newValue("i32");
  header.insts.splice(header.insts.length - 1, 0, nearTest);
  end.args = [nearTest.result];

  let pollPos = pos;
  for (const latch of latches) {
    latch.insts = latch.insts.filter((inst) => {
      if (inst.op === "poll") pollPos = inst.pos;
      return inst.op !== "poll";
    });
  }
  polls.insts.push(new Inst("poll", [], pollPos));
  finish(polls, "jump", [], [new Edge(outer, [...header.params])], pollPos);
}

/** Lets the inner loop count down. */
function split(func: Func, loop: Loop, period: number): void {
  const { header, latches } = loop;
  const { pos } = terminator(header);
  const outer = outerHeader(func, loop);
  const most = constant(func, outer, period, pos);
  const left = func.addParam(header, "i32");
  finish(outer, "jump", [], [new Edge(header, [...outer.params, most])], pos);
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
