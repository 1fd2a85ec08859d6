/** Plots as SVG text, drawn to be read in a page of their own: axes with round numbers, lines, steps and dots. */

export interface Series {
  readonly name: string;
  /** Number of a colour: the page's class c0, c1, … */
  readonly colour: number;
  readonly shape: "line" | "steps" | "dots" | "area";
  /** x and y in the units of the axes, x never falling. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** Text at the ticks; default: the number. */
  readonly xTick?: (x: number) => string;
  readonly xMax?: number;
}

const WIDTH = 900;
const HEIGHT = 280;
const LEFT = 64;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 40;
/** More points than this are thinned: of each column of pixels, the lowest and the highest stay. */
const MANY = 2000;

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char] ?? char);

/** Numbers from 0 on, some five of them, at 1, 2 or 5 times a power of ten. */
export function ticks(max: number): number[] {
  if (!(max > 0)) return [0];
  const rough = max / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough;
  const count = Math.floor(max / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

function thinned(points: Series["points"], xMax: number): Series["points"] {
  if (points.length <= MANY) return points;
  const columns = Map.groupBy(points, ([x]) => Math.floor((x / xMax) * (WIDTH - LEFT - RIGHT)));
  return [...columns.values()].flatMap((column) => {
    const low = column.reduce((a, b) => (b[1] < a[1] ? b : a));
    const high = column.reduce((a, b) => (b[1] > a[1] ? b : a));
    return low === high ? [low] : low[0] <= high[0] ? [low, high] : [high, low];
  });
}

export function svg(plot: Plot): string {
  const all = plot.series.flatMap(({ points }) => points);
  const most = (axis: 0 | 1): number => all.reduce((max, point) => Math.max(max, point[axis]), 0);
  const xMax = plot.xMax ?? (most(0) || 1);
  const yMax = (most(1) || 1) * 1.05;
  const px = (x: number): string => (LEFT + (x / xMax) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const py = (y: number): string => (HEIGHT - BOTTOM - (y / yMax) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const parts = [`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(plot.title)}">`];
  for (const y of ticks(yMax)) {
    parts.push(`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${py(y)}" y2="${py(y)}"/>`);
    parts.push(`<text class="y" x="${LEFT - 6}" y="${py(y)}">${y}</text>`);
  }
  const xText = plot.xTick ?? String;
  for (const x of ticks(xMax)) {
    parts.push(`<text class="x" x="${px(x)}" y="${HEIGHT - BOTTOM + 16}">${escaped(xText(x))}</text>`);
  }
  parts.push(`<text class="x" x="${(LEFT + WIDTH) / 2}" y="${HEIGHT - 6}">${escaped(plot.xLabel)}</text>`);
  parts.push(`<text class="label" x="4" y="${TOP + 4}">${escaped(plot.yLabel)}</text>`);
  for (const series of plot.series) parts.push(drawn(series, thinned(series.points, xMax), px, py));
  parts.push("</svg>");
  return parts.join("\n");
}

type Scale = (value: number) => string;

function drawn({ shape, colour, name }: Series, points: Series["points"], px: Scale, py: Scale): string {
  const title = `<title>${escaped(name)}</title>`;
  if (points.length === 0) return "";
  if (shape === "dots") {
    const dots = points.map(([x, y]) => `<circle cx="${px(x)}" cy="${py(y)}" r="3"/>`).join("");
    return `<g class="dots c${colour}">${title}${dots}</g>`;
  }
  const steps = shape === "steps" || shape === "area";
  const path = points.map(([x, y], i) =>
    i === 0 ? `M${px(x)} ${py(y)}` : steps ? `H${px(x)}V${py(y)}` : `L${px(x)} ${py(y)}`,
  );
  const close = shape === "area" ? `V${py(0)}H${px(points[0]?.[0] ?? 0)}Z` : "";
  return `<path class="${shape === "area" ? "area" : "line"} c${colour}" d="${path.join("")}${close}">${title}</path>`;
}
