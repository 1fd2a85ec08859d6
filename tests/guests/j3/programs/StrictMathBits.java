/** StrictMath has one right answer for every argument: checksums over many, and the special ones in full. */
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

public class StrictMathBits {
    static final double[] SPECIAL = {0.0, -0.0, 1, -1, 0.5, 2, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE, Double.MAX_VALUE, Double.MIN_NORMAL, 710, -710, 1e-300, Math.PI, Math.E};

    static double argument(Random random, int i) {
        switch (i % 4) {
            case 0: return Double.longBitsToDouble(random.nextLong());
            case 1: return (random.nextDouble() - 0.5) * 4;
            case 2: return (random.nextDouble() - 0.5) * 2000;
            default: return Math.scalb(random.nextDouble() * 2 - 1, random.nextInt(80) - 60);
        }
    }

    static void unary(String name, DoubleUnaryOperator f) {
        Random random = new Random(name.hashCode());
        long sum = 0;
        for (int i = 0; i < 20000; i++) sum = sum * 31 + Double.doubleToLongBits(f.applyAsDouble(argument(random, i)));
        StringBuilder text = new StringBuilder(name);
        for (double x : SPECIAL) text.append(' ').append(f.applyAsDouble(x));
        System.out.println(text + " " + Long.toHexString(sum));
    }

    static void binary(String name, DoubleBinaryOperator f) {
        Random random = new Random(name.hashCode());
        long sum = 0;
        for (int i = 0; i < 20000; i++) sum = sum * 31 + Double.doubleToLongBits(f.applyAsDouble(argument(random, i), argument(random, i / 4)));
        for (double x : SPECIAL) for (double y : SPECIAL) sum = sum * 31 + Double.doubleToLongBits(f.applyAsDouble(x, y));
        System.out.println(name + " " + Long.toHexString(sum));
    }

    public static void main(String[] args) {
        unary("sin", StrictMath::sin);
        unary("cos", StrictMath::cos);
        unary("tan", StrictMath::tan);
        unary("asin", StrictMath::asin);
        unary("acos", StrictMath::acos);
        unary("atan", StrictMath::atan);
        unary("exp", StrictMath::exp);
        unary("log", StrictMath::log);
        unary("log10", StrictMath::log10);
        unary("sqrt", StrictMath::sqrt);
        unary("cbrt", StrictMath::cbrt);
        unary("sinh", StrictMath::sinh);
        unary("cosh", StrictMath::cosh);
        unary("tanh", StrictMath::tanh);
        unary("expm1", StrictMath::expm1);
        unary("log1p", StrictMath::log1p);
        unary("floor", StrictMath::floor);
        unary("ceil", StrictMath::ceil);
        unary("rint", StrictMath::rint);
        unary("abs", StrictMath::abs);
        unary("ulp", StrictMath::ulp);
        unary("signum", StrictMath::signum);
        unary("nextUp", StrictMath::nextUp);
        binary("atan2", StrictMath::atan2);
        binary("pow", StrictMath::pow);
        binary("hypot", StrictMath::hypot);
        binary("IEEEremainder", StrictMath::IEEEremainder);
        binary("max", StrictMath::max);
        binary("min", StrictMath::min);
        binary("copySign", StrictMath::copySign);
        System.out.println(Math.fma(1e200, 1e200, -1e300) + " " + Math.fma(3.0, 1.0 / 3, -1.0) + " " + Math.fma(1.1f, 1.1f, -1.21f));
    }
}
