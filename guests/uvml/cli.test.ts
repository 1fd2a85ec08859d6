import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { PLANS } from "#heap";
import { parseCommandLine } from "./cli.ts";
import { EntryBuffer, History } from "./repl.ts";

const MIB = 1 << 20;
const settings = { interpret: false, collector: "semispace", logsCollections: false, heapBytes: 512 * MIB };
const parse = (...words: string[]) => parseCommandLine(words, false);

test("command lines", () => {
  assert.deepEqual(parse(), { action: "repl", isInteractive: false, ...settings });
  assert.deepEqual(parseCommandLine([], true), { action: "repl", isInteractive: true, ...settings });
  assert.deepEqual(parse("-i"), { action: "repl", isInteractive: true, ...settings });
  assert.deepEqual(parse("a.l", "-e", "--gc=x"), { action: "file", path: "a.l", args: ["-e", "--gc=x"], ...settings });
  assert.deepEqual(parse("--", "-a.l", "b"), { action: "file", path: "-a.l", args: ["b"], ...settings });
  assert.deepEqual(parse("--interpret", "--gc=nogc", "--heap", "64m", "a.l"), {
    ...{ action: "file", path: "a.l", args: [] },
    ...{ interpret: true, collector: "nogc", logsCollections: false, heapBytes: 64 * MIB },
  });
  assert.deepEqual(parse("-e", "(args)", "x"), { action: "expression", text: "(args)", args: ["x"], ...settings });
  assert.deepEqual(parse("--eval=1"), { action: "expression", text: "1", args: [], ...settings });
  const logged = { ...settings, logsCollections: true };
  assert.deepEqual(parse("--log-gc", "a.l"), { action: "file", path: "a.l", args: [], ...logged });
  assert.deepEqual(parse("--help"), { action: "help" });
  assert.deepEqual(parse("--version"), { action: "version" });
});

test("wrong command lines say what is wrong", () => {
  const cases: readonly [words: string[], message: string][] = [
    [["--nothing"], "unknown option --nothing"],
    [["-x"], "unknown option -x"],
    [["-e"], "-e needs a value"],
    [["--gc=fast"], `no collector is named fast; there are ${PLANS.map((plan) => plan.name).join(", ")}`],
    [["--heap=much"], "--heap: expected a size such as 64m, found much"],
    [["--heap=0"], "--heap: expected a size such as 64m, found 0"],
    [["--heap=9g"], "--heap: 9216m is above the limit of semispace, 1919m"],
    [["--heap=2g", "-e", "1"], "--heap: 2048m is above the limit of semispace, 1919m"],
    [["--heap=9g", "--gc=nogc"], "--heap: 9216m is above the limit of nogc, 3839m"],
    [["--interpret=1"], "--interpret takes no value"],
    [["--log-gc=gc"], "--log-gc takes no value"],
    [[""], "the name of the file is empty"],
  ];
  for (const [words, message] of cases) assert.deepEqual(parse(...words), { action: "wrong", message });
});

test("--log-gc tells of collections, beside what the program prints", () => {
  const options = { encoding: "utf8", env: { ...process.env, VM_STRESS: "gc:5", VM_LOG: "" } } as const;
  const command = fileURLToPath(new URL("../../bin/uvml", import.meta.url));
  const forms = "(list 1 2 3 4 5 6 7 8)";
  const { stdout } = spawnSync(command, ["--log-gc", "-e", forms], options);
  assert.match(stdout, /^\[\d+\.\d{3}s\]\[info\]\[gc\] GC\(0\) Pause Full .* \d+M->\d+M\(\d+M\) [\d.]+ms$/m);
  const program = stdout.split("\n").filter((line) => !line.startsWith("["));
  assert.equal(program.join("\n"), spawnSync(command, ["-e", forms], options).stdout);
});

test("lines become entries", () => {
  const buffer = new EntryBuffer();
  const add = (line: string): unknown => buffer.add(line);
  const entry = (number: number, text: string) => ({ kind: "entry", name: `repl#${number}`, text });
  assert.deepEqual(add("(+ 1 2)"), entry(1, "(+ 1 2)"));
  assert.equal(add("  ; nothing"), undefined);
  assert.ok(buffer.isEmpty);
  assert.equal(add("(f"), undefined);
  assert.equal(add('  "a'), undefined);
  assert.ok(!buffer.isEmpty);
  assert.deepEqual(add('b") 5'), entry(2, '(f\n  "a\nb") 5'));
  assert.deepEqual(add("(a))"), entry(3, "(a))"));
  assert.equal(add("(f"), undefined);
  buffer.clear();
  assert.deepEqual(add("x"), entry(4, "x"));
  assert.equal(add("'"), undefined);
  assert.deepEqual(buffer.finish(), entry(5, "'"));
  assert.equal(buffer.finish(), undefined);
});

test("entries end where the reader says so", () => {
  const whole = (text: string): boolean => {
    const buffer = new EntryBuffer();
    const lines = text.split("\n");
    for (const line of lines.slice(0, -1)) assert.equal(buffer.add(line), undefined, text);
    return buffer.add(lines.at(-1)!) !== undefined;
  };
  const cases = [
    String.raw`(f #\()`,
    '(f "(" ")")',
    String.raw`(f "\\" 1)`,
    String.raw`(f "\"(" 1)`,
    '(f "a\n(" 1)',
    '(f "a\\\n(" 1)',
    "(f ; (\n1)",
    "(f #| ( #| \n ( |# |# 1)",
    String.raw`(f "#\(" 1)`.replace("\\", "\\n"),
    '(f "#|" 1)',
    '(f #| " |# 1)',
    String.raw`(f #\" 1)`,
    String.raw`(f #\; 1)`,
    "[f (]",
  ];
  for (const text of cases) assert.ok(whole(text), text);
  assert.ok(!whole(String.raw`(f #\)`));
  assert.ok(!whole(`"a`));
  // Lines are not read again and again.
  const buffer = new EntryBuffer();
  for (let line = 0; line < 100_000; line++) buffer.add("(f");
  assert.equal(buffer.add(")"), undefined);
});

test("history", () => {
  const folder = mkdtempSync(join(tmpdir(), "uvml-"));
  try {
    const path = join(folder, "history");
    const history = (name: string): History => new History({ UVML_HISTORY: name });
    history(path).add("(a)");
    history(path).add("   ");
    history(path).add("(b)");
    assert.deepEqual(history(path).lines, ["(a)", "(b)"]);
    writeFileSync(path, Array.from({ length: 3000 }, (_, index) => `(${index})\n`).join(""));
    assert.deepEqual(history(path).lines.slice(-1), ["(2999)"]);
    assert.equal(readFileSync(path, "utf8").split("\n").length, 1001);
    for (const name of [join(folder, "no", "such", "folder"), folder, ""]) {
      history(name).add("(a)");
      assert.deepEqual(history(name).lines, []);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
