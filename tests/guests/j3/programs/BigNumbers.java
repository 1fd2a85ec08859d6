/** BigInteger and BigDecimal: factorials, modular powers, division forms, rounding modes, parsing, long products. */
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;

public class BigNumbers {
    static BigInteger factorial(int n) {
        BigInteger r = BigInteger.ONE;
        for (int i = 2; i <= n; i++) r = r.multiply(BigInteger.valueOf(i));
        return r;
    }

    static BigDecimal pi(int digits) { // Machin: 16 atan(1/5) - 4 atan(1/239)
        int scale = digits + 10;
        return arctan(5, scale).multiply(BigDecimal.valueOf(16)).subtract(arctan(239, scale).multiply(BigDecimal.valueOf(4))).setScale(digits, RoundingMode.DOWN);
    }

    static BigDecimal arctan(int inverse, int scale) {
        BigDecimal x = BigDecimal.ONE.divide(BigDecimal.valueOf(inverse), scale, RoundingMode.HALF_EVEN);
        BigDecimal square = x.multiply(x), power = x, sum = x;
        for (int n = 3; power.setScale(scale, RoundingMode.DOWN).signum() != 0; n += 2) {
            power = power.multiply(square).negate().setScale(scale, RoundingMode.HALF_EVEN);
            sum = sum.add(power.divide(BigDecimal.valueOf(n), scale, RoundingMode.HALF_EVEN));
        }
        return sum;
    }

    public static void main(String[] args) {
        System.out.println(factorial(30) + " " + factorial(200).toString().hashCode() + " " + factorial(500).bitLength());
        BigInteger a = new BigInteger("-123456789012345678901234567890"), b = new BigInteger("fedcba9876543210", 16);
        System.out.println(a.add(b) + " " + a.subtract(b) + " " + a.multiply(b) + " " + a.divide(b) + " " + a.mod(b) + " " + a.remainder(b));
        System.out.println(a.shiftLeft(37) + " " + a.shiftRight(40) + " " + a.and(b) + " " + a.or(b) + " " + a.xor(b) + " " + a.not() + " " + a.testBit(90) + a.bitCount());
        System.out.println(a.gcd(b) + " " + b.modPow(BigInteger.valueOf(65537), BigInteger.TWO.pow(89).subtract(BigInteger.ONE)) + " " + BigInteger.valueOf(3).modInverse(BigInteger.valueOf(11)));
        System.out.println(a.longValue() + " " + a.intValue() + " " + a.doubleValue() + " " + b.toString(36) + " " + b.sqrt());
        BigInteger huge = new BigInteger(6000, new Random(11)), other = new BigInteger(5000, new Random(12));
        BigInteger[] qr = huge.multiply(other).add(BigInteger.TEN).divideAndRemainder(other); // Toom-Cook and Burnikel-Ziegler sizes
        System.out.println(qr[0].equals(huge) + " " + qr[1] + " " + huge.hashCode() + " " + huge.toString().hashCode());
        System.out.println(BigInteger.TWO.pow(127).subtract(BigInteger.ONE).isProbablePrime(20) + " " + new BigInteger("1000000007").nextProbablePrime());
        System.out.println(pi(60));
        BigDecimal x = new BigDecimal("2.50"), y = new BigDecimal("-0.125");
        System.out.println(x.add(y) + " " + x.multiply(y) + " " + x.subtract(y) + " " + x.divide(y) + " " + x.negate().scale() + " " + x.equals(new BigDecimal("2.5")) + x.compareTo(new BigDecimal("2.5")));
        for (RoundingMode mode : RoundingMode.values()) {
            if (mode == RoundingMode.UNNECESSARY) continue;
            System.out.print(mode + " " + x.setScale(0, mode) + y.setScale(2, mode) + "; ");
        }
        System.out.println();
        System.out.println(new BigDecimal(0.1) + " " + BigDecimal.valueOf(0.1) + " " + new BigDecimal("1E+5").toPlainString() + " " + new BigDecimal("123.4500").stripTrailingZeros()
            + " " + new BigDecimal("12345.678").round(new MathContext(4)) + " " + new BigDecimal("1e-10") + " " + BigDecimal.TEN.sqrt(MathContext.DECIMAL64));
        for (Runnable r : new Runnable[] {() -> BigDecimal.ONE.divide(BigDecimal.valueOf(3)), () -> a.divide(BigInteger.ZERO), () -> new BigInteger("12z"), () -> a.intValueExact()}) {
            try {
                r.run();
            } catch (ArithmeticException | NumberFormatException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
