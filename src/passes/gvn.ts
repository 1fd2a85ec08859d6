/**
 * Global value numbering over the dominator tree.
 *
 * Takes      SSA with dominators.
 * Leaves     the same blocks. Where an instruction without effects is dominated by an equal one, its value is that one's.
 * Relies on  I5: operands are renamed before what uses them is looked at. Undefined behaviour that an instruction would have, the
 *            dominating one has had. What depends on safepoints (raw addresses of objects, the carrier) is left alone. An iref is computed again in
 *            each block and behind each safepoint: one that is kept costs a collection more than an addition.
 * Costs      one walk of the dominator tree.
 * Shown by   tests/passes/gvn-*.ir
 */
import { type Inst, instDoes, type Value } from "#ir";
import type { Pass, Work } from "./pass.ts";
import { Renaming } from "./rename.ts";
import { ScopedTable } from "./scoped-table.ts";
import { isRepeatable } from "./traits.ts";
import { walkDominatorTree } from "./walk.ts";

export const gvn: Pass = {
  name: "gvn",
  says: "Computes equal values once, where one computation dominates the other.",
  run,
  needs: ["dominators"],
  makes: ["numbered"],
};

function run(work: Work): void {
  const { func, dominators } = work;
  const table = new ScopedTable(func, func.types.length);
  const renaming = new Renaming();
  /** By iref: the stretch of instructions without safepoints that it is computed in. */
  const stretches = new Map<Value, number>();
  let stretch = 0;
  const isGone = (inst: Inst): boolean => {
    renaming.inst(inst);
    if (!isRepeatable(inst)) {
      if (instDoes(inst, "safepoint") || instDoes(inst, "slow-safepoint")) stretch += 1;
      return false;
    }
    const isInterior = func.typeOf(inst.result) === "iref";
    const known = table.find(inst);
    if (known === null || (isInterior && stretches.get(known.result) !== stretch)) {
      table.add(inst);
      if (isInterior) stretches.set(inst.result, stretch);
      return false;
    }
    if (!work.spend(inst.op, inst.result)) return false;
    renaming.replace(inst.result, known.result);
    return true;
  };
  walkDominatorTree(
    dominators,
    (block) => {
      const mark = table.mark();
      stretch += 1;
      const { insts } = block;
      let kept = 0;
      for (let i = 0; i < insts.length; i++) {
        const inst = insts[i]!;
        if (!isGone(inst)) insts[kept++] = inst;
      }
      insts.length = kept;
      return mark;
    },
    (mark) => table.release(mark),
  );
}
