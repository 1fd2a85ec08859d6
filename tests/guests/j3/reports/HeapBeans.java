// What java.lang.management says of memory, collections, the machine, classes and the compiler.
import java.lang.management.*;
import java.nio.ByteBuffer;
import java.util.*;
import javax.management.*;

public class HeapBeans {
    static class Late {}
    static int failures;
    static byte[][] held = new byte[64][];

    static void check(String what, boolean ok) {
        if (!ok) { failures++; System.out.println("WRONG " + what); }
    }
    static void usage(String what, MemoryUsage u) {
        if (u == null) { System.out.println(what + " null"); return; }
        check(what + " " + u, u.getUsed() >= 0 && u.getUsed() <= u.getCommitted() && (u.getMax() < 0 || u.getCommitted() <= u.getMax()) && u.getInit() >= 0);
    }
    /** What jcmd asks, by the bean. */
    static void diagnosticCommands(MBeanServer server) throws Exception {
        ObjectName name = new ObjectName("com.sun.management:type=DiagnosticCommand");
        Set<String> operations = new TreeSet<>();
        for (MBeanOperationInfo each : server.getMBeanInfo(name).getOperations()) operations.add(each.getName() + each.getSignature().length);
        for (String each : new String[] {"gcClassHistogram1", "gcHeapDump1", "gcHeapInfo0", "gcRun0", "threadPrint1", "vmFlags1", "vmUptime1", "vmVersion0", "help1"})
            System.out.println(each + " " + operations.contains(each));
        Object[] none = {null};
        String[] strings = {"[Ljava.lang.String;"};
        String table = (String) server.invoke(name, "gcClassHistogram", none, strings);
        System.out.println(table.lines().findFirst().get() + " " + table.contains(" [B (java.base@") + " " + table.lines().anyMatch(line -> line.startsWith("Total ")));
        System.out.println("<" + server.invoke(name, "gcRun", null, null) + "> " + ((String) server.invoke(name, "vmUptime", none, strings)).matches("\\d+\\.\\d{3} s\n"));
        System.out.println(((String) server.invoke(name, "threadPrint", none, strings)).contains("\"main\" #1"));
    }

    /** Listeners hear of each collection, what it was and why. */
    static void notifications(MemoryMXBean memory) throws Exception {
        java.util.concurrent.BlockingQueue<String> heard = new java.util.concurrent.LinkedBlockingQueue<>();
        NotificationListener listener = (note, handback) -> {
            var info = com.sun.management.GarbageCollectionNotificationInfo.from((javax.management.openmbean.CompositeData) note.getUserData());
            boolean sound = info.getGcInfo().getDuration() >= 0 && !info.getGcInfo().getMemoryUsageAfterGc().isEmpty()
                && info.getGcName().equals(((GarbageCollectorMXBean) handback).getName()) && note.getTimeStamp() > 0;
            heard.add(info.getGcAction() + ", " + info.getGcCause() + ", " + sound);
        };
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans())
            ((NotificationEmitter) gc).addNotificationListener(listener, null, gc);
        memory.gc();
        System.out.println(heard.poll(20, java.util.concurrent.TimeUnit.SECONDS));
        memory.gc();
        System.out.println(heard.poll(20, java.util.concurrent.TimeUnit.SECONDS));
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans())
            ((NotificationEmitter) gc).removeNotificationListener(listener);
        memory.gc();
        System.out.println(heard.poll(50, java.util.concurrent.TimeUnit.MILLISECONDS));
    }

    public static void main(String[] args) throws Exception {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        usage("heap", memory.getHeapMemoryUsage());
        usage("non-heap", memory.getNonHeapMemoryUsage());
        long before = memory.getHeapMemoryUsage().getUsed();
        for (int i = 0; i < held.length; i++) held[i] = new byte[1 << 17];
        long with = memory.getHeapMemoryUsage().getUsed();
        check("8 MiB are seen: " + (with - before), with - before > 6 << 20);
        long max = memory.getHeapMemoryUsage().getMax();
        check("max " + max + " " + Runtime.getRuntime().maxMemory(), Math.abs(max - Runtime.getRuntime().maxMemory()) <= 1 << 20);
        long count = 0, time = 0;
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) { count += gc.getCollectionCount(); time += gc.getCollectionTime(); }
        memory.gc();
        long count2 = 0, time2 = 0;
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) { count2 += gc.getCollectionCount(); time2 += gc.getCollectionTime(); }
        check("count " + count + " " + count2, count2 == count + 1);
        check("time " + time + " " + time2, time2 >= time && time2 < 100000);
        Arrays.fill(held, null);
        memory.gc();
        check("dropped", memory.getHeapMemoryUsage().getUsed() < with);
        System.out.println("pending finalization " + memory.getObjectPendingFinalizationCount());
        System.out.println("verbose " + memory.isVerbose());
        memory.setVerbose(false);
        System.out.println(memory.getObjectName());
        Set<String> heapPools = new TreeSet<>();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            String name = pool.getName();
            check(name + " valid", pool.isValid());
            usage(name, pool.getUsage()); usage(name, pool.getPeakUsage());
            check(name + " peak", pool.getPeakUsage().getUsed() >= 0);
            pool.resetPeakUsage();
            if (pool.getType() == MemoryType.HEAP) {
                heapPools.add(name);
                check(name + " collection usage", pool.getCollectionUsage() != null);
            } else check(name + " collection usage", pool.getCollectionUsage() == null);
            check(name + " managers", pool.getMemoryManagerNames().length > 0);
            if (pool.isUsageThresholdSupported()) { pool.setUsageThreshold(1); check(name + " threshold", pool.getUsageThreshold() == 1); pool.getUsageThresholdCount(); pool.isUsageThresholdExceeded(); pool.setUsageThreshold(0); }
            if (pool.isCollectionUsageThresholdSupported()) { pool.setCollectionUsageThreshold(1); pool.getCollectionUsageThresholdCount(); pool.isCollectionUsageThresholdExceeded(); pool.setCollectionUsageThreshold(0); }
            check(name + " object name", pool.getObjectName().toString().equals("java.lang:type=MemoryPool,name=" + name.replace(":", "?")) || name.contains("'"));
        }
        check("heap pools", !heapPools.isEmpty());
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            check(gc.getName() + " pools", heapPools.containsAll(Arrays.asList(gc.getMemoryPoolNames())) || gc.getMemoryPoolNames().length > 0);
            check(gc.getName() + " valid", gc.isValid());
            if (gc instanceof com.sun.management.GarbageCollectorMXBean g) {
                com.sun.management.GcInfo info = g.getLastGcInfo();
                if (gc.getCollectionCount() > 0) {
                    check(gc.getName() + " info", info != null && info.getDuration() >= 0 && info.getEndTime() >= info.getStartTime() && !info.getMemoryUsageBeforeGc().isEmpty() && info.getMemoryUsageAfterGc().keySet().equals(info.getMemoryUsageBeforeGc().keySet()) && info.getId() > 0);
                }
            } else System.out.println("not com.sun.management");
        }
        Set<String> managers = new TreeSet<>();
        for (MemoryManagerMXBean m : ManagementFactory.getMemoryManagerMXBeans()) managers.add(m.getName());
        check("managers " + managers, managers.size() > 1);
        for (BufferPoolMXBean b : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) System.out.println(b.getName() + " " + b.getCount() + " " + b.getTotalCapacity() + " " + b.getMemoryUsed());
        ByteBuffer direct = ByteBuffer.allocateDirect(1000);
        for (BufferPoolMXBean b : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) System.out.println(b.getName() + " " + b.getCount() + " " + b.getTotalCapacity() + " " + b.getMemoryUsed());
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        long up = runtime.getUptime();
        check("uptime " + up, up > 0 && up < 120000);
        Thread.sleep(20);
        check("uptime grows", runtime.getUptime() >= up + 15);
        check("start", Math.abs(System.currentTimeMillis() - runtime.getUptime() - runtime.getStartTime()) < 5000);
        check("name", runtime.getName().startsWith(ProcessHandle.current().pid() + "@") && runtime.getPid() == ProcessHandle.current().pid());
        System.out.println(runtime.getInputArguments());
        System.out.println(runtime.getSpecVersion() + " " + runtime.getSpecName() + " " + runtime.getVmName().isEmpty() + " " + runtime.isBootClassPathSupported() + " " + runtime.getManagementSpecVersion());
        check("class path", runtime.getClassPath().equals(System.getProperty("java.class.path")));
        check("properties", runtime.getSystemProperties().get("java.version").equals(System.getProperty("java.version")));
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        long loaded = classes.getTotalLoadedClassCount();
        Class.forName("HeapBeans$Late");
        check("classes", classes.getTotalLoadedClassCount() == loaded + 1 && classes.getLoadedClassCount() + classes.getUnloadedClassCount() == classes.getTotalLoadedClassCount());
        System.out.println("verbose " + classes.isVerbose());
        CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
        check("compiler", compilation != null && !compilation.getName().isEmpty());
        if (compilation.isCompilationTimeMonitoringSupported()) check("compilation time", compilation.getTotalCompilationTime() >= 0);
        OperatingSystemMXBean os = ManagementFactory.getOperatingSystemMXBean();
        System.out.println(os.getName() + " " + os.getArch() + " " + (os.getAvailableProcessors() == Runtime.getRuntime().availableProcessors()));
        check("load", os.getSystemLoadAverage() >= 0);
        if (os instanceof com.sun.management.UnixOperatingSystemMXBean u) {
            check("os", u.getTotalMemorySize() > 0 && u.getFreeMemorySize() > 0 && u.getProcessCpuTime() > 0 && u.getCommittedVirtualMemorySize() > 0 && u.getOpenFileDescriptorCount() > 0 && u.getMaxFileDescriptorCount() > 0 && u.getTotalSwapSpaceSize() >= 0 && u.getFreeSwapSpaceSize() >= 0);
            u.getProcessCpuLoad(); u.getCpuLoad();
        } else System.out.println("no Unix");
        notifications(memory);
        System.out.println(failures + " failures");
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        System.out.println(server.getAttribute(new ObjectName("java.lang:type=Memory"), "Verbose"));
        System.out.println(((javax.management.openmbean.CompositeData) server.getAttribute(new ObjectName("java.lang:type=Memory"), "HeapMemoryUsage")).containsKey("used"));
        diagnosticCommands(server);
        System.out.println(server.queryNames(new ObjectName("java.lang:type=GarbageCollector,*"), null).size() > 0);
    }
}
