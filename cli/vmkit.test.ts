import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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
  assert.deepEqual(runnerFor("a", bytes(0x50, 0x4b, 3, 4, 0, 0, 0, 0)), { command: "j3", args: ["-jar", "a"] });
  const refused = (head: Uint8Array, message: string) =>
    assert.throws(() => runnerFor("f", head), { name: "BadInput", message: new RegExp(message) });
  refused(bytes(0x4d, 0x5a, 0, 0), "found a CLI assembly");
  refused(bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2), "f\\+0x0: expected a class file or a jar");
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
