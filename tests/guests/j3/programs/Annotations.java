/** Annotations at run time: defaults, nested, arrays, enums, classes, inheritance, repetition, parameters, equality. */
import java.lang.annotation.*;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

public class Annotations {
    @Retention(RetentionPolicy.RUNTIME)
    @Inherited
    @interface Info {
        String value();
        int priority() default 5;
        TimeUnit unit() default TimeUnit.SECONDS;
        Class<?> type() default void.class;
        String[] tags() default {};
        Limit limit() default @Limit(max = 9.5);
        char letter() default 'x';
        long[] numbers() default {1, 2};
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Limit { double max(); byte min() default -1; }

    @Retention(RetentionPolicy.RUNTIME)
    @Repeatable(Marks.class)
    @Target({ElementType.METHOD, ElementType.PARAMETER, ElementType.FIELD})
    @interface Mark { int value(); }

    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.PARAMETER, ElementType.FIELD})
    @interface Marks { Mark[] value(); }

    @Retention(RetentionPolicy.CLASS)
    @interface Invisible { }

    @Info(value = "base", tags = {"a", "b"}, type = String.class)
    static class Base { }

    @Invisible
    static class Child extends Base {
        @Mark(1) @Mark(2) @Deprecated(since = "now") public void twice(@Mark(7) int p, String q) { }
        @Mark(3) public int field;
        @Info(value = "m\u00e9thode", priority = -1, unit = TimeUnit.DAYS, limit = @Limit(max = 1, min = 3), letter = '\'', numbers = 7) public void method() { }
    }

    public static void main(String[] args) throws Exception {
        Info info = Child.class.getAnnotation(Info.class);
        System.out.println(info.value() + " " + info.priority() + " " + info.unit() + " " + info.type() + " " + Arrays.toString(info.tags()) + " " + info.limit().max() + " " + info.limit().min() + info.letter() + info.numbers().length);
        System.out.println(Child.class.getDeclaredAnnotations().length + " " + Child.class.isAnnotationPresent(Info.class) + " " + Child.class.getAnnotation(Invisible.class));
        Method twice = Child.class.getMethod("twice", int.class, String.class);
        System.out.println(twice.getAnnotationsByType(Mark.class).length + " " + twice.getAnnotation(Mark.class) + " " + twice.getAnnotation(Marks.class).value()[1].value() + " " + twice.getAnnotation(Deprecated.class).since());
        System.out.println(twice.getParameterAnnotations()[0].length + " " + twice.getParameterAnnotations()[1].length + " " + twice.getParameters()[0].getAnnotation(Mark.class));
        System.out.println(Child.class.getField("field").getAnnotation(Mark.class));
        Info other = Child.class.getMethod("method").getAnnotation(Info.class);
        System.out.println(other.value() + " " + other.priority() + " " + other.unit() + " " + other.limit() + " " + other.letter() + " " + other.numbers()[0]);
        System.out.println(info.equals(Base.class.getAnnotation(Info.class)) + " " + info.equals(other) + " " + (info.hashCode() == Base.class.getAnnotation(Info.class).hashCode()) + " " + info.annotationType() + " " + (info instanceof Annotation));
        System.out.println(Mark.class.getMethod("value").getDefaultValue() + " " + Info.class.getMethod("priority").getDefaultValue() + " " + Info.class.isAnnotation() + " " + Runnable.class.isAnnotationPresent(FunctionalInterface.class));
        info.tags()[0] = "changed";
        System.out.println(info.tags()[0]);
    }
}
