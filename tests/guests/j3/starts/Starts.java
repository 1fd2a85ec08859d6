/** Starts so many threads, one after the other, and waits for the end of each. */
public class Starts {
    static int ended;

    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[0]);
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(() -> ended++);
            thread.start();
            thread.join();
        }
        System.out.println(ended);
    }
}
