/**
 * Compiling batches of functions by V8's optimising compiler, before carriers install them: in a Worker of its own, which nobody waits for.
 *
 * CONTROL_COMPILER is who has the batch: the VM thread makes it WANTED, this Worker DONE, the VM thread IDLE again when it has announced the batch.
 */
import {
  BATCH_CODE,
  BATCH_CODE_BYTES,
  BATCH_COUNT,
  COMPILER_DONE,
  COMPILER_ENDS,
  COMPILER_WANTED,
  CONTROL_COMPILER,
  CONTROL_COMPILER_BATCH,
  CONTROL_DOORBELL,
} from "#layout";
import type { Memory } from "#memory";
import { type Optimize, optimizer } from "./tiers.ts";

/** Compiles the functions of a batch. Who holds the module has carriers install it in no time. Takes long: the caller is SAFE. */
export function keepBatch(mem: Memory, batch: number, optimize: Optimize = optimizer()): WebAssembly.Module {
  const module = new WebAssembly.Module(mem.copyOut(mem.word(batch + BATCH_CODE), mem.word(batch + BATCH_CODE_BYTES)));
  const { exports } = new WebAssembly.Instance(module, standIns(mem, module));
  const count = mem.word(batch + BATCH_COUNT);
  for (let number = 0; number < count; number++) optimize(exports[`f${number}`]);
  return module;
}

/** Compiles what the VM thread asks for until the VM ends. */
export function compileBatches(mem: Memory): void {
  const optimize = optimizer();
  const modules: WebAssembly.Module[] = [];
  for (;;) {
    const state = mem.atomicLoad(CONTROL_COMPILER);
    if (state === COMPILER_ENDS) return;
    if (state !== COMPILER_WANTED) {
      mem.wait(CONTROL_COMPILER, state);
      continue;
    }
    modules.push(keepBatch(mem, mem.word(CONTROL_COMPILER_BATCH), optimize));
    if (mem.atomicCas(CONTROL_COMPILER, COMPILER_WANTED, COMPILER_DONE) !== COMPILER_WANTED) return;
    mem.atomicAdd(CONTROL_DOORBELL, 1);
    mem.notify(CONTROL_DOORBELL);
  }
}

/** Whether a batch waits for the Worker that compiles: the host makes it then. */
export function batchToCompile(mem: Memory): boolean {
  return mem.atomicLoad(CONTROL_COMPILER) === COMPILER_WANTED;
}

/** Imports of the right types: the functions are only compiled here, never called. */
function standIns(mem: Memory, module: WebAssembly.Module): WebAssembly.Imports {
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = standIn(mem, kind);
  }
  return imports;
}

function standIn(mem: Memory, kind: string): WebAssembly.ImportValue {
  switch (kind) {
    case "memory":
      return mem.memory;
    case "table":
      return new WebAssembly.Table({ initial: 0, element: "anyfunc" });
    case "tag":
      return new WebAssembly.Tag({ parameters: ["i32"] });
    case "global":
      return new WebAssembly.Global({ value: "i32", mutable: false }, 0);
    default:
      return () => 0;
  }
}
