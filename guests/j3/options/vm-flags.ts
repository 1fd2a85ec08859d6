/**
 * The -XX flags we take. A flag that only tunes another virtual machine is taken and does nothing, because the scripts that start
 * programs pass such flags; a flag that is not here is refused as `java` refuses an unknown one.
 */

import { heapFlags } from "./heap-flags.ts";

export type FlagKind = "bool" | "size" | "int" | "double" | "text";

export interface FlagSpec {
  readonly kind: FlagKind;
  /** Refused unless +UnlockExperimentalVMOptions or +UnlockDiagnosticVMOptions stands before it. */
  readonly locked?: "experimental" | "diagnostic";
  /** What the flag is in the other machine, for its messages; default "intx", and "double". */
  readonly type?: "uintx" | "intx" | "uint" | "int" | "size_t" | "uint64_t";
  /** The least and the largest number allowed. */
  readonly range?: readonly [number, number | bigint];
  /** Outside of the range it is refused with one line less. */
  readonly saysLittle?: boolean;
}

const bool: FlagSpec = { kind: "bool" };
const int: FlagSpec = { kind: "int" };
const text: FlagSpec = { kind: "text" };

const diagnostic: FlagSpec = { kind: "bool", locked: "diagnostic" };

export const vmFlags: Readonly<Record<string, FlagSpec>> = {
  // which options there are
  UnlockExperimentalVMOptions: bool,
  UnlockDiagnosticVMOptions: bool,
  IgnoreUnrecognizedVMOptions: bool,
  PrintFlagsFinal: bool,
  ...heapFlags,
  // the machine
  PerfDisableSharedMem: bool,
  UsePerfData: bool,
  UseContainerSupport: bool,
  ActiveProcessorCount: int,
  UseCompressedOops: bool,
  UseCompressedClassPointers: bool,
  ClassUnloading: bool,
  // errors
  OnError: text,
  ErrorFile: text,
  // threads
  ThreadStackSize: { kind: "int", range: [0, 1024 * 1024] },
  UseThreadPriorities: bool,
  ThreadPriorityPolicy: { kind: "int", range: [0, 1] },
  ReduceSignalUsage: bool,
  PrintConcurrentLocks: bool,
  // exceptions
  StackTraceInThrowable: bool,
  OmitStackTraceInFastThrow: bool,
  ShowCodeDetailsInExceptionMessages: bool,
  MaxJavaStackTraceDepth: { kind: "int", range: [0, 1073741823] },
  // the compiler
  TieredCompilation: bool,
  TieredStopAtLevel: { kind: "int", range: [0, 4] },
  Tier4InvocationThreshold: { kind: "int", range: [0, 0x7fffffff] },
  BackgroundCompilation: bool,
  CICompilerCount: int,
  CompileThreshold: int,
  Inline: bool,
  MaxInlineLevel: int,
  UseOnStackReplacement: bool,
  DoEscapeAnalysis: bool,
  EliminateAllocations: bool,
  SegmentedCodeCache: bool,
  UseCodeCacheFlushing: bool,
  PrintCompilation: bool,
  CompileCommand: text,
  CompileCommandFile: text,
  PrintInlining: diagnostic,
  LogCompilation: diagnostic,
  PrintAssembly: diagnostic,
  // classes
  UseSharedSpaces: bool,
  SharedArchiveFile: text,
  SharedClassListFile: text,
  BytecodeVerificationLocal: bool,
  BytecodeVerificationRemote: bool,
  RestrictContended: bool,
  EnableContended: bool,
  AllowRedefinitionToAddDeleteMethods: bool,
  EnableDynamicAgentLoading: bool,
  DisableAttachMechanism: bool,
  VerifySharedSpaces: bool,
  NativeMemoryTracking: text,
  PrintGC: bool,
  PrintGCDetails: bool,
  FlightRecorder: bool,
  StartFlightRecording: text,
};

/** Bytes of a size such as 64m or 0x4000000; undefined when it is malformed. The suffixes are k, m, g and t. */
export function parseSize(digits: string): number | undefined {
  const match = /^(0[xX][0-9a-fA-F]+|[0-9]+)([kKmMgGtT]?)$/.exec(digits);
  if (match === null) return undefined;
  const power = match[2] === "" ? 0 : "kmgt".indexOf((match[2] ?? "").toLowerCase()) + 1;
  const bytes = Number(match[1]) * 1024 ** power;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
