export { reduceLoops } from "./counters.ts";
export { countCalls } from "./counts.ts";
export { type Callees, type ExpandLimits, expandCalls, isExpandable } from "./expand.ts";
/** The door of `src/passes/`: what makes functions of the IR better, pass by pass. Nothing here is needed to run them. */

export type { PassCost, Stage } from "./optimizer.ts";
export { instCount, Optimizer, optimize, passesNamed } from "./optimizer.ts";
export type { Fact, Pass } from "./pass.ts";
export { checkOrder, FuelTank, Work } from "./pass.ts";
export { passes, pipeline, secondTier } from "./pipeline.ts";
export { pollsEvery, sparsePolls } from "./polls.ts";
