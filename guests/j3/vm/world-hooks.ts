/** What linking asks of the rest of J3. */

import { threadRef } from "#vm";
import { externalName, type LinkedClass, type WorldHooks } from "../link/index.ts";
import type { Loader } from "../model/types.ts";
import type { J3 } from "./j3.ts";

/** Where a class is from, as logs say it. */
function sourceOf(cls: LinkedClass): string {
  if (cls.imageModule !== null) return `jrt:/${cls.imageModule}`;
  return cls.source ?? "__JVM_DefineClass__";
}

export function worldHooks(j: J3): WorldHooks {
  return {
    makeMirror: (cls) => {
      j.mirrors.make(cls);
      if (j.classLog !== undefined && cls.file !== null)
        j.classLog(`${externalName(cls.name)} source: ${sourceOf(cls)}`);
    },
    stringRoot: (text) => j.strings.literal(text),
    newString: (text) => j.objects.newString(text),
    loaderName: (loader) => loaderName(j, loader),
    modules: { canAccess: (from, to) => j.modules.canAccess(from, to), nameOf: (cls) => j.modules.nameOf(cls) },
    // The type-checking verifier is not there yet; translation checks what memory safety needs.
    verify: function* () {},
    wakeInitWaiters: (cls) => j.waiters.wakeClass(cls),
    describeThrowable: (handle) => ({
      className: j.objects.classOf(handle).name,
      message: j.objects.textOrNull(
        j.objects.getHandle(handle, j.objects.field("java/lang/Throwable", "detailMessage", "Ljava/lang/String;")),
      ),
    }),
    parentLoader: (loader) => {
      const field = j.objects.field("java/lang/ClassLoader", "parent", "Ljava/lang/ClassLoader;");
      return j.world.loaderOf(j.objects.getHandle(loader.object, field));
    },
    initializationError: () => null,
    threadName: (thread) => {
      const object = j.objects.temp(j.mem.word(threadRef(thread, 0)));
      if (j.objects.isNull(object)) return "main";
      const name = j.objects.getHandle(object, j.objects.field("java/lang/Thread", "name", "Ljava/lang/String;"));
      return j.objects.text(name);
    },
  };
}

/** "'app'", or the loader's class and identity as HotSpot writes them; null for the bootstrap loader. */
function loaderName(j: J3, loader: Loader): string | null {
  if (loader.object === 0) return null;
  const field = j.objects.field("java/lang/ClassLoader", "nameAndId", "Ljava/lang/String;");
  return j.objects.textOrNull(j.objects.getHandle(loader.object, field));
}
