/** A carrier's ready threads, first come first served: a ring, because an array of thousands shifts slowly. */
export class ReadyQueue {
  #ring = new Uint32Array(64);
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The record of the first thread; 0: there is none. */
  get first(): number {
    return this.#length === 0 ? 0 : this.#ring[this.#first]!;
  }

  push(thread: number): void {
    if (this.#length === this.#ring.length) {
      const larger = new Uint32Array(2 * this.#ring.length);
      larger.set(this.#ring.subarray(this.#first));
      larger.set(this.#ring.subarray(0, this.#first), this.#ring.length - this.#first);
      this.#ring = larger;
      this.#first = 0;
    }
    this.#ring[(this.#first + this.#length++) & (this.#ring.length - 1)] = thread;
  }

  /** Takes the first thread; 0: there is none. */
  shift(): number {
    if (this.#length === 0) return 0;
    const thread = this.#ring[this.#first]!;
    this.#first = (this.#first + 1) & (this.#ring.length - 1);
    this.#length--;
    return thread;
  }
}
