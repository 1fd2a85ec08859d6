/**
 * The native methods of java.lang.StrictMath. They are defined to give the results of the C library fdlibm (netlib.org), bit by bit. The
 * engine's Math functions descend from it and give the same, as tests against the reference show, except for those written out here.
 */
type Unary = (x: number) => number;
type Binary = (x: number, y: number) => number;

const PI_LOW = 1.2246467991473532e-16;
/** fdlibm's exp(1), one unit in the last place above the nearest double. */
const EXP_ONE = Math.E + 2 ** -51;
const HALF_LN2 = 0.34657359027997264;
const TWO_M55 = 2 ** -55;
const words = new DataView(new ArrayBuffer(8));

/** The upper half of a double's bits without the sign. */
function magnitude(x: number): number {
  words.setFloat64(0, x);
  return words.getInt32(0) & 0x7fffffff;
}

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

const cosh: Unary = (x) => {
  const a = Math.abs(x);
  if (a < HALF_LN2) {
    const t = Math.expm1(a);
    const w = 1 + t;
    return a < TWO_M55 ? w : 1 + (t * t) / (w + w);
  }
  return a === 1 ? 0.5 * EXP_ONE + 0.5 / EXP_ONE : Math.cosh(x);
};

const tanh: Unary = (x) => {
  const a = Math.abs(x);
  if (a < TWO_M55) return x * (1 + x);
  if (a >= 22 || Number.isNaN(x)) return Math.tanh(x);
  let z: number;
  if (a >= 1) {
    z = 1 - 2 / (Math.expm1(2 * a) + 2);
  } else {
    const t = Math.expm1(-2 * a);
    z = -t / (t + 2);
  }
  return x >= 0 ? z : -z;
};

const atan2: Binary = (y, x) => {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (x === 0 || y === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return Math.atan2(y, x);
  if (x === 1) return Math.atan(y);
  const k = (magnitude(y) - magnitude(x)) >> 20;
  let z: number;
  if (k > 60) z = Math.PI / 2 + 0.5 * PI_LOW;
  else if (x < 0 && k < -60) z = 0;
  else z = Math.atan(Math.abs(y / x));
  if (x > 0) return y > 0 ? z : -z;
  return y > 0 ? Math.PI - (z - PI_LOW) : z - PI_LOW - Math.PI;
};

/** x minus the nearest multiple of p; the even one of two. Every step is exact. */
const IEEEremainder: Binary = (x, p) => {
  if (p === 0 || !Number.isFinite(x) || Number.isNaN(p)) return Number.NaN;
  const limit = Math.abs(p);
  let a = Math.abs(limit + limit === Number.POSITIVE_INFINITY ? x : x % (limit + limit));
  if (a === limit) return 0 * x;
  if (limit < 2 ** -1021) {
    if (a + a > limit) {
      a -= limit;
      if (a + a >= limit) a -= limit;
    }
  } else {
    const half = 0.5 * limit;
    if (a > half) {
      a -= limit;
      if (a >= half) a -= limit;
    }
  }
  return isNegative(x) ? -a : a;
};

const { sin, cos, tan, asin, acos, atan, log, log10, sinh, expm1, log1p } = Math;

/** By the names of StrictMath. */
export const strictMath: Readonly<Record<string, Unary | Binary>> = {
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  log,
  log10,
  atan2,
  sinh,
  cosh,
  tanh,
  expm1,
  log1p,
  IEEEremainder,
};
