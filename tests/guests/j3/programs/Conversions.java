/** All fifteen numeric conversion opcodes, implicit widening and compound assignments that narrow. */
public class Conversions {
    public static void main(String[] args) {
        int[] ints = {0, -1, 127, 128, 255, 256, 32768, 65535, 65536, 16777217, Integer.MAX_VALUE, Integer.MIN_VALUE};
        for (int i : ints) {
            System.out.println(i + ": " + (byte) i + " " + (short) i + " " + (int) (char) i + " " + (long) i + " " + (float) i + " " + (double) i);
        }
        long[] longs = {1L << 31, 1L << 53, (1L << 53) + 1, (1L << 62) + 12345, Long.MAX_VALUE, Long.MIN_VALUE, -1L};
        for (long l : longs) {
            System.out.println(l + ": " + (int) l + " " + (float) l + " " + (double) l + " " + (byte) l);
        }
        double[] doubles = {0.99, -0.99, 1e10, -1e10, 1e20, -1e20, 2147483647.5, -2147483648.5, 2147483648.0, 9.3e18, Double.NaN,
            Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 1e40, 1e-50};
        for (double d : doubles) {
            System.out.println(d + ": " + (int) d + " " + (long) d + " " + (float) d + " " + (byte) d + " " + (short) d + " " + (int) (char) d);
        }
        float[] floats = {0.5f, -1.5f, 3e9f, -3e9f, 1e19f, -1e19f, Float.NaN, Float.MAX_VALUE, Float.MIN_VALUE};
        for (float f : floats) {
            System.out.println(f + ": " + (int) f + " " + (long) f + " " + (double) f + " " + (byte) f + " " + (char) (f + 65));
        }
        byte b = 120;
        b += 10;
        b >>>= 1;
        short s = -1;
        s >>>= 10;
        char c = 'a';
        c += 1;
        c++;
        int i = 10;
        i *= 1.55;
        i -= 0.5f;
        System.out.println(b + " " + s + " " + c + " " + i);
        long mixed = 'x' + 1L * (byte) 300;
        float widened = mixed;
        System.out.println(mixed + " " + widened + " " + (char) mixed + " " + (5 / 2 * 2.0) + " " + (char) ('a' + 2) + ('a' + 2));
        Object boxed = true ? 1 : 2.0; // binary numeric promotion unboxes both
        System.out.println(boxed);
        System.out.println((byte) 0x80 >> 1 | (byte) 0x80 >>> 28);
        System.out.println((short) 0x8000 + " " + (char) 0x8000 / 2 + " " + (0xff & (byte) -2));
    }
}
