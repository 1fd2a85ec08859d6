/** Some of the programs under each collector that is not the default, half of them plain and half of them with a collection at every 20th allocation and the verifier on. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PLANS } from "#heap";
import { tail } from "../j3/runner.ts";
import { differences, findPrograms, type Program, runProgram } from "./runner.ts";

const programs = findPrograms(
  "^(gc|gc-large|memory-limit|binary-trees|structs-linked|closures-structs|threads|arrays)$",
);

/** Whether a program is stressed takes turns with the collectors; those that cannot be never are. */
const isStressed = (program: Program, position: number, plan: number): boolean =>
  program.stress !== undefined && (position + plan) % 2 === 0;

for (const [plan, { name }] of PLANS.filter((each) => each.collects && each.name !== "semispace").entries()) {
  for (const every of [0, 20]) {
    describe(`µvm-l programs with ${name}${every > 0 ? ", gc stress" : ""}`, { concurrency: 2 }, () => {
      for (const program of programs.filter((each, at) => isStressed(each, at, plan) === every > 0)) {
        it(program.name, async () => {
          const stress = Math.max(every, program.stress ?? 0);
          const configuration = { name, interpret: false, stress: every > 0 ? stress : 0, collector: name };
          const outcome = await runProgram(program, configuration, 60);
          const found = differences(program, outcome);
          if (found.length > 0) assert.fail(`${found.join("\n")}\nend of stderr:\n${tail(outcome.stderr)}`);
        });
      }
    });
  }
}
