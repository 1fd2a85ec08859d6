/** The tutorial's code is the code, and its sessions are what the commands print. Mend it by: node tools/tutorial.ts */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { blocksOf, differences, masked, pages, read, region } from "../../../tools/tutorial.ts";
import { filesBelow, root } from "../../tree.ts";

test("the tutorial has its pages", () => {
  assert.deepEqual(pages().sort(), [
    "1-core.md",
    "2-threads.md",
    "3-objects.md",
    "4-jit.md",
    "5-stack-maps.md",
    "README.md",
    "collector.md",
  ]);
});

for (const file of pages()) {
  test(`docs/tutorial/${file}: code and sessions are real`, { timeout: 120_000 }, () => {
    const markdown = read(file);
    assert.ok(file === "README.md" || blocksOf(markdown).length >= 3, "there is too little to check");
    for (const { block, wanted } of differences(file, markdown)) {
      const [said, real] = block.info === "console" ? [masked(block.text), masked(wanted)] : [block.text, wanted];
      assert.equal(said, real, `docs/tutorial/${file}:${block.line}: run node tools/tutorial.ts`);
    }
  });

  test(`docs/tutorial/${file}: links lead somewhere`, () => {
    for (const [, target = ""] of read(file).matchAll(/\]\(([^)#]+)/g)) {
      if (!/^https?:/.test(target)) assert.ok(existsSync(join(root, "docs/tutorial", target)), target);
    }
  });
}

test("every region of ToyVM's sources is in the tutorial", () => {
  const shown = pages().flatMap((file) => blocksOf(read(file)).map((block) => block.info));
  for (const file of filesBelow("guests/toy")) {
    for (const [, name] of readFileSync(join(root, file), "utf8").matchAll(/^\s*\/\/ \[([\w-]+)\]$/gm)) {
      assert.ok(shown.includes(`ts ${file} [${name}]`), `${file} [${name}]`);
    }
  }
});

test("the check sees what it is for", () => {
  assert.equal(region("a\n  // [x]\n  b\n\n    c\n  // [y]\n  // [/x]\nd", "x"), "b\n\n  c\n");
  assert.throws(() => region("// [x]\n", "x"), /no region \[x\]/);
  const page = "text\n```ts guests/toy/kernel.ts [optimise]\nfalse\n```\n";
  assert.deepEqual(
    differences("p.md", page).map(({ block }) => block.line),
    [3],
  );
  assert.equal(differences("p.md", "```console\n$ bin/toyvm --step 1\nnothing\n```\n").length, 1);
  assert.throws(() => differences("p.md", "```ts\nlet x;\n```\n"), /p\.md:2: a block of kind "ts"/);
  assert.equal(masked("ends: 3 bytes, 0.12 ms\n1.50 s"), "ends: 3 bytes, … ms\n… s");
});
