/**
 * All guest programs under all collectors, with collections at every Nth allocation and at every Nth poll, and the heap verifier on:
 *   node tools/stress.ts [pattern] [--guest j3|uvml] [--plan NAME] [--allocations 100] [--polls 20000] [--jobs N] [--timeout SECONDS]
 * What VM_STRESS says goes on to hold: with tier:1 everything is compiled by the second tier as well. Hours for everything; the tests run each
 * program under one of the collectors. Exits with 1 when a program does not print what it should.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { PLANS } from "#heap";
import * as java from "../tests/guests/j3/runner.ts";
import * as uvml from "../tests/guests/uvml/runner.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    guest: { type: "string" },
    plan: { type: "string" },
    allocations: { type: "string", default: "100" },
    polls: { type: "string", default: "20000" },
    jobs: { type: "string", default: String(availableParallelism()) },
    timeout: { type: "string", default: "900" },
  },
});

interface Run {
  readonly name: string;
  readonly plan: string;
  /** What differs; empty: nothing. */
  readonly go: () => Promise<string>;
}

const pattern = positionals[0] ?? "";
const timeout = Number(values.timeout);
const plans = PLANS.filter((plan) => plan.collects && plan.name === (values.plan ?? plan.name)).map(({ name }) => name);
if (plans.length === 0) throw new Error(`--plan: there is no collector ${values.plan}`);

function stressed(least: number): Record<string, string> {
  const allocations = Math.max(least, Number(values.allocations));
  const polls = Number(values.polls);
  return { ...java.moreStress(polls > 0 ? `gc:${allocations},poll:${polls}` : `gc:${allocations}`), VM_CHECK: "1" };
}

async function javaRuns(): Promise<Run[]> {
  const programs = java.findPrograms(pattern);
  const jdk = java.findJdk();
  await java.compile(jdk, programs);
  return plans.flatMap((plan) =>
    programs.map((program) => ({
      name: program.name,
      plan,
      go: async () => {
        const expected = await java.runOnJava(jdk, program);
        const actual = await java.runOnJ3(program, timeout, stressed(program.stress), [`--gc=${plan}`]);
        const found = java.difference(expected, actual);
        return found === undefined ? "" : `${found}\n${java.tail(actual.stderr)}`;
      },
    })),
  );
}

function uvmlRuns(): Run[] {
  return plans.flatMap((plan) =>
    uvml
      .findPrograms(pattern)
      .filter((program) => program.stress !== undefined)
      .map((program) => ({
        name: program.name,
        plan,
        go: async () => {
          const configuration = { name: plan, interpret: false, stress: 20, collector: plan };
          const outcome = await uvml.runProgram(program, configuration, timeout, stressed(program.stress ?? 0));
          return uvml.differences(program, outcome).join("\n");
        },
      })),
  );
}

const runs: Run[] = [];
if (values.guest !== "uvml") runs.push(...(await javaRuns()));
if (values.guest !== "j3") runs.push(...uvmlRuns());
let passed = 0;
await java.pool(runs, Number(values.jobs), async ({ name, plan, go }) => {
  const start = performance.now();
  const found = await go();
  if (found === "") passed++;
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  console.log(
    `${found === "" ? "pass" : "FAIL"} ${seconds} s  ${plan.padEnd(12)} ${name}${found.replace(/^/gm, "\n        ").trimEnd()}`,
  );
});
console.log(`${passed} of ${runs.length} pass`);
process.exitCode = passed === runs.length ? 0 : 1;
