/**
 * What threads, requests and stopping the world cost: best times of many batches, on the test guest.
 * Run: node bench/threads/costs.ts [PATTERN]
 */
import { type RunOptions, run } from "../../tests/threads/run.ts";

const module = new URL("./scenarios.ts", import.meta.url);

interface Row {
  readonly name: string;
  readonly scenario: string;
  readonly options: RunOptions;
  /** One text per word. */
  readonly parts: readonly string[];
}

const rows: readonly Row[] = [
  {
    name: "request to the VM thread",
    scenario: "requests",
    options: { carriers: 1 },
    parts: ["empty", "with one upcall", "a reference in and out"],
  },
  { name: "hand-over by park and unpark", scenario: "handOver", options: { carriers: 1 }, parts: ["same carrier"] },
  { name: "hand-over by park and unpark", scenario: "handOver", options: { carriers: 2 }, parts: ["two carriers"] },
  {
    name: "leaving the processor",
    scenario: "switches",
    options: { carriers: 1, args: [1] },
    parts: ["yield, nobody else is there", "unpark oneself, park"],
  },
  {
    name: "leaving the processor",
    scenario: "switches",
    options: { carriers: 1, args: [2] },
    parts: ["yield to another"],
  },
  { name: "a thread's life", scenario: "births", options: { carriers: 1 }, parts: ["one carrier"] },
  { name: "a thread's life", scenario: "births", options: { carriers: 2 }, parts: ["two carriers"] },
  {
    name: "stop, collect nothing, go on",
    scenario: "stops",
    options: { args: [0] },
    parts: ["the other carrier sleeps"],
  },
  {
    name: "stop, collect nothing, go on",
    scenario: "stops",
    options: { args: [1] },
    parts: ["the other carrier computes"],
  },
  {
    name: "2 ms of sleep",
    scenario: "lateness",
    options: { carriers: 1, args: [0] },
    parts: ["alone, best", "late on average"],
  },
  {
    name: "2 ms of sleep",
    scenario: "lateness",
    options: { carriers: 1, args: [1] },
    parts: ["beside a busy loop, best", "late on average"],
  },
  { name: "enter and exit", scenario: "locks", options: { carriers: 1 }, parts: ["thin", "inflated"] },
  { name: "host function", scenario: "hostCalls", options: { carriers: 1 }, parts: ["three numbers"] },
  { name: "1 % of 400 million rounds", scenario: "work", options: { args: [1] }, parts: ["one thread"] },
  { name: "1 % of 400 million rounds", scenario: "work", options: { args: [2] }, parts: ["two threads"] },
];

function time(nanoseconds: number): string {
  if (nanoseconds < 1000) return `${nanoseconds.toFixed(1)} ns`;
  if (nanoseconds < 1e6) return `${(nanoseconds / 1000).toFixed(1)} µs`;
  return `${(nanoseconds / 1e6).toFixed(2)} ms`;
}

const pattern = process.argv[2] ?? "";
for (const { name, scenario, options, parts } of rows) {
  if (!name.includes(pattern) && !scenario.includes(pattern)) continue;
  const { code, words } = await run(module, scenario, { patience: 120_000, ...options });
  if (code !== 0) throw new Error(`${scenario} ended with ${code}`);
  for (const [index, part] of parts.entries()) {
    console.log(`${name.padEnd(32)} ${part.padEnd(30)} ${time((words[index] as number) / 10).padStart(10)}`);
  }
}
