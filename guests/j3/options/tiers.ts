/** Which methods are translated again. */
import type { Options } from "./types.ts";

/** After as many calls the optimising compiler of `java` takes a method. */
const HOT_AFTER = 5000;
const OPTIMISED = 4;

/**
 * -XX:TieredStopAtLevel below 4 leaves methods as they were compiled at their first call. -XX:-TieredCompilation, with which `java` compiles nothing but
 * what is hot, changes nothing but that the level is not looked at.
 */
export function hotAfter(flags: Options["flags"]): number {
  const level = flags.get("TieredStopAtLevel");
  if (flags.get("TieredCompilation") !== false && level !== undefined && Number(level) < OPTIMISED) return 0;
  return Math.max(1, Number(flags.get("Tier4InvocationThreshold") ?? HOT_AFTER));
}
