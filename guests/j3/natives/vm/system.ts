/** The VM as the library sees it: java.lang.Runtime, Shutdown, String.intern, jdk.internal.misc.VM, CDS and Signal, performance counters. */
import * as os from "node:os";
import { throwing } from "../../link/index.ts";
import { exit } from "../../vm/boot.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import { HANDLER_DEFAULT, HANDLER_DISPATCH } from "../../vm/signals.ts";
import type { VmNatives } from "../types.ts";

/** Signals that the VM keeps for itself, or nobody can handle. */
const RESERVED = ["SIGSEGV", "SIGILL", "SIGFPE", "SIGQUIT", "SIGKILL", "SIGSTOP"] as const;
/** With -Xrs those are the system's too that would run the shutdown hooks. */
const SHUTDOWN = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

function* halt(j: J3, status: number): J3Steps<void> {
  exit(j, status);
  for (;;) yield { kind: "park", milliseconds: -1 };
}

/** Collects everything that is garbage. */
export function collect(j: J3): void {
  if (j.flags.isOn("DisableExplicitGC")) return;
  const { mutator } = j.vm;
  while (!mutator.stopWorld()) {
    // Somebody else has collected meanwhile; that garbage need not be all of ours.
  }
  j.heap.collect(true, false);
  mutator.resumeWorld();
  j.waiters.afterCollection();
}

function setHandler(j: J3, signal: number, handler: bigint): bigint {
  if (RESERVED.some((name) => os.constants.signals[name] === signal)) return -1n;
  if (!j.options.dumpsThreads && SHUTDOWN.some((name) => os.constants.signals[name] === signal)) return -1n;
  return j.signals.handle(signal, handler);
}

function raise(j: J3, signal: number): void {
  const handler = j.signals.handlerOf(signal);
  if (signal === os.constants.signals.SIGQUIT && j.options.dumpsThreads) j.signals.dumpThreads();
  else if (handler === HANDLER_DISPATCH) j.signals.raise(signal);
  else if (handler !== HANDLER_DEFAULT) return;
  else if (j.options.ownsProcess) process.kill(process.pid, signal);
  else exit(j, 128 + signal);
}

/** A long that a direct buffer shows. */
function* counter(j: J3, name: number, value: bigint): J3Steps<number> {
  if (j.objects.isNull(name)) throw throwing("NullPointerException", null);
  const address = j.heap.malloc(8);
  j.mem.i64[address >>> 3] = value;
  return yield* directBuffer(j, address, 8);
}

/** A string of at most so many bytes that a direct buffer shows, with a zero at its end. */
function* text(j: J3, name: number, value: number, maxLength: number): J3Steps<number> {
  if (j.objects.isNull(name) || j.objects.isNull(value)) throw throwing("NullPointerException", null);
  const address = j.heap.malloc(maxLength + 1);
  j.mem.copyIn(address, j.objects.bytes(value).subarray(0, maxLength));
  return yield* directBuffer(j, address, maxLength + 1);
}

/** A direct ByteBuffer of memory that is never freed. */
function* directBuffer(j: J3, address: number, bytes: number): J3Steps<number> {
  return yield* j.construct(j.world.boot("java/nio/DirectByteBuffer"), "(JI)V", [BigInt(address), bytes]);
}

const VM = "jdk/internal/misc/VM";
const CDS = "jdk/internal/misc/CDS";
const SIGNAL = "jdk/internal/misc/Signal";
const PERF = "jdk/internal/perf/Perf";

export const systemNatives: VmNatives = {
  "java/lang/String.intern()Ljava/lang/String;": (j, self: number) => j.strings.intern(self),
  "java/lang/StringUTF16.isBigEndian()Z": () => false,

  "java/lang/Runtime.availableProcessors()I": () => os.availableParallelism(),
  "java/lang/Runtime.maxMemory()J": (j) => BigInt(j.heap.statistics().max),
  "java/lang/Runtime.totalMemory()J": (j) => BigInt(j.heap.statistics().total),
  "java/lang/Runtime.freeMemory()J": (j) => {
    const { total, used } = j.heap.statistics();
    return BigInt(Math.max(0, total - used));
  },
  "java/lang/Runtime.gc()V": collect,
  "java/lang/Shutdown.beforeHalt()V": () => {},
  "java/lang/Shutdown.halt0(I)V": halt,

  [`${VM}.initialize()V`]: () => {},
  [`${VM}.getuid()J`]: () => BigInt(process.getuid?.() ?? 0),
  [`${VM}.geteuid()J`]: () => BigInt(process.geteuid?.() ?? 0),
  [`${VM}.getgid()J`]: () => BigInt(process.getgid?.() ?? 0),
  [`${VM}.getegid()J`]: () => BigInt(process.getegid?.() ?? 0),
  "jdk/internal/vm/VMSupport.getVMTemporaryDirectory()Ljava/lang/String;": (j) => j.objects.newString("/tmp"),

  // There are no archives of classes.
  [`${CDS}.isDumpingClassList0()Z`]: () => false,
  [`${CDS}.isDumpingArchive0()Z`]: () => false,
  [`${CDS}.isSharingEnabled0()Z`]: () => false,
  [`${CDS}.getRandomSeedForDumping()J`]: () => 0n,
  [`${CDS}.initializeFromArchive(Ljava/lang/Class;)V`]: () => {},
  [`${CDS}.defineArchivedModules(Ljava/lang/ClassLoader;Ljava/lang/ClassLoader;)V`]: () => {},
  [`${CDS}.logLambdaFormInvoker(Ljava/lang/String;)V`]: () => {},

  [`${SIGNAL}.findSignal0(Ljava/lang/String;)I`]: (j, name: number) => {
    const signals: Readonly<Record<string, number>> = os.constants.signals;
    return signals[`SIG${j.objects.text(name)}`] ?? -1;
  },
  [`${SIGNAL}.handle0(IJ)J`]: setHandler,
  [`${SIGNAL}.raise0(I)V`]: raise,

  [`${PERF}.createLong(Ljava/lang/String;IIJ)Ljava/nio/ByteBuffer;`]: (
    j,
    _self: number,
    name: number,
    _variability: number,
    _units: number,
    value: bigint,
  ) => counter(j, name, value),
  [`${PERF}.createByteArray(Ljava/lang/String;II[BI)Ljava/nio/ByteBuffer;`]: (
    j,
    _self: number,
    name: number,
    _variability: number,
    _units: number,
    value: number,
    maxLength: number,
  ) => text(j, name, value, maxLength),
  [`${PERF}.highResCounter()J`]: () => process.hrtime.bigint(),
  [`${PERF}.highResFrequency()J`]: () => 1_000_000_000n,
  "jdk/internal/platform/CgroupMetrics.isUseContainerSupport()Z": () => false,
};
