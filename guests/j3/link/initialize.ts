/** Linking (JVMS §5.4.1, §5.4.2) and initialisation (§5.5) of classes. */
import { CLASS_INIT_THREAD, CLASS_INITIALIZED } from "../model/record.ts";
import type { JClass } from "../model/types.ts";
import { ACC_STATIC } from "../model/types.ts";
import type { Context, Steps } from "./effects.ts";
import { GuestThrow, isOutOfMemory, runSync, throwing } from "./effects.ts";
import { externalName } from "./messages.ts";
import type { LinkedClass } from "./model.ts";
import { linked } from "./model.ts";
import { checkOverrides } from "./override-constraints.ts";
import { keep } from "./resolve.ts";
import type { World } from "./world.ts";

/** Verifies and prepares a class, its supertypes first. Throws GuestThrow: VerifyError, LinkageError. */
export function* linkClass(world: World, context: Context, target: JClass): Steps<void> {
  const cls = linked(target);
  if (cls.state !== "loaded") return;
  if (cls.linkFailure !== null) throw cls.linkFailure;
  if (cls.superclass !== null) yield* linkClass(world, context, cls.superclass);
  for (const face of cls.interfaces) yield* linkClass(world, context, face);
  if (cls.state !== "loaded") return;
  try {
    if (cls.loader.object !== 0) {
      yield* world.hooks.verify(context, cls);
      if (linkedMeanwhile(cls)) return;
      checkOverrides(cls);
    }
  } catch (failure) {
    if (failure instanceof GuestThrow && failure.handle === 0 && !isOutOfMemory(failure)) cls.linkFailure = failure;
    throw failure;
  }
  prepare(cls);
  cls.state = "linked";
}

/** Verification may run guest code, so other threads may have linked the class. */
function linkedMeanwhile(cls: LinkedClass): boolean {
  return cls.state !== "loaded";
}

/** JVMS §5.5 step 6: static fields with a ConstantValue. Nobody can see them before, so preparation does it. */
function prepare(cls: LinkedClass): void {
  const { memory, hooks } = cls.world;
  for (const field of cls.fields) {
    if (!field.isStatic || field.info === null) continue;
    const constant = field.info.constantValue;
    if (constant === undefined) continue;
    const at = field.offset;
    switch (constant.kind) {
      case "int":
        if (field.descriptor === "B" || field.descriptor === "Z") memory.u8[at] = constant.value;
        else if (field.descriptor === "S" || field.descriptor === "C") {
          memory.u8[at] = constant.value;
          memory.u8[at + 1] = constant.value >> 8;
        } else memory.i32[at >>> 2] = constant.value;
        break;
      case "long":
        memory.i64[at >>> 3] = constant.value;
        break;
      case "float":
        memory.i32[at >>> 2] = constant.bits;
        break;
      case "double":
        memory.i64[at >>> 3] = constant.bits;
        break;
      case "string":
        memory.i32[at >>> 2] = memory.i32[hooks.stringRoot(constant.value) >>> 2] as number;
        break;
    }
  }
}

/**
 * Initialises a class for the thread that asks: on return it is initialised, or being initialised by that same thread. Throws
 * GuestThrow: what linking throws, ExceptionInInitializerError or the Error of the initialiser, NoClassDefFoundError.
 */
export function* initializeClass(world: World, context: Context, target: JClass): Steps<void> {
  const cls = linked(target);
  if (cls.state === "initialized") return;
  yield* linkClass(world, context, cls);
  for (;;) {
    // Steps 1 to 5. The VM thread runs one generator at a time, so there is no lock: nothing happens between yields.
    if (stateOf(cls) === "initialized") return;
    if (stateOf(cls) === "failed") {
      const message = `Could not initialize class ${externalName(cls.name)}`;
      throw throwing("NoClassDefFoundError", message, cls.initFailure);
    }
    if (stateOf(cls) !== "initializing") break;
    if (cls.initThread === context.thread) return;
    yield { kind: "wait", cls };
  }
  // Step 6.
  cls.state = "initializing";
  cls.initThread = context.thread;
  world.memory.i32[(cls.record + CLASS_INIT_THREAD) >>> 2] = context.thread;
  try {
    // Step 7.
    if (!cls.isInterface) {
      if (cls.superclass !== null) yield* initializeClass(world, context, cls.superclass);
      if (cls.hasDefaults) yield* initializeInterfaces(world, context, cls);
    }
  } catch (failure) {
    if (failure instanceof GuestThrow) finish(context, cls, failure);
    throw failure;
  }
  // Steps 9 to 12. Step 8, assertion status, is asked for by code of the class.
  const initializer = cls.declaredMethod("<clinit>", "()V");
  if (initializer !== undefined && (initializer.flags & ACC_STATIC) !== 0) {
    try {
      yield { kind: "invoke", method: initializer, args: [] };
    } catch (failure) {
      if (!(failure instanceof GuestThrow)) throw failure;
      finish(context, cls, failure);
      throw isError(cls, failure) ? failure : throwing("ExceptionInInitializerError", null, failure);
    }
  }
  finish(context, cls, null);
}

/**
 * Initialises a class if no code would run for it: it has no initialiser, nor has a supertype whose initialisation it triggers. Nobody
 * can tell that from an initialisation at first use. True if it is initialised now.
 */
export function initializeQuietly(world: World, target: JClass): boolean {
  const cls = linked(target);
  if (cls.state === "initialized") return true;
  if (!runsNothing(world, cls)) return false;
  runSync(initializeClass(world, { thread: 0, query: false }, cls));
  return true;
}

function runsNothing(world: World, cls: LinkedClass): boolean {
  if (cls.state === "initialized") return true;
  // Verification of other loaders' classes may run guest code.
  if (cls.state !== "linked" && (cls.state !== "loaded" || cls.loader !== world.bootLoader)) return false;
  if (cls.declaredMethod("<clinit>", "()V") !== undefined) return false;
  if (cls.isInterface) return true;
  if (cls.superclass !== null && !runsNothing(world, cls.superclass)) return false;
  return !cls.hasDefaults || cls.allInterfaces.every((face) => !face.hasDefaults || runsNothing(world, face));
}

function stateOf(cls: LinkedClass): string {
  return cls.state;
}

/** JVMS §5.5 step 7: superinterfaces that declare default methods, each after its own superinterfaces. */
function* initializeInterfaces(world: World, context: Context, cls: LinkedClass): Steps<void> {
  for (const face of cls.interfaces) {
    if (!face.hasDefaults) continue;
    yield* initializeInterfaces(world, context, face);
    if (face.methods.some((method) => method.interfaceKey !== 0 && !method.isAbstract)) {
      yield* initializeClass(world, context, face);
    }
  }
}

function finish(context: Context, cls: LinkedClass, failure: GuestThrow | null): void {
  const { memory, hooks } = cls.world;
  cls.initThread = 0;
  memory.i32[(cls.record + CLASS_INIT_THREAD) >>> 2] = 0;
  if (failure === null) {
    cls.state = "initialized";
    Atomics.store(memory.i32, (cls.record + CLASS_INITIALIZED) >>> 2, 1);
  } else {
    cls.state = "failed";
    const { className, message } =
      failure.handle === 0
        ? { className: failure.className, message: failure.detail }
        : hooks.describeThrowable(failure.handle);
    const text = `${externalName(className)}${message === null ? "" : `: ${message}`}`;
    const detail = `Exception ${text} [in thread "${hooks.threadName(context.thread)}"]`;
    const cause = hooks.initializationError(failure, detail) ?? throwing("ExceptionInInitializerError", detail);
    cls.initFailure = keep(cls, cause);
  }
  hooks.wakeInitWaiters(cls);
}

function isError(cls: LinkedClass, failure: GuestThrow): boolean {
  const { world } = cls;
  const thrown = failure.handle === 0 ? world.boot(failure.className) : world.classOf(failure.handle);
  return thrown.isSubclassOf(world.boot("java/lang/Error"));
}
