/** Guest threads that sleep until something happens on the VM thread. */
import { CONTROL_GUEST, CONTROL_PENDING } from "#layout";
import { unpark } from "#threads";
import type { LinkedClass } from "../link/index.ts";
import { WORD_NOTICE_WAITER } from "../runtime/words.ts";
import type { J3 } from "./j3.ts";

export class Waiters {
  readonly #j: J3;
  readonly #classes = new Map<LinkedClass, number[]>();

  constructor(j: J3) {
    this.#j = j;
  }

  /** The calling thread waits for the initialisation of a class to end. */
  waitFor(cls: LinkedClass): void {
    const thread = this.#j.vm.current?.thread as number;
    const list = this.#classes.get(cls);
    if (list === undefined) this.#classes.set(cls, [thread]);
    else list.push(thread);
  }

  wakeClass(cls: LinkedClass): void {
    for (const thread of this.#classes.get(cls) ?? []) unpark(this.#j.mem, thread);
    this.#classes.delete(cls);
  }

  /** A collection has run: the thread that hands out cleared references may have work. */
  afterCollection(): void {
    const { mem } = this.#j;
    const waiter = this.#j.words.referenceWaiter();
    if (waiter !== 0 && mem.word(CONTROL_PENDING) !== 0) unpark(mem, waiter);
    const teller = mem.atomicLoad(mem.word(CONTROL_GUEST) + WORD_NOTICE_WAITER);
    if (teller !== 0) unpark(mem, teller);
  }

  get nonDaemons(): number {
    return this.#j.words.nonDaemons();
  }

  /** The calling thread waits for all non-daemon threads to end; to be called before looking how many there are. */
  waitForEnd(): void {
    this.#j.words.setEndWaiter(this.#j.vm.current?.thread as number);
  }
}
