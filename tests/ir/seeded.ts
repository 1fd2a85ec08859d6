/** A seeded source of random numbers (xorshift32): the same seed gives the same program everywhere. */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Mixed, so that neighbouring seeds have nothing in common.
    let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    this.#state = (mixed ^ (mixed >>> 16)) | 1;
  }

  /** 32 random bits, signed. */
  bits(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return Math.imul(state, 0x2545f491) | 0;
  }

  /** From 0, below the limit. */
  below(limit: number): number {
    return (this.bits() >>> 4) % limit;
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error("pick from nothing");
    return found;
  }
}
