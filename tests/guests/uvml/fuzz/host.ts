/**
 * Runs mutants as entries of one VM after the other: node host.ts FIRST COUNT MILLISECONDS. A VM that takes longer for an entry is stopped and
 * another one started. What the programs and the VM write goes to standard output and error; on the latter, each mutant begins with a
 * line `@@ NUMBER` and ends with a line `@@ ready`, `@@ failed` (an error was reported), `@@ slow`, `@@ exit CODE` or `@@ bug TEXT`.
 */
import { writeSync } from "node:fs";
import { argv } from "node:process";
import { Switches } from "#support";
import type { VirtualMachine } from "#vm";
import { sendEntry, startUvml } from "../../../../guests/uvml/index.ts";
import { Mutants } from "./mutants.ts";

const [first = 0, count = 100, limit = 1000] = argv.slice(2).map(Number);
const MAX_HEAP_BYTES = 32 << 20;
const mutants = new Mutants();

function tell(line: string): void {
  writeSync(2, `\n@@ ${line}\n`);
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

  /** How the VM answers to what `action` does. */
  async ask(action: (vm: VirtualMachine) => void): Promise<string> {
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

async function start(): Promise<Machine> {
  const machine = new Machine(argv[5] === "interpret");
  const how = await machine.ask(() => {});
  if (how !== "ready") tell(`bug at start: ${how}`);
  return machine;
}

let machine: Machine | undefined;
for (let number = first; number < first + count; number++) {
  machine ??= await start();
  tell(String(number));
  const text = mutants.text(number);
  tell(await machine.ask((vm) => sendEntry(vm, { kind: "entry", name: `m${number}`, text })));
  if (machine.isOver) machine = undefined;
}
await machine?.close();
