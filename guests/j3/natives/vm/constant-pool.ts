/** jdk.internal.reflect.ConstantPool: what annotations' raw bytes refer to. */
import {
  type ConstantPool,
  TAG_CLASS,
  TAG_DOUBLE,
  TAG_DYNAMIC,
  TAG_FIELDREF,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_INTERFACE_METHODREF,
  TAG_INVOKE_DYNAMIC,
  TAG_LONG,
  TAG_METHODREF,
  TAG_NAME_AND_TYPE,
  TAG_STRING,
  TAG_UTF8,
} from "../../classfile/index.ts";
import {
  LinkedClass,
  LinkedField,
  LinkedMethod,
  loadForLinking,
  lookUpField,
  lookUpInterfaceMethod,
  lookUpMethod,
  resolveClass,
  throwing,
} from "../../link/index.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import { newExecutable, newField } from "../../vm/reflected.ts";
import type { VmNatives } from "../types.ts";

const WRONG_TYPE = "Wrong type at constant pool index";

function poolOf(j: J3, mirror: number): { readonly cls: LinkedClass; readonly constants: ConstantPool } {
  const cls = j.objects.classOfMirror(mirror);
  if (cls.file === null) throw throwing("IllegalArgumentException", "Constant pool index out of bounds");
  return { cls, constants: cls.file.constants };
}

/** The pool and a checked index. */
function entry(j: J3, mirror: number, index: number, ...tags: readonly number[]) {
  const pool = poolOf(j, mirror);
  if (index < 0 || index >= pool.constants.size) {
    throw throwing("IllegalArgumentException", "Constant pool index out of bounds");
  }
  if (tags.length > 0 && !tags.includes(pool.constants.tag(index)))
    throw throwing("IllegalArgumentException", WRONG_TYPE);
  return pool;
}

const MEMBERS = [TAG_FIELDREF, TAG_METHODREF, TAG_INTERFACE_METHODREF];
const METHODS = [TAG_METHODREF, TAG_INTERFACE_METHODREF];

function* holderAt(
  j: J3,
  cls: LinkedClass,
  constants: ConstantPool,
  index: number,
  force: boolean,
): J3Steps<LinkedClass | null> {
  const classIndex = constants.memberClassIndex(index);
  if (force) return yield* loadForLinking(j.world, j.context(), cls.loader, constants.className(classIndex));
  const known = cls.resolved[classIndex];
  return known instanceof LinkedClass ? known : null;
}

function* methodAt(j: J3, mirror: number, index: number, force: boolean): J3Steps<number> {
  const { cls, constants } = entry(j, mirror, index, ...METHODS);
  const known = cls.resolved[index];
  if (known instanceof LinkedMethod) return yield* newExecutable(j, known);
  const holder = yield* holderAt(j, cls, constants, index, force);
  if (holder === null) return 0;
  const { name, descriptor } = constants.memberRef(index);
  const method = holder.isInterface
    ? lookUpInterfaceMethod(holder, name, descriptor)
    : lookUpMethod(holder, name, descriptor);
  if (method === null) throw throwing("RuntimeException", "Unable to look up method in target class");
  return yield* newExecutable(j, method);
}

function* fieldAt(j: J3, mirror: number, index: number, force: boolean): J3Steps<number> {
  const { cls, constants } = entry(j, mirror, index, TAG_FIELDREF);
  const known = cls.resolved[index];
  if (known instanceof LinkedField) return yield* newField(j, known);
  const holder = yield* holderAt(j, cls, constants, index, force);
  if (holder === null) return 0;
  const { name, descriptor } = constants.memberRef(index);
  const field = lookUpField(holder, name, descriptor);
  if (field === null) throw throwing("RuntimeException", "Unable to look up field in target class");
  return yield* newField(j, field);
}

function strings(j: J3, texts: readonly string[]): number {
  return j.objects.newRefArray(
    "java/lang/String",
    texts.map((text) => j.objects.newString(text)),
  );
}

const POOL = "jdk/internal/reflect/ConstantPool";
const ARGS = "(Ljava/lang/Object;I)";

export const constantPoolNatives: VmNatives = {
  [`${POOL}.getSize0(Ljava/lang/Object;)I`]: (j, _self: number, mirror: number) => poolOf(j, mirror).constants.size,
  [`${POOL}.getTagAt0${ARGS}B`]: (j, _self: number, mirror: number, index: number) =>
    entry(j, mirror, index).constants.tag(index),
  [`${POOL}.getClassAt0${ARGS}Ljava/lang/Class;`]: function* (j, _self: number, mirror: number, index: number) {
    const { cls } = entry(j, mirror, index, TAG_CLASS);
    return (yield* resolveClass(j.context(), cls, index)).mirror;
  },
  [`${POOL}.getClassAtIfLoaded0${ARGS}Ljava/lang/Class;`]: (j, _self: number, mirror: number, index: number) => {
    const known = entry(j, mirror, index, TAG_CLASS).cls.resolved[index];
    return known instanceof LinkedClass ? known.mirror : 0;
  },
  [`${POOL}.getClassRefIndexAt0${ARGS}I`]: (j, _self: number, mirror: number, index: number) =>
    entry(j, mirror, index, ...MEMBERS).constants.memberClassIndex(index),
  [`${POOL}.getMethodAt0${ARGS}Ljava/lang/reflect/Member;`]: (j, _self: number, mirror: number, index: number) =>
    methodAt(j, mirror, index, true),
  [`${POOL}.getMethodAtIfLoaded0${ARGS}Ljava/lang/reflect/Member;`]: (
    j,
    _self: number,
    mirror: number,
    index: number,
  ) => methodAt(j, mirror, index, false),
  [`${POOL}.getFieldAt0${ARGS}Ljava/lang/reflect/Field;`]: (j, _self: number, mirror: number, index: number) =>
    fieldAt(j, mirror, index, true),
  [`${POOL}.getFieldAtIfLoaded0${ARGS}Ljava/lang/reflect/Field;`]: (j, _self: number, mirror: number, index: number) =>
    fieldAt(j, mirror, index, false),
  [`${POOL}.getMemberRefInfoAt0${ARGS}[Ljava/lang/String;`]: (j, _self: number, mirror: number, index: number) => {
    const { owner, name, descriptor } = entry(j, mirror, index, ...MEMBERS).constants.memberRef(index);
    return strings(j, [owner, name, descriptor]);
  },
  [`${POOL}.getNameAndTypeRefInfoAt0${ARGS}[Ljava/lang/String;`]: (j, _self: number, mirror: number, index: number) => {
    const { name, descriptor } = entry(j, mirror, index, TAG_NAME_AND_TYPE).constants.nameAndType(index);
    return strings(j, [name, descriptor]);
  },
  [`${POOL}.getNameAndTypeRefIndexAt0${ARGS}I`]: (j, _self: number, mirror: number, index: number) => {
    const { constants } = entry(j, mirror, index, ...MEMBERS, TAG_DYNAMIC, TAG_INVOKE_DYNAMIC);
    const at = constants.offsetOf(index) + 3;
    return ((constants.bytes[at] as number) << 8) | (constants.bytes[at + 1] as number);
  },
  [`${POOL}.getIntAt0${ARGS}I`]: (j, _self: number, mirror: number, index: number) =>
    entry(j, mirror, index, TAG_INTEGER).constants.integer(index),
  [`${POOL}.getLongAt0${ARGS}J`]: (j, _self: number, mirror: number, index: number) =>
    entry(j, mirror, index, TAG_LONG).constants.long(index),
  [`${POOL}.getFloatAt0${ARGS}F`]: (j, _self: number, mirror: number, index: number) =>
    entry(j, mirror, index, TAG_FLOAT).constants.float(index),
  [`${POOL}.getDoubleAt0${ARGS}D`]: (j, _self: number, mirror: number, index: number) =>
    entry(j, mirror, index, TAG_DOUBLE).constants.double(index),
  [`${POOL}.getStringAt0${ARGS}Ljava/lang/String;`]: (j, _self: number, mirror: number, index: number) =>
    j.strings.literal(entry(j, mirror, index, TAG_STRING).constants.string(index)),
  [`${POOL}.getUTF8At0${ARGS}Ljava/lang/String;`]: (j, _self: number, mirror: number, index: number) =>
    j.strings.literal(entry(j, mirror, index, TAG_UTF8).constants.utf8(index)),
};
