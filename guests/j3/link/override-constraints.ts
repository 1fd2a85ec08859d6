/** Loader constraints of overriding and implementing methods, JVMS §5.4.5 end of §5.3.4; checked when a class is linked. */
import { ACC_ABSTRACT } from "../model/types.ts";
import { throwing } from "./effects.ts";
import { externalMethod, externalName, loaderText, moduleOfLoader } from "./messages.ts";
import type { LinkedClass, LinkedMethod } from "./model.ts";
import { unsharedType } from "./resolve.ts";
import { findInClasses } from "./vtable.ts";

/** Throws LinkageError if a descriptor means different things to the loaders of a method and of one it overrides or implements. */
export function checkOverrides(cls: LinkedClass): void {
  const inherited = cls.superclass?.vtable ?? [];
  for (let i = 0; i < inherited.length; i++) {
    const selected = cls.vtable[i] as LinkedMethod;
    const old = inherited[i] as LinkedMethod;
    if (selected !== old) checkPair(cls, selected, old, false);
  }
  if ((cls.flags & ACC_ABSTRACT) !== 0 && cls.isInterface) return;
  for (const face of cls.allInterfaces) {
    if (cls.superclass?.allInterfaces.includes(face) === true) continue;
    for (const method of face.methods) {
      if (method.interfaceKey === 0) continue;
      const selected = findInClasses(cls, method.selector);
      if (selected !== null) checkPair(cls, selected, method, true);
    }
  }
}

function checkPair(cls: LinkedClass, selected: LinkedMethod, old: LinkedMethod, isInterface: boolean): void {
  const type = unsharedType(selected.holder, old.holder, old.descriptor);
  if (type === null) return;
  const holder = selected.holder;
  const ending =
    `have different Class objects for the type ${externalName(type.name)} used in the signature ` +
    (isInterface
      ? `(${moduleOfLoader(old.holder)}; ${moduleOfLoader(holder)})`
      : `(${moduleOfLoader(holder)}; ${moduleOfLoader(old.holder)})`);
  if (isInterface) {
    throw throwing(
      "LinkageError",
      `loader constraint violation in interface itable initialization for class ${externalName(cls.name)}: when selecting method ` +
        `'${externalMethod(old.holder.name, old.name, old.descriptor)}' the class loader ${loaderText(old.holder)} for super interface ` +
        `${externalName(old.holder.name)}, and the class loader ${loaderText(holder)} of the selected method's ` +
        `${holder.isInterface ? "interface" : "class"}, ${externalName(holder.name)} ${ending}`,
    );
  }
  throw throwing(
    "LinkageError",
    `loader constraint violation for class ${externalName(cls.name)}: when selecting overriding method ` +
      `'${externalMethod(holder.name, selected.name, selected.descriptor)}' the class loader ${loaderText(holder)} of the selected ` +
      `method's type ${externalName(holder.name)}, and the class loader ${loaderText(old.holder)} for its super type ` +
      `${externalName(old.holder.name)} ${ending}`,
  );
}
