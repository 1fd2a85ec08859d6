/**
 * What is known of objects while a function is walked: which are not made yet (virtual), and what their fields hold; see scalars.ts.
 */
import { type Func, type Inst, NO_VALUE, type Op, TYPE_BYTES, type Type, type Value } from "#ir";
import { type Constant, constantInst } from "./evaluate.ts";

/** What stands for a value: another value, or, below 0, the object with the number ~held. */
export type Held = number;

/** A field of an object that is not made yet. */
export interface Field {
  readonly bytes: number;
  /** i32 for one and two bytes. */
  readonly type: Type;
  readonly held: Held;
  /** Inst.alias of what stored it, or of another store into it. */
  readonly alias: number;
}

/** An object: not made yet, with what was stored into it by offset; or made, with its reference. */
export interface ObjectState {
  readonly fields: ReadonlyMap<number, Field>;
  /** NO_VALUE: the object is virtual. */
  readonly ref: Value;
  /** Not null for a choice that is virtual: the object may be one of which nothing is known. */
  readonly other: Other | null;
}

/** What a parameter is that got a virtual object over some ways, and any reference over others. */
export interface Other {
  /** 1: the virtual object, 0: the reference. */
  readonly flag: Value;
  /** Null if it is the virtual object. */
  readonly ref: Value;
}

/** The objects at a point of the function, by number. What is in no state cannot be referred to there. */
export type State = Map<number, ObjectState>;

export const FRESH: ObjectState = { fields: new Map(), ref: NO_VALUE, other: null };

export function made(ref: Value): ObjectState {
  return { fields: FRESH.fields, ref, other: null };
}

export function isVirtual(state: State, object: number): boolean {
  return state.get(object)?.ref === NO_VALUE;
}

/** The object with another field; null if the field overlaps with one of another size or place. */
export function withField(object: ObjectState, offset: number, field: Field): ObjectState | null {
  if (overlaps(object.fields, offset, field.bytes)) return null;
  const fields = new Map(object.fields);
  fields.set(offset, field);
  return { fields, ref: NO_VALUE, other: null };
}

/** Whether a field lies in the bytes, but not as one of just these bytes. */
export function overlaps(fields: ReadonlyMap<number, Field>, offset: number, bytes: number): boolean {
  const same = fields.get(offset);
  if (same !== undefined) return same.bytes !== bytes;
  for (const [at, field] of fields) if (at < offset + bytes && offset < at + field.bytes) return true;
  return false;
}

/** The virtual objects that the objects lead to, themselves included: each behind those it refers to, but for circles. */
export function virtualFrom(state: State, roots: Iterable<number>): number[] {
  const seen = new Set<number>();
  const order: number[] = [];
  const visit = (object: number): void => {
    if (seen.has(object) || !isVirtual(state, object)) return;
    seen.add(object);
    for (const { held } of state.get(object)!.fields.values()) if (held < 0) visit(~held);
    order.push(object);
  };
  for (const root of roots) visit(root);
  return order;
}

// ---- accesses to memory ------------------------------------------------------------------------------------------------------

const LOADS: Partial<Record<Op, number>> = { load: 0, load8s: 1, load8u: 1, load16s: 2, load16u: 2 };
const ATOMIC_LOADS: Partial<Record<Op, number>> = { aload: 0, aload8u: 1, aload16u: 2 };
const STORES: Partial<Record<Op, number>> = { store: 0, refstore: 4, store8: 1, store16: 2 };
const ATOMIC_STORES: Partial<Record<Op, number>> = {
  ...{ astore: 0, arefstore: 4, astore8: 1, astore16: 2 },
  ...{ rstore: 0, rrefstore: 4, rstore8: 1, rstore16: 2 },
};

/** The bytes that a load reads; 0 if the instruction is none. Nobody else sees the object, so atomic ones are like others. */
export function loadedBytes(func: Func, inst: Inst): number {
  const bytes = LOADS[inst.op] ?? ATOMIC_LOADS[inst.op];
  if (bytes === undefined) return 0;
  return bytes === 0 ? TYPE_BYTES[func.typeOf(inst.result)] : bytes;
}

/** The bytes that a store writes; 0 if the instruction is none. */
export function storedBytes(func: Func, inst: Inst): number {
  const bytes = STORES[inst.op] ?? ATOMIC_STORES[inst.op];
  if (bytes === undefined) return 0;
  return bytes === 0 ? TYPE_BYTES[func.typeOf(inst.args[1]!)] : bytes;
}

/** The operation that stores a field into a new object. */
export function storeOf(field: Field): Op {
  if (field.bytes === 1) return "store8";
  if (field.bytes === 2) return "store16";
  return field.type === "ref" ? "refstore" : "store";
}

// ---- constants ---------------------------------------------------------------------------------------------------------------

/** One value for each constant that a field holds, so that equal ones are the same. They are defined in the entry block. */
export class Constants {
  readonly #func: Func;
  readonly #values = new Map<string, Value>();
  readonly #constants = new Map<Value, Constant>();

  constructor(func: Func) {
    this.#func = func;
  }

  value(constant: Constant): Value {
    const key = `${constant.type} ${constant.cell}`;
    let value = this.#values.get(key);
    if (value === undefined) {
      value = this.#func.newValue(constant.type);
      this.#values.set(key, value);
      this.#constants.set(value, constant);
    }
    return value;
  }

  zero(type: Type): Value {
    return this.value({ type, cell: type === "i64" || type === "f64" ? 0n : 0 });
  }

  /** The constant that a value of this table is. */
  constant(value: Held): Constant | undefined {
    return this.#constants.get(value as Value);
  }

  isZero(value: Held): boolean {
    const constant = this.constant(value);
    return constant !== undefined && Number(constant.cell) === 0;
  }

  /** Puts all into the entry block; those that nothing uses are dead code. */
  define(): void {
    const insts: Inst[] = [];
    for (const [value, { type, cell }] of this.#constants) insts.push(constantInst(type, cell, value, -1));
    this.#func.entry.insts.unshift(...insts);
  }
}
