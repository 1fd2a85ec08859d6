/** float opcodes: fadd fsub fmul fdiv frem fneg fcmpl fcmpg, with infinities, zeros, denormals and NaN. */
public class FloatArithmetic {
    static final float[] values = {0f, -0f, 1f, -1f, 0.1f, 3.5f, -7.25f, 1e-45f, 1.17549435e-38f, 3.4028235e38f, -3.4028235e38f,
        16777217f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};

    static int hash;

    static void mix(float x) {
        hash = hash * 31 + Float.floatToIntBits(x);
    }

    static int compare(float a, float b) {
        return (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a == b ? 16 : 0) + (a != b ? 32 : 0)
            + (!(a < b) ? 64 : 0) + (!(a > b) ? 128 : 0);
    }

    public static void main(String[] args) {
        for (float a : values) {
            hash = 17;
            for (float b : values) {
                mix(a + b);
                mix(a - b);
                mix(a * b);
                mix(a / b);
                mix(a % b);
                hash = hash * 31 + compare(a, b);
            }
            mix(-a);
            System.out.println(a + " " + hash);
        }
        float zero = values[0];
        System.out.println(1 / zero + " " + -1 / zero + " " + 1 / -zero + " " + zero / zero);
        System.out.println(5.5f % -2f + " " + -5.5f % 2f + " " + 5f % Float.POSITIVE_INFINITY + " " + zero % 3f);
        float sum = 0;
        for (int i = 0; i < 1000; i++) sum += 0.1f;
        System.out.println(sum);
        System.out.println(16777216f + 1f);
        System.out.println(Float.MIN_VALUE / 2 + " " + Float.MAX_VALUE * 2 + " " + Float.MIN_NORMAL);
        System.out.println(Float.compare(0f, -0f) + " " + Float.compare(Float.NaN, 1f) + " " + Float.valueOf(0f).equals(-0f));
        System.out.println(Float.intBitsToFloat(0x7fc00001) + " " + Integer.toHexString(Float.floatToIntBits(Float.intBitsToFloat(0x7fc12345))));
        System.out.println(Float.toHexString(0.1f) + " " + Float.parseFloat("1e39") + " " + Math.ulp(1f));
    }
}
