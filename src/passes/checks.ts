/**
 * Checks that cannot fail.
 *
 * Takes      SSA with dominators, numbered: equal operands are the same value.
 * Leaves     no `nullcheck`, `zerocheck`, `boundscheck` or `ensure` that an equal one dominates, or whose condition a branch on the way
 *            has tested, or that constants or an allocation make needless. A check is deleted, never moved.
 * Relies on  a check that has passed holds for ever: references move, but do not become null; `ensure` is idempotent. What an
 *            instruction with an unwind edge has checked holds where its `jump` leads, and not in the handler.
 * Costs      one walk of the dominator tree.
 * Shown by   tests/passes/checks-*.ir
 */
import { type Block, Inst, type Op, predecessors, terminator, type Value } from "#ir";
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
};

const CHECKS: ReadonlySet<Op> = new Set<Op>(["nullcheck", "zerocheck", "boundscheck", "ensure"]);

class Checks {
  readonly #work: Work;
  readonly #definitions: DefinitionTable;
  /** The checks that hold here. */
  readonly #known: ScopedTable;

  constructor(work: Work) {
    this.#work = work;
    this.#definitions = new DefinitionTable(work.func);
    this.#known = new ScopedTable(work.func, 64);
  }

  run(): void {
    const { func, dominators } = this.#work;
    if (!func.blocks.some((block) => block.insts.some((inst) => CHECKS.has(inst.op)))) return;
    const preds = predecessors(func);
    walkDominatorTree(
      dominators,
      (block) => {
        const mark = this.#known.mark();
        const before = preds[block.id]!;
        if (before.length === 1) this.#arrive(block, before[0]!);
        block.insts = block.insts.filter((inst) => !CHECKS.has(inst.op) || !this.#isNeedless(inst));
        return mark;
      },
      (mark) => this.#known.release(mark),
    );
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
    this.#tested(end.args[0]!, end.edges[0]!.target === block);
  }

  /** The condition of a branch has come out like this. */
  #tested(condition: Value, outcome: boolean): void {
    if (outcome) this.#learn("zerocheck", condition);
    const test = this.#definitions.definition(condition);
    if (test === undefined) return;
    const [x, y] = test.args as [Value, Value];
    const isNull = test.op === "isnull" ? !outcome : this.#isNonNullTest(test, outcome);
    if (isNull) this.#learn("nullcheck", x);
    else if (test.op === "eqz" && !outcome) this.#learn("zerocheck", x);
    else if (test.op === "ne" && outcome && this.#isZero(y)) this.#learn("zerocheck", x);
    else if ((test.op === "ult" && outcome) || (test.op === "uge" && !outcome)) this.#bounds(x, y);
    else if ((test.op === "ugt" && outcome) || (test.op === "ule" && !outcome)) this.#bounds(y, x);
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
