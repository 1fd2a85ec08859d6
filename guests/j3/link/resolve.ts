/**
 * Resolution of symbolic references, JVMS §5.4.3, worded as HotSpot 17. The result stands in `cls.resolved` by constant-pool index: a
 * class, field or method that passed all checks, or a Failure, which is thrown again each time.
 */
import { TAG_INTERFACE_METHODREF } from "../classfile/index.ts";
import type { JClass } from "../model/types.ts";
import {
  ACC_ABSTRACT,
  ACC_FINAL,
  ACC_NATIVE,
  ACC_PRIVATE,
  ACC_PUBLIC,
  ACC_STATIC,
  ACC_VARARGS,
} from "../model/types.ts";
import { canAccessClass, canAccessMember } from "./access.ts";
import type { Context, Steps } from "./effects.ts";
import { GuestThrow, throwing } from "./effects.ts";
import { loadForLinking } from "./load.ts";
import {
  abstractWord,
  accessWord,
  bothInModules,
  externalMethod,
  externalName,
  loaderText,
  moduleOfLoader,
} from "./messages.ts";
import type { LinkedClass, LinkedField, LinkedMethod } from "./model.ts";
import { linked } from "./model.ts";
import { isVirtual, maximallySpecific } from "./vtable.ts";
import type { World } from "./world.ts";

/** A resolution that failed for good. */
export class Failure {
  readonly reason: GuestThrow;

  constructor(reason: GuestThrow) {
    this.reason = reason;
  }
}

/** JVMS §5.4.3.1. */
export function* resolveClass(context: Context, from: JClass, index: number): Steps<LinkedClass> {
  const cls = linked(from);
  const known = cls.resolved[index];
  if (known !== undefined) return answer(known) as LinkedClass;
  return yield* recording(context, cls, index, resolveClassNow(context, cls, index));
}

/** JVMS §5.4.3.2. Static-ness and access for writing are the instruction's: see `checkField`. */
export function* resolveField(context: Context, from: JClass, index: number): Steps<LinkedField> {
  const cls = linked(from);
  const known = cls.resolved[index];
  if (known !== undefined) return answer(known) as LinkedField;
  return yield* recording(context, cls, index, resolveFieldNow(context, cls, index));
}

export type InvokeKind = "virtual" | "interface" | "static" | "special";

/** JVMS §5.4.3.3 and §5.4.3.4. Static-ness and selection are the instruction's: see `checkInvoke`. */
export function* resolveMethod(context: Context, from: JClass, index: number, how: InvokeKind): Steps<LinkedMethod> {
  const cls = linked(from);
  const known = cls.resolved[index];
  if (known !== undefined) return answer(known) as LinkedMethod;
  return yield* recording(context, cls, index, resolveMethodNow(context, cls, index, how));
}

function answer(known: unknown): unknown {
  if (known instanceof Failure) throw known.reason;
  return known;
}

function* recording<T>(context: Context, cls: LinkedClass, index: number, steps: Steps<T>): Steps<T> {
  try {
    const made = yield* steps;
    // Guest code may have run: whoever was first decides.
    const known = cls.resolved[index];
    if (known !== undefined) return answer(known) as T;
    cls.resolved[index] = made;
    return made;
  } catch (failure) {
    if (!(failure instanceof GuestThrow) || context.query || !isLinkageError(cls, failure)) throw failure;
    const known = cls.resolved[index];
    if (known !== undefined) return answer(known) as T;
    cls.resolved[index] = new Failure(restate(cls, failure, 1));
    throw failure;
  }
}

/** JVMS §5.4.3: only instances of LinkageError are thrown again. */
export function isLinkageError(cls: LinkedClass, failure: GuestThrow): boolean {
  const { world } = cls;
  const thrown = failure.handle === 0 ? world.boot(failure.className) : world.classOf(failure.handle);
  return thrown.isSubclassOf(world.boot("java/lang/LinkageError"));
}

/** The same throw with roots in place of handles, so that it can be thrown at any time. */
export function keep(cls: LinkedClass, failure: GuestThrow): GuestThrow {
  const { memory } = cls.world;
  let handle = 0;
  if (failure.handle !== 0) {
    handle = memory.newRoot();
    memory.i32[handle >>> 2] = memory.i32[failure.handle >>> 2] as number;
  }
  const origin = failure.origin === null ? null : keep(cls, failure.origin);
  return new GuestThrow({ className: failure.className, detail: failure.detail, origin, handle });
}

/**
 * A throw to be repeated, as HotSpot repeats failed resolutions: each time a new exception of the same class and message, and so many
 * levels of causes made in the same way.
 */
export function restate(cls: LinkedClass, failure: GuestThrow, causes: number): GuestThrow {
  const { world } = cls;
  if (failure.handle === 0) {
    const origin = failure.origin === null || causes === 0 ? null : restate(cls, failure.origin, causes - 1);
    return new GuestThrow({ className: failure.className, detail: failure.detail, origin });
  }
  // By name only exceptions of the bootstrap loader's classes can be made.
  if (world.classOf(failure.handle).loader.object !== 0) return keep(cls, failure);
  const { className, message } = world.hooks.describeThrowable(failure.handle);
  const cause = causes === 0 ? 0 : causeOf(world, failure.handle);
  const origin = cause === 0 ? null : restate(cls, new GuestThrow({ handle: cause }), causes - 1);
  return new GuestThrow({ className, detail: message, origin });
}

/** Address of the word with the cause of a Throwable, or 0 if it has none: as a handle good until the next allocation. */
function causeOf(world: World, handle: number): number {
  const { i32 } = world.memory;
  const field = world.boot("java/lang/Throwable").declaredField("cause", "Ljava/lang/Throwable;");
  if (field === undefined) throw new Error("java.lang.Throwable has not the fields of JDK 17");
  const object = (i32[handle >>> 2] as number) >>> 0;
  const cause = (i32[(object + field.offset) >>> 2] as number) >>> 0;
  // Until it is set it refers to the exception itself.
  return cause === 0 || cause === object ? 0 : object + field.offset;
}

function* resolveClassNow(context: Context, from: LinkedClass, index: number): Steps<LinkedClass> {
  const constants = (from.file as NonNullable<LinkedClass["file"]>).constants;
  const cls = yield* loadForLinking(from.world, context, from.loader, constants.className(index));
  checkClassAccess(from, cls);
  return cls;
}

/** Throws IllegalAccessError if code of `from` may not use the class. */
export function checkClassAccess(from: LinkedClass, cls: LinkedClass): void {
  if (canAccessClass(from, cls)) return;
  const target = externalName(cls.name);
  const both = bothInModules(cls, from);
  throw throwing(
    "IllegalAccessError",
    `failed to access class ${target} from class ${externalName(from.name)} (${both})`,
  );
}

function* resolveFieldNow(context: Context, from: LinkedClass, index: number): Steps<LinkedField> {
  const constants = (from.file as NonNullable<LinkedClass["file"]>).constants;
  const holder = yield* resolveClass(context, from, constants.memberClassIndex(index));
  const { name, descriptor } = constants.memberRef(index);
  return yield* linkField(context, from, holder, name, descriptor);
}

/** Resolves a field by name in a class, checks access and loader constraints. Also for method handles. */
export function* linkField(
  context: Context,
  from: LinkedClass,
  holder: LinkedClass,
  name: string,
  descriptor: string,
): Steps<LinkedField> {
  const field = lookUpField(holder, name, descriptor);
  if (field === null) throw throwing("NoSuchFieldError", name);
  if (!(yield* canAccessMember(context, from, holder, field.holder, field.flags))) {
    const shown = `${accessWord(field.flags)}field ${externalName(field.holder.name)}.${name}`;
    const both = bothInModules(from, field.holder);
    throw throwing("IllegalAccessError", `class ${externalName(from.name)} tried to access ${shown} (${both})`);
  }
  constrainField(from, field);
  return field;
}

/** JVMS §5.4.3.2, the lookup. */
export function lookUpField(cls: LinkedClass, name: string, descriptor: string): LinkedField | null {
  for (let c: LinkedClass | null = cls; c !== null; c = c.superclass) {
    const own = c.declaredField(name, descriptor) ?? lookUpInInterfaces(c, name, descriptor);
    if (own !== null) return own;
  }
  return null;
}

function lookUpInInterfaces(cls: LinkedClass, name: string, descriptor: string): LinkedField | null {
  for (const face of cls.interfaces) {
    const field = face.declaredField(name, descriptor) ?? lookUpInInterfaces(face, name, descriptor);
    if (field !== null) return field;
  }
  return null;
}

function* resolveMethodNow(context: Context, from: LinkedClass, index: number, how: InvokeKind): Steps<LinkedMethod> {
  const constants = (from.file as NonNullable<LinkedClass["file"]>).constants;
  const holder = yield* resolveClass(context, from, constants.memberClassIndex(index));
  const { name, descriptor } = constants.memberRef(index);
  const asInterface = constants.tag(index) === TAG_INTERFACE_METHODREF;
  // The instruction says which resolution it wants; where either is allowed, the class does, and the tag must agree.
  const viaInterface = how === "interface" || (how !== "virtual" && holder.isInterface);
  if (viaInterface !== holder.isInterface) {
    const found = viaInterface ? ["class", "interface was"] : ["interface", "class was"];
    throw throwing(
      "IncompatibleClassChangeError",
      `Found ${found[0]} ${externalName(holder.name)}, but ${found[1]} expected`,
    );
  }
  if (asInterface !== viaInterface) {
    const shown = externalMethod(holder.name, name, descriptor);
    const needed = viaInterface ? "InterfaceMethodref" : "Methodref";
    throw throwing("IncompatibleClassChangeError", `Method '${shown}' must be ${needed} constant`);
  }
  return yield* linkMethod(context, from, holder, name, descriptor);
}

/** Resolves a method by name in a class or interface, checks access and loader constraints. Also for method handles. */
export function* linkMethod(
  context: Context,
  from: LinkedClass,
  holder: LinkedClass,
  name: string,
  descriptor: string,
): Steps<LinkedMethod> {
  const method = holder.isInterface
    ? lookUpInterfaceMethod(holder, name, descriptor)
    : lookUpMethod(holder, name, descriptor);
  if (method === null) throw throwing("NoSuchMethodError", `'${externalMethod(holder.name, name, descriptor)}'`);
  // JVMS §4.10.1.8 note: arrays have a public clone.
  const isArrayClone = holder.isArray && name === "clone";
  if (!isArrayClone && !(yield* canAccessMember(context, from, holder, method.holder, method.flags))) {
    const shown = `${accessWord(method.flags)}method '${externalMethod(method.holder.name, name, descriptor)}'`;
    const both = bothInModules(from, method.holder);
    throw throwing("IllegalAccessError", `class ${externalName(from.name)} tried to access ${shown} (${both})`);
  }
  constrainMethod(from, method, descriptor);
  return method;
}

/** JVMS §5.4.3.3, the lookup; `cls` is no interface. Signature-polymorphic methods are found by name alone. */
export function lookUpMethod(cls: LinkedClass, name: string, descriptor: string): LinkedMethod | null {
  const polymorphic = lookUpPolymorphic(cls, name);
  if (polymorphic !== null) return polymorphic;
  const selector = cls.world.selector(name, descriptor);
  for (let c: LinkedClass | null = cls; c !== null; c = c.superclass) {
    const method = c.declared(selector);
    if (method !== undefined) return method;
  }
  return lookUpInSuperinterfaces(cls, selector);
}

/** JVMS §5.4.3.4, the lookup; `cls` is an interface. */
export function lookUpInterfaceMethod(cls: LinkedClass, name: string, descriptor: string): LinkedMethod | null {
  const selector = cls.world.selector(name, descriptor);
  const own = cls.declared(selector);
  if (own !== undefined) return own;
  const ofObject = cls.world.boot("java/lang/Object").declared(selector);
  if (ofObject !== undefined && (ofObject.flags & (ACC_PUBLIC | ACC_STATIC)) === ACC_PUBLIC) return ofObject;
  return lookUpInSuperinterfaces(cls, selector);
}

function lookUpInSuperinterfaces(cls: LinkedClass, selector: number): LinkedMethod | null {
  const specific = maximallySpecific(cls, selector);
  const bodies = specific.filter((method) => !method.isAbstract);
  return (bodies.length === 1 ? bodies[0] : specific[0]) ?? null;
}

/** The signature-polymorphic method of that name (JVMS §2.9.3), or null. */
export function lookUpPolymorphic(cls: LinkedClass, name: string): LinkedMethod | null {
  if (cls.loader.object !== 0) return null;
  if (cls.name !== "java/lang/invoke/MethodHandle" && cls.name !== "java/lang/invoke/VarHandle") return null;
  const both = ACC_NATIVE | ACC_VARARGS;
  for (const method of cls.methods) {
    if (
      method.name === name &&
      (method.flags & both) === both &&
      method.descriptor.startsWith("([Ljava/lang/Object;)")
    ) {
      return method;
    }
  }
  return null;
}

/** The interface method's own rule for `invokeinterface`, and static-ness for all; what to call is `checkInvoke`'s answer. JVMS §6.5. */
export function checkStaticness(method: LinkedMethod, how: InvokeKind, holder: LinkedClass): void {
  if (how === "static") {
    if (method.isStatic) return;
    throw throwing("IncompatibleClassChangeError", `Expected static method '${shownMethod(method)}'`);
  }
  if (method.isStatic) {
    const expected = how === "interface" ? "Expected instance not static method" : "Expecting non-static method";
    throw throwing("IncompatibleClassChangeError", `${expected} '${shownMethod(method)}'`);
  }
  if (how === "special" && method.name === "<init>" && method.holder !== holder) {
    const type = externalMethod("", "", method.descriptor);
    const params = type.slice(type.indexOf("("));
    throw throwing("NoSuchMethodError", `${externalName(holder.name)}: method 'void <init>${params}' not found`);
  }
}

/** JVMS §6.5 getfield, putfield, getstatic, putstatic. `from` is the method with the instruction. */
export function checkField(
  from: LinkedMethod,
  through: LinkedClass,
  field: LinkedField,
  isStatic: boolean,
  isStore: boolean,
): void {
  if (field.isStatic !== isStatic) {
    const expected = isStatic ? "static" : "non-static";
    const shown = `${externalName(through.name)}.${field.name}`;
    throw throwing("IncompatibleClassChangeError", `Expected ${expected} field ${shown}`);
  }
  if (!isStore || (field.flags & ACC_FINAL) === 0) return;
  const what = `Update to ${isStatic ? "static" : "non-static"} final field ${externalName(through.name)}.${field.name} attempted`;
  if (field.holder !== from.holder) {
    const where = `from a different class (${externalName(from.holder.name)}) than the field's declaring class`;
    throw throwing("IllegalAccessError", `${what} ${where}`);
  }
  const initializer = isStatic ? "<clinit>" : "<init>";
  // not in spec: only class files since Java 9 are held to it.
  if ((from.holder.file?.major ?? 0) < 53 || from.name === initializer) return;
  throw throwing(
    "IllegalAccessError",
    `${what} from a different method (${from.name}) than the initializer method ${initializer} `,
  );
}

/** What `invokespecial` calls: selection of JVMS §6.5 invokespecial. May be abstract: its slot throws. */
export function selectSpecial(from: LinkedClass, holder: LinkedClass, method: LinkedMethod): LinkedMethod {
  if (!isVirtual(method)) return method;
  let c = holder;
  const parent = from.superclass;
  if (!holder.isInterface && parent !== null && from !== holder && from.isSubclassOf(holder)) c = parent;
  for (let at: LinkedClass | null = c; at !== null && !c.isInterface; at = at.superclass) {
    const found = at.declared(method.selector);
    if (found !== undefined && (found.flags & (ACC_STATIC | ACC_PRIVATE)) === 0) return found;
  }
  if (c.isInterface) {
    const own = c.declared(method.selector);
    if (own !== undefined) return own;
    const ofObject = from.world.boot("java/lang/Object").declared(method.selector);
    if (ofObject !== undefined && isVirtual(ofObject) && (ofObject.flags & ACC_PUBLIC) !== 0) return ofObject;
  }
  const bodies = maximallySpecific(c, method.selector).filter((candidate) => !candidate.isAbstract);
  if (bodies.length === 1) return bodies[0] as LinkedMethod;
  if (bodies.length === 0) throw throwing("AbstractMethodError", `'${shownMethod(method)}'`);
  const names = bodies.map((body) => `${body.holder.name}.${body.name}`).join(" ");
  throw throwing("IncompatibleClassChangeError", `Conflicting default methods: ${names}`);
}

/** Message of the AbstractMethodError when `resolved` is called on an instance of `receiver` and nothing is there to run. */
export function abstractMethodMessage(receiver: LinkedClass, resolved: LinkedMethod): string {
  const type = externalMethod("", resolved.name, resolved.descriptor);
  const shown = type.replace(" .", " ");
  const holder = resolved.holder.isInterface
    ? "interface"
    : (resolved.holder.flags & ACC_ABSTRACT) !== 0
      ? "abstract class"
      : "class";
  return (
    `Receiver class ${externalName(receiver.name)} does not define or inherit an implementation of ` +
    `the resolved method '${abstractWord(resolved.flags)}${shown}' of ${holder} ${externalName(resolved.holder.name)}.`
  );
}

function shownMethod(method: LinkedMethod): string {
  return externalMethod(method.holder.name, method.name, method.descriptor);
}

/** JVMS §5.4.3.2: the type of the field means the same to both loaders. */
function constrainField(from: LinkedClass, field: LinkedField): void {
  const type = unsharedType(from, field.holder, field.descriptor);
  if (type === null) return;
  throw throwing(
    "LinkageError",
    `loader constraint violation: when resolving field "${field.name}" of type ${externalName(type.name)}, ` +
      `the class loader ${loaderText(from)} of the current class, ${externalName(from.name)}, ` +
      `and the class loader ${loaderText(field.holder)} for the field's defining class, ${externalName(field.holder.name)}, ` +
      `have different Class objects for type ${externalName(type.name)} (${moduleOfLoader(from)}; ${moduleOfLoader(field.holder)})`,
  );
}

/** JVMS §5.4.3.3: the types of the descriptor mean the same to both loaders. */
function constrainMethod(from: LinkedClass, method: LinkedMethod, descriptor: string): void {
  const type = unsharedType(from, method.holder, descriptor);
  if (type === null) return;
  throw throwing(
    "LinkageError",
    `loader constraint violation: when resolving method '${shownMethod(method)}' the class loader ${loaderText(from)} ` +
      `of the current class, ${from.name}, and the class loader ${loaderText(method.holder)} ` +
      `for the method's defining class, ${method.holder.name}, have different Class objects for the type ` +
      `${type.shown} used in the signature (${moduleOfLoader(from)}; ${moduleOfLoader(method.holder)})`,
  );
}

/** A class name that two loaders mean differently; `shown` has the dimensions it is used with. */
export interface UnsharedType {
  readonly name: string;
  readonly shown: string;
}

/** Imposes the constraints of a descriptor on the loaders of two classes. Answers the first type they disagree on, or null. */
export function unsharedType(a: LinkedClass, b: LinkedClass, descriptor: string): UnsharedType | null {
  if (a.loader === b.loader) return null;
  for (let at = descriptor.indexOf("L"); at >= 0; ) {
    const end = descriptor.indexOf(";", at);
    const name = descriptor.slice(at + 1, end);
    if (!a.world.constraints.impose(name, a.loader, b.loader)) {
      let start = at;
      while (descriptor.charCodeAt(start - 1) === 0x5b /* [ */) start--;
      return { name, shown: start === at ? name : descriptor.slice(start, end + 1) };
    }
    at = descriptor.indexOf("L", end);
  }
  return null;
}
