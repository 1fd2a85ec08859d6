import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_NESTING } from "./ast.ts";
import { readAll } from "./reader.ts";
import { excerpt, printSyntax, Source, SourceError, type Span, type Syntax } from "./syntax.ts";

const read = (text: string): Syntax[] => readAll(new Source("a.l", text));
const printed = (text: string): string =>
  read(text)
    .map((form) => printSyntax(form, 1000))
    .join(" ");

const where = ({ source, start }: Span): string => {
  const { line, column } = source.position(start);
  return `${source.name}:${line}:${column}`;
};

function failure(text: string): SourceError {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof SourceError, String(error));
    return error;
  }
  assert.fail(`${text} was read`);
}

test("every kind of token", () => {
  assert.equal(printed("42 -7 +3 0xff 0b101 1_000 0xFFu8 42i64"), "42 -7 3 255 5 1000 255u8 42i64");
  assert.equal(printed("1.5 1e9 2.5f32 -0.0 1f64 1_0.5e-3"), "1.5 1000000000.0 2.5f32 -0.0 1.0f64 0.0105");
  assert.equal(printed("#\\a #\\newline #\\x41 #\\x #\\( #\\; #\\é"), "#\\a #\\newline #\\A #\\x #\\( #\\; #\\é");
  assert.equal(printed(String.raw`"a\n\t\\\"\x41;\x1f600;" ""`), String.raw`"a\n\t\\\"A😀" ""`);
  assert.equal(
    printed("#t #f x - + -> .x ... a.b list->string! <= nan"),
    "#t #f x - + -> .x ... a.b list->string! <= nan",
  );
  assert.equal(
    printed("'x `(a ,b ,@c) [let ([x 1]) x] () (a . b) (a . (b c))"),
    ["(quote x) (quasiquote (a (unquote b) (unquote-splicing c)))", "(let ((x 1)) x) () (a . b) (a b c)"].join(" "),
  );
  assert.equal(printed("1 ; two\n 3 #| four #| five |# |# 6"), "1 3 6");
  assert.equal(printed("#!/usr/bin/env uvml\n7"), "7");
  assert.equal(printed('"a\\\nb" "a\\\r\nb"'), '"ab" "ab"');
  assert.equal(printed(""), "");
});

test("forms know where they stand", () => {
  const [first, second] = read("(a\n  (bc d))\n  'é x");
  assert.ok(first?.kind === "list" && second?.kind === "list");
  assert.deepEqual([first.at.start, first.at.end], [0, 12]);
  const inner = first.items[1];
  assert.ok(inner?.kind === "list");
  assert.equal(where(inner.at), "a.l:2:3");
  assert.equal(where(inner.items[1]!.at), "a.l:2:7");
  assert.equal(where(second.at), "a.l:3:3");
  assert.equal(where(read("'😀 x")[1]!.at), "a.l:1:4");
});

test("what is wrong is said with its place", () => {
  const cases: readonly [text: string, message: string][] = [
    ["(a\n b))", "a.l:2:4: error: unexpected )"],
    ["(a [b)", "a.l:1:6: error: expected ], found )\na.l:1:4: note: the list begins here"],
    ["(a ')", "a.l:1:4: error: expected a form after '"],
    ["(a .)", "a.l:1:4: error: expected a form after the dot"],
    ["( . a)", "a.l:1:3: error: expected a list and a form before the dot"],
    ["(a . b c)", "a.l:1:8: error: expected ) after the form that follows the dot"],
    ["(a . b . c)", "a.l:1:8: error: expected ) after the form that follows the dot"],
    [".", "a.l:1:1: error: expected a list and a form before the dot"],
    ["12abc", "a.l:1:1: error: malformed number 12abc"],
    ["1__0", "a.l:1:1: error: malformed number 1__0"],
    ["1_.5", "a.l:1:1: error: malformed number 1_.5"],
    ["0xfg", "a.l:1:1: error: malformed number 0xfg"],
    ["0x_1", "a.l:1:1: error: malformed number 0x_1"],
    [".5", "a.l:1:1: error: malformed number .5"],
    ["1.5i32", "a.l:1:1: error: malformed number 1.5i32"],
    ["256u8", "a.l:1:1: error: 256u8 is out of the range of u8"],
    ["-1u32", "a.l:1:1: error: -1u32 is out of the range of u32"],
    ["128i8", "a.l:1:1: error: 128i8 is out of the range of i8"],
    ["18446744073709551616", "a.l:1:1: error: 18446744073709551616 does not fit 64 bits"],
    ["1e999", "a.l:1:1: error: 1e999 is too large for f64"],
    ["1e39f32", "a.l:1:1: error: 1e39f32 is too large for f32"],
    ["#true", "a.l:1:1: error: unknown syntax #true"],
    ["#(1 2)", "a.l:1:1: error: unknown syntax #("],
    ["#\\nowhere", "a.l:1:1: error: unknown character name nowhere"],
    ["#\\xd800", "a.l:1:1: error: #\\xd800 is no Unicode character"],
    ["#\\ a", "a.l:1:1: error: expected a character or its name after #\\"],
    ['"a\\q"', "a.l:1:3: error: unknown escape \\q"],
    ['"a\\x41"', "a.l:1:3: error: expected hexadecimal digits and ; after \\x"],
    ['"\\x110000;"', "a.l:1:2: error: the escape is no Unicode character"],
    ['"\ud800"', "a.l:1:1: error: the string is not well-formed Unicode"],
    ["a{b", "a.l:1:2: error: unexpected character {"],
    ["a\u0001", "a.l:1:2: error: unexpected character U+0001"],
    ["(a \u00a0b)", "a.l:1:4: error: unexpected character U+00A0"],
  ];
  for (const [text, message] of cases) {
    const error = failure(text);
    assert.equal(error.message, message, text);
    assert.equal(error.incomplete, false, text);
  }
});

test("what more text could mend is incomplete", () => {
  const cases: readonly [text: string, message: string][] = [
    ["(a\n (b", "a.l:2:2: error: this ( is never closed"],
    ["[", "a.l:1:1: error: this [ is never closed"],
    ["(a . ", "a.l:1:1: error: this ( is never closed"],
    ["'", "a.l:1:1: error: expected a form after '"],
    ["(a ,@ ; b", "a.l:1:4: error: expected a form after ,@"],
    ['(a "b)', "a.l:1:4: error: this string is never closed"],
    ['"a\\', "a.l:1:1: error: this string is never closed"],
    ["a #| b", "a.l:1:3: error: this comment is never closed"],
    ["#\\", "a.l:1:1: error: expected a character after #\\"],
  ];
  for (const [text, message] of cases) {
    const error = failure(text);
    assert.equal(error.message, message, text);
    assert.equal(error.incomplete, true, text);
  }
});

test("nesting has a limit of its own", () => {
  const deep = (depth: number): string => "(".repeat(depth) + ")".repeat(depth);
  assert.equal(read(deep(MAX_NESTING)).length, 1);
  assert.ok(printSyntax(read(deep(MAX_NESTING))[0]!, 100).endsWith("…"));
  assert.equal(failure(deep(100_000)).message, "a.l:1:1001: error: nesting deeper than 1,000");
  assert.equal(failure("(".repeat(100_000)).message, "a.l:1:1001: error: nesting deeper than 1,000");
  assert.equal(failure("'".repeat(100_000)).message, "a.l:1:1001: error: nesting deeper than 1,000");
});

test("long files are read in little time", () => {
  const mebi = 1 << 20;
  assert.equal(read(" ".repeat(4 * mebi)).length, 0);
  assert.equal(read("\n;;\n".repeat(mebi)).length, 0);
  assert.equal(read(`#|${" |".repeat(mebi)}|#`).length, 0);
  assert.equal(read(`"${"a".repeat(4 * mebi)}"`).length, 1);
  assert.equal(read("a".repeat(4 * mebi)).length, 1);
  assert.equal(read("(a) ".repeat(mebi / 4)).length, mebi / 4);
});

test("an excerpt marks the place", () => {
  const at = (text: string, line: number, column: number): string => excerpt(new Source("a.l", text), line, column);
  assert.equal(at("(a bc d)", 1, 4), "  (a bc d)\n     ^");
  assert.equal(at("x\r\n\t(é\r\n y)", 2, 3), "  \t(é\n  \t ^");
  assert.equal(at("", 1, 1), "");
  const long = at(`${"a".repeat(300)}b${"c".repeat(300)}`, 1, 301);
  assert.ok(long.split("\n").every((line) => line.length <= 102));
  assert.equal(long.split("\n")[0]![long.split("\n")[1]!.indexOf("^")], "b");
});
