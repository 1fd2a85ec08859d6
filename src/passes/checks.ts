/**
 * Checks that cannot fail.
 *
 * Takes      SSA with dominators, numbered: equal operands are the same value.
 * Leaves     no `nullcheck`, `zerocheck`, `boundscheck` or `ensure` that an equal one dominates, or whose condition a branch on the way
 *            has tested, or that constants or an allocation make needless. A check is deleted, never moved. No branch on what branches or checks on
 *            the way have decided.
 * Relies on  a check that has passed holds for ever: references move, but do not become null; `ensure` is idempotent. What an
 *            instruction with an unwind edge has checked holds where its `jump` leads, and not in the handler. The lowest memory is never used and
 *            reads 0, so that what is not 0 was not loaded there.
 * Costs      one walk of the dominator tree.
 * Shown by   tests/passes/checks-*.ir
 */
import { type Block, Inst, type Op, predecessors, removeUnreachable, terminator, type Value } from "#ir";
import { GUARD_BYTES } from "#layout";
import { DefinitionTable } from "./definitions.ts";
import { constantOf } from "./evaluate.ts";
import type { Pass, Work } from "./pass.ts";
import { ScopedTable } from "./scoped-table.ts";
import { walkDominatorTree } from "./walk.ts";

export const checks: Pass = {
  name: "checks",
  says: "Drops checks that were made before, or that branches, constants or allocations make needless.",
  run: (work) => new Checks(work).run(),
  needs: ["dominators", "numbered"],
  breaks: ["dominators"],
};

/** How far a condition is taken apart. */
const MAX_DEPTH = 6;
/** Offsets below this from null are in the lowest memory. */
const LOWEST = GUARD_BYTES;
/** Tests with the same operands of which one holds where the other does not. */
const OPPOSITE: Partial<Record<Op, Op>> = {
  eq: "ne",
  ne: "eq",
  slt: "sge",
  sge: "slt",
  sle: "sgt",
  sgt: "sle",
  ult: "uge",
  uge: "ult",
  ule: "ugt",
  ugt: "ule",
  refeq: "refne",
  refne: "refeq",
};

const CHECKS: ReadonlySet<Op> = new Set<Op>(["nullcheck", "zerocheck", "boundscheck", "ensure"]);

class Checks {
  readonly #work: Work;
  readonly #definitions: DefinitionTable;
  /** The checks that hold here. */
  readonly #known: ScopedTable;
  /** Values of which it is known here whether they are 0, and in the order of `#outcomes` what they are: for going back. */
  readonly #outcomes = new Map<Value, boolean>();
  readonly #decided: Value[] = [];

  constructor(work: Work) {
    this.#work = work;
    this.#definitions = new DefinitionTable(work.func);
    this.#known = new ScopedTable(work.func, 64);
  }

  run(): void {
    const { func, dominators } = this.#work;
    if (func.blocks.length === 1 && !func.entry.insts.some((inst) => CHECKS.has(inst.op))) return;
    const preds = predecessors(func);
    const marks: number[] = [];
    let isDecided = false;
    walkDominatorTree(
      dominators,
      (block) => {
        const mark = this.#known.mark();
        marks.push(this.#decided.length);
        const before = preds[block.id]!;
        if (before.length === 1) this.#arrive(block, before[0]!);
        block.insts = block.insts.filter((inst) => {
          if (!CHECKS.has(inst.op) || !this.#isNeedless(inst)) return true;
          isDecided ||= inst.unwind !== null;
          return false;
        });
        isDecided = this.#decide(block) || isDecided;
        return mark;
      },
      (mark) => {
        this.#known.release(mark);
        const length = marks.pop()!;
        for (let i = this.#decided.length - 1; i >= length; i--) this.#outcomes.delete(this.#decided[i]!);
        this.#decided.length = length;
      },
    );
    if (isDecided) removeUnreachable(func);
  }

  /** Makes a branch whose way is known a jump. */
  #decide(block: Block): boolean {
    const end = terminator(block);
    if (end.op !== "branch") return false;
    const outcome = this.#outcomeOf(end.args[0]!, 0);
    if (outcome === undefined || !this.#work.spend("known branch", end.args[0]!)) return false;
    const jump = new Inst("jump", [], end.pos);
    jump.edges = [end.edges[outcome ? 0 : 1]!];
    block.insts[block.insts.length - 1] = jump;
    return true;
  }

  /** Whether the value is not 0, if that is known. */
  #outcomeOf(value: Value, depth: number): boolean | undefined {
    const known = this.#outcomes.get(value);
    const inst = this.#definitions.definition(value);
    if (known !== undefined || inst === undefined || depth > MAX_DEPTH) return known;
    const [x, y] = inst.args as [Value, Value];
    const not = (outcome: boolean | undefined): boolean | undefined => (outcome === undefined ? undefined : !outcome);
    switch (inst.op) {
      case "eqz":
        return not(this.#outcomeOf(x, depth + 1));
      case "or": {
        const [left, right] = [this.#outcomeOf(x, depth + 1), this.#outcomeOf(y, depth + 1)];
        return left === true || right === true ? true : left === false && right === false ? false : undefined;
      }
      case "and":
        return this.#outcomeOf(x, depth + 1) === false || this.#outcomeOf(y, depth + 1) === false ? false : undefined;
      case "isnull":
        return this.#isKnown("nullcheck", x) ? false : undefined;
      default: {
        const opposite = OPPOSITE[inst.op];
        if (opposite === undefined) return undefined;
        if (this.#isKnown(inst.op, x, y)) return true;
        if (this.#isKnown(opposite, x, y)) return false;
        return inst.op === "ult" && this.#isKnown("boundscheck", x, y) ? true : undefined;
      }
    }
  }

  #isKnown(op: Op, ...args: Value[]): boolean {
    return this.#known.find(new Inst(op, args, -1)) !== null;
  }

  #note(value: Value, outcome: boolean): void {
    if (this.#outcomes.has(value)) return;
    this.#outcomes.set(value, outcome);
    this.#decided.push(value);
  }

  /** Whether the check cannot fail; if it can, it has not failed behind it. */
  #isNeedless(inst: Inst): boolean {
    if ((this.#known.find(inst) !== null || this.#holds(inst)) && this.#work.spend(inst.op, inst.args[0]!)) return true;
    // One with an unwind edge has passed only where the jump leads.
    if (inst.unwind === null) this.#known.add(inst);
    return false;
  }

  #holds({ op, args }: Inst): boolean {
    const first = this.#definitions.definition(args[0]!);
    if (first === undefined) return false;
    if (op === "nullcheck" && (first.op === "alloc" || first.op === "stackaddr")) return true;
    if (first.op !== "const") return false;
    const { cell } = constantOf(this.#work.func, first);
    if (op !== "boundscheck") return op !== "ensure" && Number(cell) !== 0;
    const length = this.#definitions.definition(args[1]!);
    return length?.op === "const" && Number(cell) >>> 0 < length.imm >>> 0;
  }

  /** What holds in a block that can be reached over one edge only. */
  #arrive(block: Block, before: Block): void {
    const { insts } = before;
    const end = terminator(before);
    const checked = insts[insts.length - 2];
    if (checked !== undefined && checked.unwind !== null) {
      if (CHECKS.has(checked.op) && checked.unwind.target !== block) this.#known.add(checked);
      return;
    }
    if (end.op !== "branch") return;
    this.#tested(end.args[0]!, end.edges[0]!.target === block, 0);
  }

  /** A value that branches looked at has come out as 0, or not. */
  #tested(condition: Value, outcome: boolean, depth: number): void {
    this.#note(condition, outcome);
    if (outcome) this.#learn("zerocheck", condition);
    const test = this.#definitions.definition(condition);
    if (test === undefined || depth > MAX_DEPTH) return;
    const [x, y] = test.args as [Value, Value];
    if ((test.op === "or" && !outcome) || (test.op === "and" && outcome)) {
      this.#tested(x, outcome, depth + 1);
      this.#tested(y, outcome, depth + 1);
      return;
    }
    if (test.op === "eqz") this.#note(x, !outcome);
    const opposite = OPPOSITE[test.op];
    if (opposite !== undefined) this.#learn(outcome ? test.op : opposite, x, y);
    if (outcome && (test.op === "refeq" || test.op === "eq") && this.#isNotZero(y)) this.#loaded(x);
    if (outcome && test.op === "ult") this.#loaded(y);
    const isNull = test.op === "isnull" ? !outcome : this.#isNonNullTest(test, outcome);
    if (isNull) this.#learn("nullcheck", x);
    else if (test.op === "eqz" && !outcome) this.#learn("zerocheck", x);
    else if (test.op === "ne" && outcome && this.#isZero(y)) this.#learn("zerocheck", x);
    else if ((test.op === "ult" && outcome) || (test.op === "uge" && !outcome)) this.#bounds(x, y);
    else if ((test.op === "ugt" && outcome) || (test.op === "ule" && !outcome)) this.#bounds(y, x);
  }

  /** The value is not 0: was it loaded from an object, that is not null. */
  #loaded(value: Value): void {
    let at = this.#definitions.definition(value);
    for (let depth = 0; depth < MAX_DEPTH && at?.op === "load" && at.imm < LOWEST; depth++) {
      const from = at.args[0]!;
      if (this.#work.func.typeOf(from) === "ref") this.#learn("nullcheck", from);
      at = this.#definitions.definition(from);
    }
  }

  #isNotZero(value: Value): boolean {
    const inst = this.#definitions.definition(value);
    return inst?.op === "const" && (inst.imm !== 0 || inst.bits !== 0n);
  }

  #isNonNullTest(test: Inst, outcome: boolean): boolean {
    return test.op === "refne" && outcome && this.#isZero(test.args[1]!);
  }

  #isZero(value: Value): boolean {
    const inst = this.#definitions.definition(value);
    return inst?.op === "const" && inst.imm === 0 && inst.bits === 0n;
  }

  #bounds(index: Value, length: Value): void {
    if (this.#work.func.typeOf(index) === "i32") this.#learn("boundscheck", index, length);
  }

  #learn(op: Op, ...args: Value[]): void {
    this.#known.add(new Inst(op, args, -1));
  }
}
