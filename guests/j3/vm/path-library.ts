/** What fast paths ask of the class library. */
import { arrayOf } from "../link/index.ts";
import type { PathLibrary } from "../natives/paths/path.ts";
import type { J3 } from "./j3.ts";

export function pathLibrary(j: J3): PathLibrary {
  const boot = (name: string) => j.world.boot(name);
  return {
    get helpers() {
      return j.helpers;
    },
    offset: (owner, name, descriptor) => j.objects.field(owner, name, descriptor).offset,
    record: (name) => boot(name).record,
    instanceBytes: (name) => boot(name).instanceBytes,
    text: (text) => j.strings.literal(text),
    virtual: (owner, name, descriptor) => {
      const method = boot(owner).declaredMethod(name, descriptor);
      if (method === undefined) throw new Error(`the class library has no method ${owner}.${name}${descriptor}`);
      return { slot: method.slot, index: method.vtableIndex };
    },
    primitive: (letter) => j.world.primitive(letter).record,
    primitiveArray: (letter) => arrayOf(j.world, j.world.primitive(letter)).record,
  };
}
