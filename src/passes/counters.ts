/**
 * Multiplications in innermost loops.
 *
 * Takes      SSA without unreachable blocks.
 * Leaves     in innermost loops: the product of a counter and a number that the loop does not change, or such a product and a sum, is a counter of its
 *            own, to which is added; products, and sums and quotients of floats, of numbers that the loop does not change are computed before it.
 * Relies on  integer arithmetic wrapping: (i + c) * s + x is i * s + x + c * s. What is computed before the loop has no effect and cannot trap.
 * Costs      dominators and loops, of functions with loops that multiply.
 * Shown by   tests/passes/counters*
 *
 * V8 does neither but for what repeats in the first iteration. Only what every iteration computes is looked at.
 */
import {
  type Block,
  type Dominators,
  dominators,
  Edge,
  type Func,
  Inst,
  loops,
  NO_VALUE,
  type Op,
  predecessors,
  successors,
  terminator,
  type Value,
} from "#ir";
import { constantsOf, isUnwoundTo, type Loop, loopBody, outerHeader } from "./loop-parts.ts";
import type { Pass } from "./pass.ts";
import { Renaming } from "./rename.ts";

/** Worth being computed before the loop. Additions of integers cost less than keeping their result. */
const DEAR: ReadonlySet<Op> = new Set<Op>(["mul", "fadd", "fsub", "fmul", "fdiv", "fsqrt", "stof", "utof"]);
/** Values that one loop gets more: each wants a register. */
const MOST = 6;

export const counters: Pass = {
  name: "counters",
  says: "Makes multiplications in innermost loops additions, or does them before the loop.",
  run: (work) => void reduceLoops(work.func),
  needs: ["reachable"],
  breaks: ["dominators", "numbered"],
};

/** Rewrites instructions of loops; how many. */
export function reduceLoops(func: Func): number {
  if (!func.blocks.some((block) => block.insts.some((inst) => DEAR.has(inst.op)))) return 0;
  const preds = predecessors(func);
  const doms = dominators(func, preds);
  const found = loops(func, doms, preds);
  if (found.irreducible.length > 0) return 0;
  const isHeader = new Set(found.headers);
  const constants = constantsOf(func);
  let count = 0;
  for (const header of found.headers) {
    if (header.cold) continue;
    const latches = new Set(preds[header.id]!.filter((pred) => doms.dominates(header, pred)));
    const body = loopBody(header, latches, preds, isHeader);
    if (body === null || isUnwoundTo(header, preds[header.id]!)) continue;
    count += new LoopReducer(func, doms, { header, latches }, body, constants).run();
  }
  return count;
}

/** What a value is in the loop: defined outside of it, or a constant, which can be made anew there. */
type Fixed = Value | Inst;

class LoopReducer {
  readonly #func: Func;
  readonly #loop: Loop;
  readonly #constants: ReadonlyMap<Value, Inst>;
  /** Blocks that every iteration passes. */
  readonly #always: readonly Block[];
  /** By value: the instruction in the loop that defines it, null for parameters. */
  readonly #inside = new Map<Value, Inst | null>();
  readonly #uses = new Map<Value, Inst[]>();
  readonly #renaming = new Renaming();
  readonly #replaced = new Set<Value>();
  /** What is put in front of the loop, and how that will end; made when it is wanted. */
  #before: Block | null = null;
  #into: Edge | null = null;

  constructor(func: Func, doms: Dominators, loop: Loop, body: ReadonlySet<Block>, constants: ReadonlyMap<Value, Inst>) {
    this.#constants = constants;
    this.#func = func;
    this.#loop = loop;
    this.#always = [...body].filter((block) => [...loop.latches].every((latch) => doms.dominates(block, latch)));
    for (const block of body) {
      for (const param of block.params) this.#inside.set(param, null);
      for (const inst of block.insts) {
        if (inst.result !== NO_VALUE) this.#inside.set(inst.result, inst);
        for (const arg of inst.args) this.#use(arg, inst);
        for (const edge of [...inst.edges, ...(inst.unwind === null ? [] : [inst.unwind])]) {
          for (const arg of edge.args) this.#use(arg, inst);
        }
      }
    }
  }

  run(): number {
    let made = 0;
    for (const block of this.#always) {
      if (block.cold) continue;
      for (const inst of [...block.insts]) {
        if (made === MOST || !DEAR.has(inst.op) || this.#replaced.has(inst.result)) continue;
        if (this.#hoist(block, inst) || this.#reduce(block, inst)) made += 1;
      }
    }
    if (this.#before !== null) this.#before.insts.push(jumpBy(this.#into!, terminator(this.#loop.header).pos));
    this.#renaming.apply(this.#func);
    return made;
  }

  #use(value: Value, by: Inst): void {
    const users = this.#uses.get(value);
    if (users === undefined) this.#uses.set(value, [by]);
    else users.push(by);
  }

  #fixed(value: Value): Fixed | null {
    return this.#constants.get(value) ?? (this.#inside.has(value) ? null : value);
  }

  /** Moves what does not change. */
  #hoist(block: Block, inst: Inst): boolean {
    const fixed = inst.args.map((arg) => this.#fixed(arg));
    if (!fixed.every((each) => each !== null)) return false;
    inst.args = fixed.map((each) => this.#value(each));
    block.insts.splice(block.insts.indexOf(inst), 1);
    this.#prepare().insts.push(inst);
    this.#inside.delete(inst.result);
    return true;
  }

  #reduce(block: Block, product: Inst): boolean {
    if (product.op !== "mul") return false;
    const [a, b] = product.args as [Value, Value];
    const index = this.#loop.header.params.findIndex((param) => param === a || param === b);
    if (index < 0) return false;
    const counter = this.#loop.header.params[index]!;
    const factor = this.#fixed(a === counter ? b : a);
    // A constant factor may become a shift.
    if (factor === null || factor instanceof Inst) return false;
    const step = this.#stepOf(index);
    if (step === null) return false;
    // Where the product is only added to, the sum becomes the counter.
    const users = this.#uses.get(product.result) ?? [];
    const sum = users.length === 1 && users[0]!.op === "add" ? users[0]! : null;
    const summand = sum === null ? null : this.#fixed(sum.args[sum.args[0] === product.result ? 1 : 0]!);
    const holder = summand === null ? block : this.#always.find((each) => each.insts.includes(sum!));
    const whole = summand === null || holder === undefined ? product : sum!;

    const before = this.#prepare();
    let start = this.#emit(before, "mul", before.params[index]!, factor, product.pos);
    if (whole !== product) start = this.#emit(before, "add", start, this.#value(summand!), product.pos);
    const isOne = step instanceof Inst && (step.imm === 1 || step.bits === 1n);
    const by = isOne ? factor : this.#emit(before, "mul", this.#value(step), factor, product.pos);
    const { header, latches } = this.#loop;
    const param = this.#func.addParam(header, this.#func.typeOf(product.result));
    this.#into!.args.push(start);
    for (const latch of latches) {
      const next = new Inst("add", [param, by], product.pos);
      next.result = this.#func.newValue(this.#func.typeOf(param));
      latch.insts.unshift(next);
      for (const edge of successors(latch)) if (edge.target === header) edge.args.push(next.result);
    }
    this.#replaced.add(product.result);
    this.#renaming.replace(whole.result, param);
    remove(block, product);
    if (whole !== product) remove(holder!, whole);
    return true;
  }

  /** What every way back adds to the parameter. */
  #stepOf(index: number): Fixed | null {
    const { header, latches } = this.#loop;
    let found: Fixed | null = null;
    for (const latch of latches) {
      for (const edge of terminator(latch).edges) {
        if (edge.target !== header) continue;
        const next = this.#inside.get(edge.args[index]!);
        if (next?.op !== "add" || next.args[0] !== header.params[index]) return null;
        const step = this.#fixed(next.args[1]!);
        if (step === null || (found !== null && !isSame(found, step))) return null;
        found = step;
      }
    }
    return found;
  }

  #prepare(): Block {
    if (this.#before === null) {
      this.#before = outerHeader(this.#func, this.#loop);
      this.#into = new Edge(this.#loop.header, [...this.#before.params]);
    }
    return this.#before;
  }

  #emit(block: Block, op: Op, a: Value, b: Value, pos: number): Value {
    const inst = new Inst(op, [a, b], pos);
    inst.result = this.#func.newValue(this.#func.typeOf(a));
    block.insts.push(inst);
    return inst.result;
  }

  /** A fixed value, in front of the loop. */
  #value(fixed: Fixed): Value {
    if (!(fixed instanceof Inst)) return fixed;
    const copy = new Inst("const", [], fixed.pos);
    copy.imm = fixed.imm;
    copy.bits = fixed.bits;
    copy.result = this.#func.newValue(this.#func.typeOf(fixed.result));
    this.#prepare().insts.push(copy);
    return copy.result;
  }
}

function isSame(a: Fixed, b: Fixed): boolean {
  if (!(a instanceof Inst) || !(b instanceof Inst)) return a === b;
  return a.imm === b.imm && a.bits === b.bits;
}

function remove(block: Block, inst: Inst): void {
  block.insts.splice(block.insts.indexOf(inst), 1);
}

function jumpBy(edge: Edge, pos: number): Inst {
  const inst = new Inst("jump", [], pos);
  inst.edges = [edge];
  return inst;
}
