/** Arithmetic, comparison, conversion and memory of each kind of number, against JavaScript's own numbers, run by the interpreter. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cell } from "#interp";
import * as ir from "#ir";
import { type Builder, bitsOfKind, Func, isFloatKind, KINDS, type Kind, signature, type Value, verify } from "#ir";
import { interpreted } from "./reference.ts";

const VALUES: readonly bigint[] = [
  0n,
  1n,
  -1n,
  7n,
  -3n,
  127n,
  -128n,
  200n,
  255n,
  40000n,
  2n ** 31n,
  -(2n ** 63n),
  2n ** 64n - 1n,
];

function run(
  params: readonly Kind[],
  result: ir.Type,
  args: readonly Cell[],
  make: (b: Builder, args: Value[]) => Value,
): Cell {
  const func = new Func("f", signature(params.map(ir.typeOfKind), result));
  const b = new ir.Builder(func);
  b.ret(make(b, b.entry()));
  b.finish();
  verify(func);
  return interpreted(func, args)!;
}

/** The number that the kind makes of a whole number. */
function wrapped(kind: Kind, value: bigint): bigint {
  return kind.startsWith("u") ? BigInt.asUintN(bitsOfKind(kind), value) : BigInt.asIntN(bitsOfKind(kind), value);
}

function cell(kind: Kind, value: bigint): Cell {
  if (isFloatKind(kind)) return kind === "f32" ? Math.fround(Number(value)) : Number(value);
  return ir.typeOfKind(kind) === "i64"
    ? BigInt.asIntN(64, wrapped(kind, value))
    : Number(BigInt.asIntN(32, wrapped(kind, value)));
}

const integers = KINDS.filter((kind) => !isFloatKind(kind));

const OPS: Readonly<Record<ir.NumberOp, (x: bigint, y: bigint) => bigint>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  rem: (x, y) => x % y,
  min: (x, y) => (x < y ? x : y),
  max: (x, y) => (x > y ? x : y),
};

for (const kind of integers) {
  test(`${kind}: arithmetic wraps around`, () => {
    for (const name of Object.keys(OPS) as ir.NumberOp[])
      for (const x of VALUES.map((value) => wrapped(kind, value)))
        for (const y of VALUES.map((value) => wrapped(kind, value))) {
          if (y === 0n && (name === "div" || name === "rem")) continue;
          const found = run([kind, kind], ir.typeOfKind(kind), [cell(kind, x), cell(kind, y)], (b, [l, r]) =>
            ir.arithmetic(b, name, kind, l!, r!),
          );
          assert.equal(found, cell(kind, OPS[name](x, y)), `${name} ${x} ${y}`);
        }
  });

  test(`${kind}: order, sign, shifts, memory`, () => {
    const type = ir.typeOfKind(kind);
    for (const x of VALUES.map((value) => wrapped(kind, value))) {
      const one = (make: (b: Builder, x: Value) => Value, result: ir.Type = type) =>
        run([kind], result, [cell(kind, x)], (b, [v]) => make(b, v!));
      const shift = (b: Builder) => (type === "i64" ? b.i64(3n) : b.i32(3));
      assert.equal(
        one((b, v) => ir.negated(b, kind, v)),
        cell(kind, -x),
      );
      assert.equal(
        one((b, v) => ir.absolute(b, kind, v)),
        cell(kind, x < 0n ? -x : x),
      );
      assert.equal(
        one((b, v) => ir.shifted(b, true, kind, v, shift(b))),
        cell(kind, x << 3n),
      );
      assert.equal(
        one((b, v) => ir.shifted(b, false, kind, v, shift(b))),
        cell(kind, x >> 3n),
      );
      assert.equal(
        one((b, v) => ir.compared(b, "lt", kind, v, ir.numberOf(b, kind, 5)), "i32"),
        x < 5n ? 1 : 0,
      );
      assert.equal(
        one((b, v) => {
          ir.storeAs(b, ir.loadOfKind(kind), b.addr(4096), 8, v);
          return b.load(ir.loadOfKind(kind), b.addr(4096), 8);
        }),
        cell(kind, x),
      );
    }
  });
}

test("conversions", () => {
  for (const from of integers)
    for (const to of KINDS)
      for (const x of VALUES.map((value) => wrapped(from, value)))
        assert.equal(
          run([from], ir.typeOfKind(to), [cell(from, x)], (b, [v]) => ir.converted(b, from, to, v!)),
          cell(to, x),
          `${x}: ${from} to ${to}`,
        );
  const float = (to: Kind, x: number) =>
    run(["f64"], ir.typeOfKind(to), [x], (b, [v]) => ir.converted(b, "f64", to, v!));
  assert.equal(float("i32", -2.7), -2);
  assert.equal(float("i32", 1e20), 2147483647);
  assert.equal(float("u32", 4e9), 4e9 | 0);
  assert.equal(float("u64", 2 ** 63), -(2n ** 63n));
  assert.equal(float("u8", 258.5), 2);
  assert.equal(float("i64", Number.NaN), 0n);
  assert.equal(float("f32", 0.1), Math.fround(0.1));
});

test("what kinds hold", () => {
  assert(ir.kindHolds("u8", 255n) && !ir.kindHolds("u8", 256n) && !ir.kindHolds("u8", -1n));
  assert(ir.kindHolds("i8", -128n) && !ir.kindHolds("i8", 128n) && ir.kindHolds("f32", 10n ** 40n));
  assert.deepEqual(
    KINDS.map((kind) => ir.bytesOfLoad(ir.loadOfKind(kind))),
    [1, 2, 4, 8, 1, 2, 4, 8, 4, 8],
  );
});

test("values are placed at multiples of their sizes", () => {
  const found = ir.placed(["load8u", "ref", "load16s", "f64", "ref"], 8);
  assert.deepEqual(found, { offsets: [8, 12, 16, 24, 32], refs: [12, 32], size: 40 });
});
