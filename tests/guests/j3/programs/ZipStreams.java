/** java.util.zip: deflating and inflating in pieces, dictionaries, levels, checksums, gzip and zip files, damaged data. */
import java.io.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.*;

public class ZipStreams {
    static byte[] sample(int length) {
        byte[] bytes = new byte[length];
        int x = 12345;
        for (int i = 0; i < length; i++) {
            x = x * 1103515245 + 12345;
            bytes[i] = (byte) ((x >>> 24) % 23 + 'a');
            if ((x & 0x700) == 0 && i > 40) for (int k = 0; k < 30 && i < length; k++, i++) bytes[i] = bytes[i - 37];
        }
        return bytes;
    }

    static byte[] deflate(byte[] data, int level, boolean raw, int piece) {
        Deflater deflater = new Deflater(level, raw);
        deflater.setInput(data);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[piece];
        while (!deflater.finished()) out.write(buffer, 0, deflater.deflate(buffer));
        System.out.println("level " + level + " raw " + raw + ": in " + deflater.getTotalIn() + " adler " + Integer.toHexString(deflater.getAdler()));
        deflater.end();
        return out.toByteArray();
    }

    static byte[] inflate(byte[] data, boolean raw, int feed, int piece) throws DataFormatException {
        Inflater inflater = new Inflater(raw);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[piece];
        int at = 0;
        while (!inflater.finished()) {
            if (inflater.needsInput()) {
                int count = Math.min(feed, data.length - at);
                inflater.setInput(data, at, count);
                at += count;
            }
            out.write(buffer, 0, inflater.inflate(buffer));
        }
        System.out.println("inflated " + inflater.getBytesRead() + " -> " + inflater.getBytesWritten() + ", rest " + inflater.getRemaining());
        inflater.end();
        return out.toByteArray();
    }

    public static void main(String[] args) throws Exception {
        byte[] data = sample(50000);
        CRC32 crc = new CRC32();
        crc.update(data);
        crc.update('x');
        crc.update(data, 100, 1000);
        Adler32 adler = new Adler32();
        adler.update(data);
        adler.update(7);
        CRC32C crcC = new CRC32C();
        crcC.update(data);
        System.out.println(Long.toHexString(crc.getValue()) + " " + Long.toHexString(adler.getValue()) + " " + Long.toHexString(crcC.getValue()));
        ByteBuffer direct = ByteBuffer.allocateDirect(1000);
        direct.put(data, 0, 1000).flip();
        crc.reset();
        crc.update(direct);
        System.out.println(Long.toHexString(crc.getValue()));

        for (int level : new int[] {0, 1, 5, 9, -1}) {
            for (boolean raw : new boolean[] {false, true}) {
                byte[] packed = deflate(data, level, raw, level == 5 ? 100 : 8192);
                System.out.println(Arrays.equals(data, inflate(packed, raw, level == 9 ? 17 : 4096, 777)));
            }
        }

        Deflater changing = new Deflater();
        changing.setLevel(1);
        byte[] out = new byte[60000];
        changing.setInput(data, 0, 20000);
        int length = changing.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        changing.setLevel(9);
        changing.setStrategy(Deflater.HUFFMAN_ONLY);
        changing.setInput(data, 20000, 30000);
        changing.finish();
        while (!changing.finished()) length += changing.deflate(out, length, out.length - length);
        System.out.println(Arrays.equals(data, inflate(Arrays.copyOf(out, length), false, 1000, 1000)));
        changing.reset();
        changing.setInput("again".getBytes());
        changing.finish();
        length = changing.deflate(out);
        System.out.println(new String(inflate(Arrays.copyOf(out, length), false, 100, 100)));

        byte[] dictionary = "the quick brown fox".getBytes();
        Deflater withDictionary = new Deflater();
        withDictionary.setDictionary(dictionary);
        withDictionary.setInput("the quick brown fox jumps over the quick brown dog".getBytes());
        withDictionary.finish();
        length = withDictionary.deflate(out);
        Inflater needing = new Inflater();
        needing.setInput(out, 0, length);
        byte[] text = new byte[100];
        System.out.println(needing.inflate(text) + " " + needing.needsDictionary() + " " + Integer.toHexString(needing.getAdler()));
        needing.setDictionary(dictionary);
        System.out.println(new String(text, 0, needing.inflate(text)) + " " + needing.finished());

        for (byte[] bad : new byte[][] {{1, 2, 3, 4}, {0x78, (byte) 0x9c, (byte) 0xff, (byte) 0xff}, {}}) {
            try {
                Inflater inflater = new Inflater();
                inflater.setInput(bad);
                System.out.println(inflater.inflate(new byte[10]) + " " + inflater.needsInput());
            } catch (DataFormatException e) {
                System.out.println(e);
            }
        }

        ByteArrayOutputStream gz = new ByteArrayOutputStream();
        try (GZIPOutputStream stream = new GZIPOutputStream(gz)) { stream.write(data); }
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(gz.toByteArray()))) {
            System.out.println(Arrays.equals(data, stream.readAllBytes()));
        }
        File file = new File("some.zip");
        try (ZipOutputStream zip = new ZipOutputStream(new FileOutputStream(file))) {
            zip.setComment("a comment");
            zip.putNextEntry(new ZipEntry("folder/a.txt"));
            zip.write("first entry".getBytes());
            ZipEntry stored = new ZipEntry("stored.bin");
            stored.setMethod(ZipEntry.STORED);
            stored.setSize(5);
            crc.reset();
            crc.update("12345".getBytes());
            stored.setCrc(crc.getValue());
            zip.putNextEntry(stored);
            zip.write("12345".getBytes());
            zip.putNextEntry(new ZipEntry("big"));
            zip.write(data);
        }
        try (ZipFile zip = new ZipFile(file)) {
            System.out.println(zip.size() + " " + zip.getComment());
            zip.stream().forEach(entry -> System.out.println(entry.getName() + " " + entry.getSize() + " " + Long.toHexString(entry.getCrc())));
            System.out.println(new String(zip.getInputStream(zip.getEntry("folder/a.txt")).readAllBytes(), StandardCharsets.UTF_8));
            System.out.println(Arrays.equals(data, zip.getInputStream(zip.getEntry("big")).readAllBytes()));
        }
        file.delete();
    }
}
