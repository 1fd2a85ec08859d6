/** What the benchmark runners share: their arguments, and how numbers are summed up and printed. */
import { parseArgs } from "node:util";

export const SECTIONS = ["j3", "uvml", "alloc", "threads"] as const;
export type Section = (typeof SECTIONS)[number];

const options = {
  quick: { type: "boolean", default: false },
  rounds: { type: "string" },
  iterations: { type: "string" },
  json: { type: "string" },
  timeout: { type: "string", default: "600" },
  gc: { type: "string" },
  xmx: { type: "string" },
  "startup-only": { type: "boolean", default: false },
} as const;

/** The command line: [j3|uvml|alloc|threads|all] [pattern] [options]; without a section all run, and a pattern is a regular expression. */
export function benchArgs() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const [first = "all", ...rest] = positionals;
  const one = SECTIONS.find((name) => name === first);
  const sections: readonly Section[] = one === undefined ? SECTIONS : [one];
  const pattern = one === undefined && first !== "all" ? first : rest[0];
  return { values, sections, pattern: new RegExp(pattern ?? "", "i") };
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The least number that so many percent of them do not exceed; 0 of none. */
export function percentile(numbers: readonly number[], percent: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
}

/** Of those that are numbers above 0. */
export function geometricMean(numbers: readonly number[]): number {
  const known = numbers.filter((n) => Number.isFinite(n) && n > 0);
  return known.length === 0 ? Number.NaN : Math.exp(known.reduce((sum, n) => sum + Math.log(n), 0) / known.length);
}

/** Half the range, relative to the median. */
export function spread(numbers: readonly number[]): number {
  return (Math.max(...numbers) - Math.min(...numbers)) / 2 / median(numbers);
}

export const cell = (n: number, digits: number, width: number): string =>
  (Number.isFinite(n) ? n.toFixed(digits) : "-").padStart(width);
