/** The effects of J3's services: those of linking, and sleeping. */
import type { Signature } from "#ir";
import type { Answer, Effect, GuestValue } from "../link/index.ts";

export type J3Effect =
  | Effect
  /** Run a function of the runtime that is no method; references are handles. */
  | {
      readonly kind: "call";
      readonly slot: number;
      readonly signature: Signature;
      readonly args: readonly GuestValue[];
    }
  /** Park the asking thread until somebody unparks it, or so many milliseconds (negative: without limit). May return early. */
  | { readonly kind: "park"; readonly milliseconds: number };

/** A computation on the VM thread that may need guest code. */
export type J3Steps<T> = Generator<J3Effect, T, Answer>;
