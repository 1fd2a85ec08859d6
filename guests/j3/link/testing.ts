/** For tests: a world over plain memory, without a heap and without guest code, and classes compiled by javac. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { JavaHome } from "../classpath/index.ts";
import { findJavaHome, ImageReader } from "../classpath/index.ts";
import type { JClass, JMethod, Loader } from "../model/types.ts";
import { defineClass } from "./define.ts";
import type { Answer, Context, Effect, Steps } from "./effects.ts";
import { GuestThrow, throwing } from "./effects.ts";
import { loadClass } from "./load.ts";
import type { LinkMemory } from "./memory.ts";
import type { LinkedClass } from "./model.ts";
import type { ClassSource, WorldEnv, WorldHooks } from "./world.ts";
import { World } from "./world.ts";

/** Memory that only grows: a bump pointer. */
export class PlainMemory implements LinkMemory {
  readonly i32: Int32Array;
  readonly i64: BigInt64Array;
  readonly u8: Uint8Array;
  top = 65536;

  constructor(bytes = 64 << 20) {
    const buffer = new ArrayBuffer(bytes);
    this.i32 = new Int32Array(buffer);
    this.i64 = new BigInt64Array(buffer);
    this.u8 = new Uint8Array(buffer);
  }

  malloc(bytes: number): number {
    const address = this.top;
    this.top += (bytes + 7) & -8;
    if (this.top > this.u8.length) throw new Error("out of memory");
    return address;
  }

  free(_address: number): void {}

  newRoot(): number {
    return this.malloc(4);
  }

  freeRoot(_address: number): void {}
}

function javaHome(): JavaHome {
  const found = findJavaHome(process.env);
  if (found === undefined) throw new Error("no Java 17 is installed");
  return found;
}

/** Classes by internal name, as javac makes them of source files by path. */
export function compile(sources: Readonly<Record<string, string>>): Map<string, Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "j3-link-"));
  try {
    const files = Object.entries(sources).map(([path, text]) => {
      const file = join(folder, "in", path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    });
    const out = join(folder, "out");
    execFileSync(join(javaHome().home, "bin", "javac"), ["-nowarn", "-d", out, ...files], { stdio: "pipe" });
    const classes = new Map<string, Uint8Array>();
    for (const path of readdirSync(out, { recursive: true }) as string[]) {
      if (path.endsWith(".class")) classes.set(path.slice(0, -6), readFileSync(join(out, path)));
    }
    return classes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the invoked methods of a test do; refs in and out are handles. */
export type Invoked = (method: JMethod, args: readonly (number | bigint)[], test: TestWorld) => Answer;

const CONTEXT: Context = { thread: 8, query: false };

export class TestWorld {
  readonly memory = new PlainMemory();
  readonly world: World;
  readonly slotMethods: number[] = [0];
  readonly image: ImageReader;
  /** Methods that ran, as "Name.method", in order. */
  readonly ran: string[] = [];
  invoked: Invoked = () => undefined;
  private readonly strings = new Map<string, number>();
  private readonly texts = new Map<number, string>();
  private readonly sources = new Map<Loader, (name: string) => LinkedClass | Uint8Array | undefined>();
  private readonly unmirrored: LinkedClass[] = [];

  constructor(boot: readonly ClassSource[] = [], options: Partial<WorldEnv> = {}, hooks: Partial<WorldHooks> = {}) {
    this.image = new ImageReader(javaHome().modules);
    const all: WorldHooks = {
      makeMirror: (cls) => this.makeMirror(cls),
      stringRoot: (text) => {
        let root = this.strings.get(text);
        if (root === undefined) {
          this.strings.set(text, (root = this.memory.newRoot()));
          this.memory.i32[root >>> 2] = this.memory.malloc(16);
        }
        return root;
      },
      newString: (text) => {
        const handle = this.memory.newRoot();
        this.texts.set(handle, text);
        return handle;
      },
      loaderName: (loader: Loader) => (loader.object === 0 ? null : `'loader${loader.id}'`),
      parentLoader: () => this.world.bootLoader,
      modules: { canAccess: () => true, nameOf: (cls: LinkedClass) => cls.imageModule },
      *verify() {},
      wakeInitWaiters: () => undefined,
      describeThrowable: (handle) => ({ className: this.world.classOf(handle).name, message: "told" }),
      initializationError: () => null,
      threadName: () => "main",
      ...hooks,
    };
    this.world = new World({
      memory: this.memory,
      slots: { allocate: (_key, method) => this.slotMethods.push(method) - 1 },
      hooks: all,
      boot: [this.image, ...boot],
      eagerBoot: true,
      ...options,
    });
  }

  /** A loader whose loadClass takes classes from the function: bytes are defined by it, classes handed on, the rest is the bootstrap loader's. */
  newLoader(find: (name: string) => LinkedClass | Uint8Array | undefined): Loader {
    this.world.boot("java/lang/Class");
    const root = this.newObject(this.world.boot("java/lang/ClassLoader"));
    const loader = this.world.newLoader(root, false);
    this.sources.set(loader, find);
    return loader;
  }

  /** A loader of compiled classes; what `bytes` has not is the bootstrap loader's. */
  loaderOf(bytes: ReadonlyMap<string, Uint8Array>): Loader {
    return this.newLoader((name) => bytes.get(name));
  }

  /** Root of a zeroed object. */
  newObject(cls: LinkedClass): number {
    const object = this.memory.malloc(cls.instanceBytes);
    this.memory.i32[object >>> 2] = cls.record;
    const root = this.memory.newRoot();
    this.memory.i32[root >>> 2] = object;
    return root;
  }

  load(loader: Loader, name: string): LinkedClass {
    return this.run(loadClass(this.world, CONTEXT, loader, name));
  }

  /** "IllegalAccessError: message" of what the steps throw, or "nothing". */
  thrownBy(steps: Steps<unknown>): string {
    try {
      this.run(steps);
      return "nothing";
    } catch (failure) {
      if (!(failure instanceof GuestThrow)) throw failure;
      return shown(failure);
    }
  }

  /** Runs steps as the service loop does, with `invoked` for guest code; ClassLoader.loadClass is the loaders' own. */
  run<T>(steps: Steps<T>): T {
    let step = steps.next();
    while (step.done !== true) {
      try {
        const answer = this.perform(step.value);
        step = steps.next(answer);
      } catch (failure) {
        if (!(failure instanceof GuestThrow)) throw failure;
        step = steps.throw(failure);
      }
    }
    return step.value;
  }

  private perform(effect: Effect): Answer {
    if (effect.kind === "wait") throw new Error(`waiting for ${effect.cls.name}`);
    const { method, args } = effect;
    this.ran.push(`${method.holder.name}.${method.name}`);
    if (method.name !== "loadClass") return this.invoked(method, args, this);
    const loader = this.world.loaders.find((one) => one.object === args[0]) as Loader;
    const name = (this.texts.get(args[1] as number) as string).replaceAll(".", "/");
    const found = this.sources.get(loader)?.(name);
    if (found === undefined) {
      if (!this.image.findClass(name)) throw throwing("ClassNotFoundException", name.replaceAll("/", "."));
      return this.world.boot(name).mirror;
    }
    if (!(found instanceof Uint8Array)) return found.mirror;
    return this.run(defineClass(this.world, CONTEXT, loader, name, found, {})).mirror;
  }

  private makeMirror(cls: LinkedClass): void {
    this.unmirrored.push(cls);
    const known = (this.world as World | undefined)?.bootLoader.classes.get("java/lang/Class");
    if (known === undefined) return;
    const mirrorClass = known as LinkedClass;
    const field = mirrorClass.injected?.get("vmRecord");
    for (const waiting of this.unmirrored.splice(0)) {
      const object = this.memory.malloc(mirrorClass.instanceBytes);
      this.memory.i32[object >>> 2] = mirrorClass.record;
      this.memory.i32[(object + (field?.offset as number)) >>> 2] = waiting.record;
      this.memory.i32[waiting.mirror >>> 2] = object;
    }
  }
}

export function shown(failure: GuestThrow): string {
  const name = failure.className.slice(failure.className.lastIndexOf("/") + 1);
  return failure.detail === null ? name : `${name}: ${failure.detail}`;
}

/** The method a class declares, by name. */
export function methodOf(cls: JClass, name: string): JMethod {
  const found = cls.methods.find((method) => method.name === name);
  if (found === undefined) throw new Error(`${cls.name} has no method ${name}`);
  return found;
}
