/** The objects of core reflection (java.lang.reflect.Field, Method, Constructor): making them, and what they stand for. */

import { parseMethodDescriptor } from "../classfile/index.ts";
import {
  type LinkedClass,
  type LinkedField,
  type LinkedMethod,
  linked,
  loadForLinking,
  typeOfDescriptor,
} from "../link/index.ts";
import { ACC_FINAL } from "../model/types.ts";
import type { J3Steps } from "./effects.ts";
import type { J3 } from "./j3.ts";

/** Access flags that java.lang.reflect.Method and Constructor show: all of JVMS table 4.6-A. */
const METHOD_MODIFIERS = 0x1dff;
/** JVMS table 4.5-A. */
const FIELD_MODIFIERS = 0x50df;

const CLASS = "Ljava/lang/Class;";
const STRING = "Ljava/lang/String;";

/** The class a field descriptor names, loaded by the loader of `from`. Throws NoClassDefFoundError and what loaders throw. */
export function* classOfDescriptor(j: J3, from: LinkedClass, descriptor: string): J3Steps<LinkedClass> {
  if (descriptor.length === 1) return j.world.primitive(descriptor);
  const name = descriptor.startsWith("L") ? descriptor.slice(1, -1) : descriptor;
  return yield* loadForLinking(j.world, j.context(), from.loader, name);
}

/** Parameter classes and result class of a method. */
export function* typesOfMethod(
  j: J3,
  method: LinkedMethod,
): J3Steps<{ readonly params: LinkedClass[]; readonly result: LinkedClass }> {
  const type = parseMethodDescriptor(method.descriptor);
  if (type === undefined) throw new Error(`"${method.descriptor}" is no method descriptor`);
  const params: LinkedClass[] = [];
  for (const param of type.params) params.push(yield* classOfDescriptor(j, method.holder, param.descriptor));
  const result =
    type.ret.kind === "V" ? j.world.primitive("V") : yield* classOfDescriptor(j, method.holder, type.ret.descriptor);
  return { params, result };
}

/** A Class[] of these classes. */
export function classArray(j: J3, classes: readonly LinkedClass[]): number {
  return j.objects.newRefArray(
    "java/lang/Class",
    classes.map((cls) => cls.mirror),
  );
}

/** A byte[] with the content of an attribute; null without it. */
export function bytesOrNull(j: J3, bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : j.objects.newByteArray(bytes);
}

/** A new String; null for undefined. */
export function stringOrNull(j: J3, text: string | undefined): number {
  return text === undefined ? 0 : j.objects.newString(text);
}

/** A java.lang.reflect.Field. */
export function* newField(j: J3, field: LinkedField): J3Steps<number> {
  const { objects, world } = j;
  const name = "java/lang/reflect/Field";
  const type = yield* classOfDescriptor(j, field.holder, field.descriptor);
  const cls = world.boot(name);
  yield* j.initialize(cls);
  const object = objects.newObject(cls);
  const set = (key: string, descriptor: string, handle: number): void => {
    objects.setHandle(object, objects.field(name, key, descriptor), handle);
  };
  set("clazz", CLASS, field.holder.mirror);
  objects.setInt(object, objects.field(name, "slot", "I"), field.index);
  set("name", STRING, j.strings.literal(field.name));
  set("type", CLASS, type.mirror);
  objects.setInt(object, objects.field(name, "modifiers", "I"), field.flags & FIELD_MODIFIERS);
  objects.setInt(object, objects.field(name, "trustedFinal", "Z"), isTrustedFinal(field) ? 1 : 0);
  set("signature", STRING, stringOrNull(j, field.info?.signature));
  set("annotations", "[B", bytesOrNull(j, field.info?.attributes.visibleAnnotations));
  return object;
}

/** Final fields that reflection never writes: static, of hidden classes, of records. */
function isTrustedFinal(field: LinkedField): boolean {
  return (field.flags & ACC_FINAL) !== 0 && (field.isStatic || field.holder.hidden || isRecord(field.holder));
}

/** Class.isRecord0: final, extends java.lang.Record and has the attribute. */
export function isRecord(cls: LinkedClass): boolean {
  return (
    (cls.flags & ACC_FINAL) !== 0 &&
    cls.superclass?.name === "java/lang/Record" &&
    cls.superclass.loader.object === 0 &&
    cls.file?.attributes.has("Record") === true
  );
}

/** A java.lang.reflect.Method, or a Constructor for a method called <init>. */
export function* newExecutable(j: J3, method: LinkedMethod): J3Steps<number> {
  const { objects, world } = j;
  const isConstructor = method.name === "<init>";
  const name = isConstructor ? "java/lang/reflect/Constructor" : "java/lang/reflect/Method";
  const { params, result } = yield* typesOfMethod(j, method);
  const exceptions: LinkedClass[] = [];
  for (const thrown of method.info?.exceptions ?? []) {
    exceptions.push(yield* loadForLinking(world, j.context(), method.holder.loader, thrown));
  }
  const cls = world.boot(name);
  yield* j.initialize(cls);
  const object = objects.newObject(cls);
  const set = (key: string, descriptor: string, handle: number): void => {
    objects.setHandle(object, objects.field(name, key, descriptor), handle);
  };
  const attributes = method.info?.attributes;
  set("clazz", CLASS, method.holder.mirror);
  objects.setInt(object, objects.field(name, "slot", "I"), method.index);
  set("parameterTypes", "[Ljava/lang/Class;", classArray(j, params));
  set("exceptionTypes", "[Ljava/lang/Class;", classArray(j, exceptions));
  objects.setInt(object, objects.field(name, "modifiers", "I"), method.flags & METHOD_MODIFIERS);
  set("signature", STRING, stringOrNull(j, method.info?.signature));
  set("annotations", "[B", bytesOrNull(j, attributes?.visibleAnnotations));
  set("parameterAnnotations", "[B", bytesOrNull(j, method.info?.visibleParameterAnnotations));
  if (isConstructor) return object;
  set("name", STRING, j.strings.literal(method.name));
  set("returnType", CLASS, result.mirror);
  set("annotationDefault", "[B", bytesOrNull(j, method.info?.annotationDefault));
  return object;
}

/** The method that a java.lang.reflect.Method or Constructor stands for; the handle is not null. */
export function methodOfReflected(j: J3, handle: number): LinkedMethod {
  const { objects } = j;
  const name = objects.classOf(handle).name;
  const holder = objects.classOfMirror(objects.getHandle(handle, objects.field(name, "clazz", CLASS)));
  const method = linked(holder).methods[objects.getInt(handle, objects.field(name, "slot", "I"))];
  if (method === undefined) throw new Error(`a ${name} of ${holder.name} stands for no method`);
  return method;
}

/** The field that a java.lang.reflect.Field stands for; the handle is not null. */
export function fieldOfReflected(j: J3, handle: number): LinkedField {
  const { objects } = j;
  const name = "java/lang/reflect/Field";
  const holder = objects.classOfMirror(objects.getHandle(handle, objects.field(name, "clazz", CLASS)));
  const field = linked(holder).fields[objects.getInt(handle, objects.field(name, "slot", "I"))];
  if (field === undefined) throw new Error(`a Field of ${holder.name} stands for no field`);
  return field;
}

/** Whether values with this descriptor are references. */
export function isReference(descriptor: string): boolean {
  return typeOfDescriptor(descriptor) === "ref";
}
