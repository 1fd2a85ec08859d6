/**
 * What a translator keeps from one method to the next: facts of classes and descriptors that never change.
 */
import type { JClass } from "../model/types.ts";
import { ACC_FINAL } from "../model/types.ts";
import { FieldAliases } from "./alias.ts";
import { Shapes } from "./shapes.ts";

export class Known {
  readonly shapes = new Shapes();
  readonly aliases = new FieldAliases();
  readonly #finalizable = new Map<JClass, boolean>();
  #objectRecord = 0;

  /** Record of java/lang/Object, or 0 if it cannot be told yet. */
  objectRecord(from: JClass): number {
    if (this.#objectRecord !== 0) return this.#objectRecord;
    let top = from;
    while (top.superclass !== null) top = top.superclass;
    if (top.name === "java/lang/Object") this.#objectRecord = top.record;
    return this.#objectRecord;
  }

  /** Whether instances may need a finalizer registered: a class under Object declares finalize(). The class must be linked. */
  isFinalizable(target: JClass): boolean {
    const known = this.#finalizable.get(target);
    if (known !== undefined) return known;
    const found = target.vtable.some(
      (method) => method.name === "finalize" && method.descriptor === "()V" && method.holder.superclass !== null,
    );
    this.#finalizable.set(target, found);
    return found;
  }
}

/** Whether the class is the other one or below it in the chain of superclasses. */
export function isSubclass(cls: JClass, other: JClass): boolean {
  for (let at: JClass | null = cls; at !== null; at = at.superclass) if (at === other) return true;
  return false;
}

/** Whether instances of the class are instances of the other class or interface; neither is an array. */
export function isSubtype(cls: JClass, other: JClass): boolean {
  return isSubclass(cls, other) || cls.allInterfaces.includes(other);
}

/** Number of superclasses above the class. */
export function depthOf(target: JClass): number {
  let depth = 0;
  for (let above = target.superclass; above !== null; above = above.superclass) depth += 1;
  return depth;
}

/** Whether an object is an instance of the class only if its class record is this one. */
export function isExact(target: JClass): boolean {
  let element = target;
  while (element.component !== null) element = element.component;
  return element.primitive !== null || (element.flags & ACC_FINAL) !== 0;
}
