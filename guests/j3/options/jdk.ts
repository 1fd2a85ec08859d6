/** Finds the class library: the folder of a JDK or JRE 17 with its `lib/modules`. */

import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { JdkRelease } from "./version.ts";
import { parseRelease } from "./version.ts";

export interface JdkLibrary {
  /** The value of `java.home`. */
  readonly home: string;
  /** The path of its jimage file. */
  readonly modules: string;
  readonly release: JdkRelease;
}

/**
 * JAVA_HOME, the usual places, or where the `java` on the PATH really lies: the first that is a version 17. Undefined when there is
 * none.
 */
export function findJdkLibrary(env: Readonly<Record<string, string | undefined>>): JdkLibrary | undefined {
  const given = env["JAVA_HOME"];
  if (given !== undefined && given !== "") {
    const library = libraryIn(given);
    if (library !== undefined) return library;
  }
  for (const parent of ["/usr/lib/jvm", "/opt"]) {
    if (!existsSync(parent)) continue;
    for (const name of readdirSync(parent).sort()) {
      const library = name.includes("17") ? libraryIn(join(parent, name)) : undefined;
      if (library !== undefined) return library;
    }
  }
  for (const folder of (env["PATH"] ?? "").split(":")) {
    const command = join(folder, "java");
    if (folder === "" || !existsSync(command)) continue;
    const library = libraryIn(join(realpathSync(command), "../.."));
    if (library !== undefined) return library;
  }
  return undefined;
}

function libraryIn(home: string): JdkLibrary | undefined {
  const modules = join(home, "lib/modules");
  const facts = join(home, "release");
  if (!existsSync(modules) || !existsSync(facts)) return undefined;
  const release = parseRelease(readFileSync(facts, "utf8"));
  return release.version === "17" || release.version.startsWith("17.")
    ? { home: realpathSync(home), modules, release }
    : undefined;
}
