/**
 * Benchmarks of J3 against `java`, in one run, interleaved:
 *   npm run bench -- j3 [pattern] [--quick] [--rounds N] [--iterations N] [--json FILE] [--startup-only]
 *
 * Each program prints the time of each iteration and a checksum (see Bench.java). Per round every VM runs it
 * once: J3, the server compiler, the client compiler only (-XX:TieredStopAtLevel=1), and, in the first round and with two
 * iterations, the interpreter (-Xint). "warm" is the median of the last half of the iterations, its median over rounds.
 * A ratio is java's warm time / J3's: 1 is parity, above 1 J3 is faster. Different checksums end the run with exit code 1.
 */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { Outcome } from "../../tests/guests/j3/runner.ts";
import { findJdk, j3Command, root, run, tail } from "../../tests/guests/j3/runner.ts";
import { benchArgs, cell, geometricMean, median, spread } from "../report.ts";

const { values, pattern } = benchArgs();
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const iterations = Number(values.iterations ?? (values.quick ? 6 : 14));
const startupPairs = values.quick ? 3 : 5;
const timeout = Number(values.timeout);

type Vm = {
  readonly name: "j3" | "c2" | "c1" | "int";
  readonly command: readonly string[];
  readonly iterations: number;
  readonly rounds: number;
};
type Sample = { readonly first: number; readonly warm: number; readonly checksum: string };
type Row = { readonly program: string; readonly samples: Partial<Record<Vm["name"], Sample[]>>; failure?: string };

const sources = fileURLToPath(new URL("./", import.meta.url));
const classes = path.join(root, "build/bench-classes");
const jdk = findJdk();
const java = path.join(jdk.home, "bin/java");
const vms: readonly Vm[] = [
  { name: "j3", command: j3Command(), iterations, rounds },
  { name: "c2", command: [java], iterations, rounds },
  { name: "c1", command: [java, "-XX:TieredStopAtLevel=1"], iterations, rounds },
  { name: "int", command: [java, "-Xint"], iterations: 2, rounds: 1 },
];

/** Compiles all of `j3/` when a source is newer than the class files; returns the benchmark names. */
async function prepare(): Promise<string[]> {
  const files = fs
    .readdirSync(sources)
    .filter((name) => name.endsWith(".java"))
    .map((name) => path.join(sources, name));
  const compiled = fs.statSync(path.join(classes, "Hello.class"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (files.some((file) => fs.statSync(file).mtimeMs >= compiled)) {
    fs.mkdirSync(classes, { recursive: true });
    const outcome = await run([path.join(jdk.home, "bin/javac"), "-d", classes, ...files], { cwd: root, timeout: 120 });
    if (outcome.exit !== 0) throw new Error(`Cannot compile the benchmarks:\n${tail(outcome.stderr, 50)}`);
  }
  const programs = files.filter((file) => fs.readFileSync(file, "utf8").includes("extends Bench"));
  return programs.map((file) => path.basename(file, ".java")).sort();
}

/** First and warm iteration in milliseconds. Throws on a failed run or unreadable output. */
function read(outcome: Outcome): Sample {
  const times = [...outcome.stdout.matchAll(/^iter \d+: (\d+\.\d+)$/gm)].map((match) => Number(match[1]));
  const checksum = /^checksum (-?\d+)$/m.exec(outcome.stdout)?.[1];
  const [first] = times;
  if (outcome.exit !== 0 || first === undefined || checksum === undefined) {
    throw new Error(`exit ${outcome.exit}\n${tail(outcome.stdout, 3)}\n${tail(outcome.stderr)}`);
  }
  return { first, warm: median(times.slice(times.length >> 1)), checksum };
}

async function measure(program: string): Promise<Row> {
  const row: Row = { program, samples: {} };
  for (let round = 0; round < rounds; round++) {
    for (const vm of vms) {
      if (round >= vm.rounds || (vm.name === "j3" && row.failure !== undefined)) continue;
      const command = [...vm.command, "-cp", classes, program, String(vm.iterations)];
      try {
        const sample = read(await run(command, { cwd: root, timeout }));
        const samples = (row.samples[vm.name] ??= []);
        samples.push(sample);
      } catch (error) {
        if (vm.name !== "j3") throw error;
        row.failure = `${program} fails on J3: ${error instanceof Error ? error.message : error}`;
      }
    }
  }
  const checksums = Object.entries(row.samples).flatMap(([vm, list]) =>
    list.map((sample) => `${vm} ${sample.checksum}`),
  );
  if (new Set(checksums.map((text) => text.split(" ")[1])).size > 1) {
    row.failure = `${program}: CHECKSUMS DIFFER: ${[...new Set(checksums)].join(", ")}`;
  }
  return row;
}

const warms = (row: Row, vm: Vm["name"]): number[] => (row.samples[vm] ?? []).map((sample) => sample.warm);
const warm = (row: Row, vm: Vm["name"]): number => median(warms(row, vm));
const first = (row: Row, vm: Vm["name"]): number => median((row.samples[vm] ?? []).map((sample) => sample.first));
const ratio = (row: Row, vm: Vm["name"]): number =>
  row.failure === undefined ? warm(row, vm) / warm(row, "j3") : Number.NaN;

/** Highest resident size in KiB of a command and its children; from `/usr/bin/time`, else by watching /proc. */
async function peakMemory(command: readonly string[]): Promise<number> {
  if (fs.existsSync("/usr/bin/time")) {
    const outcome = await run(["/usr/bin/time", "-v", ...command], { cwd: root, timeout: 120 });
    if (outcome.exit !== 0) throw new Error(`exit ${outcome.exit}\n${tail(outcome.stderr)}`);
    return Number(/Maximum resident set size \(kbytes\): (\d+)/.exec(outcome.stderr)?.[1] ?? Number.NaN);
  }
  return new Promise((resolve, reject) => {
    const [file = "", ...args] = command;
    const child = spawn(file, args, { stdio: "ignore" });
    let peak = Number.NaN;
    const timer = setInterval(() => {
      const status = fs.readFileSync(`/proc/${child.pid}/status`, { encoding: "utf8" });
      peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? peak);
    }, 5);
    child.on("error", reject);
    child.on("exit", () => {
      clearInterval(timer);
      resolve(peak);
    });
  });
}

type Startup = { readonly j3Ms: number; readonly javaMs: number; readonly j3KiB: number; readonly javaKiB: number };

async function startup(): Promise<Startup> {
  const hello = ["-cp", classes, "Hello"];
  const times: Record<"j3" | "java", number[]> = { j3: [], java: [] };
  const commands = { j3: [...j3Command(), ...hello], java: [java, ...hello] };
  for (let pair = 0; pair < startupPairs; pair++) {
    for (const vm of ["j3", "java"] as const) {
      const outcome = await run(commands[vm], { cwd: root, timeout: 120 });
      if (outcome.exit !== 0 || outcome.stdout !== "Hello, world\n")
        throw new Error(`Hello on ${vm}: exit ${outcome.exit}\n${tail(outcome.stderr)}`);
      times[vm].push(outcome.milliseconds);
    }
  }
  return {
    j3Ms: median(times.j3),
    javaMs: median(times.java),
    j3KiB: await peakMemory(commands.j3),
    javaKiB: await peakMemory(commands.java),
  };
}

const names = (await prepare()).filter((name) => pattern.test(name));
const load = os.loadavg()[0] ?? 0;
console.log(
  `${os.cpus()[0]?.model ?? "unknown CPU"}, ${os.cpus().length} CPUs, load ${load.toFixed(1)}; Node ${process.versions.node}; java ${jdk.version}`,
);
console.log(
  `${rounds} rounds of ${iterations} iterations; times in ms; ratio = java / J3 when warm (1 is parity, more is faster)\n`,
);
const rows: Row[] = [];
if (!values["startup-only"]) {
  console.log("program          J3 first  J3 warm    ±%  C2 first  C2 warm    ±%     /C2     /C1   /-Xint");
  for (const name of names) {
    const row = await measure(name);
    rows.push(row);
    console.log(
      `${name.padEnd(15)}${cell(first(row, "j3"), 1, 10)}${cell(warm(row, "j3"), 1, 9)}${cell(100 * spread(warms(row, "j3")), 1, 6)}` +
        `${cell(first(row, "c2"), 1, 10)}${cell(warm(row, "c2"), 1, 9)}${cell(100 * spread(warms(row, "c2")), 1, 6)}` +
        `${cell(ratio(row, "c2"), 3, 8)}${cell(ratio(row, "c1"), 3, 8)}${cell(ratio(row, "int"), 2, 9)}`,
    );
    if (row.failure !== undefined) console.log(`  FAILED ${row.failure.replaceAll("\n", "\n    ")}`);
  }
  const mean = (vm: Vm["name"]): number => geometricMean(rows.map((row) => ratio(row, vm)));
  console.log(
    `${"geometric mean".padEnd(65)}${cell(mean("c2"), 3, 8)}${cell(mean("c1"), 3, 8)}${cell(mean("int"), 2, 9)}`,
  );
}
let start: Startup | undefined;
let startFailure = "";
try {
  start = await startup();
  console.log(
    `\nHello, median of ${startupPairs}: J3 ${start.j3Ms} ms, java ${start.javaMs} ms; peak memory: J3 ${(start.j3KiB / 1024).toFixed(0)} MiB, java ${(start.javaKiB / 1024).toFixed(0)} MiB`,
  );
} catch (error) {
  startFailure = error instanceof Error ? error.message : String(error);
  console.log(`\nFAILED ${startFailure}`);
}
if (values.json !== undefined) {
  const ratios = Object.fromEntries(
    rows.map((row) => [row.program, { c2: ratio(row, "c2"), c1: ratio(row, "c1"), int: ratio(row, "int") }]),
  );
  const machine = {
    cpu: os.cpus()[0]?.model,
    cpus: os.cpus().length,
    load,
    node: process.versions.node,
    java: jdk.version,
  };
  fs.writeFileSync(
    values.json,
    `${JSON.stringify({ machine, rounds, iterations, ratios, rows, startup: start }, undefined, 1)}\n`,
  );
}
if (startFailure !== "" || rows.some((row) => row.failure !== undefined)) process.exitCode = 1;
