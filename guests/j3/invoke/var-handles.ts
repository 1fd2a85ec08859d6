/**
 * Accesses by VarHandles, in place: of fields of objects and of elements of arrays that hold an int, a long or a reference. The class of the handle says
 * that it is such a one; its fields say where. Everything else goes to the slow block: other handles, other types, null, indices out of bounds.
 *
 * Relies on  VarHandleInts and its like (java.lang.invoke): a handle of FieldInstanceReadWrite takes (receiver, values), one of Array takes (array, index,
 *            values), each with the erased types of the call; `exact` handles compare more than that. All casts are made before the access.
 */
import { type Block, type Builder, type MemoryOp, NO_VALUE, signature, type Type, type Value } from "#ir";
import { arrayOf, type LinkedClass, linkedMethod } from "../link/index.ts";
import { ARRAY_DATA, ARRAY_LENGTH, CLASS_COMPONENT } from "../model/record.ts";
import type { JMethod, SlowIntrinsic } from "../model/types.ts";
import type { J3 } from "../vm/j3.ts";

const VAR_HANDLE = "java/lang/invoke/VarHandle";
const OBJECT = "java/lang/Object";
const IS_INSTANCE = signature(["ref", "addr"], "i32");

type Action = "get" | "set" | "compareAndSet" | "compareAndExchange" | "getAndSet" | MemoryOp;

interface Mode {
  readonly action: Action;
  readonly values: number;
  readonly order: string;
}

const MODES: ReadonlyMap<string, Mode> = modes();

function modes(): Map<string, Mode> {
  const table = new Map<string, Mode>();
  const add = (action: Action, values: number, name: string, orders: readonly string[]): void => {
    for (const order of orders) table.set(name + order, { action, values, order });
  };
  add("get", 0, "get", ["", "Opaque", "Acquire", "Volatile"]);
  add("set", 1, "set", ["", "Opaque", "Release", "Volatile"]);
  add("compareAndSet", 2, "compareAndSet", [""]);
  add("compareAndSet", 2, "weakCompareAndSet", ["", "Plain", "Acquire", "Release"]);
  const orders = ["", "Acquire", "Release"];
  add("compareAndExchange", 2, "compareAndExchange", orders);
  add("getAndSet", 1, "getAndSet", orders);
  add("aadd", 1, "getAndAdd", orders);
  add("aand", 1, "getAndBitwiseAnd", orders);
  add("aor", 1, "getAndBitwiseOr", orders);
  add("axor", 1, "getAndBitwiseXor", orders);
  return table;
}

interface Kind {
  /** Of VarHandleInts and its like. */
  readonly name: string;
  readonly type: Type;
  readonly logBytes: number;
}

const KINDS: Readonly<Record<string, Kind>> = {
  I: { name: "Ints", type: "i32", logBytes: 2 },
  J: { name: "Longs", type: "i64", logBytes: 3 },
  L: { name: "References", type: "ref", logBytes: 2 },
};

/** What is known of a call before it runs. */
interface Call {
  readonly mode: Mode;
  readonly kind: Kind;
  /** Of the handle. */
  readonly cls: LinkedClass;
  readonly isArray: boolean;
  /** The class that the call wants the result to have; null: none but Object. */
  readonly result: LinkedClass | null;
  readonly hasResult: boolean;
}

export class VarHandles {
  readonly #j: J3;

  constructor(j: J3) {
    this.#j = j;
  }

  /** How the call at a Methodref is expanded; null: it is no such access, or what it needs is not loaded. */
  expansion(from: JMethod, index: number): SlowIntrinsic | null {
    const { holder } = linkedMethod(from);
    const ref = holder.file?.constants.memberRef(index);
    if (ref === undefined || ref.owner !== VAR_HANDLE) return null;
    const call = this.#call(holder, ref.name, ref.descriptor);
    return call === null ? null : (b, args, slow) => this.#expand(b, call, args, slow);
  }

  #call(holder: LinkedClass, name: string, descriptor: string): Call | null {
    const mode = MODES.get(name);
    if (mode === undefined) return null;
    const [, list = "", result = ""] = /^\((.*)\)(.+)$/.exec(descriptor) ?? [];
    const params = list.match(/\[*(?:[BCDFIJSZ]|L[^;]+;)/g) ?? [];
    const coordinates = params.length - mode.values;
    if (coordinates !== 1 && coordinates !== 2) return null;
    const isArray = coordinates === 2;
    if (!isReference(params[0]!) || (isArray && params[1] !== "I")) return null;
    const letters = params.slice(coordinates).map(letterOf);
    const isTest = mode.action === "compareAndSet";
    if (result !== "V" && !(isTest && result === "Z")) letters.push(letterOf(result));
    const kind = KINDS[letters[0] ?? ""];
    if (kind === undefined || letters.some((letter) => letter !== letters[0])) return null;
    if (kind.type === "ref" && !isTest && mode.action.startsWith("a")) return null;
    const cls = this.#loaded(holder, `${VAR_HANDLE}${kind.name}$${isArray ? "Array" : "FieldInstanceReadWrite"}`, true);
    const wanted = kind.type === "ref" && result !== "V" && !isTest ? result.slice(1, -1) : OBJECT;
    const resultClass = wanted === OBJECT ? null : this.#loaded(holder, wanted, false);
    if (cls === null || result.startsWith("[")) return null;
    if (wanted !== OBJECT && resultClass === null) return null;
    return { mode, kind, cls, isArray, result: resultClass, hasResult: result !== "V" };
  }

  /** A class that the loader of another has found already. */
  #loaded(holder: LinkedClass, name: string, isBoot: boolean): LinkedClass | null {
    const loader = isBoot ? this.#j.world.bootLoader : holder.loader;
    return (loader.classes.get(name) as LinkedClass | undefined) ?? null;
  }

  #expand(b: Builder, call: Call, args: readonly Value[], slow: Block): Value {
    const { cls, isArray, kind, mode } = call;
    const handle = args[0] as Value;
    const object = args[1] as Value;
    const needs = (condition: Value): void => {
      const next = b.block();
      b.branch(condition, next, slow);
      b.seal(next);
      b.switchTo(next);
    };
    needs(b.op("refeq", b.load("addr", handle, 0), b.addr(cls.record)));
    needs(b.op("eqz", b.load("load8u", handle, this.#offset(VAR_HANDLE, "exact", "Z"))));
    needs(b.op("eqz", b.op("isnull", object)));
    const values = args.slice(isArray ? 3 : 2);
    const at = isArray
      ? this.#element(b, call, handle, object, args[2] as Value, values, needs)
      : this.#field(b, call, handle, object, values, needs);
    return access(b, mode, kind.type, at(), values, call.hasResult);
  }

  /** Checks the receiver and the values; gives what computes the field's address. */
  #field(
    b: Builder,
    call: Call,
    handle: Value,
    object: Value,
    values: readonly Value[],
    needs: (condition: Value) => void,
  ): () => Value {
    const owner = `java/lang/invoke/VarHandle${call.kind.name}$FieldInstanceReadOnly`;
    this.#needsInstance(b, object, this.#recordIn(b, handle, owner, "receiverType"), needs);
    if (call.kind.type === "ref") {
      const type = this.#recordIn(b, handle, owner, "fieldType");
      if (call.result !== null) needs(b.op("refeq", type, b.addr(call.result.record)));
      for (const value of values) this.#needsNullOr(b, value, type, needs);
    }
    return () => {
      const offset = b.load("i64", handle, this.#offset(owner, "fieldOffset", "J"));
      return b.typed("ptradd", "iref", object, b.op("wrap", offset));
    };
  }

  /** The same for an element. */
  #element(
    b: Builder,
    call: Call,
    handle: Value,
    array: Value,
    index: Value,
    values: readonly Value[],
    needs: (condition: Value) => void,
  ): () => Value {
    const { type, logBytes } = call.kind;
    const record = b.load("addr", array, 0);
    if (type === "ref") {
      const owner = "java/lang/invoke/VarHandleReferences$Array";
      needs(b.op("refeq", record, this.#recordIn(b, handle, owner, "arrayType")));
      const component = b.load("addr", record, CLASS_COMPONENT);
      if (call.result !== null) needs(b.op("refeq", component, b.addr(call.result.record)));
      for (const value of values) this.#needsNullOr(b, value, component, needs);
    } else {
      const { world } = this.#j;
      needs(b.op("refeq", record, b.addr(arrayOf(world, world.primitive(type === "i64" ? "J" : "I")).record)));
    }
    needs(b.op("ult", index, b.load("i32", array, ARRAY_LENGTH)));
    return () =>
      b.typed(
        "ptradd",
        "iref",
        b.typed("ptradd", "iref", array, b.i32(ARRAY_DATA)),
        b.op("shl", index, b.i32(logBytes)),
      );
  }

  /** The record of the class whose java.lang.Class object is in a field of the handle. */
  #recordIn(b: Builder, handle: Value, owner: string, field: string): Value {
    const mirror = b.load("ref", handle, this.#offset(owner, field, "Ljava/lang/Class;"));
    return b.load("addr", mirror, this.#offset("java/lang/Class", "vmRecord", "I"));
  }

  #needsInstance(b: Builder, object: Value, record: Value, needs: (condition: Value) => void): void {
    const [same, other] = [b.block(), b.block()];
    b.branch(b.op("refeq", b.load("addr", object, 0), record), same, other);
    b.seal(other);
    b.switchTo(other);
    needs(b.call(this.#j.helpers.isInstance, IS_INSTANCE, [object, record]));
    b.jump(same);
    b.seal(same);
    b.switchTo(same);
  }

  #needsNullOr(b: Builder, value: Value, record: Value, needs: (condition: Value) => void): void {
    const [fine, object] = [b.block(), b.block()];
    b.branch(b.op("isnull", value), fine, object);
    b.seal(object);
    b.switchTo(object);
    this.#needsInstance(b, value, record, needs);
    b.jump(fine);
    b.seal(fine);
    b.switchTo(fine);
  }

  #offset(owner: string, field: string, descriptor: string): number {
    return this.#j.objects.field(owner, field, descriptor).offset;
  }
}

const isReference = (descriptor: string): boolean => descriptor.startsWith("L") || descriptor.startsWith("[");
const letterOf = (descriptor: string): string => (isReference(descriptor) ? "L" : descriptor);

/** Of numbers and of references. */
const STORES = {
  plain: ["store", "refstore"],
  release: ["rstore", "rrefstore"],
  atomic: ["astore", "arefstore"],
} as const;

function access(b: Builder, mode: Mode, type: Type, at: Value, values: readonly Value[], hasResult: boolean): Value {
  const isRef = type === "ref";
  const result = (value: Value): Value => (hasResult ? value : NO_VALUE);
  switch (mode.action) {
    case "get":
      return result(b.mem(mode.order === "" ? "load" : "aload", type, 0, at));
    case "set":
      b.mem(
        STORES[mode.order === "" ? "plain" : mode.order === "Volatile" ? "atomic" : "release"][isRef ? 1 : 0],
        null,
        0,
        at,
        values[0]!,
      );
      return NO_VALUE;
    case "getAndSet":
      return result(b.mem(isRef ? "arefswap" : "aswap", type, 0, at, values[0]!));
    case "compareAndSet":
    case "compareAndExchange": {
      const found = b.mem(isRef ? "arefcas" : "acas", type, 0, at, values[0]!, values[1]!);
      return result(mode.action === "compareAndExchange" ? found : b.op(isRef ? "refeq" : "eq", found, values[0]!));
    }
    default:
      return result(b.mem(mode.action, type, 0, at, values[0]!));
  }
}
