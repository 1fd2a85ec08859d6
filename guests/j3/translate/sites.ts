/**
 * The code of known call sites (known-sites.ts): calls of the same methods of the JDK, in the same order, as the method handles make that the
 * bootstrap methods of JDK 17 would give. So exceptions and their traces are the same: frames of method handles are hidden in both.
 */

import type { Value } from "#ir";
import { WRAPPERS } from "../classfile/index.ts";
import type { JField } from "../model/types.ts";
import { CONSTANT } from "./alias.ts";
import { callDirect } from "./dispatch.ts";
import { loadPlain } from "./fields.ts";
import { CONCAT_HELPER, type KnownSite } from "./known-sites.ts";
import type { Translation } from "./translation.ts";

const STRING = "Ljava/lang/String;";
/** StringConcatHelper: the coder is in bit 32 of what counts the length. */
const UTF16 = 1n << 32n;

/** Emits the call site; the arguments are off the operand stack. */
export function emitSite(t: Translation, site: KnownSite, args: readonly Value[]): Value {
  switch (site.kind) {
    case "concat": {
      const text = concatenate(t, site.parts, site.params, args);
      t.setNonNull(text);
      return text;
    }
    case "hashCode":
      return hashCodeOf(t, site.fields, args[0]!);
    case "equals":
      return equalsOf(t, site.record.record, site.fields, args[0]!, args[1]!);
  }
}

/** Calls a static method of the JDK. */
function call(t: Translation, owner: string, name: string, descriptor: string, args: readonly Value[]): Value {
  const method = t.env.libraryMethod(owner, name, descriptor);
  if (method === null) throw new Error(`the class library has no ${owner}.${name}${descriptor}`);
  t.ensureInitialized(method.holder);
  return callDirect(t, method, args);
}

const isReference = (descriptor: string): boolean => descriptor.charCodeAt(0) === 76 || descriptor.charCodeAt(0) === 91;

// ---- StringConcatFactory.generateMHInlineCopy -----------------------------------------------------------------------------------

function textOf(t: Translation, text: string): Value {
  return t.b.load("ref", t.b.addr(t.env.textRoot(text)), 0);
}

function concatenate(
  t: Translation,
  parts: readonly (string | null)[],
  params: readonly string[],
  args: readonly Value[],
): Value {
  const [first] = params as [string];
  if (parts.length === 1) return alone(t, first, args[0]!);
  if (parts.length === 2 && params.every(isReference)) {
    let next = 0;
    const both = parts.map((part) => (part === null ? args[next++]! : textOf(t, part)));
    return call(t, CONCAT_HELPER, "simpleConcat", `(Ljava/lang/Object;Ljava/lang/Object;)${STRING}`, both);
  }
  return joined(t, parts, params, args);
}

/** unaryConcat: a new string for an object. */
function alone(t: Translation, descriptor: string, value: Value): Value {
  if (isReference(descriptor)) return call(t, CONCAT_HELPER, "newStringOf", `(Ljava/lang/Object;)${STRING}`, [value]);
  const type = descriptor === "B" || descriptor === "S" ? "I" : descriptor;
  return call(t, "java/lang/String", "valueOf", `(${type})${STRING}`, [value]);
}

/** All arguments become strings or stay numbers; their lengths are summed up; the text is written from its end. */
function joined(
  t: Translation,
  parts: readonly (string | null)[],
  params: readonly string[],
  args: readonly Value[],
): Value {
  const { b } = t;
  const types: string[] = [];
  const values = args.map((value, i) => {
    const descriptor = params[i]!;
    const isFloat = descriptor === "F" || descriptor === "D";
    types.push(isFloat || isReference(descriptor) ? STRING : descriptor);
    if (isFloat) return call(t, "java/lang/String", "valueOf", `(${descriptor})${STRING}`, [value]);
    if (descriptor === STRING) {
      if (t.isNonNull(value)) return value;
      return b.typed("select", "ref", b.op("isnull", value), textOf(t, "null"), value);
    }
    return isReference(descriptor)
      ? call(t, CONCAT_HELPER, "stringOf", `(Ljava/lang/Object;)${STRING}`, [value])
      : value;
  });

  // What stands behind the last argument is counted and written by what makes the array.
  const suffix = parts[parts.length - 1] ?? null;
  const constants = parts.filter((part) => part !== null).join("");
  const before = constants.length - (suffix === null ? 0 : suffix.length);
  const isWide = [...constants].some((letter) => letter.charCodeAt(0) > 0xff);
  let coder = call(t, CONCAT_HELPER, "initialCoder", "()J", []);
  if (before !== 0) coder = b.op("add", coder, b.i64(BigInt(before)));
  if (isWide) coder = b.op("or", coder, b.i64(UTF16));
  values.forEach((value, i) => {
    coder = call(t, CONCAT_HELPER, "mix", `(J${types[i]})J`, [coder, value]);
  });
  const buffer =
    suffix === null
      ? call(t, CONCAT_HELPER, "newArray", "(J)[B", [coder])
      : call(t, CONCAT_HELPER, "newArrayWithSuffix", `(${STRING}J)[B`, [textOf(t, suffix), coder]);
  let argument = args.length;
  for (let i = parts.length - 1; i >= 0; i--) {
    if (parts[i] !== null) continue;
    argument -= 1;
    const text = parts[i - 1] ?? null;
    const prefix = text === null ? b.nullRef() : textOf(t, text);
    const descriptor = `(J[B${types[argument]}${STRING})J`;
    coder = call(t, CONCAT_HELPER, "prepend", descriptor, [coder, buffer, values[argument]!, prefix]);
  }
  return call(t, CONCAT_HELPER, "newString", `([BJ)${STRING}`, [buffer, coder]);
}

// ---- java.lang.runtime.ObjectMethods --------------------------------------------------------------------------------------------

const loadField = (t: Translation, field: JField, object: Value): Value =>
  loadPlain(t, field.descriptor.charCodeAt(0), object, field.offset);

/** makeHashCode: 31 times what there is, plus the next component's, from 0. */
function hashCodeOf(t: Translation, fields: readonly JField[], object: Value): Value {
  const { b } = t;
  t.nullcheck(object);
  let result = b.i32(0);
  for (const field of fields) {
    const wrapper = WRAPPERS[field.descriptor];
    const value = loadField(t, field, object);
    const hash =
      wrapper === undefined
        ? call(t, "java/util/Objects", "hashCode", "(Ljava/lang/Object;)I", [value])
        : call(t, wrapper, "hashCode", `(${field.descriptor})I`, [value]);
    result = b.op("add", b.op("mul", result, b.i32(31)), hash);
  }
  return result;
}

/** makeEquals: the same object, or one of the class with equal components, of which the last is compared first. */
function equalsOf(t: Translation, record: number, fields: readonly JField[], object: Value, other: Value): Value {
  const { b } = t;
  t.nullcheck(object);
  const done = b.block();
  const result = b.param(done, "i32");
  /** Goes on if the condition holds, else the result is the number. */
  const unless = (condition: Value, otherwise: number): void => {
    const next = b.block();
    const no = b.i32(otherwise);
    b.branch(condition, next, done, [], [no]);
    b.seal(next);
    b.switchTo(next);
  };
  unless(b.op("refne", object, other), 1);
  // The class word of null reads 0.
  unless(b.op("refeq", b.load("addr", other, 0, CONSTANT), b.addr(record)), 0);
  for (const field of [...fields].reverse()) {
    const mine = loadField(t, field, object);
    const yours = loadField(t, field, other);
    const { descriptor } = field;
    switch (descriptor) {
      case "F":
      case "D": {
        const order = call(t, WRAPPERS[descriptor]!, "compare", `(${descriptor}${descriptor})I`, [mine, yours]);
        unless(b.op("eqz", order), 0);
        break;
      }
      default:
        if (isReference(descriptor)) {
          const equal = call(t, "java/util/Objects", "equals", "(Ljava/lang/Object;Ljava/lang/Object;)Z", [
            mine,
            yours,
          ]);
          unless(equal, 0);
        } else unless(b.op("eq", mine, yours), 0);
    }
  }
  b.jump(done, [b.i32(1)]);
  b.seal(done);
  b.switchTo(done);
  return result;
}
