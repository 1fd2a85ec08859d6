/** System.arraycopy: what can be copied at once, element by element where each has to be checked, and the rest to the failing path. */
import { NO_VALUE, signature, type Value } from "#ir";
import { TYPE_ELEMENT_BYTES } from "#layout";
import { ARRAY_DATA, ARRAY_LENGTH, CLASS_COMPONENT, CLASS_PRIMITIVE, CLASSBIT_ARRAY } from "../../model/record.ts";
import type { IntrinsicNative } from "../types.ts";
import { fail, hasBits, host } from "./common.ts";

/** The arguments, and how many elements were copied before one did not fit: finds out what is wrong and throws that. */
export const ARRAYCOPY_FAILURE = "j3.arraycopyFailure(Ljava/lang/Object;ILjava/lang/Object;II)V";
const FAILURE = host(ARRAYCOPY_FAILURE, ["ref", "i32", "ref", "i32", "i32"], null);

const arraycopy: IntrinsicNative = (b, args, helpers) => {
  const [source, sourcePos, target, targetPos, length] = args as [Value, Value, Value, Value, Value];
  const wrong = b.block();
  const second = b.block();
  const types = b.block();
  const different = b.block();
  const same = b.block();
  const ranges = b.block();
  const lowers = b.block();
  const uppers = b.block();
  const inRange = b.block();
  const checked = b.variable("i32");
  const address = (array: Value, index: Value, bytes: Value): Value =>
    b.typed("ptradd", "iref", b.typed("ptradd", "iref", array, b.i32(ARRAY_DATA)), b.op("mul", index, bytes));

  b.branch(b.op("isnull", source), wrong, second);
  b.switchTo(second);
  b.branch(b.op("isnull", target), wrong, types);
  b.switchTo(types);
  const from = b.load("addr", source, 0);
  const to = b.load("addr", target, 0);
  b.branch(b.op("refeq", from, to), same, different);
  b.switchTo(same);
  b.define(checked, b.i32(0));
  b.branch(hasBits(b, from, CLASSBIT_ARRAY), ranges, wrong);

  // Different types: both have to be arrays of references.
  b.switchTo(different);
  const references = b.block();
  const subtypes = b.block();
  const arrays = b.op("and", hasBits(b, from, CLASSBIT_ARRAY), hasBits(b, to, CLASSBIT_ARRAY));
  b.branch(arrays, references, wrong);
  b.switchTo(references);
  const primitive = b.op("or", b.load("i32", from, CLASS_PRIMITIVE), b.load("i32", to, CLASS_PRIMITIVE));
  b.branch(primitive, wrong, subtypes);
  b.switchTo(subtypes);
  const isSubtype = signature(["addr", "addr"], "i32");
  const component = (type: Value): Value => b.load("addr", type, CLASS_COMPONENT);
  const fits = b.call(helpers.isSubtype, isSubtype, [component(from), component(to)]);
  b.define(checked, b.op("eqz", fits));
  b.jump(ranges);

  b.switchTo(ranges);
  b.branch(b.op("slt", b.op("or", b.op("or", sourcePos, targetPos), length), b.i32(0)), wrong, lowers);
  b.switchTo(lowers);
  // Sums of two numbers below 2^31 do not overflow as unsigned ones.
  b.branch(b.op("ugt", b.op("add", sourcePos, length), b.load("i32", source, ARRAY_LENGTH)), wrong, uppers);
  b.switchTo(uppers);
  b.branch(b.op("ugt", b.op("add", targetPos, length), b.load("i32", target, ARRAY_LENGTH)), wrong, inRange);
  b.switchTo(inRange);
  const oneByOne = b.block();
  const atOnce = b.block();
  b.branch(b.use(checked), oneByOne, atOnce);

  b.switchTo(atOnce);
  const bytes = b.load("i32", from, TYPE_ELEMENT_BYTES);
  const copyReferences = b.block();
  const copyData = b.block();
  const operands = (): [Value, Value, Value] => [
    address(target, targetPos, bytes),
    address(source, sourcePos, bytes),
    b.op("mul", length, bytes),
  ];
  b.branch(b.load("i32", from, CLASS_PRIMITIVE), copyData, copyReferences);
  b.switchTo(copyData);
  b.op("copy", ...operands());
  b.ret();
  b.switchTo(copyReferences);
  b.op("refcopy", ...operands());
  b.ret();

  // JLS: elements before the first that does not fit are copied.
  b.switchTo(oneByOne);
  const i = b.variable("i32");
  const loop = b.block();
  const element = b.block();
  const test = b.block();
  const store = b.block();
  const done = b.block();
  b.define(i, b.i32(0));
  b.jump(loop);
  b.switchTo(loop);
  b.poll();
  b.branch(b.op("slt", b.use(i), length), element, done);
  b.switchTo(element);
  const four = b.i32(4);
  const value = b.load("ref", address(source, b.op("add", sourcePos, b.use(i)), four), 0);
  b.branch(b.op("isnull", value), store, test);
  b.switchTo(test);
  const type = b.load("addr", value, 0);
  const other = b.block();
  b.branch(b.op("refeq", type, component(to)), store, other);
  b.switchTo(other);
  b.branch(b.call(helpers.isSubtype, isSubtype, [type, component(to)]), store, wrong);
  b.switchTo(store);
  b.store(address(target, b.op("add", targetPos, b.use(i)), b.i32(4)), 0, value);
  b.define(i, b.op("add", b.use(i), b.i32(1)));
  b.jump(loop);
  b.switchTo(wrong);
  wrong.cold = true;
  fail(b, helpers, FAILURE, [source, sourcePos, target, targetPos, length]);
  b.switchTo(done);
  return NO_VALUE;
};

export const arraycopyBodies: Readonly<Record<string, IntrinsicNative>> = {
  "java/lang/System.arraycopy(Ljava/lang/Object;ILjava/lang/Object;II)V": arraycopy,
};
