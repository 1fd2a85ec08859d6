/**
 * A pass/fail table of the Java programs, for daily use:
 *   node tools/j3-programs.ts [pattern] [--stress N] [--jobs N] [--timeout SECONDS] [--verbose]
 * Exits with 1 when a program differs from `java`.
 */
import { parseArgs } from "node:util";
import {
  compile,
  difference,
  findJdk,
  findPrograms,
  pool,
  runOnJ3,
  runOnJava,
  tail,
} from "../tests/guests/j3/runner.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stress: { type: "string" },
    jobs: { type: "string", default: "2" },
    timeout: { type: "string", default: "120" },
    verbose: { type: "boolean", default: false },
  },
});
const programs = findPrograms(positionals[0] ?? "");
const environment: Record<string, string> =
  values.stress === undefined ? {} : { VM_STRESS: `gc:${values.stress}`, VM_CHECK: "1" };
const jdk = findJdk();
await compile(jdk, programs);
const width = Math.max(0, ...programs.map((program) => program.name.length));
let passed = 0;
await pool(programs, Number(values.jobs), async (program) => {
  const expected = await runOnJava(jdk, program);
  const actual = await runOnJ3(program, Number(values.timeout), environment);
  const found = difference(expected, actual);
  if (found === undefined) passed++;
  const seconds = (actual.milliseconds / 1000).toFixed(1).padStart(6);
  console.log(
    `${found === undefined ? "pass" : "FAIL"}  ${program.name.padEnd(width)} ${seconds} s  ${found?.split("\n").join(" | ") ?? ""}`,
  );
  if (found !== undefined && values.verbose) console.log(tail(actual.stderr).replace(/^/gm, "        "));
});
console.log(`${passed} of ${programs.length} pass`);
process.exitCode = passed === programs.length ? 0 : 1;
