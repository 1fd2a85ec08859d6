/** How many guest threads there are, exact at any time; threads with FLAG_HIDDEN are left out. */
import {
  CONTROL_DAEMON_THREADS,
  CONTROL_LIVE_THREADS,
  CONTROL_PEAK_THREADS,
  CONTROL_STARTED_THREADS,
  THREAD_FLAGS,
} from "#layout";
import type { Memory } from "#memory";
import { FLAG_DAEMON, FLAG_HIDDEN } from "./states.ts";

export interface ThreadCounts {
  readonly live: number;
  readonly daemons: number;
  /** The most that lived at once since the start, or since `resetPeakThreads`. */
  readonly peak: number;
  /** All that were ever started. */
  readonly started: number;
}

export function threadCounts(mem: Memory): ThreadCounts {
  return {
    live: mem.atomicLoad(CONTROL_LIVE_THREADS),
    daemons: mem.atomicLoad(CONTROL_DAEMON_THREADS),
    peak: mem.atomicLoad(CONTROL_PEAK_THREADS),
    started: mem.atomicLoad(CONTROL_STARTED_THREADS),
  };
}

/** The peak is what lives now. */
export function resetPeakThreads(mem: Memory): void {
  mem.atomicStore(CONTROL_PEAK_THREADS, 0);
  raisePeak(mem, mem.atomicLoad(CONTROL_LIVE_THREADS));
}

/** A thread starts; its flags are as they will be at its end. */
export function countStarted(mem: Memory, thread: number): void {
  const flags = mem.atomicLoad(thread + THREAD_FLAGS);
  if ((flags & FLAG_HIDDEN) !== 0) return;
  mem.atomicAdd(CONTROL_STARTED_THREADS, 1);
  if ((flags & FLAG_DAEMON) !== 0) mem.atomicAdd(CONTROL_DAEMON_THREADS, 1);
  raisePeak(mem, mem.atomicAdd(CONTROL_LIVE_THREADS, 1) + 1);
}

export function countEnded(mem: Memory, thread: number): void {
  const flags = mem.atomicLoad(thread + THREAD_FLAGS);
  if ((flags & FLAG_HIDDEN) !== 0) return;
  if ((flags & FLAG_DAEMON) !== 0) mem.atomicAdd(CONTROL_DAEMON_THREADS, -1);
  mem.atomicAdd(CONTROL_LIVE_THREADS, -1);
}

function raisePeak(mem: Memory, live: number): void {
  for (;;) {
    const peak = mem.atomicLoad(CONTROL_PEAK_THREADS);
    if (peak >= live || mem.atomicCas(CONTROL_PEAK_THREADS, peak, live) === peak) return;
  }
}
