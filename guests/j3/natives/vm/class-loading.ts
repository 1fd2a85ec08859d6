/** The natives of java.lang.ClassLoader that find and define classes, Unsafe.defineClass, and class data sharing, which is off. */
import {
  defineClass,
  findLoaded,
  GuestThrow,
  type LinkedClass,
  linkClass,
  loadClass,
  nestHostOf,
  throwing,
} from "../../link/index.ts";
import { ARRAY_DATA } from "../../model/record.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmNatives } from "../types.ts";

const LOADER = "java/lang/ClassLoader";
const DOMAIN = "Ljava/security/ProtectionDomain;";

// Lookup.ClassOption and more: MethodHandleNatives.Constants.
const NESTMATE = 1;
const HIDDEN = 2;
const STRONG_LOADER_LINK = 4;
const ACCESS_VM_ANNOTATIONS = 8;

/** A binary name as Java code has it, in internal form; null for null. */
function internalName(j: J3, name: number): string | null {
  return j.objects.textOrNull(name)?.replaceAll(".", "/") ?? null;
}

/** Keeps what a handle refers to for good: a root, or 0 for null. */
function kept(j: J3, handle: number): number {
  const ref = j.objects.ref(handle);
  return ref === 0 ? 0 : j.objects.root(ref);
}

function checkedBytes(j: J3, array: number, offset: number, length: number): Uint8Array {
  if (j.objects.isNull(array)) throw throwing("NullPointerException", null);
  if (length < 0) throw throwing("ArrayIndexOutOfBoundsException", null);
  const limit = j.objects.length(array);
  if (offset < 0 || offset + length > limit) {
    throw throwing(
      "ArrayIndexOutOfBoundsException",
      `Array region ${offset}..${offset + length} out of bounds for length ${limit}`,
    );
  }
  return j.objects.bytes(array, offset, length);
}

function* define(
  j: J3,
  loader: number,
  name: number,
  bytes: Uint8Array,
  domain: number,
  source: string | null,
): J3Steps<LinkedClass> {
  return yield* defineClass(j.world, j.context(), j.world.loaderOf(loader), internalName(j, name), bytes, {
    protectionDomain: kept(j, domain),
    ...(source === null ? {} : { source }),
  });
}

function* defineClass1(
  j: J3,
  loader: number,
  name: number,
  array: number,
  offset: number,
  length: number,
  domain: number,
  source: number,
): J3Steps<number> {
  const bytes = checkedBytes(j, array, offset, length);
  return (yield* define(j, loader, name, bytes, domain, j.objects.textOrNull(source))).mirror;
}

/** From a direct ByteBuffer. */
function* defineClass2(
  j: J3,
  loader: number,
  name: number,
  buffer: number,
  offset: number,
  length: number,
  domain: number,
  source: number,
): J3Steps<number> {
  const { objects, mem } = j;
  if (length < 0) throw throwing("ArrayIndexOutOfBoundsException", null);
  const address = Number(objects.getLong(buffer, objects.field("java/nio/Buffer", "address", "J")));
  if (address === 0) throw throwing("NullPointerException", null);
  const bytes = mem.copyOut(address + offset, length);
  return (yield* define(j, loader, name, bytes, domain, objects.textOrNull(source))).mirror;
}

/** Lookup.defineClass and defineHiddenClass. */
function* defineClass0(
  j: J3,
  loader: number,
  lookup: number,
  name: number,
  array: number,
  offset: number,
  length: number,
  domain: number,
  initialize: number,
  flags: number,
  classData: number,
): J3Steps<number> {
  const { objects, world } = j;
  const refuse = (message: string) => throwing("IllegalArgumentException", message);
  if (objects.isNull(lookup)) throw refuse("Lookup class is null");
  const bytes = checkedBytes(j, array, offset, length);
  const lookupClass = objects.classOfMirror(lookup);
  if (lookupClass.file === null) throw refuse("Lookup class must be a class or interface");
  let cls: LinkedClass;
  if ((flags & HIDDEN) === 0) {
    if (!objects.isNull(classData)) throw refuse("classData is only applicable for hidden classes");
    if ((flags & NESTMATE) !== 0) throw refuse("dynamic nestmate is only applicable for hidden classes");
    if ((flags & STRONG_LOADER_LINK) === 0) {
      throw refuse("an ordinary class must be strongly referenced by its defining loader");
    }
    if ((flags & ACCESS_VM_ANNOTATIONS) !== 0) throw refuse("vm annotations only allowed for hidden classes");
    if (flags !== STRONG_LOADER_LINK) throw refuse(`invalid flag 0x${flags.toString(16)}`);
    cls = yield* define(j, loader, name, bytes, domain, null);
  } else {
    const nestHost = (flags & NESTMATE) === 0 ? null : yield* nestHostOf(j.context(), lookupClass);
    cls = yield* defineClass(world, j.context(), world.loaderOf(loader), internalName(j, name), bytes, {
      hidden: true,
      protectionDomain: kept(j, domain),
      classData: kept(j, classData),
      ...(nestHost === null ? {} : { nestHost }),
    });
  }
  if (initialize !== 0) yield* j.initialize(cls);
  else yield* linkClass(world, j.context(), cls);
  return cls.mirror;
}

function* unsafeDefineClass(
  j: J3,
  _unsafe: number,
  name: number,
  array: number,
  offset: number,
  length: number,
  loader: number,
  domain: number,
): J3Steps<number> {
  const bytes = checkedBytes(j, array, offset, length);
  return (yield* define(j, loader, name, bytes, domain, null)).mirror;
}

/** null if the bootstrap loader has no such class. */
function* findBootstrapClass(j: J3, name: number): J3Steps<number> {
  const wanted = internalName(j, name);
  if (wanted === null) return 0;
  try {
    return (yield* loadClass(j.world, j.context(), j.world.bootLoader, wanted)).mirror;
  } catch (failure) {
    if (failure instanceof GuestThrow && failure.className === "java/lang/ClassNotFoundException") return 0;
    throw failure;
  }
}

function findLoadedClass(j: J3, loader: number, name: number): number {
  const wanted = internalName(j, name);
  if (wanted === null) return 0;
  return findLoaded(j.world, j.world.loaderOf(loader), wanted)?.mirror ?? 0;
}

/** What -ea and -da said, for loaders whose assertion status is changed at run time. */
function assertionDirectives(j: J3): number {
  const { objects, world, options } = j;
  const type = "java/lang/AssertionStatusDirectives";
  const made = objects.newObject(world.boot(type));
  for (const [kind, names, states] of [
    ["class", "classes", "classEnabled"],
    ["package", "packages", "packageEnabled"],
  ] as const) {
    const rules = options.assertions.filter((rule) => rule.kind === kind);
    // The package without a name is called null.
    const texts = rules.map(({ name }) => (name === "" ? 0 : objects.newString(name)));
    objects.setHandle(
      made,
      objects.field(type, names, "[Ljava/lang/String;"),
      objects.newRefArray("java/lang/String", texts),
    );
    const enabled = objects.newArrayOf("Z", rules.length);
    rules.forEach((rule, i) => {
      j.mem.u8[objects.ref(enabled) + ARRAY_DATA + i] = rule.enabled ? 1 : 0;
    });
    objects.setHandle(made, objects.field(type, states, "[Z"), enabled);
  }
  const byDefault = options.assertions.findLast((rule) => rule.kind === "default")?.enabled ?? false;
  objects.setInt(made, objects.field(type, "deflt", "Z"), byDefault ? 1 : 0);
  return made;
}

const SHARING = "jdk/internal/misc/CDS";

export const classLoadingNatives: VmNatives = {
  [`${LOADER}.defineClass0(L${LOADER};Ljava/lang/Class;Ljava/lang/String;[BII${DOMAIN}ZILjava/lang/Object;)Ljava/lang/Class;`]:
    defineClass0,
  [`${LOADER}.defineClass1(L${LOADER};Ljava/lang/String;[BII${DOMAIN}Ljava/lang/String;)Ljava/lang/Class;`]:
    defineClass1,
  [`${LOADER}.defineClass2(L${LOADER};Ljava/lang/String;Ljava/nio/ByteBuffer;II${DOMAIN}Ljava/lang/String;)Ljava/lang/Class;`]:
    defineClass2,
  [`${LOADER}.findBootstrapClass(Ljava/lang/String;)Ljava/lang/Class;`]: findBootstrapClass,
  [`${LOADER}.findLoadedClass0(Ljava/lang/String;)Ljava/lang/Class;`]: findLoadedClass,
  [`${LOADER}.retrieveDirectives()Ljava/lang/AssertionStatusDirectives;`]: assertionDirectives,
  [`jdk/internal/misc/Unsafe.defineClass0(Ljava/lang/String;[BIIL${LOADER};${DOMAIN})Ljava/lang/Class;`]:
    unsafeDefineClass,
  // There is no archive, and none is being made.
  [`${SHARING}.isDumpingClassList0()Z`]: () => false,
  [`${SHARING}.isDumpingArchive0()Z`]: () => false,
  [`${SHARING}.isSharingEnabled0()Z`]: () => false,
  [`${SHARING}.initializeFromArchive(Ljava/lang/Class;)V`]: () => {},
  [`${SHARING}.defineArchivedModules(L${LOADER};L${LOADER};)V`]: () => {},
  [`${SHARING}.getRandomSeedForDumping()J`]: () => 0n,
};
