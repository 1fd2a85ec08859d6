/**
 * java.lang.management: memory, its pools, and the collectors. A pool is a space of the collector's plan (src/heap/spaces.ts), or all memory that does
 * not move, and has no thresholds.
 */
import { spaces } from "#heap";
import { ARRAY_DATA } from "../../model/record.ts";
import { type LastCollection, recordOf, type Use } from "../../runtime/collection-record.ts";
import { box } from "../../vm/boxing.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import type { MemoryBeans } from "../../vm/native-state.ts";
import { hasUsageThreshold, type SensorKind } from "../../vm/pool-sensors.ts";
import type { VmNative, VmNatives } from "../types.ts";

const LANG = "java/lang/management/";
const USAGE = `${LANG}MemoryUsage`;
const POOL = `${LANG}MemoryPoolMXBean`;
const MANAGER = `${LANG}MemoryManagerMXBean`;
const COLLECTOR = `${LANG}GarbageCollectorMXBean`;
const COLLECTOR_EXTENDED = "com/sun/management/GarbageCollectorMXBean";
const FACTORY = "sun/management/ManagementFactoryHelper";
const EXTENDED = "com/sun/management/internal/GarbageCollectorExtImpl";
const BUILDER = "com/sun/management/internal/GcInfoBuilder";
const INFO = "com/sun/management/GcInfo";
const STRING = "Ljava/lang/String;";
const NON_MOVING = "Non-Moving Memory";

/** A MemoryUsage; no limit is -1. */
function* usage(j: J3, initial: number, { used, capacity }: Use, most: number): J3Steps<number> {
  const committed = Math.max(used, capacity);
  const numbers = [initial, used, committed, most < 0 ? -1 : Math.max(most, committed)].map(BigInt);
  return yield* j.construct(j.world.boot(USAGE), "(JJJJ)V", numbers);
}

/** A MemoryUsage of a space. */
export function* usageOf(j: J3, use: Use): J3Steps<number> {
  return yield* usage(j, 0, use, -1);
}

function* totalUsage(j: J3, isHeap: boolean): J3Steps<number> {
  const { used, total, max, mallocBytes } = j.heap.statistics();
  if (!isHeap) return yield* usage(j, 0, { used: mallocBytes, capacity: mallocBytes }, -1);
  return yield* usage(j, j.options.initialHeap, { used, capacity: total }, max);
}

/** The beans, made once: a pool for each space and for non-moving memory, a manager for that, and one collector or two. */
function* beans(j: J3): J3Steps<MemoryBeans> {
  if (j.native.memoryBeans !== undefined) return j.native.memoryBeans;
  const { objects } = j;
  const root = (made: unknown): number => objects.root(objects.ref(made as number));
  const pools: number[] = [];
  const poolDescriptor = `(${STRING}ZJJ)L${POOL};`;
  // Of thresholds 0 means none yet, -1 that there can be none.
  for (const [name, isHeap, ...thresholds] of [
    ...spaces(j.heap).map(({ name }) => [`${name} Space`, 1, hasUsageThreshold(name) ? 0n : -1n, 0n] as const),
    [NON_MOVING, 0, -1n, -1n] as const,
  ]) {
    const args = [objects.newString(name), isHeap, ...thresholds];
    pools.push(root(yield* j.invokeStatic(FACTORY, "createMemoryPool", poolDescriptor, args)));
  }
  const managerArgs = [objects.newString(`${NON_MOVING} Manager`)];
  const manager = root(yield* j.invokeStatic(FACTORY, "createMemoryManager", `(${STRING})L${MANAGER};`, managerArgs));
  const hasExtended = j.modules.byName.has("jdk.management");
  const collectors: number[] = [];
  const { plan } = j.heap;
  for (const name of plan.barrier === "none" ? [plan.name] : [`${plan.name} young`, plan.name]) {
    const factory = hasExtended ? EXTENDED : FACTORY;
    const args = [objects.newString(name), 0];
    const descriptor = `(${STRING}${STRING})L${COLLECTOR};`;
    collectors.push(root(yield* j.invokeStatic(factory, "createGarbageCollector", descriptor, args)));
  }
  const made = { pools, manager, collectors };
  j.native.memoryBeans = made;
  return made;
}

/** Whether the bean in the handle is the one in the root. */
const isSame = (j: J3, handle: number, root: number): boolean => j.objects.ref(handle) === j.objects.ref(root);

/** Which space a pool is; -1: non-moving memory. */
function* spaceOf(j: J3, pool: number): J3Steps<number> {
  const { pools } = yield* beans(j);
  const index = pools.findIndex((root) => isSame(j, pool, root));
  return index === pools.length - 1 ? -1 : index;
}

const allPools: VmNative = function* (j: J3): J3Steps<number> {
  return j.objects.newRefArray(POOL, (yield* beans(j)).pools);
};

const allManagers: VmNative = function* (j: J3): J3Steps<number> {
  const { manager, collectors } = yield* beans(j);
  return j.objects.newRefArray(MANAGER, [manager, ...collectors]);
};

/** The collectors look after all spaces, the other manager after the rest. */
const poolsOf: VmNative = function* (j: J3, self: number): J3Steps<number> {
  const { pools, manager } = yield* beans(j);
  return j.objects.newRefArray(POOL, isSame(j, self, manager) ? pools.slice(-1) : pools.slice(0, -1));
};

const managersOf: VmNative = function* (j: J3, self: number): J3Steps<number> {
  const { manager, collectors } = yield* beans(j);
  return j.objects.newRefArray(MANAGER, (yield* spaceOf(j, self)) < 0 ? [manager] : collectors);
};

function useNow(j: J3, space: number): Use {
  if (space >= 0) return spaces(j.heap)[space]!;
  const { mallocBytes } = j.heap.statistics();
  return { used: mallocBytes, capacity: mallocBytes };
}

const poolUsage: VmNative = function* (j: J3, self: number): J3Steps<number> {
  return yield* usage(j, 0, useNow(j, yield* spaceOf(j, self)), -1);
};

const peakUsage: VmNative = function* (j: J3, self: number): J3Steps<number> {
  const space = yield* spaceOf(j, self);
  if (space < 0) return yield* usage(j, 0, useNow(j, space), -1);
  recordOf(j.heap)?.notePeaks(spaces(j.heap));
  return yield* usage(j, 0, recordOf(j.heap)!.peak(space), -1);
};

const resetPeak: VmNative = function* (j: J3, self: number): J3Steps<void> {
  const space = yield* spaceOf(j, self);
  if (space >= 0) recordOf(j.heap)?.resetPeak(space, useNow(j, space));
};

/** After the last collection; null for memory that is not collected. */
const collectionUsage: VmNative = function* (j: J3, self: number): J3Steps<number> {
  const space = yield* spaceOf(j, self);
  if (space < 0) return 0;
  const last = recordOf(j.heap)?.last("any", spaces(j.heap).length);
  return yield* usage(j, 0, last?.after[space] ?? { used: 0, capacity: 0 }, -1);
};

/** Whether the bean is that of minor collections; a plan without generations has one bean, for all. */
function* isMinor(j: J3, bean: number): J3Steps<boolean> {
  const { collectors } = yield* beans(j);
  return collectors.length === 2 && isSame(j, bean, collectors[0]!);
}

const collectionCount: VmNative = function* (j: J3, self: number): J3Steps<bigint> {
  const { collections, minorCollections } = j.heap.statistics();
  return BigInt((yield* isMinor(j, self)) ? minorCollections : collections - minorCollections);
};

const collectionTime: VmNative = function* (j: J3, self: number): J3Steps<bigint> {
  const { collectionMilliseconds, minorMilliseconds } = j.heap.statistics();
  const milliseconds = (yield* isMinor(j, self)) ? minorMilliseconds : collectionMilliseconds - minorMilliseconds;
  return BigInt(Math.round(milliseconds));
};

// ---- com.sun.management.GcInfo: the last collection -----------------------------------------------------------------------------

const attributeInfo: VmNative = (
  j,
  _self: number,
  _bean: number,
  _count: number,
  names: number,
  types: number,
  texts: number,
) => {
  const { objects } = j;
  objects.setElement(names, 0, objects.newString("GcThreadCount"));
  objects.setElement(texts, 0, objects.newString("Number of GC threads"));
  j.mem.u16[(objects.ref(types) + ARRAY_DATA) >>> 1] = "I".charCodeAt(0);
};

function* usages(j: J3, array: number, last: LastCollection, which: "before" | "after"): J3Steps<void> {
  const all = [...last[which], useNow(j, -1)];
  for (const [i, use] of all.entries()) j.objects.setElement(array, i, yield* usage(j, 0, use, -1));
}

/** A GcInfo. `builder` is a handle. */
export function* makeGcInfo(j: J3, builder: number, last: LastCollection): J3Steps<number> {
  const [before, after] = [0, 1].map(() => j.objects.newArrayOf(USAGE, last.after.length + 1)) as [number, number];
  return yield* fillGcInfo(j, builder, last, j.objects.newArrayOf("java/lang/Object", 1), before, after);
}

function* fillGcInfo(
  j: J3,
  builder: number,
  last: LastCollection,
  values: number,
  before: number,
  after: number,
): J3Steps<number> {
  j.objects.setElement(values, 0, box(j, "I", last.collectors));
  yield* usages(j, before, last, "before");
  yield* usages(j, after, last, "after");
  const descriptor = `(L${BUILDER};JJJ[L${USAGE};[L${USAGE};[Ljava/lang/Object;)V`;
  const times = [last.number, last.start, last.end].map((each) => BigInt(Math.round(each)));
  return yield* j.construct(j.world.boot(INFO), descriptor, [builder, ...times, before, after, values]);
}

const lastInfo: VmNative = function* (
  j: J3,
  self: number,
  bean: number,
  _count: number,
  values: number,
  _types: number,
  before: number,
  after: number,
): J3Steps<number> {
  const last = recordOf(j.heap)?.last(yield* isMinor(j, bean), spaces(j.heap).length);
  return last === undefined ? 0 : yield* fillGcInfo(j, self, last, values, before, after);
};

// ---- thresholds ------------------------------------------------------------------------------------------------------------------

const setThreshold = (kind: SensorKind): VmNative =>
  function* (j: J3, self: number, _present: bigint, threshold: bigint): J3Steps<void> {
    const space = yield* spaceOf(j, self);
    j.poolSensors.setThreshold(kind, space, Number(threshold));
    j.collectionNotices.start();
    if (kind === "usage") yield* j.poolSensors.look(space, useNow(j, space));
  };

const setSensor = (kind: SensorKind): VmNative =>
  function* (j: J3, self: number, sensor: number): J3Steps<void> {
    j.poolSensors.setSensor(kind, yield* spaceOf(j, self), sensor);
  };

const setNotices: VmNative = function* (j: J3, _self: number, bean: number, isOn: number): J3Steps<void> {
  const minor = yield* isMinor(j, bean);
  const { collectors } = yield* beans(j);
  j.collectionNotices.listen(minor, minor ? collectors[0]! : collectors.at(-1)!, isOn !== 0);
};

const IMPLEMENTATION = "sun/management/";

export const memoryBeanNatives: VmNatives = {
  [`${IMPLEMENTATION}MemoryImpl.getMemoryUsage0(Z)L${USAGE};`]: (j: J3, _self: number, isHeap: number) =>
    totalUsage(j, isHeap !== 0),
  [`${IMPLEMENTATION}MemoryImpl.getMemoryPools0()[L${POOL};`]: allPools,
  [`${IMPLEMENTATION}MemoryImpl.getMemoryManagers0()[L${MANAGER};`]: allManagers,
  [`${IMPLEMENTATION}MemoryManagerImpl.getMemoryPools0()[L${POOL};`]: poolsOf,
  [`${IMPLEMENTATION}MemoryPoolImpl.getMemoryManagers0()[L${MANAGER};`]: managersOf,
  [`${IMPLEMENTATION}MemoryPoolImpl.getUsage0()L${USAGE};`]: poolUsage,
  [`${IMPLEMENTATION}MemoryPoolImpl.getPeakUsage0()L${USAGE};`]: peakUsage,
  [`${IMPLEMENTATION}MemoryPoolImpl.getCollectionUsage0()L${USAGE};`]: collectionUsage,
  [`${IMPLEMENTATION}MemoryPoolImpl.resetPeakUsage0()V`]: resetPeak,
  [`${IMPLEMENTATION}MemoryPoolImpl.setUsageThreshold0(JJ)V`]: setThreshold("usage"),
  [`${IMPLEMENTATION}MemoryPoolImpl.setCollectionThreshold0(JJ)V`]: setThreshold("collection"),
  [`${IMPLEMENTATION}MemoryPoolImpl.setPoolUsageSensor(L${IMPLEMENTATION}Sensor;)V`]: setSensor("usage"),
  [`${IMPLEMENTATION}MemoryPoolImpl.setPoolCollectionSensor(L${IMPLEMENTATION}Sensor;)V`]: setSensor("collection"),
  [`${IMPLEMENTATION}GarbageCollectorImpl.getCollectionCount()J`]: collectionCount,
  [`${IMPLEMENTATION}GarbageCollectorImpl.getCollectionTime()J`]: collectionTime,
  [`${EXTENDED}.setNotificationEnabled(L${COLLECTOR_EXTENDED};Z)V`]: setNotices,
  [`${BUILDER}.getNumGcExtAttributes(L${COLLECTOR};)I`]: () => 1,
  [`${BUILDER}.fillGcAttributeInfo(L${COLLECTOR};I[${STRING}[C[${STRING})V`]: attributeInfo,
  [`${BUILDER}.getLastGcInfo0(L${COLLECTOR};I[Ljava/lang/Object;[C[L${USAGE};[L${USAGE};)L${INFO};`]: lastInfo,
};
