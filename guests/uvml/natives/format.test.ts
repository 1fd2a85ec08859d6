import assert from "node:assert/strict";
import { test } from "node:test";
import { readAll } from "../reader.ts";
import { Source } from "../syntax.ts";
import { f32Text, f64Text, parseFloat64, parseInteger, writtenChar, writtenString } from "./format.ts";

/** What the reader makes of a text. */
function read(text: string): unknown {
  const [form] = readAll(new Source("test", text));
  return form !== undefined && "value" in form ? form.value : undefined;
}

/** Doubles from all over the range, by a fixed sequence of bits. */
function* doubles(): Generator<number> {
  const bits = new BigUint64Array(1);
  const value = new Float64Array(bits.buffer);
  for (let i = 0; i < 20_000; i++) {
    bits[0] = (bits[0]! + 0x9e3779b97f4a7c15n) * 0xbf58476d1ce4e5b9n;
    if (Number.isFinite(value[0])) yield value[0]!;
  }
}

test("floats are written so that they read back", () => {
  for (const value of [0, -0, 1, 0.1, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, ...doubles()]) {
    const text = f64Text(value);
    assert.ok(Object.is(read(text), value), text);
    assert.ok(Object.is(parseFloat64(text), value), text);
  }
  assert.deepEqual([Number.NaN, 1 / 0, -1 / 0].map(f64Text), ["nan", "inf", "-inf"]);
});

test("an f32 is written with the digits it needs", () => {
  for (const each of doubles()) {
    const value = Math.fround(each);
    if (!Number.isFinite(value)) continue;
    assert.ok(Object.is(Math.fround(read(f32Text(value)) as number), value), f32Text(value));
  }
  const written = [0.1, 16777216, 2 ** -149, 1 / 3].map((each) => f32Text(Math.fround(each)));
  assert.deepEqual(written, ["0.1", "16777216.0", "1e-45", "0.33333334"]);
});

test("characters and strings are written so that they read back", () => {
  for (const code of [0, 9, 10, 32, 40, 59, 65, 92, 127, 0x85, 0x3bb, 0x1f600, 0x10ffff]) {
    assert.equal(read(writtenChar(code)), code, writtenChar(code));
    const text = `a${String.fromCodePoint(code)}"\\b`;
    assert.equal(read(writtenString(text)), text, writtenString(text));
  }
});

test("numbers in text", () => {
  const i32 = (text: string) => parseInteger(text, -(2n ** 31n), 2n ** 31n - 1n);
  assert.deepEqual(["42", "-7", "+1", " 12 ", "0xff", "0b101", "1_000"].map(i32), [42n, -7n, 1n, 12n, 255n, 5n, 1000n]);
  assert.deepEqual(["", "x", "1.5", "12x", "2147483648", "0x", "--1"].map(i32), Array(7).fill(undefined));
  assert.deepEqual(["1", "-2.5e3", ".5", "1.", "inf"].map(parseFloat64), [1, -2500, 0.5, 1, 1 / 0]);
  assert.deepEqual(["", "e5", "1e", "0x10", "1 2"].map(parseFloat64), Array(5).fill(undefined));
});
