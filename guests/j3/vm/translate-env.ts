/** What the translator asks: answered by linking, the strings and the natives' intrinsics. */
import { LinkQueries, linked, linkedMethod, Receivers } from "../link/index.ts";
import { ACC_FINAL, type JField, type TranslateEnv } from "../model/types.ts";
import type { J3 } from "./j3.ts";
import { KnownObjects } from "./known-objects.ts";

export function translateEnv(j: J3): TranslateEnv {
  const queries = new LinkQueries(j.world);
  const receivers = new Receivers(j.world);
  return {
    classAt: (from, index) => queries.classAt(from, index),
    fieldAt: (from, index, isStatic, isStore) => queries.fieldAt(from, index, isStatic, isStore),
    methodAt: (from, index, how) => queries.methodAt(from, index, how),
    isPolymorphic: (from, index) => queries.isPolymorphic(from, index),
    polymorphic: (from, index) => j.invocation.polymorphic.expansion(from, index),
    varHandle: (from, index) => j.invocation.varHandles.expansion(from, index),
    needsInit: (from, target) => queries.needsInit(from, target),
    arrayOf: (component) => queries.arrayOf(component),
    primitive: (code) => queries.primitive(code),
    cell: (kind, from, index, pos) => j.cells.allocate(kind, from, index, pos),
    stringRoot: (from, index) => {
      const file = linked(from).file;
      if (file === null) throw new Error(`${from.name} has no constant pool`);
      return j.strings.literal(file.constants.string(index));
    },
    textRoot: (text) => j.strings.literal(text),
    isLoaded: (from, descriptor) => {
      const name = /L(.*);$/.exec(descriptor)?.[1];
      if (name === undefined) return true;
      return linked(from).loader.classes.has(name) || j.world.bootLoader.classes.has(name);
    },
    libraryMethod: (owner, name, descriptor) => j.world.boot(owner).declaredMethod(name, descriptor) ?? null,
    intrinsic: (method) => j.bodies.intrinsicOf(linkedMethod(method)),
    path: (method) => j.bodies.pathOf(linkedMethod(method)),
    receivers: (method) => receivers.of(method),
    selected: (cls, method) => receivers.selected(cls, method),
    knownObjects: new KnownObjects(j),
    hasSecondTier: j.code.hasSecondTier,
    loadedClass: (from, descriptor) => {
      const name = descriptor.slice(1, -1);
      const { classes } = linked(from).loader;
      // No other loader defines classes of this package.
      return classes.get(name) ?? (name.startsWith("java/") ? (j.world.bootLoader.classes.get(name) ?? null) : null);
    },
    profileMemory: (bytes) => j.heap.malloc(bytes),
    profileWord: (address) => j.mem.i32[address >>> 2] as number,
    classOfRecord: (record) => j.world.classOrNull(record),
    constantOf: (field) => constantOf(j, field),
    isExpandable: (method) => j.bodies.isExpandable(linkedMethod(method)),
    slots: j.helpers,
  };
}

function constantOf(j: J3, field: JField): number | bigint | null {
  if (field.holder.state !== "initialized" || (field.flags & ACC_FINAL) === 0) return null;
  const { offset } = field;
  const word = j.mem.i32[offset >>> 2] as number;
  const shift = 8 * (offset & 3);
  switch (field.descriptor) {
    case "Z":
    case "B":
      return ((word >> shift) << 24) >> 24;
    case "C":
      return (word >> shift) & 0xffff;
    case "S":
      return ((word >> shift) << 16) >> 16;
    case "I":
    case "F":
      return word;
    case "J":
    case "D":
      return (BigInt(j.mem.i32[(offset >>> 2) + 1] as number) << 32n) | BigInt(word >>> 0);
    default:
      return null;
  }
}
