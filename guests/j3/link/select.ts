/** Method selection, JVMS §5.4.6: which method runs, given the resolved one and the class of the receiver. */
import type { JClass, JMethod } from "../model/types.ts";
import type { LinkedMethod } from "./model.ts";
import { linked, linkedMethod } from "./model.ts";
import { selectInterfaceMethod } from "./vtable.ts";

/**
 * What `method` (an instance method) runs on an instance of exactly `receiver`, as invokevirtual and invokeinterface select. May be
 * abstract, or fail when called: its slot throws. Throws if the class of the receiver has nothing to do with the method.
 */
export function selectVirtual(receiver: JClass, method: JMethod): LinkedMethod {
  const cls = linked(receiver);
  const resolved = linkedMethod(method);
  if (resolved.vtableIndex >= 0) {
    const selected = cls.vtable[resolved.vtableIndex];
    if (selected === undefined) throw new Error(`${cls.name} is no ${resolved.holder.name}`);
    return selected;
  }
  if (resolved.isPrivate || !resolved.holder.isInterface) return resolved;
  return selectInterfaceMethod(cls, resolved);
}
