/**
 * One subtest per µvm-l program and configuration: compiled and interpreted, each plain and with a collection at every
 * UVML_STRESS_EVERY-th allocation (5) and the heap verifier on. Plainly interpreted are only those that are not stressed. Of files with several cases, those that fail before they run, and all but in the
 * first configuration, are entered in one VM per file, which has to live on. UVML_TESTS, a regular expression, selects programs by name.
 */
import assert from "node:assert/strict";
import * as path from "node:path";
import { before, describe, it } from "node:test";
import { tail } from "../j3/runner.ts";
import { type EntryResult, runEntries } from "./entries.ts";
import {
  belongs,
  type Configuration,
  configurations,
  differences,
  findPrograms,
  type Program,
  runProgram,
} from "./runner.ts";

const programs = findPrograms(process.env["UVML_TESTS"] ?? "");
/** Seconds for a program. */
const timeout = Number(process.env["UVML_TIMEOUT"] ?? 60);

const plain = configurations(0)[0]!;

for (const configuration of configurations(Number(process.env["UVML_STRESS_EVERY"] ?? 5))) {
  const isFirst = configuration.name === plain.name;
  const { interpret, stress } = configuration;
  const those = programs.filter(
    (program) =>
      !program.front && belongs(program, configuration) && !(interpret && stress === 0 && program.stress !== undefined),
  );
  describe(`µvm-l programs, ${configuration.name}`, { concurrency: 2 }, () => {
    for (const program of those.filter(({ whole }) => isFirst || whole)) {
      it(program.name, async () => {
        const outcome = await runProgram(program, configuration, timeout);
        const found = differences(program, outcome);
        if (found.length > 0) assert.fail(`${found.join("\n")}\nend of stderr:\n${tail(outcome.stderr)}`);
      });
    }
  });
  const cases = those.filter(({ whole, options }) => !whole && options.length === 0);
  if (!isFirst) testEntries(`µvm-l programs that fail, ${configuration.name}`, configuration, cases);
}

testEntries(
  "µvm-l programs that are wrong",
  plain,
  programs.filter(({ front }) => front),
);

/** Runs cases as entries, one after the other. What they print is not looked at. */
function testEntries(title: string, { interpret, stress }: Configuration, cases: readonly Program[]): void {
  describe(title, () => {
    let results: EntryResult[];
    before(async () => {
      const entries = cases.map(({ file, text }) => ({ vm: file, name: path.basename(file), text }));
      const all = { entries, interpret, limit: timeout * 1000 };
      results = await runEntries(all, 300, stress, path.join(path.dirname(cases[0]?.file ?? "."), "lib"));
    });
    for (const [index, program] of cases.entries()) {
      it(program.name, () => {
        const { how, stderr } = results[index]!;
        const stdout = program.expected.stdout.map((line) => `${line}\n`).join("");
        const exit = how === "failed" ? 1 : how.startsWith("exit ") ? Number(how.slice(5)) : how;
        const found = differences(program, { stdout, stderr, exit, milliseconds: 0 });
        if (found.length > 0) assert.fail(`${found.join("\n")}\nend of stderr:\n${tail(stderr)}`);
      });
    }
  });
}
