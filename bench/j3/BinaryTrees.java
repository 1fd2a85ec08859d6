/** Many short-lived binary trees beside one that lives: allocation and collection. */
public class BinaryTrees extends Bench {
    static final class Tree {
        final Tree left, right;

        Tree(Tree left, Tree right) {
            this.left = left;
            this.right = right;
        }

        int count() {
            return left == null ? 1 : 1 + left.count() + right.count();
        }
    }

    static Tree grow(int depth) {
        return depth == 0 ? new Tree(null, null) : new Tree(grow(depth - 1), grow(depth - 1));
    }

    final Tree old = grow(16);

    @Override public long run() {
        long total = 0;
        for (int depth = 4; depth <= 16; depth += 4) {
            int trees = 3 << 18 - depth;
            for (int i = 0; i < trees; i++) total += grow(depth).count();
        }
        return total + old.count();
    }

    public static void main(String[] args) {
        Bench.main(new BinaryTrees(), args);
    }
}
