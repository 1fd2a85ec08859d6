/** Collectors that were compiled from something else than what runs are refused, with the command that mends it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { heapModule } from "#heap";
import { layoutDigest, sourcesDigest, stampOf, stampProblem } from "../../src/heap/built.ts";
import { root } from "../tree.ts";

const folder = mkdtempSync(join(tmpdir(), "vmkit-built-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a file that is missing, is none, or has no stamp", () => {
  const file = join(folder, "heap.wasm");
  const message = (text: string) => ({ name: "BadInput", message: text });
  assert.throws(
    () => heapModule(pathToFileURL(file)),
    message("build/heap.wasm: expected the compiled collectors (npm run build makes them), found no such file"),
  );
  writeFileSync(file, "\0asm");
  assert.throws(
    () => heapModule(pathToFileURL(file)),
    message("build/heap.wasm: expected the compiled collectors (npm run build makes them), found a broken file"),
  );
  // The shortest module there is.
  writeFileSync(file, Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  assert.throws(
    () => heapModule(pathToFileURL(file)),
    message("build/heap.wasm: expected collectors with a stamp (npm run build makes them), found none"),
  );
});

test("the stamp names the layout and the sources", () => {
  const stamp = stampOf(heapModule());
  assert.ok(stamp !== undefined);
  assert.equal(stamp.layout, layoutDigest());
  assert.equal(stamp.sources, sourcesDigest());
  const others = { expected: "the collectors compiled from heap-as/ as it is now", found: "others" };
  assert.deepEqual(stampProblem({ ...stamp, sources: "0" }, sourcesDigest()), others);
  const another = { expected: "collectors compiled for this layout of memory", found: "those of another" };
  assert.deepEqual(stampProblem({ ...stamp, layout: "0" }, sourcesDigest()), another);
});

test("where there are no sources, they are not compared, and the layout is", () => {
  const stamp = stampOf(heapModule());
  assert.ok(stamp !== undefined);
  assert.equal(stampProblem({ ...stamp, sources: "0" }, undefined), undefined);
  assert.equal(stampProblem({ ...stamp, layout: "0" }, undefined)?.found, "those of another");
});

test("a VM does not start with collectors older than their sources", () => {
  for (const part of ["package.json", "bin", "src", "guests/toy", "heap-as", "build/heap.wasm"])
    cpSync(join(root, part), join(folder, "tree", part), { recursive: true });
  const toyvm = (): { status: number | null; stderr: string } =>
    spawnSync(
      process.execPath,
      ["--no-wasm-inlining", "bin/start.mjs", "guests/toy/main.ts", "--step", "1", "--no-preview"],
      {
        cwd: join(folder, "tree"),
        encoding: "utf8",
      },
    );
  const current = toyvm();
  assert.equal(current.status, 0, current.stderr);
  appendFileSync(join(folder, "tree/heap-as/lock.ts"), "// changed\n");
  const stale = toyvm();
  assert.equal(stale.status, 1);
  assert.equal(
    stale.stderr,
    "toyvm: build/heap.wasm: expected the collectors compiled from heap-as/ as it is now (npm run build makes them), found others\n",
  );
  assert.equal(readFileSync(join(root, "heap-as/lock.ts"), "utf8").includes("// changed"), false);
});
