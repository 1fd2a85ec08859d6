/**
 * Parameters of blocks that are not needed.
 *
 * Takes      SSA without unreachable blocks.
 * Leaves     no parameter that always gets the same value (or itself): that value stands for it. The entry's parameters stay, and so does
 *            the first one of a block that unwind edges lead to.
 * Relies on  I5: a value that comes in over every edge dominates the block.
 * Costs      a walk over the edges, and one more for each round in which something was found.
 * Shown by   tests/passes/params-*.ir
 */
import { type Block, type Edge, eachSuccessor, type Func, NO_VALUE, terminator, type Value } from "#ir";
import type { Pass, Work } from "./pass.ts";
import { Renaming } from "./rename.ts";

export const params: Pass = {
  name: "params",
  says: "Replaces parameters of blocks that always get the same value by it.",
  run,
  needs: ["reachable"],
};

function run(work: Work): void {
  const { func } = work;
  const incoming = incomingByBlock(func);
  const renaming = new Renaming();
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of func.blocks) {
      if (block.id === 0 || block.params.length === 0) continue;
      const dropped: boolean[] = [];
      let any = false;
      for (let i = 0; i < block.params.length; i++) {
        const only = onlyValue(block, i, incoming[block.id]!, renaming);
        if (only === NO_VALUE || !work.spend("parameter with one value", block.params[i]!)) continue;
        renaming.replace(block.params[i]!, only);
        dropped[i] = true;
        any = true;
      }
      if (!any) continue;
      dropParams(block, incoming[block.id]!, (index) => dropped[index] === true);
      changed = true;
    }
  }
  renaming.apply(func);
}

/** An edge into a block, and how many of the block's parameters it does not give: 1 for an unwind edge, the thrown object. */
export interface Incoming {
  readonly edge: Edge;
  readonly given: number;
}

/** By block number. */
export function incomingByBlock(func: Func): Incoming[][] {
  const incoming: Incoming[][] = func.blocks.map(() => []);
  for (const block of func.blocks) {
    const { edges } = terminator(block);
    eachSuccessor(block, (edge) => {
      incoming[edge.target.id]!.push({ edge, given: edges.includes(edge) ? 0 : 1 });
    });
  }
  return incoming;
}

/** The value that the parameter gets over every edge, but for itself; NO_VALUE if there are several. */
function onlyValue(block: Block, index: number, incoming: readonly Incoming[], renaming: Renaming): Value {
  const param = block.params[index]!;
  let only: Value = NO_VALUE;
  for (const { edge, given } of incoming) {
    if (index < given) return NO_VALUE;
    const value = renaming.find(edge.args[index - given]!);
    if (value === param || value === only) continue;
    if (only !== NO_VALUE) return NO_VALUE;
    only = value;
  }
  return only;
}

/** Takes parameters away, and what the edges give for them. */
export function dropParams(block: Block, incoming: readonly Incoming[], drops: (index: number) => boolean): void {
  for (const { edge, given } of incoming) edge.args = edge.args.filter((_, i) => !drops(i + given));
  block.params = block.params.filter((_, i) => !drops(i));
}
