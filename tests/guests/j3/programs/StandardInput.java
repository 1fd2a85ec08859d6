/** Reads standard input as bytes, lines and tokens to its end. */
// stdin: first line\nsecond: \u00e9\u4e2d\n\n3 4.5 word true\n12345678901234567890 ff\nlast without newline
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.util.Scanner;

public class StandardInput {
    public static void main(String[] args) throws IOException {
        int first = System.in.read();
        System.out.println((char) first + " " + (System.in.available() > 0));
        byte[] buffer = new byte[10];
        int n = 0;
        while (n < 10) n += System.in.read(buffer, n, 10 - n);
        System.out.println("[" + new String(buffer, 0, n).replace("\n", "~") + "]");
        BufferedReader reader = new BufferedReader(new InputStreamReader(System.in));
        System.out.println("[" + reader.readLine() + "]");
        System.out.println("[" + reader.readLine() + "]");
        Scanner scanner = new Scanner(reader);
        System.out.println(scanner.nextInt() + " " + scanner.nextDouble() + " " + scanner.next() + " " + scanner.nextBoolean());
        BigInteger big = scanner.nextBigInteger();
        System.out.println(big.bitLength() + " " + scanner.hasNextInt() + " " + scanner.nextInt(16));
        scanner.nextLine();
        System.out.println(scanner.hasNextLine() + " " + scanner.nextLine() + " " + scanner.hasNext());
        System.out.println(System.in.read() + " " + reader.readLine());
    }
}
