/**
 * What runs the IR in the translator's tests: the interpreter, or WebAssembly. Memory is never collected.
 */
import { type Cell, type HostCode, Interpreter, Thrown } from "#interp";
import { type Func, type Signature, TRAP_KINDS, type TrapKind } from "#ir";
import { CARRIERS } from "#layout";
import { type BackEnd, compile, ModuleEncoder, WASM_I32 } from "#wasm";

export const MEMORY_BYTES = 64 << 20;
const STACK_LIMIT = 24 << 20;

export interface EngineHosts {
  readonly hosts: ReadonlyMap<string, HostCode>;
  /** Gives the object that a failed check throws. */
  readonly trap: (kind: TrapKind) => number;
}

export interface Engine {
  readonly memory: ArrayBufferLike;
  define(slot: number, func: Func): void;
  /** Throws what `raise` does. */
  run(slot: number, type: Signature, sp: number, args: readonly Cell[]): Cell | undefined;
  raise(ref: number): never;
  /** The object, if the error is that of `raise`. */
  thrown(error: unknown): number | null;
}

export type MakeEngine = (hosts: EngineHosts) => Engine;

export function interpreterEngine({ hosts, trap }: EngineHosts): Engine {
  const memory = new ArrayBuffer(MEMORY_BYTES);
  const interpreter = new Interpreter({
    memory,
    carrier: CARRIERS,
    hosts,
    trap,
    alloc: () => 0,
    poll: () => {},
    stackLimit: STACK_LIMIT,
    fuel: 50_000_000,
  });
  return {
    memory,
    define: (slot, func) => interpreter.define(slot, func),
    run: (slot, _type, sp, args) => interpreter.run(slot, sp, args),
    raise: (ref) => {
      throw new Thrown(ref);
    },
    thrown: (error) => (error instanceof Thrown ? error.ref : null),
  };
}

const FIRST_TRAP_SLOT = 50;

export function wasmEngine({ hosts, trap }: EngineHosts): Engine {
  const pages = MEMORY_BYTES / 65536;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const table = new WebAssembly.Table({ initial: 1024, element: "anyfunc" });
  const tag = new WebAssembly.Tag({ parameters: ["i32"] });
  const raise = (ref: number): never => {
    throw new WebAssembly.Exception(tag, [ref | 0]);
  };
  const host: WebAssembly.ModuleImports = {};
  for (const [name, code] of hosts) host[name] = code as (...args: never[]) => unknown;
  const imports = {
    rt: {
      memory,
      table,
      tag,
      carrier: new WebAssembly.Global({ value: "i32", mutable: false }, CARRIERS),
      alloc: () => 0,
      poll: () => {},
      stack: () => raise(trap("stack")),
    },
    host,
  };
  TRAP_KINDS.forEach((kind, index) => {
    table.set(
      FIRST_TRAP_SLOT + index,
      trapFunction(() => raise(trap(kind))),
    );
  });
  const backEnd: BackEnd = {
    trapSlot: (kind) => FIRST_TRAP_SLOT + TRAP_KINDS.indexOf(kind),
    // Nobody walks the frames.
    addSite: () => 8192,
  };
  return {
    memory: memory.buffer,
    define(slot, func) {
      const module = new WebAssembly.Module(compile(func, backEnd));
      if (slot >= table.length) table.grow(slot + 1 - table.length);
      table.set(slot, new WebAssembly.Instance(module, imports).exports["f"]);
    },
    run(slot, _type, sp, args) {
      const code = table.get(slot) as (...args: Cell[]) => Cell | undefined;
      return code(sp, ...args, slot);
    },
    raise,
    thrown: (error) =>
      error instanceof WebAssembly.Exception && error.is(tag) ? Number(error.getArg(tag, 0)) >>> 0 : null,
  };
}

/** A trap function for the table: (sp, a, b, slot). */
function trapFunction(code: () => never): unknown {
  const module = new ModuleEncoder();
  const index = module.importFunction("js", "f", module.type([WASM_I32, WASM_I32, WASM_I32, WASM_I32], 0));
  module.exportFunction("f", index);
  return new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { js: { f: code } }).exports["f"];
}
