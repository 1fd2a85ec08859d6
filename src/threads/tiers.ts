/**
 * Which of V8's compilers compiles a module.
 *
 * V8 first makes fast-to-make code of a function (Liftoff) and replaces it by optimised code (TurboFan) at some later call, never while it runs: a
 * function with a long loop that is called once would stay slow for ever. V8 reads its flags at each compilation, so such functions are
 * compiled with the first compiler off, and at once instead of at their first call.
 *
 * The flags are the process's, and V8 reads them more than once: a function that it begins to optimise with the first compiler off, and ends with
 * it on, makes V8 abort, as it misses the first compiler's feedback. So nothing else is compiled while the flag is off: ordinary modules are compiled
 * under the same lock, which they share; and at once, not at the first call, which no lock could guard. As a module of ours is one function that is
 * about to be called, that is also faster: 48 µs in place of 91 for a small one.
 *
 * The lock is of one VM. With several VMs in the process one may still compile while another one has the flag off.
 */
import { setFlagsFromString } from "node:v8";
import { CONTROL_TIER_LOCK } from "#layout";
import type { Memory } from "#memory";

/** CONTROL_TIER_LOCK: how many compile ordinary modules, or that somebody optimises. */
const FREE = 0;
const OPTIMIZING = 0x7fffffff;

/** Compiles with TurboFan alone. The caller is SAFE: it may wait for other carriers that compile. */
export function optimizedModule(mem: Memory, bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  while (mem.atomicCas(CONTROL_TIER_LOCK, FREE, OPTIMIZING) !== FREE) {
    const holders = mem.atomicLoad(CONTROL_TIER_LOCK);
    if (holders !== FREE) mem.wait(CONTROL_TIER_LOCK, holders);
  }
  try {
    prepareTiers();
    setFlagsFromString("--no-liftoff");
    return new WebAssembly.Module(bytes);
  } finally {
    resetTiers();
    mem.atomicStore(CONTROL_TIER_LOCK, FREE);
    mem.notify(CONTROL_TIER_LOCK);
  }
}

/** Whether an ordinary compilation would have to wait now: better in state SAFE. */
export function isOptimizing(mem: Memory): boolean {
  return mem.atomicLoad(CONTROL_TIER_LOCK) === OPTIMIZING;
}

/** Compiles as V8 likes. May wait for a carrier that optimises. */
export function ordinaryModule(mem: Memory, bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  for (;;) {
    const holders = mem.atomicLoad(CONTROL_TIER_LOCK);
    if (holders === OPTIMIZING) mem.wait(CONTROL_TIER_LOCK, OPTIMIZING);
    else if (mem.atomicCas(CONTROL_TIER_LOCK, holders, holders + 1) === holders) break;
  }
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    if (mem.atomicAdd(CONTROL_TIER_LOCK, -1) === 1) mem.notify(CONTROL_TIER_LOCK);
  }
}

/** To be called before the process compiles anything: modules are compiled when they are made. */
export function prepareTiers(): void {
  setFlagsFromString("--no-wasm-lazy-compilation");
}

/** V8's own choice again; also to be called when a Worker may have been ended in the middle of a compilation. */
export function resetTiers(): void {
  setFlagsFromString("--liftoff");
}
