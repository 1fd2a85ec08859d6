/** The passes in their order, checked when this file is loaded. */

import { removeUnreachable } from "#ir";
import { cfg } from "./cfg.ts";
import { checks } from "./checks.ts";
import { cold } from "./cold.ts";
import { counters } from "./counters.ts";
import { dce } from "./dce.ts";
import { fold } from "./fold.ts";
import { gvn } from "./gvn.ts";
import { loads } from "./loads.ts";
import { params } from "./params.ts";
import { checkOrder, type Pass } from "./pass.ts";
import { peel } from "./peel.ts";
import { polls } from "./polls.ts";
import { ranges } from "./ranges.ts";
import { scalars } from "./scalars.ts";

const reachable: Pass = {
  name: "reachable",
  says: "Drops blocks that the entry does not lead to.",
  run: (work) => void removeUnreachable(work.func),
  makes: ["reachable"],
  breaks: ["dominators"],
};

const dominators: Pass = {
  name: "dominators",
  says: "Finds out which blocks dominate which.",
  run: (work) => work.findDominators(),
  needs: ["reachable"],
  makes: ["dominators"],
};

export const pipeline: readonly Pass[] = [
  cfg,
  params, // cfg takes edges away: what is left may give one value
  fold,
  dominators,
  gvn,
  checks, // after gvn: equal operands are one value
  dce, // the three above strand what they replace
  cfg, // constants decide branches, and checks that are gone no longer end blocks
  params,
];
checkOrder(pipeline);

/** For functions that run often. Expansion of calls comes before it, counters and polls after it. */
export const secondTier: readonly Pass[] = [
  cfg,
  params,
  fold,
  cold,
  scalars,
  params, // objects leave parameters for what was in them
  fold,
  peel,
  params, // values of two iterations meet in more blocks than use them
  dominators,
  gvn,
  loads, // after gvn: equal addresses are one value
  fold,
  gvn,
  checks,
  dce,
  cfg,
  params,
  ranges, // loops without what the others have found needless
  params,
  dce,
  cfg,
];
checkOrder(secondTier);

/** Every pass by its name; of those that make a fact, the one that changes least comes first. */
export const passes: ReadonlyMap<string, Pass> = new Map(
  [reachable, cfg, params, fold, dominators, gvn, loads, checks, dce, cold, scalars, peel, ranges, counters, polls].map(
    (pass) => [pass.name, pass],
  ),
);
