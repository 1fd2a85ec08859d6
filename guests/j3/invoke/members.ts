/**
 * java.lang.invoke.MemberName: what the VM keeps in one, and resolving them, as HotSpot 17 does.
 *
 * Injected fields:      methods                                          fields
 *   vmTarget            JMethod.id; 0 while not resolved                 JField.index
 *   vmSlot              slot of the method                               -
 *   vmIndex             how the receiver's class selects the method:     offset in the object, or address of a static field
 *                       > 0: byte offset of the vtable entry in the class record
 *                       < 0: negative interface key
 *                       0: not at all; for static methods: RESULTS
 */
import {
  type Context,
  callValue,
  checkStaticness,
  externalMethod,
  externalName,
  GuestThrow,
  type LinkedClass,
  type LinkedField,
  type LinkedMethod,
  linkClass,
  linkField,
  linkMethod,
  lookUpField,
  lookUpInterfaceMethod,
  lookUpMethod,
  lookUpPolymorphic,
  type Steps,
  selectSpecial,
  throwing,
} from "../link/index.ts";
import { CALL_DIRECT } from "../model/record.ts";
import { ACC_FINAL, ACC_NATIVE, ACC_STATIC, ACC_SYNTHETIC } from "../model/types.ts";
import type { J3 } from "../vm/j3.ts";
import { isRecord } from "../vm/reflected.ts";
import { descriptorOf, type MethodTypes } from "./method-types.ts";
import { isLinker, type Linker, type Polymorphic, RESULTS } from "./polymorphic.ts";

// Numbers that the library has too: MethodHandleNatives.Constants.
export const IS_METHOD = 0x10000;
export const IS_CONSTRUCTOR = 0x20000;
export const IS_FIELD = 0x40000;
const IS_TYPE = 0x80000;
export const ALL_KINDS = IS_METHOD | IS_CONSTRUCTOR | IS_FIELD | IS_TYPE;
const CALLER_SENSITIVE = 0x100000;
const TRUSTED_FINAL = 0x200000;
const KIND_SHIFT = 24;

// Kinds of references, JVMS table 5.4.3.5-A.
export const REF_GET_FIELD = 1;
export const REF_GET_STATIC = 2;
export const REF_PUT_FIELD = 3;
export const REF_PUT_STATIC = 4;
export const REF_INVOKE_VIRTUAL = 5;
export const REF_INVOKE_STATIC = 6;
export const REF_INVOKE_SPECIAL = 7;
export const REF_NEW_INVOKE_SPECIAL = 8;
export const REF_INVOKE_INTERFACE = 9;

/** Access flags that count, JVMS tables 4.5-A and 4.6-A. */
const FIELD_MODIFIERS = 0x50df;
const METHOD_MODIFIERS = 0x1dff;

const MEMBER_NAME = "java/lang/invoke/MemberName";
const METHOD_HANDLE = "java/lang/invoke/MethodHandle";

export class Members {
  readonly #j: J3;
  readonly #types: MethodTypes;
  readonly #polymorphic: Polymorphic;

  constructor(j: J3, types: MethodTypes, polymorphic: Polymorphic) {
    this.#j = j;
    this.#types = types;
    this.#polymorphic = polymorphic;
  }

  // ---- parts --------------------------------------------------------------------------------------------------------------------

  flags(member: number): number {
    return this.#getInt(member, "flags");
  }

  refKind(member: number): number {
    return (this.flags(member) >>> KIND_SHIFT) & 15;
  }

  /** The declaring class, or null. */
  classOf(member: number): LinkedClass | null {
    const mirror = this.#getHandle(member, "clazz", "Ljava/lang/Class;");
    return this.#j.objects.isNull(mirror) ? null : this.#j.objects.classOfMirror(mirror);
  }

  /** The method of a resolved MemberName; null if it is not resolved, or names no method. */
  methodOf(member: number): LinkedMethod | null {
    if ((this.flags(member) & (IS_METHOD | IS_CONSTRUCTOR)) === 0) return null;
    const id = this.#getInt(member, "vmTarget");
    return id === 0 ? null : this.#j.world.method(id);
  }

  slotOf(member: number): number {
    return this.#getInt(member, "vmSlot");
  }

  indexOf(member: number): number {
    return this.#getInt(member, "vmIndex");
  }

  /** The field of a resolved MemberName, or null. */
  fieldOf(member: number): LinkedField | null {
    const cls = this.classOf(member);
    if (cls === null || (this.flags(member) & IS_FIELD) === 0) return null;
    return cls.fields[this.#getInt(member, "vmTarget")] ?? null;
  }

  name(member: number): number {
    return this.#getHandle(member, "name", "Ljava/lang/String;");
  }

  type(member: number): number {
    return this.#getHandle(member, "type", "Ljava/lang/Object;");
  }

  // ---- making them --------------------------------------------------------------------------------------------------------------

  /** A new one that is not resolved. The handles are of the Class, the String, and the String, Class or MethodType. */
  symbolic(refKind: number, cls: number, name: number, type: number): number {
    const { objects, world } = this.#j;
    const member = objects.newObject(world.boot(MEMBER_NAME));
    const isField = refKind <= REF_PUT_STATIC;
    const kind = isField ? IS_FIELD : refKind === REF_NEW_INVOKE_SPECIAL ? IS_CONSTRUCTOR : IS_METHOD;
    this.#setInt(member, "flags", kind | (refKind << KIND_SHIFT));
    this.#setHandle(member, "clazz", "Ljava/lang/Class;", cls);
    this.setName(member, name);
    this.setType(member, type);
    return member;
  }

  setName(member: number, name: number): void {
    this.#setHandle(member, "name", "Ljava/lang/String;", name);
  }

  setType(member: number, type: number): void {
    this.#setHandle(member, "type", "Ljava/lang/Object;", type);
  }

  /** The MemberName becomes one for getting or setting the field. */
  fillField(member: number, field: LinkedField, isSetter: boolean): void {
    const { holder, isStatic } = field;
    let flags = (field.flags & FIELD_MODIFIERS) | IS_FIELD;
    flags |= (isStatic ? REF_GET_STATIC : REF_GET_FIELD) << KIND_SHIFT;
    if (isSetter) flags += (REF_PUT_FIELD - REF_GET_FIELD) << KIND_SHIFT;
    if ((field.flags & ACC_FINAL) !== 0 && (isStatic || holder.hidden || isRecord(holder))) flags |= TRUSTED_FINAL;
    this.#setInt(member, "flags", flags);
    this.#setInt(member, "vmTarget", field.index);
    this.#setInt(member, "vmIndex", field.offset);
    this.#setHandle(member, "clazz", "Ljava/lang/Class;", holder.mirror);
  }

  /** The MemberName becomes one for the method, with the kind that follows from the method alone. */
  fillMethod(member: number, method: LinkedMethod): void {
    this.#fill(member, method, method.holder, method.holder.isInterface ? REF_INVOKE_INTERFACE : REF_INVOKE_VIRTUAL);
  }

  /** `through` is the class or interface that the method was looked up in, `wanted` the kind of reference that was resolved. */
  #fill(member: number, method: LinkedMethod, through: LinkedClass, wanted: number): void {
    let kind = REF_INVOKE_SPECIAL;
    let cls = method.holder;
    let index = 0;
    if (method.isStatic) {
      kind = REF_INVOKE_STATIC;
      index = RESULTS.indexOf(method.signature.result);
    } else if (method.isNamed && wanted !== REF_INVOKE_SPECIAL) {
      const call = callValue(method);
      if (call.kind !== CALL_DIRECT) {
        const viaInterface = method.vtableIndex < 0;
        const isInterfaceCall = wanted === REF_INVOKE_INTERFACE;
        kind = viaInterface && isInterfaceCall ? REF_INVOKE_INTERFACE : REF_INVOKE_VIRTUAL;
        index = viaInterface ? -method.interfaceKey : call.value;
        // An interface's method called through a class belongs to the class.
        if (viaInterface && !isInterfaceCall) cls = through;
      }
    }
    const flags = (method.flags & METHOD_MODIFIERS) | (method.isNamed ? IS_METHOD : IS_CONSTRUCTOR);
    this.#fillCall(member, method, flags, kind, cls, method.slot, index);
  }

  #fillCall(
    member: number,
    method: LinkedMethod,
    flags: number,
    kind: number,
    cls: LinkedClass,
    slot: number,
    index: number,
  ): void {
    const sensitive = method.hasVmAnnotation("Ljdk/internal/reflect/CallerSensitive;") ? CALLER_SENSITIVE : 0;
    this.#setInt(member, "flags", flags | (kind << KIND_SHIFT) | sensitive);
    this.#setInt(member, "vmSlot", slot);
    this.#setInt(member, "vmIndex", index);
    this.#setInt(member, "vmTarget", method.id);
    this.#setHandle(member, "clazz", "Ljava/lang/Class;", cls.mirror);
  }

  // ---- resolving ----------------------------------------------------------------------------------------------------------------

  /**
   * Fills in what the MemberName's class, name and type mean; with the access of `caller`, or of anybody if that is null. False if they
   * cannot mean anything. Throws LinkageErrors; if `speculative`, gives false instead.
   */
  *resolve(context: Context, member: number, caller: LinkedClass | null, speculative: boolean): Steps<boolean> {
    const { objects, world } = this.#j;
    if (this.methodOf(member) !== null) return true;
    const flags = this.flags(member);
    const refKind = this.refKind(member);
    if (refKind < REF_GET_FIELD || refKind > REF_INVOKE_INTERFACE) return false;
    const named = this.classOf(member);
    const nameHandle = this.name(member);
    const type = this.type(member);
    if (named === null || objects.isNull(nameHandle) || objects.isNull(type)) {
      throw throwing("IllegalArgumentException", "nothing to resolve");
    }
    if (named.primitive !== null) return false;
    const cls = named.isArray ? world.boot("java/lang/Object") : named;
    const name = objects.text(nameHandle);
    const descriptor = this.descriptor(type);
    if (name === "<clinit>") return false;
    yield* linkClass(world, context, cls);
    try {
      switch (flags & ALL_KINDS) {
        case IS_FIELD: {
          const isSetter = refKind === REF_PUT_FIELD || refKind === REF_PUT_STATIC;
          this.fillField(member, yield* this.#field(context, caller, cls, name, descriptor), isSetter);
          return true;
        }
        case IS_CONSTRUCTOR:
          if (name !== "<init>") return false;
          this.#fill(
            member,
            yield* this.#method(context, caller, cls, name, descriptor, REF_INVOKE_SPECIAL),
            cls,
            REF_INVOKE_SPECIAL,
          );
          return true;
        case IS_METHOD: {
          const isStatic = refKind === REF_INVOKE_STATIC;
          const wanted = isStatic || refKind === REF_INVOKE_VIRTUAL || refKind === REF_INVOKE_SPECIAL;
          if (wanted && cls.name === METHOD_HANDLE && isLinker(name) && isStatic === (name !== "invokeBasic")) {
            this.#fillLinker(member, cls, name, descriptor);
            return true;
          }
          const method = yield* this.#method(context, caller, cls, name, descriptor, refKind);
          this.#fill(member, method, cls, refKind);
          return true;
        }
        default:
          throw throwing("InternalError", "unrecognized MemberName format");
      }
    } catch (failure) {
      if (speculative && failure instanceof GuestThrow) return false;
      throw failure;
    }
  }

  /** One of the methods of polymorphic.ts, as each descriptor has it. */
  #fillLinker(member: number, cls: LinkedClass, name: Linker, descriptor: string): void {
    const method = lookUpPolymorphic(cls, name);
    if (method === null) throw throwing("NoSuchMethodError", `'${externalMethod(cls.name, name, descriptor)}'`);
    const isStatic = name !== "invokeBasic";
    const flags = IS_METHOD | ACC_NATIVE | ACC_SYNTHETIC | ACC_FINAL | (isStatic ? ACC_STATIC : 0);
    const kind = isStatic ? REF_INVOKE_STATIC : REF_INVOKE_SPECIAL;
    const { result } = this.#j.world.signatureOf(descriptor, true);
    const slot = this.#polymorphic.adapter(name, descriptor);
    this.#fillCall(member, method, flags, kind, cls, slot, isStatic ? RESULTS.indexOf(result) : 0);
  }

  *#field(
    context: Context,
    caller: LinkedClass | null,
    cls: LinkedClass,
    name: string,
    descriptor: string,
  ): Steps<LinkedField> {
    if (caller !== null) return yield* linkField(context, caller, cls, name, descriptor);
    const field = lookUpField(cls, name, descriptor);
    if (field === null) throw throwing("NoSuchFieldError", name);
    return field;
  }

  *#method(
    context: Context,
    caller: LinkedClass | null,
    cls: LinkedClass,
    name: string,
    descriptor: string,
    refKind: number,
  ): Steps<LinkedMethod> {
    const how = HOW[refKind];
    if (how === undefined) throw throwing("InternalError", "unrecognized MemberName format");
    if ((how === "virtual" && cls.isInterface) || (how === "interface" && !cls.isInterface)) {
      const found = cls.isInterface ? ["interface", "class was"] : ["class", "interface was"];
      throw throwing(
        "IncompatibleClassChangeError",
        `Found ${found[0]} ${externalName(cls.name)}, but ${found[1]} expected`,
      );
    }
    const method =
      caller === null
        ? lookUpAnywhere(cls, name, descriptor)
        : yield* linkMethod(context, caller, cls, name, descriptor);
    checkStaticness(method, how, cls);
    if (how !== "special") return method;
    const selected = caller === null || !method.isNamed ? method : selectSpecial(caller, cls, method);
    if (selected.isAbstract) {
      throw throwing("AbstractMethodError", `'${externalMethod(selected.holder.name, selected.name, descriptor)}'`);
    }
    return selected;
  }

  /** The descriptor that a MemberName's type stands for: a String, a Class or a MethodType. */
  descriptor(type: number): string {
    const { objects } = this.#j;
    switch (objects.classOf(type).name) {
      case "java/lang/String":
        return objects.text(type);
      case "java/lang/Class":
        return descriptorOf(objects.classOfMirror(type));
      case "java/lang/invoke/MethodType":
        return this.#types.descriptor(type);
      default:
        throw throwing("InternalError", "unrecognized type");
    }
  }

  // ---- inside -------------------------------------------------------------------------------------------------------------------

  #getInt(member: number, name: string): number {
    return this.#j.objects.getInt(member, this.#j.objects.field(MEMBER_NAME, name, "I"));
  }

  #setInt(member: number, name: string, value: number): void {
    this.#j.objects.setInt(member, this.#j.objects.field(MEMBER_NAME, name, "I"), value);
  }

  #getHandle(member: number, name: string, descriptor: string): number {
    return this.#j.objects.getHandle(member, this.#j.objects.field(MEMBER_NAME, name, descriptor));
  }

  #setHandle(member: number, name: string, descriptor: string, value: number): void {
    this.#j.objects.setHandle(member, this.#j.objects.field(MEMBER_NAME, name, descriptor), value);
  }
}

const HOW: Readonly<Record<number, "virtual" | "static" | "special" | "interface">> = {
  [REF_INVOKE_VIRTUAL]: "virtual",
  [REF_INVOKE_STATIC]: "static",
  [REF_INVOKE_SPECIAL]: "special",
  [REF_INVOKE_INTERFACE]: "interface",
};

function lookUpAnywhere(cls: LinkedClass, name: string, descriptor: string): LinkedMethod {
  const method = cls.isInterface ? lookUpInterfaceMethod(cls, name, descriptor) : lookUpMethod(cls, name, descriptor);
  if (method === null) throw throwing("NoSuchMethodError", `'${externalMethod(cls.name, name, descriptor)}'`);
  return method;
}
