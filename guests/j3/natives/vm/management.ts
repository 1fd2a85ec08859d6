/**
 * java.lang.management: the VM itself, its classes, and the machine. The time of compilation is not measured, and the bean says so.
 * Memory: memory-beans.ts. Threads: thread-management.ts.
 */
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { CONTROL_GUEST } from "#layout";
import { WORD_VERBOSE_GC } from "../../runtime/words.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmNatives } from "../types.ts";

const VM = "sun/management/VMManagementImpl.";
const OS = "com/sun/management/internal/OperatingSystemImpl.";

function millisecondsUp(j: J3): bigint {
  return (process.hrtime.bigint() - j.options.started) / 1_000_000n;
}

function processTime(): bigint {
  const { user, system } = process.cpuUsage();
  return BigInt(user + system) * 1000n;
}

// ---- the machine: Linux tells in files -------------------------------------------------------------------------------------------

/** A number in a file of lines as "SwapTotal:  123 kB"; -1n: it is not told. */
function told(file: string, pattern: RegExp, unit: number): bigint {
  try {
    const digits = pattern.exec(readFileSync(file, "utf8"))?.[1];
    return digits === undefined ? -1n : BigInt(digits) * BigInt(unit);
  } catch {
    return -1n;
  }
}

const memoryInfo = (name: string): bigint => told("/proc/meminfo", new RegExp(`^${name}: +(\\d+) kB`, "m"), 1024);

function openDescriptors(): bigint {
  try {
    return BigInt(readdirSync("/proc/self/fd").length);
  } catch {
    return -1n;
  }
}

/** Busy and all ticks of one processor, or of all. */
function ticks(number?: number): readonly [busy: number, all: number] {
  const chosen = number === undefined ? cpus() : cpus().slice(number, number + 1);
  let [idle, all] = [0, 0];
  for (const { times } of chosen) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return [all - idle, all];
}

/** Share of the time since the last call that was busy; the first call, or one that comes too soon, has nothing to go by: -1. */
function load(j: J3, key: string, [busy, all]: readonly [number, number]): number {
  const last = j.native.loads.get(key);
  j.native.loads.set(key, [busy, all]);
  if (last === undefined || all <= last[1]) return -1;
  return Math.min(1, Math.max(0, (busy - last[0]) / (all - last[1])));
}

export const managementNatives: VmNatives = {
  [`${VM}getVersion0()Ljava/lang/String;`]: (j) => j.objects.newString("3.0"),
  [`${VM}getTotalClassCount()J`]: (j) => BigInt(j.world.registered.filter((cls) => cls.file !== null).length),
  [`${VM}getUnloadedClassCount()J`]: () => 0n,
  [`${VM}getVerboseClass()Z`]: (j) => j.classLog !== undefined,
  [`${VM}getVerboseGC()Z`]: (j) => j.logsCollections,
  "sun/management/ClassLoadingImpl.setVerboseClass(Z)V": (j, isOn: number) => j.setVerboseClass(isOn !== 0),
  "sun/management/MemoryImpl.setVerboseGC(Z)V": (j, _self: number, isOn: number) =>
    j.mem.atomicStore(j.mem.word(CONTROL_GUEST) + WORD_VERBOSE_GC, isOn),
  [`${VM}getProcessId()I`]: () => process.pid,
  [`${VM}getVmArguments0()[Ljava/lang/String;`]: (j) =>
    j.objects.newRefArray(
      "java/lang/String",
      j.options.vmArguments.map((each) => j.objects.newString(each)),
    ),
  [`${VM}getStartupTime()J`]: (j) => BigInt(Date.now()) - millisecondsUp(j),
  [`${VM}getUptime0()J`]: millisecondsUp,
  [`${VM}getAvailableProcessors()I`]: () => availableParallelism(),

  [`${OS}initialize0()V`]: () => {},
  [`${OS}getTotalMemorySize0()J`]: () => BigInt(totalmem()),
  [`${OS}getFreeMemorySize0()J`]: () => BigInt(freemem()),
  [`${OS}getTotalSwapSpaceSize0()J`]: () => memoryInfo("SwapTotal"),
  [`${OS}getFreeSwapSpaceSize0()J`]: () => memoryInfo("SwapFree"),
  [`${OS}getCommittedVirtualMemorySize0()J`]: () => told("/proc/self/status", /^VmSize:\s+(\d+) kB/m, 1024),
  [`${OS}getMaxFileDescriptorCount0()J`]: () => told("/proc/self/limits", /^Max open files +(\d+)/m, 1),
  [`${OS}getOpenFileDescriptorCount0()J`]: openDescriptors,
  [`${OS}getProcessCpuTime0()J`]: processTime,
  [`${OS}getProcessCpuLoad0()D`]: (j) =>
    load(j, "process", [Number(processTime()), Number(process.hrtime.bigint()) * availableParallelism()]),
  [`${OS}getCpuLoad0()D`]: (j) => load(j, "all", ticks()),
  [`${OS}getSingleCpuLoad0(I)D`]: (j, _self: number, number: number) => load(j, String(number), ticks(number)),
  [`${OS}getHostConfiguredCpuCount0()I`]: () => cpus().length,
  [`${OS}getHostOnlineCpuCount0()I`]: () => availableParallelism(),
  [`${OS}getHostTotalCpuTicks0()J`]: () => BigInt(Math.round(ticks()[1])),
};
