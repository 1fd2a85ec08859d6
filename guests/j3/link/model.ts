/**
 * Classes, methods and fields with what only linking knows. Every JClass, JMethod and JField of the VM is one of these.
 */
import type { Signature, Type } from "#ir";
import type { ClassFile, FieldInfo, MethodInfo } from "../classfile/index.ts";
import { annotationTypes } from "../classfile/index.ts";
import type { ClassState, JClass, JField, JMethod, Loader } from "../model/types.ts";
import { ACC_ABSTRACT, ACC_INTERFACE, ACC_PRIVATE, ACC_STATIC } from "../model/types.ts";
import type { GuestThrow } from "./effects.ts";
import type { World } from "./world.ts";

/** Unused bytes between fields: [start, end). */
export interface Gap {
  start: number;
  end: number;
}

export class LinkedClass implements JClass {
  readonly world: World;
  readonly name: string;
  readonly id: number;
  readonly loader: Loader;
  record = 0;
  mirror = 0;
  readonly file: ClassFile | null;
  readonly flags: number;
  superclass: LinkedClass | null = null;
  interfaces: readonly LinkedClass[] = [];
  allInterfaces: readonly LinkedClass[] = [];
  component: LinkedClass | null = null;
  primitive: string | null = null;
  arrayClass: LinkedClass | null = null;
  state: ClassState = "loaded";
  methods: LinkedMethod[] = [];
  fields: LinkedField[] = [];
  instanceBytes = 0;
  vtable: LinkedMethod[] = [];
  nestHost: LinkedClass | null = null;
  readonly resolved: unknown[] = [];

  /** Internal name of the package, "" for the unnamed one; of the element class for arrays. */
  readonly packageName: string;
  /** Length of the superclass chain; 0 for Object and interfaces. */
  depth = 0;
  /** CLASSBIT_* of the record. */
  bits = 0;
  /** As Class.getModifiers gives them. */
  modifiers = 0;
  /** Name of the image module the bootstrap loader found the class in, else null. */
  imageModule: string | null = null;
  /** Fields that no class file declares, by name. */
  injected: ReadonlyMap<string, LinkedField> | null = null;
  /** End of the last instance field, and gaps that subclasses may fill. */
  fieldEnd = 0;
  gaps: Gap[] = [];
  /** Offsets of references in instances, and the address of their list for the collector. */
  refOffsets: readonly number[] = [];
  refList = 0;
  /** REFERENCE_* of #layout, or 0. */
  strength = 0;
  /** Address and bytes of the block of static primitives. */
  staticBlock = 0;
  staticBytes = 0;
  readonly hidden: boolean;
  /** Roots with the ProtectionDomain and the class data (Lookup.defineHiddenClassWithClassData), or 0. */
  protectionDomain = 0;
  classData = 0;
  /** Where it was loaded from, for -Xlog and the like; null if unknown. */
  source: string | null = null;
  /** Some interface it has, direct or inherited, declares a non-abstract instance method; see JVMS §5.5 step 7. */
  hasDefaults = false;
  /** Record of the thread that runs the initialiser, or 0. */
  initThread = 0;
  /** The initialiser failed: the cause of the NoClassDefFoundErrors to come. */
  initFailure: GuestThrow | null = null;
  /** Verification and preparation failed: thrown at each attempt to link. */
  linkFailure: GuestThrow | null = null;
  /** The nest host is known (see nest.ts). */
  nestKnown = false;
  /** Stand-ins for selections that fail, by selector. */
  failing: Map<number, LinkedMethod> | null = null;
  private bySelector: Map<number, LinkedMethod> | null = null;

  constructor(
    world: World,
    name: string,
    id: number,
    loader: Loader,
    file: ClassFile | null,
    flags: number,
    hidden: boolean,
  ) {
    this.world = world;
    this.name = name;
    this.id = id;
    this.loader = loader;
    this.file = file;
    this.flags = flags;
    this.hidden = hidden;
    this.packageName = packageOfClass(name);
  }

  get isInterface(): boolean {
    return (this.flags & ACC_INTERFACE) !== 0;
  }

  get isArray(): boolean {
    return this.component !== null;
  }

  /** The class declares this method. */
  declared(selector: number): LinkedMethod | undefined {
    if (this.bySelector === null) {
      const map = new Map<number, LinkedMethod>();
      for (const method of this.methods) map.set(method.selector, method);
      this.bySelector = map;
    }
    return this.bySelector.get(selector);
  }

  declaredMethod(name: string, descriptor: string): LinkedMethod | undefined {
    return this.declared(this.world.selector(name, descriptor));
  }

  declaredField(name: string, descriptor: string): LinkedField | undefined {
    for (const field of this.fields) if (field.name === name && field.descriptor === descriptor) return field;
    return undefined;
  }

  /** Subtype as of JVMS §6.5 instanceof, for classes that are no arrays. Itself included. */
  isSubclassOf(other: LinkedClass): boolean {
    if (other.isInterface) return this === other || this.allInterfaces.includes(other);
    for (let c: LinkedClass | null = this; c !== null; c = c.superclass) if (c === other) return true;
    return false;
  }

  /** Assignment of any class or array to any. */
  isAssignableTo(other: LinkedClass): boolean {
    if (this === other) return true;
    if (this.component !== null && other.component !== null) {
      if (this.component.primitive !== null || other.component.primitive !== null) return false;
      return this.component.isAssignableTo(other.component);
    }
    return this.primitive === null && other.primitive === null && this.isSubclassOf(other);
  }
}

export class LinkedMethod implements JMethod {
  readonly holder: LinkedClass;
  readonly info: MethodInfo | null;
  readonly name: string;
  readonly descriptor: string;
  readonly flags: number;
  readonly id: number;
  readonly index: number;
  /** Number of the name and descriptor: equal for methods that may override each other. */
  readonly selector: number;
  vtableIndex = -1;
  interfaceKey = 0;
  /** Not null: whoever calls it gets this. Such methods stand in tables only, no class declares them. */
  failure: GuestThrow | null = null;
  private ownSlot = -1;

  constructor(
    holder: LinkedClass,
    info: MethodInfo | null,
    name: string,
    descriptor: string,
    flags: number,
    id: number,
    index: number,
  ) {
    this.holder = holder;
    this.info = info;
    this.name = name;
    this.descriptor = descriptor;
    this.flags = flags;
    this.id = id;
    this.index = index;
    this.selector = holder.world.selector(name, descriptor);
  }

  /** Handed out when first asked for. */
  get slot(): number {
    if (this.ownSlot < 0) this.ownSlot = this.holder.world.slots.allocate(this.signature.key, this.id);
    return this.ownSlot;
  }

  get signature(): Signature {
    return this.holder.world.signatureOf(this.descriptor, (this.flags & ACC_STATIC) !== 0);
  }

  get isStatic(): boolean {
    return (this.flags & ACC_STATIC) !== 0;
  }

  get isPrivate(): boolean {
    return (this.flags & ACC_PRIVATE) !== 0;
  }

  get isAbstract(): boolean {
    return (this.flags & ACC_ABSTRACT) !== 0;
  }

  /** Stack traces leave it out: it belongs to a hidden class, or is annotated @Hidden, which counts in classes of the JDK's loaders only. */
  get isHidden(): boolean {
    return this.holder.hidden || this.hasVmAnnotation("Ljdk/internal/vm/annotation/Hidden;");
  }

  /** Whether the class file has this annotation (a descriptor, visible at run time) on the method. */
  hasVmAnnotation(descriptor: string): boolean {
    if (this.info === null || !this.holder.loader.builtin) return false;
    const { attributes } = this.info;
    const raw = attributes.visibleAnnotations;
    return raw !== undefined && annotationTypes(raw, attributes.constants).includes(descriptor);
  }

  /** Not a constructor or class initialiser. */
  get isNamed(): boolean {
    return this.name.charCodeAt(0) !== 0x3c /* < */;
  }
}

export class LinkedField implements JField {
  readonly holder: LinkedClass;
  readonly info: FieldInfo | null;
  readonly name: string;
  readonly descriptor: string;
  readonly flags: number;
  readonly index: number;
  readonly type: Type;
  offset = 0;

  constructor(
    holder: LinkedClass,
    info: FieldInfo | null,
    name: string,
    descriptor: string,
    flags: number,
    index: number,
  ) {
    this.holder = holder;
    this.info = info;
    this.name = name;
    this.descriptor = descriptor;
    this.flags = flags;
    this.index = index;
    this.type = typeOfDescriptor(descriptor);
  }

  get isStatic(): boolean {
    return (this.flags & ACC_STATIC) !== 0;
  }
}

/** IR type of a value with this field descriptor. */
export function typeOfDescriptor(descriptor: string): Type {
  switch (descriptor.charCodeAt(0)) {
    case 0x4c: // L
    case 0x5b: // [
      return "ref";
    case 0x4a: // J
      return "i64";
    case 0x44: // D
      return "f64";
    case 0x46: // F
      return "f32";
    default:
      return "i32";
  }
}

function packageOfClass(name: string): string {
  if (name.charCodeAt(0) !== 0x5b /* [ */) {
    const slash = name.lastIndexOf("/");
    return slash < 0 ? "" : name.slice(0, slash);
  }
  const element = name.lastIndexOf("[") + 1;
  if (name.charCodeAt(element) !== 0x4c /* L */) return "java/lang";
  return packageOfClass(name.slice(element + 1, -1));
}

/** The classes linking hands out are all its own. */
export function linked(cls: JClass): LinkedClass {
  return cls as LinkedClass;
}

export function linkedMethod(method: JMethod): LinkedMethod {
  return method as LinkedMethod;
}
