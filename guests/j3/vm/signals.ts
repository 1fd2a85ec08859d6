/**
 * Signals that Java code handles (jdk.internal.misc.Signal). The host's main thread gets them from the operating system and notes them
 * in a shared word; a guest thread sleeps until there is one, and lets the library dispatch it.
 */
import { writeSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { CONTROL_GUEST } from "#layout";
import { unpark } from "#threads";
import type { Steps } from "#vm";
import { GuestThrow } from "../link/index.ts";
import { SERVICE_SIGNALS } from "../runtime/services.ts";
import { WORD_SIGNAL_WAITER, WORD_SIGNALS } from "../runtime/words.ts";
import type { J3Effect, J3Steps } from "./effects.ts";
import { histogramText } from "./heap-reports.ts";
import type { J3 } from "./j3.ts";
import { nameSystemThread, startSystemThread } from "./system-thread.ts";
import { threadDump } from "./thread-dump.ts";

// What handle0 takes and gives.
export const HANDLER_DEFAULT = 0n;
export const HANDLER_IGNORE = 1n;
export const HANDLER_DISPATCH = 2n;

/** What the host sends to the VM thread when SIGQUIT comes. */
export const DUMP_THREADS = "dump threads";

/** What the VM thread asks of the host's main thread. */
export interface SignalRequest {
  readonly signal: number;
  readonly how: "default" | "ignore" | "dispatch";
}

const NAME = "Signal Dispatcher";

export class Signals {
  readonly #j: J3;
  readonly #handlers = new Map<number, bigint>();

  constructor(j: J3) {
    this.#j = j;
    j.vm.register(SERVICE_SIGNALS, () => this.#serve());
  }

  handlerOf(signal: number): bigint {
    return this.#handlers.get(signal) ?? HANDLER_DEFAULT;
  }

  /** Gives the handler that the signal had. */
  handle(signal: number, handler: bigint): bigint {
    const old = this.handlerOf(signal);
    this.#handlers.set(signal, handler);
    if (handler === HANDLER_DISPATCH) startSystemThread(this.#j, NAME, SERVICE_SIGNALS, WORD_SIGNAL_WAITER);
    const how = handler === HANDLER_DEFAULT ? "default" : handler === HANDLER_IGNORE ? "ignore" : "dispatch";
    if (old !== handler) parentPort?.postMessage({ signal, how } satisfies SignalRequest);
    return old;
  }

  /** Prints what all threads are doing. */
  dumpThreads(): void {
    writeSync(1, threadDump(this.#j));
    if (this.#j.flags.isOn("PrintClassHistogram")) writeSync(1, histogramText(this.#j));
  }

  /** As if the operating system had sent it. */
  raise(signal: number): void {
    const { mem } = this.#j;
    mem.atomicOr(mem.word(CONTROL_GUEST) + WORD_SIGNALS, 1 << signal);
    unpark(mem, mem.word(mem.word(CONTROL_GUEST) + WORD_SIGNAL_WAITER));
  }

  *#serve(): Steps<J3Effect> {
    const { mem } = this.#j;
    const word = mem.word(CONTROL_GUEST) + WORD_SIGNALS;
    for (let named = false; ; ) {
      const pending = mem.atomicSwap(word, 0);
      if (pending === 0) {
        yield { kind: "park", milliseconds: -1 };
        continue;
      }
      if (!named) yield* nameSystemThread(this.#j, NAME);
      named = true;
      for (let signal = 1; signal < 32; signal++) if ((pending & (1 << signal)) !== 0) yield* this.#dispatch(signal);
    }
  }

  *#dispatch(signal: number): J3Steps<void> {
    try {
      yield* this.#j.invokeStatic("jdk/internal/misc/Signal", "dispatch", "(I)V", [signal]);
    } catch (failure) {
      if (!(failure instanceof GuestThrow)) throw failure;
      this.#j.log(`Exception in the dispatch of signal ${signal}: ${failure.message}`);
    }
  }
}
