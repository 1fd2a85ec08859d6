/**
 * Indices of counted loops.
 *
 * Takes      SSA without unreachable blocks.
 * Leaves     small innermost loops that check an index, which is their counter or that and a constant, against lengths that the loop does not change, are
 *            two: a copy without these checks runs as long as all of them would pass; then the loop as it was goes on from there, and
 *            ends, or throws, where it would have.
 * Relies on  arithmetic of 32 bits: the copy's limits are chosen so that the counter does not go around the end of the numbers.
 * Costs      dominators and loops; at most GROWTH instructions more.
 * Shown by   tests/passes/ranges*
 */
import {
  type Block,
  type Dominators,
  dominators,
  Edge,
  eachSuccessor,
  effectsOf,
  type Func,
  Inst,
  loops,
  NO_VALUE,
  type Op,
  predecessors,
  terminator,
  type Value,
} from "#ir";
import { copyBlocks, repairUses } from "./copies.ts";
import { constant, constantsOf, endsOf, finish, isUnwoundTo, loopBody } from "./loop-parts.ts";
import type { Pass, Work } from "./pass.ts";

/** Instructions of the largest loop, and that one function gets more. */
const LARGEST = 150;
const GROWTH = 600;
/** Functions of more blocks are left alone. */
const MOST_BLOCKS = 2000;
/** Lengths that are compared in front of a loop. */
const MOST_LENGTHS = 6;
/** Longest step of a counter, and largest constant that is added to it. */
const LONGEST_STEP = 64;
const FARTHEST = 1 << 16;

export const ranges: Pass = {
  name: "ranges",
  says: "Lets loops run without checks of their indices as long as those would pass.",
  run,
  needs: ["reachable"],
  breaks: ["dominators", "numbered"],
};

function run(work: Work): void {
  const { func } = work;
  if (func.blocks.length > MOST_BLOCKS) return;
  let preds = predecessors(func);
  let doms = dominators(func, preds);
  const found = loops(func, doms, preds);
  if (found.headers.length === 0 || found.irreducible.length > 0) return;
  const isHeader = new Set(found.headers);
  const constants = constantsOf(func);
  let growth = 0;
  for (const header of found.headers) {
    if (header.id === 0) continue;
    const body = bodyOf(header, preds, doms, isHeader);
    if (body === null || isUnwoundTo(header, preds[header.id]!)) continue;
    let size = 0;
    for (const block of body) if (!block.cold) for (const inst of block.insts) if (inst.op !== "const") size += 1;
    if (size > LARGEST || growth + size > GROWTH) continue;
    const loop = new CountedLoop(func, header, body, constants, (block) => {
      return preds[header.id]!.every((latch) => !body.has(latch) || doms.dominates(block, latch));
    });
    if (!loop.find() || !work.spend("checks of a loop", terminator(header).args[0]!)) continue;
    growth += size;
    loop.split(preds);
    preds = predecessors(func);
    doms = dominators(func, preds);
  }
}

function bodyOf(
  header: Block,
  preds: readonly Block[][],
  doms: Dominators,
  isHeader: ReadonlySet<Block>,
): Set<Block> | null {
  const latches = new Set(preds[header.id]!.filter((pred) => doms.dominates(header, pred)));
  return loopBody(header, latches, preds, isHeader);
}

/** An index below a length: the counter and a constant. */
interface Bound {
  readonly length: Value;
  readonly more: number;
}

const NEGATED: Partial<Record<Op, Op>> = { slt: "sge", sle: "sgt", sgt: "sle", sge: "slt" };

class CountedLoop {
  readonly #func: Func;
  readonly #header: Block;
  readonly #body: ReadonlySet<Block>;
  readonly #constants: ReadonlyMap<Value, Inst>;
  /** Whether every iteration passes the block. */
  readonly #isAlways: (block: Block) => boolean;
  readonly #inside = new Map<Value, Inst | null>();
  /** Index of the counter among the header's parameters. */
  #index = -1;
  #limit: Value = NO_VALUE;
  /** The loop goes on while counter and limit compare so. */
  #goesOn: Op = "slt";
  readonly #bounds: Bound[] = [];
  /** Checks that are not needed: bounds checks, and branches with the edge that is always taken. */
  readonly #needless = new Map<Inst, Edge | null>();

  constructor(
    func: Func,
    header: Block,
    body: ReadonlySet<Block>,
    constants: ReadonlyMap<Value, Inst>,
    isAlways: (block: Block) => boolean,
  ) {
    this.#isAlways = isAlways;
    this.#func = func;
    this.#header = header;
    this.#body = body;
    this.#constants = constants;
    for (const block of body) {
      for (const param of block.params) this.#inside.set(param, null);
      for (const inst of block.insts) if (inst.result !== NO_VALUE) this.#inside.set(inst.result, inst);
    }
  }

  /** Whether the loop counts, and checks what can be checked before. */
  find(): boolean {
    return this.#findCounter() && this.#findChecks();
  }

  #isFixed(value: Value): boolean {
    return this.#constants.has(value) || !this.#inside.has(value);
  }

  #findCounter(): boolean {
    const header = this.#header;
    const end = terminator(header);
    const test = end.op === "branch" ? this.#inside.get(end.args[0]!) : undefined;
    if (test === undefined || test === null || !header.insts.includes(test)) return false;
    // The header runs once more when the copy is left.
    if (header.insts.some((inst) => inst !== end && effectsOf(inst).some((one) => one !== "reads"))) return false;
    const [first, second] = end.edges as [Edge, Edge];
    const stays = this.#body.has(first.target);
    if (stays === this.#body.has(second.target)) return false;
    const goesOn = stays ? test.op : NEGATED[test.op];
    const [value, limit] = test.args as [Value, Value];
    this.#index = header.params.indexOf(value);
    if (goesOn === undefined || NEGATED[goesOn] === undefined || this.#index < 0) return false;
    if (this.#func.typeOf(value) !== "i32" || !this.#isFixed(limit)) return false;
    this.#goesOn = goesOn;
    this.#limit = limit;
    let steps = true;
    for (const block of this.#body) {
      eachSuccessor(block, (edge) => {
        if (edge.target === header) steps &&= this.#isStep(edge.args[this.#index]!);
      });
    }
    return steps;
  }

  get #isRising(): boolean {
    return this.#goesOn === "slt" || this.#goesOn === "sle";
  }

  #isStep(next: Value): boolean {
    const [counter, by] = this.#sum(next);
    const step = this.#isRising ? by : -by;
    return counter === this.#header.params[this.#index] && step >= 1 && step <= LONGEST_STEP;
  }

  /** A value, and the constant that is added to it. */
  #sum(value: Value): readonly [Value, number] {
    const inst = this.#inside.get(value);
    const by = inst?.op === "add" || inst?.op === "sub" ? this.#constants.get(inst.args[1]!) : undefined;
    if (inst == null || by === undefined) return [value, 0];
    return [inst.args[0]!, inst.op === "add" ? by.imm : -by.imm];
  }

  #findChecks(): boolean {
    // What only some iterations check must not end the copy early, but may be checked by others.
    const blocks = [...this.#body].filter((block) => !block.cold);
    const always = blocks.filter((block) => this.#isAlways(block));
    for (const block of always) this.#findIn(block, true);
    for (const block of blocks) if (!always.includes(block)) this.#findIn(block, false);
    return this.#needless.size > 0;
  }

  #findIn(block: Block, mayLimit: boolean): void {
    for (const inst of block.insts) {
      if (inst.op === "boundscheck" && this.#isBound(inst, mayLimit)) this.#needless.set(inst, null);
    }
    const end = terminator(block);
    const test = end.op === "branch" ? this.#inside.get(end.args[0]!) : null;
    if (test?.op !== "ult" || !end.edges[1]!.target.cold) return;
    if (this.#isBound(test, mayLimit)) this.#needless.set(end, end.edges[0]!);
  }

  /** Whether the index is the counter and a constant, the length the same all the time; if so, and it may, it is noted. */
  #isBound(check: Inst, mayLimit: boolean): boolean {
    const [index, length] = check.args as [Value, Value];
    if (!this.#isFixed(length) || this.#func.typeOf(index) !== "i32") return false;
    const [counter, more] = this.#sum(index);
    if (counter !== this.#header.params[this.#index] || Math.abs(more) > FARTHEST) return false;
    if (this.#bounds.some((known) => known.length === length && known.more === more)) return true;
    if (!mayLimit || this.#bounds.length === MOST_LENGTHS) return false;
    this.#bounds.push({ length, more });
    return true;
  }

  split(preds: readonly Block[][]): void {
    const func = this.#func;
    const header = this.#header;
    const outside = func.blocks.filter((block) => !this.#body.has(block));
    const part = new Set([...this.#body, ...endsOf(this.#body, preds)]);
    const end = terminator(header);
    const exit = end.edges.find(({ target }) => !this.#body.has(target))!;
    const isFirst = end.edges[0] === exit;
    const copy = copyBlocks(func, part, () => null);
    const fast = copy.blocks.get(header)!;

    const before = func.newBlock();
    for (const param of header.params) func.addParam(before, func.typeOf(param));
    for (const block of outside) {
      eachSuccessor(block, (edge) => {
        if (edge.target === header) edge.target = before;
      });
    }
    const limit = this.#guard(before, fast);

    // The copy is left for the loop, which finds out whether it ends.
    const fastEnd = terminator(fast);
    const test = new Inst(this.#isRising ? "slt" : this.#goesOn, [fast.params[this.#index]!, limit], end.pos);
    test.result = func.newValue("i32");
    fast.insts.splice(fast.insts.length - 1, 0, test);
    const stay = fastEnd.edges[isFirst ? 1 : 0]!;
    fastEnd.args = [test.result];
    fastEnd.edges = [stay, new Edge(header, [...fast.params])];

    for (const [block, second] of copy.blocks) {
      second.insts = second.insts.filter((inst, at) => {
        const taken = this.#needless.get(block.insts[at]!);
        return taken !== null || inst === test;
      });
      const taken = this.#needless.get(terminator(block));
      if (taken == null) continue;
      const branch = terminator(second);
      second.insts.pop();
      finish(second, "jump", [], [branch.edges[0]!], branch.pos);
    }
    for (const block of this.#body) block.cold = true;
    repairUses(func, copy);
  }

  /** Ends the block in front: to the copy if the counter's start is in all ranges, else to the loop. Gives the copy's limit. */
  #guard(before: Block, fast: Block): Value {
    const func = this.#func;
    const { pos } = terminator(this.#header);
    const emit = (op: Op, ...args: Value[]): Value => {
      const inst = new Inst(op, args, pos);
      inst.result = func.newValue("i32");
      before.insts.push(inst);
      return inst.result;
    };
    const number = (value: number): Value => constant(func, before, value, pos);
    const outer = (value: Value): Value => {
      const known = this.#constants.get(value);
      return known === undefined ? value : number(known.imm);
    };
    const start = before.params[this.#index]!;
    let limit = outer(this.#limit);
    const least = Math.max(0, ...this.#bounds.map(({ more }) => -more));
    let good: Value;
    if (this.#isRising) {
      const nearer = (other: Value): void => {
        limit = emit("select", emit("slt", other, limit), other, limit);
      };
      good = emit("sge", start, number(least));
      for (const { length, more } of this.#bounds) {
        const far = outer(length);
        // Not below 0 minus what is added: that would go around.
        if (more > 0) good = emit("and", good, emit("sge", far, number(more)));
        nearer(more > 0 ? emit("sub", far, number(more)) : far);
      }
      nearer(number(2 ** 31 - 1 - LONGEST_STEP));
    } else {
      const first = number(this.#goesOn === "sge" ? least : least - 1);
      limit = emit("select", emit("slt", limit, first), first, limit);
      good = emit("slt", start, number(2 ** 31 - 1 - FARTHEST));
      for (const { length, more } of this.#bounds) {
        const highest = more === 0 ? start : emit("add", start, number(more));
        good = emit("and", good, emit("ult", highest, outer(length)));
      }
    }
    const edges = [new Edge(fast, [...before.params]), new Edge(this.#header, [...before.params])];
    finish(before, "branch", [good], edges, pos);
    return limit;
  }
}
