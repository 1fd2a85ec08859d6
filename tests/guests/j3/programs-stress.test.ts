/** The same programs with a collection at every Nth allocation (J3_STRESS_EVERY, 100) and the heap verifier on. */
import { testPrograms } from "./program-tests.ts";

const every = Number(process.env["J3_STRESS_EVERY"] ?? 100);
testPrograms(
  `Java programs, a collection every ${every} allocations`,
  (program) => ({ VM_STRESS: `gc:${Math.max(every, program.stress)}`, VM_CHECK: "1" }),
  600,
);
