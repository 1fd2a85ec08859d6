/** The code of the primitives: operators, conversions, lists, printing. */
import type { Op, Value } from "#ir";
import type { Compiler } from "./compiler.ts";
import type { Emitter } from "./emit.ts";
import { ARRAY_DATA, CONS_FIRST, CONS_REST, loadOf, repr, THREAD_RESULT, THREAD_RESULT_REF } from "./layout.ts";
import { RESULT_F32, RESULT_F64, RESULT_I32, RESULT_I64, RESULT_REF } from "./natives/signatures.ts";
import type { PrimitiveName } from "./primitives.ts";
import { bitsOf, isInteger, isPrim, numberName, partOf, prim, prune, STRING, type Type, typeText } from "./types.ts";

/** A call of a primitive whose arguments have been emitted. */
export interface Operation {
  readonly e: Emitter;
  readonly values: readonly Value[];
  readonly types: readonly Type[];
  /** Of the result. */
  readonly type: Type;
  readonly compiler: Compiler;
}

type Operator = (operation: Operation) => Value;

function nameOf(type: Type): string {
  const at = prune(type);
  return at.kind === "prim" ? at.name : typeText(at);
}

function isFloat(type: Type): boolean {
  return repr(type) === "f32" || repr(type) === "f64";
}

function isUnsigned(type: Type): boolean {
  return !/^i\d/.test(nameOf(type));
}

/** The value as one of a narrow integer type. */
export function narrowed(e: Emitter, value: Value, type: Type): Value {
  switch (nameOf(type)) {
    case "i8":
      return e.b.op("sext8", value);
    case "i16":
      return e.b.op("sext16", value);
    case "u8":
      return e.b.op("and", value, e.b.i32(0xff));
    case "u16":
      return e.b.op("and", value, e.b.i32(0xffff));
    default:
      return value;
  }
}

type Fold = (e: Emitter, type: Type, left: Value, right: Value) => Value;

function byKind(integer: Op, float: Op): Fold {
  return (e, type, left, right) =>
    isFloat(type) ? e.b.op(float, left, right) : narrowed(e, e.b.op(integer, left, right), type);
}

/** The sum of two numbers. */
export const added: Fold = byKind("add", "fadd");

/** The operation that compares numbers of the type. */
export function lessThan(type: Type): Op {
  return isFloat(type) ? "flt" : isUnsigned(type) ? "ult" : "slt";
}

const divide: Fold = (e, type, left, right) => {
  if (isFloat(type)) return e.b.op("fdiv", left, right);
  e.b.op("zerocheck", right);
  return narrowed(e, e.b.op(isUnsigned(type) ? "udiv" : "sdiv", left, right), type);
};

const remainder: Fold = (e, type, left, right) => {
  const { b } = e;
  if (repr(type) === "f64") return e.native("fmod", [left, right]);
  if (repr(type) === "f32") return b.op("demote", e.native("fmod", [b.op("promote", left), b.op("promote", right)]));
  b.op("zerocheck", right);
  return b.op(isUnsigned(type) ? "urem" : "srem", left, right);
};

function extreme(float: Op, signed: Op, unsigned: Op): Fold {
  return (e, type, left, right) => {
    if (isFloat(type)) return e.b.op(float, left, right);
    const first = e.b.op(isUnsigned(type) ? unsigned : signed, left, right);
    return e.b.typed("select", repr(type), first, left, right);
  };
}

/** Left to right; `alone` is what a single argument means. */
function folding(
  fold: Fold,
  alone: (e: Emitter, type: Type, value: Value) => Value = (_e, _type, value) => value,
): Operator {
  return ({ e, values, type }) =>
    values.length === 1 ? alone(e, type, values[0]!) : values.reduce((left, right) => fold(e, type, left, right));
}

const negate = (e: Emitter, type: Type, value: Value) =>
  isFloat(type) ? e.b.op("fneg", value) : narrowed(e, e.b.op("sub", e.number(type, 0), value), type);

function absolute(e: Emitter, type: Type, value: Value): Value {
  if (isFloat(type)) return e.b.op("fabs", value);
  if (isUnsigned(type)) return value;
  return e.b.typed("select", repr(type), e.b.op("slt", value, e.number(type, 0)), negate(e, type, value), value);
}

function float(op: Op): Operator {
  return ({ e, values }) => e.b.op(op, values[0]!);
}

function compare(signed: Op, unsigned: Op, floating: Op, reference = signed): Operator {
  return ({ e, values, types }) => {
    const type = types[0]!;
    const isRef = repr(type) === "ref" || repr(type) === "addr";
    return e.b.op(isFloat(type) ? floating : isRef ? reference : isUnsigned(type) ? unsigned : signed, ...values);
  };
}

/** A number, character or boolean as another type. */
export function converted(e: Emitter, value: Value, from: Type, to: Type): Value {
  const { b } = e;
  const [source, target] = [repr(from), repr(to)];
  const name = numberName(to);
  if (name === null || isInteger(name)) {
    const unsigned = isUnsigned(to);
    if (source === "f32" || source === "f64") {
      const whole = b.typed(unsigned && (name === null || bitsOf(name) >= 32) ? "ftou" : "ftos", target, value);
      return narrowed(e, whole, to);
    }
    if (source === target) return narrowed(e, value, to);
    return source === "i64" ? narrowed(e, b.op("wrap", value), to) : b.op(isUnsigned(from) ? "zext" : "sext", value);
  }
  if (source === target) return value;
  if (source === "f32") return b.op("promote", value);
  if (source === "f64") return b.op("demote", value);
  return b.typed(isUnsigned(from) ? "utof" : "stof", target, value);
}

const convert: Operator = ({ e, values, types, type }) => converted(e, values[0]!, types[0]!, type);

function shift(left: boolean): Operator {
  return ({ e, values, types, type }) => {
    const by = converted(e, values[1]!, types[1]!, repr(type) === "i64" ? prim("u64") : prim("u32"));
    return narrowed(e, e.b.op(left ? "shl" : isUnsigned(type) ? "ushr" : "sshr", values[0]!, by), type);
  };
}

/** (car x) and (cdr x). */
function part(first: boolean): Operator {
  return ({ e, values: [list], types: [of], compiler }) => {
    if (isPrim(of!, "any")) return e.call(compiler.anyPart(first), "(r)r", [list!]);
    e.nullcheck(list!);
    return first ? e.b.load(loadOf(partOf(of!)), list!, CONS_FIRST) : e.b.load("ref", list!, CONS_REST);
  };
}

const length: Operator = ({ e, values: [value], types: [type], compiler }) =>
  prune(type!).kind === "array" || isPrim(type!, "string")
    ? e.length(value!)
    : e.call(compiler.listLength(), "(r)i", [value!]);

function printing(native: "print-string" | "eprint-string", line: boolean): Operator {
  return ({ e, values, types }) => {
    const end = line ? [e.string("\n")] : [];
    if (values.length + end.length === 0) return e.b.i32(0);
    return e.native(native, [e.text([...values, ...end], [...types, ...end.map(() => STRING)])]);
  };
}

const RESULTS: Readonly<Record<string, number>> = {
  i32: RESULT_I32,
  i64: RESULT_I64,
  f32: RESULT_F32,
  f64: RESULT_F64,
  ref: RESULT_REF,
};

const equal = compare("eq", "eq", "feq", "refeq");

export const OPERATORS: Readonly<Record<Exclude<PrimitiveName, "assert">, Operator>> = {
  "+": folding(added),
  "-": folding(byKind("sub", "fsub"), negate),
  "*": folding(byKind("mul", "fmul")),
  "/": folding(divide),
  "%": folding(remainder),
  min: folding(extreme("fmin", "slt", "ult")),
  max: folding(extreme("fmax", "sgt", "ugt")),
  abs: ({ e, values, type }) => absolute(e, type, values[0]!),
  sqrt: float("fsqrt"),
  floor: float("ffloor"),
  ceil: float("fceil"),
  trunc: float("ftrunc"),
  round: float("fnearest"),
  "&": folding((e, _type, left, right) => e.b.op("and", left, right)),
  "bit-or": folding((e, _type, left, right) => e.b.op("or", left, right)),
  "^": folding((e, _type, left, right) => e.b.op("xor", left, right)),
  "~": ({ e, values, type }) => narrowed(e, e.b.op("xor", values[0]!, e.number(type, -1)), type),
  "<<": shift(true),
  ">>": shift(false),
  "=": equal,
  "!=": compare("ne", "ne", "fne", "refne"),
  "<": compare("slt", "ult", "flt"),
  ">": compare("sgt", "ugt", "fgt"),
  "<=": compare("sle", "ule", "fle"),
  ">=": compare("sge", "uge", "fge"),
  "eq?": equal,
  not: ({ e, values }) => e.b.op("eqz", values[0]!),
  i8: convert,
  i16: convert,
  i32: convert,
  i64: convert,
  u8: convert,
  u16: convert,
  u32: convert,
  u64: convert,
  f32: convert,
  f64: convert,
  char: convert,
  any: ({ e, values, types }) => e.box(values[0]!, types[0]!),
  cons: ({ e, values: [first, rest], types, type }) => {
    const element = isPrim(type, "any") ? type : partOf(type);
    return e.cons(element, isPrim(element, "any") ? e.box(first!, types[0]!) : first!, rest!);
  },
  car: part(true),
  cdr: part(false),
  "null?": ({ e, values: [value], types }) => e.b.op(repr(types[0]!) === "i64" ? "eqz" : "isnull", value!),
  length,
  "string-length": length,
  aref: ({ e, values: [array, index], type }) => e.b.load(loadOf(type), e.element(array!, index!, type), ARRAY_DATA),
  free: ({ e, values: [pointer], types }) => {
    e.raw("%pool-free", [pointer!, e.b.addr(e.runtime.records.of(partOf(types[0]!)))]);
    return e.b.i32(0);
  },
  spawn: ({ e, values: [thunk], type }) => {
    e.nullcheck(thunk!);
    const kind = e.b.i32(RESULTS[repr(partOf(type))]!);
    return e.raw("%spawn", [thunk!, e.b.addr(e.runtime.records.of(type)), kind]);
  },
  join: ({ e, values: [thread], type }) => {
    e.nullcheck(thread!);
    e.call(e.runtime.helper("join"), "(r)v", [thread!]);
    return e.b.load(repr(type), thread!, repr(type) === "ref" ? THREAD_RESULT_REF : THREAD_RESULT);
  },
  str: ({ e, values, types }) => e.text(values, types),
  print: printing("print-string", false),
  println: printing("print-string", true),
  eprint: printing("eprint-string", false),
  eprintln: printing("eprint-string", true),
  "append!": ({ e, values: [builder, ...values], types }) => {
    for (const [index, value] of values.entries()) e.append(builder!, value, types[index + 1]!);
    return e.b.i32(0);
  },
  error: ({ e, values, types, type }) => {
    e.native("fail", [e.symbol("error"), e.text(values, types)]);
    return e.never(type);
  },
};
