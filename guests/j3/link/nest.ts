/** Nest hosts, JVMS §5.4.4. */

import type { Context, Steps } from "./effects.ts";
import { GuestThrow, isOutOfMemory } from "./effects.ts";
import { loadForLinking } from "./load.ts";
import type { LinkedClass } from "./model.ts";
import { samePackage } from "./vtable.ts";

/** The nest host of a class: itself if it names none, or the one it names is not there or does not list it. */
export function* nestHostOf(context: Context, cls: LinkedClass): Steps<LinkedClass> {
  if (cls.nestKnown) return cls.nestHost ?? cls;
  const name = cls.file?.nestHost;
  let host = cls;
  if (name !== undefined) {
    try {
      const named = yield* loadForLinking(cls.world, context, cls.loader, name);
      if (samePackage(named, cls) && named.file?.nestMembers?.includes(cls.name) === true) host = named;
    } catch (failure) {
      // JVMS §5.4.4: failure to resolve makes the class its own host. not in spec: errors of the machine itself pass through.
      if (!(failure instanceof GuestThrow) || isMachineError(cls, failure)) throw failure;
    }
  }
  cls.nestHost = host;
  cls.nestKnown = true;
  return host;
}

export function* areNestmates(context: Context, a: LinkedClass, b: LinkedClass): Steps<boolean> {
  if (a === b) return true;
  if (!samePackage(a, b)) return false;
  return (yield* nestHostOf(context, a)) === (yield* nestHostOf(context, b));
}

function isMachineError(cls: LinkedClass, failure: GuestThrow): boolean {
  if (failure.handle === 0) return isOutOfMemory(failure);
  const { world } = cls;
  return world.classOf(failure.handle).isSubclassOf(world.boot("java/lang/VirtualMachineError"));
}
