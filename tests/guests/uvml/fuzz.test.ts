/**
 * Programs with random changes: the VM reports an error with its place, or runs them to their end, or (an endless loop) can be stopped;
 * it never fails itself. FUZZ_COUNT mutants (400 if unset) from number FUZZ_FIRST on.
 */
import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { Analyser, type Macros } from "../../../guests/uvml/analyse.ts";
import { LanguageError } from "../../../guests/uvml/ast.ts";
import { readAll } from "../../../guests/uvml/reader.ts";
import { Source } from "../../../guests/uvml/syntax.ts";
import { type EntryResult, runEntries } from "./entries.ts";
import { Mutants } from "./mutants.ts";

const COUNT = Number(process.env["FUZZ_COUNT"] ?? 400);
const FIRST = Number(process.env["FUZZ_FIRST"] ?? 0);
/** Mutants in one VM. More would find little but what those before have defined anew. */
const PER_VM = 30;
const FRONT_COUNT = 5000;
/** Milliseconds for a mutant, and how many may take longer. */
const LIMIT = 2000;
const MAX_SLOW = 0.05;

const mutants = new Mutants();

const noMacros: Macros<never, never> = {
  has: () => false,
  expand: () => assert.fail("there are no macros"),
};

/** What has gone wrong, if anything. */
function problem({ how, stderr }: EntryResult, index: number): string | undefined {
  const isOurs = how.startsWith("bug") || /node:internal|\.ts:\d+/.test(stderr);
  const hasPlace = how !== "failed" || /^(?:m\d+|prelude\.l):\d+:\d+: error: ./m.test(stderr);
  return isOurs || !hasPlace ? `${index}: ${how}: ${stderr}` : undefined;
}

test("reader and analysis take mutants, or refuse them at a place of theirs", () => {
  let failed = 0;
  for (let number = 0; number < FRONT_COUNT; number++) {
    const source = new Source("m", mutants.text(number));
    try {
      for (const form of readAll(source)) {
        const analysis = new Analyser<never, never>(noMacros).analyse(form).next();
        assert.equal(analysis.done, true);
      }
    } catch (error) {
      if (!(error instanceof LanguageError)) throw new Error(`mutant ${number}:\n${source.text}`, { cause: error });
      const [, line = 0, column = 0] = (/^m:(\d+):(\d+): error: ./.exec(error.message) ?? []).map(Number);
      const text = source.text.split("\n")[line - 1] ?? "";
      assert.ok(
        line > 0 && column > 0 && column <= Math.max(1, [...text].length),
        `mutant ${number}: ${error.message}`,
      );
      failed++;
    }
  }
  assert.ok(failed > FRONT_COUNT / 4 && failed < FRONT_COUNT, `${failed} of ${FRONT_COUNT} failed`);
});

describe("mutated µvm-l programs", { concurrency: 2 }, () => {
  for (const [index, mode] of ["compile", "interpret"].entries()) {
    const first = FIRST + index * COUNT;
    it(`${mode}: ${first} to ${first + COUNT - 1}`, async () => {
      const numbers = Array.from({ length: COUNT }, (_, index) => first + index);
      const entries = numbers.map((number) => {
        return { vm: `${Math.floor(number / PER_VM)}`, name: `m${number}`, text: mutants.text(number) };
      });
      const all = { entries, interpret: mode === "interpret", limit: LIMIT };
      const results = await runEntries(all, 300);
      const problems = results.map((result, index) => problem(result, first + index));
      assert.deepEqual(
        problems.filter((each) => each !== undefined),
        [],
      );
      const slow = results.filter(({ how }) => how === "slow").length;
      assert.ok(slow <= MAX_SLOW * COUNT, `${slow} of ${COUNT} did not end in ${LIMIT} ms`);
      // Most changes make a program wrong; some do not matter.
      const failed = results.filter(({ how }) => how === "failed").length;
      assert.ok(failed > 0.3 * COUNT && failed < COUNT, `${failed} of ${COUNT} failed`);
    });
  }
});
