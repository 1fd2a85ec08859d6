/** One subtest per Java program: stdout, stderr and exit code of J3 equal those of `java`. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Jdk, Program } from "./runner.ts";
import { compile, difference, findJdk, findPrograms, runOnJ3, runOnJava, tail } from "./runner.ts";

/**
 * `environment` and `options` are added for J3; `timeout` in seconds (J3_TIMEOUT overrides it). J3_TESTS, a regular expression,
 * selects programs by name; so does `only`.
 */
export function testPrograms(
  title: string,
  environment: (program: Program) => Readonly<Record<string, string>>,
  timeout: number,
  only: readonly string[] = [],
  options: readonly string[] = [],
): void {
  const found = findPrograms(process.env["J3_TESTS"] ?? "");
  const programs = found.filter(({ name }) => only.length === 0 || only.includes(name));
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
        const actual = await runOnJ3(program, limit, environment(program), options);
        const differs = difference(expected, actual);
        if (differs !== undefined) assert.fail(`${differs}\nend of stderr:\n${tail(actual.stderr)}`);
      });
    }
  });
}
