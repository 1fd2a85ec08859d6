/** Every comparison of long, float and double in branch and value position, NaN included; lcmp, fcmpl/g, dcmpl/g. */
public class CompareNaN {
    static String relation(double a, double b) {
        StringBuilder s = new StringBuilder();
        if (a < b) s.append('<');
        if (a > b) s.append('>');
        if (a == b) s.append('=');
        if (!(a < b)) s.append("!<");
        if (!(a > b)) s.append("!>");
        if (!(a <= b)) s.append("!<=");
        if (!(a >= b)) s.append("!>=");
        if (a != b) s.append("!=");
        return s.toString();
    }

    static String relation(float a, float b) {
        boolean less = a < b, lessEqual = a <= b, greater = a > b, greaterEqual = a >= b, equal = a == b, unequal = a != b;
        return "" + less + lessEqual + greater + greaterEqual + equal + unequal;
    }

    static String relation(long a, long b) {
        return a < b ? "less" : a > b ? "greater" : "equal";
    }

    public static void main(String[] args) {
        double[] doubles = {Double.NaN, Double.NEGATIVE_INFINITY, -1, -0.0, 0.0, 1, Double.POSITIVE_INFINITY};
        for (double a : doubles)
            for (double b : doubles) System.out.println(a + " " + b + " " + relation(a, b) + " " + Double.compare(a, b));
        float[] floats = {Float.NaN, -0f, 0f, Float.MIN_VALUE, Float.POSITIVE_INFINITY};
        for (float a : floats)
            for (float b : floats) System.out.println(a + " " + b + " " + relation(a, b) + " " + Float.compare(a, b));
        long[] longs = {Long.MIN_VALUE, -1, 0, 1, 1L << 32, Long.MAX_VALUE};
        for (long a : longs)
            for (long b : longs) System.out.println(a + " " + b + " " + relation(a, b) + " " + Long.compare(a, b));
        int count = 0;
        for (double d = 0; d != 1.0 && count < 20; d += 0.1) count++;
        System.out.println(count);
        double nan = doubles[0];
        while (nan == nan) count = -1;
        do count++; while (nan >= 0);
        System.out.println(count);
        boolean sorted = true;
        java.util.Arrays.sort(doubles);
        for (int i = 1; i < doubles.length; i++) sorted &= Double.compare(doubles[i - 1], doubles[i]) <= 0;
        System.out.println(sorted + " " + doubles[doubles.length - 1] + " " + java.util.Arrays.toString(doubles));
    }
}
