/**
 * Emits what functions are made of: objects, boxes, checks, calls of natives. What is known of values (not null; an array's length) holds in the
 * structured scope in which it was found: `mark` and `forget` enclose what may not be executed.
 */
import {
  type Block,
  Builder,
  type Func,
  NO_VALUE,
  numberOf,
  type Signature,
  Structured,
  signature,
  signatureFromKey,
  storeAs,
  type Value,
} from "#ir";
import { hostFunction } from "#vm";
import {
  ARRAY_DATA,
  ARRAY_LENGTH,
  BOX_BYTES,
  BOX_VALUE,
  bytesOfLoad,
  CONS_BYTES,
  CONS_FIRST,
  CONS_REST,
  kindOf,
  type Load,
  loadOf,
  MALLOC_GENERATION,
  OBJECT_TYPE,
  RECORD_TYPE_ID,
  repr,
} from "./layout.ts";
import { HELPERS, type NativeName, PURE, RAW_NATIVES } from "./natives/signatures.ts";
import { schemeOf } from "./primitives.ts";
import type { Runtime } from "./runtime-types.ts";
import { asFn, isCollected, isInteger, isPrim, list, parseType, prune, type Type } from "./types.ts";

const MAX_ARRAY_BYTES = 0x3fff_ff00;

/** Signature of a function of the language. */
export function signatureOf(params: readonly Type[], result: Type): Signature {
  return signature(params.map(repr), repr(result));
}

/** Of a closure: the closure comes first. */
export function closureSignature(type: Type): Signature {
  const { params, result } = asFn(type);
  return signature(["ref", ...params.map(repr)], repr(result));
}

export class Emitter extends Structured {
  readonly runtime: Runtime;

  constructor(func: Func, runtime: Runtime) {
    super(new Builder(func));
    this.runtime = runtime;
  }

  /** Length of a string or array; of null it is 0, because low memory is. */
  length(array: Value): Value {
    return this.known(array, () => this.b.load("i32", array, ARRAY_LENGTH));
  }

  /** What stands for a value that never comes to be. */
  never(type: Type): Value {
    this.b.unreachable();
    this.dead();
    return this.b.zero(repr(type));
  }

  /** Raises an `error`. */
  fail(kind: string, message: string): void {
    this.native("fail", [this.symbol(kind), this.string(message)]);
    this.b.unreachable();
  }

  // ---- constants ------------------------------------------------------------------------------------------------------------

  number(type: Type, value: bigint | number): Value {
    return numberOf(this.b, kindOf(type)!, value);
  }

  immortal(address: number): Value {
    return address === 0 ? this.b.nullRef() : this.solid(this.b.op("rawref", this.b.addr(address)));
  }

  string(text: string): Value {
    return this.immortal(this.runtime.string(text));
  }

  symbol(name: string): Value {
    return this.immortal(this.runtime.symbol(name));
  }

  // ---- memory ---------------------------------------------------------------------------------------------------------------

  store(load: Load, base: Value, offset: number, value: Value): void {
    storeAs(this.b, load, base, offset, value);
  }

  /** A new zeroed object with its record. */
  object(record: number, bytes: number): Value {
    const object = this.b.alloc(this.b.i32(bytes));
    this.b.mem("store", null, OBJECT_TYPE, object, this.b.addr(record));
    return this.solid(object);
  }

  box(value: Value, type: Type): Value {
    return isCollected(type) ? value : this.filled(this.runtime.records.of(type), type, value);
  }

  /** A box or cell with the value. */
  filled(record: number, type: Type, value: Value): Value {
    const box = this.object(record, BOX_BYTES);
    this.store(loadOf(type), box, BOX_VALUE, value);
    return box;
  }

  cons(type: Type, first: Value, rest: Value): Value {
    const cons = this.object(this.runtime.records.of(list(type)), CONS_BYTES);
    this.store(loadOf(type), cons, CONS_FIRST, first);
    this.b.mem("refstore", null, CONS_REST, cons, rest);
    return cons;
  }

  array(element: Type, length: Value): Value {
    const { b } = this;
    const shift = Math.log2(bytesOfLoad(loadOf(element)));
    const most = Math.floor(MAX_ARRAY_BYTES >> shift);
    this.unless(b.op("ugt", length, b.i32(most)), () => {
      const [negative, large] = this.branch(b.op("slt", length, b.i32(0)));
      this.enter(negative);
      b.trap("size", length);
      this.enter(large);
      b.trap("memory", b.i32(0x7fff_ffff));
    });
    const bytes = b.op("and", b.op("add", this.scaled(length, shift), b.i32(ARRAY_DATA + 7)), b.i32(-8));
    const array = b.alloc(bytes);
    b.mem("store", null, OBJECT_TYPE, array, b.addr(this.runtime.records.of({ kind: "array", of: element })));
    b.mem("store", null, ARRAY_LENGTH, array, length);
    this.solid(array);
    this.know(array, length);
    return array;
  }

  scaled(index: Value, shift: number): Value {
    return shift === 0 ? index : this.b.op("shl", index, this.b.i32(shift));
  }

  /** Where an element lies, minus ARRAY_DATA; raises if there is no such element. */
  element(array: Value, index: Value, type: Type): Value {
    this.b.op("boundscheck", index, this.length(array));
    return this.b.typed("ptradd", "iref", array, this.scaled(index, Math.log2(bytesOfLoad(loadOf(type)))));
  }

  /** The memory of a malloc'd structure; raises if it was freed. */
  pointee(pointer: Value): Value {
    const { b } = this;
    const address = b.typed("bits", "addr", b.op("wrap", pointer));
    b.op("nullcheck", address);
    const generation = b.op("wrap", b.op("ushr", pointer, b.i64(32n)));
    this.unless(b.op("ne", generation, b.load("i32", address, MALLOC_GENERATION)), () =>
      this.fail("use-after-free", "the structure was freed"),
    );
    return address;
  }

  // ---- any ------------------------------------------------------------------------------------------------------------------

  /** Whether a value of type any is of the type, as i32. Null is an empty list, and any. */
  isOf(value: Value, type: Type): Value {
    const { b } = this;
    const at = prune(type);
    if (at.kind === "prim" && at.name === "any") return b.i32(1);
    const record = b.load("i32", value, OBJECT_TYPE);
    if (at.kind === "fn") {
      // Of null, both loads give 0: low memory is never written.
      const id = b.load("i32", b.typed("bits", "addr", record), RECORD_TYPE_ID);
      return b.op("eq", id, b.i32(this.runtime.records.typeId(at)));
    }
    const same = b.op("eq", record, b.i32(this.runtime.records.of(at)));
    return at.kind === "list" ? b.op("or", same, b.op("isnull", value)) : same;
  }

  unbox(value: Value, type: Type): Value {
    return isCollected(type) ? value : this.b.load(loadOf(type), value, BOX_VALUE);
  }

  // ---- calls ----------------------------------------------------------------------------------------------------------------

  /** Calls a native; the values are of its parameters' types. */
  native(name: NativeName, args: readonly Value[]): Value {
    if (name === "string-ref") return this.#stringRef(args[0]!, args[1]!);
    return this.#native(name, args);
  }

  /** ASCII in place. */
  #stringRef(string: Value, index: Value): Value {
    const { b } = this;
    b.op("boundscheck", index, this.length(string));
    const byte = b.load("load8u", b.typed("ptradd", "iref", string, index), ARRAY_DATA);
    const test = (ascii: Block, more: Block) => {
      more.cold = true;
      b.branch(b.op("ult", byte, b.i32(0x80)), ascii, more);
    };
    return this.choose(
      "i32",
      test,
      () => byte,
      () => this.#native("string-ref", [string, index]),
    );
  }

  #native(name: NativeName, args: readonly Value[]): Value {
    const { b } = this;
    const { result } = schemeOf(name)!;
    const type = result.head === "unit" ? null : repr(parseType(result, "", () => undefined));
    const params = args.map((arg) => b.func.types[arg]!);
    const host = { name: `uvml.${name}`, signature: signature(params, type), pure: PURE.has(name) };
    const value = this.runtime.vm.callHost(b, host, args);
    return value === NO_VALUE ? b.i32(0) : value;
  }

  raw(name: keyof typeof RAW_NATIVES, args: readonly Value[]): Value {
    return this.runtime.vm.callHost(this.b, hostFunction(`uvml.${name}`, RAW_NATIVES[name]), args);
  }

  call(slot: number, key: string, args: readonly Value[]): Value {
    return this.b.call(slot, signatureFromKey(key), args);
  }

  /** The text of a value, appended to a builder. */
  append(builder: Value, value: Value, type: Type): void {
    const { b, runtime } = this;
    const at = prune(type);
    const name = at.kind === "prim" ? at.name : "other";
    if (name === "string") this.call(runtime.helper("appendString"), HELPERS.appendString, [builder, value]);
    else if (name === "char") this.call(runtime.helper("appendChar"), HELPERS.appendChar, [builder, value]);
    else if (name === "f32" || name === "f64" || name === "bool" || name === "i64" || name === "u64")
      this.native(`append-${name}`, [builder, value]);
    else if (isInteger(name)) this.native("append-i64", [builder, b.op(name.startsWith("u") ? "zext" : "sext", value)]);
    else this.native("append-any", [builder, this.box(value, type)]);
  }

  /** A string of the texts. */
  text(values: readonly Value[], types: readonly Type[]): Value {
    const strings = types.every((type) => isPrim(type, "string"));
    if (strings && values.length === 1) return values[0]!;
    if (strings && values.length === 2) return this.native("string-append", values);
    const builder = this.native("builder", []);
    for (const [index, value] of values.entries()) this.append(builder, value, types[index]!);
    return this.native("build", [builder]);
  }
}
