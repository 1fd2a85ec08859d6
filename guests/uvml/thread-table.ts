/** Which threads ended by what they raised, and whether anybody joined them: what nobody has seen is reported when all threads have ended. */
import { CONTROL_EXIT_STATUS, CONTROL_GUEST } from "#layout";
import type { Call } from "#vm";
import type { Driver } from "./driver.ts";
import { THREAD_THROWN } from "./layout.ts";
import { WORD_LIVE } from "./natives/words.ts";
import type { Trace, UvmlRuntime } from "./runtime.ts";

export class ThreadTable {
  readonly #runtime: UvmlRuntime;
  readonly #driver: Driver;
  /** Handles of thread objects. */
  #failed: { readonly handle: number; readonly trace: Trace | undefined }[] = [];

  constructor(runtime: UvmlRuntime, driver: Driver) {
    this.#runtime = runtime;
    this.#driver = driver;
  }

  threw(call: Call): void {
    const { mem, thread } = this.#runtime.vm;
    const object = mem.word(call.nextRef());
    const trace = this.#runtime.takeRaised(call.thread, mem.word(object + THREAD_THROWN));
    this.#failed.push({ handle: thread.roots.add(object), trace });
  }

  joined(call: Call): void {
    const { mem, thread } = this.#runtime.vm;
    const object = mem.word(call.nextRef());
    const failed = this.#failed.find((each) => thread.roots.get(each.handle) === object);
    const trace = failed?.trace ?? this.#runtime.trace(call.sp);
    this.#runtime.noteRaised(call.thread, mem.word(object + THREAD_THROWN), trace);
    if (failed === undefined) return;
    this.#failed = this.#failed.filter((each) => each !== failed);
    thread.roots.remove(failed.handle);
  }

  ended(): void {
    const { mem, thread } = this.#runtime.vm;
    if (mem.atomicAdd(mem.word(CONTROL_GUEST) + 4 * WORD_LIVE, -1) !== 1) return;
    for (const { handle, trace } of this.#failed) {
      mem.atomicCas(CONTROL_EXIT_STATUS, 0, 1);
      this.#driver.reportRaised(mem.word(thread.roots.get(handle) + THREAD_THROWN), trace);
    }
    this.#failed = [];
  }
}
