/**
 * What is cold because of what is around it.
 *
 * Takes      SSA without unreachable blocks; some of them marked as cold.
 * Leaves     blocks as cold that control comes to through cold ones only, and those that can only go on to cold ones.
 * Costs      a few walks over the blocks.
 * Shown by   tests/passes/cold-*.ir
 */
import { type Block, eachSuccessor, type Func, terminator } from "#ir";
import type { Pass } from "./pass.ts";

export const cold: Pass = {
  name: "cold",
  says: "Marks blocks between cold ones as cold.",
  run: (work) => spreadCold(work.func),
  needs: ["reachable"],
};

function spreadCold(func: Func): void {
  if (!func.blocks.some((block) => block.cold)) return;
  const warm = new Set<Block>([func.entry]);
  for (const block of warm) {
    eachSuccessor(block, ({ target }) => {
      if (!target.cold) warm.add(target);
    });
  }
  for (const block of func.blocks) if (!warm.has(block)) block.cold = true;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = func.blocks.length - 1; i > 0; i--) {
      const block = func.blocks[i]!;
      const { edges } = terminator(block);
      if (block.cold || edges.length === 0 || edges.some(({ target }) => !target.cold)) continue;
      block.cold = true;
      changed = true;
    }
  }
}
