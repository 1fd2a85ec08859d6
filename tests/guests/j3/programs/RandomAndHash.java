/** Seeded Random, SplittableRandom, hash codes of values and collections, Arrays hashing, UUID, CRC32, Base64. */
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

public class RandomAndHash {
    public static void main(String[] args) {
        Random random = new Random(42);
        System.out.println(random.nextInt() + " " + random.nextInt(100) + " " + random.nextInt(64) + " " + random.nextLong() + " " + random.nextBoolean());
        System.out.println(random.nextDouble() + " " + random.nextFloat() + " " + random.nextGaussian() + " " + random.nextGaussian() + " " + random.nextInt(5, 10));
        byte[] bytes = new byte[10];
        random.nextBytes(bytes);
        System.out.println(Arrays.toString(bytes) + " " + Arrays.toString(random.doubles(3).toArray()));
        int[] buckets = new int[8];
        Random dice = new Random(7);
        for (int i = 0; i < 100_000; i++) buckets[dice.nextInt(8)]++;
        System.out.println(Arrays.toString(buckets));
        SplittableRandom split = new SplittableRandom(99);
        System.out.println(split.nextInt() + " " + split.split().nextLong() + " " + split.nextInt(1000) + " " + split.nextDouble());
        System.out.println("hello".hashCode() + " " + Boolean.TRUE.hashCode() + " " + Double.valueOf(3.14).hashCode() + " " + Long.valueOf(1L << 40).hashCode() + " " + Character.valueOf('x').hashCode() + " " + Float.hashCode(2.5f));
        System.out.println(List.of("a", "b").hashCode() + " " + Arrays.asList(1, null, 3).hashCode() + " " + Set.of("a", "b", "c").hashCode() + " " + Map.of("k", "v", "l", "w").hashCode() + " " + new ArrayList<>().hashCode());
        System.out.println(Arrays.hashCode(new double[] {1, 2}) + " " + Arrays.hashCode(new boolean[] {true, false}) + " " + Arrays.deepHashCode(new Object[] {1, new int[] {2}}) + " " + Objects.hash() + " " + Optional.empty().hashCode());
        System.out.println(new UUID(1, 2) + " " + UUID.nameUUIDFromBytes("name".getBytes(StandardCharsets.UTF_8)) + " " + UUID.fromString("123e4567-e89b-12d3-a456-426614174000").hashCode());
        CRC32 crc = new CRC32();
        crc.update("The quick brown fox".getBytes(StandardCharsets.US_ASCII));
        Adler32 adler = new Adler32();
        adler.update(new byte[] {1, 2, 3});
        System.out.println(Long.toHexString(crc.getValue()) + " " + adler.getValue());
        String encoded = Base64.getEncoder().encodeToString("any carnal pleas".getBytes(StandardCharsets.UTF_8));
        System.out.println(encoded + " " + new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8) + " " + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[] {-1, -2, -3, -4})
            + " " + Base64.getMimeEncoder().encodeToString(new byte[60]).length() + " " + HexFormat.of().formatHex(new byte[] {0, 127, -128}));
        Object o = new Object();
        System.out.println((o.hashCode() == o.hashCode()) + " " + (o.hashCode() == System.identityHashCode(o)) + " " + o.equals(new Object()) + " " + o.toString().startsWith("java.lang.Object@") + System.identityHashCode(null));
        Set<Integer> hashes = new HashSet<>();
        for (int i = 0; i < 1000; i++) hashes.add(new Object().hashCode());
        System.out.println(hashes.size() > 990);
    }
}
