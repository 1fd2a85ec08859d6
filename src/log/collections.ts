/** What the log says of collections and of stops of the world: the lines of unified logging, which other tools read too. */
import { type Collection, type FinishedCollection, type Heap, type SpaceUse, spaces } from "#heap";
import type { Log } from "./log.ts";

/** How a guest calls the two reasons to collect. */
export interface CollectionNames {
  readonly allocation: string;
  readonly forced: string;
}

export const COLLECTION_NAMES: CollectionNames = { allocation: "Allocation Failure", forced: "Forced" };

const kib = (bytes: number): string => `${Math.floor(bytes / 1024)}K`;
const mib = (bytes: number): string => `${Math.floor(bytes / 1048576)}M`;
const seconds = (microseconds: number): string => `${(microseconds / 1e6).toFixed(2)}s`;

/** Has the heap tell the log of the collections that this Worker runs. Costs nothing when nobody wants to know. */
export function logCollections(log: Log, heap: Heap, names: CollectionNames = COLLECTION_NAMES): void {
  const main = log.writer("gc", "info");
  const start = log.writer("gc,start", "info");
  const task = log.writer("gc,task", "info");
  const detail = log.writer("gc,heap", "info");
  const cpu = log.writer("gc,cpu", "info");
  const age = log.writer("gc,age", "debug");
  if ([main, start, task, detail, cpu, age].every((each) => each === undefined)) return;
  let began = 0n;
  let before: readonly SpaceUse[] = [];
  let usage = { user: 0, system: 0 };
  heap.log = {
    before: () => {
      began = process.hrtime.bigint();
      if (detail !== undefined) before = spaces(heap);
      if (cpu !== undefined) usage = process.cpuUsage();
    },
    after: (c) => {
      const id = `GC(${c.number - 1})`;
      const what = `${id} Pause ${c.minor ? "Young" : "Full"} (${reason(c, names)})`;
      start?.(what, began);
      if (c.collectors > 1) task?.(`${id} Using ${c.collectors} workers of ${c.collectors} for collection`);
      if (c.tenuring > 0) age?.(`${id} Tenuring threshold ${c.tenuring}, promoted ${c.promoted} bytes`);
      if (detail !== undefined) {
        for (const [i, after] of spaces(heap).entries()) detail(`${id} ${change(before[i] ?? after, after)}`);
      }
      main?.(`${what} ${sizes(c)} ${c.milliseconds.toFixed(3)}ms`);
      if (cpu !== undefined) {
        const { user, system } = process.cpuUsage(usage);
        cpu(`${id} User=${seconds(user)} Sys=${seconds(system)} Real=${seconds(c.milliseconds * 1000)}`);
      }
    },
  };
}

function reason({ why }: Collection, names: CollectionNames): string {
  return why === "forced" ? names.forced : names.allocation;
}

/** 24M->1M(92M): before, after, and the size of the heap. */
function sizes({ usedBefore, usedAfter, total }: FinishedCollection): string {
  return `${mib(usedBefore)}->${mib(usedAfter)}(${mib(Math.max(total, usedAfter))})`;
}

function change(before: SpaceUse, after: SpaceUse): string {
  return `${after.name}: ${kib(before.used)}(${kib(before.capacity)})->${kib(after.used)}(${kib(after.capacity)})`;
}

/** The first lines: which collector there is, and what it has. */
export function logStart(
  log: Log,
  collector: string,
  facts: readonly (readonly [name: string, value: string])[],
): void {
  log.writer("gc", "info")?.(`Using ${collector}`);
  const init = log.writer("gc,init", "info");
  if (init !== undefined) for (const [name, value] of facts) init(`${name}: ${value}`);
}

/** The last lines: what the heap holds when the VM ends. */
export function logEnd(log: Log, heap: Heap): void {
  const write = log.writer("gc,heap,exit", "info");
  if (write !== undefined) for (const line of heapLines(heap)) write(line);
}

/** How full the parts of the heap are, in lines. */
export function heapLines(heap: Heap): string[] {
  const { mallocBytes, immortal } = heap.statistics();
  return [
    "Heap",
    ...spaces(heap).map(({ name, used, capacity }) => ` ${name} total ${kib(capacity)}, used ${kib(used)}`),
    ` Non-moving used ${kib(mallocBytes)}, immortal objects ${kib(immortal)}`,
  ];
}

/** What to call when the world goes on, for lines about stops; undefined when nobody wants them. Times in nanoseconds. */
export function stopWriter(log: Log): ((purpose: string, reaching: number, held: number) => void) | undefined {
  const write = log.writer("safepoint", "info");
  if (write === undefined) return undefined;
  return (purpose, reaching, held) => {
    const ended = process.hrtime.bigint();
    const total = BigInt(Math.round(reaching)) + BigInt(Math.round(held));
    const since = log.sinceLastStop(ended - total, ended);
    write(
      `Safepoint "${purpose}", Time since last: ${since} ns, Reaching safepoint: ${Math.round(reaching)} ns, ` +
        `Cleanup: 0 ns, At safepoint: ${Math.round(held)} ns, Total: ${total} ns`,
    );
  };
}
