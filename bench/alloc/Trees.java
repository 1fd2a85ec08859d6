/** Binary trees of all ages: many that die at once beside one that lives and whose branches are replaced now and then. */
public class Trees extends Bench {
    static final class Tree {
        Tree left, right;

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

    /** Replaces the branch of this depth that the bits lead to. */
    static void graft(Tree tree, int levels, int bits, int depth) {
        for (; levels > 1; levels--, bits >>= 1) tree = (bits & 1) == 0 ? tree.left : tree.right;
        if ((bits & 1) == 0) tree.left = grow(depth);
        else tree.right = grow(depth);
    }

    final Tree old = grow(18);

    @Override public long run() {
        Rng rng = new Rng(3);
        long total = 0;
        for (int depth = 4; depth <= 16; depth += 4) {
            int trees = 20 << 18 - depth;
            for (int i = 0; i < trees; i++) {
                total += grow(depth).count();
                if ((i & 255) == 0) graft(old, 10, rng.nextInt(1 << 10), 8);
            }
        }
        return total + old.count();
    }

    public static void main(String[] args) {
        Bench.main(new Trees(), args);
    }
}
