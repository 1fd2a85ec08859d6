/** The door of `src/jit/`: slots, code, and the stubs between compiled code and the system. */

export type { Body, CodeOptions, Tier } from "./code.ts";
export { Code } from "./code.ts";
export type { DumpStage } from "./dump.ts";
export { Dump, page } from "./dump.ts";
export {
  INVOKER_SIGNATURE,
  SERVICE_CALL_SIGNATURE,
  serviceCallFunction,
  transferPrim,
  transferRef,
} from "./stubs.ts";
