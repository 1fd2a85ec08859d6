/** Integer, Long, Byte, Short and Character helpers: bits, radix, parsing, overflow-checked Math, boxing caches. */
public class IntegerLibrary {
    interface Risky {
        Object run();
    }

    static void attempt(String name, Risky risky) {
        try {
            System.out.println(name + " = " + risky.run());
        } catch (RuntimeException e) {
            System.out.println(name + " -> " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        int[] samples = {0, 1, -1, 12345678, Integer.MIN_VALUE};
        for (int i : samples) {
            System.out.println(Integer.bitCount(i) + " " + Integer.numberOfLeadingZeros(i) + " " + Integer.numberOfTrailingZeros(i) + " "
                + Integer.highestOneBit(i) + " " + Integer.lowestOneBit(i) + " " + Integer.reverse(i) + " " + Integer.reverseBytes(i) + " "
                + Integer.signum(i) + " " + Integer.rotateRight(i, 5) + " " + Integer.toBinaryString(i) + " " + Integer.toOctalString(i) + " "
                + Integer.toHexString(i) + " " + Integer.toString(i, 36) + " " + Integer.toUnsignedString(i));
        }
        attempt("parse", () -> Integer.parseInt("-2147483648"));
        attempt("parse", () -> Integer.parseInt("2147483648"));
        attempt("parse", () -> Integer.parseInt(""));
        attempt("parse", () -> Integer.parseInt("zz", 36));
        attempt("parse", () -> Integer.parseInt("12a"));
        attempt("parse", () -> Integer.parseUnsignedInt("4294967295"));
        attempt("decode", () -> Integer.decode("-0x7f") + Integer.decode("010") + Integer.decode("#ff"));
        attempt("byte", () -> Byte.parseByte("128"));
        attempt("short", () -> Short.parseShort("-32768"));
        attempt("long", () -> Long.parseLong("9223372036854775808"));
        attempt("null", () -> Integer.parseInt(null));
        attempt("addExact", () -> Math.addExact(Integer.MAX_VALUE, 1));
        attempt("multiplyExact", () -> Math.multiplyExact(1L << 32, 1L << 31));
        attempt("negateExact", () -> Math.negateExact(Integer.MIN_VALUE));
        attempt("toIntExact", () -> Math.toIntExact(1L << 31));
        attempt("floorDiv", () -> Math.floorDiv(-7, 2) + " " + Math.floorMod(-7, 2) + " " + Math.floorMod(7, -2) + " " + Math.abs(Integer.MIN_VALUE));
        attempt("floorDiv", () -> Math.floorDiv(1, 0));
        Integer small = 127, sameSmall = 127;
        System.out.println((small == sameSmall) + " " + small.equals(127) + " " + small.compareTo(128) + " " + small.hashCode());
        System.out.println(Integer.compare(3, 5) + " " + Integer.compareUnsigned(-1, 5) + " " + Integer.divideUnsigned(-1, 3) + " " + Integer.remainderUnsigned(-1, 7));
        System.out.println(Long.hashCode(1L << 33) + " " + Boolean.hashCode(true) + " " + Short.toUnsignedInt((short) -1) + " " + Byte.toUnsignedLong((byte) -1));
        System.out.println(Integer.valueOf(77).doubleValue() + " " + Integer.getInteger("no.such.property", 5) + " " + Character.getNumericValue('z'));
    }
}
