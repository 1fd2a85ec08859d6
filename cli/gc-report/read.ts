/** Reads a log of collections, ours or that of another VM with unified logging, into numbers. */
import { BadInput } from "#support";

/** One stop for a collection, or for a part of one. */
export interface Pause {
  /** Seconds since the first line with a time, when the line was written: at the end. */
  readonly at: number;
  /** As "Young (Normal)"; the cause stands apart. */
  readonly kind: string;
  readonly cause: string;
  readonly milliseconds: number;
  /** Heap in use before and after, and its size; undefined: the line does not say. */
  readonly heap: { readonly before: number; readonly after: number; readonly total: number } | undefined;
}

/** One stop of all threads, for whatever purpose. */
export interface Stop {
  readonly at: number;
  readonly purpose: string;
  /** Milliseconds until the last thread had stopped, and all in all. */
  readonly reaching: number;
  readonly total: number;
}

export interface GcLog {
  readonly file: string;
  /** What the log calls its collector; "" when it does not say. */
  readonly collector: string;
  readonly pauses: readonly Pause[];
  readonly stops: readonly Stop[];
  /** Seconds from the start of the VM (or of the log, when lines have only dates) to the last line. */
  readonly seconds: number;
  /** Runs of VMs before this one in the same file: times begin anew. */
  readonly earlierRuns: number;
  /** Second 0 is the start of the VM, not only of the log. */
  readonly fromStart: boolean;
}

const UNITS: Readonly<Record<string, number>> = { B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

const PAUSE = /GC\(\d+\) Pause (.*?)(?: (\d+)([BKMG])->(\d+)([BKMG])\((\d+)([BKMG])\))? (\d+(?:[.,]\d+)?)ms$/;
const STOP = /Safepoint "([^"]*)", .*?Reaching safepoint: (\d+) ns,.* Total: (\d+) ns$/;
const USING = /\] Using ([\w ]+)$/;

/** A first line later than so many seconds is not from the start of the VM: the log was rotated, or the time is the calendar's. */
const LATE = 60;

/** The time of a line in seconds: of uptime, else of the calendar. */
function timeOf(line: string): number | undefined {
  let date: number | undefined;
  for (const [, text = ""] of line.matchAll(/(?:^|(?<=\]))\[([^\]]*)\]/g)) {
    const decoration = text.trimEnd();
    const seconds = /^(\d+[.,]\d+)s$/.exec(decoration);
    if (seconds !== null) return Number((seconds[1] ?? "").replace(",", "."));
    const small = /^(\d+)(ms|ns)$/.exec(decoration);
    // Milliseconds and nanoseconds of uptime or since 1970: the latter are many.
    if (small !== null) {
      const value = Number(small[1]) / (small[2] === "ms" ? 1e3 : 1e9);
      if (value < 1e9) return value;
      date ??= value;
    }
    const stamp = /^\d{4}-\d\d-\d\dT[\d:]{8}[.,]\d{3}[-+]\d{4}$/.test(decoration);
    if (stamp) date ??= Date.parse(decoration.replace(",", ".").replace(/(\d\d)$/, ":$1")) / 1000;
  }
  return date;
}

/** Throws BadInput when there is nothing about collections in it, or no time. */
export function readLog(file: string, text: string): GcLog {
  let collector = "";
  let pauses: Pause[] = [];
  let stops: Stop[] = [];
  let first: number | undefined;
  let last = 0;
  let earlierRuns = 0;
  let untimed = 0;
  let lineNumber = 0;
  for (const raw of text.split("\n")) {
    const line = raw.trimEnd();
    lineNumber++;
    if (!line.startsWith("[")) {
      if (/^GC\(\d+\) Pause /.test(line)) untimed++;
      continue;
    }
    const time = timeOf(line);
    const using = USING.exec(line);
    if (using !== null) collector = using[1] ?? "";
    const pause = PAUSE.exec(line);
    if (time === undefined) {
      if (pause !== null) untimed++;
      continue;
    }
    first ??= time < LATE ? 0 : time;
    const at = time - first;
    // Lines of several threads may be a little out of order; a new run begins near 0.
    if (at < last - 1) {
      earlierRuns++;
      pauses = [];
      stops = [];
      first = time < LATE ? 0 : time;
      last = 0;
    }
    last = Math.max(last, time - first);
    const stop = STOP.exec(line);
    if (stop !== null) {
      const [, purpose = "", reaching, total] = stop;
      stops.push({ at: last, purpose, reaching: Number(reaching) / 1e6, total: Number(total) / 1e6 });
    } else if (pause !== null) pauses.push(pauseOf(pause, last));
  }
  if (pauses.length > 0) return { file, collector, pauses, stops, seconds: last, fromStart: first === 0, earlierRuns };
  if (untimed > 0) {
    const expected = "lines with a time: log with the decorator uptime or time";
    throw new BadInput({ file, expected, found: `${untimed} pauses without one` });
  }
  const sample = '"[0.123s][info][gc] GC(0) Pause Young (Allocation Failure) 24M->1M(92M) 3.456ms"';
  const found = text.trim() === "" ? "an empty file" : `${lineNumber} lines without a pause`;
  throw new BadInput({ file, expected: `lines such as ${sample}`, found });
}

/** "Young (Normal) (Allocation Failure)": the last parentheses hold the cause, which may have some itself. */
function kindAndCause(text: string): { readonly kind: string; readonly cause: string } {
  if (!text.endsWith(")")) return { kind: text, cause: "" };
  let depth = 0;
  let open = text.length;
  do {
    open--;
    depth += text[open] === ")" ? 1 : text[open] === "(" ? -1 : 0;
  } while (depth > 0 && open > 0);
  return { kind: text.slice(0, open).trimEnd(), cause: text.slice(open + 1, -1) };
}

function pauseOf(match: RegExpExecArray, at: number): Pause {
  const [, what = "", before, beforeUnit, after, afterUnit, total, totalUnit, duration = ""] = match;
  const bytes = (number: string | undefined, unit: string | undefined): number =>
    Number(number) * (UNITS[unit ?? ""] ?? 1);
  const heap =
    before === undefined
      ? undefined
      : { before: bytes(before, beforeUnit), after: bytes(after, afterUnit), total: bytes(total, totalUnit) };
  return { at, ...kindAndCause(what), milliseconds: Number(duration.replace(",", ".")), heap };
}
