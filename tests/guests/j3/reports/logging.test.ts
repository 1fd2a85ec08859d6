/** -Xlog:gc and its kin: the lines have the form of `java`'s, stand where they belong among the program's own, and tell the truth. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { before, describe, it } from "node:test";
import { commandLine, compile, findJdk, findPrograms, j3Command, type Program, root, run } from "../runner.ts";

const folder = path.join(root, "build/test-logging");
const at = String.raw`\[\d+\.\d{3}s\]`;
const PAUSE =
  /^\[\d+\.\d{3}s\]\[info *\]\[gc *\] GC\((\d+)\) Pause (Full|Young) \((.*)\) (\d+)M->(\d+)M\((\d+)M\) \d+\.\d{3}ms$/;

/** Runs a program that prints "ready", sends it SIGQUIT then, and ends it when it has printed a line with a total. */
function untilTotal([file = "", ...args]: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(file, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"], timeout: 60_000 });
  let text = "";
  let isAsked = false;
  child.stdout.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
    if (!isAsked && text.includes("ready\n")) isAsked = child.kill("SIGQUIT");
    if (/^Total .*\n/m.test(text)) child.kill("SIGKILL");
  });
  child.on("error", reject);
  child.on("close", () => resolve(text));
  return promise;
}

describe("the log", () => {
  let program: Program;
  before(async () => {
    const [found] = findPrograms("^LoggedCollections$", import.meta.dirname);
    assert.ok(found);
    program = found;
    await compile(findJdk(), [program]);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
  });
  const logged = async (...options: string[]): Promise<string[]> => {
    const command = [...j3Command(), ...options, ...commandLine(program)];
    const outcome = await run(command, { cwd: folder, timeout: 60 });
    assert.deepEqual([outcome.stderr, outcome.exit], ["", 0]);
    return outcome.stdout.trimEnd().split("\n");
  };

  it("-Xlog:gc: one line for each collection, between the program's lines", async () => {
    const lines = await logged("-Xlog:gc");
    assert.match(lines[0] ?? "", new RegExp(`^${at}\\[info\\]\\[gc\\] Using \\w+$`));
    const [first, last] = [lines.indexOf("before"), lines.indexOf("after")];
    assert.ok(first > 0 && last > first, lines.join("\n"));
    const pauses = lines.map((line) => PAUSE.exec(line)).filter((match) => match !== null);
    assert.deepEqual(
      pauses.map((match) => match[1]),
      pauses.map((_, i) => String(i)),
    );
    const [forced] = lines.slice(first + 1, last).map((line) => PAUSE.exec(line));
    assert.ok(forced, lines.join("\n"));
    // The program holds 8 MiB and drops 8 others before it asks for a collection.
    const [, , , cause, had, has, size] = forced;
    assert.equal(cause, "System.gc()");
    assert.ok(Number(had) - Number(has) >= 8 && Number(has) >= 8 && Number(size) >= Number(has), forced[0]);
  });

  it("-Xlog:gc*,safepoint: details, in a file; nothing of it on standard output", async () => {
    const lines = await logged("-Xlog:gc*,safepoint:file=gc.log:tags", "-verbose:gc");
    assert.ok(lines.some((line) => PAUSE.test(line)));
    const text = fs.readFileSync(path.join(folder, "gc.log"), "utf8");
    for (const pattern of [
      /^\[gc,init *\] Heap Max Capacity: \d+M$/m,
      /^\[gc,start *\] GC\(0\) Pause (Full|Young) \(/m,
      /^\[gc,heap *\] GC\(0\) \w+: \d+K\(\d+K\)->\d+K\(\d+K\)$/m,
      /^\[gc,cpu *\] GC\(0\) User=\d+\.\d\ds Sys=\d+\.\d\ds Real=\d+\.\d\ds$/m,
      /^\[safepoint *\] Safepoint "\w+", Time since last: \d+ ns, Reaching safepoint: \d+ ns, Cleanup: 0 ns, At safepoint: \d+ ns, Total: \d+ ns$/m,
      /^\[gc,heap,exit\] Heap$/m,
    ])
      assert.match(text, pattern);
  });

  it("MemoryMXBean.setVerbose, and a class histogram behind the thread dump of SIGQUIT", async () => {
    const command = [...j3Command(), "-XX:+PrintClassHistogram", ...commandLine(program), "more"];
    const stdout = await untilTotal(command);
    const pause = String.raw`\[\d+\.\d{3}s\]\[info\]\[gc\] GC\(\d+\) Pause Full \(System\.gc\(\)\) \d+M->\d+M\(\d+M\) \d+\.\d{3}ms`;
    assert.match(stdout, new RegExp(`^verbose true\n${pause}\nverbose false\nready\n\\d{4}-`, "m"));
    const [, table = ""] = /^ num {5}#instances {9}#bytes {2}class name \(module\)\n-+\n([\s\S]*)/m.exec(stdout) ?? [];
    const rows = table.trimEnd().split("\n");
    // Eight arrays of 1 MiB come first.
    assert.match(rows[0] ?? "", /^ {3}1: +\d+ +8\d{6} {2}\[B \(java\.base@17\.[\d.]+\)$/);
    const totals = rows.slice(0, -1).map((row) => row.trim().split(/ +/).slice(1, 3).map(Number));
    const sum = (column: 0 | 1): number => totals.reduce((all, each) => all + (each[column] ?? 0), 0);
    assert.deepEqual(rows.at(-1)?.split(/ +/), ["Total", String(sum(0)), String(sum(1))]);
  });

  it("a file that cannot be made: java's words and exit code", async () => {
    const option = "-Xlog:gc:file=/nonexistent/x.log";
    const outcome = await run([...j3Command(), option, ...commandLine(program)], { cwd: folder, timeout: 60 });
    assert.equal(outcome.exit, 1);
    assert.equal(
      outcome.stdout,
      "[0.000s][error][logging] Error opening log file '/nonexistent/x.log': No such file or directory\n" +
        "[0.000s][error][logging] Initialization of output 'file=/nonexistent/x.log' using options '(null)' failed.\n",
    );
    assert.match(
      outcome.stderr,
      /^Invalid -Xlog option '-Xlog:gc:file=\/nonexistent\/x\.log', see error log for details\.\n/,
    );
  });
});
