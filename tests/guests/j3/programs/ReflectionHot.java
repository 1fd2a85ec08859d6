/** A method invoked by reflection often enough that the library generates an accessor class; constructors and fields too. */
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

public class ReflectionHot {
    public static class Account {
        public long balance;
        public static int made;
        public Account(long start) { balance = start; made++; }
        public long deposit(int amount) {
            if (amount < 0) throw new IllegalArgumentException("amount " + amount);
            return balance += amount;
        }
        public static String describe(Object o, double d) { return o + "@" + d; }
    }

    public static void main(String[] args) throws Exception {
        Method deposit = Account.class.getMethod("deposit", int.class);
        Method describe = Account.class.getMethod("describe", Object.class, double.class);
        Constructor<Account> constructor = Account.class.getConstructor(long.class);
        Field balance = Account.class.getField("balance");
        Account account = constructor.newInstance(100L);
        long total = 0;
        int failures = 0;
        for (int i = 0; i < 60; i++) {
            try {
                total += (Long) deposit.invoke(account, i % 10 == 9 ? -i : i);
            } catch (InvocationTargetException e) {
                failures++;
                if (i > 50) System.out.println(e.getCause() + " " + e.getCause().getStackTrace()[0]);
            }
            total += constructor.newInstance((long) i).balance;
            balance.setLong(account, balance.getLong(account) + 1);
        }
        System.out.println(total + " " + failures + " " + account.balance + " " + Account.made);
        String last = "";
        for (int i = 0; i < 40; i++) last = (String) describe.invoke(null, last.length(), i / 4.0);
        System.out.println(last);
        try {
            deposit.invoke(account, "text");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getClass().getSimpleName());
        }
        try {
            deposit.invoke(new Object(), 1);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getClass().getSimpleName());
        }
        try {
            deposit.invoke(null, 1);
        } catch (NullPointerException e) {
            System.out.println("null receiver");
        }
        Method toString = Object.class.getMethod("toString");
        int length = 0;
        for (int i = 0; i < 30; i++) length += toString.invoke(i % 2 == 0 ? (Object) Integer.valueOf(i) : "text").toString().length();
        System.out.println(length);
    }
}
