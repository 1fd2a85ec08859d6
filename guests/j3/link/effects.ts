/**
 * How linking asks for guest code. Whatever may need it is a generator of effects; the service loop of the VM thread runs each
 * effect on the thread that asked, and resumes the generator with the answer. If the guest code throws, it resumes with
 * `generator.throw(new GuestThrow(...))` that holds the Throwable.
 *
 * A handle is the address of a word that the collector updates. Handles that go into or come out of an effect need to live
 * only until the generator is resumed, or yields again: what must stay is copied into a root.
 */
import type { JClass, JMethod } from "../model/types.ts";

/** Integers and floats as numbers, longs as bigints, references as handles (0, or a word that holds 0, for null). */
export type GuestValue = number | bigint;

export type Effect =
  /** Run exactly this method (selection is done). Arguments follow the method's IR signature. Answer: its result, undefined for void. */
  | { readonly kind: "invoke"; readonly method: JMethod; readonly args: readonly GuestValue[] }
  /** Park the asking thread until `WorldHooks.wakeInitWaiters` is called for the class (spurious returns are fine). No answer. */
  | { readonly kind: "wait"; readonly cls: JClass };

export type Answer = GuestValue | undefined;

/** A computation that may need guest code. */
export type Steps<T> = Generator<Effect, T, Answer>;

/**
 * A guest exception on its way. Either an object that exists (`handle` is not 0), or one still to be made of a class name and a
 * message. Not a failure of ours: the service loop turns it into a throw in the guest.
 */
export class GuestThrow extends Error {
  /** Internal name, as "java/lang/NoSuchMethodError". "" if there is a handle. */
  readonly className: string;
  /** Detail message; null for none. */
  readonly detail: string | null;
  /** Exception to become the cause, or null. */
  readonly origin: GuestThrow | null;
  /** Root or handle of the Throwable, or 0. */
  readonly handle: number;

  constructor(what: {
    className?: string;
    detail?: string | null;
    origin?: GuestThrow | null;
    handle?: number;
  }) {
    super(`${what.className ?? "object"}: ${what.detail ?? ""}`);
    this.name = "GuestThrow";
    this.className = what.className ?? "";
    this.detail = what.detail ?? null;
    this.origin = what.origin ?? null;
    this.handle = what.handle ?? 0;
  }
}

/** Whether memory has run out, which may be over at the next attempt: nothing is to remember it. */
export function isOutOfMemory(failure: GuestThrow): boolean {
  return failure.className === "java/lang/OutOfMemoryError";
}

/** An exception of java.lang by its simple name. */
export function throwing(simpleName: string, detail: string | null, origin: GuestThrow | null = null): GuestThrow {
  return new GuestThrow({ className: `java/lang/${simpleName}`, detail, origin });
}

/** Who asks. */
export interface Context {
  /** Record of the guest thread that asks. */
  readonly thread: number;
  /**
   * A question of the translator: nothing may be loaded, except by the bootstrap loader if its policy says so. What is not loaded
   * throws NotLoaded, and nothing that fails is recorded.
   */
  readonly query: boolean;
}

/** The answer to a query needs something that is not loaded yet. */
export class NotLoaded extends Error {}

/** Runs steps that are known to need no guest code. Throws if they do. */
export function runSync<T>(steps: Steps<T>): T {
  const step = steps.next();
  if (step.done === true) return step.value;
  steps.return(undefined as T);
  throw new Error(`cannot ${step.value.kind} here: no guest code can run`);
}

/** Runs a query: null if guest code or loading is needed, or the guest would get an exception. */
export function runQuery<T>(steps: Steps<T>): T | null {
  try {
    const step = steps.next();
    if (step.done === true) return step.value;
    steps.return(undefined as T);
    return null;
  } catch (failure) {
    if (failure instanceof NotLoaded || failure instanceof GuestThrow) return null;
    throw failure;
  }
}
