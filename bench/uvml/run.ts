/**
 * Benchmarks of µvm-l against C and Common Lisp, in one run, interleaved:
 *   npm run bench -- uvml [pattern] [--quick] [--rounds N] [--json FILE]
 *
 * Each algorithm is there thrice, `NAME.c` (gcc -O2), `NAME.lisp` (sbcl, types declared) and `NAME.l`. A program runs its kernel once
 * and prints its time, taken inside the program, and a checksum. Per round each side runs once; times are the best of the rounds. Ratios are of
 * kernel times, theirs / µvm-l's: 1 is parity, above 1 µvm-l is faster. Different checksums end the run with exit code 1.
 * Where sbcl is not installed its column is empty, and the output says so.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { root, run, tail } from "../../tests/guests/j3/runner.ts";
import { benchArgs, cell, geometricMean, spread } from "../report.ts";

const { values, pattern } = benchArgs();
const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
const timeout = Number(values.timeout);

const SIDES = ["uvml", "c", "sbcl"] as const;
type Side = (typeof SIDES)[number];
/** Kernels of arithmetic and memory, and such as live by calls, allocation or strings. */
const NUMERIC: ReadonlySet<string> = new Set(["matrix", "mandelbrot", "nbody", "sieve", "spectral"]);

type Sample = { readonly kernel: number; readonly whole: number; readonly checksum: string };
type Row = { readonly program: string; readonly samples: Partial<Record<Side, Sample[]>>; failure?: string };

const sources = fileURLToPath(new URL("./", import.meta.url));
const built = path.join(root, "build/bench-uvml");

async function version(command: readonly string[]): Promise<string | null> {
  try {
    const outcome = await run(command, { cwd: root, timeout: 20 });
    return outcome.exit === 0 ? (outcome.stdout.split("\n")[0] ?? "") : null;
  } catch {
    return null;
  }
}

async function compileC(program: string): Promise<void> {
  fs.mkdirSync(built, { recursive: true });
  const source = path.join(sources, `${program}.c`);
  const outcome = await run(["gcc", "-O2", "-o", path.join(built, program), source, "-lm"], { cwd: root, timeout: 60 });
  if (outcome.exit !== 0) throw new Error(`Cannot compile ${source}:\n${tail(outcome.stderr, 20)}`);
}

function commandOf(side: Side, program: string): string[] {
  if (side === "c") return [path.join(built, program)];
  if (side === "sbcl") return ["sbcl", "--script", path.join(sources, `${program}.lisp`)];
  return [path.join(root, "bin/uvml"), path.join(sources, `${program}.l`)];
}

/** Throws on a failed run or unreadable output. */
async function sample(side: Side, program: string): Promise<Sample> {
  const outcome = await run(commandOf(side, program), { cwd: root, timeout });
  const kernel = /^kernel-ms (\d+(\.\d+)?)$/m.exec(outcome.stdout)?.[1];
  const checksum = /^checksum (-?\d+)$/m.exec(outcome.stdout)?.[1];
  if (outcome.exit !== 0 || kernel === undefined || checksum === undefined) {
    throw new Error(
      `${program} fails (${side}): exit ${outcome.exit}\n${tail(outcome.stdout, 3)}\n${tail(outcome.stderr)}`,
    );
  }
  return { kernel: Number(kernel), whole: outcome.milliseconds, checksum };
}

async function measure(program: string, sides: readonly Side[]): Promise<Row> {
  const row: Row = { program, samples: {} };
  await compileC(program);
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      if (row.failure !== undefined && side === "uvml") continue;
      try {
        const samples = (row.samples[side] ??= []);
        samples.push(await sample(side, program));
      } catch (error) {
        if (side !== "uvml") throw error;
        row.failure = error instanceof Error ? error.message : String(error);
      }
    }
  }
  const sums = SIDES.flatMap((side) => (row.samples[side] ?? []).map((one) => `${side} ${one.checksum}`));
  if (new Set(sums.map((text) => text.split(" ")[1])).size > 1) {
    row.failure = `${program}: CHECKSUMS DIFFER: ${[...new Set(sums)].join(", ")}`;
  }
  return row;
}

const best = (times: readonly number[]): number => (times.length === 0 ? Number.NaN : Math.min(...times));
const kernels = (row: Row, side: Side): number[] => (row.samples[side] ?? []).map((one) => one.kernel);
const kernel = (row: Row, side: Side): number => best(kernels(row, side));
const whole = (row: Row, side: Side): number => best((row.samples[side] ?? []).map((one) => one.whole));
const ratio = (row: Row, side: Side): number =>
  row.failure === undefined ? kernel(row, side) / kernel(row, "uvml") : Number.NaN;

const gcc = await version(["gcc", "--version"]);
const sbcl = await version(["sbcl", "--version"]);
if (gcc === null) throw new Error("Cannot compare µvm-l with C: there is no gcc");
const sides = SIDES.filter((side) => side !== "sbcl" || sbcl !== null);
const names = fs
  .readdirSync(sources)
  .filter((name) => name.endsWith(".c"))
  .map((name) => path.basename(name, ".c"))
  .filter((name) => pattern.test(name));
console.log(
  `${os.cpus()[0]?.model ?? "unknown CPU"}, ${os.cpus().length} CPUs, load ${(os.loadavg()[0] ?? 0).toFixed(1)}; Node ${process.versions.node}; ${gcc}; ${sbcl ?? "NO SBCL: its column is empty (apt-get install sbcl)"}`,
);
console.log(`${rounds} rounds; times in ms; ratio = theirs / µvm-l's kernel time (1 is parity, more is faster)\n`);
console.log("program          µvm-l     ±%  (whole)        C     ±%     sbcl     ±%       /C   /sbcl");
const rows: Row[] = [];
for (const name of names) {
  const row = await measure(name, sides);
  rows.push(row);
  const times = (side: Side): string =>
    `${cell(kernel(row, side), 1, 9)}${cell(100 * spread(kernels(row, side)), 1, 7)}`;
  console.log(
    `${name.padEnd(13)}${times("uvml")}${cell(whole(row, "uvml"), 0, 9)}${times("c")}${times("sbcl")}` +
      `${cell(ratio(row, "c"), 3, 9)}${cell(ratio(row, "sbcl"), 3, 8)}`,
  );
  if (row.failure !== undefined) console.log(`  FAILED ${row.failure.replaceAll("\n", "\n    ")}`);
}
const mean = (some: readonly Row[], side: Side): string =>
  cell(geometricMean(some.map((row) => ratio(row, side))), 3, 8);
const numeric = rows.filter((row) => NUMERIC.has(row.program));
console.log(`${"geometric mean, numeric".padEnd(77)}${mean(numeric, "c")}${mean(numeric, "sbcl")}`);
console.log(`${"geometric mean, all".padEnd(77)}${mean(rows, "c")}${mean(rows, "sbcl")}\n`);
if (values.json !== undefined) {
  const ratios = Object.fromEntries(rows.map((row) => [row.program, { c: ratio(row, "c"), sbcl: ratio(row, "sbcl") }]));
  fs.writeFileSync(values.json, `${JSON.stringify({ gcc, sbcl, rounds, ratios, rows }, undefined, 1)}\n`);
}
if (rows.some((row) => row.failure !== undefined)) process.exitCode = 1;
