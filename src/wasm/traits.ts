/**
 * What the code generator wants to know of each operation, derived from the table of operations, by dense numbers.
 */
import { type HostFunction, type Op, type OpSpec, ops } from "#ir";

/** How far the evaluation of an operation may be moved down, to the place where its result is used. */
export const MOVE_FREE = 0;
/** Not across a safepoint: it has to do with pointers. */
export const MOVE_POINTER = 1;
/** Not across a write or a safepoint. */
export const MOVE_LOAD = 2;
/** Only if no other effect lies between. */
export const MOVE_ORDERED = 3;
/** Not at all. */
export const MOVE_NEVER = 4;
/** Costs nothing: evaluated again at each use. */
export const MOVE_REPEAT = 5;

/** Bits of `traitsOf`. */
export const IS_SAFEPOINT = 1;
export const IS_SLOW_SAFEPOINT = 2;
export const IS_WRITE = 4;
/** A check or trap whose failing path calls a trap function. */
export const IS_CHECK = 8;
export const IS_THROW = 16;

/** The operations, numbered. */
export const OP_NAMES = Object.keys(ops) as Op[];
export const OP_NUMBER = Object.fromEntries(OP_NAMES.map((op, index) => [op, index])) as Readonly<Record<Op, number>>;

/** These are made anew wherever they are used. */
const REPEATED: ReadonlySet<Op> = new Set<Op>(["const", "carrier", "ownslot", "stackpointer", "stackaddr"]);

/** Operations that evaluate an operand more than once: bit n stands for operand n, which then has to be a local or repeatable. */
const REPEATS_OPERAND: Partial<Record<Op, number>> = {
  boundscheck: 0b11,
  ensure: 0b1,
  alloc: 0b1,
  sdiv: 0b11,
  calldyn: 0b1,
  tailcall: 0b1,
};

/** Number of leading operands that are evaluated after all others, last one first. */
const EVALUATED_LAST: Partial<Record<Op, number>> = { select: 1, calldyn: 1, tailcall: 1, callvia: 2 };

const POINTER_KINDS: ReadonlySet<string> = new Set(["ptr", "ref", "iref", "any"]);

function movability(op: Op, row: OpSpec): number {
  if (REPEATED.has(op)) return MOVE_REPEAT;
  const { does } = row;
  if (row.out === "none" || does.includes("slow-safepoint")) return MOVE_NEVER;
  if (does.includes("writes") || does.includes("safepoint") || does.includes("throws")) return MOVE_ORDERED;
  if (does.includes("reads")) return MOVE_LOAD;
  if (row.out === "ref" || row.in.some((kind) => POINTER_KINDS.has(kind))) return MOVE_POINTER;
  return MOVE_FREE;
}

function traits(op: Op, row: OpSpec): number {
  const { does } = row;
  let bits = 0;
  if (does.includes("safepoint") && !does.includes("ends")) bits |= IS_SAFEPOINT;
  if (does.includes("slow-safepoint")) bits |= IS_SLOW_SAFEPOINT;
  if (does.includes("writes")) bits |= IS_WRITE;
  if (op === "throw") bits |= IS_THROW;
  if (does.includes("throws") && bits === 0) bits |= IS_CHECK;
  return bits;
}

function column(value: (op: Op, row: OpSpec) => number): Uint8Array {
  return Uint8Array.from(OP_NAMES, (op) => value(op, ops[op]));
}

/** By operation number. */
export const MOVE: Uint8Array = column(movability);
export const TRAITS: Uint8Array = column(traits);
export const REPEATS: Uint8Array = column((op) => REPEATS_OPERAND[op] ?? 0);
export const LAST: Uint8Array = column((op) => EVALUATED_LAST[op] ?? 0);

/** Operations with traits of their own for some instructions. */
export const CALLHOST = OP_NUMBER.callhost;
export const JUMP = OP_NUMBER.jump;
export const SDIV = OP_NUMBER.sdiv;

/** A host function that is no safepoint and has no effect. */
export function isPure(host: HostFunction | null): boolean {
  return host?.pure === true;
}
