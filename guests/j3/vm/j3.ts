/**
 * J3 on the VM thread: one object that ties the world of classes, the code, the strings and the natives together.
 */
import { writeSync } from "node:fs";
import type { Heap } from "#heap";
import { signatureFromKey } from "#ir";
import { Code } from "#jit";
import { CONTROL_GUEST } from "#layout";
import type { Log, LogWriter } from "#log";
import type { Memory } from "#memory";
import type { Switches } from "#support";
import type { Mutator } from "#threads";
import { type Upcall, VmThread, type Wait } from "#vm";
import type { JavaHome } from "../classpath/index.ts";
import { ClassPath, ImageReader } from "../classpath/index.ts";
import { Invocation } from "../invoke/index.ts";
import {
  bothInModules,
  Cells,
  type ClassSource,
  type Context,
  externalMethod,
  type GuestValue,
  initializeClass,
  type LinkedClass,
  type LinkedMethod,
  linked,
  loadClass,
  type Steps,
  selectVirtual,
  World,
} from "../link/index.ts";
import type { JMethod, Loader } from "../model/types.ts";
import type { RunOptions } from "../run-options.ts";
import { verboseLog } from "../runtime/collection-record.ts";
import { type HelperSlots, makeHelpers } from "../runtime/helpers.ts";
import { WORD_VERBOSE_GC } from "../runtime/words.ts";
import { Bodies } from "./bodies.ts";
import { CollectionNotices } from "./collection-notices.ts";
import type { J3Effect } from "./effects.ts";
import { Flags } from "./flags.ts";
import { GuestWords } from "./guest-words.ts";
import { Mirrors } from "./mirrors.ts";
import { Modules } from "./modules.ts";
import { NativeState } from "./native-state.ts";
import { Objects } from "./objects.ts";
import { PoolSensors } from "./pool-sensors.ts";
import { Preparation } from "./preparation.ts";
import { registerServices } from "./services.ts";
import { DUMP_THREADS, Signals } from "./signals.ts";
import { StackTraces } from "./stack-traces.ts";
import { Strings } from "./strings.ts";
import { threadMain } from "./thread-main.ts";
import { Throwables } from "./throwables.ts";
import { Waiters } from "./waiters.ts";
import { worldHooks } from "./world-hooks.ts";

/** -Xbootclasspath/a: folders and archives behind the image, whose classes are in the unnamed module. */
function appendedPath(entries: readonly string[]): ClassSource[] {
  if (entries.length === 0) return [];
  const path = new ClassPath([...entries]);
  return [
    {
      findClass: (name) => {
        const found = path.findClass(name);
        return found && { module: null, bytes: found.bytes };
      },
    },
  ];
}

export class J3 {
  readonly mem: Memory;
  readonly heap: Heap;
  readonly options: RunOptions;
  readonly javaHome: JavaHome;
  readonly image: ImageReader;
  readonly switches: Switches;
  readonly code: Code;
  readonly vm: VmThread<J3Effect>;
  readonly helpers: HelperSlots;
  /** Slot of () -> (): what a java.lang.Thread that was started runs. */
  readonly threadMain: number;
  readonly world: World;
  readonly objects: Objects;
  readonly strings: Strings;
  readonly mirrors: Mirrors;
  readonly modules: Modules;
  readonly throwables: Throwables;
  readonly bodies: Bodies;
  readonly cells: Cells;
  /** Linkage of method handles, dynamic call sites and constants. */
  readonly invocation: Invocation;
  readonly preparation: Preparation;
  readonly stackTraces: StackTraces;
  readonly waiters: Waiters;
  readonly signals: Signals;
  readonly collectionNotices: CollectionNotices;
  readonly poolSensors: PoolSensors;
  readonly native = new NativeState();
  readonly flags: Flags;
  /** Root with the thread group "main". */
  mainGroup = 0;
  /** Words that natives on carriers read: offsets of well-known fields. */
  readonly words: GuestWords;

  readonly #log: Log | undefined;
  /** Writes a line about a class that was loaded; undefined: nobody wants it. */
  classLog: LogWriter | undefined;
  readonly #logsCollections: boolean;

  constructor(
    mem: Memory,
    heap: Heap,
    mutator: Mutator,
    options: RunOptions,
    home: JavaHome,
    switches: Switches,
    log?: Log,
  ) {
    this.#log = log;
    this.classLog = log?.writer("class,load", "info");
    this.#logsCollections = log?.writer("gc", "info") !== undefined;
    this.mem = mem;
    this.heap = heap;
    this.options = options;
    const sizes = options.maxHeap > 0 ? { MaxHeapSize: heap.statistics().max } : {};
    this.flags = new Flags({ ...options.flags, ...sizes }, heap.statistics().max);
    this.javaHome = home;
    this.switches = switches;
    this.image = new ImageReader(home.modules);
    this.code = new Code(mem, {
      serviceSlot: () => this.helpers.service,
      wantsPreparation: (methodId) => this.preparation.isWanted(methodId),
      trapSlot: (kind) => this.helpers.traps[kind],
      malloc: (bytes) => heap.tryMalloc(bytes),
      switches,
      interprets: (methodId) => options.interprets && methodId !== 0,
      isFinal: (methodId) => !this.bodies.isPostponed(methodId),
      ...(options.hotAfter === 0 ? {} : { hotAfter: options.hotAfter }),
      optimizesLoops: (methodId) => this.#optimizesLoops(methodId),
      breathe: () => this.vm.breathe(),
    });
    this.throwables = new Throwables(this);
    this.vm = new VmThread<J3Effect>(mem, heap, this.code, mutator, {
      lower: (effect) => this.#lower(effect),
      thrown: (handle) => this.throwables.wrap(handle),
      exception: (call, error) => this.throwables.fail(call, error),
      described: (call, text) => this.throwables.failDescribed(call, text),
      afterCollection: () => this.waiters.afterCollection(),
      received: (text) => {
        if (text === DUMP_THREADS) this.signals.dumpThreads();
      },
    });
    this.helpers = makeHelpers(this.code);
    this.threadMain = threadMain(this);
    this.waiters = new Waiters(this);
    this.mirrors = new Mirrors(this);
    this.modules = new Modules(this);
    this.world = new World({
      memory: {
        i32: mem.i32,
        i64: mem.i64,
        u8: mem.u8,
        malloc: (bytes) => heap.malloc(bytes),
        free: (address) => heap.free(address),
        newRoot: () => this.vm.roots.add(0),
        freeRoot: (root) => this.vm.roots.remove(root),
      },
      slots: {
        allocate: (key, methodId) => this.code.allocate(signatureFromKey(key), methodId, this.bodies.body),
      },
      hooks: worldHooks(this),
      boot: [{ findClass: (name) => this.#findBootClass(name) }, ...appendedPath(options.bootClassPathAppend)],
      eagerBoot: options.eagerBoot,
    });
    this.objects = new Objects(this.vm, this.world);
    this.cells = new Cells(this.world, (context, cell) => this.invocation.link(context, cell));
    this.invocation = new Invocation(this);
    this.bodies = new Bodies(this);
    this.strings = new Strings(this.objects);
    this.words = new GuestWords(this);
    this.preparation = new Preparation(this);
    this.stackTraces = new StackTraces(this);
    registerServices(this);
    this.signals = new Signals(this);
    this.collectionNotices = new CollectionNotices(this);
    this.poolSensors = new PoolSensors(this);
  }

  /** Whether each collection is told of on standard output or where else. */
  get logsCollections(): boolean {
    return this.#logsCollections || this.mem.word(this.mem.word(CONTROL_GUEST) + WORD_VERBOSE_GC) !== 0;
  }

  /** ClassLoadingMXBean.setVerbose. */
  setVerboseClass(isOn: boolean): void {
    this.classLog = isOn ? (this.classLog ?? verboseLog(this.options.started).writer("class,load", "info")) : undefined;
  }

  /** Slot of the function in which the main thread starts: () -> (). */
  mainEntry(): number {
    return this.helpers.mainThread;
  }

  // ---- effects: what natives yield, by `yield*` --------------------------------------------------------------------------------

  /** Runs exactly this method on the calling thread; the answer is a handle for references. */
  *invoke(method: JMethod, args: readonly GuestValue[]): Steps<GuestValue | undefined> {
    return yield { kind: "invoke", method, args };
  }

  /** Runs the static method of a class of the bootstrap loader, which is initialised first. */
  *invokeStatic(
    className: string,
    name: string,
    descriptor: string,
    args: readonly GuestValue[],
  ): Steps<GuestValue | undefined> {
    const cls = this.world.boot(className);
    yield* this.initialize(cls);
    return yield { kind: "invoke", method: this.method(cls, name, descriptor), args };
  }

  /** A new object of a class of the bootstrap loader, made by a constructor. */
  *construct(cls: LinkedClass, descriptor: string, args: readonly GuestValue[]): Steps<number> {
    yield* this.initialize(cls);
    const object = this.objects.newObject(cls);
    yield { kind: "invoke", method: this.method(cls, "<init>", descriptor), args: [object, ...args] };
    return object;
  }

  /** JVMS §5.5. */
  *initialize(cls: LinkedClass): Steps<void> {
    if (cls.state === "initialized") return;
    yield* initializeClass(this.world, this.context(), cls);
  }

  /** Loads a class by internal name with a loader; throws what the loader throws. */
  *load(loader: Loader, name: string): Steps<LinkedClass> {
    return yield* loadClass(this.world, this.context(), loader, name);
  }

  /** `main` is called once; of other methods of applications those with nested loops may run long at their first call. */
  #optimizesLoops(methodId: number): number {
    if (methodId === 0) return 0;
    const { holder, name, descriptor } = this.world.method(methodId);
    if (holder.loader.object === 0) return 0;
    return name === "main" && descriptor === "([Ljava/lang/String;)V" ? 1 : 2;
  }

  /** Who asks: the thread of the call that is being served. */
  context(): Context {
    return { thread: this.vm.current?.thread ?? 0, query: false };
  }

  // ---- lookups -----------------------------------------------------------------------------------------------------------------

  /** A method that the class declares. It has to exist. */
  method(cls: LinkedClass, name: string, descriptor: string): LinkedMethod {
    const method = cls.declaredMethod(name, descriptor);
    if (method === undefined) throw new Error(`the class library has no method ${cls.name}.${name}${descriptor}`);
    return method;
  }

  /** The loader that defined a class. */
  loaderOf(cls: LinkedClass): Loader {
    return linked(cls).loader;
  }

  /** Method selection, JVMS §5.4.6. */
  selectVirtual(receiver: LinkedClass, method: LinkedMethod): LinkedMethod {
    return selectVirtual(receiver, method);
  }

  /** Resolves a cell for the thread of the present call. */
  *resolveCell(address: number): Steps<void> {
    yield* this.cells.resolve(this.context(), address);
  }

  /** Prints what the run was worth, if traced. */
  report(): void {
    const trace = this.switches.tracer("summary");
    if (trace === undefined) return;
    const { compiled, codeBytes } = this.code;
    const heap = this.heap.statistics();
    trace(`${compiled} functions, ${codeBytes} code bytes, ${this.vm.requests} requests`);
    trace(
      `${heap.collections} collections in ${heap.collectionMilliseconds.toFixed(0)} ms, ${heap.allocated} bytes allocated`,
    );
  }

  // ---- texts -------------------------------------------------------------------------------------------------------------------

  /** Logs a warning: as -Xlog says, or to standard output without one. */
  warn(tags: string, text: string): void {
    if (this.#log !== undefined) this.#log.writer(tags, "warning")?.(text);
    else writeSync(1, `[${process.uptime().toFixed(3)}s][warning][${tags}] ${text}\n`);
  }

  /** Writes a line to standard error. */
  log(line: string): void {
    writeSync(2, `${line}\n`);
  }

  /** How UnsatisfiedLinkError names a native method: "'int java.lang.Foo.bar(long)'". */
  nativeText(method: LinkedMethod): string {
    return `'${externalMethod(method.holder.name, method.name, method.descriptor)}'`;
  }

  /** "A and B are in module java.base of loader 'bootstrap'", or one clause for each. */
  modulesText(a: LinkedClass, b: LinkedClass): string {
    return bothInModules(a, b);
  }

  /** Name of the interface that declares the method with this interface key. */
  interfaceOfKey(key: number): string {
    for (const cls of this.world.classes()) {
      for (const method of cls.methods) if (method.interfaceKey === key) return cls.name;
    }
    throw new Error(`no interface method has the key ${key}`);
  }

  /** Values of Thread.threadStatus that jdk.internal.misc.VM.toThreadState understands. */
  readonly threadStatus = { new: 0, runnable: 5, terminated: 2 } as const;

  /** The image holds the modules of all the built-in loaders: the bootstrap loader sees those that were defined to it. */
  #findBootClass(name: string): { readonly module: string; readonly bytes: Uint8Array } | undefined {
    const module = this.image.moduleOfPackage(name.slice(0, Math.max(0, name.lastIndexOf("/"))));
    if (module === undefined || !this.modules.isOfBootLoader(module)) return undefined;
    return this.image.findClass(name);
  }

  #lower(effect: J3Effect): Upcall | Wait {
    if (effect.kind === "invoke") {
      const { method, args } = effect;
      return { slot: method.slot, signature: method.signature, args };
    }
    if (effect.kind === "call") return effect;
    if (effect.kind === "park") return { wait: effect.milliseconds };
    this.waiters.waitFor(linked(effect.cls));
    return { wait: -1 };
  }
}
