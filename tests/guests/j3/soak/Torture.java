import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Threads that build, change, check and drop random object graphs for some seconds: Torture [SECONDS [THREADS [SEED]]].
 *
 * Every graph knows a checksum of its shape and contents, every node its identity hash; arrays hold patterns. Graphs travel between threads
 * through a shared table. References with a strength must give what they were made for, or nothing, and each must be enqueued at most once.
 * Prints one line and exits with 0; or what did not fit, with 1.
 */
public final class Torture {
    /** What went wrong; thrown by the thread that found it. */
    static final class Mismatch extends RuntimeException {
        Mismatch(String what) {
            super(what);
        }
    }

    /** A number generator without shared state (xorshift). */
    static final class Dice {
        private long state;

        Dice(long seed) {
            state = seed * 0x9E3779B97F4A7C15L | 1;
        }

        int below(int limit) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            return (int) ((state >>> 33) % limit);
        }
    }

    static class Node {
        final int id;
        int identity;
        Node left, right;
        volatile Node cross;
        byte[] data;

        Node(int id, int bytes) {
            this.id = id;
            this.data = bytes < 0 ? null : pattern(id, bytes);
        }
    }

    /** Larger, with fields of all kinds among its references. */
    static final class WideNode extends Node {
        long a;
        Object label;
        double b;
        Node[] more;
        byte c;
        String text;

        WideNode(int id, int bytes, Dice dice) {
            super(id, bytes);
            a = id * 31L;
            b = id / 3.0;
            c = (byte) id;
            label = dice.below(2) == 0 ? Integer.valueOf(id) : (Object) ("label" + id);
            text = "text " + id + '/' + bytes;
            more = new Node[dice.below(8)];
        }

        void check() {
            boolean fits = a == id * 31L && b == id / 3.0 && c == (byte) id
                && (label instanceof Integer ? (Integer) label == id : label.equals("label" + id))
                && text.startsWith("text " + id + '/');
            if (!fits) throw new Mismatch("fields of wide node " + id);
        }
    }

    static byte[] pattern(int id, int bytes) {
        byte[] data = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            if (data[i] != 0) throw new Mismatch("a new array is not zero at " + i);
            data[i] = (byte) (id + i * 7);
        }
        return data;
    }

    static final class Graph {
        Node root;
        Node[] all;
        long sum;

        /** Covers identity, contents and edges of every node. */
        long checksum() {
            long sum = 17;
            for (Node node : all) {
                sum = sum * 31 + node.id;
                if (node.identity != 0 && System.identityHashCode(node) != node.identity)
                    throw new Mismatch("identity hash of node " + node.id);
                sum = sum * 31 + (node.left == null ? -1 : node.left.id);
                sum = sum * 31 + (node.right == null ? -2 : node.right.id);
                Node cross = node.cross;
                sum = sum * 31 + (cross == null ? -3 : cross.id);
                byte[] data = node.data;
                if (data != null) {
                    for (int i = 0; i < data.length; i++)
                        if (data[i] != (byte) (node.id + i * 7)) throw new Mismatch("byte " + i + " of node " + node.id);
                    sum += data.length;
                }
                if (node instanceof WideNode wide) {
                    wide.check();
                    for (Node each : wide.more) sum = sum * 31 + (each == null ? -4 : each.id);
                }
            }
            return sum;
        }

        void check(String when) {
            if (checksum() != sum) throw new Mismatch("checksum of a graph of " + all.length + " nodes " + when);
        }
    }

    static final int SHARED = 64;
    static final AtomicReferenceArray<Graph> shared = new AtomicReferenceArray<>(SHARED);
    static final AtomicInteger ids = new AtomicInteger();
    static final AtomicLong rounds = new AtomicLong();
    static final AtomicLong graphs = new AtomicLong();
    static final AtomicLong cleared = new AtomicLong();
    static volatile boolean over;
    static volatile Throwable failure;
    static final VarHandle NODES = MethodHandles.arrayElementVarHandle(Node[].class);

    static final class Mutator implements Runnable {
        final Dice dice;
        final Graph[] own = new Graph[24];
        /** Old objects whose references to young ones are all the time new. */
        final Node[] churn = new Node[50_000];
        final ArrayDeque<Object> aging = new ArrayDeque<>();
        final HashMap<Integer, Node> map = new HashMap<>();
        final ReferenceQueue<Node> queue = new ReferenceQueue<>();
        final ArrayList<Reference<Node>> references = new ArrayList<>();
        final HashMap<Reference<?>, Boolean> enqueued = new HashMap<>();
        int[] large = new int[0];
        int largeSeed;

        Mutator(long seed) {
            dice = new Dice(seed);
        }

        Node newNode() {
            int id = ids.incrementAndGet();
            int bytes = dice.below(4) == 0 ? dice.below(200) : -1;
            Node node = dice.below(5) == 0 ? new WideNode(id, bytes, dice) : new Node(id, bytes);
            if (dice.below(16) == 0) node.identity = System.identityHashCode(node);
            return node;
        }

        Graph build() {
            graphs.incrementAndGet();
            Graph graph = new Graph();
            int count = 1 + dice.below(dice.below(10) == 0 ? 2000 : 100);
            graph.all = new Node[count];
            boolean list = dice.below(4) == 0;
            for (int i = 0; i < count; i++) {
                Node node = newNode();
                graph.all[i] = node;
                if (i == 0) continue;
                Node parent = graph.all[list ? i - 1 : dice.below(i)];
                if (dice.below(2) == 0) parent.left = node;
                else parent.right = node;
            }
            graph.root = graph.all[0];
            for (int i = 0; i < count / 4; i++) rewire(graph);
            graph.sum = graph.checksum();
            return graph;
        }

        void rewire(Graph graph) {
            Node from = graph.all[dice.below(graph.all.length)];
            Node to = dice.below(8) == 0 ? null : graph.all[dice.below(graph.all.length)];
            switch (dice.below(4)) {
                case 0 -> from.left = to;
                case 1 -> from.right = to;
                case 2 -> from.cross = to;
                default -> {
                    if (from instanceof WideNode wide && wide.more.length > 0) wide.more[dice.below(wide.more.length)] = to;
                }
            }
        }

        /** Replaces nodes by new ones, so that old objects refer to young ones. */
        void renew(Graph graph) {
            int at = dice.below(graph.all.length);
            Node old = graph.all[at];
            Node fresh = newNode();
            fresh.left = old.left;
            fresh.right = old.right;
            fresh.cross = old.cross;
            graph.all[at] = fresh;
            for (Node node : graph.all) {
                if (node.left == old) node.left = fresh;
                if (node.right == old) node.right = fresh;
                if (node.cross == old) node.cross = fresh;
                if (node instanceof WideNode wide)
                    for (int i = 0; i < wide.more.length; i++)
                        if (wide.more[i] == old) NODES.setVolatile(wide.more, i, fresh);
            }
            if (graph.root == old) graph.root = fresh;
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    step();
                    rounds.incrementAndGet();
                }
                for (Graph graph : own) if (graph != null) graph.check("at the end");
            } catch (Throwable thrown) {
                if (failure == null) failure = thrown;
                over = true;
            }
        }

        void step() {
            int slot = dice.below(own.length);
            Graph graph = own[slot];
            switch (dice.below(16)) {
                case 0, 1, 2 -> own[slot] = build();
                case 3 -> own[slot] = null;
                case 4 -> {
                    if (graph == null) return;
                    graph.check("before a change");
                    for (int i = dice.below(20); i >= 0; i--) rewire(graph);
                    if (dice.below(4) == 0) renew(graph);
                    graph.sum = graph.checksum();
                }
                case 5 -> {
                    if (graph != null) graph.check("of a thread's own");
                }
                case 6, 7 -> {
                    // Whoever takes a graph out of the table alone has it.
                    Graph other = shared.getAndSet(dice.below(SHARED), graph);
                    own[slot] = other;
                    if (other != null) other.check("from another thread");
                }
                case 8 -> largeArrays();
                case 9 -> references();
                case 10 -> churn();
                case 11 -> age();
                case 12 -> map();
                case 13 -> copies(graph);
                case 14 -> text();
                default -> locks(graph);
            }
        }

        void largeArrays() {
            for (int i = 0; i < large.length; i += 97)
                if (large[i] != largeSeed + i) throw new Mismatch("word " + i + " of a large array of " + large.length);
            largeSeed = dice.below(1000);
            large = new int[dice.below(dice.below(8) == 0 ? 400_000 : 20_000)];
            for (int i = 0; i < large.length; i++) {
                if (large[i] != 0) throw new Mismatch("a new large array is not zero at " + i);
                large[i] = largeSeed + i;
            }
            if (dice.below(8) == 0) {
                Object[][] rows = new Object[30][];
                for (int i = 0; i < rows.length; i++) {
                    rows[i] = new Object[dice.below(3000)];
                    if (rows[i].length > 0) rows[i][rows[i].length - 1] = new int[] {i};
                }
                for (int i = 0; i < rows.length; i++)
                    if (rows[i].length > 0 && ((int[]) rows[i][rows[i].length - 1])[0] != i) throw new Mismatch("row " + i);
            }
        }

        static final class Weak extends WeakReference<Node> {
            final int id;

            Weak(Node node, ReferenceQueue<Node> queue) {
                super(node, queue);
                id = node.id;
            }
        }

        static final class Soft extends SoftReference<Node> {
            final int id;

            Soft(Node node, ReferenceQueue<Node> queue) {
                super(node, queue);
                id = node.id;
            }
        }

        static final class Phantom extends PhantomReference<Node> {
            Phantom(Node node, ReferenceQueue<Node> queue) {
                super(node, queue);
            }
        }

        void references() {
            Node held = newNode();
            WeakReference<Node> weak = new Weak(held, queue);
            references.add(weak);
            for (int i = dice.below(20); i >= 0; i--) {
                Node node = newNode();
                Reference<Node> reference = switch (dice.below(3)) {
                    case 0 -> new Weak(node, queue);
                    case 1 -> new Soft(node, queue);
                    default -> new Phantom(node, queue);
                };
                references.add(reference);
                if (dice.below(4) == 0) aging.add(node);
            }
            for (int i = dice.below(50); i > 0; i--) {
                Reference<Node> each = references.get(dice.below(references.size()));
                Node node = each.get();
                int id = each instanceof Weak w ? w.id : each instanceof Soft s ? s.id : -1;
                if (node != null && node.id != id) throw new Mismatch("a reference to " + id + " gives " + node.id);
                if (node != null && enqueued.containsKey(each)) throw new Mismatch("an enqueued reference gives " + node.id);
            }
            for (Reference<? extends Node> each = queue.poll(); each != null; each = queue.poll()) {
                if (enqueued.put(each, true) != null) throw new Mismatch("a reference was enqueued twice");
                if (each.get() != null) throw new Mismatch("an enqueued reference was not cleared");
                cleared.incrementAndGet();
            }
            if (weak.get() != held) throw new Mismatch("a weak reference to what is held gives " + weak.get());
            Reference.reachabilityFence(held);
            if (references.size() > 2000) {
                references.clear();
                enqueued.clear();
            }
        }

        void churn() {
            int first = dice.below(churn.length - 500);
            for (int i = first; i < first + 500; i++) {
                Node node = churn[i];
                if (node != null && (node.left == null || node.left.id != node.id - 1)) throw new Mismatch("churned node " + node.id);
                Node child = newNode();
                Node parent = new Node(child.id + 1, -1);
                parent.left = child;
                churn[i] = parent;
            }
        }

        void age() {
            for (int i = 0; i < 200; i++) {
                byte[] bytes = new byte[dice.below(100) + 1];
                bytes[bytes.length - 1] = (byte) bytes.length;
                aging.add(dice.below(2) == 0 ? bytes : new Object[] {bytes, newNode()});
            }
            while (aging.size() > 5000) {
                Object first = aging.poll();
                if (first instanceof Object[] pair) first = pair[0];
                if (first instanceof byte[] bytes && bytes[bytes.length - 1] != (byte) bytes.length) throw new Mismatch("aged bytes");
            }
        }

        void map() {
            for (int i = 0; i < 100; i++) {
                int key = dice.below(3000);
                Node before = map.get(key);
                if (before != null && before.cross.id != key) throw new Mismatch("the map has " + before.cross.id + " for " + key);
                if (dice.below(3) == 0) {
                    map.remove(key);
                } else {
                    Node node = newNode();
                    node.cross = new Node(key, -1);
                    map.put(key, node);
                }
            }
        }

        void copies(Graph graph) {
            if (graph == null) return;
            Node[] copy = graph.all.clone();
            Object[] wide = new Object[copy.length + 10];
            System.arraycopy(copy, 0, wide, 5, copy.length);
            System.arraycopy(wide, 5, wide, dice.below(10), copy.length);
            for (int i = 0; i < copy.length; i++) if (copy[i] != graph.all[i]) throw new Mismatch("copy of a node");
            // Sharing one node among several graphs would make their checksums depend on each other: the copy is dropped here.
        }

        void text() {
            StringBuilder builder = new StringBuilder();
            int seed = dice.below(1000);
            for (int i = 0; i < 40; i++) builder.append(seed + i).append(i % 3 == 0 ? "\u00e4" : ",").append((char) (0x100 + i));
            String text = builder.toString();
            String other = "";
            for (int i = 0; i < 40; i++) other += (seed + i) + (i % 3 == 0 ? "\u00e4" : ",") + (char) (0x100 + i);
            if (!text.equals(other) || text.intern() != other.intern()) throw new Mismatch("text " + text);
        }

        void locks(Graph graph) {
            if (graph == null) return;
            Node node = graph.root;
            synchronized (node) {
                int before = node.id;
                synchronized (graph) {
                    if (dice.below(4) == 0) node.identity = System.identityHashCode(node);
                    build();
                }
                if (node.id != before || node.identity != 0 && System.identityHashCode(node) != node.identity)
                    throw new Mismatch("a locked node");
            }
        }
    }

    public static void main(String[] args) throws InterruptedException {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 10;
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 8;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) threads[i] = new Thread(new Mutator(seed * 1000 + i), "mutator " + i);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (Thread thread : threads) thread.start();
        for (int i = 0; System.nanoTime() < end && !over; i++) {
            Thread.sleep(50);
            if (i % 20 == 19) System.gc();
        }
        over = true;
        for (Thread thread : threads) thread.join();
        if (failure != null) {
            failure.printStackTrace();
            System.out.println("torture: seed " + seed + ": " + failure);
            System.exit(1);
        }
        if (rounds.get() == 0 || graphs.get() == 0) throw new AssertionError("nothing was done");
        System.out.println("torture: " + count + " threads, " + rounds + " rounds, " + graphs + " graphs, " + cleared
            + " references cleared, no mismatch");
    }
}
