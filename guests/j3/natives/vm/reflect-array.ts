/** java.lang.reflect.Array. */
import { TYPE_ELEMENT_BYTES } from "#layout";
import { arrayOf, type GuestValue, type LinkedClass, throwing } from "../../link/index.ts";
import { ARRAY_DATA } from "../../model/record.ts";
import { box, readPrimitive, unbox, widen, writePrimitive } from "../../vm/boxing.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmNatives } from "../types.ts";

const MAX_DIMENSIONS = 255;
const ARRAY = "java/lang/reflect/Array";
const OBJECT = "Ljava/lang/Object;";

/** The component class of what has to be an array. */
function componentOf(j: J3, array: number): LinkedClass {
  const { objects } = j;
  if (objects.isNull(array)) throw throwing("NullPointerException", null);
  const { component } = objects.classOf(array);
  if (component === null) throw throwing("IllegalArgumentException", "Argument is not an array");
  return component;
}

/** The descriptor letter of the elements of what has to be an array of primitives. */
function primitiveOf(j: J3, array: number): string {
  const { primitive } = componentOf(j, array);
  if (primitive === null) throw throwing("IllegalArgumentException", "Argument is not an array of primitive type");
  return primitive;
}

/** Address of an element. Throws ArrayIndexOutOfBoundsException. */
function elementAt(j: J3, array: number, index: number): number {
  const { objects, mem } = j;
  const length = objects.length(array);
  if (index < 0 || index >= length) throw throwing("ArrayIndexOutOfBoundsException", null);
  const bytes = mem.word(objects.classOf(array).record + TYPE_ELEMENT_BYTES);
  return objects.ref(array) + ARRAY_DATA + bytes * index;
}

function getPrimitive(j: J3, array: number, index: number, type: string): GuestValue {
  const from = primitiveOf(j, array);
  return widen({ type: from, value: readPrimitive(j, elementAt(j, array, index), from) }, type);
}

function setPrimitive(j: J3, array: number, index: number, value: GuestValue, type: string): void {
  const to = primitiveOf(j, array);
  const widened = widen({ type, value }, to);
  writePrimitive(j, elementAt(j, array, index), to, widened);
}

function get(j: J3, array: number, index: number): number {
  const component = componentOf(j, array);
  const at = elementAt(j, array, index);
  if (component.primitive === null) return j.objects.temp(j.mem.word(at));
  return box(j, component.primitive, readPrimitive(j, at, component.primitive));
}

function set(j: J3, array: number, index: number, value: number): void {
  const { objects } = j;
  const component = componentOf(j, array);
  if (component.primitive !== null) {
    if (objects.isNull(value)) throw throwing("IllegalArgumentException", null);
    const widened = widen(unbox(j, value), component.primitive);
    writePrimitive(j, elementAt(j, array, index), component.primitive, widened);
    return;
  }
  if (!objects.isNull(value) && !objects.classOf(value).isAssignableTo(component)) {
    throw throwing("IllegalArgumentException", "array element type mismatch");
  }
  elementAt(j, array, index);
  objects.setElement(array, index, value);
}

/** The class of arrays with so many dimensions more. */
function arrayClassOf(j: J3, mirror: number, dimensions: number): LinkedClass {
  if (j.objects.isNull(mirror)) throw throwing("NullPointerException", null);
  let cls = j.objects.classOfMirror(mirror);
  let own = 0;
  for (let at: LinkedClass | null = cls; at.component !== null; at = at.component) own++;
  if (cls.primitive === "V" || own + dimensions > MAX_DIMENSIONS) throw throwing("IllegalArgumentException", null);
  for (let i = 0; i < dimensions; i++) cls = arrayOf(j.world, cls);
  return cls;
}

function newArray(j: J3, mirror: number, length: number): number {
  if (!j.objects.isNull(mirror) && length < 0) throw throwing("NegativeArraySizeException", String(length));
  return j.objects.newArray(arrayClassOf(j, mirror, 1), length);
}

function multiNewArray(j: J3, mirror: number, dimensions: number): number {
  const { objects } = j;
  if (objects.isNull(mirror) || objects.isNull(dimensions)) throw throwing("NullPointerException", null);
  const count = objects.length(dimensions);
  if (count === 0) throw throwing("IllegalArgumentException", null);
  const at = (objects.ref(dimensions) + ARRAY_DATA) >>> 2;
  const lengths = Array.from(j.mem.i32.subarray(at, at + count));
  const cls = arrayClassOf(j, mirror, count);
  for (const length of lengths) if (length < 0) throw throwing("NegativeArraySizeException", String(length));
  return fill(j, cls, lengths, 0);
}

/** JVMS §6.5 multianewarray. */
function fill(j: J3, cls: LinkedClass, lengths: readonly number[], depth: number): number {
  const array = j.objects.newArray(cls, lengths[depth] as number);
  if (depth + 1 === lengths.length) return array;
  for (let i = 0; i < (lengths[depth] as number); i++) {
    j.objects.setElement(array, i, fill(j, cls.component as LinkedClass, lengths, depth + 1));
  }
  return array;
}

const NAMES = [
  ["Boolean", "Z"],
  ["Byte", "B"],
  ["Char", "C"],
  ["Short", "S"],
  ["Int", "I"],
  ["Long", "J"],
  ["Float", "F"],
  ["Double", "D"],
] as const;

function primitiveNatives(): VmNatives {
  const table: Record<string, VmNatives[string]> = {};
  for (const [name, type] of NAMES) {
    table[`${ARRAY}.get${name}(${OBJECT}I)${type}`] = (j, array: number, index: number) =>
      getPrimitive(j, array, index, type);
    table[`${ARRAY}.set${name}(${OBJECT}I${type})V`] = (j, array: number, index: number, value: GuestValue) =>
      setPrimitive(j, array, index, value, type);
  }
  return table;
}

export const reflectArrayNatives: VmNatives = {
  ...primitiveNatives(),
  [`${ARRAY}.getLength(${OBJECT})I`]: (j, array: number) => {
    componentOf(j, array);
    return j.objects.length(array);
  },
  [`${ARRAY}.get(${OBJECT}I)${OBJECT}`]: get,
  [`${ARRAY}.set(${OBJECT}I${OBJECT})V`]: set,
  [`${ARRAY}.newArray(Ljava/lang/Class;I)${OBJECT}`]: newArray,
  [`${ARRAY}.multiNewArray(Ljava/lang/Class;[I)${OBJECT}`]: multiNewArray,
};
