/** Constants that guest code makes: MethodType, MethodHandle and Dynamic entries; and arguments of bootstrap methods. JVMS §5.4.3.5-6. */
import * as tags from "../classfile/index.ts";
import {
  type Context,
  externalMethod,
  externalName,
  Failure,
  GuestThrow,
  isLinkageError,
  type LinkedClass,
  lookUpPolymorphic,
  resolveClass,
  restate,
  type Steps,
  throwing,
} from "../link/index.ts";
import type { J3 } from "../vm/j3.ts";
import type { Members } from "./members.ts";
import { REF_INVOKE_VIRTUAL, REF_PUT_STATIC } from "./members.ts";
import type { MethodTypes } from "./method-types.ts";
import { isLinker } from "./polymorphic.ts";

const NATIVES = "java/lang/invoke/MethodHandleNatives";
const LINK_HANDLE =
  "(Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/String;Ljava/lang/Object;)Ljava/lang/invoke/MethodHandle;";
const LINK_CONSTANT =
  "(Ljava/lang/Object;ILjava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;";

/** What stands in `cls.resolved` for an entry that was made. */
export class MadeConstant {
  /** Root with the object; a boxed one for primitive values. */
  readonly root: number;
  /** Address of the value as code loads it: the root, or 8 bytes with a primitive. */
  readonly address: number;

  constructor(root: number, address: number) {
    this.root = root;
    this.address = address;
  }
}

/** What a bootstrap method is called with besides its caller: handles. */
export interface Bootstrap {
  readonly method: number;
  /** null, one argument, or an Object[] of several. */
  readonly args: number;
}

export class InvokeConstants {
  readonly #j: J3;
  readonly #types: MethodTypes;
  readonly #members: Members;
  /** Dynamic constants whose arguments are being made: "thread:class:index". */
  readonly #inProgress = new Set<string>();

  constructor(j: J3, types: MethodTypes, members: Members) {
    this.#j = j;
    this.#types = types;
    this.#members = members;
  }

  /** The constant at a MethodType, MethodHandle or Dynamic entry. */
  *constant(context: Context, from: LinkedClass, index: number): Steps<MadeConstant> {
    const known = from.resolved[index];
    if (known !== undefined) return answer(known);
    try {
      const made = yield* this.#make(context, from, index);
      // Guest code has run: whoever was first decides.
      const other = from.resolved[index];
      if (other !== undefined) return answer(other);
      from.resolved[index] = made;
      return made;
    } catch (failure) {
      if (!(failure instanceof GuestThrow)) throw failure;
      const other = from.resolved[index];
      if (other !== undefined) return answer(other);
      if (isLinkageError(from, failure)) from.resolved[index] = new Failure(restate(from, failure, 1));
      throw failure;
    }
  }

  *#make(context: Context, from: LinkedClass, index: number): Steps<MadeConstant> {
    const { constants } = fileOf(from);
    switch (constants.tag(index)) {
      case tags.TAG_METHOD_TYPE:
        return this.#object(yield* this.#types.find(context, from, constants.methodType(index)));
      case tags.TAG_METHOD_HANDLE:
        return this.#object(yield* this.#methodHandle(context, from, index));
      case tags.TAG_DYNAMIC:
        return yield* this.#dynamic(context, from, index);
      default:
        throw new Error(`constant ${index} of ${from.name} is not made by guest code`);
    }
  }

  #object(handle: number): MadeConstant {
    const root = this.#j.objects.root(this.#j.objects.ref(handle));
    return new MadeConstant(root, root);
  }

  *#methodHandle(context: Context, from: LinkedClass, index: number): Steps<number> {
    const { objects, strings } = this.#j;
    const { constants } = fileOf(from);
    const { kind, reference, referenceIndex } = constants.methodHandle(index);
    const cls = yield* resolveClass(context, from, constants.memberClassIndex(referenceIndex));
    const tag = constants.tag(referenceIndex);
    if (tag !== tags.TAG_FIELDREF && cls.isInterface !== (tag === tags.TAG_INTERFACE_METHODREF)) {
      const words = ["CONSTANT_MethodRef", "CONSTANT_InterfaceMethodref"];
      const [is, should] = cls.isInterface ? words : words.reverse();
      const shown = externalMethod(cls.name, reference.name, reference.descriptor);
      throw throwing(
        "IncompatibleClassChangeError",
        `Inconsistent constant pool data in classfile for class ${externalName(cls.name)}. ` +
          `Method '${shown}' at index ${referenceIndex} is ${is} and should be ${should}`,
      );
    }
    const name = strings.literal(reference.name);
    const member = this.#members.symbolic(kind, cls.mirror, name, objects.newString(reference.descriptor));
    // The library itself handles those that need more than a MemberName can hold.
    const isPublicPolymorphic =
      kind === REF_INVOKE_VIRTUAL && !isLinker(reference.name) && lookUpPolymorphic(cls, reference.name) !== null;
    if (!isPublicPolymorphic && !(yield* this.#members.resolve(context, member, from, false))) {
      throw throwing("LinkageError", "resolution failed");
    }
    const type =
      kind <= REF_PUT_STATIC
        ? (yield* this.#types.classOf(context, from, reference.descriptor)).mirror
        : yield* this.#types.find(context, from, reference.descriptor);
    const args = [from.mirror, kind, cls.mirror, name, type];
    return (yield* this.#j.invokeStatic(NATIVES, "linkMethodHandleConstant", LINK_HANDLE, args)) as number;
  }

  /** JVMS §5.4.3.6. */
  *#dynamic(context: Context, from: LinkedClass, index: number): Steps<MadeConstant> {
    const { constants } = fileOf(from);
    const { bootstrap, name, descriptor } = constants.dynamic(index);
    const key = `${context.thread}:${from.id}:${index}`;
    // Its own argument: without end.
    if (this.#inProgress.has(key)) throw throwing("StackOverflowError", null);
    let value: number;
    this.#inProgress.add(key);
    try {
      const { method, args, type } = yield* this.#specifier(context, from, bootstrap, key, function* (types) {
        return (yield* types.classOf(context, from, descriptor)).mirror;
      });
      const all = [from.mirror, index, method, this.#j.strings.literal(name), type, args];
      value = (yield* this.#j.invokeStatic(NATIVES, "linkDynamicConstant", LINK_CONSTANT, all)) as number;
    } catch (failure) {
      throw yield* this.wrap(failure);
    } finally {
      this.#inProgress.delete(key);
    }
    const made = this.#object(value);
    return descriptor.length === 1 ? new MadeConstant(made.root, this.#unboxed(made.root, descriptor)) : made;
  }

  *#specifier(
    context: Context,
    from: LinkedClass,
    bootstrap: number,
    key: string,
    typeOf: (types: MethodTypes) => Steps<number>,
  ): Steps<Bootstrap & { readonly type: number }> {
    const method = yield* this.#bootstrapMethod(context, from, bootstrap);
    const type = yield* typeOf(this.#types);
    const args = yield* this.#arguments(context, from, bootstrap);
    // Only the arguments may not contain the constant: what the bootstrap method does is the library's.
    this.#inProgress.delete(key);
    return { method, args, type };
  }

  /** The bootstrap method of an invokedynamic instruction, the type of its call site, and the static arguments. */
  *callSite(
    context: Context,
    from: LinkedClass,
    bootstrap: number,
    descriptor: string,
  ): Steps<Bootstrap & { readonly type: number }> {
    const method = yield* this.#bootstrapMethod(context, from, bootstrap);
    const type = yield* this.#types.find(context, from, descriptor);
    return { method, type, args: yield* this.#arguments(context, from, bootstrap) };
  }

  *#bootstrapMethod(context: Context, from: LinkedClass, bootstrap: number): Steps<number> {
    return (yield* this.constant(context, from, bootstrapOf(from, bootstrap).methodIndex)).root;
  }

  *#arguments(context: Context, from: LinkedClass, bootstrap: number): Steps<number> {
    const { objects } = this.#j;
    const { argumentIndices } = bootstrapOf(from, bootstrap);
    const handles: number[] = [];
    for (const index of argumentIndices) handles.push(yield* this.argument(context, from, index));
    const [only] = handles;
    if (only === undefined) return 0;
    // Null would be taken for none, an array for several.
    if (handles.length === 1 && !objects.isNull(only) && !objects.classOf(only).isArray) return only;
    return objects.newRefArray("java/lang/Object", handles);
  }

  /** A loadable constant as an object, JVMS §5.1: a handle. */
  *argument(context: Context, from: LinkedClass, index: number): Steps<number> {
    const { constants } = fileOf(from);
    switch (constants.tag(index)) {
      case tags.TAG_INTEGER:
        return this.#box("I", BigInt(constants.integer(index)));
      case tags.TAG_FLOAT:
        return this.#box("F", BigInt(constants.floatBits(index)));
      case tags.TAG_LONG:
        return this.#box("J", constants.long(index));
      case tags.TAG_DOUBLE:
        return this.#box("D", constants.doubleBits(index));
      case tags.TAG_STRING:
        return this.#j.strings.literal(constants.string(index));
      case tags.TAG_CLASS:
        return (yield* resolveClass(context, from, index)).mirror;
      default:
        return (yield* this.constant(context, from, index)).root;
    }
  }

  /** An exception of linking a call site or dynamic constant: what is no Error becomes a BootstrapMethodError. JVMS §5.4.3.6. */
  *wrap(failure: unknown): Steps<unknown> {
    if (!(failure instanceof GuestThrow)) return failure;
    const { world } = this.#j;
    const cls = failure.handle === 0 ? world.boot(failure.className) : world.classOf(failure.handle);
    if (cls.isSubclassOf(world.boot("java/lang/Error"))) return failure;
    if (failure.handle === 0) return throwing("BootstrapMethodError", null, failure);
    const error = world.boot("java/lang/BootstrapMethodError");
    return new GuestThrow({ handle: yield* this.#j.construct(error, "(Ljava/lang/Throwable;)V", [failure.handle]) });
  }

  /** A new box with a primitive of 4 or 8 bytes. */
  #box(descriptor: string, bits: bigint): number {
    const { objects, world, mem } = this.#j;
    const name = tags.WRAPPERS[descriptor] as string;
    const box = objects.newObject(world.boot(name));
    const at = objects.ref(box) + objects.field(name, "value", descriptor).offset;
    if (descriptor === "J" || descriptor === "D") mem.i64[at >>> 3] = bits;
    else mem.i32[at >>> 2] = Number(bits);
    return box;
  }

  /** Address of 8 bytes with the value of a box, as code loads it. */
  #unboxed(box: number, descriptor: string): number {
    const { objects, mem, heap } = this.#j;
    const field = objects.field(tags.WRAPPERS[descriptor] as string, "value", descriptor);
    const address = heap.malloc(8);
    const at = objects.ref(box) + field.offset;
    if (descriptor === "J" || descriptor === "D") mem.i64[address >>> 3] = mem.i64[at >>> 3] as bigint;
    else if (descriptor === "F") mem.i32[address >>> 2] = mem.i32[at >>> 2] as number;
    else mem.i32[address >>> 2] = objects.getInt(box, field);
    return address;
  }
}

function answer(known: unknown): MadeConstant {
  if (known instanceof Failure) throw known.reason;
  return known as MadeConstant;
}

function fileOf(cls: LinkedClass): tags.ClassFile {
  if (cls.file === null) throw new Error(`${cls.name} has no constant pool`);
  return cls.file;
}

function bootstrapOf(cls: LinkedClass, index: number): tags.BootstrapMethod {
  const bootstrap = fileOf(cls).bootstrapMethods[index];
  if (bootstrap === undefined) {
    throw throwing("ClassFormatError", `Short length on BootstrapMethods in class file ${cls.name}`);
  }
  return bootstrap;
}
