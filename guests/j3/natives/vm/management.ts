/**
 * java.lang.management: what this VM knows of itself. The time of compilation is not measured, and the bean says so.
 * Threads: thread-management.ts.
 */
import { availableParallelism, freemem, totalmem } from "node:os";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmNative, VmNatives } from "../types.ts";

const VM = "sun/management/VMManagementImpl.";
const FACTORY = "sun/management/ManagementFactoryHelper";
const USAGE = "java/lang/management/MemoryUsage";
const POOL = "java/lang/management/MemoryPoolMXBean";
const MANAGER = "java/lang/management/MemoryManagerMXBean";

function* usage(j: J3, isHeap: boolean): J3Steps<number> {
  const { used, total, max, mallocBytes } = j.heap.statistics();
  const numbers = isHeap
    ? [BigInt(j.options.initialHeap), BigInt(used), BigInt(Math.max(used, total)), BigInt(max)]
    : [0n, BigInt(mallocBytes), BigInt(mallocBytes), -1n];
  return yield* j.construct(j.world.boot(USAGE), "(JJJJ)V", numbers);
}

/** The one pool there is, and the one collector: made once. */
function* heapPool(j: J3): J3Steps<number> {
  if (j.native.heapPool === 0) {
    const name = j.objects.newString(`${j.heap.plan.name} heap`);
    const descriptor = `(Ljava/lang/String;ZJJ)L${POOL};`;
    const pool = yield* j.invokeStatic(FACTORY, "createMemoryPool", descriptor, [name, 1, 0n, -1n]);
    j.native.heapPool = j.objects.root(j.objects.ref(pool as number));
  }
  return j.native.heapPool;
}

function* collector(j: J3): J3Steps<number> {
  if (j.native.collector === 0) {
    const name = j.objects.newString(j.heap.plan.name);
    const descriptor = "(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/management/GarbageCollectorMXBean;";
    const bean = yield* j.invokeStatic(FACTORY, "createGarbageCollector", descriptor, [name, 0]);
    j.native.collector = j.objects.root(j.objects.ref(bean as number));
  }
  return j.native.collector;
}

const pools: VmNative = function* (j: J3): J3Steps<number> {
  return j.objects.newRefArray(POOL, [yield* heapPool(j)]);
};

const managers: VmNative = function* (j: J3): J3Steps<number> {
  return j.objects.newRefArray(MANAGER, [yield* collector(j)]);
};

const OS = "com/sun/management/internal/OperatingSystemImpl.";

export const managementNatives: VmNatives = {
  [`${VM}getVersion0()Ljava/lang/String;`]: (j) => j.objects.newString("3.0"),
  [`${VM}getTotalClassCount()J`]: (j) => BigInt(j.world.classCount),
  [`${VM}getUnloadedClassCount()J`]: () => 0n,
  [`${VM}getVerboseClass()Z`]: (j) => j.classLog !== undefined,
  [`${VM}getVerboseGC()Z`]: () => false,
  [`${VM}getProcessId()I`]: () => process.pid,
  [`${VM}getStartupTime()J`]: () => BigInt(Math.round(Date.now() - process.uptime() * 1000)),
  [`${VM}getUptime0()J`]: () => BigInt(Math.round(process.uptime() * 1000)),
  [`${VM}getAvailableProcessors()I`]: () => availableParallelism(),
  [`sun/management/MemoryImpl.getMemoryUsage0(Z)L${USAGE};`]: (j: J3, _self: number, isHeap: number) =>
    usage(j, isHeap !== 0),
  [`sun/management/MemoryImpl.getMemoryPools0()[L${POOL};`]: pools,
  [`sun/management/MemoryImpl.getMemoryManagers0()[L${MANAGER};`]: managers,
  [`sun/management/MemoryManagerImpl.getMemoryPools0()[L${POOL};`]: pools,
  [`sun/management/MemoryPoolImpl.getMemoryManagers0()[L${MANAGER};`]: managers,
  [`sun/management/MemoryPoolImpl.getUsage0()L${USAGE};`]: (j) => usage(j, true),
  "sun/management/GarbageCollectorImpl.getCollectionCount()J": (j) => BigInt(j.heap.statistics().collections),
  "sun/management/GarbageCollectorImpl.getCollectionTime()J": (j) =>
    BigInt(Math.round(j.heap.statistics().collectionMilliseconds)),

  [`${OS}initialize0()V`]: () => {},
  [`${OS}getTotalMemorySize0()J`]: () => BigInt(totalmem()),
  [`${OS}getFreeMemorySize0()J`]: () => BigInt(freemem()),
  [`${OS}getProcessCpuTime0()J`]: () => {
    const { user, system } = process.cpuUsage();
    return BigInt(user + system) * 1000n;
  },
};
