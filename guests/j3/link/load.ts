/** Class loading, JVMS §5.3, and array classes. Bootstrap loads never yield. */
import { ARRAY_DATA, CLASS_ARRAY, CLASS_INITIALIZED, CLASSBIT_ARRAY, CLASSBIT_CLONEABLE } from "../model/record.ts";
import type { JClass, JMethod, Loader } from "../model/types.ts";
import { ACC_ABSTRACT, ACC_FINAL, ACC_PRIVATE, ACC_PROTECTED, ACC_PUBLIC, ACC_STATIC } from "../model/types.ts";
import { defineClass } from "./define.ts";
import type { Context, Steps } from "./effects.ts";
import { GuestThrow, NotLoaded, runSync, throwing } from "./effects.ts";
import { setWord } from "./memory.ts";
import { classInModule, externalName, loaderName } from "./messages.ts";
import { LinkedClass, linked } from "./model.ts";
import { writeRecord } from "./records.ts";
import { selectVirtual } from "./select.ts";
import type { World } from "./world.ts";

/**
 * The class by this name that the loader is recorded as an initiating loader of, or null. Array names are answered if the element
 * class is. Runs no guest code; with `mayLoad` the bootstrap loader loads what it has (and may throw GuestThrow).
 */
export function findLoaded(world: World, loader: Loader, name: string, mayLoad = false): LinkedClass | null {
  if (name.charCodeAt(0) === 0x5b /* [ */) {
    const component = componentName(name);
    if (component === null) return null;
    const cls =
      component.length === 1 ? world.primitive(component) : findLoaded(world, loader, classNameOf(component), mayLoad);
    return cls === null ? null : arrayOf(world, cls);
  }
  const known = loader.classes.get(name);
  if (known !== undefined) return linked(known);
  if (!mayLoad || loader.object !== 0) return null;
  return runSync(loadFromBoot(world, { thread: 0, query: false }, name));
}

/**
 * Loads a class or array class by internal name. Throws GuestThrow: ClassNotFoundException if the bootstrap loader has no such
 * class, whatever another loader throws, LinkageErrors of definition.
 */
export function* loadClass(world: World, context: Context, loader: Loader, name: string): Steps<LinkedClass> {
  if (name.charCodeAt(0) === 0x5b /* [ */) {
    const component = componentName(name);
    if (component === null) throw throwing("ClassNotFoundException", externalName(name));
    if (component.length === 1) return arrayOf(world, world.primitive(component));
    return arrayOf(world, yield* loadClass(world, context, loader, classNameOf(component)));
  }
  const known = loader.classes.get(name);
  if (known !== undefined) return linked(known);
  if (loader.object === 0) {
    if (context.query && !world.eagerBoot) throw new NotLoaded();
    const cls = yield* loadFromBoot(world, context, name);
    if (cls === null) throw throwing("ClassNotFoundException", externalName(name));
    return cls;
  }
  if (context.query) throw new NotLoaded();
  return yield* loadFromObject(world, loader, name);
}

/** As `loadClass`, for resolution: a ClassNotFoundException becomes a NoClassDefFoundError, JVMS §5.3. */
export function* loadForLinking(world: World, context: Context, loader: Loader, name: string): Steps<LinkedClass> {
  try {
    return yield* loadClass(world, context, loader, name);
  } catch (failure) {
    if (!(failure instanceof GuestThrow) || !isClassNotFound(world, failure)) throw failure;
    throw throwing("NoClassDefFoundError", name, failure.handle === 0 ? null : failure);
  }
}

function isClassNotFound(world: World, failure: GuestThrow): boolean {
  const className = "java/lang/ClassNotFoundException";
  if (failure.handle === 0) return failure.className === className;
  return world.classOf(failure.handle).isSubclassOf(world.boot(className));
}

function* loadFromBoot(world: World, context: Context, name: string): Steps<LinkedClass | null> {
  for (const source of world.bootPath) {
    const found = source.findClass(name);
    if (found === undefined) continue;
    return yield* defineClass(world, context, world.bootLoader, name, found.bytes, { imageModule: found.module });
  }
  return null;
}

/** JVMS §5.3.2: asks the loader's loadClass(String). */
function* loadFromObject(world: World, loader: Loader, name: string): Steps<LinkedClass> {
  const declared = world
    .boot("java/lang/ClassLoader")
    .declaredMethod("loadClass", "(Ljava/lang/String;)Ljava/lang/Class;") as JMethod;
  const method = selectVirtual(world.classOf(loader.object), declared);
  const answer = yield { kind: "invoke", method, args: [loader.object, world.hooks.newString(externalName(name))] };
  const handle = answer as number;
  if (handle === 0 || world.memory.i32[handle >>> 2] === 0)
    throw throwing("ClassNotFoundException", externalName(name));
  const cls = world.classOfMirror(handle);
  // not in spec: HotSpot takes a class of another name for not found.
  if (cls.name !== name) throw throwing("ClassNotFoundException", externalName(name));
  recordInitiating(world, loader, cls);
  return cls;
}

/** Records the loader as an initiating loader of the class, within the loader constraints. */
export function recordInitiating(world: World, loader: Loader, cls: LinkedClass): void {
  const known = loader.classes.get(cls.name);
  if (known === cls) return;
  const shown = externalName(cls.name);
  const text = loaderName(world.hooks.loaderName(loader), loader);
  if (known !== undefined) {
    throw throwing(
      "LinkageError",
      `loader ${text} wants to load class ${shown}. A different class with the same name was previously loaded by ${loaderName(world.hooks.loaderName(known.loader), known.loader)}. (${classInModule(linked(known))})`,
    );
  }
  if (!world.constraints.allows(loader, cls)) {
    const other = world.constraints.agreed(loader, cls.name) as LinkedClass;
    throw throwing(
      "LinkageError",
      `loader constraint violation: loader ${text} wants to load class ${shown}. A different class with the same name was previously loaded by ${loaderName(world.hooks.loaderName(other.loader), other.loader)}. (${classInModule(other)})`,
    );
  }
  loader.classes.set(cls.name, cls);
}

/** The array class with this component class. Loads nothing but what Object's arrays need. */
export function arrayOf(world: World, component: JClass): LinkedClass {
  const of = linked(component);
  if (of.arrayClass !== null) return of.arrayClass;
  const name = of.component !== null ? `[${of.name}` : of.primitive !== null ? `[${of.primitive}` : `[L${of.name};`;
  const access = of.modifiers & (ACC_PUBLIC | ACC_PRIVATE | ACC_PROTECTED | (of.component === null ? ACC_STATIC : 0));
  const flags = (access & ~ACC_STATIC) | ACC_FINAL | ACC_ABSTRACT;
  const cls = new LinkedClass(world, name, world.takeKey(), of.loader, null, flags, false);
  const object = world.boot("java/lang/Object");
  cls.component = of;
  cls.superclass = object;
  cls.interfaces = [world.boot("java/lang/Cloneable"), world.boot("java/io/Serializable")];
  cls.allInterfaces = cls.interfaces;
  cls.depth = 1;
  cls.modifiers = flags;
  cls.bits = CLASSBIT_ARRAY | CLASSBIT_CLONEABLE;
  cls.instanceBytes = ARRAY_DATA;
  cls.vtable = object.vtable;
  cls.imageModule = of.imageModule;
  cls.state = "initialized";
  writeRecord(world, cls);
  setWord(world.memory, cls.record + CLASS_INITIALIZED, 1);
  world.hooks.makeMirror(cls);
  of.arrayClass = cls;
  // From here on compiled code finds it: last, and atomically.
  Atomics.store(world.memory.i32, (of.record + CLASS_ARRAY) >>> 2, cls.record);
  return cls;
}

/** Descriptor of the component of an array class's name: one letter, "[..." or "L...;". Null if the name is malformed. */
function componentName(name: string): string | null {
  const component = name.slice(1);
  switch (component.charCodeAt(0)) {
    case 0x5b: // [
      return component;
    case 0x4c: // L
      return component.endsWith(";") && component.length > 2 ? component : null;
    default:
      return component.length === 1 && "ZBCSIJFD".includes(component) ? component : null;
  }
}

function classNameOf(descriptor: string): string {
  return descriptor.charCodeAt(0) === 0x4c /* L */ ? descriptor.slice(1, -1) : descriptor;
}
