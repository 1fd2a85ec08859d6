/**
 * Threads of a carrier that gave way, each first come first served: the young ones, which had few slices since they last waited or began, and
 * the others. What is soon done need not wait for a turn of all who compute for long: while the young are fewer they have every second turn,
 * otherwise as many as they are.
 */
import { ReadyQueue } from "./ready-queue.ts";

const LEAST_SHARE = 0.5;

export class TurnQueue {
  readonly #young = new ReadyQueue();
  readonly #others = new ReadyQueue();
  /** Turns that are due to the young. */
  #due = 0;

  get length(): number {
    return this.#young.length + this.#others.length;
  }

  push(thread: number, isYoung: boolean): void {
    (isYoung ? this.#young : this.#others).push(thread);
  }

  /** Takes the thread whose turn it is; 0: there is none. */
  shift(): number {
    const young = this.#young.length;
    if (young === 0) return this.#others.shift();
    if (this.#others.length === 0) return this.#young.shift();
    this.#due += Math.max(LEAST_SHARE, young / this.length);
    if (this.#due < 1) return this.#others.shift();
    this.#due--;
    return this.#young.shift();
  }
}
