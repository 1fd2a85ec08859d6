/** java.lang.Class, except what lists members: see members.ts. */
import {
  areNestmates,
  checkClassAccess,
  externalName,
  GuestThrow,
  type LinkedClass,
  loadForLinking,
  nestHostOf,
  throwing,
} from "../../link/index.ts";
import { assertionStatus } from "../../options.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import { bytesOrNull, classArray, isRecord, stringOrNull } from "../../vm/reflected.ts";
import type { VmNatives } from "../types.ts";

/** Class.getName of a class. */
export function classNameText(cls: LinkedClass): string {
  if (cls.primitive !== null) return cls.name;
  let element = cls;
  while (element.component !== null) element = element.component;
  // Only hidden classes have a name with a suffix that is set off otherwise.
  return element.hidden ? externalName(cls.name) : cls.name.replaceAll("/", ".");
}

/** The class that a class's constant pool names, with the checks of resolution. */
function* resolveNamed(j: J3, from: LinkedClass, name: string): J3Steps<LinkedClass> {
  if (name === from.file?.thisClass) return from;
  const cls = yield* loadForLinking(j.world, j.context(), from.loader, name);
  checkClassAccess(from, cls);
  return cls;
}

/** As `resolveNamed`; undefined for what cannot be resolved, except for errors of the virtual machine. */
function* resolveIfPossible(j: J3, from: LinkedClass, name: string): J3Steps<LinkedClass | undefined> {
  try {
    return yield* resolveNamed(j, from, name);
  } catch (failure) {
    if (!(failure instanceof GuestThrow)) throw failure;
    const thrown = failure.handle === 0 ? j.world.boot(failure.className) : j.world.classOf(failure.handle);
    if (thrown.isSubclassOf(j.world.boot("java/lang/VirtualMachineError"))) throw failure;
    return undefined;
  }
}

/** Throws unless the outer class's InnerClasses attribute agrees with that of the inner class. */
function* checkInner(j: J3, outer: LinkedClass, inner: LinkedClass): J3Steps<void> {
  for (const row of outer.file?.innerClasses ?? []) {
    if (row.outer !== outer.file?.thisClass || row.inner !== inner.file?.thisClass) continue;
    if ((yield* resolveNamed(j, outer, row.inner)) === inner) return;
  }
  const [a, b] = [externalName(outer.name), externalName(inner.name)];
  throw throwing("IncompatibleClassChangeError", `${a} and ${b} disagree on InnerClasses attribute`);
}

function* declaringClass(j: J3, self: number): J3Steps<number> {
  const cls = j.objects.classOfMirror(self);
  const own = cls.file?.innerClasses.find((row) => row.inner === cls.file?.thisClass);
  if (own?.outer === undefined) return 0;
  const outer = yield* resolveNamed(j, cls, own.outer);
  yield* checkInner(j, outer, cls);
  return outer.mirror;
}

function* declaredClasses(j: J3, self: number): J3Steps<number> {
  const cls = j.objects.classOfMirror(self);
  const found: LinkedClass[] = [];
  for (const row of cls.file?.innerClasses ?? []) {
    if (row.outer !== cls.file?.thisClass) continue;
    const inner = yield* resolveNamed(j, cls, row.inner);
    yield* checkInner(j, cls, inner);
    found.push(inner);
  }
  return classArray(j, found);
}

function* enclosingMethod(j: J3, self: number): J3Steps<number> {
  const { objects } = j;
  const cls = objects.classOfMirror(self);
  const enclosing = cls.file?.enclosingMethod;
  if (enclosing === undefined) return 0;
  const outer = yield* resolveNamed(j, cls, enclosing.className);
  const { method } = enclosing;
  return objects.newRefArray("java/lang/Object", [
    outer.mirror,
    stringOrNull(j, method?.name),
    stringOrNull(j, method?.descriptor),
  ]);
}

function* nestMembers(j: J3, self: number): J3Steps<number> {
  const cls = j.objects.classOfMirror(self);
  const host = yield* nestHostOf(j.context(), cls);
  const members = [host];
  for (const name of host.file?.nestMembers ?? []) {
    const member = yield* resolveIfPossible(j, host, name);
    if (member !== undefined && (yield* nestHostOf(j.context(), member)) === host) members.push(member);
  }
  return classArray(j, members);
}

function* permittedSubclasses(j: J3, self: number): J3Steps<number> {
  const cls = j.objects.classOfMirror(self);
  const names = cls.file?.permittedSubclasses;
  if (names === undefined || names.length === 0) return 0;
  const permitted: LinkedClass[] = [];
  for (const name of names) {
    const subclass = yield* resolveIfPossible(j, cls, name);
    if (subclass !== undefined && subclass.file !== null) permitted.push(subclass);
  }
  return classArray(j, permitted);
}

function* forName(j: J3, name: number, initialize: number, loader: number): J3Steps<number> {
  const { objects, world } = j;
  if (objects.isNull(name)) throw throwing("NullPointerException", null);
  const text = objects.text(name);
  if (text.includes("/")) throw throwing("ClassNotFoundException", text);
  const internal = text.replaceAll(".", "/");
  if (!isClassName(internal)) throw throwing("ClassNotFoundException", internal);
  const cls = yield* j.load(world.loaderOf(loader), internal);
  if (initialize !== 0) yield* j.initialize(cls);
  return cls.mirror;
}

/** An internal class name or array descriptor. not in spec: a slash at the end is let through, to be refused by the loader. */
function isClassName(name: string): boolean {
  const array = /^\[{1,255}(?:[ZBCSIJFD]|L([^;[]+);)$/.exec(name);
  if (name.startsWith("[")) return array !== null && (array[1] === undefined || isClassName(array[1]));
  return name.length > 0 && name.length <= 65535 && !/^\/|\/\/|[;[]/.test(name);
}

export const classNatives: VmNatives = {
  "java/lang/Class.forName0(Ljava/lang/String;ZLjava/lang/ClassLoader;Ljava/lang/Class;)Ljava/lang/Class;": forName,
  "java/lang/Class.initClassName()Ljava/lang/String;": (j, self: number) => {
    const name = j.strings.literal(classNameText(j.objects.classOfMirror(self)));
    j.objects.setHandle(self, j.objects.field("java/lang/Class", "name", "Ljava/lang/String;"), name);
    return name;
  },
  "java/lang/Class.getPrimitiveClass(Ljava/lang/String;)Ljava/lang/Class;": (j, name: number) => {
    const text = j.objects.text(name);
    for (const letter of "ZBCSIJFDV") {
      const cls = j.world.primitive(letter);
      if (cls.name === text) return cls.mirror;
    }
    throw throwing("ClassNotFoundException", text);
  },
  "java/lang/Class.getInterfaces0()[Ljava/lang/Class;": (j, self: number) =>
    classArray(j, j.objects.classOfMirror(self).interfaces),
  "java/lang/Class.isHidden()Z": (j, self: number) => j.objects.classOfMirror(self).hidden,
  "java/lang/Class.isRecord0()Z": (j, self: number) => isRecord(j.objects.classOfMirror(self)),
  "java/lang/Class.getSimpleBinaryName0()Ljava/lang/String;": (j, self: number) => {
    const { file } = j.objects.classOfMirror(self);
    return stringOrNull(j, file?.innerClasses.find((row) => row.inner === file.thisClass)?.name);
  },
  "java/lang/Class.getDeclaringClass0()Ljava/lang/Class;": declaringClass,
  "java/lang/Class.getDeclaredClasses0()[Ljava/lang/Class;": declaredClasses,
  "java/lang/Class.getEnclosingMethod0()[Ljava/lang/Object;": enclosingMethod,
  "java/lang/Class.getGenericSignature0()Ljava/lang/String;": (j, self: number) =>
    stringOrNull(j, j.objects.classOfMirror(self).file?.signature),
  "java/lang/Class.getRawAnnotations()[B": (j, self: number) =>
    bytesOrNull(j, j.objects.classOfMirror(self).file?.attributes.visibleAnnotations),
  "java/lang/Class.getRawTypeAnnotations()[B": (j, self: number) =>
    bytesOrNull(j, j.objects.classOfMirror(self).file?.attributes.visibleTypeAnnotations),
  "java/lang/Class.getConstantPool()Ljdk/internal/reflect/ConstantPool;": function* (j, self: number) {
    if (j.objects.classOfMirror(self).file === null) return 0;
    const name = "jdk/internal/reflect/ConstantPool";
    const cls = j.world.boot(name);
    yield* j.initialize(cls);
    const pool = j.objects.newObject(cls);
    j.objects.setHandle(pool, j.objects.field(name, "constantPoolOop", "Ljava/lang/Object;"), self);
    return pool;
  },
  "java/lang/Class.getProtectionDomain0()Ljava/security/ProtectionDomain;": (j, self: number) =>
    j.objects.classOfMirror(self).protectionDomain,
  "java/lang/Class.getSigners()[Ljava/lang/Object;": (j, self: number) => {
    const { objects } = j;
    const signers = objects.getHandle(self, objects.field("java/lang/Class", "vmSigners", "[Ljava/lang/Object;"));
    if (objects.isNull(signers)) return 0;
    const handles = Array.from({ length: objects.length(signers) }, (_, i) => objects.elementHandle(signers, i));
    return objects.newRefArray("java/lang/Object", handles);
  },
  "java/lang/Class.setSigners([Ljava/lang/Object;)V": (j, self: number, signers: number) => {
    const { objects } = j;
    if (objects.classOfMirror(self).file === null) return;
    objects.setHandle(self, objects.field("java/lang/Class", "vmSigners", "[Ljava/lang/Object;"), signers);
  },
  "java/lang/Class.desiredAssertionStatus0(Ljava/lang/Class;)Z": (j, mirror: number) => {
    const cls = j.objects.classOfMirror(mirror);
    return assertionStatus(j.options, classNameText(cls), cls.loader.object === 0);
  },
  "java/lang/Class.getNestHost0()Ljava/lang/Class;": function* (j, self: number) {
    return (yield* nestHostOf(j.context(), j.objects.classOfMirror(self))).mirror;
  },
  "java/lang/Class.getNestMembers0()[Ljava/lang/Class;": nestMembers,
  "java/lang/Class.getPermittedSubclasses0()[Ljava/lang/Class;": permittedSubclasses,
  "jdk/internal/reflect/Reflection.areNestMates(Ljava/lang/Class;Ljava/lang/Class;)Z": function* (
    j,
    a: number,
    b: number,
  ) {
    return yield* areNestmates(j.context(), j.objects.classOfMirror(a), j.objects.classOfMirror(b));
  },
};
