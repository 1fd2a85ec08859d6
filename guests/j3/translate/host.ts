/**
 * Host functions that translated code calls.
 */
import type { HostFunction } from "#ir";
import { signature } from "#ir";

/** JVMS §6.5 drem: the remainder of a truncating division. frem uses it too: promotion to f64 is exact, and so is the result. */
export const FREM: HostFunction = {
  name: "frem",
  signature: signature(["f64", "f64"], "f64"),
  pure: true,
};

/** What each carrier has to offer under the names above. */
export const TRANSLATE_HOST: Readonly<Record<string, (a: number, b: number) => number>> = {
  // ECMAScript's % on numbers is the same function as the Java operator on doubles.
  frem: (a, b) => a % b,
};
