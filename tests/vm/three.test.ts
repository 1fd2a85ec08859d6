/** One process runs a µvm-l, a ToyVM and a J3 at the same time; each has its own heap, and exits by itself. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { compile, findJdk, findPrograms, root, runOnJava } from "../guests/j3/runner.ts";

test("µvm-l, ToyVM and J3 in one process", { timeout: 300_000 }, async () => {
  const jdk = findJdk();
  const [program] = findPrograms("^GarbageShapes$");
  assert.ok(program !== undefined);
  await compile(jdk, [program]);
  const expected = await runOnJava(jdk, program);
  const script = fileURLToPath(new URL("./three.ts", import.meta.url));
  const classes = join(root, "build/test-classes", program.name);
  const ran = spawnSync(process.execPath, [script, classes, program.name], { encoding: "utf8", timeout: 280_000 });
  assert.equal(ran.status, 0, ran.stderr);
  const lines = ran.stdout.trim().split("\n");
  const report = { codes: { java: 0, toy: 0, dying: 1, lisp: 7 }, picture: true, failed: false, meanwhile: true };
  assert.deepEqual(JSON.parse(lines.at(-1) ?? ""), report);
  // What the guests wrote to descriptor 1, each line whole.
  assert.deepEqual(
    expected.stdout
      .trim()
      .split("\n")
      .filter((line) => !lines.includes(line)),
    [],
  );
  assert.ok(lines.includes("dies"));
  assert.equal(lines.filter((line) => /=> 200\b/.test(line)).length, 2);
  assert.ok(lines.some((line) => /=> 20100\b/.test(line)));
  assert.match(ran.stderr, /dying:1:\d+: .*division by zero/i);
});
