import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { closeLog, Log, LogConfiguration, type LogPlan, openLog } from "./index.ts";

function refusal(request: string): string | undefined {
  return new LogConfiguration().add(request).refused;
}

/** Runs with a folder of its own, which goes afterwards. */
function inFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "vmkit-log-"));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function opened(...requests: string[]): LogPlan {
  const configuration = new LogConfiguration();
  for (const request of requests) assert.equal(configuration.add(request).refused, undefined);
  const plan = openLog(configuration);
  assert.ok(!("refused" in plan));
  return plan;
}

test("what is wrong with a request", () => {
  const cases: [string, string | undefined][] = [
    ["gc", undefined],
    ["", undefined],
    ["gc*=trace,safepoint=off:stderr:none", undefined],
    ['gc:"file=a:b"', undefined],
    ["gcc", "Invalid tag 'gcc' in log selection."],
    ["gc+", "Invalid tag '' in log selection."],
    ["gc,", "Invalid tag '' in log selection."],
    ["gc+gc", "Log selection contains duplicates of tag gc."],
    ["gc=loud", "Invalid level 'loud' in log selection."],
    ["gc=", "Invalid level '' in log selection."],
    ["gc::up", "Invalid decorator 'up'."],
  ];
  for (const [request, expected] of cases) assert.equal(refusal(request), expected, request);
  const count = refusal("gc:file=x::filecount=1001") ?? "";
  assert.match(count, /^Invalid option: filecount must be in range \[0, 1000\]\nInitialization of output 'file=x'/);
  assert.match(refusal("gc:file=x::filesize=1x") ?? "", /^Invalid option: filesize must be/);
  assert.match(refusal("gc:file=x::color=1") ?? "", /^Invalid option 'color' for log file output\./);
  assert.deepEqual(new LogConfiguration().add("gc:x:::y").warnings, ['Ignoring excess options: "y"']);
});

test("exact tags, open ones, levels, and the last selection that fits", () => {
  inFolder((folder) => {
    const plan = opened(`gc,gc+heap=debug,safepoint*,gc+cpu=off:file=${folder}/a`, `gc=off:file=${folder}/b`);
    const log = new Log(plan, 1);
    const isWanted = (tags: string, level: "debug" | "info"): boolean => log.writer(tags, level) !== undefined;
    assert.deepEqual(
      [isWanted("gc", "info"), isWanted("gc", "debug"), isWanted("gc,heap", "debug"), isWanted("gc,start", "info")],
      [true, false, true, false],
    );
    assert.deepEqual([isWanted("safepoint,init", "info"), isWanted("gc,cpu", "info")], [true, false]);
    assert.equal(plan.outputs.length, 2, "the file b wants nothing; standard output has warnings");
    assert.notEqual(log.writer("gc", "warning"), undefined);
    closeLog(plan);
  });
});

test("columns get no narrower, on any Worker", () => {
  inFolder((folder) => {
    const plan = opened(`all:file=${folder}/a:level,tags`);
    const [one, two] = [new Log(plan, 1), new Log(plan, 2)];
    one.writer("gc", "info")?.("first");
    one.writer("gc,start", "warning")?.("second");
    two.writer("gc", "info")?.("third");
    closeLog(plan);
    assert.deepEqual(readFileSync(`${folder}/a`, "utf8").split("\n"), [
      "[info][gc] first",
      "[warning][gc,start] second",
      "[info   ][gc      ] third",
      "",
    ]);
  });
});

test("every decoration", () => {
  inFolder((folder) => {
    const plan = opened(`gc:file=${folder}/a:t,utc,u,tm,um,tn,un,hn,p,ti,l,tg`);
    const at = process.hrtime.bigint();
    new Log(plan, 7).writer("gc", "info")?.("x", at);
    closeLog(plan);
    const line = readFileSync(`${folder}/a`, "utf8");
    const date = String.raw`\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[-+]\d{4}\]`;
    const rest = String.raw`\[\d+\.\d{3}s\]\[\d+ms\]\[\d+ms\]\[${at}ns\]\[${at - plan.started}ns\]\[[^\]]+\]\[${process.pid}\]\[7\]\[info\]\[gc\] x\n`;
    assert.match(line, new RegExp(`^${date}${date}${rest}$`));
  });
});

test("a full file is put aside, and one from before; not more than asked for", () => {
  inFolder((folder) => {
    writeFileSync(`${folder}/a`, "old\n");
    const plan = opened(`gc:file=${folder}/a:none:filecount=2,filesize=10`);
    const write = new Log(plan, 1).writer("gc", "info");
    for (let i = 0; i < 8; i++) write?.(`line ${i}`);
    closeLog(plan);
    assert.deepEqual(readdirSync(folder).sort(), ["a", "a.0", "a.1"]);
    assert.equal(readFileSync(`${folder}/a`, "utf8"), "line 6\nline 7\n");
    const aside = ["a.0", "a.1"].map((name) => readFileSync(join(folder, name), "utf8")).sort();
    assert.deepEqual(aside, ["line 2\nline 3\n", "line 4\nline 5\n"]);
  });
});

test("a file that cannot be opened", () => {
  const configuration = new LogConfiguration();
  configuration.add("gc:file=/nonexistent/x.log");
  const failure = openLog(configuration);
  assert.ok("refused" in failure);
  assert.equal(
    failure.refused,
    "Error opening log file '/nonexistent/x.log': No such file or directory\n" +
      "Initialization of output 'file=/nonexistent/x.log' using options '(null)' failed.",
  );
});
