/** Deriving a class from bytes, JVMS §5.3.5: parse, resolve the supertypes, check them, lay the class out, record it. */

import type { ClassFile } from "../classfile/index.ts";
import { ClassFormatFailure, parseClassFile } from "../classfile/index.ts";
import {
  CLASSBIT_CLONEABLE,
  CLASSBIT_FINALIZER,
  CLASSBIT_HIDDEN,
  CLASSBIT_INTERFACE,
  CLASSBIT_REFERENCE,
} from "../model/record.ts";
import type { Loader } from "../model/types.ts";
import { ACC_ABSTRACT, ACC_PRIVATE, ACC_STATIC, ACC_SUPER } from "../model/types.ts";
import type { Context, Steps } from "./effects.ts";
import { throwing } from "./effects.ts";
import { checkInterface, checkSuperclass } from "./hierarchy.ts";
import { layOutInstance, layOutStatics } from "./layout.ts";
import { loadForLinking } from "./load.ts";
import { classInModule, externalName, loaderText, moduleOfLoader } from "./messages.ts";
import { LinkedClass, LinkedField } from "./model.ts";
import { writeRecord } from "./records.ts";
import { buildVtable, overriddenFinal } from "./vtable.ts";
import type { World } from "./world.ts";

export interface DefineOptions {
  /** Lookup.defineHiddenClass: gets a name of its own, and no loader is recorded for it. */
  readonly hidden?: boolean;
  /** Hidden classes with the NESTMATE option. */
  readonly nestHost?: LinkedClass;
  /** Roots; they become the class's. */
  readonly protectionDomain?: number;
  readonly classData?: number;
  readonly source?: string;
  readonly imageModule?: string | null;
  /** Skips format checks; default for the bootstrap loader. */
  readonly trusted?: boolean;
}

/**
 * Defines a class. `name` is the internal name asked for, null if any will do. Throws GuestThrow: ClassFormatError,
 * UnsupportedClassVersionError, NoClassDefFoundError (wrong name, or a supertype is not there), LinkageError (duplicate),
 * ClassCircularityError, IncompatibleClassChangeError, IllegalAccessError, what loaders throw.
 */
export function* defineClass(
  world: World,
  context: Context,
  loader: Loader,
  name: string | null,
  bytes: Uint8Array,
  options: DefineOptions,
): Steps<LinkedClass> {
  const hidden = options.hidden === true;
  const file = yield* parse(
    world,
    context,
    loader,
    bytes,
    hidden ? null : name,
    options.trusted ?? loader.object === 0,
  );
  if (!hidden && name !== null && file.thisClass !== name) {
    throw throwing("NoClassDefFoundError", `${name} (wrong name: ${file.thisClass})`);
  }
  // A hidden class is called as its definer says, whatever stands in the file (Lookup.defineHiddenClass passes the file's name).
  const fullName = hidden
    ? `${name ?? file.thisClass}+0x${world.takeHidden().toString(16).padStart(16, "0")}`
    : file.thisClass;
  if (!hidden) refuseDuplicate(loader, fullName);

  const cls = new LinkedClass(world, fullName, world.takeKey(), loader, file, file.flags, hidden);
  cls.imageModule = options.imageModule ?? null;
  cls.source = options.source ?? null;
  cls.protectionDomain = options.protectionDomain ?? 0;
  cls.classData = options.classData ?? 0;
  if (hidden) cls.resolved[file.thisClassIndex] = cls;
  yield* resolveSupertypes(world, context, cls, file);
  // Guest code may have run: another thread may have been faster.
  if (!hidden) refuseDuplicate(loader, fullName);
  if (options.nestHost !== undefined) {
    cls.nestHost = options.nestHost;
    cls.nestKnown = true;
  }
  declareMembers(world, cls, file);
  const clash = loader.object === 0 ? null : overriddenFinal(cls);
  if (clash !== null) {
    const { name: methodName, descriptor, holder } = clash.overridden;
    const overridden = `${externalName(holder.name)}.${methodName}${descriptor}`;
    throw throwing(
      "IncompatibleClassChangeError",
      `class ${externalName(fullName)} overrides final method ${overridden}`,
    );
  }
  cls.depth = cls.isInterface || cls.superclass === null ? 0 : cls.superclass.depth + 1;
  layOutInstance(cls);
  if (cls.isInterface) cls.vtable = (cls.superclass as LinkedClass).vtable;
  else buildVtable(cls);
  cls.bits = bitsOf(cls);
  cls.modifiers = modifiersOf(cls, file);
  if (!hidden && !world.constraints.allows(loader, cls)) {
    const other = world.constraints.agreed(loader, fullName) as LinkedClass;
    throw throwing(
      "LinkageError",
      `loader constraint violation: loader ${loaderText(cls)} wants to load ${kindOf(cls)} ${externalName(fullName)}. ` +
        `A different ${kindOf(other)} with the same name was previously loaded by ${loaderText(other)}. (${classInModule(other)})`,
    );
  }
  layOutStatics(world, cls);
  writeRecord(world, cls);
  // The mirror first: if there is no memory for it, there is no such class.
  world.hooks.makeMirror(cls);
  if (!hidden) loader.classes.set(fullName, cls);
  return cls;
}

function* parse(
  world: World,
  context: Context,
  loader: Loader,
  bytes: Uint8Array,
  name: string | null,
  trusted: boolean,
): Steps<ClassFile> {
  try {
    return parseClassFile(bytes, name ?? "<Unknown>", name === null ? { trusted } : { expectedName: name, trusted });
  } catch (failure) {
    if (!(failure instanceof ClassFormatFailure)) throw failure;
    const { header } = failure;
    if (header !== null) {
      // not in spec: HotSpot loads each interface when it has read its name, so what is wrong with that comes first.
      const failed = new LinkedClass(world, header.name, world.takeKey(), loader, null, header.flags, false);
      for (const each of header.interfaces) {
        const face = yield* loadSupertype(world, context, failed, each);
        if (!face.isInterface) checkInterface(failed, face);
      }
    }
    throw throwing(failure.kind, failure.message);
  }
}

function kindOf(cls: LinkedClass): string {
  return cls.isInterface ? "interface" : "class";
}

function refuseDuplicate(loader: Loader, name: string): void {
  const known = loader.classes.get(name) as LinkedClass | undefined;
  if (known === undefined) return;
  const world = known.world;
  const text = loader.object === 0 ? "'bootstrap'" : (world.hooks.loaderName(loader) ?? "<unnamed>");
  throw throwing(
    "LinkageError",
    `loader ${text} attempted duplicate ${kindOf(known)} definition for ${externalName(name)}. (${moduleOfLoader(known)})`,
  );
}

/** JVMS §5.3.5 steps 3 and 4. */
function* resolveSupertypes(world: World, context: Context, cls: LinkedClass, file: ClassFile): Steps<void> {
  if (file.superClass === undefined) return;
  // not in spec: HotSpot loads the interfaces while it reads the class, and the superclass afterwards.
  const direct: LinkedClass[] = [];
  for (const name of file.interfaces) {
    const face = yield* loadSupertype(world, context, cls, name);
    if (!face.isInterface) checkInterface(cls, face);
    direct.push(face);
  }
  cls.superclass = yield* loadSupertype(world, context, cls, file.superClass);
  checkSuperclass(cls, cls.superclass);
  for (const face of direct) checkInterface(cls, face);
  if (direct.length === 0) {
    cls.allInterfaces = cls.superclass.allInterfaces;
    cls.hasDefaults = cls.superclass.hasDefaults;
    return;
  }
  cls.interfaces = direct;
  const all = new Set<LinkedClass>(cls.superclass.allInterfaces);
  for (const face of direct) {
    for (const inherited of face.allInterfaces) all.add(inherited);
    all.add(face);
  }
  cls.allInterfaces = [...all];
  cls.hasDefaults = cls.superclass.hasDefaults || direct.some((face) => face.hasDefaults);
}

function* loadSupertype(world: World, context: Context, cls: LinkedClass, name: string): Steps<LinkedClass> {
  const prefix = `${context.thread}:${cls.loader.id}:`;
  const key = prefix + cls.name;
  const isOuter = !world.inProgress.has(key);
  if (name === cls.name || world.inProgress.has(prefix + name)) throw throwing("ClassCircularityError", name);
  world.inProgress.add(key);
  try {
    return yield* loadForLinking(world, context, cls.loader, name);
  } finally {
    if (isOuter) world.inProgress.delete(key);
  }
}

function declareMembers(world: World, cls: LinkedClass, file: ClassFile): void {
  const fields = file.fields;
  for (let i = 0; i < fields.length; i++) {
    const info = fields[i] as (typeof fields)[number];
    cls.fields.push(new LinkedField(cls, info, info.name, info.descriptor, info.flags, i));
  }
  const methods = file.methods;
  for (let i = 0; i < methods.length; i++) {
    const info = methods[i] as (typeof methods)[number];
    const method = world.newMethod(cls, info, info.name, info.descriptor, info.flags, i);
    cls.methods.push(method);
    if (cls.isInterface && (info.flags & (ACC_STATIC | ACC_PRIVATE)) === 0 && method.isNamed) {
      method.interfaceKey = world.takeKey();
      if ((info.flags & ACC_ABSTRACT) === 0) cls.hasDefaults = true;
    }
  }
}

function bitsOf(cls: LinkedClass): number {
  let bits = (cls.superclass?.bits ?? 0) & (CLASSBIT_FINALIZER | CLASSBIT_CLONEABLE | CLASSBIT_REFERENCE);
  if (cls.isInterface) bits = CLASSBIT_INTERFACE;
  if (cls.hidden) bits |= CLASSBIT_HIDDEN;
  if (cls.loader.object === 0 && cls.name === "java/lang/ref/Reference") bits |= CLASSBIT_REFERENCE;
  const isCloneable = (face: LinkedClass) => face.name === "java/lang/Cloneable" && face.loader.object === 0;
  if ((bits & CLASSBIT_CLONEABLE) === 0 && cls.allInterfaces.some(isCloneable)) bits |= CLASSBIT_CLONEABLE;
  const finalizer = cls.isInterface || cls.superclass === null ? undefined : cls.declaredMethod("finalize", "()V");
  if (finalizer !== undefined && !finalizer.isStatic) {
    const code = finalizer.info?.code;
    // not in spec: a body that is only `return` asks for no finalization.
    if (code === undefined || code.code.length > 1) bits |= CLASSBIT_FINALIZER;
    else bits &= ~CLASSBIT_FINALIZER;
  }
  return bits;
}

/** The flags of the InnerClasses row about the class itself, else those of the class, without ACC_SUPER. */
function modifiersOf(cls: LinkedClass, file: ClassFile): number {
  const reader = file.attributes.reader("InnerClasses");
  if (reader !== undefined) {
    const count = reader.u2();
    for (let i = 0; i < count; i++) {
      const inner = reader.u2();
      reader.skip(4);
      const flags = reader.u2();
      if (inner === file.thisClassIndex || file.constants.className(inner) === file.thisClass)
        return flags & ~ACC_SUPER;
    }
  }
  return cls.flags & ~ACC_SUPER;
}
