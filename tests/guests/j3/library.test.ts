/** J3 as a library: started from TypeScript, several times in one process. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { compile, findJdk, findPrograms, root } from "./runner.ts";

test("one process starts several, at once and in turn; each has its exit code", { timeout: 240_000 }, async () => {
  const programs = findPrograms("^(ExitCodes|HaltCode|TinyHello)$");
  assert.equal(programs.length, 3);
  await compile(findJdk(), programs);
  const script = fileURLToPath(new URL("./several.ts", import.meta.url));
  const folders = ["ExitCodes", "HaltCode", "TinyHello"].map((name) => join(root, "build/test-classes", name));
  const ran = spawnSync(process.execPath, ["--no-wasm-inlining", script, ...folders], {
    encoding: "utf8",
    timeout: 200_000,
  });
  assert.equal(ran.status, 0, ran.stderr);
  const report = JSON.parse(ran.stdout.trim().split("\n").at(-1) ?? "") as unknown;
  assert.deepEqual(report, { codes: [42, 253, 0, 1, 0], refused: [true, true, true], listeners: 0 });
  assert.match(ran.stdout, /hook runs/);
  assert.match(ran.stderr, /Could not find or load main class NoSuchClass/);
});
