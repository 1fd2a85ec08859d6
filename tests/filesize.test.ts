/** A file has one subject. At 400 lines look for the second; above 600 only tables and generated code. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filesBelow, textOf } from "./tree.ts";

const limit = 600;

/** Longer files, and why that is right. */
const tables: Readonly<Record<string, string>> = {};

test(`no source file has more than ${limit} lines`, () => {
  const sources = filesBelow("").filter((file) => /\.(ts|sh|mjs)$/.test(file) && !file.endsWith(".gen.ts"));
  const long = sources.flatMap((file) => {
    const lines = textOf(file).split("\n").length - 1;
    return lines > limit && !Object.hasOwn(tables, file) ? [`${file}: ${lines} lines`] : [];
  });
  assert.deepEqual(long, []);
});

test("no plan has more than 150 lines: it is a composition", () => {
  const plans = filesBelow("heap-as/plans").filter((file) => textOf(file).split("\n").length - 1 > 150);
  assert.deepEqual(plans, []);
});

test("the list of exceptions is not out of date", () => {
  const stale = Object.keys(tables).filter((file) => textOf(file).split("\n").length - 1 <= limit);
  assert.deepEqual(stale, []);
});
