/**
 * Runs IR as compiled WebAssembly in the tests' small world (tests/ir/world.ts), whose collector moves every object at each
 * collection and leaves poison behind, so that a wrong map of references shows at once.
 *
 *   const tier = new WasmTier();
 *   tier.world.stress = true;                     // collect at every allocation; `world.poll = 1`: at every poll
 *   tier.load(module);                            // functions with slots; or tier.define(slot, func)
 *   tier.run(slot, signature, [1, 2n, bits]);     // "== 3", "returns" or "throws null(0, 0)"
 *
 * Hosts: sum (pure), seven, collect (a collection), raise (throws its argument); more by `tier.hosts.set(name, f)`.
 * Traps throw the world's trap objects. `tier.bytes` has the modules by slot.
 */
import { type Cell, cellFromHost, cellToHost, type HostCode } from "#interp";
import { type Func, type Module, type Signature, TRAP_KINDS } from "#ir";
import { type BackEnd, compile, ModuleEncoder, WASM_I32 } from "#wasm";
import { type Outcome, printCell, type Tier } from "../ir/tiers.ts";
import { CARDS, CARRIER, World } from "../ir/world.ts";

/** Slots from here hold the trap functions. */
const FIRST_TRAP_SLOT = 1000;

export class WasmTier implements Tier {
  readonly name = "wasm";
  readonly world = new World();
  readonly table = new WebAssembly.Table({ initial: 1024, element: "anyfunc" });
  readonly tag = new WebAssembly.Tag({ parameters: ["i32"] });
  readonly hosts = new Map<string, HostCode>();
  /** The module of each function, by slot. */
  readonly bytes = new Map<number, Uint8Array<ArrayBuffer>>();
  readonly #imports: WebAssembly.Imports;

  constructor() {
    const { world, hosts } = this;
    const collect = (sp: number): void => world.collect((visit) => world.visitFrames(sp >>> 0, visit));
    hosts.set("sum", (a, b, c) => Number(a) + Number(b) + Number(c));
    hosts.set("seven", () => 7);
    hosts.set("collect", (sp) => void collect(Number(sp)));
    hosts.set("raise", (_sp, ref) => this.raise(Number(ref)));
    const rt = {
      memory: world.memory,
      table: this.table,
      tag: this.tag,
      carrier: new WebAssembly.Global({ value: "i32", mutable: false }, CARRIER),
      alloc: (sp: number, bytes: number) => world.alloc(bytes >>> 0, (visit) => world.visitFrames(sp >>> 0, visit)),
      poll: collect,
      stack: (sp: number, more: number) => {
        collect(sp);
        return (sp >>> 0) - more < world.stackLimit ? 1 : 0;
      },
    };
    const host = new Proxy({} as WebAssembly.ModuleImports, {
      get: (_target, name) => hosts.get(String(name)),
      has: (_target, name) => hosts.has(String(name)),
    });
    this.#imports = { rt, host };
    TRAP_KINDS.forEach((kind, index) => {
      const fail = (sp: number, a: number, b: number): never => {
        collect(sp);
        return this.raise(world.trap(kind, a, b));
      };
      this.table.set(FIRST_TRAP_SLOT + index, callable(fail, 4));
    });
  }

  /** Throws an object into compiled code. */
  raise(ref: number): never {
    throw new WebAssembly.Exception(this.tag, [ref | 0]);
  }

  get backEnd(): BackEnd {
    return {
      cards: CARDS,
      trapSlot: (kind) => FIRST_TRAP_SLOT + TRAP_KINDS.indexOf(kind),
      addSite: (frameBytes, id, pos, map) => this.world.addSite(frameBytes, id, pos, Uint32Array.from(map)),
    };
  }

  define(slot: number, func: Func): void {
    const bytes = compile(func, this.backEnd, undefined, slot);
    this.bytes.set(slot, bytes);
    if (slot >= this.table.length) this.table.grow(slot + 1 - this.table.length);
    this.table.set(slot, this.instantiate(bytes)["f"]);
  }

  /** What a module exports. */
  instantiate(bytes: Uint8Array<ArrayBuffer>): Record<string, unknown> {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#imports).exports;
  }

  load(module: Module): void {
    this.world.forgetSites();
    for (const { func, slot } of module.functions) this.define(slot!, func);
  }

  /** Calls the function at a slot and gives its result; throws WebAssembly.Exception. */
  call(slot: number, signature: Signature, args: readonly Cell[]): Cell | undefined {
    const f = this.table.get(slot) as (...args: (number | bigint)[]) => number | bigint | undefined;
    const given = args.map((arg, index) => cellToHost(signature.params[index]!, arg));
    const result = f(this.world.sp, ...given, slot);
    return signature.result === null ? undefined : cellFromHost(signature.result, result!);
  }

  run(slot: number, signature: Signature, args: readonly Cell[]): Outcome {
    this.world.reset();
    try {
      const cell = this.call(slot, signature, args);
      return signature.result === null ? "returns" : `== ${printCell(signature.result, cell!)}`;
    } catch (error) {
      if (!(error instanceof WebAssembly.Exception) || !error.is(this.tag)) throw error;
      return `throws ${this.world.describeThrown(Number(error.getArg(this.tag, 0)) >>> 0)}`;
    }
  }
}

/** A function that a table can hold, of i32 parameters and without result, from a JavaScript function. */
function callable(code: (...args: number[]) => void, params: number): unknown {
  const module = new ModuleEncoder();
  const index = module.importFunction("js", "f", module.type(new Array<number>(params).fill(WASM_I32), 0));
  module.exportFunction("f", index);
  return new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { js: { f: code } }).exports["f"];
}
