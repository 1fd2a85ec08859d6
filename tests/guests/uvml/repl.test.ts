/** The `uvml` command as a user meets it: the loop, wrong input of every kind, exit codes; and machines that a host starts itself. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { sendEntry, startUvml } from "../../../guests/uvml/index.ts";
import { session, uvml } from "./session.ts";

const folder = mkdtempSync(join(tmpdir(), "uvml-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** An entry, what is printed for it, and what is said of it on standard error: all of it, or a pattern. */
type Step = readonly [entry: string, stdout: string, stderr?: string | RegExp];

async function checkSession(steps: readonly Step[], args: readonly string[] = []): Promise<void> {
  const { answers, rest, code } = await session(
    steps.map(([entry]) => entry),
    { args },
  );
  for (const [index, [entry, stdout, stderr = ""]] of steps.entries()) {
    const answer = answers[index]!;
    assert.equal(answer.stdout, stdout, `${entry}\n${answer.stderr}`);
    if (typeof stderr === "string") assert.equal(answer.stderr, stderr, entry);
    else assert.match(answer.stderr, stderr, entry);
  }
  assert.deepEqual(rest, { stdout: "", stderr: "" });
  assert.equal(code, steps.some(([, , stderr]) => stderr !== undefined) ? 1 : 0);
}

test("a session", async () => {
  await checkSession([
    ["(+ 1 2)", "=> 3 : i32\n"],
    ['1 "two" #\\3', '=> 1 : i32\n=> "two" : string\n=> #\\3 : char\n'],
    ["(define (f x)\n  ; doubles\n  (* x 2))", ""],
    ["(f 21)", "=> 42 : i32\n"],
    ["(f 1.5)", "=> 3.0 : f64\n"],
    ['(println "a\nb")', "a\nb\n"],
    ["(list)", "=> () : any\n"],
    ["(define (g) (f 10))", ""],
    ["(g)", "=> 20 : i32\n"],
    ["(define (f x) (str x x))", ""],
    ["(g)", '=> "1010" : string\n'],
    ["(define v 1)", ""],
    ['(define v "text")', ""],
    ["v", '=> "text" : string\n'],
  ]);
});

test("a session goes on after every error", async () => {
  await checkSession(
    [
      ["(define (f x) (* x 2))", ""],
      [
        '(f "a")',
        "",
        /repl#\d+:1:18: error: type clash: string .*\n {2}\(define \(f x\) \(\* x 2\)\)\n {19}\^\nrepl#\d+:1:1: note: in f \(string\)/,
      ],
      [")", "", /^repl#\d+:1:1: error: unexpected \)\n {2}\)\n {2}\^\n$/],
      ["(f 1))", "", /:1:6: error: unexpected \)/],
      ["(if)", "", /:1:1: error: if takes 2 or 3 forms, got 0/],
      ["(println 1) (/ 1 0) (println 2)", "1\n", /:1:13: error: division by zero/],
      ["(define (inner x)\n  (/ 1 x))\n(define (outer x)\n  (+ 1 (inner x)))", ""],
      [
        "(outer 0)",
        "",
        /:2:3: error: division by zero\n {4}\(\/ 1 x\)\)?\n.*\n? {2}at repl#\d+:2:3 in inner\n {2}at repl#\d+:2:8 in outer/,
      ],
      ["(aref (array i32 3) 5)", "", /error: index 5 is out of range/],
      ["(as string (any 1))", "", /error: i32 is not string/],
      ['(read-file "no-such-file")', "", /error: no-such-file/],
      ['(require "no-such-file")', "", /:1:1: error: .*no-such-file/],
      ["(nothing)", "", /:1:1: error: there is no function nothing/],
      ["(raise 'x)", "", /:1:1: error: nobody caught x/],
      ["(define (forever n) (+ 1 (forever n)))", ""],
      ["(forever 1)", "", /:1:26: error: stack overflow/],
      ["(forever 1)", "", /:1:26: error: stack overflow/],
      ["(define (hoard) (let ((l (list))) (while #t (set! l (cons (array i64 10000) l))) (length l)))", ""],
      ["(hoard)", "", /:1:59: error: no memory/],
      ["(defmacro (endless) `(endless))", ""],
      ["(endless)", "", /:1:1: error: the expansion of endless does not end/],
      [`(f ${"(".repeat(1500)}${")".repeat(1500)})`, "", /:1:1003?: error: nesting deeper than 1,000/],
      ["(f 2)", "=> 4 : i32\n"],
    ],
    ["--heap=32m"],
  );
});

test("prompts, and the history", async () => {
  const history = join(folder, "history");
  const env = { UVML_HISTORY: history };
  const first = await uvml(["-i"], { lines: ["(+ 1", "   2)", "", "(car", "'())"], env });
  assert.equal(first.stdout.replace(/^µvm-l .*\n/, ""), "uvml>   ... => 3 : i32\nuvml> uvml>   ... uvml> \n");
  assert.match(first.stderr, /^repl#2:1:1: error: .*\n {2}\(car\n {2}\^\n$/);
  assert.equal(first.code, 0);
  assert.equal(readFileSync(history, "utf8"), "(+ 1\n   2)\n(car\n'())\n");
  const second = await uvml(["-i"], { lines: ["(exit 7)"], env });
  assert.equal(second.code, 7);
  assert.match(readFileSync(history, "utf8"), /\n\(exit 7\)\n$/);
});

test("input that ends inside a form", async () => {
  const { code, stdout, stderr } = await uvml([], { input: "(+ 1 2)\n(f\n  (g" });
  assert.deepEqual([code, stdout], [1, "=> 3 : i32\n"]);
  assert.equal(stderr, "repl#2:2:3: error: this ( is never closed\n    (g\n    ^\n");
});

test("programs that are wrong: a message with its place, exit code 1, and nothing was run", async () => {
  const cases: readonly [content: string | Uint8Array, message: RegExp][] = [
    ["(println 1)\n(println 2", /wrong\.l:2:1: error: this \( is never closed/],
    [`(println 1) ${"(".repeat(100_000)}`, /wrong\.l:1:1013: error: nesting deeper than 1,000/],
    [`(println 1) '${"(".repeat(100_000)}${")".repeat(100_000)}`, /:1:1013: error: nesting deeper than 1,000/],
    ['(println 1) "\\q"', /wrong\.l:1:14: error: unknown escape/],
    [new Uint8Array([0x28, 0xff, 0x29]), /error: the file .*wrong\.l is no UTF-8 text/],
  ];
  for (const [content, message] of cases) {
    const { code, stdout, stderr } = await uvml([file("wrong.l", content)]);
    assert.deepEqual([code, stdout], [1, ""], stderr);
    assert.match(stderr, message);
  }
});

test("exit codes", async () => {
  const cases: readonly [args: string[], code: number, stdout: string, stderr: RegExp][] = [
    [["-e", "(println 1) (+ 1 1)"], 0, "1\n2\n", /^$/],
    [["-e", "(println (args))", "a", "-b"], 0, '("a" "-b")\n', /^$/],
    [["-e", "(exit 5)"], 5, "", /^$/],
    [["-e", "(/ 1 0)"], 1, "", /^-e:1:1: error: division by zero\n/],
    [["-e", "(println 1"], 1, "", /^-e:1:1: error: this \( is never closed\n/],
    [[join(folder, "none.l")], 1, "", /^uvml: error: the file .*none\.l does not exist\n$/],
    [[folder], 1, "", /is a folder\n$/],
    [["--wrong"], 2, "", /^uvml: unknown option --wrong\n/],
    [["--version"], 0, "uvml 0.1.0\n", /^$/],
    [[file("ok.l", '#!/usr/bin/env uvml\n(define (main) (println "ok"))\n(main)\n')], 0, "ok\n", /^$/],
  ];
  for (const [args, code, stdout, stderr] of cases) {
    const found = await uvml(args);
    assert.deepEqual([found.code, found.stdout], [code, stdout], `${args.join(" ")}\n${found.stderr}`);
    assert.match(found.stderr, stderr);
  }
});

test("two machines in one process, each with its entries", async () => {
  const machine = (name: string, entries: string[], code: number) => {
    const path = join(folder, name);
    const failures: boolean[] = [];
    const vm = startUvml({
      program: { kind: "entries" },
      args: [path],
      maxHeapBytes: 16 << 20,
      ready: ({ failed }) => {
        failures.push(failed);
        const text = entries.shift();
        sendEntry(vm, text === undefined ? { kind: "end", code } : { kind: "entry", name, text });
      },
    });
    return { vm, failures, written: () => readFileSync(path, "utf8") };
  };
  const write = "(write-file (car (args)) (str x))";
  const one = machine("one", ["(define x 1)", "(gc)", write], 3);
  const two = machine("two", ['(define x "two")', write], 4);
  assert.deepEqual(await Promise.all([one.vm.exited(), two.vm.exited()]), [3, 4]);
  assert.deepEqual([one.written(), two.written()], ["1", "two"]);
  assert.deepEqual(
    [one.failures, two.failures],
    [
      [false, false, false, false],
      [false, false, false],
    ],
  );
});
