/** Signals on the host's main thread: the operating system's are noted for the guest as its library asks. */
import { constants } from "node:os";
import { CONTROL_GUEST } from "#layout";
import type { Memory } from "#memory";
import { unpark } from "#threads";
import type { VirtualMachine } from "#vm";
import { WORD_SIGNAL_WAITER, WORD_SIGNALS } from "./runtime/words.ts";
import { DUMP_THREADS, type SignalRequest } from "./vm/signals.ts";

export class HostSignals {
  readonly #mem: Memory;
  readonly #listeners = new Map<NodeJS.Signals, () => void>();

  /** `dumpsThreads`: SIGQUIT prints what the threads are doing. */
  constructor(vm: VirtualMachine, dumpsThreads: boolean) {
    this.#mem = vm.mem;
    if (dumpsThreads) this.#listen("SIGQUIT", () => vm.send(DUMP_THREADS));
  }

  /** Does what the VM thread asks. */
  request({ signal, how }: SignalRequest): void {
    const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] as NodeJS.Signals;
    const old = this.#listeners.get(name);
    if (old !== undefined) process.removeListener(name, old);
    this.#listeners.delete(name);
    if (how === "default") return;
    this.#listen(name, how === "ignore" ? () => {} : () => this.#note(signal));
  }

  /** The VM has ended: the process's signals are its own again. */
  end(): void {
    for (const [name, listener] of this.#listeners) process.removeListener(name, listener);
    this.#listeners.clear();
  }

  #listen(name: NodeJS.Signals, listener: () => void): void {
    this.#listeners.set(name, listener);
    process.on(name, listener);
  }

  #note(signal: number): void {
    const mem = this.#mem;
    const table = mem.word(CONTROL_GUEST);
    mem.atomicOr(table + WORD_SIGNALS, 1 << signal);
    unpark(mem, mem.word(table + WORD_SIGNAL_WAITER));
  }
}
