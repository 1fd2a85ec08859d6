/**
 * Classes, methods and fields as the VM thread knows them. Plain data: linking fills it in, translation reads it.
 */

import type { Signature, Type } from "#ir";
import type { ClassFile, FieldInfo, MethodInfo } from "../classfile/index.ts";

/** A defining or initiating class loader: null object for the bootstrap loader. */
export interface Loader {
  readonly id: number;
  /** Root word with the java.lang.ClassLoader object; 0 for the bootstrap loader. */
  readonly object: number;
  /** Classes this loader is recorded as an initiating loader of, by internal name (arrays not included). JVMS §5.3. */
  readonly classes: Map<string, JClass>;
  /** Loader constraints: see link/constraints.ts. */
  readonly builtin: boolean;
}

/** Where the class is on its way. JVMS §5.4, §5.5. */
export type ClassState = "loaded" | "linked" | "initializing" | "initialized" | "failed";

export interface JClass {
  /** Internal name: "java/lang/String", "[I", "int". Hidden classes have "pkg/Name+0x..." here, see JVMS / Lookup.defineHiddenClass. */
  readonly name: string;
  readonly id: number;
  readonly loader: Loader;
  /** Address of the class record. */
  readonly record: number;
  /** Root word of the java.lang.Class object (made at load). */
  readonly mirror: number;
  /** null for arrays and primitives. */
  readonly file: ClassFile | null;
  readonly flags: number;
  readonly superclass: JClass | null;
  readonly interfaces: readonly JClass[];
  /** All superinterfaces, direct and inherited, each once. */
  allInterfaces: readonly JClass[];
  /** Arrays: the component class. */
  readonly component: JClass | null;
  /** Primitives: descriptor letter. */
  readonly primitive: string | null;
  arrayClass: JClass | null;
  state: ClassState;
  /** Declared methods and fields, in class-file order. */
  methods: JMethod[];
  fields: JField[];
  /** Bytes of an instance, header included, a multiple of 8. */
  instanceBytes: number;
  vtable: JMethod[];
  /** For hidden classes and their host; null otherwise. */
  nestHost: JClass | null;
  /** Resolved constant-pool entries by index: JClass | JField | JMethod | root addresses ... owned by link/resolve.ts. */
  readonly resolved: unknown[];
}

export interface JField {
  readonly holder: JClass;
  readonly info: FieldInfo | null;
  readonly name: string;
  readonly descriptor: string;
  readonly flags: number;
  readonly index: number;
  /** IR type of the field's value: i32 for boolean to int, ref for references. */
  readonly type: Type;
  /** Instance fields: byte offset in the object. Static fields: absolute address (a root word for references). */
  offset: number;
}

export interface JMethod {
  readonly holder: JClass;
  readonly info: MethodInfo | null;
  readonly name: string;
  readonly descriptor: string;
  readonly flags: number;
  /** Dense number, unique in the VM; Func.id of its code. */
  readonly id: number;
  readonly index: number;
  /** Index in the function tables. */
  readonly slot: number;
  /** IR signature, the receiver first for instance methods. */
  readonly signature: Signature;
  /** Entry in the vtable, or -1: private, static, constructors, and methods of interfaces. */
  vtableIndex: number;
  /** Key in the class tables for methods of interfaces that are called through them; else 0. */
  interfaceKey: number;
}

export const ACC_PUBLIC = 0x0001;
export const ACC_PRIVATE = 0x0002;
export const ACC_PROTECTED = 0x0004;
export const ACC_STATIC = 0x0008;
export const ACC_FINAL = 0x0010;
export const ACC_SYNCHRONIZED = 0x0020;
export const ACC_SUPER = 0x0020;
export const ACC_VOLATILE = 0x0040;
export const ACC_VARARGS = 0x0080;
export const ACC_TRANSIENT = 0x0080;
export const ACC_NATIVE = 0x0100;
export const ACC_INTERFACE = 0x0200;
export const ACC_ABSTRACT = 0x0400;
export const ACC_STRICT = 0x0800;
export const ACC_SYNTHETIC = 0x1000;
export const ACC_ANNOTATION = 0x2000;
export const ACC_ENUM = 0x4000;

/**
 * What translation asks of linking. Nothing here runs guest code: what cannot be answered without it, or has not been loaded yet,
 * is null, and the translator emits a resolution cell.
 */
export interface TranslateEnv {
  /** The class at a CONSTANT_Class, if it is loaded and accessible. */
  classAt(from: JClass, index: number): JClass | null;
  /** The field at a Fieldref, if resolvable now and all checks (access, static-ness, final store) pass. */
  fieldAt(from: JMethod, index: number, isStatic: boolean, isStore: boolean): JField | null;
  /** The method at a Methodref or InterfaceMethodref for the given opcode, if resolvable now and all checks pass. `special` does the ACC_SUPER selection. */
  methodAt(from: JMethod, index: number, how: "virtual" | "interface" | "static" | "special"): JMethod | null;
  /** True for MethodHandle/VarHandle signature-polymorphic methods: the call is to be linked through a "polymorphic" cell. */
  isPolymorphic(from: JMethod, index: number): boolean;
  /** How a call of such a method is expanded in place (MethodHandle.invokeBasic and linkTo*), or null if it goes through the cell. */
  polymorphic(from: JMethod, index: number): Intrinsic | null;
  /** How an access by a VarHandle is expanded in place, or null if it goes through the cell alone. */
  varHandle(from: JMethod, index: number): SlowIntrinsic | null;
  /** Address of a new resolution cell. */
  cell(kind: CellKind, from: JMethod, index: number, pos: number): number;
  /** Root word that holds the interned string at a CONSTANT_String. */
  stringRoot(from: JClass, index: number): number;
  /** Root word that holds the interned string of this text. */
  textRoot(text: string): number;
  /** Whether the type of the descriptor is no class, or one that the loader of `from` has loaded. */
  isLoaded(from: JClass, descriptor: string): boolean;
  /** A static method of a class of the bootstrap loader, which is loaded for this; null if there is none. */
  libraryMethod(owner: string, name: string, descriptor: string): JMethod | null;
  /** Whether the class may be treated as initialised by code of the method: it is, or the method runs only after its initialisation began in this thread. */
  needsInit(from: JMethod, target: JClass): boolean;
  /** The array class of a component class, made on demand (loading nothing). */
  arrayOf(component: JClass): JClass;
  primitive(newarrayCode: number): JClass;
  /** A method whose code the translator expands in place, or null. */
  intrinsic(method: JMethod): Intrinsic | null;
  /** What does the usual case of a method, before its bytecode; null: nothing does. */
  path(method: JMethod): MethodPath | null;
  /** Classes that the receiver of a virtual or interface call is likely to have, and what runs on them; empty if that cannot be told. */
  receivers(method: JMethod): readonly Receiver[];
  /** What a virtual or interface call selects for instances of the class; null if they are none of the method's holder. */
  selected(cls: JClass, method: JMethod): JMethod | null;
  readonly knownObjects: KnownObjectQueries;
  /** Whether there is a second tier, for which the first one has to count. */
  readonly hasSecondTier: boolean;
  /** The class of a descriptor like "LFoo;" that the loader of `from` has loaded; null if it has not. */
  loadedClass(from: JClass, descriptor: string): JClass | null;
  /** Zeroed memory for counters; it is never given back. */
  profileMemory(bytes: number): number;
  /** The i32 at an address of it. */
  profileWord(address: number): number;
  /** The class of a record; null if there is none. */
  classOfRecord(record: number): JClass | null;
  /** The bits (of an f32 as an i32, of an f64 as an i64) that a static final field of a primitive type has for good; null: not known, or a reference. */
  constantOf(field: JField): number | bigint | null;
  /** Whether what runs when the method is called is its bytecode and nothing else. Then it may be expanded in its callers, and stack walks know of it. */
  isExpandable(method: JMethod): boolean;
  /** Slots of the runtime's helper functions, see RuntimeSlots. */
  readonly slots: RuntimeSlots;
}

/** What a dynamic call site calls. */
export interface LinkedSite {
  readonly adapter: JMethod;
  /** Root word of the adapter's last argument; 0: it has none more than the site. */
  readonly appendix: number;
}

/** Objects that compiled code may take for constants, by root words that keep them; 0 and null: not known. */
export interface KnownObjectQueries {
  inStatic(field: JField): number;
  inField(root: number, field: JField): number;
  classOf(root: number): JClass;
  /** The class that a java.lang.Class stands for. */
  instantiated(root: number): JClass | null;
  /** What MethodHandle.invokeBasic of the handle calls; the method of a MemberName. */
  basicTarget(root: number): JMethod | null;
  memberTarget(root: number): JMethod | null;
  site(method: JMethod, index: number, pos: number): LinkedSite | null;
}

/** A class, and the method that a call selects for its instances. */
export interface Receiver {
  readonly cls: JClass;
  readonly method: JMethod;
}

export type CellKind =
  | "class"
  | "new"
  | "getfield"
  | "putfield"
  | "getstatic"
  | "putstatic"
  | "virtual"
  | "interface"
  | "static"
  | "special"
  | "polymorphic"
  | "dynamic"
  | "constant";

/** Expands a method in place: gets the arguments (receiver first, already null-checked), returns the result, NO_VALUE for void. */
export type Intrinsic = (
  b: import("#ir").Builder,
  args: readonly import("#ir").Value[],
  pos: number,
) => import("#ir").Value;

/** The same, for what it can do itself; else it goes to the slow block, before anything has been done. */
export type SlowIntrinsic = (
  b: import("#ir").Builder,
  args: readonly import("#ir").Value[],
  slow: import("#ir").Block,
) => import("#ir").Value;

/** The usual case of a method. */
export interface MethodPath {
  /** Whether it may stand where the method is called too, with the call as what is slow. */
  readonly inPlace: boolean;
  /** Goes to the slow block where the case is another one, before anything has been done. null: nothing was emitted. */
  readonly emit: (
    b: import("#ir").Builder,
    args: readonly import("#ir").Value[],
    slow: import("#ir").Block,
    facts: ValueFacts,
  ) => import("#ir").Value | null;
}

/** What translation knows of values. */
export interface ValueFacts {
  isNonNull(value: import("#ir").Value): boolean;
  /** Descriptor of the value's static type, if that is an array and was seen. */
  arrayDescriptor(value: import("#ir").Value): string | undefined;
}

/** Slots of helper functions that compiled code calls; signatures beside. */
export interface RuntimeSlots {
  /** (cell: addr) -> (): resolves a cell (slow path of `ensure`). */
  readonly resolve: number;
  /** (classInitializedWord: addr) -> (): initialises the class whose CLASS_INITIALIZED word it is. */
  readonly initialize: number;
  /** (obj: ref) -> (). */
  readonly monitorEnter: number;
  readonly monitorExit: number;
  /** (obj: ref, record: addr) -> i32: subtype test for anything, the object not null. */
  readonly isInstance: number;
  /** (obj: ref, record: addr) -> (): throws ClassCastException. */
  readonly throwClassCast: number;
  /** (array: ref, value: ref) -> (): throws ArrayStoreException. */
  readonly throwArrayStore: number;
  /** (array: ref, value: ref) -> (): checks that a non-null value may be stored, else throws. */
  readonly checkArrayStore: number;
  /** (record of the array class: addr, length: i32) -> ref: throws NegativeArraySizeException. */
  readonly newArray: number;
  /** (record of the component class: addr, length: i32) -> ref: for unresolved anewarray. */
  readonly newArrayOf: number;
  /** (record of the array class: addr, dimensions: addr of i32 lengths, count: i32) -> ref. */
  readonly newMultiArray: number;
  /** (record: addr) -> ref: instance of an initialised class, finalizer registered if it has one; for unresolved or finalizable `new`. Throws InstantiationError never: resolution did. */
  readonly newObject: number;
  /** (cell: addr, receiver: ref) -> i32: slot selected for a resolved "virtual" or "interface" cell; throws IncompatibleClassChangeError. */
  readonly select: number;
  /** (receiver: ref, key: i32) -> (): throws IncompatibleClassChangeError: the class does not implement the interface. */
  readonly throwNoInterface: number;
  /** (a: f64, b: f64) -> f64 and f32 twin are pure host functions, see translate/host.ts. */
}
