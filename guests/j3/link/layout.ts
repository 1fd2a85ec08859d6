/**
 * Where fields lie. Instance fields: the superclass's first, then the class's own by size, the largest first, so that at most one
 * gap opens, which smaller fields fill; a subclass goes on right after the last field of its superclass. References are 4 bytes,
 * long and double 8-aligned. Static fields: primitives in one block per class, references in root words.
 */
import { REFERENCE_FINAL, REFERENCE_PHANTOM, REFERENCE_SOFT, REFERENCE_WEAK } from "#layout";
import { OBJECT_FIELDS } from "../model/record.ts";
import { ACC_SYNTHETIC } from "../model/types.ts";
import type { Gap, LinkedClass } from "./model.ts";
import { LinkedField } from "./model.ts";
import type { World } from "./world.ts";

/**
 * Fields the VM adds to classes of the bootstrap loader, none visible to reflection. Class: its record and signers. ClassLoader: Loader.id.
 * Module: number of the module. MemberName: see invoke/members.ts.
 */
const INJECTED: Readonly<Record<string, readonly (readonly [name: string, descriptor: string])[]>> = {
  "java/lang/Class": [
    ["vmRecord", "I"],
    ["vmSigners", "[Ljava/lang/Object;"],
  ],
  "java/lang/ClassLoader": [["vmLoader", "I"]],
  "java/lang/Module": [["vmModule", "I"]],
  "java/lang/invoke/MemberName": [
    ["vmTarget", "I"],
    ["vmSlot", "I"],
    ["vmIndex", "I"],
  ],
};

const STRENGTHS: Readonly<Record<string, number>> = {
  "java/lang/ref/SoftReference": REFERENCE_SOFT,
  "java/lang/ref/WeakReference": REFERENCE_WEAK,
  "java/lang/ref/FinalReference": REFERENCE_FINAL,
  "java/lang/ref/PhantomReference": REFERENCE_PHANTOM,
};

/** Bytes of a field with this descriptor. */
export function fieldBytes(descriptor: string): number {
  switch (descriptor.charCodeAt(0)) {
    case 0x42: // B
    case 0x5a: // Z
      return 1;
    case 0x43: // C
    case 0x53: // S
      return 2;
    case 0x44: // D
    case 0x4a: // J
      return 8;
    default:
      return 4;
  }
}

/** Gives instance fields their offsets and fills in instanceBytes, refOffsets and strength. `fields` and `superclass` are set. */
export function layOutInstance(cls: LinkedClass): void {
  const parent = cls.superclass;
  const isBoot = cls.loader.object === 0;
  let end = parent === null ? OBJECT_FIELDS : parent.fieldEnd;
  const gaps: Gap[] = parent === null || parent.gaps.length === 0 ? [] : parent.gaps.map((gap) => ({ ...gap }));
  const own: LinkedField[] = [];
  for (const field of cls.fields) if (!field.isStatic) own.push(field);
  if (isBoot) {
    const extra = INJECTED[cls.name];
    if (extra !== undefined) {
      const injected = new Map<string, LinkedField>();
      for (const [name, descriptor] of extra) {
        const field = new LinkedField(cls, null, name, descriptor, ACC_SYNTHETIC, -1);
        injected.set(name, field);
        own.push(field);
      }
      cls.injected = injected;
    }
  }
  const refs: number[] = [];
  if (own.length > 0) {
    for (let size = 8; size >= 1; size >>= 1) {
      for (const field of own) {
        if (fieldBytes(field.descriptor) !== size) continue;
        const inGap = takeGap(gaps, size);
        if (inGap >= 0) {
          field.offset = inGap;
        } else {
          const start = (end + size - 1) & -size;
          if (start > end) gaps.push({ start: end, end: start });
          field.offset = start;
          end = start + size;
        }
        if (field.type === "ref") refs.push(field.offset);
      }
    }
  }
  cls.fieldEnd = end;
  cls.gaps = gaps;
  cls.instanceBytes = (end + 7) & -8;
  cls.strength = parent?.strength ?? 0;
  if (isBoot && cls.packageName === "java/lang/ref") {
    cls.strength = STRENGTHS[cls.name] ?? cls.strength;
    if (cls.name === "java/lang/ref/Reference") {
      const hidden = [
        cls.declaredField("referent", "Ljava/lang/Object;"),
        cls.declaredField("discovered", "Ljava/lang/ref/Reference;"),
      ];
      for (const field of hidden) {
        if (field === undefined) throw new Error("java.lang.ref.Reference has not the fields of JDK 17");
        refs.splice(refs.indexOf(field.offset), 1);
      }
    }
  }
  const inherited = parent?.refOffsets ?? [];
  cls.refOffsets = refs.length === 0 ? inherited : [...inherited, ...refs].sort((a, b) => a - b);
}

function takeGap(gaps: Gap[], size: number): number {
  for (let i = 0; i < gaps.length; i++) {
    const gap = gaps[i] as Gap;
    const start = (gap.start + size - 1) & -size;
    if (start + size > gap.end) continue;
    gaps.splice(i, 1);
    if (start > gap.start) gaps.push({ start: gap.start, end: start });
    if (start + size < gap.end) gaps.push({ start: start + size, end: gap.end });
    return start;
  }
  return -1;
}

/** Makes room for the static fields and gives them their addresses. */
export function layOutStatics(world: World, cls: LinkedClass): void {
  let bytes = 0;
  let any = false;
  for (let size = 8; size >= 1; size >>= 1) {
    for (const field of cls.fields) {
      if (!field.isStatic) continue;
      any = true;
      if (field.type === "ref" || fieldBytes(field.descriptor) !== size) continue;
      field.offset = bytes;
      bytes += size;
    }
  }
  if (!any) return;
  const block = bytes === 0 ? 0 : world.memory.malloc(bytes);
  cls.staticBlock = block;
  cls.staticBytes = bytes;
  for (const field of cls.fields) {
    if (!field.isStatic) continue;
    if (field.type === "ref") field.offset = world.memory.newRoot();
    else field.offset += block;
  }
}
