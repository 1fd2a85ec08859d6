/** java.io.ObjectStreamClass. */

import { throwing } from "../../link/index.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmNatives } from "../types.ts";

export const serializationNatives: VmNatives = {
  "java/io/ObjectStreamClass.initNative()V": () => {},
  "java/io/ObjectStreamClass.hasStaticInitializer(Ljava/lang/Class;)Z": (j: J3, mirror: number) => {
    if (j.objects.isNull(mirror)) throw throwing("NullPointerException", null);
    return j.objects.classOfMirror(mirror).declaredMethod("<clinit>", "()V") !== undefined;
  },
};
