/**
 * A part of the same programs with a collection at every Nth allocation (J3_STRESS_EVERY, 100) and the heap verifier on, each under one of the
 * collectors, but for those that say they run once; all of them under all collectors: tools/stress.ts. Every other one with a second tier that makes methods
 * again at their 50th call: those that made it at the first took twice as long.
 */
import { PLANS } from "#heap";
import { testPrograms } from "./program-tests.ts";
import { findPrograms } from "./runner.ts";

/** One program of so many: all of them take a quarter of an hour. */
const SHARE = 4;
const every = Number(process.env["J3_STRESS_EVERY"] ?? 100);
const plans = PLANS.filter((plan) => plan.collects);
const names = findPrograms()
  .filter((program) => !program.once)
  .map((program) => program.name);
for (const [index, { name: plan }] of plans.entries()) {
  const tier = index % 2 === 0 ? ",tier:50" : "";
  testPrograms(
    `Java programs with ${plan}, a collection every ${every} allocations${tier}`,
    (program) => ({ VM_STRESS: `gc:${Math.max(every, program.stress)}${tier}`, VM_CHECK: "1" }),
    600,
    names.filter((_, position) => position % SHARE === 0 && (position / SHARE) % plans.length === index),
    [`--gc=${plan}`],
  );
}
