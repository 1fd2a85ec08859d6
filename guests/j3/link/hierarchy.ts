/** What a class asks of its supertypes, JVMS §5.3.5 steps 3 and 4, worded as HotSpot 17. */
import { ACC_FINAL, ACC_PUBLIC } from "../model/types.ts";
import { canAccessClass } from "./access.ts";
import { throwing } from "./effects.ts";
import { bothInModules, classInModule, externalName } from "./messages.ts";
import type { LinkedClass } from "./model.ts";
import { samePackage } from "./vtable.ts";

export function checkSuperclass(cls: LinkedClass, parent: LinkedClass): void {
  if (cls.isInterface) return;
  const name = externalName(cls.name);
  const parentName = externalName(parent.name);
  if (parent.isInterface) {
    throw throwing("IncompatibleClassChangeError", `class ${name} has interface ${parentName} as super class`);
  }
  if ((parent.flags & ACC_FINAL) !== 0) {
    throw throwing("IncompatibleClassChangeError", `class ${name} cannot inherit from final class ${parentName}`);
  }
  if (!isPermitted(cls, parent)) {
    throw throwing("IncompatibleClassChangeError", `class ${name} cannot inherit from sealed class ${parentName}`);
  }
  if (!canAccessClass(cls, parent)) {
    const both = bothInModules(cls, parent);
    throw throwing("IllegalAccessError", `class ${name} cannot access its superclass ${parentName} (${both})`);
  }
}

export function checkInterface(cls: LinkedClass, face: LinkedClass): void {
  const name = externalName(cls.name);
  const faceName = externalName(face.name);
  if (!face.isInterface) {
    throw throwing(
      "IncompatibleClassChangeError",
      `class ${name} can not implement ${faceName}, because it is not an interface (${classInModule(face)})`,
    );
  }
  if (!isPermitted(cls, face)) {
    const what = cls.isInterface ? "interface" : "class";
    const verb = cls.isInterface ? "extend" : "implement";
    throw throwing("IncompatibleClassChangeError", `${what} ${name} cannot ${verb} sealed interface ${faceName}`);
  }
  if (!canAccessClass(cls, face)) {
    const both = bothInModules(cls, face);
    const what = cls.isInterface ? "interface" : "class";
    throw throwing("IllegalAccessError", `${what} ${name} cannot access its superinterface ${faceName} (${both})`);
  }
}

/** JVMS §5.3.5: a sealed class lists its direct subclasses, of the same module, and of the same package unless public. */
function isPermitted(cls: LinkedClass, parent: LinkedClass): boolean {
  const permitted = parent.file?.permittedSubclasses;
  if (permitted === undefined) return true;
  if (cls.hidden || !permitted.includes(cls.name)) return false;
  const { modules } = cls.world.hooks;
  const sameModule = modules.nameOf(cls) === modules.nameOf(parent);
  if (!sameModule || (modules.nameOf(cls) === null && cls.loader !== parent.loader)) return false;
  return (cls.flags & ACC_PUBLIC) !== 0 || samePackage(cls, parent);
}
