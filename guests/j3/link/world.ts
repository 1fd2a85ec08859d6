/**
 * Everything the VM knows of classes: one World per VM, used by the VM thread only. Registries, primitive classes, the bootstrap
 * loader. What classes need of the rest of the VM comes in through WorldEnv.
 */

import type { Signature } from "#ir";
import { signature } from "#ir";
import type { MethodInfo } from "../classfile/index.ts";
import { parseMethodDescriptor } from "../classfile/index.ts";
import { CLASS_INITIALIZED, CLASSBIT_PRIMITIVE } from "../model/record.ts";
import type { Loader } from "../model/types.ts";
import { ACC_ABSTRACT, ACC_FINAL, ACC_PUBLIC } from "../model/types.ts";
import { Constraints } from "./constraints.ts";
import type { Context, GuestThrow, Steps } from "./effects.ts";
import { runSync } from "./effects.ts";
import { loadClass } from "./load.ts";
import type { LinkMemory, SlotAllocator } from "./memory.ts";
import { setWord } from "./memory.ts";
import { LinkedClass, LinkedMethod, typeOfDescriptor } from "./model.ts";
import { writeRecord } from "./records.ts";
import type { HashTable } from "./table.ts";
import { makeTable } from "./table.ts";

/** Where the bootstrap loader finds classes: the JDK's image (ImageReader), or an entry of -Xbootclasspath/a. */
export interface ClassSource {
  findClass(name: string): { readonly module: string | null; readonly bytes: Uint8Array } | undefined;
}

export interface ModuleHooks {
  /** Whether code of `from` may use the public class `to`: its module reads the other, which exports the package. JVMS §5.4.4. */
  canAccess(from: LinkedClass, to: LinkedClass): boolean;
  /** Name of the module, as it stands in messages; null for an unnamed module. */
  nameOf(cls: LinkedClass): string | null;
}

export interface WorldHooks {
  /** A class was defined: fill in its mirror root. Before java.lang.Class is there, remember it for later. */
  makeMirror(cls: LinkedClass): void;
  /** Root word with the interned string. */
  stringRoot(text: string): number;
  /** Handle of a string, good until the next effect is answered. */
  newString(text: string): number;
  /** How messages name a loader that is not the bootstrap loader: "'app'", "java.net.URLClassLoader @1b2c6ec2". */
  loaderName(loader: Loader): string | null;
  /** ClassLoader.getParent, the bootstrap loader for null. */
  parentLoader(loader: Loader): Loader;
  readonly modules: ModuleHooks;
  /** Verifies a class that is not of a trusted loader; throws GuestThrow. JVMS §5.4.1. */
  verify(context: Context, cls: LinkedClass): Steps<void>;
  /** The initialisation of the class ended: threads parked by a `wait` effect for it go on. */
  wakeInitWaiters(cls: LinkedClass): void;
  /** Internal class name and message of a Throwable, for the cause of NoClassDefFoundError. */
  describeThrowable(handle: number): { readonly className: string; readonly message: string | null };
  /**
   * An initialiser failed with `thrown`. May make the ExceptionInInitializerError with this message that later
   * NoClassDefFoundErrors get as their cause, to give it the stack trace of now; null: it is made when needed.
   */
  initializationError(thrown: GuestThrow, message: string): GuestThrow | null;
  threadName(thread: number): string;
}

export interface WorldEnv {
  readonly memory: LinkMemory;
  readonly slots: SlotAllocator;
  readonly hooks: WorldHooks;
  /** Bootstrap class path in order, the image first. */
  readonly boot: readonly ClassSource[];
  /** Whether the translator's queries may load classes with the bootstrap loader. */
  readonly eagerBoot: boolean;
}

const PRIMITIVES: readonly (readonly [descriptor: string, name: string])[] = [
  ["Z", "boolean"],
  ["B", "byte"],
  ["C", "char"],
  ["S", "short"],
  ["I", "int"],
  ["J", "long"],
  ["F", "float"],
  ["D", "double"],
  ["V", "void"],
];

export class World {
  readonly memory: LinkMemory;
  readonly slots: SlotAllocator;
  readonly hooks: WorldHooks;
  readonly bootPath: ClassSource[];
  readonly eagerBoot: boolean;
  readonly bootLoader: Loader;
  readonly emptyTable: HashTable;
  readonly constraints = new Constraints();
  /** Classes whose superclasses are being resolved: "thread:loader:name". JVMS §5.3.5 step 3. */
  readonly inProgress = new Set<string>();
  private readonly byRecord = new Map<number, LinkedClass>();
  private readonly byId = new Map<number, LinkedClass>();
  /** All classes in the order in which they were made; none is ever taken out. */
  readonly registered: LinkedClass[] = [];
  private readonly methodsById: (LinkedMethod | undefined)[] = [undefined];
  private readonly loadersById: Loader[] = [];
  private readonly selectors = new Map<string, Map<string, number>>();
  private selectorCount = 0;
  private readonly signatures = new Map<string, readonly [instance: Signature, static_: Signature]>();
  private readonly primitives = new Map<string, LinkedClass>();
  /** Class ids and interface keys are taken from one sequence: they are keys of the same tables. */
  private nextKey = 1;
  private hiddenCount = 0;

  constructor(env: WorldEnv) {
    this.memory = env.memory;
    this.slots = env.slots;
    this.hooks = env.hooks;
    this.bootPath = [...env.boot];
    this.eagerBoot = env.eagerBoot;
    this.bootLoader = this.newLoader(0, true);
    this.emptyTable = makeTable(env.memory, [], []);
    for (const [descriptor, name] of PRIMITIVES) {
      const flags = ACC_PUBLIC | ACC_FINAL | ACC_ABSTRACT;
      const cls = new LinkedClass(this, name, this.takeKey(), this.bootLoader, null, flags, false);
      cls.primitive = descriptor;
      cls.bits = CLASSBIT_PRIMITIVE;
      cls.modifiers = flags;
      cls.state = "initialized";
      writeRecord(this, cls);
      setWord(env.memory, cls.record + CLASS_INITIALIZED, 1);
      this.primitives.set(descriptor, cls);
      this.hooks.makeMirror(cls);
    }
  }

  /** By descriptor letter, "V" included. */
  primitive(descriptor: string): LinkedClass {
    const cls = this.primitives.get(descriptor);
    if (cls === undefined) throw new Error(`${descriptor} is no primitive type`);
    return cls;
  }

  /** A class of the bootstrap loader that has to exist, loaded if needed. */
  boot(name: string): LinkedClass {
    return (
      (this.bootLoader.classes.get(name) as LinkedClass | undefined) ??
      runSync(loadClass(this, { thread: 0, query: false }, this.bootLoader, name))
    );
  }

  /** The class with this record. Throws if there is none. */
  classAt(record: number): LinkedClass {
    const cls = this.byRecord.get(record >>> 0);
    if (cls === undefined) throw new Error(`no class record at 0x${(record >>> 0).toString(16)}`);
    return cls;
  }

  /** The same, or null. */
  classOrNull(record: number): LinkedClass | null {
    return this.byRecord.get(record >>> 0) ?? null;
  }

  classById(id: number): LinkedClass | undefined {
    return this.byId.get(id);
  }

  /** The class of the object a handle refers to; the handle's word must not be 0. */
  classOf(handle: number): LinkedClass {
    const object = (this.memory.i32[handle >>> 2] as number) >>> 0;
    return this.classAt(this.memory.i32[object >>> 2] as number);
  }

  /** The class a java.lang.Class object stands for. */
  classOfMirror(handle: number): LinkedClass {
    const object = (this.memory.i32[handle >>> 2] as number) >>> 0;
    const field = this.boot("java/lang/Class").injected?.get("vmRecord");
    return this.classAt(this.memory.i32[(object + (field?.offset as number)) >>> 2] as number);
  }

  method(id: number): LinkedMethod {
    const method = this.methodsById[id];
    if (method === undefined) throw new Error(`no method number ${id}`);
    return method;
  }

  /** All classes, primitives and arrays included. */
  classes(): IterableIterator<LinkedClass> {
    return this.byId.values();
  }

  /** All loaders, the bootstrap loader first. */
  get loaders(): readonly Loader[] {
    return this.loadersById;
  }

  loader(id: number): Loader {
    const loader = this.loadersById[id];
    if (loader === undefined) throw new Error(`no class loader number ${id}`);
    return loader;
  }

  /** Registers a loader whose java.lang.ClassLoader object is in the root `object`. */
  newLoader(object: number, builtin: boolean): Loader {
    const loader: Loader = { id: this.loadersById.length, object, classes: new Map(), builtin };
    this.loadersById.push(loader);
    return loader;
  }

  /**
   * The loader of a java.lang.ClassLoader object (or of null), registered at first sight: its number is kept in the object. The
   * handle's word may be 0.
   */
  loaderOf(handle: number): Loader {
    const object = handle === 0 ? 0 : (this.memory.i32[handle >>> 2] as number) >>> 0;
    if (object === 0) return this.bootLoader;
    const at = (object + (this.boot("java/lang/ClassLoader").injected?.get("vmLoader")?.offset as number)) >>> 2;
    const id = this.memory.i32[at] as number;
    if (id !== 0) return this.loader(id);
    const root = this.memory.newRoot();
    this.memory.i32[root >>> 2] = object;
    const loader = this.newLoader(root, this.classOf(root).name.startsWith("jdk/internal/loader/ClassLoaders$"));
    this.memory.i32[at] = loader.id;
    return loader;
  }

  register(cls: LinkedClass): void {
    this.byRecord.set(cls.record, cls);
    this.byId.set(cls.id, cls);
    this.registered.push(cls);
  }

  newMethod(
    holder: LinkedClass,
    info: MethodInfo | null,
    name: string,
    descriptor: string,
    flags: number,
    index: number,
  ): LinkedMethod {
    const method = new LinkedMethod(holder, info, name, descriptor, flags, this.methodsById.length, index);
    this.methodsById.push(method);
    return method;
  }

  takeKey(): number {
    return this.nextKey++;
  }

  takeHidden(): number {
    return ++this.hiddenCount;
  }

  /** Number of a method's name and descriptor. */
  selector(name: string, descriptor: string): number {
    let byDescriptor = this.selectors.get(name);
    if (byDescriptor === undefined) this.selectors.set(name, (byDescriptor = new Map()));
    let number = byDescriptor.get(descriptor);
    if (number === undefined) byDescriptor.set(descriptor, (number = ++this.selectorCount));
    return number;
  }

  /** IR signature of a method descriptor. */
  signatureOf(descriptor: string, isStatic: boolean): Signature {
    let both = this.signatures.get(descriptor);
    if (both === undefined) {
      const type = parseMethodDescriptor(descriptor);
      if (type === undefined) throw new Error(`"${descriptor}" is no method descriptor`);
      const params = type.params.map((param) => typeOfDescriptor(param.descriptor));
      const result = type.ret.kind === "V" ? null : typeOfDescriptor(type.ret.descriptor);
      both = [signature(["ref", ...params], result), signature(params, result)];
      this.signatures.set(descriptor, both);
    }
    return both[isStatic ? 1 : 0];
  }
}
