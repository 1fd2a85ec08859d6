/**
 * Virtual tables and what interface calls select. Both are complete once the class is defined.
 *
 * The vtable has entries for methods that classes declare, none for what a class only inherits from interfaces: a call through a
 * class that resolves to an interface's method is dispatched by the method's interfaceKey in the class table, like invokeinterface.
 */
import { ACC_FINAL, ACC_PRIVATE, ACC_PROTECTED, ACC_PUBLIC, ACC_STATIC } from "../model/types.ts";
import { throwing } from "./effects.ts";
import { externalMethod } from "./messages.ts";
import type { LinkedClass, LinkedMethod } from "./model.ts";

/** Fills in cls.vtable and the vtableIndex of the methods the class declares. Not for interfaces: theirs is Object's. */
export function buildVtable(cls: LinkedClass): void {
  const inherited = cls.superclass?.vtable ?? [];
  const inheritedLength = inherited.length;
  let table: LinkedMethod[] | null = null;
  for (const method of cls.methods) {
    if (!isVirtual(method)) continue;
    const selector = method.selector;
    for (let i = 0; i < inheritedLength; i++) {
      const old = inherited[i] as LinkedMethod;
      // The entry holds the last override, so what that one may be overridden by is what JVMS §5.4.5 asks, the transitive rule included.
      if (old.selector !== selector || !mayOverride(cls, old)) continue;
      table ??= inherited.slice();
      table[i] = method;
      if (method.vtableIndex < 0) method.vtableIndex = i;
    }
    // A final method that overrides nothing is never selected but by its own name.
    if (method.vtableIndex < 0 && (method.flags & ACC_FINAL) === 0) {
      table ??= inherited.slice();
      method.vtableIndex = table.length;
      table.push(method);
    }
  }
  cls.vtable = table ?? inherited;
}

/** The final method that a method of the class overrides against JVMS §4.6, or null. */
export function overriddenFinal(cls: LinkedClass): { method: LinkedMethod; overridden: LinkedMethod } | null {
  for (const method of cls.methods) {
    if ((method.flags & (ACC_STATIC | ACC_PRIVATE)) !== 0 || !method.isNamed) continue;
    for (let c = cls.superclass; c !== null; c = c.superclass) {
      const old = c.declared(method.selector);
      if (old === undefined || (old.flags & ACC_FINAL) === 0) continue;
      if (isVirtual(old) && mayOverride(cls, old)) return { method, overridden: old };
    }
  }
  return null;
}

/** An instance method that takes part in overriding. */
export function isVirtual(method: LinkedMethod): boolean {
  return (method.flags & (ACC_STATIC | ACC_PRIVATE)) === 0 && method.isNamed;
}

/** Whether a method of `cls` with the same name and descriptor overrides `old`, an instance method of a superclass. JVMS §5.4.5. */
export function mayOverride(cls: LinkedClass, old: LinkedMethod): boolean {
  const flags = old.flags;
  if ((flags & (ACC_PUBLIC | ACC_PROTECTED)) !== 0) return true;
  if ((flags & ACC_PRIVATE) !== 0) return false;
  return samePackage(cls, old.holder);
}

/** Same run-time package, JVMS §5.3. */
export function samePackage(a: LinkedClass, b: LinkedClass): boolean {
  return a === b || (a.loader === b.loader && a.packageName === b.packageName);
}

/** The instance method with the selector that `cls` declares or inherits from superclasses, privates left out. JVMS §5.4.6 steps 2.1, 2.2. */
export function findInClasses(cls: LinkedClass, selector: number): LinkedMethod | null {
  for (let c: LinkedClass | null = cls; c !== null; c = c.superclass) {
    const method = c.declared(selector);
    if (method !== undefined && (method.flags & (ACC_PRIVATE | ACC_STATIC)) === 0) return method;
  }
  return null;
}

/** The maximally-specific superinterface methods of `cls` with the selector, JVMS §5.4.3.3: neither private nor static. */
export function maximallySpecific(cls: LinkedClass, selector: number): LinkedMethod[] {
  const found: LinkedMethod[] = [];
  for (const face of cls.allInterfaces) {
    const method = face.declared(selector);
    if (method !== undefined && (method.flags & (ACC_PRIVATE | ACC_STATIC)) === 0) found.push(method);
  }
  if (found.length < 2) return found;
  return found.filter(
    (method) => !found.some((other) => other !== method && other.holder.allInterfaces.includes(method.holder)),
  );
}

/**
 * What calling the interface method `method` on an instance of exactly `cls` runs: JVMS §6.5 invokeinterface, §5.4.6. Abstract if
 * there is none to run, or a method that fails.
 */
export function selectInterfaceMethod(cls: LinkedClass, method: LinkedMethod): LinkedMethod {
  const own = findInClasses(cls, method.selector);
  if (own !== null) {
    if ((own.flags & ACC_PUBLIC) !== 0 || own.holder.isInterface) return own;
    return failing(cls, method, "IllegalAccessError", `'${externalMethod(own.holder.name, own.name, own.descriptor)}'`);
  }
  return selectDefault(cls, method);
}

/** JVMS §5.4.6 step 2.3. */
export function selectDefault(cls: LinkedClass, method: LinkedMethod): LinkedMethod {
  const candidates = maximallySpecific(cls, method.selector);
  const bodies = candidates.filter((candidate) => !candidate.isAbstract);
  if (bodies.length === 1) return bodies[0] as LinkedMethod;
  if (bodies.length === 0) return candidates[0] ?? method;
  const names = bodies.map((body) => `${body.holder.name}.${body.name}`).join(" ");
  return failing(cls, method, "IncompatibleClassChangeError", `Conflicting default methods: ${names}`);
}

/** The method that stands for a selection that fails, one per class and selector. */
function failing(cls: LinkedClass, like: LinkedMethod, error: string, message: string): LinkedMethod {
  const known = cls.failing?.get(like.selector);
  if (known !== undefined) return known;
  const made = cls.world.newMethod(cls, null, like.name, like.descriptor, ACC_PUBLIC, -1);
  made.failure = throwing(error, message);
  cls.failing ??= new Map();
  cls.failing.set(like.selector, made);
  return made;
}
