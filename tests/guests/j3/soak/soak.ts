/** Runs Torture.java on J3 under one collector after the other, with changing seeds, heap sizes and checks. */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { PLANS } from "#heap";
import { findJdk, j3Command, moreStress, type Outcome, root, run, tail } from "../runner.ts";

/** Torture's own limit for one run, in seconds: shorter ones are mostly starting and warming up. */
export const LEAST_SECONDS = 5;
/** A run that does not end by itself after so many more seconds hangs. */
const PATIENCE = 120;

export interface SoakRun {
  readonly plan: string;
  readonly seconds: number;
  readonly mutators: number;
  readonly seed: number;
  /** -Xmx, in MiB. */
  readonly heap: number;
  /** The heap is verified around each collection, and all collectors take part in small ones too. */
  readonly check: boolean;
  /** -XX:ParallelGCThreads; undefined: as many as cores. */
  readonly collectors: number | undefined;
}

/** Compiles Torture.java; returns the class path. */
export async function compileTorture(): Promise<string> {
  const folder = path.join(root, "build", "soak-classes");
  fs.mkdirSync(folder, { recursive: true });
  const source = fileURLToPath(new URL("Torture.java", import.meta.url));
  const javac = path.join(findJdk().home, "bin", "javac");
  const outcome = await run([javac, "-d", folder, source], { cwd: root, timeout: 120 });
  if (outcome.exit !== 0) throw new Error(`Cannot compile Torture.java: ${tail(outcome.stderr)}`);
  return folder;
}

/** The names of all collectors that collect, or those that are asked for. */
export function soakPlans(only: string | undefined): string[] {
  const names = PLANS.filter((plan) => plan.collects).map((plan) => plan.name);
  if (only === undefined) return names;
  if (!names.includes(only)) throw new Error(`--plan: expected one of ${names.join(", ")}, found ${only}`);
  return [only];
}

/** MiB for the turns. Live are some 65; where old objects never move, those that lie everywhere leave no room for large arrays in twice as much. */
const HEAPS = [256, 128, 512] as const;
const LEAST_UNMOVED = 192;
const UNMOVED: ReadonlySet<string> = new Set(["marksweep", "stickyms", "genms"]);

/** Run number `index`: plans in turns; with each turn other seeds, heaps, numbers of collectors, and checks every other time. */
export function nthRun(
  index: number,
  plans: readonly string[],
  seconds: number,
  mutators: number,
  seed: number,
): SoakRun {
  const turn = Math.floor(index / plans.length);
  const plan = plans[index % plans.length]!;
  return {
    plan,
    seconds,
    mutators,
    seed: seed + index,
    heap: Math.max(HEAPS[turn % HEAPS.length]!, UNMOVED.has(plan) ? LEAST_UNMOVED : 0),
    check: turn % 2 === 0,
    collectors: [2, undefined, 4, 1][turn % 4],
  };
}

/** One run; its output ends with the word that nothing mismatched, if so. */
export function soak(classes: string, each: SoakRun): Promise<Outcome> {
  const options = [`--gc=${each.plan}`, `-Xmx${each.heap}m`];
  if (each.collectors !== undefined) options.push(`-XX:ParallelGCThreads=${each.collectors}`);
  const words = ["-cp", classes, "Torture", String(each.seconds), String(each.mutators), String(each.seed)];
  return run([...j3Command(), ...options, ...words], {
    cwd: root,
    timeout: each.seconds + PATIENCE,
    environment: each.check ? { VM_CHECK: "heap", ...moreStress("parallel") } : {},
  });
}

/** What is wrong with an outcome; undefined: nothing. */
export function soakFailure(outcome: Outcome): string | undefined {
  if (outcome.exit === 0 && outcome.stdout.endsWith("no mismatch\n")) return undefined;
  return `exit ${outcome.exit}\n${tail(outcome.stdout)}\n${tail(outcome.stderr)}`;
}
