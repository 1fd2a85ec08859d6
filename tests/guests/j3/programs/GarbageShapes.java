/** Much allocation with live data of many shapes: trees, long lists, big arrays, hash maps, strings, and their checksums. */
// stress: 2000
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

public class GarbageShapes {
    static final class Tree {
        final Tree left, right;
        final int value;
        Tree(int depth, int value) {
            this.value = value;
            left = depth == 0 ? null : new Tree(depth - 1, value * 2);
            right = depth == 0 ? null : new Tree(depth - 1, value * 2 + 1);
        }
        long sum() { return value + (left == null ? 0 : left.sum() + right.sum()); }
    }

    static class Mixed {
        byte b = 1; long l = 2; Object o; double d = 3; boolean z = true; Mixed next; char c = 'c';
        Mixed(Mixed next) { this.next = next; o = new int[] {(int) l}; }
    }

    static final Map<Integer, Object> registry = new HashMap<>();

    public static void main(String[] args) {
        Tree kept = new Tree(12, 1);
        Mixed chain = null;
        for (int i = 0; i < 20_000; i++) chain = new Mixed(i % 1000 == 0 ? null : chain);
        long check = 0;
        for (int round = 0; round < 15; round++) {
            check += new Tree(10, round).sum();
            Object[] big = new Object[50_000];
            for (int i = 0; i < big.length; i += 50) big[i] = new long[] {i, round};
            for (int i = 0; i < big.length; i += 5000) check += ((long[]) big[i])[0];
            registry.put(round, big[100]);
            StringBuilder sb = new StringBuilder();
            for (int i = 0; i < 500; i++) sb.append(i * round).append(',');
            registry.put(-round - 1, sb.toString());
            List<List<String>> nested = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                nested.add(new ArrayList<>());
                for (int j = 0; j < 20; j++) nested.get(i).add("s" + (i ^ j));
            }
            check = check * 31 + nested.hashCode();
        }
        int length = 0;
        for (Mixed m = chain; m != null; m = m.next) length += ((int[]) m.o)[0] + m.b + (m.z ? 1 : 0) + m.c - 'c';
        for (int round = 0; round < 15; round++) check = check * 31 + ((long[]) registry.get(round))[1] + registry.get(-round - 1).hashCode();
        System.out.println(kept.sum() + " " + length + " " + check + " " + registry.size());
        int[][] ragged = new int[300][];
        for (int round = 0; round < 5; round++)
            for (int i = 0; i < 300; i++) {
                int[] row = new int[i * 7 % 300];
                if (ragged[i] != null && row.length > 0) row[0] = ragged[i][0] + i;
                ragged[i] = row;
            }
        long total = 0;
        for (int[] row : ragged) if (row.length > 0) total += row[0];
        byte[] large = new byte[5_000_000];
        large[4_999_999] = 7;
        Object[] holder = {large};
        for (int i = 0; i < 20; i++) holder[0] = ((byte[]) holder[0]).clone();
        System.out.println(total + " " + ((byte[]) holder[0])[4_999_999]);
    }
}
