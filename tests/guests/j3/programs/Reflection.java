/** Reflection: members (sorted), modifiers, invoke with boxing and exceptions, newInstance, fields, arrays, accessibility. */
import java.lang.reflect.*;
import java.util.*;

public class Reflection {
    public static abstract class Animal {
        protected String name;
        private int legs = 4;
        public static final double LIMIT = 2.5;
        static long counter;
        public Animal(String name) { this.name = name; counter++; }
        public abstract String sound();
        public int legs(int extra) { return legs + extra; }
        private String secret(String a, int... more) throws IllegalStateException { return a + more.length; }
    }

    public static final class Dog extends Animal implements Comparable<Dog> {
        public Dog() { this("Rex"); }
        public Dog(String name) { super(name); }
        private Dog(int bad) { super(null); throw new IllegalArgumentException("bad " + bad); }
        public String sound() { return name + " barks"; }
        public int compareTo(Dog d) { return name.compareTo(d.name); }
        public static synchronized long mix(byte b, short s, char c, int i, long l, float f, double d, boolean z) { return b + s + c + i + l + (long) f + (long) d + (z ? 1 : 0); }
    }

    static void sorted(Object[] members) {
        String[] lines = new String[members.length];
        for (int i = 0; i < lines.length; i++) lines[i] = members[i].toString();
        Arrays.sort(lines);
        for (String l : lines) System.out.println("  " + l);
    }

    public static void main(String[] args) throws Exception {
        Class<?> dog = Class.forName("Reflection$Dog");
        System.out.println(dog + " " + Modifier.toString(dog.getModifiers()) + " " + dog.getSuperclass() + " " + dog.isInterface() + dog.isArray() + " " + dog.getPackageName().isEmpty());
        sorted(dog.getMethods());
        sorted(dog.getDeclaredConstructors());
        sorted(Animal.class.getDeclaredMethods());
        sorted(Animal.class.getDeclaredFields());
        Animal rex = (Animal) dog.getDeclaredConstructor().newInstance();
        Animal max = (Animal) dog.getConstructor(String.class).newInstance("Max");
        System.out.println(dog.getMethod("sound").invoke(max) + " " + Animal.class.getMethod("legs", int.class).invoke(rex, 3) + " " + Animal.class.getMethod("sound").invoke(rex));
        System.out.println(dog.getMethod("mix", byte.class, short.class, char.class, int.class, long.class, float.class, double.class, boolean.class)
            .invoke(null, (byte) 1, (byte) 2, 'a', (short) 4, 5, 6L, 7f, true));
        Method secret = Animal.class.getDeclaredMethod("secret", String.class, int[].class);
        secret.setAccessible(true);
        System.out.println(secret.invoke(rex, "s", new int[] {1, 2}) + " " + secret.isVarArgs() + " " + Arrays.toString(secret.getExceptionTypes()) + " " + secret.getReturnType() + " " + secret.getParameters()[0]);
        Field legs = Animal.class.getDeclaredField("legs");
        legs.setAccessible(true);
        legs.setInt(rex, legs.getInt(rex) * 2);
        Field counter = Animal.class.getDeclaredField("counter");
        counter.set(null, 10 + (Long) counter.get(null));
        System.out.println(legs.get(rex) + " " + Animal.counter + " " + Animal.class.getField("LIMIT").getDouble(null));
        Callable0[] risky = {() -> dog.getDeclaredConstructor(int.class).newInstance(7), () -> dog.getMethod("nothing"), () -> dog.getMethod("sound").invoke(max, 1),
            () -> dog.getMethod("sound").invoke("string"), () -> Animal.class.getConstructor(String.class).newInstance("x"), () -> { legs.set(rex, "text"); return 0; },
            () -> dog.getMethod("sound").invoke(null), () -> String.class.getDeclaredField("value").get("s"), () -> Integer.class.getMethod("parseInt", String.class).invoke(null, "zz"),
            () -> { Animal.class.getField("LIMIT").setDouble(null, 1); return 0; }};
        for (Callable0 r : risky) {
            try {
                System.out.println(r.call());
            } catch (InvocationTargetException e) {
                System.out.println("target threw " + e.getCause());
            } catch (Exception e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
        Object array = Array.newInstance(int.class, 3);
        Array.set(array, 1, (byte) 5);
        System.out.println(Array.getLong(array, 1) + " " + Array.getLength(array) + " " + Array.newInstance(String.class, 2, 3).getClass() + " " + int[].class.getName() + " " + Class.forName("[Ljava.lang.String;"));
        System.out.println(int.class + " " + void.class.isPrimitive() + " " + Number.class.isInstance(3) + " " + Number.class.isAssignableFrom(Long.class) + " " + Thread.State.class.getEnumConstants().length + " " + dog.getDeclaringClass().getSimpleName());
    }

    interface Callable0 { Object call() throws Exception; }
}
