/**
 * Arrays: elements, lengths and creation.
 */
import type { Type, Value } from "#ir";
import { signature } from "#ir";
import {
  ARRAY_DATA,
  ARRAY_LENGTH,
  CELL_VALUE,
  CLASS_COMPONENT,
  CLASS_DEPTH,
  CLASS_DISPLAY,
  CLASS_PRIMITIVE,
  DISPLAY,
} from "../model/record.ts";
import type { JClass } from "../model/types.ts";
import { aliasOfElements, CONSTANT } from "./alias.ts";
import { narrow } from "./control.ts";
import type { Translation } from "./translation.ts";

/** By opcode from iaload, and from iastore: type of the element on the stack and log2 of its bytes. */
const ELEMENTS: readonly (readonly [Type, number])[] = [
  ["i32", 2],
  ["i64", 3],
  ["f32", 2],
  ["f64", 3],
  ["ref", 2],
  ["i32", 0],
  ["i32", 1],
  ["i32", 1],
];

/** Largest size of an array that is allocated in line, in bytes. */
const INLINE_ARRAY_BYTES = 1 << 28;

const NEW_ARRAY = signature(["addr", "i32"], "ref");
const NEW_MULTI_ARRAY = signature(["addr", "addr", "i32"], "ref");
const CHECK_STORE = signature(["ref", "ref"], null);

/** Throws what an access to the element throws. */
function check(t: Translation, array: Value, index: Value): void {
  const { b } = t;
  if (t.isCompact) t.nullcheck(array);
  const length = t.arrayLength(array, ARRAY_LENGTH);
  if (t.isNonNull(array)) {
    b.op("boundscheck", index, length);
    return;
  }
  // No index is below the length 0 of null, so one test does for both; which it was is found out afterwards.
  const good = b.block();
  const bad = b.block();
  b.branch(b.op("ult", index, length), good, bad);
  b.seal(good);
  b.seal(bad);
  b.switchTo(bad);
  b.op("nullcheck", array);
  b.op("boundscheck", index, length);
  b.unreachable();
  b.switchTo(good);
  t.setNonNull(array);
}

/** The base of the element's address; its offset is that of `elementOffset`. Not to be kept across a safepoint. */
function elementBase(t: Translation, array: Value, index: Value, shift: number): Value {
  const { b } = t;
  if (isSmall(t.constantOf(index))) return array;
  const bytes = shift === 0 ? index : b.op("shl", index, b.i32(shift));
  return b.typed("ptradd", "iref", array, bytes);
}

function elementOffset(t: Translation, index: Value, shift: number): number {
  const constant = t.constantOf(index);
  return isSmall(constant) ? ARRAY_DATA + (constant << shift) : ARRAY_DATA;
}

/** Constant indices that go into the offset. */
function isSmall(constant: number | undefined): constant is number {
  return constant !== undefined && constant >= 0 && constant < 1 << 16;
}

/** iaload ... saload, opcodes 46 to 53. */
export function arrayLoad(t: Translation, opcode: number): void {
  const { b } = t;
  const [type, shift] = ELEMENTS[opcode - 46]!;
  const alias = aliasOfElements(opcode - 46);
  const index = t.pop("i32");
  const array = t.pop("ref");
  check(t, array, index);
  const at = elementBase(t, array, index, shift);
  const offset = elementOffset(t, index, shift);
  switch (opcode) {
    case 51: // baload: a boolean element is stored as 0 or 1
      return t.push(b.load("load8s", at, offset, alias));
    case 52: // caload
      return t.push(b.load("load16u", at, offset, alias));
    case 53: // saload
      return t.push(b.load("load16s", at, offset, alias));
    default: {
      const value = b.load(type, at, offset, alias);
      if (type === "ref") {
        const descriptor = t.arrayDescriptor(array);
        if (descriptor?.startsWith("[[")) t.classes.setArrayDescriptor(value, descriptor.slice(1));
      }
      return t.push(value);
    }
  }
}

/** iastore ... sastore, opcodes 79 to 86. */
export function arrayStore(t: Translation, opcode: number): void {
  const { b } = t;
  const [type, shift] = ELEMENTS[opcode - 79]!;
  const alias = aliasOfElements(opcode - 79);
  let value = t.pop(type);
  const index = t.pop("i32");
  const array = t.pop("ref");
  check(t, array, index);
  if (opcode === 83) checkStore(t, array, value);
  if (opcode === 84) value = byteOrBoolean(t, array, value);
  const at = elementBase(t, array, index, shift);
  const offset = elementOffset(t, index, shift);
  switch (opcode) {
    case 84: // bastore
      b.memIn(alias, "store8", null, offset, at, value);
      return;
    case 85: // castore
    case 86: // sastore
      b.memIn(alias, "store16", null, offset, at, value);
      return;
    default:
      b.store(at, offset, value, alias);
  }
}

/** JVMS §6.5 bastore: into an array of booleans goes the lowest bit. */
function byteOrBoolean(t: Translation, array: Value, value: Value): Value {
  const { b } = t;
  const constant = t.constantOf(value);
  if (constant !== undefined && constant >>> 0 <= 1) return value;
  switch (t.arrayDescriptor(array)) {
    case "[B":
      return value;
    case "[Z":
      return narrow(t, value, 90);
  }
  // CLASS_PRIMITIVE of boolean[] is 4, of byte[] 8. JVMS Table 6.5.newarray-A.
  const code = b.load("i32", b.load("addr", array, 0, CONSTANT), CLASS_PRIMITIVE, CONSTANT);
  return b.typed("select", "i32", b.op("eq", code, b.i32(4)), b.op("and", value, b.i32(1)), value);
}

/** JVMS §6.5 aastore: the value must be null or assignable to the component type. */
function checkStore(t: Translation, array: Value, value: Value): void {
  const { b } = t;
  if (t.isNull(value)) return;
  const component = b.load("addr", b.load("addr", array, 0, CONSTANT), CLASS_COMPONENT, CONSTANT);
  // A null value reads 0 here: the lowest memory is never used.
  let good = b.op("refeq", b.load("addr", value, 0, CONSTANT), component);
  const object = t.known.objectRecord(t.holder);
  if (object !== 0) good = b.op("or", good, b.op("refeq", component, b.addr(object)));
  if (!t.isNonNull(value)) good = b.op("or", good, b.op("isnull", value));
  const slow = b.block();
  const done = b.block();
  b.branch(good, done, slow);
  b.seal(slow);
  b.switchTo(slow);
  if (!t.isCompact) {
    // The superclass at the component's depth. Of a component without a place in displays this is another class.
    const other = b.block();
    const depth = b.op("and", b.load("i32", component, CLASS_DEPTH, CONSTANT), b.i32(DISPLAY - 1));
    const place = b.typed("ptradd", "addr", b.load("addr", value, 0, CONSTANT), b.op("shl", depth, b.i32(2)));
    b.branch(b.op("refeq", b.load("addr", place, CLASS_DISPLAY, CONSTANT), component), done, other);
    b.seal(other);
    b.switchTo(other);
  }
  b.call(t.env.slots.checkArrayStore, CHECK_STORE, [array, value]);
  b.jump(done);
  b.seal(done);
  b.switchTo(done);
}

/** JVMS §6.5 arraylength. */
export function arrayLength(t: Translation): void {
  const array = t.pop("ref");
  t.nullcheck(array);
  t.push(t.arrayLength(array, ARRAY_LENGTH));
}

/** log2 of the bytes of an element, by newarray code. */
const SHIFT_OF_CODE: readonly number[] = [0, 0, 0, 0, 0, 1, 2, 3, 0, 1, 2, 3];
const DESCRIPTOR_OF_CODE: readonly string[] = ["", "", "", "", "[Z", "[C", "[F", "[D", "[B", "[S", "[I", "[J"];

/** JVMS §6.5 newarray. */
export function newArray(t: Translation): void {
  const code = t.walker.value;
  const shift = SHIFT_OF_CODE[code]!;
  const length = t.pop("i32");
  const array = allocateArray(t, t.env.arrayOf(t.env.primitive(code)), length, shift);
  t.classes.setArrayDescriptor(array, DESCRIPTOR_OF_CODE[code]!);
  t.push(array);
}

/** JVMS §6.5 anewarray. */
export function newReferenceArray(t: Translation): void {
  const { b, walker } = t;
  const name = t.classNameAt(walker.index);
  if (name.startsWith("[".repeat(255))) t.fail("Array with too many dimensions");
  const length = t.pop("i32");
  const component = t.env.classAt(t.holder, walker.index);
  let array: Value;
  if (component !== null) {
    array = allocateArray(t, t.env.arrayOf(component), length, 2);
  } else {
    const cell = t.resolveCell("class", walker.index);
    array = b.call(t.env.slots.newArrayOf, NEW_ARRAY, [b.load("addr", cell, CELL_VALUE), length]);
    t.setNonNull(array);
    t.setArrayLength(array, length);
  }
  if (name.startsWith("[")) t.classes.setArrayDescriptor(array, `[${name}`);
  t.push(array);
}

/** A zeroed array. What the bump allocation is not meant for, and a negative length, is left to the runtime. */
function allocateArray(t: Translation, arrayClass: JClass, length: Value, shift: number): Value {
  const { b } = t;
  const limit = INLINE_ARRAY_BYTES >> shift;
  const constant = t.constantOf(length);
  let array: Value;
  if (constant !== undefined && constant >= 0 && constant < limit) {
    array = b.alloc(b.i32(((constant << shift) + ARRAY_DATA + 7) & ~7));
    b.store(array, 0, b.addr(arrayClass.record), CONSTANT);
    b.store(array, ARRAY_LENGTH, length, CONSTANT);
  } else {
    const fast = b.block();
    const slow = b.block();
    const done = b.block();
    array = b.param(done, "ref");
    b.branch(b.op("ult", length, b.i32(limit)), fast, slow);
    b.seal(fast);
    b.seal(slow);
    b.switchTo(fast);
    const bytes = shift === 0 ? length : b.op("shl", length, b.i32(shift));
    const size =
      shift === 3
        ? b.op("add", bytes, b.i32(ARRAY_DATA))
        : b.op("and", b.op("add", bytes, b.i32(ARRAY_DATA + 7)), b.i32(~7));
    const made = b.alloc(size);
    b.store(made, 0, b.addr(arrayClass.record), CONSTANT);
    b.store(made, ARRAY_LENGTH, length, CONSTANT);
    b.jump(done, [made]);
    b.switchTo(slow);
    slow.cold = true;
    const other = b.call(t.env.slots.newArray, NEW_ARRAY, [b.addr(arrayClass.record), length]);
    b.jump(done, [other]);
    b.seal(done);
    b.switchTo(done);
  }
  t.setNonNull(array);
  t.setArrayLength(array, length);
  return array;
}

/** JVMS §6.5 multianewarray. */
export function newMultiArray(t: Translation): void {
  const { b, walker } = t;
  const count = walker.value;
  const name = t.classNameAt(walker.index);
  if (count === 0 || !name.startsWith("[".repeat(count))) t.fail("Illegal dimension in multianewarray");
  const area = b.frameArea(count * 4);
  const lengths = b.stackaddr(area);
  for (let i = count - 1; i >= 0; i--) b.store(lengths, i * 4, t.pop("i32"));
  const resolved = t.env.classAt(t.holder, walker.index);
  const record =
    resolved !== null ? b.addr(resolved.record) : b.load("addr", t.resolveCell("class", walker.index), CELL_VALUE);
  const array = b.call(t.env.slots.newMultiArray, NEW_MULTI_ARRAY, [record, lengths, b.i32(count)]);
  t.setNonNull(array);
  if (name.startsWith("[")) t.classes.setArrayDescriptor(array, name);
  t.push(array);
}
