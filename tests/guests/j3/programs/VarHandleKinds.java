/** Every access of the handles that are expanded in place, hot, with what they must refuse: wrong classes, null, bounds, exact types, and other kinds of handle at the same call. */
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.invoke.WrongMethodTypeException;

public class VarHandleKinds {
    static class Holder {
        int number;
        volatile long wide;
        String text = "a";
        final int fixed = 4;
        Object any;
        static int shared = 5;
    }

    static class Sub extends Holder {}

    static final VarHandle NUMBER, WIDE, TEXT, FIXED, ANY, SHARED;
    static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    static final VarHandle STRINGS = MethodHandles.arrayElementVarHandle(String[].class);
    static final VarHandle OBJECTS = MethodHandles.arrayElementVarHandle(Object[].class);

    static {
        try {
            MethodHandles.Lookup l = MethodHandles.lookup();
            NUMBER = l.findVarHandle(Holder.class, "number", int.class);
            WIDE = l.findVarHandle(Holder.class, "wide", long.class);
            TEXT = l.findVarHandle(Holder.class, "text", String.class);
            FIXED = l.findVarHandle(Holder.class, "fixed", int.class);
            ANY = l.findVarHandle(Holder.class, "any", Object.class);
            SHARED = l.findStaticVarHandle(Holder.class, "shared", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    interface Risky {
        Object run() throws Throwable;
    }

    static void attempt(String what, Risky r) {
        try {
            System.out.println(what + ": " + r.run());
        } catch (Throwable e) {
            System.out.println(what + ": " + e.getClass().getName() + " " + e.getMessage());
        }
    }

    static int ints(VarHandle h, Holder o) {
        int sum = (int) h.get(o) + (int) h.getVolatile(o) + (int) h.getOpaque(o) + (int) h.getAcquire(o);
        h.set(o, sum + 1);
        h.setRelease(o, (int) h.get(o) + 1);
        h.setOpaque(o, (int) h.get(o) + 1);
        h.setVolatile(o, (int) h.get(o) + 1);
        sum += (int) h.getAndAdd(o, 3) + (int) h.getAndBitwiseXor(o, 5) + (int) h.getAndBitwiseOrAcquire(o, 16) + (int) h.getAndBitwiseAndRelease(o, 0xffff);
        h.getAndAdd(o, 1);
        if (!h.compareAndSet(o, (int) h.get(o), sum & 1023)) sum = -1;
        sum += (int) h.compareAndExchange(o, 77, 78) + (int) h.getAndSet(o, (sum & 255) + 1);
        while (!h.weakCompareAndSetPlain(o, (int) h.get(o), 9)) Thread.onSpinWait();
        return sum;
    }

    static long longs(VarHandle h, Object o) {
        h.setVolatile((Holder) o, (long) h.getAndAdd((Holder) o, 1L << 33) + 7);
        h.weakCompareAndSet((Holder) o, (long) h.get((Holder) o), 12L);
        return (long) h.compareAndExchangeRelease((Holder) o, 12L, 13L) + (long) h.getAndBitwiseOr((Holder) o, 2L) + (long) h.getAndSetAcquire((Holder) o, 1L);
    }

    static String texts(Holder o, String next) {
        String old = (String) TEXT.getAndSet(o, next);
        TEXT.setRelease(o, old + next.length());
        boolean swapped = TEXT.compareAndSet(o, TEXT.get(o), "swapped");
        return old + (String) TEXT.getAcquire(o) + swapped + (String) TEXT.compareAndExchange(o, "swapped", null) + (String) TEXT.getVolatile(o);
    }

    static int arrays(int[] a, int i) {
        INTS.setVolatile(a, i, (int) INTS.getAndAdd(a, i, 2) + (int) INTS.get(a, i));
        return INTS.compareAndSet(a, i, 6, 1) ? (int) INTS.getOpaque(a, i) : (int) INTS.getAcquire(a, i);
    }

    static Object objects(VarHandle h, Object[] a, int i, Object value) {
        h.setRelease(a, i, value);
        Object old = h.getAndSet(a, i, "x");
        return old + " " + h.compareAndSet(a, i, h.get(a, i), value) + " " + h.getVolatile(a, i);
    }

    public static void main(String[] args) throws Exception {
        Holder[] holders = {new Holder(), new Sub()};
        int sum = 0;
        long wide = 0;
        for (int i = 0; i < 3000; i++) {
            sum += ints(NUMBER, holders[i & 1]);
            wide += longs(WIDE, holders[i & 1]);
        }
        System.out.println(sum + " " + wide + " " + holders[0].number + " " + holders[1].wide);
        System.out.println(texts(holders[0], "bcd") + texts(holders[0], "e"));
        int[] numbers = {1, 2, 3};
        for (int i = 0; i < 300; i++) sum += arrays(numbers, i % 3);
        System.out.println(sum + " " + numbers[0] + numbers[1] + numbers[2]);
        String[] strings = {"p", "q"};
        System.out.println(objects(STRINGS, strings, 1, "r") + " " + objects(OBJECTS, new Object[2], 0, 5) + " " + objects(OBJECTS, strings, 0, "s"));
        LONGS.setVolatile(new long[] {1}, 0, 5L);

        attempt("null handle", () -> ints(null, holders[0]));
        attempt("null receiver", () -> ints(NUMBER, null));
        attempt("final field", () -> ints(FIXED, holders[0]));
        attempt("static field", () -> ints(SHARED, holders[0]));
        attempt("a long as ints", () -> ints(WIDE, holders[0]));
        attempt("exact", () -> ints(NUMBER.withInvokeExactBehavior(), holders[0]));
        attempt("exact, a subclass", () -> ints(NUMBER.withInvokeExactBehavior(), new Sub()));
        attempt("wrong receiver", () -> (int) NUMBER.get((Object) "text"));
        attempt("receiver by Object", () -> (int) NUMBER.get((Object) holders[1]));
        attempt("wrong value", () -> TEXT.getAndSet(holders[0], (Object) 5));
        attempt("wrong expectation", () -> TEXT.compareAndSet(holders[0], (Object) 5, "y"));
        attempt("wrong result", () -> (Integer) TEXT.get(holders[0]));
        ANY.set(holders[0], "any");
        attempt("any as text", () -> (String) ANY.get(holders[0]));
        attempt("any as number", () -> (Integer) ANY.getAndSet(holders[0], "other"));
        attempt("after it", () -> ANY.get(holders[0]));
        attempt("boxed", () -> NUMBER.get(holders[0]));
        attempt("widened", () -> (long) NUMBER.getAcquire(holders[0]));
        attempt("index", () -> arrays(numbers, 3));
        attempt("negative index", () -> arrays(numbers, -1));
        attempt("null array", () -> arrays(null, 0));
        attempt("store", () -> objects(OBJECTS, strings, 0, 5));
        attempt("store of another class", () -> objects(STRINGS, new Object[1], 0, "t"));
        attempt("array of another kind", () -> (int) INTS.get((Object) new long[1], 0));
        attempt("no such mode", () -> TEXT.getAndAdd(holders[0], "z"));
    }
}
