/** Math functions with exact answers, StrictMath, and the transcendental ones to ten digits. */
public class MathFunctions {
    public static void main(String[] args) {
        double[] values = {0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 4503599627370497.5, 1e300, Double.NaN,
            Double.NEGATIVE_INFINITY};
        for (double v : values) {
            System.out.println(v + ": " + Math.floor(v) + " " + Math.ceil(v) + " " + Math.rint(v) + " " + Math.round(v) + " " + Math.abs(v) + " "
                + Math.signum(v) + " " + Math.sqrt(v) + " " + Math.ulp(v) + " " + Math.nextUp(v) + " " + Math.getExponent(v));
        }
        System.out.println(Math.round(-2.5f) + " " + Math.round(2.5f) + " " + Math.round(Float.MAX_VALUE) + " " + Math.round(Float.NaN));
        System.out.println(Math.max(-0.0, 0.0) + " " + Math.min(0.0, -0.0) + " " + Math.max(Double.NaN, 1) + " " + Math.min(3, -4) + " " + Math.max(1f, Float.NaN));
        System.out.println(Math.fma(0.1, 10, -1) + " " + Math.fma(3f, 4f, 5f) + " " + Math.scalb(1.5, 10) + " " + Math.copySign(3, -0.0));
        System.out.println(Math.hypot(3, 4) + " " + Math.cbrt(27) + " " + Math.IEEEremainder(5, 3) + " " + Math.toDegrees(Math.PI) + " " + Math.toRadians(180));
        System.out.println(Math.pow(2, 10) + " " + Math.pow(2, -1074) + " " + Math.pow(0, 0) + " " + Math.pow(Double.NaN, 0) + " " + Math.pow(-8, 3) + " " + Math.pow(-8, 0.5));
        System.out.println(Math.nextAfter(1.0, 2) + " " + Math.nextDown(0.0f) + " " + Math.floorMod(-13L, 5) + " " + Math.ceil(-0.3) + " " + Math.absExact(-9));
        double[] angles = {0.1, 1, 2, 3, 10, 100, 1e5};
        for (double a : angles) {
            System.out.printf("%.10f %.10f %.10f %.10f %.10f %.10f%n", Math.sin(a), Math.cos(a), Math.tan(a), Math.atan(a), Math.log(a), Math.log10(a));
        }
        System.out.printf("%.10f %.10f %.10f %.10f %.10f%n", Math.exp(1.5), Math.pow(1.1, 20.5), Math.atan2(-1, -2), Math.asin(0.3), Math.acos(0.3));
        System.out.printf("%.10f %.10f %.10f %.10f %.10f%n", Math.sinh(1.2), Math.cosh(1.2), Math.tanh(0.7), Math.expm1(1e-5), Math.log1p(1e-5));
        System.out.println(StrictMath.sin(1) + " " + StrictMath.cos(1) + " " + StrictMath.log(10) + " " + StrictMath.exp(1) + " " + StrictMath.pow(1.1, 20.5));
        System.out.println(StrictMath.cbrt(2) + " " + StrictMath.hypot(1, 2) + " " + StrictMath.atan(0.7) + " " + StrictMath.sqrt(2));
    }
}
