/** What -version and its kin print, and the facts about the class library behind them. */

import type { VersionForm } from "./types.ts";
import { vmName } from "./vm-options.ts";

/** The facts in a JDK's `release` file: `KEY="value"` lines. */
export interface JdkRelease {
  /** Such as 17.0.21. */
  readonly version: string;
  /** Such as 2026-10-20. */
  readonly date: string;
  /** Such as 17.0.21+9-1-deb12u1-Debian. */
  readonly runtimeVersion: string;
}

/** Reads a `release` file; what it does not say is empty. */
export function parseRelease(text: string): JdkRelease {
  const value = (key: string): string => new RegExp(`^${key}="(.*)"\\s*$`, "m").exec(text)?.[1] ?? "";
  return {
    version: value("JAVA_VERSION"),
    date: value("JAVA_VERSION_DATE"),
    runtimeVersion: value("JAVA_RUNTIME_VERSION"),
  };
}

/**
 * The lines for -version (`err`) or --version (`out`), or the one line of their full forms.
 *
 * @param build the version of this package
 */
export function versionText(release: JdkRelease, build: string, form: VersionForm): string {
  const { version, date, runtimeVersion } = release;
  if (form.full) {
    return form.stream === "err" ? `openjdk full version "${runtimeVersion}"\n` : `openjdk ${runtimeVersion}\n`;
  }
  const first = form.stream === "err" ? `openjdk version "${version}"` : `openjdk ${version}`;
  return [
    date === "" ? first : `${first} ${date}`,
    `OpenJDK class library (build ${runtimeVersion})`,
    `${vmName} (build ${build}, WebAssembly)`,
    "",
  ].join("\n");
}
