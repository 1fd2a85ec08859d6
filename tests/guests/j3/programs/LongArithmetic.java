/** Corner cases of every long opcode: ladd lsub lmul ldiv lrem lneg lshl lshr lushr land lor lxor lcmp. */
public class LongArithmetic {
    static final long[] values = {0, 1, -1, 2, -3, 10, 63, 64, 65, -1000, 1L << 31, 1L << 32, (1L << 32) - 1, 0x123456789abcdefL,
        Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1};

    static long hash;

    static void mix(long x) {
        hash = hash * 1000003 + x;
    }

    static long divide(long a, long b) {
        try {
            return a / b;
        } catch (ArithmeticException e) {
            return 12345;
        }
    }

    static long remainder(long a, long b) {
        try {
            return a % b;
        } catch (ArithmeticException e) {
            return 54321;
        }
    }

    public static void main(String[] args) {
        for (long a : values) {
            hash = 17;
            for (long b : values) {
                mix(a + b);
                mix(a - b);
                mix(a * b);
                mix(divide(a, b));
                mix(remainder(a, b));
                mix(a << b);
                mix(a >> b);
                mix(a >>> b);
                mix(a & b);
                mix(a | b);
                mix(a ^ b);
                mix((a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a == b ? 16 : 0) + (a != b ? 32 : 0));
            }
            mix(-a);
            mix(~a);
            System.out.println(hash);
        }
        System.out.println(Long.MIN_VALUE / divide(-1, 1));
        System.out.println(Long.MIN_VALUE % divide(-1, 1));
        System.out.println(Long.toHexString(0xcafebabedeadbeefL >>> 12));
        System.out.println(Long.divideUnsigned(-1L, 10) + " " + Long.remainderUnsigned(-1L, 10));
        System.out.println(Long.compareUnsigned(-1L, 1L) + " " + Long.toUnsignedString(-2L));
        System.out.println(Math.multiplyHigh(Long.MAX_VALUE, Long.MAX_VALUE) + " " + Math.multiplyHigh(-5L, 3L));
        System.out.println(Long.numberOfLeadingZeros(1L << 40) + " " + Long.numberOfTrailingZeros(1L << 40) + " " + Long.bitCount(-1L));
        System.out.println(Long.reverse(1L) + " " + Long.reverseBytes(0x0102030405060708L) + " " + Long.rotateLeft(0x8000000000000001L, 4));
        long compound = 5;
        compound += 0.75; // through double and back
        compound <<= 33;
        System.out.println(compound);
        try {
            System.out.println(1L % values[0]);
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
    }
}
