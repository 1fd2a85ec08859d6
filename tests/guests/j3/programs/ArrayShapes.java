/** Every array type, multi-dimensional and ragged arrays, clone, covariance, array classes, arraycopy overlaps. */
import java.util.Arrays;

public class ArrayShapes {
    public static void main(String[] args) {
        byte[] bytes = {1, -128, (byte) 255};
        short[] shorts = {1, -32768};
        char[] chars = {'x', 'é', '中'};
        float[] floats = {1.5f, Float.NaN};
        double[] doubles = {Math.PI};
        long[] longs = {Long.MIN_VALUE};
        boolean[] booleans = new boolean[3];
        booleans[1] = true;
        System.out.println(Arrays.toString(bytes) + Arrays.toString(shorts) + Arrays.toString(chars) + Arrays.toString(floats)
            + Arrays.toString(doubles) + Arrays.toString(longs) + Arrays.toString(booleans));
        bytes[0] += 127;
        bytes[0]++;
        chars[0]++;
        shorts[1]--;
        longs[0]--;
        System.out.println(bytes[0] + " " + chars[0] + " " + shorts[1] + " " + longs[0]);

        int[][][] cube = new int[2][3][4];
        for (int i = 0; i < 24; i++) cube[i / 12][i / 4 % 3][i % 4] = i;
        System.out.println(Arrays.deepToString(cube));
        int[][] ragged = new int[4][];
        for (int i = 0; i < 4; i++) ragged[i] = new int[i];
        System.out.println(Arrays.deepToString(ragged) + " " + new int[2][0].length + " " + (new String[1][2][][])[0][1]);
        for (Object o : new Object[] {bytes, cube, ragged[0], new String[0][0], new Object[0]}) {
            Class<?> c = o.getClass();
            System.out.println(c.getName() + " " + c.getSimpleName() + " " + c.getComponentType() + " " + c.getSuperclass().getSimpleName() + " "
                + Arrays.toString(c.getInterfaces()));
        }
        int[][] copy = ragged.clone();
        copy[3][0] = 99;
        copy[1] = null;
        System.out.println(Arrays.deepToString(ragged) + " " + Arrays.equals(ragged[3], copy[3]) + " " + (ragged instanceof Object[]));
        int[] a = {0, 1, 2, 3, 4, 5, 6, 7};
        System.arraycopy(a, 0, a, 2, 5);
        System.out.println(Arrays.toString(a));
        System.arraycopy(a, 3, a, 1, 4);
        System.out.println(Arrays.toString(a));
        Object[] objects = new Integer[] {3, 1, 2};
        Comparable<?>[] comparables = (Comparable<?>[]) objects;
        System.out.println(comparables.length + " " + (objects instanceof Number[]) + " " + ((Object) objects instanceof String[]));
        Object[] strings = new Object[3];
        System.arraycopy(new String[] {"p", "q", "r"}, 0, strings, 0, 3);
        System.out.println(Arrays.asList(strings) + " " + Arrays.hashCode(a) + " " + Arrays.deepHashCode(cube) + " " + Arrays.equals(a, a.clone()));
        long total = 0;
        long[] large = new long[100000];
        for (int i = 0; i < large.length; i++) large[i] = (long) i * i;
        for (long l : large) total += l;
        System.out.println(total);
    }
}
