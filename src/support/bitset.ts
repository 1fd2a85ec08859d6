/** A set of small non-negative integers: one bit each, 32 to a word. */
export class BitSet implements Iterable<number> {
  #words: Uint32Array;

  /** An empty set; `capacity` is how many members to make room for. It grows when something larger is added. */
  constructor(capacity = 0) {
    this.#words = new Uint32Array((capacity + 31) >>> 5);
  }

  /** The set of the given members. */
  static of(...members: readonly number[]): BitSet {
    const set = new BitSet();
    for (const member of members) set.add(member);
    return set;
  }

  has(member: number): boolean {
    return ((this.#words[member >>> 5] ?? 0) & (1 << (member & 31))) !== 0;
  }

  /** Puts the member in; true if it was not there before. */
  add(member: number): boolean {
    const index = member >>> 5;
    if (index >= this.#words.length) this.#grow(index + 1);
    const before = this.#words[index] ?? 0;
    const bit = 1 << (member & 31);
    this.#words[index] = before | bit;
    return (before & bit) === 0;
  }

  /** Takes the member out; true if it was there. */
  delete(member: number): boolean {
    const index = member >>> 5;
    const before = this.#words[index] ?? 0;
    const bit = 1 << (member & 31);
    if ((before & bit) === 0) return false;
    this.#words[index] = before & ~bit;
    return true;
  }

  /** Takes all members out; keeps the room. */
  clear(): void {
    this.#words.fill(0);
  }

  /** Adds all members of the other set; true if this one changed. */
  union(other: BitSet): boolean {
    const theirs = other.#words;
    if (theirs.length > this.#words.length) this.#grow(theirs.length);
    const ours = this.#words;
    let changed = 0;
    for (let i = 0; i < theirs.length; i++) {
      const before = ours[i] ?? 0;
      const after = before | (theirs[i] ?? 0);
      changed |= before ^ after;
      ours[i] = after;
    }
    return changed !== 0;
  }

  /** Keeps only what is in the other set too; true if this one changed. */
  intersect(other: BitSet): boolean {
    const ours = this.#words;
    const theirs = other.#words;
    let changed = 0;
    for (let i = 0; i < ours.length; i++) {
      const before = ours[i] ?? 0;
      const after = before & (theirs[i] ?? 0);
      changed |= before ^ after;
      ours[i] = after;
    }
    return changed !== 0;
  }

  /** Takes out what is in the other set; true if this one changed. */
  subtract(other: BitSet): boolean {
    const ours = this.#words;
    const theirs = other.#words;
    const shared = Math.min(ours.length, theirs.length);
    let changed = 0;
    for (let i = 0; i < shared; i++) {
      const before = ours[i] ?? 0;
      const after = before & ~(theirs[i] ?? 0);
      changed |= before ^ after;
      ours[i] = after;
    }
    return changed !== 0;
  }

  /** Makes this set equal to the other one. */
  copyFrom(other: BitSet): void {
    if (other.#words.length > this.#words.length) {
      this.#words = other.#words.slice();
      return;
    }
    this.#words.set(other.#words);
    this.#words.fill(0, other.#words.length);
  }

  clone(): BitSet {
    const copy = new BitSet();
    copy.#words = this.#words.slice();
    return copy;
  }

  /** Whether both have the same members; room does not count. */
  equals(other: BitSet): boolean {
    const length = Math.max(this.#words.length, other.#words.length);
    for (let i = 0; i < length; i++) {
      if ((this.#words[i] ?? 0) !== (other.#words[i] ?? 0)) return false;
    }
    return true;
  }

  isEmpty(): boolean {
    return this.#words.every((word) => word === 0);
  }

  /** How many members there are; counts them each time. */
  get size(): number {
    let count = 0;
    for (const word of this.#words) {
      let bits = word - ((word >>> 1) & 0x55555555);
      bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
      count += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    }
    return count;
  }

  /**
   * The smallest member that is at least `from`, or -1. The loop without allocation:
   * `for (let v = set.next(0); v >= 0; v = set.next(v + 1))`
   */
  next(from: number): number {
    const words = this.#words;
    let index = from >>> 5;
    if (index >= words.length) return -1;
    let word = (words[index] ?? 0) & (-1 << (from & 31));
    while (word === 0) {
      index += 1;
      if (index >= words.length) return -1;
      word = words[index] ?? 0;
    }
    return (index << 5) + (31 - Math.clz32(word & -word));
  }

  /** Calls back for each member in ascending order. The set may lose members meanwhile, but not gain any. */
  forEach(visit: (member: number) => void): void {
    const words = this.#words;
    for (let index = 0; index < words.length; index++) {
      let word = words[index] ?? 0;
      while (word !== 0) {
        const low = word & -word;
        visit((index << 5) + (31 - Math.clz32(low)));
        word ^= low;
      }
    }
  }

  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (let member = this.next(0); member >= 0; member = this.next(member + 1)) yield member;
  }

  /** Reads `{1 5 9}`. */
  toString(): string {
    return `{${[...this].join(" ")}}`;
  }

  #grow(words: number): void {
    const larger = new Uint32Array(Math.max(words, this.#words.length * 2));
    larger.set(this.#words);
    this.#words = larger;
  }
}
