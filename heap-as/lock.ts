/**
 * A lock in one word of shared memory.
 *
 *   0 free ──cmpxchg──▶ 1 held ──store──▶ 0       1 ──cmpxchg──▶ 2 held, somebody sleeps ──exchange, notify──▶ 0
 *
 * Held for a few dozen instructions and never across a safepoint, so spinning nearly always suffices; a holder that lost its core
 * is waited for asleep, a tenth of a millisecond at most each time.
 */
export abstract class Lock {
  static acquire(word: usize): void {
    for (let spins = 0; spins < 200; spins++) {
      if (atomic.load<u32>(word) == 0 && atomic.cmpxchg<u32>(word, 0, 1) == 0) return;
    }
    while (atomic.xchg<u32>(word, 2) != 0) atomic.wait<i32>(word, 2, 100_000);
  }

  @inline static release(word: usize): void {
    if (atomic.xchg<u32>(word, 0) == 2) atomic.notify(word, 1);
  }
}
