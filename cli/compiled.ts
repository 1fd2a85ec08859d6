/** Compiled code over a small memory without a collector: what `vmkit ir run --compiled` calls. */

import { type Cell, cellFromHost, cellToHost, type Environment, Thrown } from "#interp";
import { Builder, Func, type HostFunction, signature, TRAP_KINDS } from "#ir";
import { Bug } from "#support";
import { type BackEnd, compile } from "#wasm";

/** What the interpreter's environment has, over a memory of WebAssembly; and where the stack begins. */
export interface CompiledEnvironment extends Omit<Environment, "memory"> {
  readonly memory: WebAssembly.Memory;
  readonly sp: number;
}

/** Calls the function at a slot; arguments and result are as WebAssembly's JavaScript interface has them, pointers unsigned. */
export type Caller = (slot: number, args: readonly Cell[]) => Cell | undefined;

/** Nothing walks the stack here, so all call sites have the same record. */
const SITE = 8;

type Code = (...args: Cell[]) => Cell | undefined;

/**
 * Compiles the functions. Calling throws `Thrown` when the guest does.
 *
 * @throws Bug for an error of compiled code itself, such as an access outside of memory
 */
export function compiledFunctions(
  functions: readonly { readonly func: Func; readonly slot: number }[],
  environment: CompiledEnvironment,
): Caller {
  const { memory, carrier, sp: start, stackLimit } = environment;
  const trapSlots = 1 + Math.max(...functions.map(({ slot }) => slot));
  const table = new WebAssembly.Table({ initial: trapSlots + TRAP_KINDS.length, element: "anyfunc" });
  const tag = new WebAssembly.Tag({ parameters: ["i32"] });
  const raise = (ref: number): never => {
    throw new WebAssembly.Exception(tag, [ref]);
  };
  const host: Record<string, (...args: never[]) => unknown> = {};
  for (const [name, code] of environment.hosts) host[name] = code as (...args: never[]) => unknown;
  for (const kind of TRAP_KINDS) {
    host[trapName(kind)] = (sp: number, a: number, b: number) => raise(environment.trap(kind, a, b, sp));
  }
  const imports = {
    rt: {
      memory,
      table,
      tag,
      carrier: new WebAssembly.Global({ value: "i32" }, carrier),
      alloc: (sp: number, bytes: number) => environment.alloc(sp, bytes),
      poll: (sp: number) => environment.poll(sp),
      stack: (sp: number) => {
        if (sp < stackLimit) raise(environment.trap("stack", 0, 0, sp));
      },
    },
    host,
  };
  const backEnd: BackEnd = { trapSlot: (kind) => trapSlots + TRAP_KINDS.indexOf(kind), addSite: () => SITE };
  const install = (slot: number, func: Func): void => {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(compile(func, backEnd)), imports);
    table.set(slot, instance.exports["f"]);
  };
  for (const { func, slot } of functions) install(slot, func);
  TRAP_KINDS.forEach((kind, i) => {
    install(trapSlots + i, trapFunction(trapName(kind)));
  });
  const signatures = new Map(functions.map(({ func, slot }) => [slot, func.signature]));

  return (slot, args) => {
    const { params, result } = signatures.get(slot)!;
    const given = params.map((type, i) => cellToHost(type, cellFromHost(type, args[i]!)));
    try {
      const value = (table.get(slot) as Code)(start, ...given, slot);
      return result === null ? undefined : cellToHost(result, cellFromHost(result, value!));
    } catch (error) {
      if (error instanceof WebAssembly.Exception && error.is(tag)) throw new Thrown(Number(error.getArg(tag, 0)) >>> 0);
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        throw new Bug(error.message, { pass: "compiled code" }, { cause: error });
      }
      throw error;
    }
  };
}

function trapName(kind: string): string {
  return `trap ${kind}`;
}

/** Throws what the host says. */
function trapFunction(name: string): Func {
  const code: HostFunction = { name, signature: signature(["i32", "i32"], null), pure: false };
  const b = new Builder(new Func(name, code.signature));
  b.callhost(code, b.entry());
  b.unreachable();
  return b.finish();
}
