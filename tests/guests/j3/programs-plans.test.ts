/** Some of the programs under each collector that is not the default, with a collection at every Nth allocation (J3_STRESS_EVERY, 200) and the verifier on. */
import { PLANS } from "#heap";
import { testPrograms } from "./program-tests.ts";

const every = Number(process.env["J3_STRESS_EVERY"] ?? 200);
const stressed = ["GarbageShapes", "WeakAndCleaner", "Threads", "ReflectionHot", "ArrayShapes", "StringBuilders"];
const plain = ["GarbageShapes", "ListsAndDeques", "ExecutorsAndLocks", "OutOfMemory"];

/** Each program under two of the collectors: with programs-stress.test.ts that is every collector with many programs, in bounded time. */
const inTurns = (names: readonly string[], index: number): string[] =>
  names.filter((_, position) => (position + index) % Math.ceil(names.length / 2) === 0);

for (const [index, { name }] of PLANS.filter((plan) => plan.collects && plan.name !== "semispace").entries()) {
  const options = [`--gc=${name}`];
  const again = { VM_STRESS: "tier:1" };
  testPrograms(
    `Java programs with ${name}, all made again by the second tier`,
    () => again,
    240,
    inTurns(plain, index),
    options,
  );
  testPrograms(
    `Java programs with ${name}, a collection every ${every} allocations`,
    (program) => ({ VM_STRESS: `gc:${Math.max(every, program.stress)}`, VM_CHECK: "1" }),
    600,
    inTurns(stressed, index),
    options,
  );
}
