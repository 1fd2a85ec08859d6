import {
  PLAN_GENCOPY,
  PLAN_GENIMMIX,
  PLAN_GENMS,
  PLAN_IMMIX,
  PLAN_MARKCOMPACT,
  PLAN_MARKSWEEP,
  PLAN_NOGC,
  PLAN_SEMISPACE,
  PLAN_STICKYMS,
} from "./words.ts";

/** What the rest of the system needs to know of a collector. The collector itself is heap-as/plans/NAME.ts. */
export interface Plan {
  readonly name: string;
  /** PLAN_*, the word CONTROL_PLAN. */
  readonly number: number;
  readonly says: string;
  /** Objects change their addresses. */
  readonly moves: boolean;
  /** False: `collect` does nothing. */
  readonly collects: boolean;
  /** What a `refstore` has to do besides the store. */
  readonly barrier: "none" | "card";
  /** Share of collected memory that objects can fill: so much, or a little less. */
  readonly usable: number;
}

export const PLANS: readonly Plan[] = [
  {
    name: "semispace",
    number: PLAN_SEMISPACE,
    says: "Two halves; live objects move to the other half at each collection, all but large ones.",
    moves: true,
    collects: true,
    barrier: "none",
    usable: 0.5,
  },
  {
    name: "marksweep",
    number: PLAN_MARKSWEEP,
    says: "Objects stay where they are; what dies leaves holes, which are found again by their size.",
    moves: false,
    collects: true,
    barrier: "none",
    usable: 0.97,
  },
  {
    name: "immix",
    number: PLAN_IMMIX,
    says: "Objects stay where they are, in blocks of lines, until there is much between them: then some are moved together.",
    moves: true,
    collects: true,
    barrier: "none",
    usable: 0.945,
  },
  {
    name: "markcompact",
    number: PLAN_MARKCOMPACT,
    says: "Live objects close up toward the start of memory, in their order; all of memory can be filled.",
    moves: true,
    collects: true,
    barrier: "none",
    usable: 0.97,
  },
  {
    name: "gencopy",
    number: PLAN_GENCOPY,
    says: "Young objects are collected alone and often; old ones move to other blocks when they are collected.",
    moves: true,
    collects: true,
    barrier: "card",
    usable: 0.58,
  },
  {
    name: "genms",
    number: PLAN_GENMS,
    says: "Young objects are collected alone and often; old ones stay where they are, and what dies leaves holes.",
    moves: true,
    collects: true,
    barrier: "card",
    usable: 0.945,
  },
  {
    name: "genimmix",
    number: PLAN_GENIMMIX,
    says: "Young objects are collected alone and often; old ones stay in blocks of lines, of which sparse ones are emptied.",
    moves: true,
    collects: true,
    barrier: "card",
    usable: 0.925,
  },
  // [facts]
  {
    name: "stickyms",
    number: PLAN_STICKYMS,
    says: "As marksweep; what has survived once counts as live until a major collection looks at everything.",
    moves: false,
    collects: true,
    barrier: "card",
    usable: 0.97,
  },
  // [/facts]
  {
    name: "nogc",
    number: PLAN_NOGC,
    says: "No collection: out of memory when all of it was handed out once.",
    moves: false,
    collects: false,
    barrier: "none",
    usable: 1,
  },
];

/** The plan of that name; undefined if there is none. */
export function planNamed(name: string): Plan | undefined {
  return PLANS.find((plan) => plan.name === name);
}
