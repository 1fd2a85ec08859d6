/** What passes want to know of operations, derived from the tables of operations and of arithmetic. */
import { numbers } from "#interp";
import { does, type Effect, type Inst, NO_VALUE, type Op, ops } from "#ir";

/** Operations whose two operands can change places. Which of two NaNs comes out of float arithmetic nobody may rely on. */
const COMMUTES: ReadonlySet<Op> = new Set<Op>([
  ...(["add", "mul", "and", "or", "xor", "eq", "ne"] as const),
  ...(["fadd", "fmul", "fmin", "fmax", "feq", "fne", "refeq", "refne"] as const),
]);

/** Operations that give 0 or 1. */
const TESTS: ReadonlySet<string> = new Set([
  ...Object.keys(numbers.compare),
  ...Object.keys(numbers.floatCompare),
  ...["eqz", "refeq", "refne", "isnull"],
]);

/** The result depends on where in the function it is computed: on the safepoints before, or on what a host says. */
const LOCAL: ReadonlySet<Op> = new Set<Op>(["carrier", "rawaddr", "rawref", "callhost"]);

export function commutes(op: Op): boolean {
  return COMMUTES.has(op);
}

export function isTest(op: Op): boolean {
  return TESTS.has(op);
}

const KEEPING: readonly Effect[] = ["writes", "throws", "safepoint", "slow-safepoint", "ends"];
const IDLE: ReadonlySet<Op> = new Set(
  (Object.keys(ops) as Op[]).filter((op) => !KEEPING.some((each) => does(op, each))),
);

/** Whether the instruction can go when nothing uses its result. Undefined behaviour need not be kept. */
export function isIdle(inst: Inst): boolean {
  return IDLE.has(inst.op) || inst.host?.pure === true;
}

/** Whether two instructions with equal operands give the same wherever in the function they stand. */
const REPEATS: ReadonlySet<Op> = new Set(
  (Object.keys(ops) as Op[]).filter(
    (op) =>
      !LOCAL.has(op) && ops[op].out !== "none" && (ops[op].does as readonly Effect[]).every((each) => each === "traps"),
  ),
);

export function isRepeatable(inst: Inst): boolean {
  return inst.result !== NO_VALUE && REPEATS.has(inst.op);
}
