/** What the launcher tells the VM thread. Structured-clone data. */
import type { SwitchText } from "#support";
import type { AssertionRule, Main } from "./options.ts";

export interface RunOptions {
  /** System properties set on the command line, in order. */
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly classPath: string;
  /** What to start; the name is empty for list-modules and validate-modules. */
  readonly main: { readonly kind: Main["kind"]; readonly name: string };
  /** Load the main class, but do not run it. */
  readonly dryRun: boolean;
  /** -XshowSettings: what stood after the colon; null: not asked for. */
  readonly showSettings: string | null;
  /** -Xms in bytes; 0: our choice. */
  readonly initialHeap: number;
  /** -XX:SoftRefLRUPolicyMSPerMB. */
  readonly softMilliseconds: number;
  readonly bootClassPathAppend: readonly string[];
  readonly args: readonly string[];
  /** -Xss in bytes, or what `java` would take. */
  readonly threadStack: number;
  /** Shadow stack of the main thread, and of others that do not ask for a size, in bytes: see runtime/stack-sizes.ts. */
  readonly mainStack: number;
  readonly otherStack: number;
  /** -Xmx in bytes; 0: our choice. */
  readonly maxHeap: number;
  /** Whether the translator's queries load classes of the bootstrap loader. */
  readonly eagerBoot: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly switches: SwitchText;
  /** -Xint: methods are interpreted. */
  readonly interprets: boolean;
  /** Methods that have run so often are translated again; 0: none is. See src/jit/second-tier.ts. */
  readonly hotAfter: number;
  /** -ea and -da in their order; -esa and -dsa. */
  readonly assertions: readonly AssertionRule[];
  readonly systemAssertions: boolean;
  /** SIGQUIT prints what the threads are doing, and the program goes on; not with -Xrs, which also leaves SIGHUP, SIGINT and SIGTERM alone. */
  readonly dumpsThreads: boolean;
  /** -XX:+PrintConcurrentLocks: thread dumps tell who owns which locks of java.util.concurrent. */
  readonly printConcurrentLocks: boolean;
  /** When the VM began, by the process's monotonic clock. */
  readonly started: bigint;
  /** The options that the machine was given, as they were written. */
  readonly vmArguments: readonly string[];
  /** The -XX flags that were given; sizes in bytes. */
  readonly flags: Readonly<Record<string, boolean | number | string>>;
  /** The process's signals are the program's: see J3Options.signals. */
  readonly ownsProcess: boolean;
}

/** What every Worker of a J3 gets. */
export interface GuestStart {
  readonly options: RunOptions;
  readonly javaHome: string;
}
