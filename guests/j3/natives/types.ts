/**
 * How native methods are written. A native is found under the name "package/Class.method(descriptor)result", in one of three tables:
 *
 *   intrinsics  IR that is expanded in place (and made the method's own body, for calls that are not direct); or, where the method
 *               may throw and has to be seen in stack traces, only the method's own body
 *   carrier     TypeScript on the carrier that calls: for what only needs the heap, files, clocks, or has to block
 *   vm          TypeScript on the VM thread: for what needs metadata (classes, methods, reflection), or guest code to run
 *
 * A native that is in none of them throws UnsatisfiedLinkError when called.
 */
import type { Block, Builder, Value } from "#ir";
import type { CarrierContext } from "../carrier/context.ts";
import type { GuestValue } from "../link/index.ts";
import type { HelperSlots } from "../runtime/helpers.ts";
import type { J3Steps } from "../vm/effects.ts";
import type { J3 } from "../vm/j3.ts";

/** Gets the arguments (receiver first, not null) and the runtime's helpers, gives the result; NO_VALUE for void. */
export type IntrinsicNative = (b: Builder, args: readonly Value[], helpers: HelperSlots) => Value;

/** The same, for the usual case of a native with a result; else it goes to the slow block. */
export type ShortcutNative = (b: Builder, args: readonly Value[], helpers: HelperSlots, slow: Block) => Value;

/**
 * References are raw addresses, good until the first allocation or park of this native; longs are bigints, booleans 0 or 1. The receiver
 * comes first. `sp` must be given to whatever allocates or blocks. Throws `c.failure("java/lang/X", message)`.
 */
// biome-ignore lint/suspicious/noExplicitAny: the arguments are what the method's descriptor says
export type CarrierNative = (c: CarrierContext, sp: number, ...args: any[]) => number | bigint | boolean | void;
/** May return a promise: the thread leaves the processor until it is settled. Results of promises must be numbers or bigints. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments are what the method's descriptor says
export type BlockingNative = (c: CarrierContext, sp: number, ...args: any[]) => unknown;

export interface CarrierNatives {
  readonly direct: Readonly<Record<string, CarrierNative>>;
  readonly blocking: Readonly<Record<string, BlockingNative>>;
}

/**
 * References are handles (good until the native ends), also in the result; 0 or a handle of null is null. May be a generator that yields
 * effects (`j.invoke(...)`, `j.initialize(...)`, class loading). Throws GuestThrow (`throwing("IllegalArgumentException", text)`).
 */
export type VmNative = (
  j: J3,
  // biome-ignore lint/suspicious/noExplicitAny: the arguments are what the method's descriptor says
  ...args: any[]
) => GuestValue | boolean | undefined | void | J3Steps<GuestValue | boolean | undefined | void>;

export type VmNatives = Readonly<Record<string, VmNative>>;
export type IntrinsicNatives = Readonly<Record<string, IntrinsicNative>>;
