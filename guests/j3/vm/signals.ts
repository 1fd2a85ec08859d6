/**
 * Signals that Java code handles (jdk.internal.misc.Signal). The host's main thread gets them from the operating system and notes them
 * in a shared word; a guest thread sleeps until there is one, and lets the library dispatch it.
 */
import { writeSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { Builder, Func, signature } from "#ir";
import { SERVICE_CALL_SIGNATURE } from "#jit";
import { CONTROL_GUEST, THREAD_FLAGS } from "#layout";
import { FLAG_DAEMON, unpark } from "#threads";
import { makeThread, type Steps, startThread } from "#vm";
import { GuestThrow } from "../link/index.ts";
import { SERVICE_SIGNALS } from "../runtime/services.ts";
import { WORD_SIGNAL_WAITER, WORD_SIGNALS } from "../runtime/words.ts";
import { attachThread } from "./boot.ts";
import type { J3Effect, J3Steps } from "./effects.ts";
import { histogramText } from "./heap-reports.ts";
import type { J3 } from "./j3.ts";
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

const STACK_BYTES = 256 * 1024;
const PRIORITY = 9;

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
    if (handler === HANDLER_DISPATCH) this.#startDispatcher();
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

  /** It has no java.lang.Thread before the first signal comes: the library may be booting. */
  #startDispatcher(): void {
    const { code, heap, helpers, mem } = this.#j;
    const waiter = mem.word(CONTROL_GUEST) + WORD_SIGNAL_WAITER;
    if (mem.word(waiter) !== 0) return;
    const none = signature([], null);
    const entry = code.allocate(none, 0, () => {
      const b = new Builder(new Func("signal dispatcher", none));
      b.entry();
      b.call(helpers.service, SERVICE_CALL_SIGNATURE, [b.i32(SERVICE_SIGNALS), b.i32(0), b.i32(0)]);
      b.ret();
      return b.finish();
    });
    const thread = makeThread(mem, heap, entry, STACK_BYTES);
    if (thread === 0) throw new Error("there is no memory for the stack of the signal dispatcher");
    mem.setWord(thread + THREAD_FLAGS, FLAG_DAEMON);
    mem.atomicStore(waiter, thread);
    code.start();
    startThread(mem, thread);
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
      if (!named) yield* this.#makeThread();
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

  /** Without a Thread object no Java code can run. */
  *#makeThread(): J3Steps<void> {
    const { mainGroup, objects, threadStatus, world } = this.#j;
    const thread = attachThread(this.#j);
    objects.setInt(thread, objects.field("java/lang/Thread", "daemon", "Z"), 1);
    objects.setInt(thread, objects.field("java/lang/Thread", "priority", "I"), PRIORITY);
    const parent = objects.field("java/lang/ThreadGroup", "parent", "Ljava/lang/ThreadGroup;");
    const descriptor = "(Ljava/lang/ThreadGroup;Ljava/lang/String;)V";
    yield* this.#j.invoke(this.#j.method(world.boot("java/lang/Thread"), "<init>", descriptor), [
      thread,
      objects.getHandle(mainGroup, parent),
      objects.newString("Signal Dispatcher"),
    ]);
    objects.setInt(thread, objects.field("java/lang/Thread", "threadStatus", "I"), threadStatus.runnable);
  }
}
