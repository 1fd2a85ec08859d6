/** Linked structures that age: a cache that forgets what was used least recently, and a queue through which all that leaves it passes. */
import java.util.ArrayDeque;
import java.util.HashMap;

public class Aging extends Bench {
    static final int ENTRIES = 60_000;
    static final int WAITING = 20_000;
    static final int REQUESTS = 600_000;

    static final class Entry {
        final int key;
        final byte[] data;
        Entry newer, older;
        int uses;

        Entry(int key, byte[] data) {
            this.key = key;
            this.data = data;
        }
    }

    static final class Cache {
        final HashMap<Integer, Entry> entries = new HashMap<>();
        final ArrayDeque<Entry> leaving = new ArrayDeque<>();
        final Entry head = new Entry(-1, null);
        long drained;

        Cache() {
            head.newer = head;
            head.older = head;
        }

        private void insert(Entry e) {
            e.older = head.older;
            e.newer = head;
            head.older.newer = e;
            head.older = e;
        }

        private void unlink(Entry e) {
            e.older.newer = e.newer;
            e.newer.older = e.older;
        }

        Entry get(int key) {
            Entry e = entries.get(key);
            if (e != null) {
                unlink(e);
            } else {
                e = new Entry(key, new byte[16 + (key & 127)]);
                e.data[0] = (byte) key;
                entries.put(key, e);
                if (entries.size() > ENTRIES) evict();
            }
            insert(e);
            e.uses++;
            return e;
        }

        private void evict() {
            Entry oldest = head.newer;
            unlink(oldest);
            oldest.newer = null;
            oldest.older = null;
            entries.remove(oldest.key);
            leaving.add(oldest);
            if (leaving.size() > WAITING) {
                Entry gone = leaving.remove();
                drained += gone.uses * 31L + gone.data[0] + gone.data.length;
            }
        }
    }

    Cache cache = new Cache();

    @Override public long run() {
        Rng rng = new Rng(17);
        long sum = 0;
        for (int i = 0; i < REQUESTS; i++) {
            // Half of the requests are for few keys, the others for many.
            int key = rng.nextInt(2) == 0 ? rng.nextInt(30_000) : 30_000 + rng.nextInt(200_000);
            int[] scratch = {key, i, key ^ i, key + i};
            sum += cache.get(key).data[0] + scratch[i & 3];
        }
        long check = sum;
        for (Entry e = cache.head.newer; e != cache.head; e = e.newer) check = check * 31 + e.key;
        return check + cache.entries.size();
    }

    public static void main(String[] args) {
        Bench.main(new Aging(), args);
    }
}
