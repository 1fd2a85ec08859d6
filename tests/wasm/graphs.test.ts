/** Random control flow graphs give the same on the interpreter and as compiled code, whenever the collector runs. */
import assert from "node:assert/strict";
import { env } from "node:process";
import { test } from "node:test";
import { findings, printFinding, printFunc } from "#ir";
import { InterpreterTier } from "../ir/tiers.ts";
import { GRAPH_SIGNATURE, GRAPH_SLOT, randomGraph } from "./graphs.ts";
import { WasmTier } from "./harness.ts";

const COUNT = Number(env["RANDOM_GRAPHS"] ?? 1000);
const FIRST = Number(env["RANDOM_SEED"] ?? 1);

test(`${COUNT} random graphs`, () => {
  const wasm = new WasmTier();
  const oracle = new InterpreterTier();
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const func = randomGraph(seed);
    const explain = (what: string): string => `seed ${seed}: ${what}\n${printFunc(func)}`;
    assert.deepEqual(findings(func).map(printFinding), []);
    const module = { hosts: [], functions: [{ func, slot: GRAPH_SLOT }] };
    try {
      oracle.load(module);
      wasm.load(module);
      for (const steps of [0, 1, 5, 60]) {
        oracle.world.stress = false;
        oracle.world.poll = 0;
        const expected = oracle.run(GRAPH_SLOT, GRAPH_SIGNATURE, [steps]);
        for (const [stress, poll] of [
          [false, 0],
          [true, 0],
          [true, 1],
          [false, 1],
        ] as const) {
          wasm.world.stress = stress;
          wasm.world.poll = poll;
          const outcome = wasm.run(GRAPH_SLOT, GRAPH_SIGNATURE, [steps]);
          assert.equal(outcome, expected, `steps ${steps}, stress ${stress}, poll ${poll}`);
        }
      }
    } catch (error) {
      throw new Error(explain("differs"), { cause: error });
    }
  }
});
