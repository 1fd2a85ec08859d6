/**
 * MethodHandle.invokeBasic and linkTo*: the signature-polymorphic methods (JVMS §2.9.3) that java.lang.invoke builds everything on. Calls of
 * them are expanded in place; for method handles on them there is one function per name and signature.
 *
 * They find what to call in a MemberName: `vmSlot` is the slot of the method itself, `vmIndex` says how it is selected (see members.ts).
 */
import { type Block, Builder, Func, NO_VALUE, type Signature, signature, type Type, type Value } from "#ir";
import { type LinkedField, linkedMethod, samePackage } from "../link/index.ts";
import { CLASS_TABLE, CLASS_TABLE_SEED, CLASS_TABLE_SHIFT } from "../model/record.ts";
import type { Intrinsic, JMethod } from "../model/types.ts";
import type { J3 } from "../vm/j3.ts";

const METHOD_HANDLE = "java/lang/invoke/MethodHandle";
const NO_INTERFACE = signature(["ref", "i32"], null);

export type Linker = "invokeBasic" | "linkToStatic" | "linkToSpecial" | "linkToVirtual" | "linkToInterface";
const LINKERS: readonly string[] = ["invokeBasic", "linkToStatic", "linkToSpecial", "linkToVirtual", "linkToInterface"];

/** Whether MethodHandle's method of that name is one of those here. */
export function isLinker(name: string): name is Linker {
  return LINKERS.includes(name);
}

/** Result types by the number that a static method's MemberName has in vmIndex. */
export const RESULTS: readonly (Type | null)[] = [null, "i32", "i64", "f32", "f64", "ref"];

interface Fields {
  readonly form: LinkedField;
  readonly entry: LinkedField;
  readonly slot: LinkedField;
  readonly index: LinkedField;
}

export class Polymorphic {
  readonly #j: J3;
  readonly #adapters = new Map<string, number>();
  #fields: Fields | null = null;

  constructor(j: J3) {
    this.#j = j;
  }

  /** How the call of a signature-polymorphic method is expanded, or null if it is to be linked by a cell. */
  expansion(from: JMethod, index: number): Intrinsic | null {
    const { holder } = linkedMethod(from);
    const ref = holder.file?.constants.memberRef(index);
    if (ref === undefined || ref.owner !== METHOD_HANDLE || !isLinker(ref.name)) return null;
    // All of them are private to the package.
    if (!samePackage(holder, this.#j.world.boot(METHOD_HANDLE))) return null;
    const { name } = ref;
    const type = this.#j.world.signatureOf(ref.descriptor, name !== "invokeBasic");
    return (b, args) => this.#call(b, name, type, args);
  }

  /** Slot of the function that does what the method does at calls with this descriptor. */
  adapter(name: Linker, descriptor: string): number {
    const type = this.#j.world.signatureOf(descriptor, name !== "invokeBasic");
    const key = `${name}${type.key}`;
    let slot = this.#adapters.get(key);
    if (slot === undefined) {
      slot = this.#j.code.allocate(type, 0, () => this.#adapterBody(name, type));
      this.#adapters.set(key, slot);
    }
    return slot;
  }

  #adapterBody(name: Linker, type: Signature): Func {
    const b = new Builder(new Func(`${name}${type.key}`, type));
    const args = b.entry();
    if (name === "invokeBasic") b.op("nullcheck", args[0] as Value);
    const result = this.#call(b, name, type, args);
    if (result === NO_VALUE) b.ret();
    else b.ret(result);
    return b.finish();
  }

  /** invokeBasic's receiver has been checked. */
  #call(b: Builder, name: Linker, type: Signature, args: readonly Value[]): Value {
    const fields = this.#offsets();
    if (name === "invokeBasic") {
      const form = b.load("ref", args[0] as Value, fields.form.offset);
      const entry = b.load("ref", form, fields.entry.offset);
      return b.calldyn(b.load("i32", entry, fields.slot.offset), type, args);
    }
    const passed = args.slice(0, -1);
    const member = args[args.length - 1] as Value;
    const target = signature(type.params.slice(0, -1), type.result);
    b.op("nullcheck", member);
    if (name === "linkToStatic" && type.result === null) {
      this.#callAndDrop(b, member, target, passed);
      return NO_VALUE;
    }
    if (name !== "linkToStatic") b.op("nullcheck", passed[0] as Value);
    const slot =
      name === "linkToVirtual" || name === "linkToInterface"
        ? this.#select(b, passed[0] as Value, b.load("i32", member, fields.index.offset))
        : b.load("i32", member, fields.slot.offset);
    return b.calldyn(slot, target, passed);
  }

  /** linkToStatic without a result: VarHandle's guards call with it also methods that have one. */
  #callAndDrop(b: Builder, member: Value, target: Signature, args: readonly Value[]): void {
    const { slot, index } = this.#offsets();
    const [plain, dropping, done] = [b.block(), b.block(), b.block()];
    b.branch(b.load("i32", member, index.offset), dropping, plain);
    b.seal(plain);
    b.seal(dropping);
    b.switchTo(plain);
    b.calldyn(b.load("i32", member, slot.offset), target, args);
    b.jump(done);
    b.switchTo(dropping);
    b.call(this.#dropper(target), signature([...target.params, "ref"], null), [...args, member]);
    b.jump(done);
    b.seal(done);
    b.switchTo(done);
  }

  /** Slot of a function that calls the static method of its last argument, a MemberName, whatever its result type. */
  #dropper(target: Signature): number {
    const key = `drop${target.key}`;
    let number = this.#adapters.get(key);
    if (number === undefined) {
      const type = signature([...target.params, "ref"], null);
      number = this.#j.code.allocate(type, 0, () => this.#dropperBody(type, target));
      this.#adapters.set(key, number);
    }
    return number;
  }

  #dropperBody(type: Signature, target: Signature): Func {
    const b = new Builder(new Func(`linkToStatic and drop ${target.key}`, type));
    const args = b.entry();
    const member = args.pop() as Value;
    const { slot, index } = this.#offsets();
    const number = b.load("i32", member, slot.offset);
    const blocks = RESULTS.map(() => b.block());
    b.switch(b.load("i32", member, index.offset), blocks.slice(0, -1), blocks[blocks.length - 1] as Block);
    RESULTS.forEach((result, i) => {
      b.switchTo(blocks[i] as Block);
      b.calldyn(number, signature(target.params, result), args);
      b.ret();
    });
    return b.finish();
  }

  /** The slot that the receiver's class has for a vmIndex. */
  #select(b: Builder, receiver: Value, index: Value): Value {
    const record = b.load("addr", receiver, 0);
    const [virtual, table, hit, miss, done] = [b.block(), b.block(), b.block(), b.block(), b.block()];
    const slot = b.param(done, "i32");
    b.branch(b.op("slt", index, b.i32(0)), table, virtual);
    b.seal(table);
    b.seal(virtual);
    b.switchTo(virtual);
    b.jump(done, [b.load("i32", b.typed("ptradd", "addr", record, index), 0)]);
    b.switchTo(table);
    const key = b.op("sub", b.i32(0), index);
    const product = b.op("mul", key, b.load("i32", record, CLASS_TABLE_SEED));
    const at = b.op("shl", b.op("ushr", product, b.load("i32", record, CLASS_TABLE_SHIFT)), b.i32(3));
    const entry = b.typed("ptradd", "addr", b.load("addr", record, CLASS_TABLE), at);
    b.branch(b.op("eq", b.load("i32", entry, 0), key), hit, miss);
    b.seal(hit);
    b.seal(miss);
    b.switchTo(miss);
    b.call(this.#j.helpers.throwNoInterface, NO_INTERFACE, [receiver, key]);
    b.unreachable();
    b.switchTo(hit);
    b.jump(done, [b.load("i32", entry, 4)]);
    b.seal(done);
    b.switchTo(done);
    return slot;
  }

  #offsets(): Fields {
    const { objects } = this.#j;
    this.#fields ??= {
      form: objects.field(METHOD_HANDLE, "form", "Ljava/lang/invoke/LambdaForm;"),
      entry: objects.field("java/lang/invoke/LambdaForm", "vmentry", "Ljava/lang/invoke/MemberName;"),
      slot: objects.field("java/lang/invoke/MemberName", "vmSlot", "I"),
      index: objects.field("java/lang/invoke/MemberName", "vmIndex", "I"),
    };
    return this.#fields;
  }
}
