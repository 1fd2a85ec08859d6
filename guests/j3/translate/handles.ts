/**
 * Second tier: calls through method handles that are known when the caller is translated: those of linked call sites, in static final fields, and
 * what the code of java.lang.invoke makes of them. A chain of handles becomes the calls at its end.
 */
import type { Value } from "#ir";
import { ACC_ABSTRACT, ACC_INTERFACE, ACC_STATIC, type JField, type JMethod } from "../model/types.ts";
import { CONSTANT } from "./alias.ts";
import { callDirect, dispatch } from "./dispatch.ts";
import type { Translation } from "./translation.ts";

/** Loads a known object from the root word that keeps it. */
export function knownObject(t: Translation, root: number): Value {
  const object = t.b.load("ref", t.b.addr(root), 0, CONSTANT);
  t.setNonNull(object);
  t.classes.setKnown(object, root);
  return object;
}

/** What a final field of a known object holds, if that is an object that is known too. */
export function knownField(t: Translation, object: Value, field: JField): Value | undefined {
  const root = t.tier === 1 ? 0 : t.classes.known(object);
  const held = root === 0 ? 0 : t.env.knownObjects.inField(root, field);
  return held === 0 ? undefined : knownObject(t, held);
}

/** What a static final field holds, if that is known. */
export function knownStatic(t: Translation, field: JField): Value | undefined {
  const root = t.tier === 1 ? 0 : t.env.knownObjects.inStatic(field);
  return root === 0 ? undefined : knownObject(t, root);
}

/** A dynamic call site that is linked; null: it is not, or its code cannot be called directly. */
export function callLinkedSite(t: Translation, args: readonly Value[]): Value | null {
  if (t.tier === 1 || t.expansions === null || t.scope.isCold) return null;
  const site = t.env.knownObjects.site(t.method, t.walker.index, t.walker.pc);
  if (site === null) return null;
  const { adapter, appendix } = site;
  const passed = appendix === 0 ? args : [...args, knownObject(t, appendix)];
  return fits(t, adapter, passed, undefined) ? callDirect(t, adapter, passed) : null;
}

/** MethodHandle.invokeBasic or linkTo* of a known handle or MemberName; null: what it calls is not known. */
export function callKnownHandle(
  t: Translation,
  name: string,
  args: readonly Value[],
  type: JMethod["signature"]["result"],
): Value | null {
  if (t.tier === 1 || t.expansions === null || t.scope.isCold) return null;
  const { knownObjects } = t.env;
  if (name === "invokeBasic") {
    const root = t.classes.known(args[0]!);
    const target = root === 0 ? null : knownObjects.basicTarget(root);
    return target !== null && fits(t, target, args, type) ? callDirect(t, target, args) : null;
  }
  const root = t.classes.known(args[args.length - 1]!);
  const target = root === 0 ? null : knownObjects.memberTarget(root);
  const passed = args.slice(0, -1);
  if (target === null || ((target.flags & ACC_STATIC) !== 0) !== (name === "linkToStatic")) return null;
  if (name === "linkToStatic") return fits(t, target, passed, type) ? callDirect(t, target, passed) : null;
  if (!fitsInstance(t, target, passed, type)) return null;
  const isSelected = name !== "linkToSpecial" && (target.vtableIndex >= 0 || target.interfaceKey !== 0);
  if (!isSelected && (target.flags & ACC_ABSTRACT) !== 0) return null;
  t.nullcheck(passed[0]!);
  return isSelected ? dispatch(t, target, passed) : callDirect(t, target, passed);
}

/** Whether the static method takes these arguments and gives this; its class must be initialised. */
function fits(
  t: Translation,
  target: JMethod,
  args: readonly Value[],
  type: JMethod["signature"]["result"] | undefined,
): boolean {
  if ((target.flags & ACC_STATIC) === 0 || t.env.needsInit(t.method, target.holder)) return false;
  return takes(t, target, args, type);
}

function fitsInstance(
  t: Translation,
  target: JMethod,
  args: readonly Value[],
  type: JMethod["signature"]["result"],
): boolean {
  if (
    (target.holder.flags & ACC_INTERFACE) !== 0 &&
    target.vtableIndex < 0 &&
    target.interfaceKey === 0 &&
    (target.flags & ACC_ABSTRACT) !== 0
  )
    return false;
  return args.length > 0 && takes(t, target, args, type);
}

function takes(
  t: Translation,
  target: JMethod,
  args: readonly Value[],
  type: JMethod["signature"]["result"] | undefined,
): boolean {
  const { params, result } = target.signature;
  if (type !== undefined && type !== result) return false;
  return params.length === args.length && params.every((param, i) => param === t.types[args[i]!]);
}

/** Unsafe.allocateInstance of a known class; null: it is called. */
export function allocateKnown(t: Translation, method: JMethod, args: readonly Value[]): Value | null {
  if (t.tier === 1 || method.name !== "allocateInstance" || method.holder.name !== "jdk/internal/misc/Unsafe")
    return null;
  const root = t.classes.known(args[1]!);
  const cls = root === 0 ? null : t.env.knownObjects.instantiated(root);
  if (cls === null || cls.component !== null || cls.instanceBytes === 0 || cls.state !== "initialized") return null;
  if ((cls.flags & (ACC_ABSTRACT | ACC_INTERFACE)) !== 0 || cls.primitive !== null || t.known.isFinalizable(cls))
    return null;
  if (cls.name === "java/lang/Class" || cls.name === "java/lang/String") return null;
  const { b } = t;
  const object = b.alloc(b.i32(cls.instanceBytes));
  b.store(object, 0, b.addr(cls.record));
  t.classes.setExact(object, cls);
  t.setNonNull(object);
  return object;
}
