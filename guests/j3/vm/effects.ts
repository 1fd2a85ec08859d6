/** The effects of J3's services: those of linking, and sleeping. */
import type { Answer, Effect } from "../link/index.ts";

export type J3Effect =
  | Effect
  /** Park the asking thread until somebody unparks it, or so many milliseconds (negative: without limit). May return early. */
  | { readonly kind: "park"; readonly milliseconds: number };

/** A computation on the VM thread that may need guest code. */
export type J3Steps<T> = Generator<J3Effect, T, Answer>;
