/**
 * Java objects as the VM thread's TypeScript sees them: through handles. A handle is the address of a word that the collector updates;
 * those made here live as long as the service call that is being served. A raw reference (`ref`) is good until the next allocation.
 */

import { TYPE_ELEMENT_BYTES } from "#layout";
import type { VmThread } from "#vm";
import { arrayOf, type LinkedClass, type LinkedField, linked, throwing, type World } from "../link/index.ts";
import { ARRAY_DATA, ARRAY_LENGTH } from "../model/record.ts";
import type { JClass } from "../model/types.ts";
import type { J3Effect } from "./effects.ts";

const MAX_ARRAY_BYTES = 0x3fff_0000;

export class Objects {
  readonly vm: VmThread<J3Effect>;
  readonly world: World;
  readonly #fields = new Map<string, LinkedField>();

  constructor(vm: VmThread<J3Effect>, world: World) {
    this.vm = vm;
    this.world = world;
  }

  // ---- handles ----------------------------------------------------------------------------------------------------------------

  /** A handle that lives as long as the present call. */
  temp(ref: number): number {
    const call = this.vm.current;
    if (call === null) return this.vm.roots.add(ref); // booting: kept for good
    return call.handle(ref);
  }

  /** A handle that lives until it is removed from the VM thread's roots. */
  root(ref: number): number {
    return this.vm.roots.add(ref);
  }

  /** The reference in a handle; handle 0 is null. */
  ref(handle: number): number {
    return handle === 0 ? 0 : this.vm.mem.word(handle);
  }

  isNull(handle: number): boolean {
    return this.ref(handle) === 0;
  }

  // ---- allocation -------------------------------------------------------------------------------------------------------------

  #alloc(bytes: number): number {
    const ref = this.vm.allocate(bytes);
    if (ref === 0) throw throwing("OutOfMemoryError", "Java heap space");
    return ref;
  }

  /** A new instance with all fields zero; the class is linked. No constructor runs. */
  newObject(cls: JClass): number {
    const ref = this.#alloc(cls.instanceBytes);
    this.vm.mem.setWord(ref, cls.record);
    return this.temp(ref);
  }

  /** A new array of the given array class. */
  newArray(cls: JClass, length: number): number {
    if (length < 0) throw throwing("NegativeArraySizeException", String(length));
    const bytes = length * this.vm.mem.word(cls.record + TYPE_ELEMENT_BYTES);
    if (bytes > MAX_ARRAY_BYTES) throw throwing("OutOfMemoryError", "Requested array size exceeds VM limit");
    const ref = this.#alloc((bytes + ARRAY_DATA + 7) & ~7);
    this.vm.mem.setWord(ref, cls.record);
    this.vm.mem.setWord(ref + ARRAY_LENGTH, length);
    return this.temp(ref);
  }

  /** A new array with this component class of the bootstrap loader, or descriptor letter of a primitive. */
  newArrayOf(component: string, length: number): number {
    const cls = component.length === 1 ? this.world.primitive(component) : this.world.boot(component);
    return this.newArray(arrayOf(this.world, cls), length);
  }

  // ---- classes ----------------------------------------------------------------------------------------------------------------

  classOf(handle: number): LinkedClass {
    return this.world.classOf(handle);
  }

  /** The class that a java.lang.Class object stands for. */
  classOfMirror(handle: number): LinkedClass {
    return this.world.classOfMirror(handle);
  }

  /** The java.lang.Class object of a class; its root is a handle too. */
  mirror(cls: JClass): number {
    return linked(cls).mirror;
  }

  // ---- fields -----------------------------------------------------------------------------------------------------------------

  /** A field of a class of the bootstrap loader, for the accessors below. Injected fields too. */
  field(className: string, name: string, descriptor: string): LinkedField {
    const key = `${className}.${name}${descriptor}`;
    let field = this.#fields.get(key);
    if (field === undefined) {
      const cls = this.world.boot(className);
      field = cls.declaredField(name, descriptor) ?? cls.injected?.get(name);
      if (field === undefined) throw new Error(`the class library has no field ${key}`);
      this.#fields.set(key, field);
    }
    return field;
  }

  #at(handle: number, field: LinkedField): number {
    if (field.isStatic) return field.offset;
    const ref = this.ref(handle);
    if (ref === 0) throw throwing("NullPointerException", null);
    return ref + field.offset;
  }

  /** A reference field, as a raw reference. */
  getRef(handle: number, field: LinkedField): number {
    return this.vm.mem.word(this.#at(handle, field));
  }

  /** A reference field, as a handle. */
  getHandle(handle: number, field: LinkedField): number {
    return this.temp(this.getRef(handle, field));
  }

  setRef(handle: number, field: LinkedField, ref: number): void {
    this.vm.mem.setRef(this.#at(handle, field), ref);
  }

  setHandle(handle: number, field: LinkedField, value: number): void {
    this.vm.mem.setRef(this.#at(handle, field), this.ref(value));
  }

  /** An int field. */
  getInt(handle: number, field: LinkedField): number {
    const at = this.#at(handle, field);
    switch (field.descriptor) {
      case "Z":
      case "B":
        return this.vm.mem.i8[at] as number;
      case "S":
        return this.vm.mem.i16[at >>> 1] as number;
      case "C":
        return this.vm.mem.u16[at >>> 1] as number;
      default:
        return this.vm.mem.i32[at >>> 2] as number;
    }
  }

  setInt(handle: number, field: LinkedField, value: number): void {
    const at = this.#at(handle, field);
    switch (field.descriptor) {
      case "Z":
      case "B":
        this.vm.mem.i8[at] = value;
        break;
      case "S":
      case "C":
        this.vm.mem.i16[at >>> 1] = value;
        break;
      default:
        this.vm.mem.i32[at >>> 2] = value;
    }
  }

  getLong(handle: number, field: LinkedField): bigint {
    return this.vm.mem.i64[this.#at(handle, field) >>> 3] as bigint;
  }

  setLong(handle: number, field: LinkedField, value: bigint): void {
    this.vm.mem.i64[this.#at(handle, field) >>> 3] = value;
  }

  // ---- arrays -----------------------------------------------------------------------------------------------------------------

  length(array: number): number {
    return this.vm.mem.i32[(this.ref(array) + ARRAY_LENGTH) >>> 2] as number;
  }

  /** Element of a reference array, as a raw reference. */
  elementRef(array: number, index: number): number {
    return this.vm.mem.word(this.ref(array) + ARRAY_DATA + 4 * index);
  }

  elementHandle(array: number, index: number): number {
    return this.temp(this.elementRef(array, index));
  }

  setElement(array: number, index: number, value: number): void {
    this.vm.mem.setRef(this.ref(array) + ARRAY_DATA + 4 * index, this.ref(value));
  }

  /** A copy of a byte array's contents. */
  bytes(array: number, from = 0, length = this.length(array) - from): Uint8Array<ArrayBuffer> {
    return this.vm.mem.copyOut(this.ref(array) + ARRAY_DATA + from, length);
  }

  newByteArray(bytes: Uint8Array): number {
    const handle = this.newArrayOf("B", bytes.length);
    this.vm.mem.copyIn(this.ref(handle) + ARRAY_DATA, bytes);
    return handle;
  }

  newIntArray(values: readonly number[]): number {
    const handle = this.newArrayOf("I", values.length);
    this.vm.mem.i32.set(values, (this.ref(handle) + ARRAY_DATA) >>> 2);
    return handle;
  }

  /** A new reference array with the references of these handles. */
  newRefArray(component: string, handles: readonly number[]): number {
    const array = this.newArrayOf(component, handles.length);
    for (const [index, handle] of handles.entries()) this.setElement(array, index, handle);
    return array;
  }

  // ---- strings ----------------------------------------------------------------------------------------------------------------

  /** The text of a java.lang.String; lone surrogates are kept. The handle is not null. */
  text(handle: number): string {
    const { mem } = this.vm;
    const ref = this.ref(handle);
    const value = mem.word(ref + this.field("java/lang/String", "value", "[B").offset);
    const coder = mem.u8[ref + this.field("java/lang/String", "coder", "B").offset];
    const length = mem.word(value + ARRAY_LENGTH);
    let text = "";
    // In pieces: String.fromCharCode takes its arguments on the stack.
    if (coder === 0) {
      for (let at = 0; at < length; at += 8192) {
        const piece = mem.u8.subarray(value + ARRAY_DATA + at, value + ARRAY_DATA + Math.min(length, at + 8192));
        text += String.fromCharCode(...piece);
      }
      return text;
    }
    const start = (value + ARRAY_DATA) >>> 1;
    for (let at = 0; at < length >>> 1; at += 8192) {
      text += String.fromCharCode(...mem.u16.subarray(start + at, start + Math.min(length >>> 1, at + 8192)));
    }
    return text;
  }

  /** `null` for a null reference. */
  textOrNull(handle: number): string | null {
    return this.isNull(handle) ? null : this.text(handle);
  }

  /** A new java.lang.String. */
  newString(text: string): number {
    const { mem } = this.vm;
    let latin1 = true;
    for (let i = 0; i < text.length && latin1; i++) latin1 = text.charCodeAt(i) < 256;
    const array = this.newArrayOf("B", latin1 ? text.length : text.length * 2);
    const data = this.ref(array) + ARRAY_DATA;
    if (latin1) for (let i = 0; i < text.length; i++) mem.u8[data + i] = text.charCodeAt(i);
    else for (let i = 0; i < text.length; i++) mem.u16[(data >>> 1) + i] = text.charCodeAt(i);
    const string = this.newObject(this.world.boot("java/lang/String"));
    this.setHandle(string, this.field("java/lang/String", "value", "[B"), array);
    this.setInt(string, this.field("java/lang/String", "coder", "B"), latin1 ? 0 : 1);
    return string;
  }
}
