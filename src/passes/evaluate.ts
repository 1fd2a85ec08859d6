/**
 * Operations on constants.
 *
 * The arithmetic is the reference interpreter's own, so that what is computed here cannot differ from what it computes. A float
 * that is not a number is never computed: which bits it would have is for the machine to say.
 */
import { type Cell, numbers } from "#interp";
import { type Func, Inst, type Op, type Type, type Value } from "#ir";

/** A constant: a value of the interpreter and its type. */
export interface Constant {
  readonly type: Type;
  readonly cell: Cell;
}

type Evaluate = (args: readonly Constant[], out: Type) => Cell | undefined;

function float({ type, cell }: Constant): number {
  return type === "f32" ? numbers.f32FromBits(Number(cell)) : numbers.f64FromBits(BigInt(cell));
}

function floatCell(type: Type, number: number): Cell | undefined {
  if (Number.isNaN(number)) return undefined;
  const cell = type === "f32" ? numbers.f32ToBits(number) : numbers.f64ToBits(number);
  return cell;
}

const EVALUATE = new Map<string, Evaluate>();

for (const [op, row] of Object.entries(numbers.int2)) {
  const divides = numbers.divisions.includes(op);
  EVALUATE.set(op, ([a, b]) => {
    if (divides && Number(b!.cell) === 0) return undefined;
    return typeof a!.cell === "number" ? row.on32(a!.cell, Number(b!.cell)) : row.on64(a!.cell, BigInt(b!.cell));
  });
}
for (const [op, row] of Object.entries(numbers.int1)) {
  EVALUATE.set(op, ([a]) => (typeof a!.cell === "number" ? row.on32(a!.cell) : row.on64(a!.cell)));
}
for (const [op, row] of Object.entries(numbers.compare)) {
  EVALUATE.set(op, ([a, b]) => {
    const holds = typeof a!.cell === "number" ? row.on32(a!.cell, Number(b!.cell)) : row.on64(a!.cell, BigInt(b!.cell));
    return holds ? 1 : 0;
  });
}
for (const [op, compute] of Object.entries(numbers.float2)) {
  EVALUATE.set(op, ([a, b], out) => {
    // min and max of JavaScript and of the IR agree, but for NaNs, which are left alone.
    return floatCell(out, compute(float(a!), float(b!)));
  });
}
for (const [op, compute] of Object.entries(numbers.float1))
  EVALUATE.set(op, ([a], out) => floatCell(out, compute(float(a!))));
for (const [op, compute] of Object.entries(numbers.floatCompare)) {
  EVALUATE.set(op, ([a, b]) => (compute(float(a!), float(b!)) ? 1 : 0));
}
for (const [op, row] of Object.entries(numbers.signs)) {
  EVALUATE.set(op, ([a, b]) => {
    const other = (b ?? a)!.cell;
    return typeof a!.cell === "number" ? row.on32(a!.cell, Number(other)) : row.on64(a!.cell, BigInt(other));
  });
}

/** The rest of what can be computed without memory. */
const REST = {
  eqz: ([a]) => (Number(a!.cell) === 0 ? 1 : 0),
  sext: ([a]) => BigInt(a!.cell),
  zext: ([a]) => BigInt(Number(a!.cell) >>> 0),
  wrap: ([a]) => Number(BigInt.asIntN(32, BigInt(a!.cell))),
  stof: ([a], out) => numbers.intToFloat(a!.cell, true, out as "f32" | "f64"),
  utof: ([a], out) => numbers.intToFloat(a!.cell, false, out as "f32" | "f64"),
  ftos: ([a], out) => numbers.floatToInt(float(a!), true, out as "i32" | "i64"),
  ftou: ([a], out) => numbers.floatToInt(float(a!), false, out as "i32" | "i64"),
  promote: ([a]) => floatCell("f64", float(a!)),
  demote: ([a]) => floatCell("f32", float(a!)),
  bits: ([a], out) => (typeof a!.cell === "bigint" ? a!.cell : out === "addr" ? a!.cell >>> 0 : a!.cell | 0),
  refeq: ([a, b]) => (a!.cell === b!.cell ? 1 : 0),
  refne: ([a, b]) => (a!.cell !== b!.cell ? 1 : 0),
  isnull: ([a]) => (a!.cell === 0 ? 1 : 0),
  ptradd: ([a, b], out) => (out === "addr" ? (Number(a!.cell) + Number(b!.cell)) >>> 0 : undefined),
  rawaddr: ([a]) => a!.cell,
  select: ([c, a, b]) => (c!.cell !== 0 ? a! : b!).cell,
} satisfies Partial<Record<Op, Evaluate>>;

for (const [op, compute] of Object.entries(REST)) EVALUATE.set(op, compute);

/** Whether the operation can be computed at all when its operands are constants. */
export function canEvaluate(op: Op): boolean {
  return EVALUATE.has(op);
}

/** The result of an operation on constants; undefined if it has none, or none that every machine agrees on. */
export function evaluate(op: Op, args: readonly Constant[], out: Type): Cell | undefined {
  return EVALUATE.get(op)?.(args, out);
}

/** What a `const` holds. */
export function constantOf(func: Func, inst: Inst): Constant {
  const type = func.typeOf(inst.result);
  return { type, cell: type === "i64" || type === "f64" ? inst.bits : inst.imm };
}

/** A `const` that defines the value. */
export function constantInst(type: Type, cell: Cell, result: Value, pos: number): Inst {
  const inst = new Inst("const", [], pos);
  if (type === "i64" || type === "f64") inst.bits = BigInt(cell);
  else inst.imm = Number(cell);
  inst.result = result;
  return inst;
}
