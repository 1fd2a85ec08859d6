/** What Workers tell the host. Each has a port of its own, so messages carry numbers: the host takes them in the order they were told. */
import type { Heap } from "#heap";
import { sharedWord } from "./objects.ts";

/** A line to print, the picture as iterations per pixel and row by row, or what a thread died of. */
export type ToyMessage =
  | { readonly kind: "line" | "failure"; readonly text: string }
  | { readonly kind: "picture"; readonly counts: Uint32Array };

interface Told {
  readonly number: number;
  readonly message: ToyMessage;
}

/** Tells the host, from any Worker. */
export function tell(worker: { readonly heap: Heap; readonly post: (told: Told) => void }, message: ToyMessage): void {
  const number = worker.heap.atomicAdd(sharedWord(worker.heap, "messages"), 1);
  worker.post({ number, message });
}

/** The host's side: gives on what comes, in order. */
export class Listener {
  readonly #hear: (message: ToyMessage) => void;
  readonly #early = new Map<number, ToyMessage>();
  #next = 0;

  constructor(hear: (message: ToyMessage) => void) {
    this.#hear = hear;
  }

  take(told: unknown): void {
    const { number, message } = told as Told;
    this.#early.set(number, message);
    for (let next = this.#early.get(this.#next); next !== undefined; next = this.#early.get(this.#next)) {
      this.#early.delete(this.#next++);
      this.#hear(next);
    }
  }
}
