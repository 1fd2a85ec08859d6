/** VarHandles for fields, statics, arrays and byte views, with every access mode family, under contention too. */
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

public class VarHandles {
    int number = 1;
    long wide = 2;
    String text = "t";
    static double real = 0.5;
    boolean flag;
    final int constant = 9;

    static final VarHandle NUMBER, WIDE, TEXT, REAL, FLAG, CONSTANT;
    static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    static final VarHandle STRINGS = MethodHandles.arrayElementVarHandle(String[].class);
    static final VarHandle LONG_VIEW = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle BUFFER_VIEW = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    static {
        try {
            MethodHandles.Lookup l = MethodHandles.lookup();
            NUMBER = l.findVarHandle(VarHandles.class, "number", int.class);
            WIDE = l.findVarHandle(VarHandles.class, "wide", long.class);
            TEXT = l.findVarHandle(VarHandles.class, "text", String.class);
            REAL = l.findStaticVarHandle(VarHandles.class, "real", double.class);
            FLAG = l.findVarHandle(VarHandles.class, "flag", boolean.class);
            CONSTANT = l.findVarHandle(VarHandles.class, "constant", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    public static void main(String[] args) throws Exception {
        VarHandles v = new VarHandles();
        NUMBER.set(v, 10);
        NUMBER.setVolatile(v, (int) NUMBER.get(v) + 1);
        NUMBER.setOpaque(v, (int) NUMBER.getAcquire(v) + 1);
        System.out.println(NUMBER.compareAndSet(v, 12, 20) + " " + NUMBER.compareAndSet(v, 12, 30) + " " + (int) NUMBER.getAndAdd(v, 5) + " " + (int) NUMBER.getVolatile(v) + " " + (int) NUMBER.getAndBitwiseOr(v, 64) + " " + v.number);
        System.out.println((long) WIDE.getAndSet(v, 1L << 40) + " " + (long) WIDE.compareAndExchange(v, 1L << 40, 7L) + " " + (long) WIDE.getAndBitwiseXorRelease(v, 2L) + " " + v.wide);
        System.out.println(TEXT.compareAndSet(v, "t", "changed") + " " + (String) TEXT.getAndSet(v, null) + " " + (String) TEXT.get(v) + " " + FLAG.weakCompareAndSetPlain(v, true, false) + (boolean) FLAG.getAndBitwiseOr(v, true) + v.flag);
        REAL.setRelease(1.5);
        System.out.println((double) REAL.getAndAdd(2.25) + " " + real + " " + REAL.coordinateTypes() + " " + NUMBER.coordinateTypes() + " " + NUMBER.varType() + " " + TEXT.isAccessModeSupported(VarHandle.AccessMode.GET_AND_ADD));
        int[] ints = {1, 2, 3};
        INTS.setVolatile(ints, 1, 50);
        System.out.println((int) INTS.getAndAdd(ints, 2, 4) + " " + ints[1] + ints[2] + " " + INTS.compareAndSet(ints, 0, 1, 100) + ints[0]);
        String[] strings = {"a", "b"};
        System.out.println((String) STRINGS.compareAndExchange(strings, 0, "a", "z") + strings[0]);
        byte[] bytes = new byte[16];
        LONG_VIEW.set(bytes, 3, 0x0102030405060708L);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        System.out.println(bytes[3] + " " + bytes[10] + " " + Integer.toHexString((int) BUFFER_VIEW.get(buffer, 4)) + " " + Long.toHexString((long) LONG_VIEW.get(bytes, 4)));
        Runnable[] risky = {() -> INTS.set(ints, 3, 0), () -> NUMBER.set((VarHandles) null, 1), () -> CONSTANT.set(v, 1), () -> { Object o = NUMBER.get("wrong"); }, () -> STRINGS.set((Object) strings, 0, (Object) 5)};
        for (Runnable r : risky) {
            try {
                r.run();
                System.out.println("no exception");
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getSimpleName());
            }
        }
        Thread[] threads = new Thread[4];
        for (int t = 0; t < 4; t++) {
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 5000; i++) {
                    NUMBER.getAndAdd(v, 1);
                    long old;
                    do old = (long) WIDE.getVolatile(v);
                    while (!WIDE.weakCompareAndSet(v, old, old + 2));
                    INTS.getAndAdd(ints, i % 3, 1);
                }
            });
            threads[t].start();
        }
        for (Thread t : threads) t.join();
        VarHandle.fullFence();
        System.out.println(v.number + " " + v.wide + " " + (ints[0] + ints[1] + ints[2]));
    }
}
