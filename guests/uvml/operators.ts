/** The code of the primitives: operators, conversions, lists, printing. */
import {
  absolute,
  arithmetic,
  type Builder,
  compared,
  converted,
  type Kind,
  type NumberOp,
  narrowed,
  negated,
  type Op,
  shifted,
  typeOfKind,
  type Value,
} from "#ir";
import type { Compiler } from "./compiler.ts";
import type { Emitter } from "./emit.ts";
import { ARRAY_DATA, CONS_FIRST, CONS_REST, kindOf, loadOf, repr, THREAD_RESULT, THREAD_RESULT_REF } from "./layout.ts";
import { RESULT_F32, RESULT_F64, RESULT_I32, RESULT_I64, RESULT_REF } from "./natives/signatures.ts";
import type { PrimitiveName } from "./primitives.ts";
import { isPrim, partOf, prune, STRING, type Type } from "./types.ts";

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

/** Left to right. */
function folding(fold: (b: Builder, kind: Kind, left: Value, right: Value) => Value): Operator {
  return ({ e, values, type }) => values.reduce((left, right) => fold(e.b, kindOf(type)!, left, right));
}

function number(name: NumberOp): Operator {
  return folding((b, kind, left, right) => arithmetic(b, name, kind, left, right));
}

function bitwise(op: Op): Operator {
  return folding((b, _kind, left, right) => b.op(op, left, right));
}

function float(op: Op): Operator {
  return ({ e, values }) => e.b.op(op, values[0]!);
}

function compare(name: Parameters<typeof compared>[1], reference: Op = "refeq"): Operator {
  return ({ e, values: [left, right], types: [type] }) => {
    const kind = kindOf(type!);
    return kind === null ? e.b.op(reference, left!, right!) : compared(e.b, name, kind, left!, right!);
  };
}

const remainder = number("rem");
const convert: Operator = ({ e, values, types, type }) => converted(e.b, kindOf(types[0]!)!, kindOf(type)!, values[0]!);

function shift(left: boolean): Operator {
  return ({ e, values, types, type }) => {
    const kind = kindOf(type)!;
    const by = converted(e.b, kindOf(types[1]!)!, typeOfKind(kind) === "i64" ? "u64" : "u32", values[1]!);
    return shifted(e.b, left, kind, values[0]!, by);
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

const equal = compare("eq");

export const OPERATORS: Readonly<Record<Exclude<PrimitiveName, "assert">, Operator>> = {
  "+": number("add"),
  "-": (o) => (o.values.length === 1 ? negated(o.e.b, kindOf(o.type)!, o.values[0]!) : number("sub")(o)),
  "*": number("mul"),
  "/": number("div"),
  "%": (o) => {
    const { e, values, type } = o;
    if (repr(type) === "f64") return e.native("fmod", values);
    if (repr(type) !== "f32") return remainder(o);
    return e.b.op(
      "demote",
      e.native(
        "fmod",
        values.map((value) => e.b.op("promote", value)),
      ),
    );
  },
  min: number("min"),
  max: number("max"),
  abs: ({ e, values, type }) => absolute(e.b, kindOf(type)!, values[0]!),
  sqrt: float("fsqrt"),
  floor: float("ffloor"),
  ceil: float("fceil"),
  trunc: float("ftrunc"),
  round: float("fnearest"),
  "&": bitwise("and"),
  "bit-or": bitwise("or"),
  "^": bitwise("xor"),
  "~": ({ e, values, type }) => narrowed(e.b, kindOf(type)!, e.b.op("xor", values[0]!, e.number(type, -1))),
  "<<": shift(true),
  ">>": shift(false),
  "=": equal,
  "!=": compare("ne", "refne"),
  "<": compare("lt"),
  ">": compare("gt"),
  "<=": compare("le"),
  ">=": compare("ge"),
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
