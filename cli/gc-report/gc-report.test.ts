/** The report on logs of collections: real ones, of this VM and of another, and bad ones. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BadInput } from "#support";
import { figuresOf, percentile } from "./figures.ts";
import { gcReport } from "./index.ts";
import { svg, ticks } from "./plot.ts";
import { type GcLog, readLog } from "./read.ts";

function sample(name: string): GcLog {
  return readLog(name, readFileSync(new URL(`testdata/${name}`, import.meta.url), "utf8"));
}

const MIB = 1 << 20;

test("a log of ours with details and stops", () => {
  const log = sample("j3.txt");
  assert.equal(log.collector, "semispace");
  assert.equal(log.pauses.length, 4);
  assert.deepEqual(log.pauses[1], {
    at: 6.44,
    kind: "Full",
    cause: "System.gc()",
    milliseconds: 25.955,
    heap: { before: 21 * MIB, after: 10 * MIB, total: 64 * MIB },
  });
  assert.equal(log.stops.length, 4);
  assert.deepEqual([log.stops[0]?.purpose, log.stops[0]?.reaching], ["Collect", 0.443576]);
});

test("a log of ours with dates: time begins with its first line", () => {
  const log = sample("j3-dates.txt");
  assert.equal(log.pauses.length, 4);
  assert.ok(log.seconds > 0 && log.seconds < 60 && !log.fromStart);
});

test("a log of ours with generations", () => {
  const { byKind, byCause, reaching } = figuresOf(sample("j3-generations.txt"));
  const counts = (groups: ReadonlyMap<string, { readonly count: number }>): unknown =>
    Object.fromEntries([...groups].map(([name, { count }]) => [name, count]));
  assert.deepEqual(counts(byKind), { Young: 2, Full: 2 });
  assert.deepEqual(counts(byCause), { "Allocation Failure": 3, "System.gc()": 1 });
  assert.equal(reaching?.max, 0.055944);
});

test("logs of another VM: kinds, causes and heaps", () => {
  const g1 = sample("java-g1.txt");
  assert.deepEqual([g1.collector, g1.pauses.length, g1.stops.length], ["G1", 5, 5]);
  assert.deepEqual([g1.pauses[0]?.kind, g1.pauses[0]?.cause], ["Young (Normal)", "G1 Evacuation Pause"]);
  const { byKind, byCause, peakUsed, allocated } = figuresOf(sample("java-serial.txt"));
  assert.deepEqual(
    [...byKind].map(([name, { count }]) => [name, count]),
    [
      ["Young", 6],
      ["Full", 2],
    ],
  );
  assert.deepEqual(
    [...byCause].map(([name, { count }]) => [name, count]),
    [
      ["Allocation Failure", 7],
      ["System.gc()", 1],
    ],
  );
  assert.equal(peakUsed, 60 * MIB);
  // Before each pause less after the one before; what came before the first line is not known.
  assert.equal(allocated, (17 + 17 + 13 + 17 + 17 + 17) * MIB);
});

test("figures", () => {
  const log = readLog(
    "x",
    [
      "[0.100s][info][gc] GC(0) Pause Young (Allocation Failure) 10M->2M(20M) 10.000ms",
      "[0.200s][info][gc] GC(1) Pause Young (Allocation Failure) 12M->3M(20M) 30.000ms",
      "[1.000s][info][gc] GC(2) Pause Remark 2048K->1G(2G) 60.000ms",
      "[1.000s][info][gc,marking] GC(3) Concurrent Mark 25.0ms",
    ].join("\n"),
  );
  const { pauses, throughput, allocated, peakTotal, reaching } = figuresOf(log);
  assert.deepEqual([pauses.count, pauses.total, pauses.p50, pauses.max], [3, 100, 30, 60]);
  assert.equal(throughput, 0.9);
  assert.equal(allocated, 20 * MIB);
  assert.deepEqual([peakTotal, reaching], [2048 * MIB, undefined]);
  assert.deepEqual(
    [1, 34, 50, 99, 100].map((p) => percentile([1, 2, 3], p)),
    [1, 2, 2, 3, 3],
  );
});

test("a second run in the same file, and times in other decorations", () => {
  const line = (time: string): string => `[${time}][gc] GC(0) Pause Full (System.gc()) 3M->2M(4M) 1,5ms`;
  const log = readLog("x", [line("5.000s"), line("0.500s")].join("\n"));
  assert.deepEqual([log.earlierRuns, log.pauses.length, log.pauses[0]?.milliseconds], [1, 1, 1.5]);
  const seconds = (time: string): number => readLog("x", line(time)).seconds;
  assert.deepEqual([seconds("1500ms"), seconds("2500000000ns"), seconds("0,750s")], [1.5, 2.5, 0.75]);
});

test("bad logs are refused in a sentence", () => {
  const refused = (text: string): string => {
    try {
      readLog("x.log", text);
    } catch (error) {
      if (error instanceof BadInput) return error.message;
      throw error;
    }
    return "";
  };
  assert.match(refused(""), /^x\.log: expected lines such as "\[0\.123s\].*", found an empty file$/);
  assert.match(refused("a\nb"), /found 2 lines without a pause$/);
  assert.match(refused("GC(0) Pause Full (System.gc()) 3M->2M(4M) 1.5ms"), /decorator uptime or time.*found 1 pauses/);
  assert.match(refused("[gc] GC(0) Pause Full (System.gc()) 3M->2M(4M) 1.5ms"), /decorator uptime or time/);
  assert.match(refused(String.fromCharCode(...Array.from({ length: 4096 }, (_, i) => i % 256))), /without a pause$/);
});

test("the page is whole, well-formed and loads nothing", () => {
  for (const name of ["j3.txt", "j3-dates.txt", "java-g1.txt", "java-serial.txt"]) {
    const text = readFileSync(new URL(`testdata/${name}`, import.meta.url), "utf8");
    const { html } = gcReport(`${name}<&>`, text);
    assert.equal(html.match(/<svg /g)?.length, 4);
    assert.doesNotMatch(html, /NaN|undefined|Infinity|https?:|<script/);
    assert.match(html, new RegExp(`<h1>Collections in ${name.replace(".", "\\.")}&lt;&amp;&gt;</h1>`));
    // Every element that is opened is closed, in order.
    const open: string[] = [];
    for (const [, slash, tag, end] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
      if (tag === "meta" || end === "/") continue;
      if (slash === "") open.push(tag ?? "");
      else assert.equal(open.pop(), tag);
    }
    assert.deepEqual(open, []);
  }
});

test("many points are thinned, and the highest stays", () => {
  const points = Array.from({ length: 50_000 }, (_, i): [number, number] => [i, i === 33_333 ? 1000 : i % 7]);
  const text = svg({ title: "t", xLabel: "x", yLabel: "y", series: [{ name: "n", colour: 0, shape: "dots", points }] });
  assert.ok((text.match(/<circle/g)?.length ?? 0) < 2000);
  const highest = Math.min(...[...text.matchAll(/cy="([\d.]+)"/g)].map((match) => Number(match[1])));
  assert.ok(highest < 24, `${highest}`);
  assert.deepEqual([ticks(0), ticks(1), ticks(73)], [[0], [0, 0.2, 0.4, 0.6, 0.8, 1], [0, 20, 40, 60]]);
});
