/** double opcodes: dadd dsub dmul ddiv drem dneg dcmpl dcmpg, and how doubles print and parse. */
public class DoubleArithmetic {
    static final double[] values = {0d, -0d, 1d, -1d, 0.1, 1d / 3, 2.5, -7.25, 4.9e-324, 2.2250738585072014E-308, Double.MAX_VALUE,
        9007199254740993d, 1e22, 1e23, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};

    static long hash;

    static void mix(double x) {
        hash = hash * 31 + Double.doubleToLongBits(x);
    }

    static int compare(double a, double b) {
        return (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a == b ? 16 : 0) + (a != b ? 32 : 0)
            + (!(a <= b) ? 64 : 0) + (!(a >= b) ? 128 : 0);
    }

    public static void main(String[] args) {
        for (double a : values) {
            hash = 17;
            for (double b : values) {
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
        System.out.println(0.1 + 0.2);
        System.out.println(100.0 + " " + 1e7 + " " + 1.0E-3 + " " + 9.999e-4 + " " + 123456789.125);
        System.out.println(5.5 % -2 + " " + -5.5 % 2 + " " + 1e300 % 7 + " " + -0.0 % 5);
        System.out.println(Double.parseDouble("0x1.8p3") + " " + Double.parseDouble("  -1.5e-3  ") + " " + Double.valueOf("Infinity"));
        System.out.println(Double.toHexString(Math.PI) + " " + Double.toHexString(Double.MIN_VALUE));
        System.out.println(Double.compare(-0.0, 0.0) + " " + Double.isNaN(0.0 / 0.0) + " " + Double.hashCode(1.5));
        double x = 1;
        int halvings = 0;
        while (x > 0) {
            x /= 2;
            halvings++;
        }
        System.out.println(halvings);
        try {
            Double.parseDouble("1.2.3");
        } catch (NumberFormatException e) {
            System.out.println(e.getMessage());
        }
    }
}
