/** Which classes start with assertions enabled (-ea, -da, -esa, -dsa). */

import type { Options } from "./types.ts";

/**
 * The assertion status a class gets when it is initialised: a rule for the class itself, else the rule for the innermost package around
 * it, else the default. Among rules for the same name the last one counts.
 *
 * @param className binary name with dots
 * @param system whether the boot loader defines the class
 */
export function assertionStatus(
  options: Pick<Options, "assertions" | "systemAssertions">,
  className: string,
  system: boolean,
): boolean {
  const rules = options.assertions;
  const byClass = rules.findLast((rule) => rule.kind === "class" && rule.name === className);
  if (byClass !== undefined) return byClass.enabled;
  let end = className.lastIndexOf(".");
  for (let name = end < 0 ? "" : className.slice(0, end); ; name = className.slice(0, end)) {
    const byPackage = rules.findLast((rule) => rule.kind === "package" && rule.name === name);
    if (byPackage !== undefined) return byPackage.enabled;
    end = name.lastIndexOf(".");
    if (end < 0) break;
  }
  if (system) return options.systemAssertions;
  return rules.findLast((rule) => rule.kind === "default")?.enabled ?? false;
}
