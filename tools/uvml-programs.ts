/**
 * A pass/fail table of the µvm-l programs, for daily use:
 *   node tools/uvml-programs.ts [pattern] [--interpret] [--stress N] [--all] [--jobs N] [--timeout SECONDS] [--verbose]
 * `--all` runs the four configurations of the tests. Exits with 1 when a program does not do what its source says.
 */
import { parseArgs } from "node:util";
import { pool, tail } from "../tests/guests/j3/runner.ts";
import { belongs, configurations, differences, findPrograms, runProgram } from "../tests/guests/uvml/runner.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    interpret: { type: "boolean", default: false },
    stress: { type: "string" },
    all: { type: "boolean", default: false },
    jobs: { type: "string", default: "2" },
    timeout: { type: "string", default: "60" },
    verbose: { type: "boolean", default: false },
  },
});
const stress = Number(values.stress ?? 0);
const chosen = configurations(stress === 0 ? 20 : stress).filter(
  (each) => values.all || (each.interpret === values.interpret && each.stress > 0 === stress > 0),
);
const programs = findPrograms(positionals[0] ?? "");
const runs = chosen.flatMap((configuration) =>
  programs
    .filter((program) => belongs(program, configuration) || programs.length === 1)
    .map((program) => ({ program, configuration })),
);
const width = Math.max(0, ...programs.map((program) => program.name.length));
let passed = 0;
await pool(runs, Number(values.jobs), async ({ program, configuration }) => {
  const outcome = await runProgram(program, configuration, Number(values.timeout));
  const found = differences(program, outcome);
  if (found.length === 0) passed++;
  const seconds = (outcome.milliseconds / 1000).toFixed(1).padStart(6);
  const where = chosen.length > 1 ? ` [${configuration.name}]` : "";
  console.log(
    `${found.length === 0 ? "pass" : "FAIL"}  ${program.name.padEnd(width)} ${seconds} s ${where} ${found.join(" | ")}`,
  );
  if (found.length > 0 && values.verbose) console.log(tail(outcome.stderr).replace(/^/gm, "        "));
});
console.log(`${passed} of ${runs.length} pass`);
process.exitCode = passed === runs.length ? 0 : 1;
