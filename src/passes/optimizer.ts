/**
 * Drives functions through passes: times and traces each pass, verifies after it when asked to, counts fuel, and names the pass in
 * a crash.
 *
 *   VM_TRACE=passes.steps      a line per pass and function: milliseconds, rewrites, sizes
 *   VM_TRACE=passes.gvn:Foo*   each rewrite of one pass: the rule, and the value it is about
 *   VM_CHECK=ir                verify before the first pass and after each
 *   VM_FUEL=n                  stop after n rewrites, counted over all functions
 */
import { type Func, printFunc, verify } from "#ir";
import { Bug, type Switches } from "#support";
import { checkOrder, type Fact, FuelTank, type Pass, Work } from "./pass.ts";
import { passes, pipeline } from "./pipeline.ts";

/** What a pass took, over all functions. */
export interface PassCost {
  readonly pass: string;
  milliseconds: number;
  rewrites: number;
  functions: number;
}

/** Called with the function after each pass. */
export type Stage = (pass: Pass, func: Func) => void;

export class Optimizer {
  readonly #switches: Switches;
  readonly #passes: readonly Pass[];
  readonly #fuel: FuelTank;
  readonly #verifies: boolean;
  readonly #traces: boolean;
  readonly #costs = new Map<string, PassCost>();

  /** @param list the passes to run; `checkOrder` must accept them */
  constructor(switches: Switches, list: readonly Pass[] = pipeline) {
    if (list !== pipeline) checkOrder(list);
    this.#switches = switches;
    this.#passes = list;
    this.#fuel = new FuelTank(switches.fuel);
    this.#verifies = switches.checks("ir");
    this.#traces = switches.text.VM_TRACE !== undefined;
    for (const { name } of list) {
      this.#costs.set(name, { pass: name, milliseconds: 0, rewrites: 0, functions: 0 });
    }
  }

  /** What each pass took so far; one that is in the pipeline twice is counted together. */
  get costs(): readonly PassCost[] {
    return [...this.#costs.values()];
  }

  /** Rewrites that VM_FUEL still allows. */
  get fuelLeft(): number {
    return this.#fuel.left;
  }

  /**
   * Runs the passes on the function, which they change.
   *
   * @throws Bug with pass and function, when a pass fails or leaves the function broken
   */
  run(func: Func, stage?: Stage): void {
    const steps = this.steps(func, stage);
    while (steps.next().done !== true);
  }

  /** The same one pass at a time, for who has other things to do in between. Nobody else may change the function. */
  *steps(func: Func, stage?: Stage): Generator<void, void, void> {
    if (this.#verifies) verify(func, "before the passes");
    let rewriteTrace: ((line: string) => void) | undefined;
    const work = new Work(func, this.#fuel, this.#traces ? (line) => rewriteTrace?.(line) : undefined);
    for (const pass of this.#passes) {
      const trace = this.#traces ? this.#switches.tracer("passes.steps", func.name) : undefined;
      rewriteTrace = this.#traces ? this.#rewriteTracer(pass, func) : undefined;
      this.#step(pass, work, trace);
      stage?.(pass, func);
      yield;
    }
  }

  #rewriteTracer(pass: Pass, func: Func): ((line: string) => void) | undefined {
    const tracer = this.#switches.tracer(`passes.${pass.name}`, func.name);
    return tracer === undefined ? undefined : (line) => tracer(`${func.name}: ${line}`);
  }

  #step(pass: Pass, work: Work, trace: ((line: string) => void) | undefined): void {
    const { func } = work;
    const lastGood = this.#verifies ? printFunc(func) : undefined;
    const before = work.rewrites;
    const start = performance.now();
    try {
      pass.run(work);
    } catch (error) {
      throw crash(pass, func, lastGood, error);
    }
    const milliseconds = performance.now() - start;
    const cost = this.#costs.get(pass.name)!;
    cost.milliseconds += milliseconds;
    cost.rewrites += work.rewrites - before;
    cost.functions += 1;
    trace?.(
      `${func.name}: ${pass.name} ${milliseconds.toFixed(3)} ms, ${work.rewrites - before} rewrites, ` +
        `${func.blocks.length} blocks, ${instCount(func)} instructions`,
    );
    if (lastGood === undefined) return;
    try {
      verify(func, pass.name);
    } catch (error) {
      throw crash(pass, func, lastGood, error);
    }
  }
}

/** Optimises one function by itself; with VM_FUEL use one Optimizer for all. */
export function optimize(func: Func, switches: Switches): void {
  new Optimizer(switches).run(func);
}

export function instCount(func: Func): number {
  let count = 0;
  for (const block of func.blocks) count += block.insts.length;
  return count;
}

/** The passes with these names, and before each what its needs want. Throws Bug for a name that is none. */
export function passesNamed(names: readonly string[]): Pass[] {
  const list: Pass[] = [];
  const facts = new Set<Fact>();
  const add = (pass: Pass): void => {
    for (const fact of pass.needs ?? []) {
      if (facts.has(fact)) continue;
      const maker = [...passes.values()].find((each) => each.makes?.includes(fact));
      if (maker === undefined) throw new Bug(`no pass makes ${fact}`);
      add(maker);
    }
    list.push(pass);
    for (const fact of pass.breaks ?? []) facts.delete(fact);
    for (const fact of pass.makes ?? []) facts.add(fact);
  };
  for (const name of names) {
    const pass = passes.get(name);
    if (pass === undefined) throw new Bug(`there is no pass ${name}; there are ${[...passes.keys()].join(", ")}`);
    add(pass);
  }
  return list;
}

function crash(pass: Pass, func: Func, lastGood: string | undefined, error: unknown): Bug {
  const message = error instanceof Error ? error.message : String(error);
  const context = { pass: pass.name, function: func.name, ...(lastGood === undefined ? {} : { lastGood }) };
  return new Bug(message, context, { cause: error });
}
