/** A 64-bit xorshift generator with a multiplied output: small state, the same numbers on every VM. */
public final class Rng {
    private long state;

    public Rng(long seed) {
        state = seed * 0x9e3779b97f4a7c15L + 1;
    }

    public long next() {
        long x = state;
        x ^= x << 13;
        x ^= x >>> 7;
        x ^= x << 17;
        state = x;
        return x * 0x2545f4914f6cdd1dL;
    }

    /** Uniform in [0, 1), 53 bits. */
    public double nextDouble() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /** Uniform enough in [0, bound). */
    public int nextInt(int bound) {
        return (int) ((next() >>> 33) % bound);
    }
}
