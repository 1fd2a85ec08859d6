/**
 * An environment for tests of the translator: a small linker over class files, without a VM. It lays out objects and class
 * records in an ordinary buffer, so that the IR's interpreter can run what was translated.
 */
import type { Signature, Type } from "#ir";
import { NO_VALUE, signature } from "#ir";
import { TYPE_KIND, TYPE_SIZE } from "#layout";
import type { ClassFile } from "../classfile/index.ts";
import { parseClassFile, TAG_INTERFACE_METHODREF } from "../classfile/index.ts";
import * as words from "../model/record.ts";
import type {
  CellKind,
  Intrinsic,
  JClass,
  JField,
  JMethod,
  KnownObjectQueries,
  Loader,
  RuntimeSlots,
  TranslateEnv,
} from "../model/types.ts";
import { ACC_FINAL, ACC_INTERFACE, ACC_PRIVATE, ACC_PUBLIC, ACC_STATIC } from "../model/types.ts";
import { Shapes, typeOfKind } from "./shapes.ts";

const PRIMITIVES: readonly (readonly [string, string])[] = [
  ["boolean", "Z"],
  ["char", "C"],
  ["float", "F"],
  ["double", "D"],
  ["byte", "B"],
  ["short", "S"],
  ["int", "I"],
  ["long", "J"],
];
const ELEMENT_BYTES: Readonly<Record<string, number>> = { Z: 1, C: 2, F: 4, D: 8, B: 1, S: 2, I: 4, J: 8 };

/** What a cell that was handed out is for. */
export interface FakeCell {
  readonly kind: CellKind;
  readonly from: JMethod;
  readonly index: number;
}

export interface FakeOptions {
  /** Bytes of a class by internal name. */
  readonly find: (name: string) => Uint8Array | undefined;
  /** Whether the environment answers with classes, fields and methods, or leaves everything to cells. */
  readonly resolved: boolean;
  /** Where class records go; without it addresses mean nothing. */
  readonly memory?: ArrayBufferLike;
  readonly intrinsic?: (method: JMethod) => Intrinsic | null;
}

export const HELPER_NAMES = [
  "resolve",
  "initialize",
  "monitorEnter",
  "monitorExit",
  "isInstance",
  "throwClassCast",
  "throwArrayStore",
  "checkArrayStore",
  "newArray",
  "newArrayOf",
  "newMultiArray",
  "newObject",
  "select",
  "throwNoInterface",
] as const satisfies readonly (keyof RuntimeSlots)[];

/** Signatures of the helpers, in the order of their slots, which begin at 1. */
export const HELPER_SIGNATURES: Readonly<Record<keyof RuntimeSlots, Signature>> = {
  resolve: signature(["addr"], null),
  initialize: signature(["addr"], null),
  monitorEnter: signature(["ref"], null),
  monitorExit: signature(["ref"], null),
  isInstance: signature(["ref", "addr"], "i32"),
  throwClassCast: signature(["ref", "addr"], null),
  throwArrayStore: signature(["ref", "ref"], null),
  checkArrayStore: signature(["ref", "ref"], null),
  newArray: signature(["addr", "i32"], "ref"),
  newArrayOf: signature(["addr", "i32"], "ref"),
  newMultiArray: signature(["addr", "addr", "i32"], "ref"),
  newObject: signature(["addr"], "ref"),
  select: signature(["addr", "ref"], "i32"),
  throwNoInterface: signature(["ref", "i32"], null),
};

const FIRST_METHOD_SLOT = 100;

export class FakeWorld implements TranslateEnv {
  readonly slots: RuntimeSlots;
  readonly classes = new Map<string, JClass | null>();
  readonly byRecord = new Map<number, JClass>();
  readonly cells = new Map<number, FakeCell>();
  /** By slot. */
  readonly methods: JMethod[] = [];
  readonly #options: FakeOptions;
  readonly #loader: Loader;
  readonly #shapes = new Shapes();
  readonly #i32: Int32Array | null;
  readonly #cells = new Map<string, number>();
  readonly #strings = new Map<string, number>();
  #top = 16384;
  #nextKey = 1 << 20;

  constructor(options: FakeOptions) {
    this.#options = options;
    this.#i32 = options.memory === undefined ? null : new Int32Array(options.memory);
    this.#loader = { id: 0, object: 0, classes: new Map(), builtin: true };
    this.slots = Object.fromEntries(HELPER_NAMES.map((name, i) => [name, i + 1])) as Record<keyof RuntimeSlots, number>;
    for (const [name, letter] of PRIMITIVES) this.#make(name, null, null, letter);
  }

  /** The class, loaded and linked; null if there is none. */
  load(name: string): JClass | null {
    const known = this.classes.get(name);
    if (known !== undefined) return known;
    if (name.startsWith("[")) {
      const element = name.slice(1);
      const component = element.startsWith("L")
        ? this.load(element.slice(1, -1))
        : element.startsWith("[")
          ? this.load(element)
          : this.load(PRIMITIVES.find(([, letter]) => letter === element)![0]);
      return component === null ? null : this.arrayOf(component);
    }
    const bytes = this.#options.find(name);
    if (bytes === undefined) {
      this.classes.set(name, null);
      return null;
    }
    return this.#make(name, parseClassFile(bytes, name, { trusted: true }), null, null);
  }

  /** Non-moving memory, zeroed. */
  reserve(bytes: number): number {
    const at = this.#top;
    this.#top += (bytes + 7) & ~7;
    return at;
  }

  #make(name: string, file: ClassFile | null, component: JClass | null, primitive: string | null): JClass | null {
    const superName = file === null ? (primitive === null ? "java/lang/Object" : undefined) : file.superClass;
    const superclass = superName === undefined ? null : this.load(superName);
    const interfaces: JClass[] = [];
    for (const each of file?.interfaces ?? []) {
      const found = this.load(each);
      if (found !== null) interfaces.push(found);
    }
    const all = new Set<JClass>(superclass?.allInterfaces);
    for (const each of interfaces) {
      all.add(each);
      for (const above of each.allInterfaces) all.add(above);
    }
    const made: JClass = {
      name,
      id: this.classes.size + 1,
      loader: this.#loader,
      record: 0,
      mirror: this.reserve(8),
      file,
      flags: file?.flags ?? ACC_PUBLIC | ACC_FINAL,
      superclass,
      interfaces,
      allInterfaces: [...all],
      component,
      primitive,
      arrayClass: null,
      state: "linked",
      methods: [],
      fields: [],
      instanceBytes: superclass?.instanceBytes ?? 8,
      vtable: superclass === null ? [] : superclass.vtable.slice(),
      nestHost: null,
      resolved: [],
    };
    this.classes.set(name, made);
    for (const [index, info] of (file?.fields ?? []).entries()) {
      const isStatic = (info.flags & ACC_STATIC) !== 0;
      const { descriptor, flags } = info;
      const type = typeOfKind(descriptor.charCodeAt(0)) as Type;
      const offset = isStatic ? this.reserve(8) : made.instanceBytes;
      if (!isStatic) made.instanceBytes += 8;
      made.fields.push({ holder: made, info, name: info.name, descriptor, flags, index, type, offset });
    }
    for (let index = 0; index < (file?.methods.length ?? 0); index++) made.methods.push(this.#method(made, index));
    (made as { record: number }).record = this.reserve(words.CLASS_VTABLE + 4 * made.vtable.length);
    this.byRecord.set(made.record, made);
    if (this.#i32 !== null) this.#write(made, this.#i32);
    return made;
  }

  #method(holder: JClass, index: number): JMethod {
    const info = holder.file!.methods[index]!;
    const { name, descriptor, flags } = info;
    const shape = this.#shapes.of(descriptor)!;
    const isStatic = (flags & ACC_STATIC) !== 0;
    const isVirtual = !isStatic && (flags & ACC_PRIVATE) === 0 && !name.startsWith("<");
    const isInterface = (holder.flags & ACC_INTERFACE) !== 0;
    const slot = FIRST_METHOD_SLOT + this.methods.length;
    const method: JMethod = {
      holder,
      info,
      name,
      descriptor,
      flags,
      id: slot,
      index,
      slot,
      signature: isStatic ? shape.forStatic : shape.forInstance,
      vtableIndex: -1,
      interfaceKey: isVirtual && isInterface ? this.#nextKey++ : 0,
    };
    this.methods.push(method);
    if (isVirtual && !isInterface) {
      const above = holder.vtable.findIndex((each) => each.name === name && each.descriptor === descriptor);
      method.vtableIndex = above >= 0 ? above : holder.vtable.length;
      holder.vtable[method.vtableIndex] = method;
    }
    return method;
  }

  /** Writes the words of the class record that translated code reads. */
  #write(made: JClass, i32: Int32Array): void {
    const put = (offset: number, value: number): void => {
      i32[(made.record + offset) >>> 2] = value;
    };
    const component = made.component;
    // An object that is only compared.
    i32[made.mirror >>> 2] = made.mirror;
    put(TYPE_KIND, 0);
    put(TYPE_SIZE, made.instanceBytes);
    put(words.CLASS_ID, made.id);
    put(words.CLASS_FLAGS, made.flags);
    put(words.CLASS_MIRROR, made.mirror);
    put(words.CLASS_COMPONENT, component === null ? 0 : component.record);
    put(
      words.CLASS_PRIMITIVE,
      component?.primitive ? 4 + PRIMITIVES.findIndex(([, letter]) => letter === component.primitive) : 0,
    );
    if ((made.flags & ACC_INTERFACE) === 0) {
      const chain: JClass[] = [];
      for (let at: JClass | null = made; at !== null; at = at.superclass) chain.unshift(at);
      for (let i = 0; i < chain.length && i < words.DISPLAY; i++) put(words.CLASS_DISPLAY + 4 * i, chain[i]!.record);
    }
    made.vtable.forEach((method, i) => {
      put(words.CLASS_VTABLE + 4 * i, method.slot);
    });
    this.#writeTable(made, i32, put);
  }

  #writeTable(made: JClass, i32: Int32Array, put: (offset: number, value: number) => void): void {
    const rows: [number, number][] = [];
    const interfaces = (made.flags & ACC_INTERFACE) === 0 ? made.allInterfaces : [made, ...made.allInterfaces];
    for (const each of interfaces) {
      rows.push([each.id, each.record]);
      for (const method of each.methods) {
        if (method.interfaceKey === 0) continue;
        const found = made.vtable.find((own) => own.name === method.name && own.descriptor === method.descriptor);
        rows.push([method.interfaceKey, (found ?? method).slot]);
      }
    }
    for (let bits = 1; bits < 16; bits++) {
      for (let seed = 0x9e3779b1 | 0, tries = 0; tries < 50; tries++, seed = Math.imul(seed, 5) + 2) {
        const used = new Set<number>();
        const at = (key: number): number => Math.imul(key, seed) >>> (32 - bits);
        if (!rows.every(([key]) => !used.has(at(key)) && used.add(at(key)))) continue;
        const table = this.reserve(8 << bits);
        for (const [key, value] of rows) {
          i32[(table + 8 * at(key)) >>> 2] = key;
          i32[(table + 8 * at(key) + 4) >>> 2] = value;
        }
        put(words.CLASS_TABLE, table);
        put(words.CLASS_TABLE_SEED, seed);
        put(words.CLASS_TABLE_SHIFT, 32 - bits);
        return;
      }
    }
    throw new Error(`no table for ${made.name}`);
  }

  // ---- lookup: JVMS §5.4.3 without access checks --------------------------------------------------------------------------------

  findField(from: JClass | null, name: string, descriptor: string): JField | null {
    for (let at = from; at !== null; at = at.superclass) {
      const own = at.fields.find((field) => field.name === name && field.descriptor === descriptor);
      if (own !== undefined) return own;
      for (const each of at.allInterfaces) {
        const found = each.fields.find((field) => field.name === name && field.descriptor === descriptor);
        if (found !== undefined) return found;
      }
    }
    return null;
  }

  findMethod(from: JClass | null, name: string, descriptor: string): JMethod | null {
    for (let at = from; at !== null; at = at.superclass) {
      const own = at.methods.find((method) => method.name === name && method.descriptor === descriptor);
      if (own !== undefined) return own;
    }
    for (const each of from?.allInterfaces ?? []) {
      const found = each.methods.find((method) => method.name === name && method.descriptor === descriptor);
      if (found !== undefined) return found;
    }
    return null;
  }

  classOf(from: JClass, index: number): JClass | null {
    return this.load(from.file!.constants.className(index));
  }

  fieldOf(from: JMethod, index: number): JField | null {
    const { owner, name, descriptor } = from.holder.file!.constants.memberRef(index);
    return this.findField(this.load(owner), name, descriptor);
  }

  methodOf(from: JMethod, index: number): JMethod | null {
    const { owner, name, descriptor } = from.holder.file!.constants.memberRef(index);
    return this.findMethod(this.load(owner), name, descriptor);
  }

  // ---- TranslateEnv -------------------------------------------------------------------------------------------------------------

  classAt(from: JClass, index: number): JClass | null {
    return this.#options.resolved ? this.classOf(from, index) : null;
  }

  fieldAt(from: JMethod, index: number, isStatic: boolean): JField | null {
    const field = this.#options.resolved ? this.fieldOf(from, index) : null;
    return field !== null && ((field.flags & ACC_STATIC) !== 0) === isStatic ? field : null;
  }

  methodAt(from: JMethod, index: number, how: "virtual" | "interface" | "static" | "special"): JMethod | null {
    const method = this.#options.resolved ? this.methodOf(from, index) : null;
    if (method === null || ((method.flags & ACC_STATIC) !== 0) !== (how === "static")) return null;
    return method;
  }

  isPolymorphic(from: JMethod, index: number): boolean {
    const constants = from.holder.file!.constants;
    if (constants.tag(index) === TAG_INTERFACE_METHODREF) return false;
    const { owner, name } = constants.memberRef(index);
    if (owner === "java/lang/invoke/MethodHandle")
      return name === "invoke" || name === "invokeExact" || name === "invokeBasic";
    return owner === "java/lang/invoke/VarHandle" && /^(get|set|compareAnd|weakCompare)/.test(name);
  }

  polymorphic(): null {
    return null;
  }

  varHandle(): null {
    return null;
  }

  cell(kind: CellKind, from: JMethod, index: number): number {
    const key = `${kind} ${from.slot} ${index}`;
    const known = kind === "dynamic" ? undefined : this.#cells.get(key);
    if (known !== undefined) return known;
    const at = this.reserve(words.CELL_BYTES);
    this.#cells.set(key, at);
    this.cells.set(at, { kind, from, index });
    return at;
  }

  stringRoot(from: JClass, index: number): number {
    const text = from.file!.constants.string(index);
    let root = this.#strings.get(text);
    if (root === undefined) {
      root = this.reserve(8);
      this.#strings.set(text, root);
      if (this.#i32 !== null) this.#i32[root >>> 2] = root;
    }
    return root;
  }

  textRoot(): never {
    throw new Error("no call site of these tests is known");
  }

  isLoaded(): boolean {
    return false;
  }

  libraryMethod(): null {
    return null;
  }

  needsInit(from: JMethod, target: JClass): boolean {
    return from.holder !== target;
  }

  arrayOf(component: JClass): JClass {
    if (component.arrayClass === null) {
      const inner = component.name.startsWith("[") ? component.name : (component.primitive ?? `L${component.name};`);
      component.arrayClass = this.#make(`[${inner}`, null, component, null)!;
    }
    return component.arrayClass;
  }

  primitive(newarrayCode: number): JClass {
    return this.load(PRIMITIVES[newarrayCode - 4]![0])!;
  }

  receivers(_method: JMethod): [] {
    return [];
  }

  path(_method: JMethod): null {
    return null;
  }

  selected(cls: JClass, method: JMethod): JMethod | null {
    return method.vtableIndex < 0 ? null : (cls.vtable[method.vtableIndex] ?? null);
  }

  readonly hasSecondTier = true;

  readonly knownObjects: KnownObjectQueries = {
    inStatic: () => 0,
    inField: () => 0,
    classOf: () => this.load("java/lang/Object")!,
    instantiated: () => null,
    basicTarget: () => null,
    memberTarget: () => null,
    site: () => null,
  };

  loadedClass(_from: JClass, descriptor: string): JClass | null {
    return this.#options.resolved ? this.load(descriptor.slice(1, -1)) : null;
  }

  profileMemory(bytes: number): number {
    return this.reserve(bytes);
  }

  profileWord(address: number): number {
    return this.#i32?.[address >>> 2] ?? 0;
  }

  classOfRecord(record: number): JClass | null {
    return this.byRecord.get(record) ?? null;
  }

  constantOf(_field: JField): null {
    return null;
  }

  isExpandable(_method: JMethod): boolean {
    return true;
  }

  intrinsic(method: JMethod): Intrinsic | null {
    const own = this.#options.intrinsic?.(method);
    if (own !== undefined) return own;
    return method.name === "<init>" && method.holder.name === "java/lang/Object" ? () => NO_VALUE : null;
  }

  /** Bytes of an array's element. */
  elementBytes(array: JClass): number {
    return ELEMENT_BYTES[array.component?.primitive ?? ""] ?? 4;
  }
}
