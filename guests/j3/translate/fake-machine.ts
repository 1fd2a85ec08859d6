/**
 * Runs translated methods, over a FakeWorld. One thread, no collector, no library: for tests.
 */

import type { Cell, HostCode } from "#interp";
import { Builder, Func, type HostFunction, NO_VALUE, type Signature, type TrapKind, type Value } from "#ir";
import { CARRIER_LIMIT, CARRIER_TOP, CARRIERS } from "#layout";
import * as words from "../model/record.ts";
import type { JClass, JMethod } from "../model/types.ts";
import { ACC_INTERFACE, ACC_STATIC, ACC_VOLATILE } from "../model/types.ts";
import { type Engine, interpreterEngine, type MakeEngine, MEMORY_BYTES } from "./fake-engines.ts";
import { type FakeCell, FakeWorld, HELPER_NAMES, HELPER_SIGNATURES } from "./fake-world.ts";
import { TRANSLATE_HOST } from "./host.ts";
import { Translator } from "./translate.ts";

const HEAP_START = 32 << 20;
const STACK_TOP = 31 << 20;

const TRAPS: Readonly<Partial<Record<TrapKind, string>>> = {
  null: "java/lang/NullPointerException",
  bounds: "java/lang/ArrayIndexOutOfBoundsException",
  zero: "java/lang/ArithmeticException",
  stack: "java/lang/StackOverflowError",
  memory: "java/lang/OutOfMemoryError",
};

export class FakeMachine {
  readonly world: FakeWorld;
  readonly translator: Translator;
  /** Locks taken and not given back. */
  readonly locks = new Map<number, number>();
  readonly #engine: Engine;
  readonly #i32: Int32Array;
  #defined = 0;
  #depth = 0;

  constructor(find: (name: string) => Uint8Array | undefined, resolved: boolean, make: MakeEngine = interpreterEngine) {
    const hosts = new Map<string, HostCode>();
    for (const [name, code] of Object.entries(TRANSLATE_HOST)) hosts.set(name, code as HostCode);
    for (const name of HELPER_NAMES) hosts.set(name, (_sp, ...args) => this.#helper(name, args.map(Number)));
    hosts.set("compile", (slot) => this.#compile(Number(slot)));
    this.#engine = make({ hosts, trap: (kind) => this.#newInstance(TRAPS[kind] ?? "java/lang/InternalError") });
    const { memory } = this.#engine;
    this.#i32 = new Int32Array(memory);
    this.#put(CARRIERS + CARRIER_TOP, HEAP_START);
    this.#put(CARRIERS + CARRIER_LIMIT, MEMORY_BYTES);
    this.world = new FakeWorld({
      find,
      resolved,
      memory,
      intrinsic: (method) =>
        method.name === "<init>" && /^java\/lang\/(Object|Throwable)$/.test(method.holder.name) ? () => NO_VALUE : null,
    });
    this.translator = new Translator(this.world);
    for (const [i, name] of HELPER_NAMES.entries()) this.#defineHelper(i + 1, name);
  }

  /** Calls a static method; its result, or the name of the class thrown. */
  run(method: JMethod, args: readonly Cell[] = []): Cell | undefined {
    this.#stubs();
    this.#initialize(method.holder);
    try {
      return this.#call(method, args);
    } catch (error) {
      const thrown = this.#engine.thrown(error);
      if (thrown === null) throw error;
      throw new Error(`${method.name} threw ${this.#classOf(thrown).name}`);
    }
  }

  #call(method: JMethod, args: readonly Cell[]): Cell | undefined {
    this.#depth += 1;
    try {
      return this.#engine.run(method.slot, method.signature, STACK_TOP - this.#depth * 65536, args);
    } finally {
      this.#depth -= 1;
    }
  }

  #get(at: number): number {
    return this.#i32[at >>> 2]!;
  }

  #put(at: number, value: number): void {
    this.#i32[at >>> 2] = value;
  }

  #defineHelper(slot: number, name: keyof typeof HELPER_SIGNATURES): void {
    const type = HELPER_SIGNATURES[name];
    this.#engine.define(
      slot,
      forward(name, type, (b, args) => {
        const result = b.callhost({ name, signature: type, pure: false }, args);
        b.ret(result);
      }),
    );
  }

  /** Each method that is new gets a function that translates it when it is first called. */
  #stubs(): void {
    for (; this.#defined < this.world.methods.length; this.#defined++) {
      const method = this.world.methods[this.#defined]!;
      const func = forward(method.name, method.signature, (b, args) => {
        b.callhost(COMPILE, [b.i32(method.slot)]);
        b.tailcall(b.i32(method.slot), method.signature, args);
      });
      this.#engine.define(method.slot, func);
    }
  }

  #compile(slot: number): undefined {
    const method = this.world.methods.find((each) => each.slot === slot)!;
    this.#engine.define(slot, this.translator.translate(method, 1));
    this.#stubs();
  }

  #initialize(target: JClass): void {
    if (this.#get(target.record + words.CLASS_INITIALIZED) !== 0) return;
    this.#put(target.record + words.CLASS_INITIALIZED, 1);
    if (target.superclass !== null) this.#initialize(target.superclass);
    // The rest of the library is not for the interpreter.
    if (target.name.startsWith("java/")) return;
    const own = target.methods.find((method) => method.name === "<clinit>");
    this.#stubs();
    if (own !== undefined) this.#call(own, []);
  }

  #allocate(bytes: number, record: number): number {
    const at = this.#get(CARRIERS + CARRIER_TOP);
    this.#put(CARRIERS + CARRIER_TOP, at + ((bytes + 7) & ~7));
    this.#put(at, record);
    return at;
  }

  #newInstance(name: string): number {
    const target = this.world.load(name)!;
    return this.#allocate(target.instanceBytes, target.record);
  }

  #throw(name: string): never {
    this.#engine.raise(this.#newInstance(name));
  }

  #newArray(array: JClass, lengths: readonly number[]): number {
    const length = lengths[0]!;
    if (length < 0) this.#throw("java/lang/NegativeArraySizeException");
    const at = this.#allocate(words.ARRAY_DATA + length * this.world.elementBytes(array), array.record);
    this.#put(at + words.ARRAY_LENGTH, length);
    if (lengths.length > 1) {
      for (let i = 0; i < length; i++) {
        this.#put(at + words.ARRAY_DATA + 4 * i, this.#newArray(array.component!, lengths.slice(1)));
      }
    }
    return at;
  }

  #isSubclass(sub: JClass, above: JClass): boolean {
    if (sub === above || (above.superclass === null && above.name === "java/lang/Object")) return true;
    if (above.component !== null) {
      return (
        sub.component !== null && sub.component.primitive === null && this.#isSubclass(sub.component, above.component)
      );
    }
    if (sub.allInterfaces.includes(above)) return true;
    return sub.superclass !== null && sub.primitive === null && this.#isSubclass(sub.superclass, above);
  }

  #classOf(object: number): JClass {
    return this.world.byRecord.get(this.#get(object))!;
  }

  #helper(name: (typeof HELPER_NAMES)[number], [a = 0, b = 0, c = 0]: readonly number[]): Cell | undefined {
    const { world } = this;
    switch (name) {
      case "resolve":
        this.#resolve(a, world.cells.get(a)!);
        this.#stubs();
        return undefined;
      case "initialize":
        return void this.#initialize(world.byRecord.get(a - words.CLASS_INITIALIZED)!);
      case "monitorEnter":
        return void this.locks.set(a, (this.locks.get(a) ?? 0) + 1);
      case "monitorExit":
        if ((this.locks.get(a) ?? 0) === 0) this.#throw("java/lang/IllegalMonitorStateException");
        return void this.locks.set(a, this.locks.get(a)! - 1);
      case "isInstance":
        if (a === 0) throw new Error("isInstance of null");
        return this.#isSubclass(this.#classOf(a), world.byRecord.get(b)!) ? 1 : 0;
      case "throwClassCast":
        return this.#throw("java/lang/ClassCastException");
      case "throwArrayStore":
        return this.#throw("java/lang/ArrayStoreException");
      case "checkArrayStore":
        if (!this.#isSubclass(this.#classOf(b), this.#classOf(a).component!)) {
          this.#throw("java/lang/ArrayStoreException");
        }
        return undefined;
      case "newArray":
        return this.#newArray(world.byRecord.get(a)!, [b]);
      case "newArrayOf":
        return this.#newArray(world.arrayOf(world.byRecord.get(a)!), [b]);
      case "newMultiArray":
        return this.#newArray(
          world.byRecord.get(a)!,
          Array.from({ length: c }, (_, i) => this.#get(b + 4 * i)),
        );
      case "newObject": {
        const target = world.byRecord.get(a)!;
        return this.#allocate(target.instanceBytes, target.record);
      }
      case "select": {
        const value = this.#get(a + words.CELL_VALUE);
        const record = this.#get(b);
        switch (this.#get(a + words.CELL_KIND)) {
          case words.CALL_DIRECT:
            return value;
          case words.CALL_VTABLE:
            return this.#get(record + value);
          default:
            return this.#lookUp(record, value);
        }
      }
      case "throwNoInterface":
        return this.#throw("java/lang/IncompatibleClassChangeError");
    }
  }

  #lookUp(record: number, key: number): number {
    const seed = this.#get(record + words.CLASS_TABLE_SEED);
    const shift = this.#get(record + words.CLASS_TABLE_SHIFT);
    const entry = this.#get(record + words.CLASS_TABLE) + 8 * (Math.imul(key, seed) >>> shift);
    if (this.#get(entry) !== key) this.#throw("java/lang/IncompatibleClassChangeError");
    return this.#get(entry + 4);
  }

  #resolve(at: number, cell: FakeCell): void {
    const { world } = this;
    const done = (value: number, kind = 0): void => {
      this.#put(at + words.CELL_VALUE, value);
      this.#put(at + words.CELL_KIND, kind);
      this.#put(at + words.CELL_DONE, 1);
    };
    switch (cell.kind) {
      case "class":
        return done(world.classOf(cell.from.holder, cell.index)!.record);
      case "new": {
        const target = world.classOf(cell.from.holder, cell.index)!;
        this.#initialize(target);
        this.#put(at + words.CELL_EXTRA, target.instanceBytes);
        return done(target.record);
      }
      case "constant":
        return done(world.classOf(cell.from.holder, cell.index)!.mirror);
      case "getfield":
      case "putfield":
      case "getstatic":
      case "putstatic": {
        const field = world.fieldOf(cell.from, cell.index)!;
        if ((field.flags & ACC_STATIC) !== 0) this.#initialize(field.holder);
        return done(field.offset, (field.flags & ACC_VOLATILE) === 0 ? words.FIELD_PLAIN : 0);
      }
      case "static":
      case "special": {
        const method = world.methodOf(cell.from, cell.index)!;
        if (cell.kind === "static") this.#initialize(method.holder);
        return done(method.slot);
      }
      case "virtual":
      case "interface": {
        const method = world.methodOf(cell.from, cell.index)!;
        if (method.vtableIndex >= 0) return done(words.CLASS_VTABLE + 4 * method.vtableIndex, words.CALL_VTABLE);
        if ((method.holder.flags & ACC_INTERFACE) === 0 || method.interfaceKey === 0) return done(method.slot);
        return done(method.interfaceKey, words.CALL_TABLE);
      }
      default:
        throw new Error(`no ${cell.kind} cells here`);
    }
  }
}

const COMPILE: HostFunction = {
  name: "compile",
  signature: { params: ["i32"], result: null, key: "(i)v" },
  pure: true,
};

function forward(name: string, type: Signature, body: (b: Builder, args: Value[]) => void): Func {
  const b = new Builder(new Func(name, type));
  body(b, b.entry());
  return b.finish();
}
