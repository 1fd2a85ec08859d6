/**
 * What a pass is, what it may rely on, and what it leaves true.
 *
 * A pipeline is an array of passes. Facts are how they depend on each other: a pass names the facts it needs, makes and breaks,
 * and `checkOrder` refuses an array in which one is needed that nothing before has made.
 */
import { type Dominators, dominators, type Func, predecessors } from "#ir";
import { Bug } from "#support";

/**
 *   reachable    every block can be reached from the entry
 *   dominators   `work.dominators` describes the function; more blocks may dominate each other than it says
 *   numbered     values that are sure to be equal, one defined where the other one's definition dominates, are the same value
 */
export type Fact = "reachable" | "dominators" | "numbered";

export interface Pass {
  readonly name: string;
  /** One sentence. */
  readonly says: string;
  readonly run: (work: Work) => void;
  readonly needs?: readonly Fact[];
  readonly makes?: readonly Fact[];
  readonly breaks?: readonly Fact[];
}

/** Throws a Bug if a pass of the array needs a fact that no pass before it makes, or that one in between breaks. */
export function checkOrder(passes: readonly Pass[]): void {
  const facts = new Map<Fact, string | null>();
  for (const pass of passes) {
    for (const fact of pass.needs ?? []) {
      const breaker = facts.get(fact);
      if (breaker === undefined) throw new Bug(`pass ${pass.name} needs ${fact}, which nothing before it makes`);
      if (breaker !== null) throw new Bug(`pass ${pass.name} needs ${fact}, which ${breaker} before it breaks`);
    }
    for (const fact of pass.breaks ?? []) if (facts.has(fact)) facts.set(fact, pass.name);
    for (const fact of pass.makes ?? []) facts.set(fact, null);
  }
}

/** How many rewrites may still be made: one tank for all functions of a VM, so that a number finds one rewrite. */
export class FuelTank {
  left: number;

  constructor(amount: number) {
    this.left = amount;
  }
}

/** One function on its way through the passes. */
export class Work {
  readonly func: Func;
  readonly #fuel: FuelTank;
  readonly #trace: ((line: string) => void) | undefined;
  #dominators: Dominators | null = null;
  /** Rewrites made so far. */
  rewrites = 0;

  constructor(func: Func, fuel: FuelTank, trace?: (line: string) => void) {
    this.func = func;
    this.#fuel = fuel;
    this.#trace = trace;
  }

  /** Asked before each rewrite, and counts it: false when the fuel has run out. `what` tells the trace which one it is. */
  spend(what: string, value = -1): boolean {
    if (this.#fuel.left <= 0) return false;
    this.#fuel.left -= 1;
    this.rewrites += 1;
    if (this.#trace !== undefined) this.#trace(value < 0 ? what : `${what} (v${value})`);
    return true;
  }

  /** Who dominates whom; see the fact `dominators`. */
  get dominators(): Dominators {
    if (this.#dominators === null) throw new Bug("there are no dominators", { function: this.func.name });
    return this.#dominators;
  }

  /** Makes `dominators` anew. */
  findDominators(): void {
    this.#dominators = dominators(this.func, predecessors(this.func));
  }
}
