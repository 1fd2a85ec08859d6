/**
 * Counts the lines of the substrate and of each guest, and writes the table between the markers of ARCHITECTURE.md.
 *
 *   node tools/lines.ts          prints the table and writes it to ARCHITECTURE.md
 *   node tools/lines.ts --check  exits with 1 if a guest is over its limit, or the written table is off by more than `tolerance`
 *
 * Counted are TypeScript (AssemblyScript too) and Lisp files, without tests, test data, benchmarks and generated files. "Lines" are all
 * lines; "of code" are those that are neither blank nor only comment. Limits are for all lines.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, exit, stderr, stdout } from "node:process";
import { filesBelow, root, textOf } from "../tests/tree.ts";

type Part = {
  readonly name: string;
  readonly folders: readonly string[];
  /** What the original VMKit's part of that name had: lines of C++ and what else it was written in. */
  readonly original?: number;
  /** Lines that the part may have. */
  readonly limit?: number;
};

export const parts: readonly Part[] = [
  { name: "substrate", folders: ["src", "heap-as"], original: 10_000 },
  { name: "J3", folders: ["guests/j3"], original: 23_200 },
  { name: "N3", folders: ["guests/n3"], original: 16_200 },
  // 5,000 is what it should have; docs/decisions/0009 says why it is longer. This is what it has: it only gets shorter.
  { name: "µvm-l", folders: ["guests/uvml"], original: 7_400, limit: 8_250 },
  { name: "ToyVM", folders: ["guests/toy"], original: 1_515, limit: 1_000 },
];

export type Lines = { readonly all: number; readonly code: number };

/** A written figure may differ from the counted one by this share of it, or by so many lines, whichever is more. */
export const tolerance = { share: 0.05, lines: 50 };

const counted = (file: string): boolean =>
  /\.(?:ts|l)$/.test(file) && !/\.test\.ts$|\.gen\.ts$|\.d\.ts$|\/testdata\/|\/bench\//.test(file);

/** The lines of one file. A comment is known by how its first line begins, so one after code counts as code. */
export function linesOf(text: string, lisp: boolean): Lines {
  const [line, open, close] = lisp ? [";", "#|", "|#"] : ["//", "/*", "*/"];
  let [all, code, inside] = [0, 0, false];
  for (const each of text.replace(/\n$/, "").split("\n")) {
    const trimmed = each.trim();
    all++;
    const opens = trimmed.startsWith(open);
    if (inside || opens) {
      const end = trimmed.indexOf(close, opens ? open.length : 0);
      inside = end < 0;
      if (!inside && trimmed.length > end + close.length) code++;
    } else if (trimmed !== "" && !trimmed.startsWith(line)) code++;
  }
  return { all, code };
}

export function count(part: Part): Lines {
  const files = part.folders.filter((folder) => existsSync(join(root, folder))).flatMap(filesBelow);
  let [all, code] = [0, 0];
  for (const file of files.filter(counted)) {
    const lines = linesOf(textOf(file), file.endsWith(".l"));
    all += lines.all;
    code += lines.code;
  }
  return { all, code };
}

const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");

/** The table in Markdown; a part that is not there has a dash. */
export function table(): string {
  const rows = parts.map((part) => {
    const { all, code } = count(part);
    const shown = (lines: number): string => (all === 0 ? "–" : grouped(lines));
    const original = part.original === undefined ? "" : grouped(part.original);
    return `| ${part.name} | ${shown(all)} | ${shown(code)} | ${original} |`;
  });
  return ["| part | lines | of code | in the original |", "|---|---:|---:|---:|", ...rows].join("\n");
}

const markers = ["<!-- lines: written by tools/lines.ts -->", "<!-- lines: end -->"] as const;

/** The table as it stands in a document. Throws if it has no place for one. */
export function written(document: string): { readonly from: number; readonly to: number; readonly table: string } {
  const from = document.indexOf(markers[0]) + markers[0].length;
  const to = document.indexOf(markers[1]);
  if (from < markers[0].length || to < from) throw new Error(`Cannot find the table: no ${markers.join(" … ")}`);
  return { from, to, table: document.slice(from, to).trim() };
}

/** The figures of a document that are no longer true, in sentences. */
export function stale(document: string): string[] {
  const figures = new Map<string, number>();
  for (const row of written(document).table.split("\n")) {
    const [, name = "", all = ""] = row.split("|").map((cell) => cell.trim());
    figures.set(name, Number(all.replaceAll(",", "").replace("–", "0")));
  }
  return parts.flatMap((part) => {
    const { all } = count(part);
    const claimed = figures.get(part.name) ?? Number.NaN;
    const isTrue = Math.abs(claimed - all) <= Math.max(tolerance.lines, tolerance.share * all);
    return isTrue ? [] : [`${part.name} has ${all} lines, ARCHITECTURE.md says ${claimed}: run node tools/lines.ts`];
  });
}

/** Whether the part is longer than it may be, in a sentence. */
export function overLimit(part: Part): string | undefined {
  const { all } = count(part);
  return part.limit !== undefined && all > part.limit
    ? `${part.name} has ${all} lines; limit ${part.limit}`
    : undefined;
}

if (import.meta.main) {
  const file = join(root, "ARCHITECTURE.md");
  const document = readFileSync(file, "utf8");
  if (argv[2] === "--check") {
    const found = [...stale(document), ...parts.map(overLimit).filter((each) => each !== undefined)];
    for (const problem of found) stderr.write(`${problem}\n`);
    exit(found.length === 0 ? 0 : 1);
  }
  const { from, to } = written(document);
  const fresh = table();
  writeFileSync(file, `${document.slice(0, from)}\n\n${fresh}\n\n${document.slice(to)}`);
  stdout.write(`${fresh}\n`);
}
