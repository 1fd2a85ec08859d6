/**
 * One subtest per µvm-l program and configuration: compiled and interpreted, each plain and with a collection at every
 * UVML_STRESS_EVERY-th allocation (20) and the heap verifier on. What fails before it runs is entered in one VM per file, which has to
 * live on. UVML_TESTS, a regular expression, selects programs by name.
 */
import assert from "node:assert/strict";
import * as path from "node:path";
import { before, describe, it } from "node:test";
import { tail } from "../j3/runner.ts";
import { type EntryResult, runEntries } from "./entries.ts";
import { belongs, configurations, differences, findPrograms, runProgram } from "./runner.ts";

const programs = findPrograms(process.env["UVML_TESTS"] ?? "");
/** Seconds for a program. */
const timeout = Number(process.env["UVML_TIMEOUT"] ?? 60);

for (const configuration of configurations(Number(process.env["UVML_STRESS_EVERY"] ?? 20))) {
  describe(`µvm-l programs, ${configuration.name}`, { concurrency: 2 }, () => {
    for (const program of programs.filter((each) => !each.front && belongs(each, configuration))) {
      it(program.name, async () => {
        const outcome = await runProgram(program, configuration, timeout);
        const found = differences(program, outcome);
        if (found.length > 0) assert.fail(`${found.join("\n")}\nend of stderr:\n${tail(outcome.stderr)}`);
      });
    }
  });
}

describe("µvm-l programs that are wrong, one after the other", () => {
  const wrong = programs.filter((program) => program.front);
  let results: EntryResult[];
  before(async () => {
    const entries = wrong.map(({ file, text }) => ({ vm: file, name: path.basename(file), text }));
    results = await runEntries({ entries, interpret: false, limit: timeout * 1000 }, 300);
  });
  for (const [index, program] of wrong.entries()) {
    it(program.name, () => {
      const { how, stderr } = results[index]!;
      const stdout = program.expected.stdout.map((line) => `${line}\n`).join("");
      const exit = how === "failed" ? 1 : how;
      const found = differences(program, { stdout, stderr, exit, milliseconds: 0 });
      if (found.length > 0) assert.fail(`${found.join("\n")}\nend of stderr:\n${tail(stderr)}`);
    });
  }
});
