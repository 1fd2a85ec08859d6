/** Corner cases of every int opcode: iadd isub imul idiv irem ineg ishl ishr iushr iand ior ixor iinc and compares. */
public class IntArithmetic {
    static final int[] values = {0, 1, -1, 2, -2, 7, -7, 31, 32, 33, 255, -256, 65536, 0x12345678,
        Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1};

    static int hash;

    static void mix(int x) {
        hash = hash * 31 + x;
    }

    static int divide(int a, int b) {
        try {
            return a / b;
        } catch (ArithmeticException e) {
            return 12345;
        }
    }

    static int remainder(int a, int b) {
        try {
            return a % b;
        } catch (ArithmeticException e) {
            return 54321;
        }
    }

    public static void main(String[] args) {
        for (int a : values) {
            hash = 17;
            for (int b : values) {
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
            mix((a < 0 ? 1 : 0) + (a <= 0 ? 2 : 0) + (a > 0 ? 4 : 0) + (a >= 0 ? 8 : 0) + (a == 0 ? 16 : 0) + (a != 0 ? 32 : 0));
            System.out.println(hash);
        }
        System.out.println(Integer.MIN_VALUE / divide(-1, 1));
        System.out.println(Integer.MIN_VALUE % divide(-1, 1));
        System.out.println(-7 / divide(2, 1));
        System.out.println(-7 % divide(2, 1));
        System.out.println(1 << values[8]);
        System.out.println(-1 >>> values[9]);
        int counter = Integer.MAX_VALUE;
        counter++;
        System.out.println(counter);
        counter += 1000; // wide iinc
        counter -= 40000; // not an iinc any more
        System.out.println(counter);
        System.out.println((byte) 200 + (short) 40000 + (char) -1);
        try {
            System.out.println(1 / values[0]);
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
    }
}
