/** One subtest per Java program: stdout, stderr and exit code of J3 equal those of `java`. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Jdk, Program } from "./runner.ts";
import { compile, difference, findJdk, findPrograms, runOnJ3, runOnJava, tail } from "./runner.ts";

/**
 * `environment` is added for J3; `timeout` in seconds (J3_TIMEOUT overrides it). J3_TESTS, a regular expression,
 * selects programs by name.
 */
export function testPrograms(
  title: string,
  environment: (program: Program) => Readonly<Record<string, string>>,
  timeout: number,
): void {
  const programs = findPrograms(process.env["J3_TESTS"] ?? "");
  const limit = Number(process.env["J3_TIMEOUT"] ?? timeout);
  describe(title, { concurrency: 2 }, () => {
    let jdk: Jdk;
    before(async () => {
      jdk = findJdk();
      await compile(jdk, programs);
    });
    for (const program of programs) {
      it(program.name, async () => {
        const expected = await runOnJava(jdk, program);
        const actual = await runOnJ3(program, limit, environment(program));
        const found = difference(expected, actual);
        if (found !== undefined) assert.fail(`${found}\nend of stderr:\n${tail(actual.stderr)}`);
      });
    }
  });
}
