/** String concatenation through invokedynamic with all types, constants, nulls, many operands and side effects. */
public class StringConcat {
    static int calls;

    static int next() {
        return ++calls;
    }

    static class Named {
        @Override public String toString() { return "Named" + next(); }
    }

    static class NullText {
        @Override public String toString() { return null; }
    }

    public static void main(String[] args) {
        byte b = -1;
        short s = 300;
        char c = 'ç';
        int i = Integer.MIN_VALUE;
        long l = Long.MAX_VALUE;
        float f = 1.1f;
        double d = -0.0;
        boolean z = true;
        String t = null;
        Object o = new Named();
        int[] array = null;
        System.out.println("" + b + s + c + i + l + f + d + z + t + o + array);
        System.out.println(b + ", " + s + ", " + c + ", " + i + ", " + l + ", " + f + ", " + d + ", " + z + ", " + t + ", " + o + ", " + new NullText());
        System.out.println(i + l + "" + i + l + 'x' + 1 + (char) ('x' + 1) + 1.0f / 3 + 1.0 / 3);
        System.out.println("first " + next() + " then " + next() + " and " + (calls *= 10) + " " + calls++ + calls);
        String acc = "a";
        acc += 1;
        acc += 'c';
        acc += 2.5;
        acc += null;
        acc += acc;
        System.out.println(acc);
        String[] slots = {"x", "y"};
        int k = 0;
        slots[k++] += "k" + k;
        System.out.println(slots[0] + slots[1] + k);
        System.out.println("日本" + c + "\u0001\u0002" + i + "€" + "tail");
        String wide = "" + i + i + i + i + i + i + i + i + i + i + l + l + l + l + l + l + l + l + l + l + d + d + d + d + d + d + d + d + d + d + z + z + z + z
            + c + c + c + c + b + b + s + s + t + t + f + f;
        System.out.println(wide.length() + " " + wide.hashCode());
        final String constant = "con" + "stant" + 1 + true + 'c' + 2L;
        System.out.println(constant + (constant == "constant1truec2"));
        StringBuilder sb = new StringBuilder();
        for (int n = 0; n < 200; n++) sb.append("n" + n + (n % 2 == 0 ? "é" : "e") + n * 0.5);
        System.out.println(sb.length() + " " + sb.toString().hashCode());
        System.out.println(new StringBuilder("sb") + "" + new char[] {'o'}.length + Thread.State.NEW + Integer.valueOf(5) + (Object) 'q');
    }
}
