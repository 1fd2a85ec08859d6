/**
 * What locks and threads cost in J3 and in `java`, in one run, interleaved:
 *   npm run bench -- threads [pattern] [--quick] [--rounds N] [--json FILE]
 *
 * Locks.java prints the best time of a turn, in ns, for each way. Of all rounds the best counts: what disturbs a machine only makes it slower. The ratio is J3's time /
 * java's: 1 is parity, below 1 J3 is faster. "scaling" is the time of the same work by one thread, divided by that of two; 2 is the most there is.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { findJdk, j3Command, root, run, tail } from "../../tests/guests/j3/runner.ts";
import { benchArgs, cell, geometricMean } from "../report.ts";

const { values, pattern } = benchArgs();
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const milliseconds = values.quick ? 60 : 300;
const classes = path.join(root, "build/bench-threads");
const jdk = findJdk();
const commands = { j3: j3Command(), java: [path.join(jdk.home, "bin/java")] } as const;
type Vm = keyof typeof commands;

/** By name: the best time of a turn in ns. */
type Times = Map<string, number>;

async function succeed(command: readonly string[]): Promise<string> {
  const outcome = await run(command, { cwd: root, timeout: Number(values.timeout) });
  if (outcome.exit !== 0) throw new Error(`exit ${outcome.exit}\n${tail(outcome.stdout, 3)}\n${tail(outcome.stderr)}`);
  return outcome.stdout;
}

async function round(vm: Vm, best: Times): Promise<void> {
  const text = await succeed([...commands[vm], "-cp", classes, "Locks", `${milliseconds}`, pattern.source]);
  for (const [, name = "", time] of text.matchAll(/^(.+): (\d+\.\d+)$/gm)) {
    best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, Number(time)));
  }
}

const source = fileURLToPath(new URL("Locks.java", import.meta.url));
await succeed([path.join(jdk.home, "bin/javac"), "-d", classes, source]);
console.log(
  `${os.cpus()[0]?.model ?? "unknown CPU"}, ${os.cpus().length} CPUs, load ${os.loadavg()[0]?.toFixed(1)}; Node ${process.versions.node}; java ${jdk.version}`,
);
const best: Readonly<Record<Vm, Times>> = { j3: new Map(), java: new Map() };
for (let i = 0; i < rounds; i++) {
  for (const vm of ["j3", "java"] as const) await round(vm, best[vm]);
}

console.log(`\nbest of ${rounds} rounds, ns a turn${" ".repeat(13)}J3        java    J3/java`);
const ratios: Record<string, number> = {};
for (const [name, ours] of best.j3) {
  const theirs = best.java.get(name) ?? Number.NaN;
  ratios[name] = ours / theirs;
  console.log(`${name.padEnd(38)}${cell(ours, 2, 11)}${cell(theirs, 2, 12)}${cell(ours / theirs, 2, 11)}`);
}
console.log(`${"geometric mean".padEnd(61)}${cell(geometricMean(Object.values(ratios)), 2, 11)}`);
const scaling: Record<string, number> = {};
for (const work of ["computing", "allocating"]) {
  for (const vm of ["j3", "java"] as const) {
    const [one, two] = [best[vm].get(`${work}, 1 thread`), best[vm].get(`${work}, 2 threads`)];
    if (one === undefined || two === undefined) continue;
    scaling[`${work}, ${vm}`] = one / two;
    console.log(`scaling of ${work}, ${vm}: ${(one / two).toFixed(2)}`);
  }
}
if (values.json !== undefined) {
  const times = { j3: Object.fromEntries(best.j3), java: Object.fromEntries(best.java) };
  fs.writeFileSync(values.json, `${JSON.stringify({ rounds, times, ratios, scaling }, undefined, 1)}\n`);
}
