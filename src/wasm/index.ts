/** The door of `src/wasm/`: from the functions of the IR to modules of WebAssembly. */

export { compile, compileModule } from "./compile.ts";
export { disassemble } from "./disassemble.ts";
export type { BackEnd } from "./emit.ts";
export {
  compiledParams,
  ModuleEncoder,
  WASM_F32,
  WASM_F64,
  WASM_I32,
  WASM_I64,
  WASM_VOID,
  Writer,
  wasmType,
} from "./encode.ts";
export type { SlotFunction } from "./module.ts";
export { Scratch } from "./scratch.ts";
export { Sites } from "./sites.ts";
export {
  entryModule,
  hostInvokerModule,
  invokerModule,
  STEP_CALL,
  STEP_RETURN,
  STEP_TAIL_CALL,
  STEP_THROW,
} from "./trampolines.ts";
