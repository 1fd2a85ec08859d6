import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerFor } from "./magic.ts";

const command = fileURLToPath(new URL("../bin/vmkit", import.meta.url));

function vmkit(args: string[], input = "") {
  const done = spawnSync(command, args, { input, encoding: "utf8" });
  return { out: done.stdout, err: done.stderr, code: done.status };
}

const identity = "func @same(v0: i32) -> i32 {\nb0:\n  return v0\n}\n";

test("run picks the guest by the file's first bytes", () => {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  assert.deepEqual(runnerFor("A", bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61)), { command: "j3", args: ["A"] });
  assert.deepEqual(runnerFor("a.l", bytes(0x28, 0x2b)), { command: "uvml", args: ["a.l"] });
  assert.deepEqual(runnerFor("a.l", bytes()), { command: "uvml", args: ["a.l"] });
  assert.deepEqual(runnerFor("a", bytes(0x50, 0x4b, 3, 4, 0, 0, 0, 0)), { command: "j3", args: ["-jar", "a"] });
  const refused = (head: Uint8Array, message: string) =>
    assert.throws(() => runnerFor("f", head), { name: "BadInput", message: new RegExp(message) });
  refused(bytes(0x4d, 0x5a, 0, 0), "found a CLI assembly");
  refused(bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2), "f\\+0x0: expected a class file, a jar, or a program");
  refused(bytes(), "found an empty file");
  refused(bytes(1), "found the bytes 01");
});

test("ir print, verify and opt", () => {
  assert.deepEqual(vmkit(["ir", "print", "-"], identity.replace("  return", "return ")), {
    out: identity,
    err: "",
    code: 0,
  });
  assert.deepEqual(vmkit(["ir", "verify", "-"], identity), {
    out: "stdin: 1 function, nothing wrong\n",
    err: "",
    code: 0,
  });
  assert.equal(vmkit(["ir", "opt", "-"], identity.replace("}", "b1:\n  return v0\n}")).out, identity);
});

test("an error in IR text names file, line, column, what was expected and what was found", () => {
  const folder = mkdtempSync(join(tmpdir(), "vmkit-"));
  try {
    const file = join(folder, "wrong.ir");
    writeFileSync(file, identity.replace("return", "retrun"));
    const { err, code } = vmkit(["ir", "verify", file]);
    assert.equal(err, `${file}:3:3: expected an operation, found retrun\n`);
    assert.equal(code, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a broken invariant is named", () => {
  const { err, code } = vmkit(["ir", "verify", "-"], identity.replace("-> i32", "-> i64"));
  assert.match(err, /^stdin: .*I\d+/);
  assert.equal(code, 1);
});

const sum = `host @print "(il)v"
func @sum slot 3 (v0: i32) -> i64 {
b0:
  v1 = const.i64 0
  jump b1(v0, v1)
b1(v2: i32, v3: i64):
  v4 = sext v2
  v5 = add v3, v4
  callhost @print(v2, v5)
  v6 = const.i32 1
  v7 = sub v2, v6
  branch v7, b1(v7, v5), b2
b2:
  return v5
}
func @twice(v0: f32) -> f32 {
b0:
  v1 = fadd v0, v0
  return v1
}
func @null(v0: ref) -> i32 {
b0:
  nullcheck v0
  v1 = const.i32 3
  return v1
}
`;

test("ir run calls a function in the interpreter", () => {
  assert.deepEqual(vmkit(["ir", "run", "-", "sum", "3"], sum), { out: "3 3\n2 5\n1 6\n6\n", err: "", code: 0 });
  assert.equal(vmkit(["ir", "run", "-", "twice", "-1.5"], sum).out, "-3\n");
  assert.equal(vmkit(["ir", "run", "-"], identity.replace("v0: i32", "").replace("v0\n", "v1\n")).code, 1);
});

test("ir opt takes passes by name, and ir run goes through them and through the compiler", () => {
  const folded = sum.replace(
    "func @twice",
    "func @none()-> i32 {\nb0:\n  v0 = const.i32 2\n  v1 = mul v0, v0\n  return v1\n}\nfunc @twice",
  );
  assert.match(
    vmkit(["ir", "opt", "--passes", "fold,dce", "-"], folded).out,
    /b0:\n {2}v1 = const.i32 4\n {2}return v1/,
  );
  assert.match(
    vmkit(["ir", "opt", "--passes", "unfold", "-"], folded).err,
    /^--passes: expected some of .*gvn.*, found unfold\n$/,
  );
  assert.match(vmkit(["ir", "passes"]).out, /^gvn +Computes equal values once/m);
  for (const how of [["--compiled"], ["--opt"], ["--compiled", "--opt"]]) {
    const run = (...args: string[]) => vmkit(["ir", "run", ...how, "-", ...args], sum);
    assert.deepEqual(run("sum", "3"), { out: "3 3\n2 5\n1 6\n6\n", err: "", code: 0 });
    assert.equal(run("twice", "-1.5").out, "-3\n");
    assert.equal(run("null", "null").err, "stdin: @null threw trap null (0, 0)\n");
  }
});

test("VM_DUMP writes a page with a column per pass and the code", () => {
  const folder = mkdtempSync(join(tmpdir(), "vmkit-"));
  try {
    const env = { ...process.env, VM_DUMP: "su*", VM_DUMP_DIR: folder };
    const done = spawnSync(command, ["ir", "opt", "-"], { input: sum, encoding: "utf8", env });
    assert.equal(done.stderr, `dump: ${join(folder, "sum.html")}\n`);
    const page = readFileSync(join(folder, "sum.html"), "utf8");
    const titles = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1]);
    assert.deepEqual(titles.slice(0, 2), ["IR", "after fold"]);
    assert.match(titles.at(-1) ?? "", /^WebAssembly, \d+ bytes$/);
    assert.match(page, /i64\.extend_i32_s/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("ir run tells what was wrong with the call, and what was thrown", () => {
  const fails = (args: string[], err: string) =>
    assert.deepEqual(vmkit(["ir", "run", "-", ...args], sum), { out: "", err: `${err}\n`, code: 1 });
  fails(["null", "null"], "stdin: @null threw trap null (0, 0)");
  fails(["nope"], "stdin: expected a function of this file (sum, twice, null), found nope");
  fails(["sum"], "stdin: expected 1 arguments for @sum, found 0");
  fails(["sum", "x"], 'argument 1: expected an i32, found "x"');
  fails(["sum", "0x100000000"], 'argument 1: expected a number of 32 bits, found "0x100000000"');
});

test("a file that is not there, and a launcher that is a link", () => {
  const folder = mkdtempSync(join(tmpdir(), "vmkit-"));
  try {
    const missing = vmkit(["run", join(folder, "nope.class")]);
    assert.match(missing.err, /nope.class: expected a file that can be read, found no such file\n$/);
    assert.equal(missing.code, 1);
    const link = join(folder, "link");
    symlinkSync(command, link);
    const done = spawnSync(link, ["--version"], { encoding: "utf8" });
    assert.match(done.stdout, /^\d+\.\d+\.\d+\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
