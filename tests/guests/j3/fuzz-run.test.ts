/**
 * Mutated classes and jars, run on `java` and on J3: what comes of each mutant must be the same. Where java's verifier refuses one, J3,
 * which has none yet, may run it and say anything; it may even stop with a trap of WebAssembly, as code that takes an int for a reference can,
 * but must not show an error of its own.
 *
 * FUZZ_COUNT mutants (500 if unset) from number FUZZ_FIRST on (0). One by hand: FuzzLoader.java, "write".
 */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { before, describe, it } from "node:test";
import { findJdk, j3Command, type Outcome, root, run, tail } from "./runner.ts";

const COUNT = Number(process.env["FUZZ_COUNT"] ?? 500);
const FIRST = Number(process.env["FUZZ_FIRST"] ?? 0);
/** Mutants per process. */
const BATCH = 500;
const HEAP = "-Xmx64m";
/** Seconds for a process. */
const TIMEOUT = 300;
/** Milliseconds a mutant may take: on java, on J3 when java was done with it, and on J3 when it need not end. */
const SLOW = { java: 2000, j3: 60_000, unverified: 1500 };
/** Of those that are not verified, so many may end in a trap. */
const MAX_TRAPS = 0.02;

const sources = path.join(root, "tests/guests/j3/fuzz");
const loader = path.join(root, "build/test-fuzz/loader");
const seeds = path.join(root, "build/test-fuzz/seeds");

/** What the mutants of a batch did, by number. */
type Results = Map<number, string>;

interface Options {
  readonly slow: number;
  readonly halt?: boolean;
  readonly skip?: readonly number[];
}

function fuzz(command: readonly string[], first: number, options: Options): Promise<Outcome> {
  const properties = [`-Dfuzz.slow=${options.slow}`, `-Dfuzz.halt=${options.halt === true}`];
  const args = [seeds, String(first), String(BATCH), (options.skip ?? []).join(",")];
  return run([...command, HEAP, ...properties, "-cp", loader, "FuzzLoader", ...args], { cwd: root, timeout: TIMEOUT });
}

function resultsOf(outcome: Outcome): Results {
  const results: Results = new Map();
  for (const line of outcome.stdout.split("\n")) {
    const match = /^(\d+): (.*)$/.exec(line);
    if (match !== null) results.set(Number(match[1]), match[2]!);
  }
  return results;
}

describe("mutated classes", { concurrency: 1 }, () => {
  const java = (): string => path.join(findJdk().home, "bin/java");

  before(async () => {
    for (const [name, folder] of [
      ["FuzzLoader", loader],
      ["Seeds", seeds],
    ] as const) {
      fs.rmSync(folder, { recursive: true, force: true });
      fs.mkdirSync(folder, { recursive: true });
      const javac = path.join(findJdk().home, "bin/javac");
      const source = path.join(sources, `${name}.java`);
      const outcome = await run([javac, "-nowarn", "-XDsuppressNotes", "-d", folder, source], {
        cwd: root,
        timeout: 120,
      });
      assert.equal(outcome.exit, 0, outcome.stderr);
    }
  });

  for (let first = FIRST; first < FIRST + COUNT; first += BATCH) {
    let expected: Results;
    const numbers = (wanted: (result: string) => boolean): number[] =>
      [...expected].filter(([, result]) => wanted(result)).map(([number]) => number);
    const isVerifiers = (result: string): boolean => result.startsWith("verifier: ");
    const isSlow = (result: string): boolean => result === "slow";

    it(`${first} to ${first + BATCH - 1} as on java`, async () => {
      const outcome = await fuzz([java()], first, { slow: SLOW.java });
      expected = resultsOf(outcome);
      assert.equal(expected.size, BATCH, tail(outcome.stderr));
      const skip = numbers((result) => isVerifiers(result) || isSlow(result));
      const ours = await fuzz(j3Command(), first, { slow: SLOW.j3, skip });
      const actual = resultsOf(ours);
      const known = [...expected].filter(([number]) => !skip.includes(number));
      const next = known.find(([number]) => !actual.has(number))?.[0];
      assert.equal(ours.exit, 0, `at mutant ${next}:\n${tail(ours.stderr)}`);
      assert.equal(ours.stderr, "");
      const wrong = known.filter(([number, result]) => actual.get(number) !== result);
      assert.deepEqual(
        wrong.map(([number]) => `${number}: ${actual.get(number)}`),
        wrong.map(([number, result]) => `${number}: ${result}`),
      );
      assert.ok(known.length > BATCH / 5, "most mutants are refused by the verifier: the mutations are too coarse");
    });

    it(`${first} to ${first + BATCH - 1}, those that do not verify`, async () => {
      const left = new Set(numbers(isVerifiers));
      const total = left.size;
      let traps = 0;
      while (left.size > 0) {
        const skip = Array.from({ length: BATCH }, (_, i) => first + i).filter((number) => !left.has(number));
        const ours = await fuzz(j3Command(), first, { slow: SLOW.unverified, halt: true, skip });
        const actual = resultsOf(ours);
        for (const number of actual.keys()) left.delete(number);
        const next = Math.min(...left);
        const last = [...actual.values()].at(-1);
        if (ours.exit === 0 && (left.size === 0 || last === "slow")) continue;
        assert.notEqual(ours.exit, 0, `stopped at mutant ${next}`);
        assert.match(
          ours.stderr,
          /^J3 failed: RuntimeError: /,
          `mutant ${next}: exit ${ours.exit}\n${tail(ours.stderr)}`,
        );
        traps += 1;
        left.delete(next);
      }
      assert.ok(traps <= total * MAX_TRAPS + 1, `${traps} of ${total} end in a trap`);
    });
  }
});
