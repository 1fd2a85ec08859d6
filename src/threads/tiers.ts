/**
 * Which of V8's compilers compiles a module.
 *
 * V8 first makes fast-to-make code of a function (Liftoff) and replaces it by optimised code (TurboFan) at some later call, never while it runs: a
 * function with a long loop that is called once would stay slow for ever. V8 reads its flags at each compilation, so such functions are
 * compiled with the first compiler off, and at once instead of at their first call.
 *
 * What is in the middle of being compiled when the flags change, by another carrier or by Node itself, which reads TypeScript by a WebAssembly module
 * in each Worker that starts, makes V8 abort: it then misses what its first compiler would have learnt of calls to inline ("Check failed:
 * function_feedback"). So our commands start Node with --no-wasm-inlining; it cannot be turned off later. A module of ours is one
 * function: there is nothing to inline in it.
 *
 * The flags are the process's. A lock keeps the carriers of one VM apart. With several VMs in the process one may reset the flags while
 * another one compiles: a function is then optimised needlessly, or late.
 */
import { setFlagsFromString } from "node:v8";
import { CONTROL_TIER_LOCK } from "#layout";
import type { Memory } from "#memory";

const FREE = 0;
const TAKEN = 1;

/** Compiles with TurboFan alone. The caller is SAFE: it may wait for another carrier that does the same. */
export function optimizedModule(mem: Memory, bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  while (mem.atomicCas(CONTROL_TIER_LOCK, FREE, TAKEN) !== FREE) mem.wait(CONTROL_TIER_LOCK, TAKEN);
  try {
    setFlagsFromString("--no-liftoff");
    setFlagsFromString("--no-wasm-lazy-compilation");
    return new WebAssembly.Module(bytes);
  } finally {
    resetTiers();
    mem.atomicStore(CONTROL_TIER_LOCK, FREE);
    mem.notify(CONTROL_TIER_LOCK);
  }
}

/** V8's own choice again; also to be called when a Worker may have been ended in the middle of a compilation. */
export function resetTiers(): void {
  setFlagsFromString("--liftoff");
  setFlagsFromString("--wasm-lazy-compilation");
}
