/** The -XX flags as programs see them (HotSpotDiagnosticMXBean): those that mean something here, and those that were given. */

export type FlagValue = boolean | number | string;

export interface Flag {
  readonly name: string;
  readonly value: FlagValue;
  readonly origin: "DEFAULT" | "VM_CREATION" | "MANAGEMENT";
  /** Programs may set it. */
  readonly writeable: boolean;
}

const WRITEABLE: ReadonlySet<string> = new Set(["HeapDumpOnOutOfMemoryError", "HeapDumpPath", "PrintClassHistogram"]);

export class Flags {
  readonly #flags = new Map<string, Flag>();

  /** `given` on the command line; the sizes are bytes. */
  constructor(given: Readonly<Record<string, FlagValue>>, heapBytes: number) {
    const defaults: Readonly<Record<string, FlagValue>> = {
      ExitOnOutOfMemoryError: false,
      HeapDumpOnOutOfMemoryError: false,
      HeapDumpPath: "",
      MaxHeapFreeRatio: 70,
      MaxHeapSize: heapBytes,
      MinHeapFreeRatio: 40,
      PrintClassHistogram: false,
      UseEpsilonGC: false,
      UseG1GC: false,
      UseParallelGC: false,
      UseSerialGC: false,
    };
    for (const [name, value] of Object.entries({ ...defaults, ...given })) {
      const origin = Object.hasOwn(given, name) ? "VM_CREATION" : "DEFAULT";
      this.#flags.set(name, { name, value, origin, writeable: WRITEABLE.has(name) });
    }
  }

  get names(): readonly string[] {
    return [...this.#flags.keys()].sort();
  }

  get(name: string): Flag | undefined {
    return this.#flags.get(name);
  }

  isOn(name: string): boolean {
    return this.#flags.get(name)?.value === true;
  }

  text(name: string): string {
    return String(this.#flags.get(name)?.value ?? "");
  }

  /** A program sets a writeable flag. */
  set(name: string, value: FlagValue): void {
    this.#flags.set(name, { name, value, origin: "MANAGEMENT", writeable: true });
  }
}
