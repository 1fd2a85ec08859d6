/** The smallest program: one class, one constant string. */
public class TinyHello {
    public static void main(String[] args) {
        System.out.println("Hello, world");
    }
}
