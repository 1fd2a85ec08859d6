/** Scanner over stdin: word counts with delimiters and patterns, mismatches, and sums per line. */
// stdin: apples 3 1.25\npears x 2\nplums 10 0.5\nEND\nkey=value;other=thing\n
import java.util.InputMismatchException;
import java.util.NoSuchElementException;
import java.util.Scanner;
import java.util.TreeMap;

public class ScannerTokens {
    record Item(int count, double price) { }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        TreeMap<String, Item> items = new TreeMap<>();
        while (!in.hasNext("END")) {
            String name = in.next();
            try {
                int count = in.nextInt();
                items.put(name, new Item(count, in.nextDouble()));
            } catch (InputMismatchException e) {
                System.out.println("bad count for " + name + ": " + e.getMessage() + " " + in.nextLine().trim());
            }
        }
        in.nextLine();
        double total = 0;
        for (var e : items.entrySet()) {
            System.out.printf("%-8s %3d x %6.2f%n", e.getKey(), e.getValue().count(), e.getValue().price());
            total += e.getValue().count() * e.getValue().price();
        }
        System.out.println(total);
        in.useDelimiter("[=;\n]");
        while (in.hasNext()) System.out.print("<" + in.next() + ">");
        System.out.println();
        try {
            in.next();
        } catch (NoSuchElementException e) {
            System.out.println("exhausted");
        }
        Scanner text = new Scanner("1,2,,3 abc 0x1F").useDelimiter(",|\\s+");
        int sum = 0;
        while (text.hasNext()) {
            if (text.hasNextInt()) sum += text.nextInt();
            else System.out.print("[" + text.next() + "]");
        }
        System.out.println(sum + " " + new Scanner("phone 555-1234").findInLine("(\\d+)-(\\d+)") + " " + new Scanner("a b c").tokens().count());
    }
}
