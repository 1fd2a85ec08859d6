/** Access control, JVMS §5.4.4. */
import { ACC_PRIVATE, ACC_PROTECTED, ACC_PUBLIC, ACC_STATIC } from "../model/types.ts";
import type { Context, Steps } from "./effects.ts";
import { elementClass } from "./messages.ts";
import type { LinkedClass } from "./model.ts";
import { areNestmates } from "./nest.ts";
import { samePackage } from "./vtable.ts";

/** Whether code of `from` may use the class; of an array, its element class. */
export function canAccessClass(from: LinkedClass, to: LinkedClass): boolean {
  const target = elementClass(to);
  if (from === target || target.primitive !== null || samePackage(from, target)) return true;
  if ((target.flags & ACC_PUBLIC) !== 0 && from.world.hooks.modules.canAccess(from, target)) return true;
  return isMagic(from);
}

/**
 * Whether code of `from` may use the member of `holder` with these flags through a reference that names `through`. The class
 * itself must have been checked.
 */
export function* canAccessMember(
  context: Context,
  from: LinkedClass,
  through: LinkedClass,
  holder: LinkedClass,
  flags: number,
): Steps<boolean> {
  if (from === holder || (flags & ACC_PUBLIC) !== 0) return true;
  if ((flags & ACC_PRIVATE) !== 0) return (yield* areNestmates(context, from, holder)) || isMagic(from);
  if (samePackage(from, holder)) return true;
  if ((flags & ACC_PROTECTED) !== 0 && from.isSubclassOf(holder)) {
    if ((flags & ACC_STATIC) !== 0) return true;
    if (through.isSubclassOf(from) || from.isSubclassOf(through)) return true;
  }
  return isMagic(from);
}

/** not in spec: accessors that the JDK generates for core reflection extend a class that the VM lets through. */
function isMagic(from: LinkedClass): boolean {
  for (let c: LinkedClass | null = from; c !== null; c = c.superclass) {
    if (c.name === "jdk/internal/reflect/MagicAccessorImpl" && c.loader.object === 0) return true;
  }
  return false;
}
