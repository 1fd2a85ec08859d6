import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLibm } from "./libm.ts";
import { strictMath } from "./strict-math.ts";

// The reference: series on integers with 400 bits after the point, rounded once.
const BITS = 400n;
const ONE = 1n << BITS;
const multiply = (a: bigint, b: bigint): bigint => (a * b) / ONE;
/** The double as a fixed-point number: exact for what the tests use. */
const fixed = (x: number): bigint => (BigInt(x * 2 ** 60) << BITS) >> 60n;
const rounded = (value: bigint): number => Number(value >> 200n) * 2 ** -200;

function exponential(x: bigint): bigint {
  let term = ONE;
  let sum = 0n;
  for (let n = 1n; term !== 0n; n++) {
    sum += term;
    term = multiply(term, x) / n;
  }
  return sum;
}

function sine(x: bigint, first: bigint): bigint {
  let term = first === 0n ? ONE : x;
  let sum = 0n;
  for (let n = first; term !== 0n; n += 2n) {
    sum += term;
    term = -multiply(multiply(term, x), x) / ((n + 1n) * (n + 2n));
  }
  return sum;
}

/** Arguments with few enough bits to be exact as fixed-point numbers. */
function* argumentsFrom(seed: number, scale: number): Generator<number> {
  let x = seed;
  for (let i = 0; i < 300; i++) {
    x = (Math.imul(x, 1103515245) + 12345) | 0;
    yield (x / 2 ** 31) * scale;
  }
}

test("exp, sin and cos are correctly rounded", () => {
  const { exp, sin, cos } = makeLibm();
  for (const x of argumentsFrom(1, 8)) {
    const value = fixed(x);
    assert.equal(exp(x), rounded(exponential(value)), `exp(${x})`);
    assert.equal(sin(x), rounded(sine(value, 1n)), `sin(${x})`);
    assert.equal(cos(x), rounded(sine(value, 0n)), `cos(${x})`);
  }
});

test("log inverts exp, pow multiplies", () => {
  const { exp, log, log10, pow } = makeLibm();
  for (const x of argumentsFrom(2, 30))
    assert.ok(Math.abs(log(exp(x)) - x) <= 4e-15 * Math.max(1, Math.abs(x)), `${x}`);
  for (let n = -300; n <= 300; n++) assert.equal(log10(Number(`1e${n}`)), n);
  for (let n = -1074; n <= 1023; n++) assert.equal(pow(2, n), n < -1022 ? 2 ** -1022 * 2 ** (n + 1022) : 2 ** n);
  for (const x of argumentsFrom(3, 1e5)) assert.equal(pow(x, 2), x * x);
});

test("special arguments", () => {
  const { sin, cos, tan, exp, log, log10, pow } = makeLibm();
  const huge = Number.POSITIVE_INFINITY;
  for (const f of [sin, cos, tan])
    assert.ok(Number.isNaN(f(huge)) && Number.isNaN(f(-huge)) && Number.isNaN(f(Number.NaN)));
  assert.ok(Object.is(sin(-0), -0) && Object.is(tan(-0), -0) && cos(-0) === 1);
  assert.deepEqual([exp(huge), exp(-huge), exp(0), exp(710), exp(-746)], [huge, 0, 1, huge, 0]);
  assert.deepEqual([log(0), log(-0), log(huge), log(1)], [-huge, -huge, huge, 0]);
  assert.ok(Number.isNaN(log(-1)) && Number.isNaN(log10(-1)));
  assert.deepEqual([pow(0, -1), pow(-0, -3), pow(-2, 3), pow(-2, 2), pow(10, 400)], [huge, -huge, -8, 4, huge]);
  assert.ok(Number.isNaN(pow(-2, 0.5)) && Number.isNaN(pow(1, huge)) && pow(Number.NaN, 0) === 1);
  assert.equal(sin(1e22), -0.8522008497671888);
});

test("fdlibm's own roundings", () => {
  const { cosh, atan2, IEEEremainder } = strictMath as Record<string, (x: number, y?: number) => number>;
  assert.equal(cosh?.(1), 1.543080634815244);
  assert.equal(atan2?.(Number.MAX_VALUE, -1), 1.5707963267948968);
  assert.equal(IEEEremainder?.(5, 3), -1);
  assert.equal(IEEEremainder?.(4.5, 3), -1.5);
});
