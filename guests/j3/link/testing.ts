/** For tests: a world over plain memory, without a heap and without guest code. */
import { ImageReader } from "../classpath/index.ts";
import type { Loader } from "../model/types.ts";
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

  constructor(bytes = 256 << 20) {
    const buffer = new ArrayBuffer(bytes);
    this.i32 = new Int32Array(buffer);
    this.i64 = new BigInt64Array(buffer);
    this.u8 = new Uint8Array(buffer);
  }

  malloc(bytes: number): number {
    const address = this.top;
    this.top += (bytes + 15) & -8;
    if (this.top > this.u8.length) throw new Error("out of memory");
    return address;
  }

  free(_address: number): void {}

  newRoot(): number {
    return this.malloc(4);
  }

  freeRoot(_address: number): void {}
}

export class TestWorld {
  readonly memory = new PlainMemory();
  readonly world: World;
  readonly slotMethods: number[] = [0];
  readonly strings = new Map<string, number>();
  readonly image: ImageReader | null;

  constructor(extra: readonly ClassSource[] = [], options: Partial<WorldEnv> = {}, hooks: Partial<WorldHooks> = {}) {
    this.image = new ImageReader(`${process.env["JAVA_HOME"] ?? "/usr/lib/jvm/java-17-openjdk-amd64"}/lib/modules`);
    const all: WorldHooks = {
      makeMirror: () => undefined,
      stringRoot: (text) => {
        let root = this.strings.get(text);
        if (root === undefined) this.strings.set(text, (root = this.memory.newRoot()));
        return root;
      },
      newString: () => this.memory.newRoot(),
      loaderName: (loader: Loader) => (loader.object === 0 ? null : `'loader${loader.id}'`),
      parentLoader: () => this.world.bootLoader,
      modules: { canAccess: () => true, nameOf: (cls: LinkedClass) => cls.imageModule },
      *verify() {},
      wakeInitWaiters: () => undefined,
      describeThrowable: () => ({ className: "java/lang/Throwable", message: null }),
      initializationError: () => null,
      threadName: () => "main",
      ...hooks,
    };
    this.world = new World({
      memory: this.memory,
      slots: { allocate: (_key, method) => this.slotMethods.push(method) - 1 },
      hooks: all,
      boot: [this.image, ...extra],
      eagerBoot: true,
      ...options,
    });
  }
}
