import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "../tests/tree.ts";
import { linesOf, overLimit, parts, stale, table, written } from "./lines.ts";

test("the table of lines in ARCHITECTURE.md is true", () => {
  assert.deepEqual(stale(textOf("ARCHITECTURE.md")), []);
});

for (const part of parts.filter(({ limit }) => limit !== undefined)) {
  test(`${part.name} has at most ${part.limit} lines`, () => {
    assert.equal(overLimit(part), undefined);
  });
}

test("a stale table is noticed", () => {
  const document = textOf("ARCHITECTURE.md");
  const { from, to } = written(document);
  const wrong = table().replace(/^(\| substrate \| )[\d,]+/m, "$11,000");
  const found = stale(`${document.slice(0, from)}\n${wrong}\n${document.slice(to)}`);
  assert.match(found.join("\n"), /^substrate has \d+ lines, ARCHITECTURE\.md says 1000: run/m);
  assert.throws(() => written("no table"), /Cannot find the table/);
  assert.equal(table().split("\n").length, parts.length + 2);
});

test("a part that is too long is noticed", () => {
  assert.equal(overLimit({ name: "tests", folders: ["tools"], limit: 10_000 }), undefined);
  assert.match(overLimit({ name: "tests", folders: ["tools"], limit: 10 }) ?? "", /^tests has \d+ lines; limit 10$/);
});

test("lines of code are neither blank nor only comment", () => {
  const typescript = ["/** a", "", " */", "// b", "", "x; // c", "/* d */ y;", "/* e */", "z; /*", "f */"].join("\n");
  assert.deepEqual(linesOf(`${typescript}\n`, false), { all: 10, code: 4 });
  assert.deepEqual(linesOf("; a\n(b) ; c\n#| d\n(e)\n|#\n\n(f)\n", true), { all: 7, code: 2 });
  assert.deepEqual(linesOf("a", false), { all: 1, code: 1 });
});
