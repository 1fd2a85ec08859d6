/** Deadlines of a carrier's suspended threads: a binary heap, so that ten thousand sleepers cost little. */

/** What has a deadline; it knows its place in the heap. */
export interface Timed {
  /** Monotonic milliseconds. */
  readonly deadline: number;
  /** -1: it is in no heap. Written by {@link Deadlines}. */
  place: number;
}

export class Deadlines<T extends Timed> {
  readonly #heap: T[] = [];

  /** The earliest deadline; Infinity: there is none. */
  get first(): number {
    return this.#heap[0]?.deadline ?? Number.POSITIVE_INFINITY;
  }

  add(timed: T): void {
    this.#up(timed, this.#heap.length);
  }

  /** Takes it out, if it is there. */
  remove(timed: T): void {
    const { place } = timed;
    if (place < 0) return;
    timed.place = -1;
    const last = this.#heap.pop()!;
    if (last === timed) return;
    if (place > 0 && last.deadline < this.#heap[(place - 1) >> 1]!.deadline) this.#up(last, place);
    else this.#down(last, place);
  }

  /** Takes out one whose deadline is not after `now`, the earliest first. */
  takeDue(now: number): T | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.deadline > now) return undefined;
    this.remove(first);
    return first;
  }

  #up(timed: T, from: number): void {
    const heap = this.#heap;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above]!;
      if (parent.deadline <= timed.deadline) break;
      heap[place] = parent;
      parent.place = place;
      place = above;
    }
    heap[place] = timed;
    timed.place = place;
  }

  #down(timed: T, from: number): void {
    const heap = this.#heap;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && heap[below + 1]!.deadline < heap[below]!.deadline) below++;
      const child = heap[below]!;
      if (child.deadline >= timed.deadline) break;
      heap[place] = child;
      child.place = place;
      place = below;
    }
    heap[place] = timed;
    timed.place = place;
  }
}
