/** What java.io's serialization asks of the VM. */
import type { VmNatives } from "../types.ts";

export const serializationNatives: VmNatives = {
  /** Caches the NoSuchMethodError class for the C library: there is nothing to cache. */
  "java/io/ObjectStreamClass.initNative()V": () => {},
  "java/io/ObjectStreamClass.hasStaticInitializer(Ljava/lang/Class;)Z": (j, mirror: number) =>
    j.objects.classOfMirror(mirror).declaredMethod("<clinit>", "()V") !== undefined,
};
