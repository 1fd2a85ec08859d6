/**
 * What each operation becomes: one arm per operation.
 *
 * An arm is either a list of opcodes by the class of the first operand (i32, i64, f32, f64; 0: not possible), which follow the operands,
 * or a function that writes everything itself.
 */
import type { Inst, Op, Value } from "#ir";
import { Bug } from "#support";
import { referenceAtomic, referenceCopy, referenceStore } from "./barrier.ts";
import { copyBytes } from "./copies.ts";
import type { Emitter } from "./emit.ts";
import { wasmType } from "./encode.ts";
import { CLASS_F32, CLASS_F64, CLASS_I32, CLASS_I64, classOfType } from "./flat.ts";
import {
  alloc,
  boundsCheck,
  callHost,
  callTable,
  ensure,
  nullCheck,
  poll,
  tailCall,
  trap,
  zeroCheck,
} from "./lower-calls.ts";
import {
  ATOMIC_I32_LOAD,
  MISC_MEMORY_FILL,
  OP_ELSE,
  OP_F32_CONST,
  OP_F64_CONST,
  OP_I32_ADD,
  OP_I32_CONST,
  OP_I32_DIV_S,
  OP_I32_EQ,
  OP_I32_EQZ,
  OP_I32_NE,
  OP_I32_SUB,
  OP_I64_CONST,
  OP_I64_DIV_S,
  OP_I64_EQ,
  OP_I64_SUB,
  OP_IF,
  OP_RETURN,
  OP_SELECT,
  OP_THROW,
  OP_UNREACHABLE,
  PREFIX_ATOMIC,
  PREFIX_MISC,
} from "./opcodes.ts";
import { ROLE_ROOT } from "./select.ts";
import { OP_NAMES } from "./traits.ts";

type Lowering = (e: Emitter, inst: Inst, at: number) => void;
export type Lower = readonly number[] | Lowering;

const int = (i32: number, i64: number): Lower => [i32, i64, 0, 0];
const float = (f32: number, f64: number): Lower => [0, 0, f32, f64];
const address = (opcode: number): Lower => [opcode, 0, 0, 0];
/** Nothing but its operand: same WebAssembly type. */
const same: Lower = (e, inst) => e.value(inst.args[0]!);

/** Plain loads and stores by class of the value: opcode and alignment. */
const LOADS = [0x28, 0x29, 0x2a, 0x2b] as const;
const STORES = [0x36, 0x37, 0x38, 0x39] as const;
const ALIGNMENTS = [2, 3, 2, 3] as const;

function narrowLoad(opcode: number, align: number): Lowering {
  return (e, inst) => e.memory(opcode, align, e.address(inst.args[0]!, inst.imm));
}

function narrowStore(opcode: number, align: number): Lowering {
  return (e, inst) => {
    const offset = e.address(inst.args[0]!, inst.imm);
    e.value(inst.args[1]!);
    e.memory(opcode, align, offset);
  };
}

function plainStore(e: Emitter, inst: Inst): void {
  const offset = e.address(inst.args[0]!, inst.imm);
  const value = inst.args[1]!;
  e.value(value);
  const valueClass = e.classOf(value);
  e.memory(STORES[valueClass]!, ALIGNMENTS[valueClass]!, offset);
}

/** A conversion to the type of the result: opcodes by class of the operand, then of the result. */
function conversion(rows: readonly (readonly number[])[], prefix = 0): Lower {
  return (e, inst) => {
    e.value(inst.args[0]!);
    if (prefix !== 0) e.out.byte(prefix);
    e.out.byte(rows[e.classOf(inst.args[0]!)]![e.classOf(inst.result)]!);
  };
}

/** An atomic access: operands, then the opcode for i32 or i64 by the class of `which`, "result" or an operand's number. */
function atomic(i32: number, i64: number, which: "result" | number): Lowering {
  return (e, inst) => {
    const offset = e.address(inst.args[0]!, inst.imm);
    for (let k = 1; k < inst.args.length; k++) e.value(inst.args[k]!);
    const valueClass = e.classOf(which === "result" ? inst.result : inst.args[which]!);
    if (valueClass > CLASS_I64) throw new Bug(`${inst.op} of a float`, { function: e.func.name });
    e.out.byte(PREFIX_ATOMIC);
    e.memory(valueClass === CLASS_I64 ? i64 : i32, valueClass === CLASS_I64 ? 3 : 2, offset);
  };
}

function narrowAtomic(opcode: number, align: number): Lowering {
  return (e, inst) => {
    const offset = e.address(inst.args[0]!, inst.imm);
    for (let k = 1; k < inst.args.length; k++) e.value(inst.args[k]!);
    e.out.byte(PREFIX_ATOMIC);
    e.memory(opcode, align, offset);
  };
}

/** A release store: a plain one on machines that keep stores in order. */
function released(plain: Lowering, ordered: Lowering): Lowering {
  return (e, inst, at) => (e.env.weakOrder ? ordered : plain)(e, inst, at);
}

function bits(e: Emitter, inst: Inst): void {
  const value = inst.args[0]!;
  e.value(value);
  const from = e.classOf(value);
  const to = e.classOf(inst.result);
  if (from === to) return;
  if (from === CLASS_I32 && to === CLASS_F32) e.out.byte(0xbe);
  else if (from === CLASS_F32 && to === CLASS_I32) e.out.byte(0xbc);
  else if (from === CLASS_I64 && to === CLASS_F64) e.out.byte(0xbf);
  else if (from === CLASS_F64 && to === CLASS_I64) e.out.byte(0xbd);
  else throw new Bug(`bits from ${e.func.typeOf(value)} to ${e.func.typeOf(inst.result)}`, { function: e.func.name });
}

function constant(e: Emitter, inst: Inst): void {
  const out = e.out;
  switch (classOfType(e.func.typeOf(inst.result))) {
    case CLASS_I32:
      e.i32(inst.imm);
      return;
    case CLASS_I64:
      out.byte(OP_I64_CONST);
      out.s64(inst.bits);
      return;
    case CLASS_F32:
      out.byte(OP_F32_CONST);
      out.fixed32(inst.imm);
      return;
    default:
      out.byte(OP_F64_CONST);
      out.fixed64(inst.bits);
  }
}

/** WebAssembly's division traps on MIN / -1, so that divisor is negation. */
function signedDivision(e: Emitter, inst: Inst): void {
  const [dividend, divisor] = inst.args as [Value, Value];
  const long = e.classOf(dividend) === CLASS_I64;
  const divide = long ? OP_I64_DIV_S : OP_I32_DIV_S;
  const known = e.constant(divisor);
  const isMinusOne = known !== null && (long ? known.bits === -1n : known.imm === -1);
  const zero = (): void => {
    e.out.byte(long ? OP_I64_CONST : OP_I32_CONST);
    e.out.byte(0);
  };
  const negate = (): void => {
    zero();
    e.value(dividend);
    e.out.byte(long ? OP_I64_SUB : OP_I32_SUB);
  };
  if (known !== null) {
    if (isMinusOne) {
      negate();
      return;
    }
    e.value(dividend);
    e.value(divisor);
    e.out.byte(divide);
    return;
  }
  e.value(divisor);
  e.out.byte(long ? OP_I64_CONST : OP_I32_CONST);
  e.out.byte(0x7f);
  e.out.byte(long ? OP_I64_EQ : OP_I32_EQ);
  e.hints.push(e.out.length, 0);
  e.open(OP_IF, wasmType(e.func.typeOf(dividend)));
  negate();
  e.out.byte(OP_ELSE);
  e.value(dividend);
  e.value(divisor);
  e.out.byte(divide);
  e.close();
}

function select(e: Emitter, inst: Inst): void {
  e.value(inst.args[1]!);
  e.value(inst.args[2]!);
  e.value(inst.args[0]!);
  e.out.byte(OP_SELECT);
}

function copy(e: Emitter, inst: Inst): void {
  const locals = inst.args.map(() => e.takeTemporary());
  for (const arg of inst.args) e.value(arg);
  for (const local of [...locals].reverse()) e.setLocal(local);
  copyBytes(e, locals[0]!, locals[1]!, locals[2]!);
  for (const local of locals) e.giveTemporary(local);
}

function pointerSum(e: Emitter, inst: Inst): void {
  e.value(inst.args[0]!);
  e.value(inst.args[1]!);
  e.out.byte(OP_I32_ADD);
}

// ---- the table ------------------------------------------------------------------------------------------------------------------

const controlFlow: Lower = (e, inst) => {
  throw new Bug(`${inst.op} is structure.ts's`, { function: e.func.name });
};

export const lowering = {
  const: constant,

  add: int(0x6a, 0x7c),
  sub: int(0x6b, 0x7d),
  mul: int(0x6c, 0x7e),
  sdiv: signedDivision,
  udiv: int(0x6e, 0x80),
  srem: int(0x6f, 0x81),
  urem: int(0x70, 0x82),
  and: int(0x71, 0x83),
  or: int(0x72, 0x84),
  xor: int(0x73, 0x85),
  shl: int(0x74, 0x86),
  sshr: int(0x75, 0x87),
  ushr: int(0x76, 0x88),
  rotl: int(0x77, 0x89),
  rotr: int(0x78, 0x8a),
  clz: int(0x67, 0x79),
  ctz: int(0x68, 0x7a),
  popcnt: int(0x69, 0x7b),
  eqz: int(0x45, 0x50),
  eq: int(0x46, 0x51),
  ne: int(0x47, 0x52),
  slt: int(0x48, 0x53),
  sle: int(0x4c, 0x57),
  sgt: int(0x4a, 0x55),
  sge: int(0x4e, 0x59),
  ult: int(0x49, 0x54),
  ule: int(0x4d, 0x58),
  ugt: int(0x4b, 0x56),
  uge: int(0x4f, 0x5a),
  sext8: int(0xc0, 0xc2),
  sext16: int(0xc1, 0xc3),
  sext32: int(0, 0xc4),

  fadd: float(0x92, 0xa0),
  fsub: float(0x93, 0xa1),
  fmul: float(0x94, 0xa2),
  fdiv: float(0x95, 0xa3),
  fmin: float(0x96, 0xa4),
  fmax: float(0x97, 0xa5),
  fcopysign: float(0x98, 0xa6),
  fneg: float(0x8c, 0x9a),
  fabs: float(0x8b, 0x99),
  fsqrt: float(0x91, 0x9f),
  fceil: float(0x8d, 0x9b),
  ffloor: float(0x8e, 0x9c),
  ftrunc: float(0x8f, 0x9d),
  fnearest: float(0x90, 0x9e),
  feq: float(0x5b, 0x61),
  fne: float(0x5c, 0x62),
  flt: float(0x5d, 0x63),
  fle: float(0x5f, 0x65),
  fgt: float(0x5e, 0x64),
  fge: float(0x60, 0x66),

  sext: address(0xac),
  zext: address(0xad),
  wrap: int(0, 0xa7),
  stof: conversion([
    [0, 0, 0xb2, 0xb7],
    [0, 0, 0xb4, 0xb9],
  ]),
  utof: conversion([
    [0, 0, 0xb3, 0xb8],
    [0, 0, 0xb5, 0xba],
  ]),
  ftos: conversion([[], [], [0, 4], [2, 6]], PREFIX_MISC),
  ftou: conversion([[], [], [1, 5], [3, 7]], PREFIX_MISC),
  promote: float(0xbb, 0),
  demote: float(0, 0xb6),
  bits,

  refeq: address(OP_I32_EQ),
  refne: address(OP_I32_NE),
  isnull: address(OP_I32_EQZ),
  ptradd: pointerSum,
  rawaddr: same,
  rawref: same,

  load: (e, inst) => {
    const offset = e.address(inst.args[0]!, inst.imm);
    if (e.env.weakOrder && e.func.types[inst.result] === "ref") {
      e.out.byte(PREFIX_ATOMIC);
      return e.memory(ATOMIC_I32_LOAD, 2, offset);
    }
    const valueClass = e.classOf(inst.result);
    e.memory(LOADS[valueClass]!, ALIGNMENTS[valueClass]!, offset);
  },
  load8s: narrowLoad(0x2c, 0),
  load8u: narrowLoad(0x2d, 0),
  load16s: narrowLoad(0x2e, 1),
  load16u: narrowLoad(0x2f, 1),
  store: plainStore,
  store8: narrowStore(0x3a, 0),
  store16: narrowStore(0x3b, 1),
  refstore: referenceStore,
  copy,
  refcopy: referenceCopy,
  fill: (e, inst) => {
    for (const arg of inst.args) e.value(arg);
    e.bulk(MISC_MEMORY_FILL, 1);
  },

  aload: atomic(0x10, 0x11, "result"),
  aload8u: narrowAtomic(0x12, 0),
  aload16u: narrowAtomic(0x13, 1),
  astore: atomic(0x17, 0x18, 1),
  astore8: narrowAtomic(0x19, 0),
  astore16: narrowAtomic(0x1a, 1),
  arefstore: referenceAtomic(0x17),
  rstore: released(plainStore, atomic(0x17, 0x18, 1)),
  rstore8: released(narrowStore(0x3a, 0), narrowAtomic(0x19, 0)),
  rstore16: released(narrowStore(0x3b, 1), narrowAtomic(0x1a, 1)),
  rrefstore: released(referenceStore, referenceAtomic(0x17)),
  aadd: atomic(0x1e, 0x1f, 1),
  aand: atomic(0x2c, 0x2d, 1),
  aor: atomic(0x33, 0x34, 1),
  axor: atomic(0x3a, 0x3b, 1),
  aswap: atomic(0x41, 0x42, 1),
  arefswap: referenceAtomic(0x41),
  acas: atomic(0x48, 0x49, 1),
  arefcas: referenceAtomic(0x48),
  fence: (e) => e.fence(),
  afence: (e) => {
    if (e.env.weakOrder) e.fence();
  },

  stackaddr: (e, inst) => e.areaAddress(inst.imm),
  stackpointer: (e) => e.incomingSp(),
  carrier: (e) => e.carrier(),
  alloc,
  poll,

  nullcheck: nullCheck,
  boundscheck: boundsCheck,
  zerocheck: zeroCheck,
  trap,
  ensure,

  call: (e, inst, at) => {
    const own = inst.signature === null ? -1 : e.module.ownFunction(inst.imm, inst.signature);
    const target = () => {
      e.i32(inst.imm);
      if (own < 0) e.i32(inst.imm);
    };
    callTable(e, inst, at, 0, target, own);
  },
  calldyn: (e, inst, at) =>
    callTable(e, inst, at, 1, () => {
      e.value(inst.args[0]!);
      e.value(inst.args[0]!);
    }),
  callvia: (e, inst, at) =>
    callTable(e, inst, at, 2, () => {
      e.value(inst.args[1]!);
      e.value(inst.args[0]!);
    }),
  callhost: callHost,
  tailcall: tailCall,
  ownslot: (e) => e.getLocal(e.locals.slotLocal),

  select,
  jump: controlFlow,
  branch: controlFlow,
  switch: controlFlow,
  return: (e, inst) => {
    for (const arg of inst.args) e.value(arg);
    e.out.byte(OP_RETURN);
  },
  throw: (e, inst) => {
    e.value(inst.args[0]!);
    if (inst.unwind !== null) {
      e.structure.throwTo(inst.unwind);
      return;
    }
    e.out.byte(OP_THROW);
    e.out.u32(e.tag());
  },
  unreachable: (e) => e.out.byte(OP_UNREACHABLE),
} satisfies Record<Op, Lower>;

/** The arms by operation number; opcodes by operation number and class, 0 where a function is to be called. */
const ARMS: readonly Lower[] = OP_NAMES.map((op) => lowering[op]);
const SIMPLE: Uint8Array = Uint8Array.from(ARMS.flatMap((arm) => (typeof arm === "function" ? [0, 0, 0, 0] : arm)));

/** Writes an instruction with the trees of its operands; a result is left on the stack (that of `alloc`: in its local). */
export function lowerInst(e: Emitter, at: number): void {
  const inst = e.flat.code[at]!;
  const op = e.flat.ops[at]!;
  const arm = ARMS[op]!;
  if (typeof arm === "function") {
    arm(e, inst, at);
    return;
  }
  const args = inst.args;
  const opcode = SIMPLE[4 * op + e.flat.classOf[args[0]!]!]!;
  if (opcode === 0) throw new Bug(`${inst.op} of ${e.func.typeOf(args[0]!)}`, { function: e.func.name });
  for (let k = 0; k < args.length; k++) e.value(args[k]!);
  e.out.byte(opcode);
}

/** Inverses of comparisons, by opcode; 0: none. */
const INVERSE: Uint8Array = (() => {
  const inverse = new Uint8Array(256);
  const pair = (a: number, b: number): void => {
    inverse[a] = b;
    inverse[b] = a;
  };
  for (const base of [0x46, 0x51]) {
    pair(base, base + 1); // eq, ne
    pair(base + 2, base + 8); // lt_s, ge_s
    pair(base + 3, base + 9); // lt_u, ge_u
    pair(base + 4, base + 6); // gt_s, le_s
    pair(base + 5, base + 7); // gt_u, le_u
  }
  pair(0x5b, 0x5c);
  pair(0x61, 0x62);
  return inverse;
})();

/** Pushes a condition, or its negation. */
export function lowerCondition(e: Emitter, value: Value, negated: boolean): void {
  const at = e.flat.defAt[value]!;
  if (at >= 0 && e.roles[at] !== ROLE_ROOT) {
    const inst = e.flat.code[at]!;
    const op = inst.op;
    const first = inst.args[0];
    if (op === "isnull" || (op === "eqz" && e.classOf(first!) === CLASS_I32)) {
      if (negated) e.value(first!);
      else {
        e.value(first!);
        e.out.byte(OP_I32_EQZ);
      }
      return;
    }
    if (negated && first !== undefined) {
      const opcode = SIMPLE[4 * e.flat.ops[at]! + e.classOf(first)]!;
      const inverse = opcode === 0 ? 0 : INVERSE[opcode]!;
      if (inverse !== 0) {
        for (const arg of inst.args) e.value(arg);
        e.out.byte(inverse);
        return;
      }
    }
  }
  e.value(value);
  if (negated) e.out.byte(OP_I32_EQZ);
}
