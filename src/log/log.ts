/**
 * A log that all Workers of a VM write to, each line at once. The plan is made by the host and copied to the Workers; what they share is a
 * lock and the widths of the columns so far, as a column gets no narrower.
 */
import { closeSync } from "node:fs";
import { hostname } from "node:os";
import {
  DECORATORS,
  type Decorator,
  type Level,
  type LogConfiguration,
  type Output,
  type Selection,
  wants,
} from "./configuration.ts";
import { expandedName, openLogFile, putAside, writeAll } from "./files.ts";

/** An output that is open. */
interface OpenOutput extends Output {
  readonly selections: Selection[];
  readonly fd: number;
  readonly path: string | undefined;
}

/** What every Worker needs to write to the log. Structured-clone data. */
export interface LogPlan {
  readonly outputs: readonly OpenOutput[];
  /** Nanoseconds of the process's monotonic clock at which uptime is 0. */
  readonly started: bigint;
  readonly shared: SharedArrayBuffer;
}

/** Writes one line; `at` is a time before now, of the process's monotonic clock. */
export type LogWriter = (text: string, at?: bigint) => void;

// Words of `shared`: the lock; the end of the last stop of the world (64 bits); and the widths of each output's columns.
const LOCK = 0;
const LAST_STOP = 1;
const WIDTHS = 4;

/** Why an output cannot be opened, and the request that wants it. */
export interface LogFailure {
  readonly refused: string;
  readonly request: string;
}

/** Opens the outputs. */
export function openLog(configuration: LogConfiguration, started = process.hrtime.bigint()): LogPlan | LogFailure {
  const date = new Date();
  const outputs: OpenOutput[] = [];
  for (const output of configuration.outputs) {
    if (output.name === "stdout") outputs.push({ ...output, fd: 1, path: undefined });
    else if (output.name === "stderr") outputs.push({ ...output, fd: 2, path: undefined });
    else {
      const path = expandedName(output.name.slice("file=".length), date);
      const fd = openLogFile(path, output.fileCount);
      if (typeof fd === "string") {
        const options = output.optionText ?? "(null)";
        const refused = `${fd}\nInitialization of output '${output.name}' using options '${options}' failed.`;
        return { refused, request: output.request };
      }
      outputs.push({ ...output, fd, path });
    }
  }
  const shared = new SharedArrayBuffer(4 * (WIDTHS + outputs.length * DECORATORS.length));
  return { outputs, started, shared };
}

/** Closes the files; when the Workers are gone. */
export function closeLog(plan: LogPlan): void {
  for (const { path, fd } of plan.outputs) if (path !== undefined) closeSync(fd);
}

export class Log {
  readonly plan: LogPlan;
  readonly #words: Int32Array;
  readonly #longs: BigInt64Array;
  readonly #thread: number;

  /** `thread` is what the decorator tid shows. */
  constructor(plan: LogPlan, thread: number) {
    this.plan = plan;
    this.#words = new Int32Array(plan.shared);
    this.#longs = new BigInt64Array(plan.shared, 0, 2);
    this.#thread = thread;
  }

  /** What writes messages with these tags ("gc,heap") and this level; undefined when nobody wants them. */
  writer(tags: string, level: Level): LogWriter | undefined {
    const names = tags.split(",");
    const outputs = this.plan.outputs.flatMap((output, index) =>
      wants(output, names, level) ? [{ output, index }] : [],
    );
    if (outputs.length === 0) return undefined;
    return (text, at = process.hrtime.bigint()) => {
      this.#lock();
      try {
        for (const { output, index } of outputs) this.#write(output, index, tags, level, text, at);
      } finally {
        this.#unlock();
      }
    };
  }

  /** The Workers are gone, perhaps in the middle of a line: nobody has the lock. */
  alone(): void {
    this.#unlock();
  }

  /** Nanoseconds from the end of the last stop of the world (first: from the start) to the beginning of this one, and notes this one's end. */
  sinceLastStop(began: bigint, ended: bigint): bigint {
    const last = this.#longs[LAST_STOP]!;
    this.#longs[LAST_STOP] = ended;
    return began - (last === 0n ? this.plan.started : last);
  }

  #write(output: OpenOutput, index: number, tags: string, level: Level, text: string, at: bigint): void {
    const widths = WIDTHS + index * DECORATORS.length;
    let line = "";
    for (const name of output.decorators) {
      const column = widths + DECORATORS.findIndex(([each]) => each === name);
      const decoration = this.#decoration(name, tags, level, at);
      const width = Math.max(this.#words[column]!, decoration.length);
      this.#words[column] = width;
      line += `[${decoration.padEnd(width)}]`;
    }
    if (output.path !== undefined) putAside(output.fd, output.path, output.fileCount, output.fileBytes);
    writeAll(output.fd, `${line}${line === "" ? "" : " "}${text}\n`);
  }

  #decoration(name: Decorator, tags: string, level: Level, at: bigint): string {
    const uptime = at - this.plan.started;
    switch (name) {
      case "uptime":
        return `${(Number(uptime) / 1e9).toFixed(3)}s`;
      case "uptimemillis":
        return `${uptime / 1_000_000n}ms`;
      case "uptimenanos":
        return `${uptime}ns`;
      case "timenanos":
        return `${at}ns`;
      case "hostname":
        return hostname();
      case "pid":
        return String(process.pid);
      case "tid":
        return String(this.#thread);
      case "level":
        return level;
      case "tags":
        return tags;
      default: {
        const date = new Date(Date.now() - Math.round(Number(process.hrtime.bigint() - at) / 1e6));
        if (name === "timemillis") return `${date.getTime()}ms`;
        return name === "utctime" ? stamp(date, 0) : stamp(date, -date.getTimezoneOffset());
      }
    }
  }

  /** Lines are written by Workers that hold no other lock of the log, and in microseconds. */
  #lock(): void {
    while (Atomics.compareExchange(this.#words, LOCK, 0, 1) !== 0) Atomics.wait(this.#words, LOCK, 1, 1);
  }

  #unlock(): void {
    Atomics.store(this.#words, LOCK, 0);
    Atomics.notify(this.#words, LOCK, 1);
  }
}

/** 2026-01-31T12:00:00.123+0100; `offset` in minutes. */
function stamp(date: Date, offset: number): string {
  const shifted = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const minutes = Math.abs(offset);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${shifted}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}
