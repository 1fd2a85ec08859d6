/**
 * Which of V8's compilers compiles a function.
 *
 * V8 first makes fast-to-make code of a function (Liftoff) and replaces it by optimised code (TurboFan) at some later call, never while it runs: a
 * function with a long loop that is called once would stay slow for ever, and what we make anew because it is hot would start slowly. So such functions
 * are handed to TurboFan at once, by an intrinsic that V8's own tests use: flags that would do it are the process's, and make all that is compiled
 * meanwhile slow to make. The code belongs to the module, which all Workers that compile the same bytes share while one of them holds it.
 *
 * The intrinsic's name can be read only while a flag of V8 is on, which takes microseconds, once in a Worker. (That flag, left on, would make V8 refuse
 * what the compile cache holds.)
 */
import { setFlagsFromString } from "node:v8";
import { Bug } from "#support";

/** Others may turn the flag off in between; not that often. */
const ATTEMPTS = 1000;

/** Compiles an exported function by TurboFan. Takes long: the caller is SAFE. */
export type Optimize = (exported: unknown) => void;

/** The function for this Worker. */
export function optimizer(): Optimize {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    setFlagsFromString("--allow-natives-syntax");
    try {
      return new Function("exported", "%WasmTierUpFunction(exported)") as Optimize;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    } finally {
      setFlagsFromString("--no-allow-natives-syntax");
    }
  }
  throw new Bug("this V8 does not let functions be optimised");
}
