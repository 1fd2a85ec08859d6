/** The -XX flags about the heap: which there are, what must hold between them, and what they mean for the collectors here. */
import { MAX_COLLECTORS } from "#heap";
import type { Options, Output } from "./types.ts";
import type { FlagSpec } from "./vm-flags.ts";

const bool: FlagSpec = { kind: "bool" };
const size: FlagSpec = { kind: "size", type: "size_t" };
const experimental: FlagSpec = { kind: "bool", locked: "experimental" };
const percentage: FlagSpec = { kind: "double", range: [0, 100] };
const MOST_WORD = 18446744073709551615n;

function unsigned(least: number, most: number | bigint, more: Partial<FlagSpec> = {}): FlagSpec {
  return { kind: "int", type: "uintx", range: [least, most], ...more };
}

/** The flags that choose a collector; only one of them may be set. */
const collectorFlags = [
  "UseSerialGC",
  "UseParallelGC",
  "UseG1GC",
  "UseZGC",
  "UseShenandoahGC",
  "UseEpsilonGC",
] as const;

export const heapFlags: Readonly<Record<string, FlagSpec>> = {
  UseSerialGC: bool,
  UseParallelGC: bool,
  UseG1GC: bool,
  UseZGC: bool,
  UseShenandoahGC: bool,
  UseEpsilonGC: experimental,
  MaxHeapSize: size,
  InitialHeapSize: size,
  MinHeapSize: size,
  NewSize: size,
  MaxNewSize: size,
  OldSize: size,
  MetaspaceSize: size,
  MaxMetaspaceSize: size,
  CompressedClassSpaceSize: { kind: "size", type: "size_t", range: [1048576, 3221225472] },
  MaxDirectMemorySize: size,
  ReservedCodeCacheSize: { kind: "size", type: "uintx", range: [4096, MOST_WORD] },
  InitialCodeCacheSize: { kind: "size", type: "uintx", range: [4096, MOST_WORD] },
  NewRatio: unsigned(0, MOST_WORD - 1n),
  SurvivorRatio: unsigned(1, MOST_WORD - 2n),
  InitialSurvivorRatio: unsigned(0, MOST_WORD),
  MinSurvivorRatio: unsigned(3, MOST_WORD),
  TargetSurvivorRatio: unsigned(0, 100),
  MaxTenuringThreshold: unsigned(0, 16, { saysLittle: true }),
  InitialTenuringThreshold: unsigned(0, 16),
  NeverTenure: bool,
  AlwaysTenure: bool,
  PretenureSizeThreshold: size,
  MinHeapFreeRatio: unsigned(0, 100),
  MaxHeapFreeRatio: unsigned(0, 100),
  MaxGCPauseMillis: unsigned(1, MOST_WORD - 1n),
  GCPauseIntervalMillis: unsigned(0, MOST_WORD),
  GCTimeRatio: unsigned(0, 4294967295),
  GCTimeLimit: unsigned(0, 100),
  GCHeapFreeLimit: unsigned(0, 100),
  AdaptiveSizePolicyWeight: unsigned(0, 100),
  ParallelGCThreads: { kind: "int", type: "uint", range: [0, 4294967295] },
  ConcGCThreads: { kind: "int", type: "uint", range: [0, 4294967295] },
  UseDynamicNumberOfGCThreads: bool,
  G1HeapRegionSize: { kind: "size", type: "size_t", range: [0, 33554432] },
  G1ReservePercent: unsigned(0, 50),
  G1HeapWastePercent: unsigned(0, 100),
  G1MixedGCCountTarget: unsigned(0, MOST_WORD),
  G1NewSizePercent: unsigned(0, 100, { locked: "experimental" }),
  G1MaxNewSizePercent: unsigned(0, 100, { locked: "experimental" }),
  InitiatingHeapOccupancyPercent: unsigned(0, 100),
  MinRAMPercentage: percentage,
  MaxRAMPercentage: percentage,
  InitialRAMPercentage: percentage,
  MaxRAM: { kind: "size", type: "uint64_t" },
  SoftRefLRUPolicyMSPerMB: { kind: "int", type: "intx", range: [0, 9223372036854775807n] },
  TLABSize: size,
  MinTLABSize: { kind: "size", type: "size_t", range: [1, 9223372036854775807n] },
  ResizeTLAB: bool,
  UseTLAB: bool,
  AlwaysPreTouch: bool,
  DisableExplicitGC: bool,
  ExplicitGCInvokesConcurrent: bool,
  UseStringDeduplication: bool,
  UseGCOverheadLimit: bool,
  UseNUMA: bool,
  UseLargePages: bool,
  UseTransparentHugePages: bool,
  UseAdaptiveSizePolicy: bool,
  ParallelRefProcEnabled: bool,
  ScavengeBeforeFullGC: bool,
  ShrinkHeapInSteps: bool,
  HeapDumpBeforeFullGC: bool,
  HeapDumpAfterFullGC: bool,
  HeapDumpOnOutOfMemoryError: bool,
  HeapDumpPath: { kind: "text" },
  PrintClassHistogram: bool,
  ExitOnOutOfMemoryError: bool,
  CrashOnOutOfMemoryError: bool,
  OnOutOfMemoryError: { kind: "text" },
};

const initializationError = "Error occurred during initialization of VM\n";
const leastHeap = 2 * 1024 ** 2;
/** More addresses than that in one piece `java` does not find in the 47 bits that a process has. Measured with 17.0.21 on Linux: 85 TiB start, 86 do not. */
const MOST_RESERVED = 85 * 1024 ** 4;
const out = (text: string): Output => ({ stream: "out", text: initializationError + text });
const err = (text: string): Output => ({ stream: "err", text });

/** What was given of the sizes of the heap. */
export type HeapSettings = Pick<Options, "collector" | "maxHeap" | "initialHeap" | "flags">;

const numberOf = (flags: HeapSettings["flags"], name: string): number | undefined => {
  const value = flags.get(name);
  return typeof value === "number" ? value : undefined;
};

/** What does not fit together, in the order in which `java` finds it; undefined: nothing. */
export function heapProblem(settings: HeapSettings, cannotCreate: string): Output[] | undefined {
  const { flags, maxHeap, initialHeap } = settings;
  const chosen = collectorFlags.filter((name) => flags.get(name) === true);
  if (chosen.length > 1) return [out("Multiple garbage collectors selected\n")];
  if (chosen.length === 0 && flags.get("UseG1GC") === false)
    return [out("Garbage collector not selected (default collector explicitly disabled)\n")];
  if (numberOf(flags, "ParallelGCThreads") === 0) {
    if (chosen[0] === "UseParallelGC")
      return [err("The Parallel GC can not be combined with -XX:ParallelGCThreads=0\n")];
    if (chosen[0] === undefined || chosen[0] === "UseG1GC")
      return [out("The flag -XX:+UseG1GC can not be combined with -XX:ParallelGCThreads=0\n")];
  }
  const least = numberOf(flags, "MinHeapFreeRatio") ?? DEFAULT_MIN_FREE;
  const greatest = numberOf(flags, "MaxHeapFreeRatio") ?? DEFAULT_MAX_FREE;
  if (least > greatest) {
    const one = `MinHeapFreeRatio (${least}) must be less than or equal to MaxHeapFreeRatio (${greatest})\n`;
    const other = `MaxHeapFreeRatio (${greatest}) must be greater than or equal to MinHeapFreeRatio (${least})\n`;
    return [err(one + other + cannotCreate)];
  }
  const minHeap = numberOf(flags, "MinHeapSize") ?? 0;
  const initial = initialHeap ?? 0;
  if (maxHeap !== undefined && maxHeap < leastHeap) return [out("Too small maximum heap\n")];
  if (initial !== 0 && initial < leastHeap) return [out("Too small initial heap\n")];
  if (maxHeap !== undefined && initial > maxHeap)
    return [out("Initial heap size set to a larger value than the maximum heap size\n")];
  if (minHeap !== 0 && minHeap < leastHeap) return [out("Too small minimum heap\n")];
  if (maxHeap !== undefined && minHeap > maxHeap)
    return [out("Incompatible minimum and maximum heap sizes specified\n")];
  if (initial !== 0 && initial < minHeap) return [out("Incompatible minimum and initial heap sizes specified\n")];
  // Or without -Xmx, where the heap is as large as it begins.
  const reserved = Math.max(maxHeap ?? 0, initial);
  if (reserved > MOST_RESERVED) return [out(`Could not reserve enough space for ${reserved / 1024}KB object heap\n`)];
  return undefined;
}

const MIB = 1024 ** 2;
const DEFAULT_MIN_FREE = 40;
const DEFAULT_MAX_FREE = 70;
/** Without -Xmx a quarter of the machine's memory as in `java`, but no more than this. */
const DEFAULT_MOST = 1024 * MIB;
const DEFAULT_MAX_RAM_PERCENTAGE = 25;
/** In use before the first collection. */
const FIRST_TRIGGER = 32 * MIB;
const LEAST_TRIGGER = 2 * MIB;
const DEFAULT_SOFT_MS = 1000;
/** With more a half has one block anyway. */
const MOST_RATIO = 0x7fff_0000;

/** The plan of src/heap that comes nearest to a collector of `java`. Serial's old objects are compacted, so it is not genms, where they stay. */
const planOf: Readonly<Record<(typeof collectorFlags)[number], string>> = {
  UseSerialGC: "genimmix",
  UseParallelGC: "gencopy",
  UseG1GC: "genimmix",
  UseZGC: "immix",
  UseShenandoahGC: "immix",
  UseEpsilonGC: "nogc",
};

/** What the options ask of the heap. Sizes are bytes. */
export interface HeapChoice {
  /** Name of a plan of src/heap; undefined: the default. */
  readonly plan: string | undefined;
  /** What was asked for, or the default. */
  readonly maxBytes: number;
  readonly minBytes: number;
  readonly triggerBytes: number;
  /** 0: the plan's choice. */
  readonly youngBytes: number;
  /** 0: the plan's choice. */
  readonly survivorRatio: number;
  readonly minFreePercent: number;
  readonly maxFreePercent: number;
  readonly softMillisecondsPerMegabyte: number;
  /** Young objects are promoted when they survive for the first time. */
  readonly promotesAtOnce: boolean;
  /** Collectors of a large collection; undefined: the default, which goes by the machine's cores. */
  readonly collectors: number | undefined;
}

/** @param machineBytes memory of the machine, or of what limits the process */
export function heapChoice(settings: HeapSettings, machineBytes: number): HeapChoice {
  const { flags } = settings;
  const flag = collectorFlags.find((name) => flags.get(name) === true);
  const share = Number(flags.get("MaxRAMPercentage") ?? DEFAULT_MAX_RAM_PERCENTAGE) / 100;
  const machine = Math.min(machineBytes, numberOf(flags, "MaxRAM") ?? machineBytes) * share;
  const asked = flags.has("MaxRAMPercentage") ? machine : Math.min(machine, DEFAULT_MOST);
  const initial = settings.initialHeap ?? 0;
  const maxBytes = Math.max(settings.maxHeap ?? Math.max(asked, initial), leastHeap);
  const young = youngBytes(flags, maxBytes);
  const threads = numberOf(flags, "ParallelGCThreads");
  return {
    plan: settings.collector ?? (flag === undefined ? undefined : planOf[flag]),
    maxBytes,
    minBytes: numberOf(flags, "MinHeapSize") ?? initial,
    triggerBytes: young || Math.max(LEAST_TRIGGER, Math.min(FIRST_TRIGGER, initial || FIRST_TRIGGER)),
    youngBytes: young,
    survivorRatio: Math.min(numberOf(flags, "SurvivorRatio") ?? 0, MOST_RATIO),
    minFreePercent: numberOf(flags, "MinHeapFreeRatio") ?? DEFAULT_MIN_FREE,
    maxFreePercent: numberOf(flags, "MaxHeapFreeRatio") ?? DEFAULT_MAX_FREE,
    softMillisecondsPerMegabyte: numberOf(flags, "SoftRefLRUPolicyMSPerMB") ?? DEFAULT_SOFT_MS,
    promotesAtOnce: flags.get("MaxTenuringThreshold") === 0 || flags.get("AlwaysTenure") === true,
    collectors:
      flag === "UseSerialGC" ? 1 : threads === undefined ? undefined : Math.min(Math.max(1, threads), MAX_COLLECTORS),
  };
}

/** -Xmn (which is NewSize and MaxNewSize), or a share of the heap; 0: neither was given. */
function youngBytes(flags: HeapSettings["flags"], maxBytes: number): number {
  const most = Math.min(numberOf(flags, "MaxNewSize") || Infinity, maxBytes);
  const ratio = numberOf(flags, "NewRatio");
  const size = numberOf(flags, "NewSize") || (ratio === undefined ? 0 : maxBytes / (ratio + 1));
  const wanted = size || (most < maxBytes ? most : 0);
  return Math.floor(Math.min(wanted, most) / 1024) * 1024;
}
