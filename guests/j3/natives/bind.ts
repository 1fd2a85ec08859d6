/** Makes host functions of the natives that run on carriers, and of what the runtime's helpers call by name. */
import { GuestFailure, type HostFunctions } from "#threads";
import { stackReserve } from "#vm";
import type { CarrierContext } from "../carrier/context.ts";
import { makeLibm } from "../carrier/libm.ts";
import { strictMath } from "../carrier/strict-math.ts";
import { threadLeaves } from "../carrier/thread-life.ts";
import { STATUS_BLOCKED, terminate, whileIn } from "../carrier/thread-state.ts";
import { TRANSLATE_HOST } from "../translate/host.ts";
import type { BlockingNative, CarrierNatives } from "./types.ts";

type Host = (sp: number, ...args: never[]) => unknown;

/** For a carrier's `functions`: everything compiled code may call by name. */
export function bindCarrierNatives(tables: CarrierNatives, c: CarrierContext): HostFunctions {
  const direct: Record<string, Host> = {
    "vm.monitorExit": (_sp: number, object: number) => monitorExit(c, object >>> 0),
    "vm.monitorWake": (_sp: number, object: number) => c.monitors.wake(object >>> 0),
    "vm.threadLeaves": () => threadLeaves(c),
    "vm.threadEnd": (_sp: number, object: number) => terminate(c, object >>> 0),
    "vm.stackReserve": (_sp: number, open: number) => stackReserve(c.carrier, open !== 0),
  };
  const suspending: Record<string, Host> = {
    "vm.monitorEnter": (sp: number, object: number) =>
      whileIn(c, STATUS_BLOCKED, () => c.monitors.enter(sp, object >>> 0)),
  };
  for (const [key, native] of Object.entries(tables.direct)) direct[key] = bound(c, key, native);
  for (const [key, native] of Object.entries(tables.blocking)) {
    const call = bound(c, key, native);
    suspending[key] = (sp, ...args) => settle(c, call(sp, ...args));
  }
  return { pure: { ...TRANSLATE_HOST, ...mathFunctions() }, direct, suspending };
}

/** The functions that ../intrinsics/numbers.ts calls by name. */
function mathFunctions(): Record<string, (...args: never[]) => unknown> {
  const functions: Record<string, (...args: never[]) => unknown> = {};
  for (const [name, f] of Object.entries(strictMath)) functions[`strict.${name}`] = f;
  for (const [name, f] of Object.entries(makeLibm())) functions[`math.${name}`] = f;
  return functions;
}

/** More than so many, with the receiver, are rare. */
const FIXED_PARAMETERS = 6;

/** References come out of Wasm as signed numbers; the natives take addresses. */
function bound(c: CarrierContext, key: string, native: BlockingNative): Host {
  const params = parameters(key);
  const refs: number[] = [];
  params.forEach((letter, index) => {
    if (letter === "L") refs.push(index);
  });
  const count = params.length;
  // Below 2 GiB all addresses are positive as they are.
  if (c.mem.u8.length <= 0x8000_0000 && count < FIXED_PARAMETERS) {
    return (sp, p0?, p1?, p2?, p3?, p4?, p5?) => native(c, sp, p0, p1, p2, p3, p4, p5);
  }
  return (sp, ...args) => {
    const values = args as unknown as (number | bigint)[];
    const receiver = values.length - count;
    if (receiver !== 0) values[0] = (values[0] as number) >>> 0;
    for (let i = 0; i < refs.length; i++) {
      const at = (refs[i] as number) + receiver;
      values[at] = (values[at] as number) >>> 0;
    }
    return native(c, sp, ...values);
  };
}

/** A promise's failure becomes the guest's exception too. */
function settle(c: CarrierContext, result: unknown): unknown {
  if (!(result instanceof Promise)) return result;
  return result.catch((error: unknown) => {
    if (!(error instanceof GuestFailure)) throw error;
    c.carrier.pend(error.message);
    return false; // converts to the zero of every type
  });
}

/** The parameters in "…(descriptor)…": "L" for references, else the letter. */
function parameters(key: string): string[] {
  const letters: string[] = [];
  const end = key.indexOf(")");
  for (let at = key.indexOf("(") + 1; at < end; at++) {
    const letter = key[at] as string;
    if (letter !== "[" && letter !== "L") {
      letters.push(letter);
      continue;
    }
    while (key[at] === "[") at++;
    if (key[at] === "L") at = key.indexOf(";", at);
    letters.push("L");
  }
  return letters;
}

/** JVMS §6.5 monitorexit. */
function monitorExit(c: CarrierContext, object: number): void {
  if (!c.monitors.exit(object)) {
    throw c.failure("java/lang/IllegalMonitorStateException", "current thread is not owner");
  }
}
