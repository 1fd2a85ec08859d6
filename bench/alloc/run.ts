/**
 * Programs that allocate, on J3's collectors and on those of `java`, in one run, interleaved:
 *   npm run bench -- alloc [pattern] [--gc NAME,NAME] [--xmx 256m] [--quick] [--rounds N] [--iterations N] [--json FILE]
 *
 * Each program prints the time of each iteration and a checksum (see j3/Bench.java); different checksums end the run with exit code 1. Per round
 * every VM runs it once with the same -Xmx. "warm" is the median of the last half of the iterations, the least of the rounds; a ratio is java's warm
 * time / J3's: 1 is parity, above 1 J3 is faster. Pauses come from what both write for -Xlog:gc, over whole runs. "cpu" is the processor time of
 * the whole run, starting and compiling included, the least of the rounds: steadier than times on a machine that others use. Memory is the highest
 * resident size.
 */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { planNamed } from "#heap";
import { findJdk, j3Command, root, run, tail } from "../../tests/guests/j3/runner.ts";
import { benchArgs, cell, geometricMean, median, percentile } from "../report.ts";

const { values, pattern } = benchArgs();
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const iterations = Number(values.iterations ?? (values.quick ? 6 : 12));
const heapSize = values.xmx ?? "256m";
const timeout = Number(values.timeout);

/** How the two write a pause: "[0.395s][info][gc] GC(24) Pause Young (Allocation Failure) 90M->23M(247M) 2.406ms". */
const PAUSE = /\bPause\b.* (\d+\.\d+)ms$/gm;
/** Milliseconds between two looks at a process's memory and processor time. */
const LOOK = 20;
/** Of /proc/PID/stat: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MILLISECONDS = 10;

type Vm = { readonly name: string; readonly command: readonly string[]; readonly isJ3: boolean };
type Sample = {
  readonly first: number;
  readonly warm: number;
  readonly checksum: string;
  /** Milliseconds; undefined if it wrote no log. */
  readonly pauses: readonly number[] | undefined;
  readonly residentKiB: number;
  readonly cpuMilliseconds: number;
};
type Row = { readonly program: string; readonly samples: Record<string, Sample[]>; failure?: string };

const folder = fileURLToPath(new URL("./", import.meta.url));
const shared = fileURLToPath(new URL("../j3/", import.meta.url));
const classes = path.join(root, "build/bench-alloc");
const jdk = findJdk();
const java = path.join(jdk.home, "bin/java");

function chosenPlans(): string[] {
  const names = (values.gc ?? "semispace,gencopy,genms,genimmix").split(",");
  const known = names.filter((name) => planNamed(name) !== undefined);
  if (values.gc !== undefined && known.length < names.length) {
    throw new Error(`no such collector: ${names.filter((name) => !known.includes(name)).join(", ")}`);
  }
  return known;
}

const vms: readonly Vm[] = [
  ...chosenPlans().map((name) => ({ name, command: [...j3Command(), `--gc=${name}`], isJ3: true })),
  ...["Serial", "Parallel", "G1"].map((name) => ({ name, command: [java, `-XX:+Use${name}GC`], isJ3: false })),
];

/** Compiles what is there when a source is newer than the class files; returns the names of the programs. */
async function prepare(): Promise<string[]> {
  const named = (from: string, files: readonly string[]) => files.map((file) => path.join(from, file));
  const programs = fs.readdirSync(folder).filter((name) => name.endsWith(".java"));
  const files = [...named(folder, programs), ...named(shared, ["Bench.java", "Rng.java"])];
  const compiled = fs.statSync(path.join(classes, "Bench.class"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (files.some((file) => fs.statSync(file).mtimeMs >= compiled)) {
    fs.mkdirSync(classes, { recursive: true });
    const outcome = await run([path.join(jdk.home, "bin/javac"), "-d", classes, ...files], { cwd: root, timeout: 120 });
    if (outcome.exit !== 0) throw new Error(`Cannot compile the benchmarks:\n${tail(outcome.stderr, 50)}`);
  }
  return programs.map((file) => path.basename(file, ".java")).sort();
}

type Observed = { output: string; errors: string; exit: string; peak: number; cpu: number };

/** What a process prints, its highest resident size (VmHWM never falls, so the last look is the highest) and its processor time. */
function observe(command: readonly string[]): Promise<Observed> {
  return new Promise((resolve, reject) => {
    const [file = "", ...args] = command;
    const child = spawn(file, args, {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeout * 1000,
      killSignal: "SIGKILL",
    });
    let [output, errors, peak, cpu] = ["", "", Number.NaN, Number.NaN];
    const timer = setInterval(() => {
      const status = fs.readFileSync(`/proc/${child.pid}/status`, { encoding: "utf8" });
      peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? peak);
      // Fields 14 and 15; the second one, a name, may have blanks in it.
      const times =
        /\) (.*)/.exec(fs.readFileSync(`/proc/${child.pid}/stat`, { encoding: "utf8" }))?.[1]?.split(" ") ?? [];
      if (times.length > 12) cpu = (Number(times[11]) + Number(times[12])) * TICK_MILLISECONDS;
    }, LOOK);
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
    child.on("exit", () => clearInterval(timer));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ output, errors, exit: String(code ?? signal), peak, cpu }));
  });
}

async function sample(vm: Vm, program: string): Promise<Sample> {
  const log = path.join(os.tmpdir(), `bench-alloc-${process.pid}.log`);
  fs.rmSync(log, { force: true });
  const options = [`-Xmx${heapSize}`, `-Xlog:gc:file=${log}`, "-cp", classes];
  const { output, errors, exit, peak, cpu } = await observe([...vm.command, ...options, program, String(iterations)]);
  const times = [...output.matchAll(/^iter \d+: (\d+\.\d+)$/gm)].map((match) => Number(match[1]));
  const checksum = /^checksum (-?\d+)$/m.exec(output)?.[1];
  const [first] = times;
  if (exit !== "0" || first === undefined || checksum === undefined) {
    throw new Error(`exit ${exit}\n${tail(output, 3)}\n${tail(errors)}`);
  }
  let pauses: number[] | undefined;
  if (fs.existsSync(log)) {
    pauses = [...fs.readFileSync(log, "utf8").matchAll(PAUSE)].map((match) => Number(match[1]));
    fs.rmSync(log);
  }
  return {
    first,
    warm: median(times.slice(times.length >> 1)),
    checksum,
    pauses,
    residentKiB: peak,
    cpuMilliseconds: cpu,
  };
}

async function measure(program: string): Promise<Row> {
  const row: Row = { program, samples: {} };
  const failed = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    for (const vm of vms) {
      if (failed.has(vm.name)) continue;
      try {
        const samples = (row.samples[vm.name] ??= []);
        samples.push(await sample(vm, program));
      } catch (error) {
        if (!vm.isJ3) throw error;
        failed.add(vm.name);
        row.failure = `${program} fails with ${vm.name}: ${error instanceof Error ? error.message : error}`;
      }
    }
  }
  const checksums = new Set(Object.values(row.samples).flatMap((list) => list.map((each) => each.checksum)));
  if (checksums.size > 1) row.failure = `${program}: CHECKSUMS DIFFER: ${[...checksums].join(", ")}`;
  return row;
}

const of = (row: Row, vm: Vm): readonly Sample[] => row.samples[vm.name] ?? [];
const warm = (row: Row, vm: Vm): number => Math.min(...of(row, vm).map((each) => each.warm));
const ratio = (row: Row, ours: Vm, theirs: Vm): number => warm(row, theirs) / warm(row, ours);
const resident = (row: Row, vm: Vm): number => Math.max(...of(row, vm).map((each) => each.residentKiB)) / 1024;

const processor = (row: Row, vm: Vm): number => Math.min(...of(row, vm).map((each) => each.cpuMilliseconds));

/** Of the round that paused least. */
function pausesOf(row: Row, vm: Vm): { count: number; total: number; p99: number; longest: number } {
  const nothing = { count: Number.NaN, total: Number.NaN, p99: Number.NaN, longest: Number.NaN };
  const known = of(row, vm).flatMap(({ pauses }) => {
    if (pauses === undefined) return [];
    const total = pauses.reduce((sum, each) => sum + each, 0);
    return [{ count: pauses.length, total, p99: percentile(pauses, 99), longest: Math.max(0, ...pauses) }];
  });
  return known.sort((a, b) => a.total - b.total)[0] ?? nothing;
}

const ours = vms.filter((vm) => vm.isJ3);
const theirs = vms.filter((vm) => !vm.isJ3);
const names = (await prepare()).filter((name) => pattern.test(name));
const load = os.loadavg()[0] ?? 0;
console.log(
  `${os.cpus()[0]?.model ?? "unknown CPU"}, ${os.cpus().length} CPUs, load ${load.toFixed(1)}; Node ${process.versions.node}; java ${jdk.version}`,
);
console.log(`${rounds} rounds of ${iterations} iterations, -Xmx${heapSize}; times in ms; ratios: java / J3\n`);
console.log(
  `program    collector     first    warm${theirs.map((vm) => `/${vm.name}`.padStart(10)).join("")}   pauses   total     p99 longest     MiB   cpu s`,
);
const rows: Row[] = [];
for (const name of names) {
  const row = await measure(name);
  rows.push(row);
  for (const vm of vms) {
    if (of(row, vm).length === 0) continue;
    const { count, total, p99, longest } = pausesOf(row, vm);
    const first = Math.min(...of(row, vm).map((each) => each.first));
    console.log(
      `${name.padEnd(11)}${vm.name.padEnd(11)}${cell(first, 1, 8)}${cell(warm(row, vm), 1, 8)}` +
        theirs.map((other) => cell(vm.isJ3 ? ratio(row, vm, other) : Number.NaN, 3, 10)).join("") +
        `${cell(count, 0, 9)}${cell(total, 1, 8)}${cell(p99, 2, 8)}${cell(longest, 2, 8)}${cell(resident(row, vm), 0, 8)}${cell(processor(row, vm) / 1000, 2, 8)}`,
    );
  }
  if (row.failure !== undefined) console.log(`  FAILED ${row.failure.replaceAll("\n", "\n    ")}`);
}
const summary = ours.map((vm) => ({
  collector: vm.name,
  ratios: Object.fromEntries(
    theirs.map((other) => [other.name, geometricMean(rows.map((row) => ratio(row, vm, other)))]),
  ),
}));
for (const { collector, ratios } of summary) {
  console.log(
    `${"mean".padEnd(11)}${collector.padEnd(27)}${theirs.map((vm) => cell(ratios[vm.name] ?? 0, 3, 10)).join("")}`,
  );
}
if (values.json !== undefined) {
  const cpus = os.cpus();
  const machine = { cpu: cpus[0]?.model, cpus: cpus.length, load, node: process.versions.node, java: jdk.version };
  fs.writeFileSync(
    values.json,
    `${JSON.stringify({ machine, rounds, iterations, heapSize, summary, rows }, undefined, 1)}\n`,
  );
}
if (rows.some((row) => row.failure !== undefined)) process.exitCode = 1;
