/** The code of the primitives: operators, conversions, lists, printing. */
import type { Op, Value } from "#ir";
import type { Emitter } from "./emit.ts";
import type { Generator } from "./generate.ts";
import { CONS_FIRST, CONS_REST, loadOf, repr, THREAD_RESULT, THREAD_RESULT_REF } from "./layout.ts";
import { RESULT_F32, RESULT_F64, RESULT_I32, RESULT_I64, RESULT_REF } from "./natives/signatures.ts";
import type { CallNode, PrimitiveName } from "./primitives.ts";
import { ANY, bitsOf, I32, isInteger, isPrim, numberName, prim, prune, type Type, typeText } from "./types.ts";

/** Emits a call of a primitive; `type` is that of the result. */
export type Operator = (g: Generator, node: CallNode, type: Type) => Value;

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
  return (g, node, type) => {
    const values = node.args.map((arg) => g.value(arg));
    if (values.length === 1) return alone(g.e, type, values[0]!);
    return values.reduce((left, right) => fold(g.e, type, left, right));
  };
}

const negate = (e: Emitter, type: Type, value: Value) =>
  isFloat(type) ? e.b.op("fneg", value) : narrowed(e, e.b.op("sub", e.number(type, 0), value), type);

function absolute(e: Emitter, type: Type, value: Value): Value {
  if (isFloat(type)) return e.b.op("fabs", value);
  if (isUnsigned(type)) return value;
  return e.b.typed("select", repr(type), e.b.op("slt", value, e.number(type, 0)), negate(e, type, value), value);
}

function float(op: Op): Operator {
  return (g, node) => g.b.op(op, g.value(node.args[0]!));
}

function compare(signed: Op, unsigned: Op, floating: Op, reference?: Op): Operator {
  return (g, node) => {
    const type = g.typeOf(node.args[0]!);
    const [left, right] = [g.value(node.args[0]!), g.value(node.args[1]!)];
    const kind = repr(type);
    const op = isFloat(type)
      ? floating
      : kind === "ref" || kind === "addr"
        ? reference!
        : isUnsigned(type)
          ? unsigned
          : signed;
    return g.b.op(op, left, right);
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

const convert: Operator = (g, node) =>
  converted(g.e, g.value(node.args[0]!), g.typeOf(node.args[0]!), prim(node.name as "i32"));

function shift(left: boolean): Operator {
  return (g, node, type) => {
    const [value, distance] = [g.value(node.args[0]!), g.value(node.args[1]!)];
    const by = converted(g.e, distance, g.typeOf(node.args[1]!), repr(type) === "i64" ? prim("u64") : prim("u32"));
    return narrowed(g.e, g.b.op(left ? "shl" : isUnsigned(type) ? "ushr" : "sshr", value, by), type);
  };
}

/** (car x) and (cdr x). */
function part(first: boolean): Operator {
  return (g, node) => {
    const [arg] = node.args;
    const type = prune(g.typeOf(arg!));
    const value = g.value(arg!);
    if (type.kind !== "list") return g.e.call(g.compiler.anyPart(first), "(r)r", [value]);
    g.e.nullcheck(value);
    return first ? g.b.load(loadOf(type.of), value, CONS_FIRST) : g.b.load("ref", value, CONS_REST);
  };
}

const length: Operator = (g, node) => {
  const [arg] = node.args;
  const type = prune(g.typeOf(arg!));
  const value = g.value(arg!);
  if (type.kind === "array" || isPrim(type, "string")) return g.e.length(value);
  return g.e.call(g.compiler.listLength(), "(r)i", [value]);
};

function parts(g: Generator, node: CallNode, from: number) {
  return node.args.slice(from).map((arg) => ({ value: g.value(arg), type: g.typeOf(arg) }));
}

function printing(native: "print-string" | "eprint-string", line: boolean): Operator {
  return (g, node) => {
    const all = parts(g, node, 0);
    if (line) all.push({ value: g.e.string("\n"), type: prim("string") });
    return all.length === 0 ? g.b.i32(0) : g.e.native(native, [g.e.text(all)]);
  };
}

const failing: Operator = (g, node, type) => {
  g.e.native("fail", [g.e.symbol("error"), g.e.text(parts(g, node, 0))]);
  return g.never(type);
};

const assertion: Operator = (g, node) => {
  const holds = g.value(node.args[0]!);
  g.e.unless(g.b.op("eqz", holds), () => {
    const mark = g.e.mark();
    const message = node.args.length > 1 ? g.e.text(parts(g, node, 1)) : g.e.string("assertion failed");
    g.e.native("fail", [g.e.symbol("assert"), message]);
    g.e.forget(mark);
  });
  return g.b.i32(0);
};

const RESULTS: Readonly<Record<string, number>> = {
  i32: RESULT_I32,
  i64: RESULT_I64,
  f32: RESULT_F32,
  f64: RESULT_F64,
  ref: RESULT_REF,
};

const equal = compare("eq", "eq", "feq", "refeq");
const unequal = compare("ne", "ne", "fne", "refne");

export const OPERATORS: Readonly<Record<PrimitiveName, Operator>> = {
  "+": folding(added),
  "-": folding(byKind("sub", "fsub"), negate),
  "*": folding(byKind("mul", "fmul")),
  "/": folding(divide),
  "%": folding(remainder),
  min: folding(extreme("fmin", "slt", "ult")),
  max: folding(extreme("fmax", "sgt", "ugt")),
  abs: (g, node, type) => absolute(g.e, type, g.value(node.args[0]!)),
  sqrt: float("fsqrt"),
  floor: float("ffloor"),
  ceil: float("fceil"),
  trunc: float("ftrunc"),
  round: float("fnearest"),
  "&": folding((e, _type, left, right) => e.b.op("and", left, right)),
  "bit-or": folding((e, _type, left, right) => e.b.op("or", left, right)),
  "^": folding((e, _type, left, right) => e.b.op("xor", left, right)),
  "~": (g, node, type) => narrowed(g.e, g.b.op("xor", g.value(node.args[0]!), g.e.number(type, -1)), type),
  "<<": shift(true),
  ">>": shift(false),
  "=": equal,
  "!=": unequal,
  "<": compare("slt", "ult", "flt"),
  ">": compare("sgt", "ugt", "fgt"),
  "<=": compare("sle", "ule", "fle"),
  ">=": compare("sge", "uge", "fge"),
  "eq?": equal,
  not: (g, node) => g.b.op("eqz", g.value(node.args[0]!)),
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
  any: (g, node) => g.boxed(node.args[0]!),
  cons: (g, node, type) => {
    const at = prune(type);
    const [first, rest] = node.args as [CallNode, CallNode];
    const element = at.kind === "list" ? at.of : ANY;
    const value = isPrim(element, "any") ? g.boxed(first) : g.value(first);
    return g.e.cons(element, value, g.value(rest));
  },
  car: part(true),
  cdr: part(false),
  "null?": (g, node) => {
    const value = g.value(node.args[0]!);
    return repr(g.typeOf(node.args[0]!)) === "i64" ? g.b.op("eqz", value) : g.b.op("isnull", value);
  },
  length,
  "string-length": length,
  aref: (g, node, type) => {
    const [array, index] = [g.value(node.args[0]!), g.value(node.args[1]!)];
    return g.b.load(loadOf(type), g.e.element(array, index, type), 8);
  },
  free: (g, node) => {
    const at = prune(g.typeOf(node.args[0]!));
    const record = g.compiler.runtime.records.of(at.kind === "ptr" ? at.of : at);
    g.e.raw("%pool-free", [g.value(node.args[0]!), g.b.addr(record)]);
    return g.b.i32(0);
  },
  spawn: (g, node, type) => {
    const at = prune(type);
    const kind = RESULTS[repr(at.kind === "thread" ? at.of : I32)]!;
    const thunk = g.value(node.args[0]!);
    g.e.nullcheck(thunk);
    return g.e.raw("%spawn", [thunk, g.b.addr(g.compiler.runtime.records.of(type)), g.b.i32(kind)]);
  },
  join: (g, node, type) => {
    const thread = g.value(node.args[0]!);
    g.e.nullcheck(thread);
    g.e.call(g.compiler.runtime.helper("join"), "(r)v", [thread]);
    const kind = repr(type);
    return g.b.load(kind, thread, kind === "ref" ? THREAD_RESULT_REF : THREAD_RESULT);
  },
  str: (g, node) => g.e.text(parts(g, node, 0)),
  print: printing("print-string", false),
  println: printing("print-string", true),
  eprint: printing("eprint-string", false),
  eprintln: printing("eprint-string", true),
  "append!": (g, node) => {
    const builder = g.value(node.args[0]!);
    for (const { value, type } of parts(g, node, 1)) g.e.append(builder, value, type);
    return g.b.i32(0);
  },
  error: failing,
  assert: assertion,
};
