/** The natives of jdk.internal.misc.Unsafe that need to know classes and fields. */
import { loadavg } from "node:os";
import { TYPE_ELEMENT_BYTES } from "#layout";
import { externalName, GuestThrow, throwing } from "../../link/index.ts";
import { ARRAY_DATA, CLASSBIT_FINALIZER } from "../../model/record.ts";
import { ACC_ABSTRACT, ACC_INTERFACE } from "../../model/types.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import { fieldOfReflected } from "../../vm/reflected.ts";
import type { VmNatives } from "../types.ts";

/** Set in the "offset" of a static field, whose other bits are its address: the base object is not looked at. */
export const STATIC_OFFSET = 1n << 40n;

function* allocateInstance(j: J3, _self: number, mirror: number): J3Steps<number> {
  // HotSpot does not live on after this one.
  if (j.objects.ref(mirror) === 0) throw throwing("NullPointerException", null);
  const cls = j.objects.classOfMirror(mirror);
  if (cls.primitive !== null) throw throwing("InstantiationException", null);
  if (cls.name === "java/lang/Class" && cls.loader.object === 0)
    throw throwing("IllegalAccessException", externalName(cls.name));
  if (cls.file === null || (cls.flags & (ACC_ABSTRACT | ACC_INTERFACE)) !== 0) {
    throw throwing("InstantiationException", externalName(cls.name));
  }
  yield* j.initialize(cls);
  const object = j.objects.newObject(cls);
  if ((cls.bits & CLASSBIT_FINALIZER) !== 0) {
    yield* j.invokeStatic("java/lang/ref/Finalizer", "register", "(Ljava/lang/Object;)V", [object]);
  }
  return object;
}

function arrayClass(j: J3, mirror: number) {
  const cls = j.objects.classOfMirror(mirror);
  if (cls.component === null) throw throwing("InvalidClassException", null);
  return cls;
}

const UNSAFE = "jdk/internal/misc/Unsafe";

export const unsafeNatives: VmNatives = {
  [`${UNSAFE}.objectFieldOffset0(Ljava/lang/reflect/Field;)J`]: (j, _self: number, handle: number) => {
    const field = fieldOfReflected(j, handle);
    if (field.isStatic) throw throwing("IllegalArgumentException", null);
    return BigInt(field.offset);
  },
  [`${UNSAFE}.objectFieldOffset1(Ljava/lang/Class;Ljava/lang/String;)J`]: (
    j,
    _self: number,
    mirror: number,
    name: number,
  ) => {
    const cls = j.objects.classOfMirror(mirror);
    const text = j.objects.text(name);
    const field = cls.fields.find((each) => each.name === text);
    if (field === undefined) throw throwing("InternalError", null);
    return field.isStatic ? BigInt(field.offset) | STATIC_OFFSET : BigInt(field.offset);
  },
  [`${UNSAFE}.staticFieldOffset0(Ljava/lang/reflect/Field;)J`]: (j, _self: number, handle: number) => {
    const field = fieldOfReflected(j, handle);
    if (!field.isStatic) throw throwing("IllegalArgumentException", null);
    return BigInt(field.offset) | STATIC_OFFSET;
  },
  [`${UNSAFE}.staticFieldBase0(Ljava/lang/reflect/Field;)Ljava/lang/Object;`]: (j, _self: number, handle: number) => {
    const field = fieldOfReflected(j, handle);
    if (!field.isStatic) throw throwing("IllegalArgumentException", null);
    return field.holder.mirror;
  },
  [`${UNSAFE}.ensureClassInitialized0(Ljava/lang/Class;)V`]: function* (j, _self: number, mirror: number) {
    yield* j.initialize(j.objects.classOfMirror(mirror));
  },
  [`${UNSAFE}.allocateInstance(Ljava/lang/Class;)Ljava/lang/Object;`]: allocateInstance,
  [`${UNSAFE}.arrayBaseOffset0(Ljava/lang/Class;)I`]: (j, _self: number, mirror: number) => {
    arrayClass(j, mirror);
    return ARRAY_DATA;
  },
  [`${UNSAFE}.arrayIndexScale0(Ljava/lang/Class;)I`]: (j, _self: number, mirror: number) =>
    j.mem.word(arrayClass(j, mirror).record + TYPE_ELEMENT_BYTES),
  [`${UNSAFE}.throwException(Ljava/lang/Throwable;)V`]: (_j, _self: number, throwable: number) => {
    throw new GuestThrow({ handle: throwable });
  },
  [`${UNSAFE}.getLoadAverage0([DI)I`]: (j, _self: number, array: number, count: number) => {
    const averages = loadavg().slice(0, Math.min(count, 3));
    const at = (j.objects.ref(array) + ARRAY_DATA) >>> 3;
    averages.forEach((value, index) => {
      j.mem.f64[at + index] = value;
    });
    return averages.length;
  },
};
