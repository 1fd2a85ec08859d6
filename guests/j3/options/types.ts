/** What a `java` command line asks for, as data. */
import type { LogConfiguration } from "#log";

/** Complete lines for one of the standard streams. */
export interface Output {
  readonly stream: "out" | "err";
  readonly text: string;
}

/** What the parser needs from the world; it has no other effects. */
export interface LaunchHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The bytes of a file, or undefined when it cannot be read. */
  readFile(path: string): Uint8Array | undefined;
  /** The names in a folder, or undefined when it cannot be read. */
  listFolder(path: string): readonly string[] | undefined;
}

/** What is to be started. */
export type Main =
  | { readonly kind: "class"; readonly name: string }
  | { readonly kind: "jar"; readonly file: string }
  /** `module` or `module/class`, as the user wrote it. */
  | { readonly kind: "module"; readonly name: string }
  | { readonly kind: "list-modules" }
  | { readonly kind: "describe-module"; readonly name: string }
  /** Boot, which validates the modules, and exit. */
  | { readonly kind: "validate-modules" };

/** One of -ea/-da in the order given; a later rule for the same name wins. */
export interface AssertionRule {
  readonly enabled: boolean;
  /** `default` has an empty name; the name of the unnamed package is empty too. Names have dots. */
  readonly kind: "default" | "package" | "class";
  readonly name: string;
}

export type VerboseTopic = "class" | "module" | "gc" | "jni";

/** The options of a run. Sizes are in bytes; undefined means that the user left the choice to us. */
export interface Options {
  /** As `java.class.path`: entries separated by colons, wildcards already expanded. */
  readonly classPath: string;
  /** Entries of -Xbootclasspath/a. */
  readonly bootClassPathAppend: readonly string[];
  /**
   * System properties in the order in which they were set: the user's, then those that launcher options stand for
   * (`jdk.module.*`, `java.class.path`, `sun.java.command`, `sun.java.launcher`).
   */
  readonly properties: ReadonlyMap<string, string>;
  /** What --gc= names: a plan of src/heap. */
  readonly collector: string | undefined;
  readonly maxHeap: number | undefined;
  readonly initialHeap: number | undefined;
  readonly threadStack: number | undefined;
  /** -XX flags that were given: booleans, numbers (sizes in bytes) or text. */
  readonly flags: ReadonlyMap<string, boolean | number | string>;
  readonly assertions: readonly AssertionRule[];
  /** -esa/-dsa. */
  readonly systemAssertions: boolean;
  readonly verbose: ReadonlySet<VerboseTopic>;
  /** What the machine was given to read, in order. */
  readonly vmArguments: readonly string[];
  /** What -Xlog and its kin ask for. */
  readonly logging: LogConfiguration;
  readonly mode: "mixed" | "int" | "comp";
  /** Which classes are verified; `remote` (not those of the boot loader) is the default. */
  readonly verify: "all" | "remote" | "none";
  readonly enablePreview: boolean;
  /** -Xdiag: a stack trace with launcher errors. */
  readonly diagnose: boolean;
  /** --dry-run: load the main class, but do not run it. */
  readonly dryRun: boolean;
  /** -XshowSettings: what stood after the colon, "all" without one. */
  readonly showSettings: string | undefined;
}

interface WithMessages {
  /** To be written first, in this order. */
  readonly messages: readonly Output[];
}

/** `error` and `help` are done once their messages are written; `version` prints what `versionText` makes. */
export type Launch = WithMessages &
  (
    | { readonly action: "error" | "help"; readonly exitCode: number }
    | { readonly action: "version"; readonly form: VersionForm }
    | {
        readonly action: "run";
        readonly main: Main;
        readonly args: readonly string[];
        readonly options: Options;
        /** -showversion: print this first. */
        readonly showVersion: VersionForm | undefined;
      }
  );

/** -version and -fullversion write to `err`, --version and --full-version to `out` and in another form. */
export interface VersionForm {
  readonly stream: "out" | "err";
  readonly full: boolean;
}
