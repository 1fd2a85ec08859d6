/** Writes a class into shared memory: the collector's type record, J3's words, the vtable and the class table. */
import {
  REFERENCE_SOFT,
  TYPE_ACTIVE,
  TYPE_ELEMENT_BYTES,
  TYPE_KIND,
  TYPE_KIND_DATA,
  TYPE_KIND_FIXED,
  TYPE_KIND_REFERENCE,
  TYPE_KIND_REFS,
  TYPE_LENGTH_OFFSET,
  TYPE_LINK,
  TYPE_NAME,
  TYPE_REFERENT,
  TYPE_REFS,
  TYPE_SIZE,
  TYPE_STAMP,
  TYPE_STRENGTH,
} from "#layout";
import * as record from "../model/record.ts";
import { ACC_ABSTRACT, ACC_PRIVATE, ACC_STATIC } from "../model/types.ts";
import { fieldBytes } from "./layout.ts";
import type { LinkMemory } from "./memory.ts";
import type { LinkedClass } from "./model.ts";
import { makeTable } from "./table.ts";
import { selectInterfaceMethod } from "./vtable.ts";
import type { World } from "./world.ts";

/** newarray codes, JVMS table 6.5.newarray-A. */
export const NEWARRAY: Readonly<Record<string, number>> = { Z: 4, C: 5, F: 6, D: 7, B: 8, S: 9, I: 10, J: 11 };

/** Allocates and fills the record of a class whose layout and vtable are known, and registers it. */
export function writeRecord(world: World, cls: LinkedClass): void {
  const memory = world.memory;
  const vtable = cls.vtable;
  const address = memory.malloc((record.CLASS_VTABLE + 4 * vtable.length + 7) & -8);
  cls.record = address;
  cls.mirror = memory.newRoot();
  const words = memory.i32;
  const at = address >>> 2;
  const set = (offset: number, value: number) => {
    words[at + (offset >>> 2)] = value;
  };
  writeType(world, cls, set);
  set(record.CLASS_MIRROR, cls.mirror);
  set(record.CLASS_ID, cls.id);
  set(record.CLASS_FLAGS, cls.flags);
  set(record.CLASS_MODIFIERS, cls.modifiers);
  set(record.CLASS_BITS, cls.bits);
  set(record.CLASS_SUPER, cls.superclass?.record ?? 0);
  set(record.CLASS_COMPONENT, cls.component?.record ?? 0);
  set(record.CLASS_DEPTH, cls.depth);
  set(record.CLASS_PRIMITIVE, NEWARRAY[cls.primitive ?? cls.component?.primitive ?? ""] ?? 0);
  if (!cls.isInterface && cls.primitive === null) {
    for (let c: LinkedClass | null = cls; c !== null; c = c.superclass) {
      if (c.depth < record.DISPLAY) set(record.CLASS_DISPLAY + 4 * c.depth, c.record);
    }
  } else if (cls.isInterface && cls.superclass !== null) {
    set(record.CLASS_DISPLAY, cls.superclass.record);
  }
  writeTable(world, cls, set);
  set(record.CLASS_VTABLE_LENGTH, vtable.length);
  for (let i = 0; i < vtable.length; i++) {
    const method = vtable[i];
    if (method !== undefined) set(record.CLASS_VTABLE + 4 * i, method.slot);
  }
  world.register(cls);
}

function writeType(world: World, cls: LinkedClass, set: (offset: number, value: number) => void): void {
  const { memory } = world;
  set(TYPE_NAME, nameRecord(memory, cls.name));
  const component = cls.component;
  if (component !== null) {
    const descriptor = component.primitive ?? "L";
    set(TYPE_KIND, component.primitive === null ? TYPE_KIND_REFS : TYPE_KIND_DATA);
    set(TYPE_SIZE, record.ARRAY_DATA);
    set(TYPE_ELEMENT_BYTES, fieldBytes(descriptor));
    set(TYPE_LENGTH_OFFSET, record.ARRAY_LENGTH);
    return;
  }
  const parent = cls.superclass;
  if (parent !== null && parent.refOffsets === cls.refOffsets) {
    cls.refList = parent.refList;
  } else if (cls.refOffsets.length > 0) {
    const list = memory.malloc(4 + 4 * cls.refOffsets.length);
    memory.i32[list >>> 2] = cls.refOffsets.length;
    cls.refOffsets.forEach((offset, i) => {
      memory.i32[(list >>> 2) + 1 + i] = offset;
    });
    cls.refList = list;
  }
  set(TYPE_REFS, cls.refList);
  set(TYPE_SIZE, cls.instanceBytes);
  if (cls.strength === 0) {
    set(TYPE_KIND, TYPE_KIND_FIXED);
    return;
  }
  const reference = world.boot("java/lang/ref/Reference");
  const offset = (name: string, descriptor: string) => reference.declaredField(name, descriptor)?.offset as number;
  set(TYPE_KIND, TYPE_KIND_REFERENCE);
  set(TYPE_STRENGTH, cls.strength);
  set(TYPE_REFERENT, offset("referent", "Ljava/lang/Object;"));
  set(TYPE_LINK, offset("discovered", "Ljava/lang/ref/Reference;"));
  set(TYPE_ACTIVE, offset("next", "Ljava/lang/ref/Reference;"));
  if (cls.strength !== REFERENCE_SOFT) return;
  let soft = cls;
  while (soft.name !== "java/lang/ref/SoftReference" && soft.superclass !== null) soft = soft.superclass;
  const stamp = soft.declaredField("timestamp", "J")?.offset;
  if (stamp === undefined) throw new Error("java.lang.ref.SoftReference has not the fields of JDK 17");
  set(TYPE_STAMP, stamp);
}

function writeTable(world: World, cls: LinkedClass, set: (offset: number, value: number) => void): void {
  const keys: number[] = [];
  const values: number[] = [];
  const add = (key: number, value: number) => {
    keys.push(key);
    values.push(value);
  };
  if (cls.isInterface) add(cls.id, cls.record);
  for (const face of cls.allInterfaces) add(face.id, face.record);
  for (let c: LinkedClass | null = cls; c !== null && c.depth >= record.DISPLAY; c = c.superclass) add(c.id, c.record);
  const hasInstances = (cls.flags & ACC_ABSTRACT) === 0 && cls.component === null;
  if (hasInstances) {
    for (const face of cls.allInterfaces) {
      for (const method of face.methods) {
        if (method.interfaceKey === 0 || (method.flags & (ACC_STATIC | ACC_PRIVATE)) !== 0) continue;
        add(method.interfaceKey, selectInterfaceMethod(cls, method).slot);
      }
    }
  }
  const table = keys.length === 0 ? world.emptyTable : makeTable(world.memory, keys, values);
  set(record.CLASS_TABLE, table.address);
  set(record.CLASS_TABLE_SEED, table.seed);
  set(record.CLASS_TABLE_SHIFT, table.shift);
}

function nameRecord(memory: LinkMemory, name: string): number {
  const bytes = Buffer.from(name, "utf8");
  const address = memory.malloc(4 + bytes.length);
  memory.i32[address >>> 2] = bytes.length;
  memory.u8.set(bytes, address + 4);
  return address;
}
