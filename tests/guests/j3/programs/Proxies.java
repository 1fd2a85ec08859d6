/** java.lang.reflect.Proxy: dispatch, Object methods, primitives, exceptions (declared and not), several interfaces, defaults. */
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

public class Proxies {
    public interface Service {
        String greet(String name);
        int add(int a, long b);
        void fire();
        double[] values(boolean z, char c);
        default String twice(String s) { return greet(s) + greet(s); }
    }

    static class Logger implements InvocationHandler {
        int calls;

        public Object invoke(Object proxy, Method m, Object[] args) throws Throwable {
            calls++;
            System.out.println("  " + m.getDeclaringClass().getSimpleName() + "." + m.getName() + Arrays.toString(args));
            switch (m.getName()) {
                case "greet": return "hi " + args[0];
                case "add": return (Integer) args[0] + ((Long) args[1]).intValue();
                case "values": return new double[] {1.5};
                case "toString": return "a proxy";
                case "hashCode": return 77;
                case "equals": return proxy == args[0];
                case "twice": return InvocationHandler.invokeDefault(proxy, m, args);
                case "call": throw new java.io.IOException("checked");
                default: return null;
            }
        }
    }

    public static void main(String[] args) throws Exception {
        Logger logger = new Logger();
        Service s = (Service) Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {Service.class, Callable.class}, logger);
        System.out.println(s.greet("Ann"));
        System.out.println(s.add(2, 3L));
        s.fire();
        System.out.println(s.values(true, 'x')[0]);
        System.out.println(s.twice("you"));
        System.out.println(s + " " + s.hashCode() + " " + s.equals(s) + " " + s.equals("x"));
        System.out.println(Proxy.isProxyClass(s.getClass()) + " " + (Proxy.getInvocationHandler(s) == logger) + " " + (s instanceof Callable) + " " + s.getClass().getInterfaces().length + " " + logger.calls);
        try {
            ((Callable<?>) s).call();
        } catch (java.io.IOException e) {
            System.out.println(e.getMessage());
        }
        Runnable r = (Runnable) Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {Runnable.class}, (p, m, a) -> { throw new Exception("undeclared"); });
        try {
            r.run();
        } catch (UndeclaredThrowableException e) {
            System.out.println(e.getCause());
        }
        Comparable<?> wrong = (Comparable<?>) Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {Comparable.class}, (p, m, a) -> "not an int");
        try {
            wrong.compareTo(null);
        } catch (ClassCastException e) {
            System.out.println("wrong result type");
        }
        try {
            Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {String.class}, logger);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        @SuppressWarnings("unchecked")
        List<String> upper = (List<String>) Proxy.newProxyInstance(null, new Class<?>[] {List.class}, (p, m, a) -> {
            Object result = m.invoke(List.of("a", "b"), a);
            return result instanceof String t ? t.toUpperCase() : result;
        });
        System.out.println(upper.get(1) + upper.size() + upper.contains("a"));
    }
}
