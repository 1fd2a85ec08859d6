/** What the translator asks: answered by linking, the strings and the natives' intrinsics. */
import { LinkQueries, linked, linkedMethod } from "../link/index.ts";
import type { TranslateEnv } from "../model/types.ts";
import type { J3 } from "./j3.ts";

export function translateEnv(j: J3): TranslateEnv {
  const queries = new LinkQueries(j.world);
  return {
    classAt: (from, index) => queries.classAt(from, index),
    fieldAt: (from, index, isStatic, isStore) => queries.fieldAt(from, index, isStatic, isStore),
    methodAt: (from, index, how) => queries.methodAt(from, index, how),
    isPolymorphic: (from, index) => queries.isPolymorphic(from, index),
    polymorphic: (from, index) => j.invocation.polymorphic.expansion(from, index),
    needsInit: (from, target) => queries.needsInit(from, target),
    arrayOf: (component) => queries.arrayOf(component),
    primitive: (code) => queries.primitive(code),
    cell: (kind, from, index, pos) => j.cells.allocate(kind, from, index, pos),
    stringRoot: (from, index) => {
      const file = linked(from).file;
      if (file === null) throw new Error(`${from.name} has no constant pool`);
      return j.strings.literal(file.constants.string(index));
    },
    intrinsic: (method) => j.bodies.intrinsicOf(linkedMethod(method)),
    isExpandable: (method) => j.bodies.isExpandable(linkedMethod(method)),
    slots: j.helpers,
  };
}
