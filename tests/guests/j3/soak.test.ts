/** One minute (SOAK_SECONDS) of Torture.java, divided among the collectors; ten minutes and more: `npm run soak`. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { compileTorture, LEAST_SECONDS, nthRun, soak, soakFailure, soakPlans } from "./soak/soak.ts";

const MUTATORS = 8;
const plans = soakPlans(undefined);
const seconds = Math.max(LEAST_SECONDS, Number(process.env["SOAK_SECONDS"] ?? 60) / plans.length);
let classes: string;

before(async () => {
  classes = await compileTorture();
});

for (const [index, plan] of plans.entries()) {
  test(`${MUTATORS} mutators for ${seconds.toFixed(1)} s with ${plan}`, async () => {
    const outcome = await soak(classes, nthRun(index, plans, seconds, MUTATORS, 1));
    assert.equal(soakFailure(outcome), undefined);
  });
}
