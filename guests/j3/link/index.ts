/** Linking: from class files to classes with records in shared memory, JVMS chapter 5. Runs on the VM thread. */
export { canAccessClass, canAccessMember } from "./access.ts";
export { Constraints } from "./constraints.ts";
export type { DefineOptions } from "./define.ts";
export { defineClass } from "./define.ts";
export type { Answer, Context, Effect, GuestValue, Steps } from "./effects.ts";
export { GuestThrow, NotLoaded, runQuery, runSync, throwing } from "./effects.ts";
export { arrayOf, findLoaded, loadClass, loadForLinking, recordInitiating } from "./load.ts";
export type { LinkMemory, SlotAllocator } from "./memory.ts";
export * from "./messages.ts";
export { LinkedClass, LinkedField, LinkedMethod, linked, linkedMethod, typeOfDescriptor } from "./model.ts";
export { areNestmates, nestHostOf } from "./nest.ts";
export { NEWARRAY } from "./records.ts";
export { selectVirtual } from "./select.ts";
export { findInClasses, maximallySpecific, samePackage, selectDefault, selectInterfaceMethod } from "./vtable.ts";
export type { ClassSource, ModuleHooks, WorldEnv, WorldHooks } from "./world.ts";
export { World } from "./world.ts";
