/** Greets, counts its arguments and concatenates. */
// args: one two three
public class Hello {
    public static void main(String[] args) {
        System.out.println("Hello, world!");
        System.out.println(args.length + " arguments");
        for (int i = 0; i < args.length; i++) System.out.println(i + ": " + args[i]);
        System.err.println("and a line on stderr");
        System.out.printf("%s has %d letters%n", args[2], args[2].length());
    }
}
