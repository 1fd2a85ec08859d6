/** The natives of java.lang.invoke. Resolving and linking itself is in ../../invoke/. */

import { member } from "../../invoke/index.ts";
import { type LinkedField, lookUpPolymorphic, throwing } from "../../link/index.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import { fieldOfReflected, methodOfReflected } from "../../vm/reflected.ts";
import { STATIC_OFFSET } from "../intrinsics/unsafe.ts";
import type { VmNatives } from "../types.ts";

const NATIVES = "java/lang/invoke/MethodHandleNatives";
const MEMBER = "Ljava/lang/invoke/MemberName;";
const HANDLE = "Ljava/lang/invoke/MethodHandle;";
const SITE = "java/lang/invoke/CallSite";

/** Fills in a MemberName from a Field, Method or Constructor. */
function init(j: J3, self: number, reflected: number): void {
  const { objects, invocation } = j;
  if (objects.isNull(self)) throw throwing("InternalError", "mname to init is null");
  if (objects.isNull(reflected)) throw throwing("InternalError", "target is null");
  const { members } = invocation;
  if (objects.classOf(reflected).name === "java/lang/reflect/Field") {
    members.fillField(self, fieldOfReflected(j, reflected), false);
    const part = (name: string, descriptor: string): number =>
      objects.getHandle(reflected, objects.field("java/lang/reflect/Field", name, descriptor));
    if (objects.isNull(members.name(self))) members.setName(self, part("name", "Ljava/lang/String;"));
    if (objects.isNull(members.type(self))) members.setType(self, part("type", "Ljava/lang/Class;"));
    return;
  }
  const method = methodOfReflected(j, reflected);
  // A signature-polymorphic method has no one signature to resolve to.
  if (lookUpPolymorphic(method.holder, method.name) !== method) members.fillMethod(self, method);
}

/** Fills in the name and type of a resolved MemberName. */
function expand(j: J3, self: number): void {
  const { objects, strings, invocation } = j;
  if (objects.isNull(self)) throw throwing("InternalError", "mname to expand is null");
  const { members } = invocation;
  const kind = members.flags(self) & member.ALL_KINDS;
  const lacksName = objects.isNull(members.name(self));
  const lacksType = objects.isNull(members.type(self));
  if (kind === member.IS_METHOD || kind === member.IS_CONSTRUCTOR) {
    const method = members.methodOf(self);
    if (method === null) throw throwing("IllegalArgumentException", "nothing to expand");
    if (lacksName) members.setName(self, strings.literal(method.name));
    if (lacksType) members.setType(self, objects.newString(method.descriptor));
    return;
  }
  const field = kind === member.IS_FIELD ? members.fieldOf(self) : null;
  if (field === null) throw throwing("InternalError", "unrecognized MemberName format");
  if (lacksName) members.setName(self, strings.literal(field.name));
  if (!lacksType) return;
  const { descriptor } = field;
  if (descriptor.length === 1) members.setType(self, j.world.primitive(descriptor).mirror);
  else if (descriptor === "Ljava/lang/Object;") members.setType(self, j.world.boot("java/lang/Object").mirror);
  else members.setType(self, objects.newString(descriptor));
}

function* resolve(j: J3, self: number, caller: number, _lookupMode: number, speculative: number): J3Steps<number> {
  const { objects, invocation } = j;
  if (objects.isNull(self)) throw throwing("InternalError", "mname to resolve is null");
  const { members } = invocation;
  const from = objects.isNull(caller) ? null : objects.classOfMirror(caller);
  if (yield* members.resolve(j.context(), self, from, speculative !== 0)) return self;
  if (speculative !== 0) return 0;
  const kind = members.refKind(self);
  if (kind < member.REF_GET_FIELD || kind > member.REF_INVOKE_INTERFACE) {
    throw throwing("InternalError", "obsolete MemberName format");
  }
  switch (members.flags(self) & member.ALL_KINDS) {
    case member.IS_FIELD:
      throw throwing("NoSuchFieldError", "field resolution failed");
    case member.IS_METHOD:
    case member.IS_CONSTRUCTOR:
      throw throwing("NoSuchMethodError", "method resolution failed");
    default:
      throw throwing("LinkageError", "resolution failed");
  }
}

function fieldOf(j: J3, self: number, isStatic: boolean): LinkedField {
  if (j.objects.isNull(self)) throw throwing("InternalError", "mname not resolved");
  const field = j.invocation.members.fieldOf(self);
  if (field?.isStatic !== isStatic) {
    throw throwing("InternalError", isStatic ? "static field required" : "non-static field required");
  }
  return field;
}

/** { the VM's number, as a Long; what it is a number in }: for assertions and debugging. */
function vmInfo(j: J3, self: number): number {
  const { objects, world, invocation } = j;
  if (objects.isNull(self)) return 0;
  const { members } = invocation;
  const field = members.fieldOf(self);
  const kind = members.refKind(self);
  const dispatches = kind === member.REF_INVOKE_VIRTUAL || kind === member.REF_INVOKE_INTERFACE;
  const number = field !== null ? field.offset : dispatches ? Math.abs(members.indexOf(self)) : -1;
  const box = objects.newObject(world.boot("java/lang/Long"));
  objects.setLong(box, objects.field("java/lang/Long", "value", "J"), BigInt(number));
  return objects.newRefArray("java/lang/Object", [box, field !== null ? field.holder.mirror : self]);
}

function setTarget(j: J3, site: number, target: number): void {
  j.objects.setHandle(site, j.objects.field(SITE, "target", HANDLE), target);
}

function setTargetVolatile(j: J3, site: number, target: number): void {
  const { objects, mem } = j;
  const field = objects.field(SITE, "target", HANDLE);
  if (objects.isNull(site)) throw throwing("NullPointerException", null);
  mem.atomicSetRef(objects.ref(site) + field.offset, objects.ref(target));
}

/** Signature-polymorphic methods called as they are declared, which only reflection can do. */
function uncallable(message: string): () => never {
  return () => {
    throw throwing("UnsupportedOperationException", message);
  };
}

const ARRAY_TO_OBJECT = "([Ljava/lang/Object;)Ljava/lang/Object;";

/** Result descriptors of VarHandle's access methods. */
const ACCESS: Readonly<Record<string, readonly string[]>> = {
  "Ljava/lang/Object;": [
    "get",
    "getVolatile",
    "getOpaque",
    "getAcquire",
    "compareAndExchange",
    "compareAndExchangeAcquire",
    "compareAndExchangeRelease",
    "getAndSet",
    "getAndSetAcquire",
    "getAndSetRelease",
    "getAndAdd",
    "getAndAddAcquire",
    "getAndAddRelease",
    "getAndBitwiseOr",
    "getAndBitwiseOrAcquire",
    "getAndBitwiseOrRelease",
    "getAndBitwiseAnd",
    "getAndBitwiseAndAcquire",
    "getAndBitwiseAndRelease",
    "getAndBitwiseXor",
    "getAndBitwiseXorAcquire",
    "getAndBitwiseXorRelease",
  ],
  V: ["set", "setVolatile", "setOpaque", "setRelease"],
  Z: [
    "compareAndSet",
    "weakCompareAndSet",
    "weakCompareAndSetPlain",
    "weakCompareAndSetAcquire",
    "weakCompareAndSetRelease",
  ],
};

const accessNatives: VmNatives = Object.fromEntries(
  Object.entries(ACCESS).flatMap(([result, names]) =>
    names.map((name) => [
      `java/lang/invoke/VarHandle.${name}([Ljava/lang/Object;)${result}`,
      uncallable("VarHandle access mode methods cannot be invoked reflectively"),
    ]),
  ),
);

export const methodHandleNatives: VmNatives = {
  [`${NATIVES}.init(${MEMBER}Ljava/lang/Object;)V`]: init,
  [`${NATIVES}.expand(${MEMBER})V`]: expand,
  [`${NATIVES}.resolve(${MEMBER}Ljava/lang/Class;IZ)${MEMBER}`]: resolve,
  [`${NATIVES}.objectFieldOffset(${MEMBER})J`]: (j, self: number) => BigInt(fieldOf(j, self, false).offset),
  [`${NATIVES}.staticFieldOffset(${MEMBER})J`]: (j, self: number) =>
    BigInt(fieldOf(j, self, true).offset) | STATIC_OFFSET,
  [`${NATIVES}.staticFieldBase(${MEMBER})Ljava/lang/Object;`]: (j, self: number) =>
    fieldOf(j, self, true).holder.mirror,
  [`${NATIVES}.getMemberVMInfo(${MEMBER})Ljava/lang/Object;`]: vmInfo,
  [`${NATIVES}.setCallSiteTargetNormal(L${SITE};${HANDLE})V`]: setTarget,
  [`${NATIVES}.setCallSiteTargetVolatile(L${SITE};${HANDLE})V`]: setTargetVolatile,
  // No code is compiled for the present target of a call site: there is nothing to give up.
  [`${NATIVES}.clearCallSiteContext(L${NATIVES}$CallSiteContext;)V`]: () => {},
  // HotSpot names its constants in debug builds only.
  [`${NATIVES}.getNamedCon(I[Ljava/lang/Object;)I`]: () => 0,
  [`java/lang/invoke/MethodHandle.invoke${ARRAY_TO_OBJECT}`]: uncallable(
    "MethodHandle.invoke cannot be invoked reflectively",
  ),
  [`java/lang/invoke/MethodHandle.invokeExact${ARRAY_TO_OBJECT}`]: uncallable(
    "MethodHandle.invokeExact cannot be invoked reflectively",
  ),
  ...accessNatives,
};
