/** The order in which references and finalizers see an object die: soft and weak ones, the finalizer, phantom ones; resurrection in between. */
import java.lang.ref.*;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

public class FinalizersAndReferences {
    static final List<String> events = Collections.synchronizedList(new ArrayList<>());
    static volatile Phoenix risen;
    static volatile Object rescued;
    static int runs;

    static boolean gcUntil(BooleanSupplier done) throws InterruptedException {
        for (int i = 0; i < 200 && !done.getAsBoolean(); i++) {
            System.gc();
            System.runFinalization();
            Thread.sleep(2);
        }
        return done.getAsBoolean();
    }

    static class Phoenix {
        final String name;
        Object held;

        Phoenix(String name) {
            this.name = name;
        }

        @Override
        protected void finalize() {
            runs++;
            events.add("finalize " + name + " holding " + (held != null));
            risen = this;
        }
    }

    static class Thrower {
        @Override
        protected void finalize() {
            events.add("thrower");
            throw new IllegalStateException("nobody sees this");
        }
    }

    /** A finalizable object that only another finalizable one holds: both are finalized, and it is whole when that happens. */
    static class Outer {
        Inner inner = new Inner();

        @Override
        protected void finalize() {
            events.add("outer sees " + inner.text.length());
        }
    }

    static class Inner {
        String text = new String(new char[] {'a', 'b', 'c'});

        @Override
        protected void finalize() {
            events.add("inner " + text);
        }
    }

    static Reference<?>[] makePhoenix(ReferenceQueue<Object> queue) {
        Phoenix phoenix = new Phoenix("p");
        Object held = new int[10];
        phoenix.held = held;
        return new Reference<?>[] {
            new WeakReference<>(phoenix, queue), new PhantomReference<>(phoenix, queue), new WeakReference<>(held, queue),
            new PhantomReference<>(held, queue)
        };
    }

    static void makeOthers() {
        new Thrower();
        new Outer();
    }

    static PhantomReference<Object> phantomOf(ReferenceQueue<Object> queue) {
        return new PhantomReference<>(new Object(), queue);
    }

    static Reference<?> unreachableReference(ReferenceQueue<Object> queue) {
        new WeakReference<>(new Object(), queue); // dies with its referent: never enqueued
        return new WeakReference<>(new Object(), queue);
    }

    public static void main(String[] args) throws Exception {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        Reference<?>[] refs = makePhoenix(queue);
        System.out.println("risen " + gcUntil(() -> risen != null));
        System.out.println(events);
        // Weak references to it, and to what it holds, were cleared before it was finalized; phantom ones not: it lives again.
        System.out.println("weak " + gcUntil(() -> refs[0].get() == null && refs[2].get() == null));
        System.out.println("enqueued " + gcUntil(() -> refs[0].isEnqueued() && refs[2].isEnqueued()));
        for (int i = 0; i < 3; i++) System.gc();
        System.out.println("phantom " + refs[1].isEnqueued() + " " + refs[3].isEnqueued() + " " + refs[1].refersTo(null));
        System.out.println(risen.name + " " + (risen.held instanceof int[]));
        risen = null;
        // Now it dies for good, and no finalizer runs a second time.
        System.out.println("phantom " + gcUntil(() -> refs[1].isEnqueued() && refs[3].isEnqueued()));
        System.out.println("runs " + runs + " " + risen);
        int found = 0;
        while (queue.poll() != null) found++;
        System.out.println("found " + found);
        for (Reference<?> ref : refs) System.out.print(ref.isEnqueued() + " ");
        System.out.println(refs[0].enqueue());

        events.clear();
        makeOthers();
        System.out.println("others " + gcUntil(() -> events.size() == 3));
        Collections.sort(events);
        System.out.println(events);

        // References that nobody holds are not enqueued; those that are cleared or enqueued by hand neither, or once.
        Reference<?> known = unreachableReference(queue);
        System.out.println("known " + gcUntil(known::isEnqueued) + " " + (queue.remove(1000) == known) + " " + queue.poll());
        Object strong = new Object();
        WeakReference<Object> byHand = new WeakReference<>(strong, queue);
        System.out.println(byHand.enqueue() + " " + byHand.enqueue() + " " + byHand.get() + " " + (queue.poll() == byHand));
        PhantomReference<Object> cleared = phantomOf(queue);
        cleared.clear();
        PhantomReference<Object> normal = phantomOf(queue);
        System.out.println("normal " + gcUntil(normal::isEnqueued) + " " + cleared.isEnqueued());
        System.out.println(queue.poll() == normal);
        SoftReference<Object> soft = new SoftReference<>(strong, queue);
        WeakReference<Reference<Object>> chain = new WeakReference<>(soft);
        System.gc();
        System.out.println((chain.get() == soft) + " " + (soft.get() == strong));
        Reference.reachabilityFence(strong);

        // Cleaners run after the finalizer, when the object cannot come back.
        Cleaner cleaner = Cleaner.create();
        events.clear();
        cleaned(cleaner);
        System.out.println("finalized " + gcUntil(() -> !events.isEmpty()));
        for (int i = 0; i < 3; i++) System.gc();
        System.out.println(events);
        risen = null;
        System.out.println("cleaned " + gcUntil(() -> events.size() == 2));
        System.out.println(events);
    }

    static void cleaned(Cleaner cleaner) {
        cleaner.register(new Phoenix("c"), () -> events.add("clean"));
    }
}
