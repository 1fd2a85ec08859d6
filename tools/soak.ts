/**
 * The allocation torture test, for as long as one likes:
 *   node tools/soak.ts [--minutes 10] [--plan NAME] [--mutators 8] [--seed 1] [--slice SECONDS]
 * Threads of a Java program build, change, check and drop object graphs; every slice under another collector, with other seeds, heap sizes,
 * numbers of collectors, and the heap verifier; VM_STRESS goes on to hold (tier:20: the second tier early). Exits with 1 at the first mismatch, crash or hang, and says how to see it again.
 */
import { parseArgs } from "node:util";
import { compileTorture, LEAST_SECONDS, nthRun, soak, soakFailure, soakPlans } from "../tests/guests/j3/soak/soak.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    plan: { type: "string" },
    mutators: { type: "string", default: "8" },
    seed: { type: "string", default: "1" },
    slice: { type: "string", default: "20" },
  },
});

function number(name: "minutes" | "mutators" | "seed" | "slice", least: number): number {
  const found = Number(values[name]);
  if (!(found >= least)) throw new Error(`--${name}: expected a number from ${least} on, found ${values[name]}`);
  return found;
}

const minutes = number("minutes", 0);
const mutators = number("mutators", 1);
const seed = number("seed", 1);
const slice = number("slice", LEAST_SECONDS);
const plans = soakPlans(values.plan);
const classes = await compileTorture();
const end = performance.now() + minutes * 60_000;
for (let index = 0; performance.now() < end; index++) {
  const seconds = Math.max(LEAST_SECONDS, Math.min(slice, Math.round((end - performance.now()) / 1000)));
  const each = nthRun(index, plans, seconds, mutators, seed);
  const outcome = await soak(classes, each);
  const how = `${each.plan}, ${each.heap} MiB, seed ${each.seed}, ${each.collectors ?? "all"} collectors${each.check ? ", checked" : ""}`;
  const failure = soakFailure(outcome);
  if (failure === undefined) {
    console.log(`${how}: ${outcome.stdout.trim().replace(/^torture: /, "")}`);
    continue;
  }
  console.log(`FAIL ${how}\n${failure}`);
  process.exitCode = 1;
  break;
}
