/** The page that `vmkit gc-report` writes: everything in one file, nothing loaded from anywhere. */
import { type Figures, figuresOf, percentile, type Spread } from "./figures.ts";
import { escaped, type Plot, svg } from "./plot.ts";
import type { GcLog } from "./read.ts";

const MIB = 1 << 20;

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #667; --line: #d5d8dd; --ground: #fff;
  --c0: #1668b5; --c1: #c2410c; --c2: #2f855a; --c3: #8b3fa8; --c4: #a16207; --c5: #4b5563; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #9aa3ad; --line: #363b42; --ground: #15181c;
  --c0: #6cb2f5; --c1: #fb923c; --c2: #68d391; --c3: #d8a6f0; --c4: #facc15; --c5: #a0a8b4; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 960px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.1em; margin: 2em 0 .4em; }
table { border-collapse: collapse; } td, th { padding: .15em .9em .15em 0; text-align: right; font-variant-numeric: tabular-nums; }
td:first-child, th:first-child { text-align: left; } th { color: var(--soft); font-weight: normal; }
svg { width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
.y { text-anchor: end; dominant-baseline: middle; } .x { text-anchor: middle; } .grid { stroke: var(--line); stroke-width: 1; }
.line { fill: none; stroke-width: 1.5; } .area { opacity: .45; stroke: none; } .dots { opacity: .75; }
.legend span { margin-right: 1.2em; } .legend i { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .4em; }
${[0, 1, 2, 3, 4, 5].map((i) => `.line.c${i} { stroke: var(--c${i}); } .dots.c${i}, .area.c${i} { fill: var(--c${i}); } i.c${i} { background: var(--c${i}); }`).join("\n")}
`;
const COLOURS = 6;

const milliseconds = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(value >= 1 ? 2 : 3));
const size = (bytes: number | undefined): string =>
  bytes === undefined
    ? "–"
    : bytes >= 1024 * MIB
      ? `${(bytes / 1024 / MIB).toFixed(2)} GiB`
      : `${(bytes / MIB).toFixed(0)} MiB`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${head.length === 0 ? "" : row(head, "th")}${rows.map((cells) => row(cells, "td")).join("")}</table>`;
}

function spreadRow(name: string, each: Spread): string[] {
  const { count, total, mean, p50, p90, p99, max } = each;
  return [name, String(count), ...[total, mean, p50, p90, p99, max].map(milliseconds)];
}

const SPREAD_HEAD = ["ms", "count", "total", "mean", "50 %", "90 %", "99 %", "longest"];

function section(plot: Plot): string {
  const legend = plot.series
    .map(({ name, colour }) => `<span><i class="c${colour}"></i>${escaped(name)}</span>`)
    .join("");
  return `<h2>${escaped(plot.title)}</h2>\n<div class="legend">${legend}</div>\n${svg(plot)}`;
}

function heapPlot(log: GcLog): Plot {
  const known = log.pauses.flatMap((pause) => (pause.heap === undefined ? [] : [{ ...pause, heap: pause.heap }]));
  const used = known.flatMap(({ at, milliseconds: long, heap }): [number, number][] => [
    [Math.max(0, at - long / 1000), heap.before / MIB],
    [at, heap.after / MIB],
  ]);
  return {
    title: "Heap before and after each collection",
    xLabel: "seconds",
    yLabel: "MiB",
    xMax: log.seconds,
    series: [
      {
        name: "size of the heap",
        colour: 5,
        shape: "steps",
        points: known.map(({ at, heap }) => [at, heap.total / MIB]),
      },
      { name: "in use", colour: 0, shape: "line", points: [[0, 0], ...used] },
      {
        name: "after collections",
        colour: 2,
        shape: "dots",
        points: known.map(({ at, heap }) => [at, heap.after / MIB]),
      },
    ],
  };
}

function pausePlot(log: GcLog, { byKind }: Figures): Plot {
  return {
    title: "Pauses",
    xLabel: "seconds",
    yLabel: "ms",
    xMax: log.seconds,
    series: [...byKind.keys()].map((kind, i) => ({
      name: kind,
      colour: i % COLOURS,
      shape: "dots" as const,
      points: log.pauses.filter((each) => each.kind === kind).map((each) => [each.at, each.milliseconds] as const),
    })),
  };
}

function percentilePlot(log: GcLog): Plot {
  const sorted = log.pauses.map((each) => each.milliseconds).sort((a, b) => a - b);
  const points = Array.from({ length: 201 }, (_, i): [number, number] => [i / 2, percentile(sorted, i / 2)]);
  return {
    title: "Pauses by length",
    xLabel: "percent of the pauses that are no longer",
    yLabel: "ms",
    xMax: 100,
    series: [{ name: "pause", colour: 1, shape: "line", points }],
  };
}

function allocationPlot(log: GcLog, { allocations }: Figures): Plot {
  const points = allocations.flatMap(({ from, to, bytes }): [number, number][] => {
    const rate = to > from ? bytes / MIB / (to - from) : 0;
    return [
      [from, rate],
      [to, rate],
      [to, 0],
    ];
  });
  return {
    title: "Allocation between collections",
    xLabel: "seconds",
    yLabel: "MiB/s",
    xMax: log.seconds,
    series: [{ name: "allocation rate", colour: 3, shape: "area", points }],
  };
}

export function page(log: GcLog): string {
  const figures = figuresOf(log);
  const { pauses, byKind, byCause, reaching } = figures;
  const facts: [string, string][] = [
    ["Collector", log.collector || "–"],
    ["Time", `${log.seconds.toFixed(3)} s`],
    ["Throughput", `${(figures.throughput * 100).toFixed(2)} % of the time outside of pauses`],
    ["Pauses", `${pauses.count}, ${milliseconds(pauses.total)} ms in all, ${milliseconds(pauses.max)} ms the longest`],
    [
      "Allocated",
      `${size(figures.allocated)}, ${(figures.allocationRate / MIB).toFixed(0)} MiB/s up to the last collection`,
    ],
    [
      "Largest heap",
      `${size(figures.peakUsed)} in use, ${size(figures.peakLive)} after a collection, ${size(figures.peakTotal)} in size`,
    ],
  ];
  if (log.earlierRuns > 0)
    facts.push(["Note", `the file holds ${log.earlierRuns} earlier runs; this is about the last`]);
  const hasHeap = figures.peakUsed !== undefined;
  const tables = [
    table(SPREAD_HEAD, [
      spreadRow("all pauses", pauses),
      ...[...byKind].map(([name, each]) => spreadRow(name, each)),
      ...(reaching === undefined ? [] : [spreadRow("stopping all threads", reaching)]),
    ]),
    "<h2>By cause</h2>",
    table(
      SPREAD_HEAD,
      [...byCause].map(([name, each]) => spreadRow(name, each)),
    ),
  ];
  const plots = [
    ...(hasHeap ? [heapPlot(log)] : []),
    pausePlot(log, figures),
    percentilePlot(log),
    ...(hasHeap ? [allocationPlot(log, figures)] : []),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escaped(log.file)}: collections</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Collections in ${escaped(log.file)}</h1>
${table([], facts)}
<h2>Lengths</h2>
${tables.join("\n")}
${plots.map(section).join("\n")}
</body>
</html>
`;
}

/** A few lines for the terminal. */
export function summary(log: GcLog): string {
  const { pauses, throughput, allocationRate, peakUsed } = figuresOf(log);
  return (
    `${pauses.count} pauses in ${log.seconds.toFixed(3)} s: ${milliseconds(pauses.total)} ms in all, ` +
    `half of them within ${milliseconds(pauses.p50)} ms, 99 % within ${milliseconds(pauses.p99)} ms, the longest ${milliseconds(pauses.max)} ms\n` +
    `throughput ${(throughput * 100).toFixed(2)} %, ${(allocationRate / MIB).toFixed(0)} MiB/s allocated, ${size(peakUsed)} of heap at most\n`
  );
}
