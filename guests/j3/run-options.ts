/** What the launcher tells the VM thread. Structured-clone data. */
import type { SwitchText } from "#support";
import type { AssertionRule } from "./options.ts";

export interface RunOptions {
  /** System properties set on the command line, in order. */
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly classPath: string;
  readonly main: { readonly kind: "class" | "jar" | "module"; readonly name: string };
  readonly args: readonly string[];
  /** Stack of a thread that does not ask for a size, in bytes. */
  readonly threadStack: number;
  readonly maxHeap: number;
  /** Whether the translator's queries load classes of the bootstrap loader. */
  readonly eagerBoot: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly switches: SwitchText;
  /** -ea and -da in their order; -esa and -dsa. */
  readonly assertions: readonly AssertionRule[];
  readonly systemAssertions: boolean;
  readonly verboseClass: boolean;
}

/** What every Worker of a J3 gets. */
export interface GuestStart {
  readonly options: RunOptions;
  readonly javaHome: string;
}
