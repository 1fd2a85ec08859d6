/** What a log of collections amounts to. */
import type { GcLog, Pause } from "./read.ts";

/** Bytes that were allocated from the end of a pause to the next one's beginning. */
export interface Allocation {
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

export interface Spread {
  readonly count: number;
  readonly total: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** The value that so many percent do not exceed: the nearest rank. `sorted` is not empty. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}

export function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const total = sorted.reduce((sum, each) => sum + each, 0);
  const [p50, p90, p99] = [50, 90, 99].map((percent) => percentile(sorted, percent)) as [number, number, number];
  return { count: sorted.length, total, mean: total / sorted.length, p50, p90, p99, max: sorted.at(-1)! };
}

export interface Figures {
  readonly pauses: Spread;
  readonly byKind: ReadonlyMap<string, Spread>;
  readonly byCause: ReadonlyMap<string, Spread>;
  /** Share of the time in which the program ran; stops for other purposes count as running. */
  readonly throughput: number;
  readonly allocations: readonly Allocation[];
  readonly allocated: number;
  /** Bytes per second over all. */
  readonly allocationRate: number;
  /** Largest numbers of bytes; undefined: no line tells the heap. */
  readonly peakUsed: number | undefined;
  readonly peakLive: number | undefined;
  readonly peakTotal: number | undefined;
  /** Milliseconds until all threads had stopped. */
  readonly reaching: Spread | undefined;
}

function grouped(pauses: readonly Pause[], key: (pause: Pause) => string): Map<string, Spread> {
  const groups = Map.groupBy(pauses, key);
  return new Map([...groups].map(([name, group]) => [name, spread(group.map((each) => each.milliseconds))!]));
}

export function figuresOf(log: GcLog): Figures {
  const pauses = spread(log.pauses.map((each) => each.milliseconds))!;
  const heaps = log.pauses.flatMap(({ heap }) => (heap === undefined ? [] : [heap]));
  const allocations: Allocation[] = [];
  let from = 0;
  let left = 0;
  for (const { at, milliseconds, heap } of log.pauses) {
    if (heap === undefined) continue;
    const to = Math.max(from, at - milliseconds / 1000);
    // Of a pause that only ends a phase the heap may have shrunk meanwhile: nothing is known of allocation then.
    if (log.fromStart || from > 0) allocations.push({ from, to, bytes: Math.max(0, heap.before - left) });
    from = at;
    left = heap.after;
  }
  const allocated = allocations.reduce((sum, each) => sum + each.bytes, 0);
  const most = (values: readonly number[]): number | undefined =>
    values.length === 0 ? undefined : values.reduce((a, b) => Math.max(a, b));
  return {
    pauses,
    byKind: grouped(log.pauses, (each) => each.kind),
    byCause: grouped(log.pauses, (each) => each.cause || "–"),
    throughput: log.seconds === 0 ? 0 : Math.max(0, 1 - pauses.total / 1000 / log.seconds),
    allocations,
    allocated,
    allocationRate: from === 0 ? 0 : allocated / from,
    peakUsed: most(heaps.map(({ before }) => before)),
    peakLive: most(heaps.map(({ after }) => after)),
    peakTotal: most(heaps.map(({ total }) => total)),
    reaching: spread(log.stops.map((each) => each.reaching)),
  };
}
