/** The project as a whole: what its files may not say, and that what package.json names is there. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { filesBelow, lineAt, root, textOf } from "./tree.ts";

/** Nothing in here may depend on the machine on which it was written. */
const machine = [
  { what: "a path of one machine", pattern: /(?<![\w.~*}])\/(?:work|root|home|Users)\/\w+/g },
  { what: "the address of a package registry", pattern: /registry\.[a-z]+\.(?:org|com)/g },
  { what: "a local address", pattern: /\b(?:127\.0\.0\.1|localhost):\d+/g },
  { what: "a number that only a tracker can explain", pattern: /\b[Ii]ssue #?\d+/g },
];

function trackedFiles(): string[] {
  const listed = spawnSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" });
  // Not a checkout (an unpacked archive, say): all files are meant to be here.
  if (listed.status !== 0) return filesBelow("");
  return listed.stdout.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
}

test("no file depends on the machine it was written on", () => {
  const wrong: string[] = [];
  for (const file of trackedFiles()) {
    if (/\.(?:class|jar|wasm|zip|png)$/.test(file)) continue;
    const text = textOf(file);
    for (const { what, pattern } of machine) {
      for (const match of text.matchAll(pattern))
        wrong.push(`${file}:${lineAt(text, match.index)}: ${what}: ${match[0]}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("what package.json names is there", () => {
  const manifest = JSON.parse(textOf("package.json")) as {
    bin: Record<string, string>;
    imports: Record<string, string>;
    scripts: Record<string, string>;
  };
  for (const file of Object.values(manifest.bin)) accessSync(join(root, file), constants.X_OK);
  for (const script of Object.values(manifest.scripts)) {
    for (const [, file = ""] of script.matchAll(/\b((?:tools|tests|bench)\/[\w./-]+)/g)) {
      assert.ok(existsSync(join(root, file)), `${file} in the script "${script}"`);
    }
  }
  const missing = Object.entries(manifest.imports).filter(([, path]) => !existsSync(join(root, path)));
  assert.deepEqual(missing, []);
});

test("the shell scripts parse", () => {
  for (const file of filesBelow("").filter((each) => each.endsWith(".sh") || /^bin\/\w+$/.test(each))) {
    const checked = spawnSync("sh", ["-n", join(root, file)], { encoding: "utf8" });
    assert.equal(checked.status, 0, checked.stderr);
  }
});
