import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * Runs mutated classes: FuzzLoader FOLDER FIRST COUNT [SKIPPED,NUMBERS].
 *
 * Mutant number n is made of one of the class files in the folder with the random numbers of seed n: every JVM makes the same one. It is
 * defined in a class loader of its own, initialised, and its run() is called. A line tells what came of it:
 * "n: = the string run() gave", "n: class of the exception", with "verifier:" before it if it comes from verification, or "n: slow"
 * when it took longer than -Dfuzz.slow says (with -Dfuzz.halt=true the JVM then halts).
 * Every tenth mutant is a jar instead, with the class in it, of which any byte may be changed.
 *
 * FuzzLoader FOLDER write N FILE writes mutant N to a file.
 */
public class FuzzLoader {
    static final long SLOW_MILLISECONDS = Long.getLong("fuzz.slow", 1000);

    static class Loader extends ClassLoader {
        private final Path folder;

        Loader(Path folder) {
            super(FuzzLoader.class.getClassLoader());
            this.folder = folder;
        }

        /** The other classes of the seeds. */
        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try {
                byte[] bytes = Files.readAllBytes(folder.resolve(name + ".class"));
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException | IllegalArgumentException e) {
                throw new ClassNotFoundException(name);
            }
        }

        Class<?> define(byte[] bytes) {
            return defineClass(null, bytes, 0, bytes.length);
        }
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        List<Path> files;
        try (var list = Files.list(folder)) {
            files = list.filter(f -> f.toString().endsWith(".class")).sorted().toList();
        }
        List<byte[]> seeds = new ArrayList<>();
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            if (new ClassMap(bytes).hasRun) seeds.add(bytes);
        }
        if (args[1].equals("write")) {
            Files.write(Path.of(args[3]), mutant(seeds, Integer.parseInt(args[2])));
            return;
        }
        int first = Integer.parseInt(args[1]), count = Integer.parseInt(args[2]);
        Set<String> skipped = new HashSet<>(args.length > 3 ? List.of(args[3].split(",")) : List.of());
        System.out.println(seeds.size() + " seeds");
        for (int n = first; n < first + count; n++) {
            if (skipped.contains("" + n)) continue;
            String outcome = outcome(mutant(seeds, n), n, folder);
            System.out.println(n + ": " + outcome);
            // What runs on would be in the way of all that follows.
            if (outcome.equals("slow") && Boolean.getBoolean("fuzz.halt")) Runtime.getRuntime().halt(0);
        }
    }

    static boolean isJar(int n) {
        return n % 10 == 9;
    }

    static byte[] mutant(List<byte[]> seeds, int n) throws IOException {
        Random random = new Random(n * 7919L);
        byte[] seed = seeds.get(random.nextInt(seeds.size()));
        if (isJar(n)) {
            byte[] jar = jar(seed);
            for (int times = 1 + random.nextInt(2); times > 0; times--) jar = anywhere(jar, random);
            return jar;
        }
        byte[] bytes = seed.clone();
        for (int times = 1 + random.nextInt(2); times > 0; times--) bytes = mutate(bytes, random);
        return bytes;
    }

    static byte[] jar(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(out)) {
            JarEntry entry = new JarEntry(new ClassMap(bytes).name + ".class");
            entry.setTime(1_000_000_000_000L);
            entry.setMethod(JarEntry.STORED);
            entry.setSize(bytes.length);
            java.util.zip.CRC32 crc = new java.util.zip.CRC32();
            crc.update(bytes);
            entry.setCrc(crc.getValue());
            jar.putNextEntry(entry);
            jar.write(bytes);
        }
        return out.toByteArray();
    }

    static volatile String result;

    static String outcome(byte[] bytes, int n, Path folder) throws InterruptedException {
        result = null;
        Thread thread = new Thread(() -> {
            try {
                result = "= " + (isJar(n) ? fromJar(bytes, n) : fromClass(new Loader(folder).define(bytes)));
            } catch (Throwable e) {
                Throwable cause = e;
                while (cause instanceof InvocationTargetException) cause = cause.getCause();
                result = (isVerifiers(cause) ? "verifier: " : "") + cause.getClass().getName();
            }
        });
        thread.setDaemon(true);
        long start = System.nanoTime();
        thread.start();
        thread.join(SLOW_MILLISECONDS);
        String found = result;
        if (found == null) stop(thread);
        return found == null || (System.nanoTime() - start) / 1_000_000 > SLOW_MILLISECONDS ? "slow" : found;
    }

    /** Whether the verifier says so: as an error of its own, or because it looked for a class that nothing else would have loaded yet. */
    static boolean isVerifiers(Throwable e) {
        if (e instanceof VerifyError) return true;
        if (!(e instanceof LinkageError)) return false;
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length > 0 && trace[0].getMethodName().equals("forName0");
    }

    /** Where it can be stopped it need not be waited for. */
    @SuppressWarnings("deprecation")
    static void stop(Thread thread) {
        try {
            thread.stop();
        } catch (UnsupportedOperationException | LinkageError e) {
            // It goes on; nobody waits for it.
        }
    }

    static String fromClass(Class<?> c) throws Exception {
        Class.forName(c.getName(), true, c.getClassLoader());
        Method run = c.getDeclaredMethod("run");
        run.setAccessible(true);
        return String.valueOf(run.invoke(null)).replace('\n', ' ');
    }

    static String fromJar(byte[] bytes, int n) throws Exception {
        Path file = Files.createTempFile("fuzz" + n, ".jar");
        try {
            Files.write(file, bytes);
            try (URLClassLoader loader = new URLClassLoader(new URL[] {file.toUri().toURL()}, FuzzLoader.class.getClassLoader())) {
                for (String name : new String[] {"Arithmetic", "Floats", "Arrays", "Control", "Exceptions", "Objects", "Library", "Lambdas", "Colour", "Pair", "Recursion"}) {
                    if (loader.findResource("Seeds$" + name + ".class") != null) return fromClass(loader.loadClass("Seeds$" + name));
                }
                return "no class";
            }
        } finally {
            Files.delete(file);
        }
    }

    // ---- mutations ------------------------------------------------------------------------------------------------------------

    static byte[] anywhere(byte[] bytes, Random random) {
        if (bytes.length == 0) return bytes;
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0:
                bytes[at] ^= 1 << random.nextInt(8);
                return bytes;
            case 1:
                bytes[at] = (byte) random.nextInt();
                return bytes;
            case 2:
                int other = random.nextInt(bytes.length);
                byte swapped = bytes[at];
                bytes[at] = bytes[other];
                bytes[other] = swapped;
                return bytes;
            case 3:
                return random.nextInt(3) == 0 ? java.util.Arrays.copyOf(bytes, at) : bytes;
            case 4:
                bytes[at] = (byte) new int[] {0, 1, 255, 127, 128}[random.nextInt(5)];
                return bytes;
            default:
                bytes[at] += random.nextBoolean() ? 1 : -1;
                return bytes;
        }
    }

    static byte[] mutate(byte[] bytes, Random random) {
        ClassMap map;
        try {
            map = new ClassMap(bytes);
        } catch (IOException | RuntimeException e) {
            return anywhere(bytes, random);
        }
        int kind = random.nextInt(16);
        if (kind == 0) return anywhere(bytes, random);
        if (kind == 1) return bump(bytes, map.indexes, random, map.constants);
        if (kind == 2) return bump(bytes, map.counts, random, 4);
        if (kind == 3) {
            if (!map.text.isEmpty()) bytes[pick(map.text, random)] = (byte) "aZ0;/()[ILV<>$.".charAt(random.nextInt(15));
        } else if (kind < 8) {
            if (!map.operands.isEmpty()) bytes[pick(map.operands, random)] += random.nextInt(5) - 2;
        } else if (!map.opcodes.isEmpty()) {
            int at = pick(map.opcodes, random);
            bytes[at] = (byte) similar(bytes[at] & 255, random);
        }
        return bytes;
    }

    static int pick(List<Integer> places, Random random) {
        return places.get(random.nextInt(places.size()));
    }

    /** Changes a number of two bytes. */
    static byte[] bump(byte[] bytes, List<Integer> places, Random random, int limit) {
        if (places.isEmpty()) return bytes;
        int at = pick(places, random);
        int old = (bytes[at] & 255) << 8 | bytes[at + 1] & 255;
        int value = random.nextInt(3) == 0 ? old + random.nextInt(3) - 1 : random.nextInt(limit + 1);
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
        return bytes;
    }

    /** First and last of runs of opcodes that take and give the same. */
    static final int[][] FAMILIES = {
        {2, 8}, {9, 10}, {11, 13}, {14, 15}, {26, 29}, {30, 33}, {34, 37}, {38, 41}, {42, 45}, {59, 62}, {63, 66}, {67, 70}, {71, 74}, {75, 78},
        {149, 150}, {151, 152}, {153, 158}, {159, 164}, {165, 166}, {178, 181}, {182, 185}, {198, 199}, {145, 147}, {172, 177}, {194, 195},
    };

    static int similar(int opcode, Random random) {
        if (random.nextInt(8) == 0) return random.nextInt(202);
        // Arithmetic comes in int, long, float, double.
        if (opcode >= 96 && opcode <= 115) return 96 + random.nextInt(5) * 4 + (opcode & 3);
        if (opcode >= 120 && opcode <= 125) return 120 + random.nextInt(3) * 2 + (opcode & 1);
        if (opcode >= 126 && opcode <= 131) return 126 + random.nextInt(3) * 2 + (opcode & 1);
        for (int[] family : FAMILIES) {
            if (opcode >= family[0] && opcode <= family[1]) return family[0] + random.nextInt(family[1] - family[0] + 1);
        }
        return random.nextInt(202);
    }

    /** Where in a class file what lies. */
    static class ClassMap {
        /** Offsets of two-byte constant pool indexes; of two-byte counts, flags and table entries; of bytes of names and strings. */
        final List<Integer> indexes = new ArrayList<>(), counts = new ArrayList<>(), text = new ArrayList<>();
        /** Offsets of opcodes, and of the bytes behind them. */
        final List<Integer> opcodes = new ArrayList<>(), operands = new ArrayList<>();
        final int constants;
        String name;
        boolean hasRun;
        private final byte[] bytes;
        private final String[] strings;
        private int at;

        ClassMap(byte[] bytes) throws IOException {
            this.bytes = bytes;
            at = 8;
            constants = u2();
            strings = new String[constants];
            int[] classes = new int[constants];
            for (int i = 1; i < constants; i++) {
                int tag = bytes[at++];
                switch (tag) {
                    case 1 -> {
                        int length = u2();
                        for (int k = 0; k < length; k++) text.add(at + k);
                        strings[i] = new DataInputStream(new ByteArrayInputStream(bytes, at - 2, length + 2)).readUTF();
                        at += length;
                    }
                    case 3, 4 -> at += 4;
                    case 5, 6 -> {
                        at += 8;
                        i++;
                    }
                    case 7, 8, 16, 19, 20 -> classes[i] = index();
                    case 9, 10, 11, 12, 17, 18 -> {
                        index();
                        index();
                    }
                    case 15 -> {
                        at++;
                        index();
                    }
                    default -> throw new IOException("tag " + tag);
                }
            }
            count();
            name = strings[classes[index()]];
            index();
            for (int i = count(); i > 0; i--) index();
            for (int kind = 0; kind < 2; kind++) {
                for (int i = count(); i > 0; i--) {
                    count();
                    String member = strings[index()];
                    hasRun |= kind == 1 && member.equals("run") && strings[u2(at)].equals("()Ljava/lang/String;");
                    index();
                    attributes();
                }
            }
            attributes();
        }

        private void attributes() {
            for (int i = count(); i > 0; i--) {
                String kind = strings[index()];
                int length = u2() << 16 | u2();
                int end = at + length;
                if (length < 0 || end < 0 || end > bytes.length) throw new IllegalArgumentException("attribute of " + length);
                if ("Code".equals(kind)) code();
                else for (int k = at; k + 1 < end; k += 2) counts.add(k);
                at = end;
            }
        }

        private void code() {
            count();
            count();
            int length = u2() << 16 | u2();
            int end = at + length;
            if (length < 0 || end < 0 || end > bytes.length) throw new IllegalArgumentException("code of " + length);
            int start = at;
            while (at < end) {
                int opcode = bytes[at] & 255;
                int size = size(opcode, start);
                opcodes.add(at);
                for (int k = at + 1; k < at + size && k < end; k++) operands.add(k);
                // A switch may claim any size.
                if (size <= 0) throw new IllegalArgumentException("instruction of " + size);
                at += size;
            }
            at = end;
            for (int i = count() * 4; i > 0; i--) count();
            attributes();
        }

        private int size(int opcode, int start) {
            if (opcode == 170 || opcode == 171) {
                int table = at + 1 + (3 - (at - start) % 4);
                int n = opcode == 171 ? 2 * int4(table + 4) + 2 : int4(table + 8) - int4(table + 4) + 4;
                return table + 4 * n - at;
            }
            if (opcode == 196) return (bytes[at + 1] & 255) == 132 ? 6 : 4;
            if (opcode == 16 || opcode == 18 || opcode >= 21 && opcode <= 25 || opcode >= 54 && opcode <= 58 || opcode == 169 || opcode == 188) return 2;
            if (opcode == 17 || opcode == 19 || opcode == 20 || opcode == 132 || opcode >= 153 && opcode <= 168 || opcode >= 178 && opcode <= 184) return 3;
            if (opcode == 187 || opcode == 189 || opcode == 192 || opcode == 193 || opcode == 198 || opcode == 199) return 3;
            if (opcode == 197) return 4;
            if (opcode == 185 || opcode == 186 || opcode == 200 || opcode == 201) return 5;
            return 1;
        }

        private int int4(int place) {
            return u2(place) << 16 | u2(place + 2);
        }

        private int u2(int place) {
            return (bytes[place] & 255) << 8 | bytes[place + 1] & 255;
        }

        private int u2() {
            at += 2;
            return u2(at - 2);
        }

        private int index() {
            indexes.add(at);
            return u2();
        }

        private int count() {
            counts.add(at);
            return u2();
        }
    }
}
