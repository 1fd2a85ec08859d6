/** -Xlog:gc and its kin: the lines have the form of `java`'s, stand where they belong among the program's own, and tell the truth. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { before, describe, it } from "node:test";
import { commandLine, compile, findJdk, findPrograms, j3Command, type Program, root, run } from "../runner.ts";

const folder = path.join(root, "build/test-logging");
const at = String.raw`\[\d+\.\d{3}s\]`;
const PAUSE =
  /^\[\d+\.\d{3}s\]\[info *\]\[gc *\] GC\((\d+)\) Pause (Full|Young) \((.*)\) (\d+)M->(\d+)M\((\d+)M\) \d+\.\d{3}ms$/;

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
