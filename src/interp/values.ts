/**
 * What each operation gives that neither calls nor ends a block: one row per operation.
 * Invariant: nothing here is a safepoint.
 */
import type { Inst, Op, Type } from "#ir";
import { Bug } from "#support";
import type { Frame } from "./frame.ts";
import type { CellMemory, Narrow } from "./memory.ts";
import type { Cell, Two } from "./numbers.ts";
import * as numbers from "./numbers.ts";

/** What the plan of a function does once for all its activations. */
export type PlannedOp = "const";

/** Operations that the evaluator does itself: they call, throw, park, or end a block. */
export type ControlOp =
  | "alloc"
  | "poll"
  | "nullcheck"
  | "boundscheck"
  | "zerocheck"
  | "trap"
  | "ensure"
  | "call"
  | "calldyn"
  | "callvia"
  | "callhost"
  | "tailcall"
  | "jump"
  | "branch"
  | "switch"
  | "return"
  | "throw"
  | "unreachable";

/** Gives the result's cell; what an operation without a result gives is ignored. */
export type Compute = (frame: Frame, inst: Inst, memory: CellMemory) => Cell;

type On1 = Two<[number], [bigint], number, bigint>;
type On2 = Two<[number, number], [bigint, bigint], number, bigint>;

function one({ on32, on64 }: On1): Compute {
  return (frame, inst) => {
    const a = frame.arg(inst, 0);
    return typeof a === "number" ? on32(a) : on64(a);
  };
}

function two({ on32, on64 }: On2): Compute {
  return (frame, inst) => {
    const a = frame.arg(inst, 0);
    const b = frame.arg(inst, 1);
    return typeof a === "number" ? on32(a, Number(b)) : on64(a, BigInt(b));
  };
}

function divide(row: On2): Compute {
  const compute = two(row);
  return (frame, inst, memory) => {
    if (Number(frame.arg(inst, 1)) === 0) throw new Bug(`${inst.op} by zero`, { function: frame.plan.func.name });
    return compute(frame, inst, memory);
  };
}

function test({ on32, on64 }: Two<[number, number], [bigint, bigint], boolean, boolean>): Compute {
  return (frame, inst) => {
    const a = frame.arg(inst, 0);
    const b = frame.arg(inst, 1);
    return (typeof a === "number" ? on32(a, Number(b)) : on64(a, BigInt(b))) ? 1 : 0;
  };
}

/** The float an operand stands for. */
function float(frame: Frame, inst: Inst, index: number): number {
  const cell = frame.arg(inst, index);
  return typeof cell === "number" ? numbers.f32FromBits(cell) : numbers.f64FromBits(cell);
}

function floats(compute: (a: number, b: number) => number): Compute {
  return (frame, inst) => {
    const result = compute(float(frame, inst, 0), inst.args.length > 1 ? float(frame, inst, 1) : 0);
    return frame.typeOf(inst.args[0]!) === "f32" ? numbers.f32ToBits(result) : numbers.f64ToBits(result);
  };
}

function floatTest(compute: (a: number, b: number) => boolean): Compute {
  return (frame, inst) => (compute(float(frame, inst, 0), float(frame, inst, 1)) ? 1 : 0);
}

function sign(row: On2): Compute {
  return (frame, inst) => {
    const a = frame.arg(inst, 0);
    const b = inst.args.length > 1 ? frame.arg(inst, 1) : a;
    return typeof a === "number" ? row.on32(a, Number(b)) : row.on64(a, BigInt(b));
  };
}

function pointer(frame: Frame, inst: Inst, index = 0): number {
  return Number(frame.arg(inst, index));
}

/** Where a memory operation works: Wasm adds base and offset without wrapping. */
function address(frame: Frame, inst: Inst): number {
  return Number(frame.arg(inst, 0)) + inst.imm;
}

function load(width: Narrow): Compute {
  return (frame, inst, memory) => memory.loadNarrow(width, address(frame, inst));
}

const storeAny: Compute = (frame, inst, memory) => {
  memory.store(frame.typeOf(inst.args[1]!), address(frame, inst), frame.arg(inst, 1));
  return 0;
};

/** The write barrier, behind a store into a traced field. */
function marking(compute: Compute): Compute {
  return (frame, inst, memory) => {
    const result = compute(frame, inst, memory);
    memory.markCard(address(frame, inst));
    return result;
  };
}

function atomicNarrow(bytes: 1 | 2): Compute {
  return (frame, inst, memory) => {
    memory.atomicStoreNarrow(bytes, address(frame, inst), pointer(frame, inst, 1));
    return 0;
  };
}

function storeNarrow(bytes: 1 | 2): Compute {
  return (frame, inst, memory) => {
    memory.storeNarrow(bytes, address(frame, inst), pointer(frame, inst, 1));
    return 0;
  };
}

type Update = Two<[Int32Array, number, number], [BigInt64Array, number, bigint], number, bigint>;

function update({ on32, on64 }: Update): Compute {
  return (frame, inst, memory) => {
    const operand = frame.arg(inst, 1);
    return memory.atomic(
      frame.typeOf(inst.args[1]!),
      address(frame, inst),
      (array, index) => on32(array, index, Number(operand)),
      (array, index) => on64(array, index, BigInt(operand)),
    );
  };
}

const swap: Update = {
  on32: (array, index, value) => Atomics.exchange(array, index, value | 0),
  on64: (array, index, value) => Atomics.exchange(array, index, value),
};

const set: Update = {
  on32: (array, index, value) => Atomics.store(array, index, value | 0),
  on64: (array, index, value) => Atomics.store(array, index, value),
};

const compareAndSwap: Compute = (frame, inst, memory) => {
  const expected = frame.arg(inst, 1);
  const replacement = frame.arg(inst, 2);
  return memory.atomic(
    frame.typeOf(inst.args[1]!),
    address(frame, inst),
    (array, index) => Atomics.compareExchange(array, index, Number(expected) | 0, Number(replacement) | 0),
    (array, index) => Atomics.compareExchange(array, index, BigInt(expected), BigInt(replacement)),
  );
};

function resultType(frame: Frame, inst: Inst): Type {
  return frame.typeOf(inst.result);
}

const { int1, int2, compare, float1, float2, floatCompare, signs } = numbers;

export const values = {
  add: two(int2.add),
  sub: two(int2.sub),
  mul: two(int2.mul),
  sdiv: divide(int2.sdiv),
  udiv: divide(int2.udiv),
  srem: divide(int2.srem),
  urem: divide(int2.urem),
  and: two(int2.and),
  or: two(int2.or),
  xor: two(int2.xor),
  shl: two(int2.shl),
  sshr: two(int2.sshr),
  ushr: two(int2.ushr),
  rotl: two(int2.rotl),
  rotr: two(int2.rotr),
  clz: one(int1.clz),
  ctz: one(int1.ctz),
  popcnt: one(int1.popcnt),
  sext8: one(int1.sext8),
  sext16: one(int1.sext16),
  sext32: one(int1.sext32),
  eqz: (frame, inst) => (Number(frame.arg(inst, 0)) === 0 ? 1 : 0),
  eq: test(compare.eq),
  ne: test(compare.ne),
  slt: test(compare.slt),
  sle: test(compare.sle),
  sgt: test(compare.sgt),
  sge: test(compare.sge),
  ult: test(compare.ult),
  ule: test(compare.ule),
  ugt: test(compare.ugt),
  uge: test(compare.uge),

  fadd: floats(float2.fadd),
  fsub: floats(float2.fsub),
  fmul: floats(float2.fmul),
  fdiv: floats(float2.fdiv),
  fmin: floats(float2.fmin),
  fmax: floats(float2.fmax),
  fcopysign: sign(signs.fcopysign),
  fneg: sign(signs.fneg),
  fabs: sign(signs.fabs),
  fsqrt: floats(float1.fsqrt),
  fceil: floats(float1.fceil),
  ffloor: floats(float1.ffloor),
  ftrunc: floats(float1.ftrunc),
  fnearest: floats(float1.fnearest),
  feq: floatTest(floatCompare.feq),
  fne: floatTest(floatCompare.fne),
  flt: floatTest(floatCompare.flt),
  fle: floatTest(floatCompare.fle),
  fgt: floatTest(floatCompare.fgt),
  fge: floatTest(floatCompare.fge),

  sext: (frame, inst) => BigInt(frame.arg(inst, 0)),
  zext: (frame, inst) => BigInt(Number(frame.arg(inst, 0)) >>> 0),
  wrap: (frame, inst) => Number(BigInt.asIntN(32, BigInt(frame.arg(inst, 0)))),
  stof: (frame, inst) => numbers.intToFloat(frame.arg(inst, 0), true, resultType(frame, inst) as "f32" | "f64"),
  utof: (frame, inst) => numbers.intToFloat(frame.arg(inst, 0), false, resultType(frame, inst) as "f32" | "f64"),
  ftos: (frame, inst) => numbers.floatToInt(float(frame, inst, 0), true, resultType(frame, inst) as "i32" | "i64"),
  ftou: (frame, inst) => numbers.floatToInt(float(frame, inst, 0), false, resultType(frame, inst) as "i32" | "i64"),
  promote: (frame, inst) => numbers.f64ToBits(float(frame, inst, 0)),
  demote: (frame, inst) => numbers.f32ToBits(float(frame, inst, 0)),
  bits: (frame, inst) => {
    const from = frame.arg(inst, 0);
    if (typeof from === "bigint") return from;
    return resultType(frame, inst) === "addr" ? from >>> 0 : from | 0;
  },

  refeq: (frame, inst) => (frame.arg(inst, 0) === frame.arg(inst, 1) ? 1 : 0),
  refne: (frame, inst) => (frame.arg(inst, 0) !== frame.arg(inst, 1) ? 1 : 0),
  isnull: (frame, inst) => (frame.arg(inst, 0) === 0 ? 1 : 0),
  ptradd: (frame, inst) => (pointer(frame, inst) + pointer(frame, inst, 1)) >>> 0,
  rawaddr: (frame, inst) => frame.arg(inst, 0),
  rawref: (frame, inst) => frame.arg(inst, 0),

  load: (frame, inst, memory) => memory.load(resultType(frame, inst), address(frame, inst)),
  load8s: load("8s"),
  load8u: load("8u"),
  load16s: load("16s"),
  load16u: load("16u"),
  store: storeAny,
  store8: storeNarrow(1),
  store16: storeNarrow(2),
  refstore: marking(storeAny),
  copy: (frame, inst, memory) => {
    memory.copy(pointer(frame, inst), pointer(frame, inst, 1), pointer(frame, inst, 2) >>> 0);
    return 0;
  },
  refcopy: (frame, inst, memory) => {
    const [to, count] = [pointer(frame, inst), pointer(frame, inst, 2) >>> 0];
    memory.copy(to, pointer(frame, inst, 1), count);
    memory.markCards(to, count);
    return 0;
  },
  fill: (frame, inst, memory) => {
    memory.fill(pointer(frame, inst), pointer(frame, inst, 1) & 0xff, pointer(frame, inst, 2) >>> 0);
    return 0;
  },

  aload: (frame, inst, memory) =>
    memory.atomic(resultType(frame, inst), address(frame, inst), Atomics.load, Atomics.load),
  aload8u: (frame, inst, memory) => memory.atomicLoadNarrow(1, address(frame, inst)),
  aload16u: (frame, inst, memory) => memory.atomicLoadNarrow(2, address(frame, inst)),
  astore: update(set),
  astore8: atomicNarrow(1),
  astore16: atomicNarrow(2),
  arefstore: marking(update(set)),
  rstore: update(set),
  rstore8: atomicNarrow(1),
  rstore16: atomicNarrow(2),
  rrefstore: marking(update(set)),
  aadd: update({ on32: Atomics.add, on64: Atomics.add }),
  aand: update({ on32: Atomics.and, on64: Atomics.and }),
  aor: update({ on32: Atomics.or, on64: Atomics.or }),
  axor: update({ on32: Atomics.xor, on64: Atomics.xor }),
  aswap: update(swap),
  arefswap: marking(update(swap)),
  acas: compareAndSwap,
  arefcas: marking(compareAndSwap),
  fence: () => 0,
  afence: () => 0,

  stackaddr: (frame, inst) => frame.areaAddress(inst.imm),
  stackpointer: (frame) => frame.callerSp,
  carrier: (frame) => frame.carrier,
  ownslot: (frame) => frame.slot,
  select: (frame, inst) => frame.arg(inst, frame.arg(inst, 0) !== 0 ? 1 : 2),
} satisfies Record<Exclude<Op, ControlOp | PlannedOp>, Compute>;

/** The same by operation. */
export const COMPUTE: ReadonlyMap<Op, Compute> = new Map(Object.entries(values) as [Op, Compute][]);
