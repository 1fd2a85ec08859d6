/** Thresholds of a memory pool: what is crossed, told to listeners, counted, and over again when memory is free. */
// jvm: -XX:+UseSerialGC -Xmx64m
// suite: once
import java.lang.management.*;
import java.util.*;
import java.util.concurrent.*;
import javax.management.*;
public class PoolThresholds {
  static String type(Notification n) { return n.getType().replace("java.management.memory.", ""); }
  public static void main(String[] a) throws Exception {
    MemoryPoolMXBean old = null;
    for (MemoryPoolMXBean p : ManagementFactory.getMemoryPoolMXBeans()) {
      if (p.getType() != MemoryType.HEAP) continue;
      if (!p.isCollectionUsageThresholdSupported()) System.out.println(p.getName());
      if (p.isUsageThresholdSupported()) old = p;
    }
    BlockingQueue<Notification> got = new LinkedBlockingQueue<>();
    NotificationEmitter emitter = (NotificationEmitter) ManagementFactory.getMemoryMXBean();
    emitter.addNotificationListener((n, h) -> got.add(n), null, null);
    try { old.setUsageThreshold(-1); } catch (IllegalArgumentException e) { System.out.println("refused"); }
    System.out.println(old.getUsageThreshold() + " " + old.getUsageThresholdCount() + " " + old.isUsageThresholdExceeded());
    System.gc();
    long base = old.getUsage().getUsed();
    old.setUsageThreshold(base + (4 << 20));
    old.setCollectionUsageThreshold(base + (4 << 20));
    System.out.println(old.isUsageThresholdExceeded() + " " + old.isCollectionUsageThresholdExceeded());
    byte[][] held = new byte[16][];
    for (int i = 0; i < held.length; i++) held[i] = new byte[1 << 19];
    System.gc();
    Set<String> types = new TreeSet<>();
    for (int i = 0; i < 2; i++) {
      Notification n = got.poll(20, TimeUnit.SECONDS);
      if (n == null) break;
      types.add(type(n));
      MemoryNotificationInfo info = MemoryNotificationInfo.from((javax.management.openmbean.CompositeData) n.getUserData());
      System.out.println((info.getUsage().getUsed() > base + (4 << 20)) + " " + info.getCount() + " " + info.getPoolName().equals(old.getName()));
    }
    System.out.println(types);
    System.out.println(old.isUsageThresholdExceeded() + " " + old.isCollectionUsageThresholdExceeded() + " " + (old.getUsageThresholdCount() > 0) + " " + (old.getCollectionUsageThresholdCount() > 0));
    java.lang.ref.Reference.reachabilityFence(held);
    held = null;
    System.gc();
    for (int i = 0; i < 500 && (old.isUsageThresholdExceeded() || old.isCollectionUsageThresholdExceeded()); i++) Thread.sleep(10);
    System.out.println(old.isUsageThresholdExceeded() + " " + old.isCollectionUsageThresholdExceeded());
    old.setUsageThreshold(0);
    System.out.println(old.getUsageThreshold());
  }
}
