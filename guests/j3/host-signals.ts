/** Signals on the host's main thread: the operating system's are noted for the guest as its library asks. */
import { constants } from "node:os";
import { CONTROL_GUEST } from "#layout";
import type { Memory } from "#memory";
import { unpark } from "#threads";
import { WORD_SIGNAL_WAITER, WORD_SIGNALS } from "./runtime/words.ts";
import type { SignalRequest } from "./vm/signals.ts";

export class HostSignals {
  readonly #mem: Memory;
  readonly #listeners = new Map<NodeJS.Signals, () => void>();

  constructor(mem: Memory) {
    this.#mem = mem;
  }

  /** Does what the VM thread asks. */
  request({ signal, how }: SignalRequest): void {
    const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] as NodeJS.Signals;
    const old = this.#listeners.get(name);
    if (old !== undefined) process.removeListener(name, old);
    this.#listeners.delete(name);
    if (how === "default") return;
    const listener = how === "ignore" ? () => {} : () => this.#note(signal);
    this.#listeners.set(name, listener);
    process.on(name, listener);
  }

  /** The VM has ended: the process's signals are its own again. */
  end(): void {
    for (const [name, listener] of this.#listeners) process.removeListener(name, listener);
    this.#listeners.clear();
  }

  #note(signal: number): void {
    const mem = this.#mem;
    const table = mem.word(CONTROL_GUEST);
    mem.atomicOr(table + WORD_SIGNALS, 1 << signal);
    unpark(mem, mem.word(table + WORD_SIGNAL_WAITER));
  }
}
