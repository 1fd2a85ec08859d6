/** The members of classes as core reflection sees them. */
import { type LinkedClass, type LinkedMethod, linkClass, throwing } from "../../link/index.ts";
import { ACC_PUBLIC, ACC_STATIC } from "../../model/types.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import {
  bytesOrNull,
  classOfDescriptor,
  fieldOfReflected,
  methodOfReflected,
  newExecutable,
  newField,
  stringOrNull,
} from "../../vm/reflected.ts";
import type { VmNatives } from "../types.ts";

/** The class of a mirror, linked as listing its members wants it; null for arrays and primitives, which declare none. */
function* linkedOf(j: J3, mirror: number): J3Steps<LinkedClass | null> {
  const cls = j.objects.classOfMirror(mirror);
  if (cls.file === null) return null;
  yield* linkClass(j.world, j.context(), cls);
  return cls;
}

function* declaredFields(j: J3, self: number, publicOnly: number): J3Steps<number> {
  const cls = yield* linkedOf(j, self);
  const made: number[] = [];
  for (const field of cls?.fields ?? []) {
    if (publicOnly === 0 || (field.flags & ACC_PUBLIC) !== 0) made.push(yield* newField(j, field));
  }
  return j.objects.newRefArray("java/lang/reflect/Field", made);
}

function* declaredExecutables(j: J3, self: number, publicOnly: number, constructors: boolean): J3Steps<number> {
  const cls = yield* linkedOf(j, self);
  const made: number[] = [];
  for (const method of cls?.methods ?? []) {
    if (constructors ? !isConstructor(method) : !method.isNamed) continue;
    if (publicOnly === 0 || (method.flags & ACC_PUBLIC) !== 0) made.push(yield* newExecutable(j, method));
  }
  const component = constructors ? "java/lang/reflect/Constructor" : "java/lang/reflect/Method";
  return j.objects.newRefArray(component, made);
}

function isConstructor(method: LinkedMethod): boolean {
  return method.name === "<init>" && (method.flags & ACC_STATIC) === 0;
}

function* recordComponents(j: J3, self: number): J3Steps<number> {
  const { objects, world } = j;
  const cls = objects.classOfMirror(self);
  const components = cls.file?.recordComponents;
  if (components === undefined) return 0;
  yield* linkClass(world, j.context(), cls);
  const name = "java/lang/reflect/RecordComponent";
  const componentClass = world.boot(name);
  yield* j.initialize(componentClass);
  const made: number[] = [];
  for (const component of components) {
    const type = yield* classOfDescriptor(j, cls, component.descriptor);
    const accessor = cls.declaredMethod(component.name, `()${component.descriptor}`);
    const method = accessor === undefined || accessor.isStatic ? 0 : yield* newExecutable(j, accessor);
    const object = objects.newObject(componentClass);
    const set = (key: string, descriptor: string, handle: number): void => {
      objects.setHandle(object, objects.field(name, key, descriptor), handle);
    };
    set("clazz", "Ljava/lang/Class;", cls.mirror);
    set("name", "Ljava/lang/String;", j.strings.literal(component.name));
    set("type", "Ljava/lang/Class;", type.mirror);
    set("accessor", "Ljava/lang/reflect/Method;", method);
    set("signature", "Ljava/lang/String;", stringOrNull(j, component.attributes.signature));
    set("annotations", "[B", bytesOrNull(j, component.attributes.visibleAnnotations));
    set("typeAnnotations", "[B", bytesOrNull(j, component.attributes.visibleTypeAnnotations));
    made.push(object);
  }
  return objects.newRefArray(name, made);
}

/** JVMS §4.7.24. HotSpot throws on names and flags that java.lang.reflect could not show; those checks are the library's. */
function* parameters(j: J3, self: number): J3Steps<number> {
  const { objects, world } = j;
  const method = methodOfReflected(j, self);
  const rows = method.info?.parameters;
  if (rows === undefined) return 0;
  const name = "java/lang/reflect/Parameter";
  const parameterClass = world.boot(name);
  if (rows.length !== objects.length(parameterTypesOf(j, self))) {
    throw throwing("IllegalArgumentException", "Wrong number of parameters in MethodParameters attribute");
  }
  yield* j.initialize(parameterClass);
  const made = rows.map((row, index) => {
    const object = objects.newObject(parameterClass);
    if (row.name !== undefined) {
      objects.setHandle(object, objects.field(name, "name", "Ljava/lang/String;"), j.strings.literal(row.name));
    }
    objects.setInt(object, objects.field(name, "modifiers", "I"), row.flags);
    objects.setHandle(object, objects.field(name, "executable", "Ljava/lang/reflect/Executable;"), self);
    objects.setInt(object, objects.field(name, "index", "I"), index);
    return object;
  });
  return objects.newRefArray(name, made);
}

function parameterTypesOf(j: J3, executable: number): number {
  const name = j.objects.classOf(executable).name;
  return j.objects.getHandle(executable, j.objects.field(name, "parameterTypes", "[Ljava/lang/Class;"));
}

export const memberNatives: VmNatives = {
  "java/lang/Class.getDeclaredFields0(Z)[Ljava/lang/reflect/Field;": declaredFields,
  "java/lang/Class.getDeclaredMethods0(Z)[Ljava/lang/reflect/Method;": (j, self: number, publicOnly: number) =>
    declaredExecutables(j, self, publicOnly, false),
  "java/lang/Class.getDeclaredConstructors0(Z)[Ljava/lang/reflect/Constructor;": (
    j,
    self: number,
    publicOnly: number,
  ) => declaredExecutables(j, self, publicOnly, true),
  "java/lang/Class.getRecordComponents0()[Ljava/lang/reflect/RecordComponent;": recordComponents,
  "java/lang/reflect/Executable.getParameters0()[Ljava/lang/reflect/Parameter;": parameters,
  "java/lang/reflect/Executable.getTypeAnnotationBytes0()[B": (j, self: number) =>
    bytesOrNull(j, methodOfReflected(j, self).info?.attributes.visibleTypeAnnotations),
  "java/lang/reflect/Field.getTypeAnnotationBytes0()[B": (j, self: number) =>
    bytesOrNull(j, fieldOfReflected(j, self).info?.attributes.visibleTypeAnnotations),
};
