import { accessSync, constants, readdirSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** An installed Java 17 class library. */
export interface JavaHome {
  /** The folder that holds `lib/modules` and `release`. */
  readonly home: string;
  /** As "17.0.13". */
  readonly version: string;
  /** The module image. */
  readonly modules: string;
  /** All of the `release` file. */
  readonly release: ReadonlyMap<string, string>;
}

const USUAL_PLACES = ["/usr/lib/jvm", "/opt"];

/**
 * Finds a Java 17: JAVA_HOME, the usual places, then where the `java` on PATH really lies. `undefined` if there is none.
 * `environment` is as process.env.
 */
export function findJavaHome(environment: Readonly<Record<string, string | undefined>>): JavaHome | undefined {
  for (const place of places(environment)) {
    const found = readJavaHome(place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The Java 17 in a folder; `undefined` if it holds none. */
export function readJavaHome(home: string): JavaHome | undefined {
  const modules = join(home, "lib", "modules");
  const text = attempt(() => {
    accessSync(modules, constants.R_OK);
    return readFileSync(join(home, "release"), "utf8");
  });
  if (text === undefined) return undefined;
  const release = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/^(\w+)="(.*)"\s*$/gm)) release.set(name, value);
  const version = release.get("JAVA_VERSION") ?? "";
  return /^17(\.|$)/.test(version) ? { home, version, modules, release } : undefined;
}

function* places(environment: Readonly<Record<string, string | undefined>>): Generator<string> {
  const { JAVA_HOME, PATH } = environment;
  if (JAVA_HOME) yield JAVA_HOME;
  for (const folder of USUAL_PLACES) {
    const names = attempt(() => readdirSync(folder)) ?? [];
    for (const name of names.filter((each) => each.includes("17")).sort()) yield join(folder, name);
  }
  for (const folder of (PATH ?? "").split(delimiter)) {
    const java = attempt(() => realpathSync(join(folder, "java")));
    if (java !== undefined) yield dirname(dirname(java));
  }
}

/** `undefined` where the file system says no. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (failure) {
    if (failure instanceof Error && "syscall" in failure) return undefined;
    throw failure;
  }
}
