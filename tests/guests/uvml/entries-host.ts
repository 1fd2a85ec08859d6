/**
 * Runs entries in one VM after the other, in another one too when that has ended or takes too long for one: node entries-host.ts FILE, with {@link Entries} as JSON.
 * What the programs and the VM write goes to standard output and error. On the latter each entry begins with a line `@@ INDEX` and ends with a
 * line `@@ ready`, `@@ failed` (an error was reported), `@@ slow`, `@@ exit CODE` or `@@ bug TEXT`.
 */
import { readFileSync, writeSync } from "node:fs";
import { argv } from "node:process";
import { Switches } from "#support";
import type { VirtualMachine } from "#vm";
import { sendEntry, startUvml } from "../../../guests/uvml/index.ts";

export type Entries = {
  /** `name` is the name of the source in positions. A VM ends before an entry with another `vm`. */
  readonly entries: readonly { readonly vm: string; readonly name: string; readonly text: string }[];
  readonly interpret: boolean;
  /** Milliseconds for an entry. */
  readonly limit: number;
};

const MAX_HEAP_BYTES = 32 << 20;
/** Milliseconds until a VM must be there. */
const START = 60_000;

/** Writes to a pipe that may be full. */
function tell(line: string): void {
  const bytes = new TextEncoder().encode(`\n@@ ${line}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(2, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

class Machine {
  readonly #vm: VirtualMachine;
  #answer: (how: string) => void = () => {};
  /** How the VM itself ended. */
  readonly #ended: Promise<string>;
  isOver = false;

  constructor(interpret: boolean) {
    this.#vm = startUvml({
      program: { kind: "entries" },
      interpret,
      maxHeapBytes: MAX_HEAP_BYTES,
      switches: Switches.parse(process.env),
      ready: ({ failed }) => this.#answer(failed ? "failed" : "ready"),
    });
    this.#ended = this.#vm.exited().then(
      (code) => `exit ${code}`,
      (error: unknown) => `bug ${String(error instanceof Error ? error.stack : error).replaceAll("\n", " | ")}`,
    );
  }

  /** How the VM answers to what `action` does, within so many milliseconds. */
  async ask(limit: number, action: (vm: VirtualMachine) => void): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#answer = resolve;
    action(this.#vm);
    const timer = setTimeout(() => resolve("slow"), limit);
    const how = await Promise.race([promise, this.#ended]);
    clearTimeout(timer);
    if (how !== "ready" && how !== "failed") {
      this.isOver = true;
      await this.#vm.close();
    }
    return how;
  }

  close(): Promise<void> {
    return this.#vm.close();
  }
}

async function start(interpret: boolean): Promise<Machine> {
  const machine = new Machine(interpret);
  const how = await machine.ask(START, () => {});
  if (how !== "ready") tell(`bug at start: ${how}`);
  return machine;
}

const { entries, interpret, limit } = JSON.parse(readFileSync(argv[2]!, "utf8")) as Entries;
let machine: Machine | undefined;
for (const [index, { vm: own, name, text }] of entries.entries()) {
  if (own !== entries[index - 1]?.vm) {
    await machine?.close();
    machine = undefined;
  }
  machine ??= await start(interpret);
  tell(String(index));
  tell(await machine.ask(limit, (vm) => sendEntry(vm, { kind: "entry", name, text })));
  if (machine.isOver) machine = undefined;
}
await machine?.close();
