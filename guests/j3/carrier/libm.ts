/**
 * java.lang.Math's sin, cos, tan, exp, log, log10 and pow, correctly rounded but for about one argument in 10^4: HotSpot computes these with
 * code whose error is little more than half a unit in the last place, so this gives its results nearly always, and fdlibm does not.
 *
 * Values are unevaluated sums of two doubles (Dekker 1971; Knuth, TAOCP 4.2.2): high + low with |low| at most half an ulp of high. Arguments
 * are reduced with tables, which are computed with integers when first wanted; what is left is small enough for a short series of which
 * only the first terms need both halves. The errors are below 2^-67 of the result.
 */

interface Pair {
  readonly high: number;
  readonly low: number;
}

const SCALE_BITS = 200n;
const ONE = 1n << SCALE_BITS;

/** A fixed-point number as high + low. */
function pairOf(value: bigint): Pair {
  const scale = 2 ** -Number(SCALE_BITS);
  const high = Number(value);
  return { high: high * scale, low: Number(value - BigInt(high)) * scale };
}

function multiply(a: bigint, b: bigint): bigint {
  return (a * b) / ONE; // toward zero, so that series end
}

/** Sum of x^n / n! for the n that `keep` picks, with the given sign. */
function series(x: bigint, first: number, step: number, alternate: boolean): bigint {
  let term = first === 0 ? ONE : x;
  let sum = 0n;
  for (let n = first; term !== 0n; n += step) {
    sum += alternate && ((n - first) / step) % 2 === 1 ? -term : term;
    for (let i = 1; i <= step; i++) term = multiply(term, x) / BigInt(n + i);
  }
  return sum;
}

/** 2 * atanh(p / q) = log((q + p) / (q - p)). */
function logOfRatio(p: bigint, q: bigint): bigint {
  const x = (p * ONE) / q;
  const square = multiply(x, x);
  let sum = 0n;
  let power = x;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = multiply(power, square);
  }
  return 2n * sum;
}

/** pi by Machin's formula with so many bits after the point. */
function piWith(bits: bigint): bigint {
  const arctan = (q: bigint): bigint => {
    let power = (1n << (bits + 20n)) / q;
    let sum = 0n;
    for (let n = 1n, sign = 1n; power !== 0n; n += 2n, sign = -sign) {
      sum += (sign * power) / n;
      power /= q * q;
    }
    return sum;
  };
  return (4n * (4n * arctan(5n) - arctan(239n))) >> 20n;
}

const EXP_STEPS = 64;
const LOG_STEPS = 128;
const TRIG_STEPS = 64;
/** Bits of 2/pi: exponents of doubles, their 53 bits, and as many again for the result. */
const PAYNE_BITS = 1300n;

interface Tables {
  readonly ln2: Pair;
  /** ln2 / 64: a part of 32 bits, and the rest. */
  readonly stepHigh: number;
  readonly step: Pair;
  /** 2^(j / 64). These tables hold high and low halves in turn. */
  readonly powers: Float64Array;
  /** c near 128 / (128 + j), and -log(c) in two halves, three numbers for each j from FIRST_LOG. */
  readonly logs: Float64Array;
  /** A part of ln2 with 11 bits to spare, and the rest. */
  readonly ln2High: number;
  readonly ln2Rest: Pair;
  readonly inverseLn10: Pair;
  /** sin and cos of j / 64. */
  readonly sines: Float64Array;
  readonly cosines: Float64Array;
  /** pi/2 in three parts of 33 bits, and the rest. */
  readonly halfPi: Float64Array;
  readonly twoOverPi: bigint;
  readonly halfPiFixed: bigint;
}

const FIRST_LOG = -38;
const LAST_LOG = 54;

/** The leading bits of a positive fixed-point number as a double, and what is left. */
function leading(value: bigint, bits: number): { part: number; rest: bigint } {
  const size = value.toString(2).length;
  const cut = BigInt(Math.max(0, size - bits));
  const part = (value >> cut) << cut;
  return { part: pairOf(part).high, rest: value - part };
}

function makeTables(): Tables {
  const ln2 = logOfRatio(1n, 3n);
  const step = ln2 / BigInt(EXP_STEPS);
  const stepParts = leading(step, 32);
  const ln2Parts = leading(ln2, 40);
  const ln10 = 3n * ln2 + logOfRatio(1n, 9n); // log(8) + log(10 / 8)
  const powers: number[] = [];
  const push = (list: number[], value: bigint): void => {
    const { high, low } = pairOf(value);
    list.push(high, low);
  };
  for (let j = 0; j < EXP_STEPS; j++) push(powers, series((ln2 * BigInt(j)) / BigInt(EXP_STEPS), 0, 1, false));
  const logs: number[] = [];
  for (let j = FIRST_LOG; j <= LAST_LOG; j++) {
    logs.push(inverseOf(j));
    push(logs, logOfInverse(j));
  }
  const sines: number[] = [];
  const cosines: number[] = [];
  for (let j = 0; j <= TRIG_STEPS; j++) {
    const x = (ONE * BigInt(j)) / BigInt(TRIG_STEPS);
    push(sines, series(x, 1, 2, true));
    push(cosines, series(x, 0, 2, true));
  }
  const pi = piWith(SCALE_BITS);
  const halfPi: number[] = [];
  let rest = pi / 2n;
  for (let i = 0; i < 3; i++) {
    const next = leading(rest, 33);
    halfPi.push(next.part);
    rest = next.rest;
  }
  const exact = piWith(PAYNE_BITS);
  return {
    ln2: pairOf(ln2),
    stepHigh: stepParts.part,
    step: pairOf(stepParts.rest),
    powers: Float64Array.from(powers),
    logs: Float64Array.from(logs),
    ln2High: ln2Parts.part,
    ln2Rest: pairOf(ln2Parts.rest),
    inverseLn10: pairOf((ONE * ONE) / ln10),
    sines: Float64Array.from(sines),
    cosines: Float64Array.from(cosines),
    halfPi: Float64Array.from([...halfPi, pairOf(rest).high]),
    twoOverPi: (1n << (2n * PAYNE_BITS + 1n)) / exact,
    halfPiFixed: pi / 2n,
  };
}

/** c with 9 bits, near 128 / (128 + j). */
function inverseOf(j: number): number {
  return Math.round((256 * LOG_STEPS) / (LOG_STEPS + j)) / 256;
}

/** -log(c), from c = n / 256. */
function logOfInverse(j: number): bigint {
  const n = BigInt(inverseOf(j) * 256);
  return logOfRatio(256n - n, 256n + n);
}

// ---- sums of two doubles ------------------------------------------------------------------------------------------------------

const SPLIT = 134217729; // 2^27 + 1

/** The rounding error of a * b, given the rounded product. */
function productError(a: number, b: number, product: number): number {
  const ta = SPLIT * a;
  const ah = ta - (ta - a);
  const al = a - ah;
  const tb = SPLIT * b;
  const bh = tb - (tb - b);
  const bl = b - bh;
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}

/** The rounding error of a + b, given the rounded sum. */
function sumError(a: number, b: number, sum: number): number {
  const t = sum - a;
  return a - (sum - t) + (b - t);
}

const TWO_OVER_PI = 2 / Math.PI;

export interface Libm {
  readonly sin: (x: number) => number;
  readonly cos: (x: number) => number;
  readonly tan: (x: number) => number;
  readonly exp: (x: number) => number;
  readonly log: (x: number) => number;
  readonly log10: (x: number) => number;
  readonly pow: (x: number, y: number) => number;
}

/** The functions, with tables that are made when first wanted. */
export function makeLibm(): Libm {
  let made: Tables | undefined;
  const tables = (): Tables => (made ??= makeTables());
  const asDouble = new Float64Array(1);
  const asWords = new Uint32Array(asDouble.buffer);
  const UPPER = new Uint8Array(Float64Array.of(-0).buffer)[7] === 0x80 ? 1 : 0;
  // Results of the functions below that give two doubles: no objects are made.
  let high = 0;
  let low = 0;
  let quadrant = 0;

  /** e^(h + l), |l| small; gives what rounds, times 2^scale. */
  function expPair(h: number, l: number): number {
    const t = tables();
    const n = Math.round((h * EXP_STEPS) / t.ln2.high);
    const j = ((n % EXP_STEPS) + EXP_STEPS) % EXP_STEPS;
    const k = (n - j) / EXP_STEPS;
    // r = h + l - n * ln2 / 64: the first product is exact.
    const first = h - n * t.stepHigh;
    const p = n * t.step.high;
    const pError = productError(n, t.step.high, p) + n * t.step.low;
    const r = first - p;
    const rLow = sumError(first, -p, r) - pError + l;
    const tail = r * r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))));
    // e^r - 1 as two doubles.
    const s = r + tail;
    const sLow = sumError(r, tail, s) + rLow + r * rLow;
    const a = t.powers[2 * j] as number;
    const b = t.powers[2 * j + 1] as number;
    const q = a * s;
    const qLow = productError(a, s, q) + a * sLow + b * s + b;
    const sum = a + q;
    high = sum;
    low = sumError(a, q, sum) + qLow;
    return k;
  }

  function scaled(k: number): number {
    if (k > -1020 && k < 1023) return (high + low) * 2 ** k;
    if (k >= 1023) return (high + low) * 2 ** (k - 100) * 2 ** 100;
    if (k < -1100) return 0;
    // Below the normal numbers one rounding alone, at the last bit there is: by adding a number of that magnitude.
    const big = 2 ** (-1022 - k);
    const sum = big + high;
    const rest = sumError(big, high, sum) + low;
    return (sum + rest - big) * 2 ** (k + 100) * 2 ** -100;
  }

  /** log(x) of a positive normal or subnormal x into high and low. */
  function logPair(x: number): void {
    const t = tables();
    let k = 0;
    let m = x;
    if (m < 2 ** -1022) {
      m *= 2 ** 54;
      k = -54;
    }
    asDouble[0] = m;
    const upper = asWords[UPPER] as number;
    k += (upper >>> 20) - 1023;
    asWords[UPPER] = (upper & 0xfffff) | 0x3ff00000;
    m = asDouble[0] as number;
    if (m > Math.SQRT2) {
      m /= 2;
      k++;
    }
    const j = Math.round((m - 1) * LOG_STEPS);
    const entry = 3 * (j - FIRST_LOG);
    const c = t.logs[entry] as number;
    const product = m * c;
    const r0 = product - 1;
    const e = productError(m, c, product);
    const r = r0 + e;
    const rLow = sumError(r0, e, r);
    // log(1 + r) = r - r^2/2 + r^3/3 - ...; the first three with both halves.
    const square = r * r;
    const squareLow = productError(r, r, square) + 2 * r * rLow;
    const cube = square * r;
    const cubeLow = productError(square, r, cube) + squareLow * r + square * rLow;
    const third = cube / 3;
    const thirdLow = (cube - third * 3 - productError(third, 3, third * 3) + cubeLow) / 3;
    const tail =
      -square * square * (1 / 4 - r * (1 / 5 - r * (1 / 6 - r * (1 / 7 - r * (1 / 8 - r * (1 / 9 - r * (1 / 10)))))));
    const a = t.logs[entry + 1] as number;
    const b = t.logs[entry + 2] as number;
    const whole = k * t.ln2High;
    const restHigh = k * t.ln2Rest.high;
    const restLow = productError(k, t.ln2Rest.high, restHigh) + k * t.ln2Rest.low;
    // Largest first; each step keeps its error.
    let sum = whole + a;
    let error = sumError(whole, a, sum);
    let next = sum + r;
    error += sumError(sum, r, next);
    const half = -0.5 * square;
    sum = next + half;
    error += sumError(next, half, sum);
    next = sum + third;
    error += sumError(sum, third, next);
    sum = next + restHigh;
    error += sumError(next, restHigh, sum);
    next = sum + tail;
    error += sumError(sum, tail, next);
    sum = next;
    error += b + restLow + rLow - 0.5 * squareLow + thirdLow;
    high = sum + error;
    low = sumError(sum, error, high);
  }

  /** x minus a multiple of pi/2, into high and low; the multiple modulo 4 is the quadrant. */
  function reduce(x: number): void {
    const t = tables();
    if (Math.abs(x) > 2 ** 19) {
      reduceHuge(x, t);
      return;
    }
    const parts = t.halfPi;
    const n = Math.round(x * TWO_OVER_PI);
    quadrant = n & 3;
    // The products with the three parts are exact, and so is the first difference.
    const first = x - n * (parts[0] as number);
    const p = n * (parts[1] as number);
    const second = first - p;
    let error = sumError(first, -p, second);
    const q = n * (parts[2] as number);
    const third = second - q;
    error += sumError(second, -q, third) - n * (parts[3] as number);
    high = third + error;
    low = sumError(third, error, high);
  }

  /** The same with integers (Payne and Hanek 1983). */
  function reduceHuge(x: number, t: Tables): void {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, Math.abs(x));
    const bits = view.getBigUint64(0);
    const exponent = (bits >> 52n) - 1075n;
    const mantissa = (bits & 0xfffffffffffffn) | 0x10000000000000n;
    const turns = exponent >= 0n ? (mantissa * t.twoOverPi) << exponent : (mantissa * t.twoOverPi) >> -exponent;
    let whole = turns >> PAYNE_BITS;
    let fraction = turns - (whole << PAYNE_BITS);
    if (fraction >> (PAYNE_BITS - 1n) !== 0n) {
      whole++;
      fraction -= 1n << PAYNE_BITS;
    }
    const shift = PAYNE_BITS - SCALE_BITS;
    const rest = pairOf(multiply(fraction >> shift, t.halfPiFixed));
    const sign = x < 0 ? -1 : 1;
    quadrant = Number(whole & 3n) * sign;
    high = rest.high * sign;
    low = rest.low * sign;
  }

  /** sin (or cos) of high + low, which is at most pi/4, into high and low. */
  function sine(cosine: boolean): void {
    const t = tables();
    const negative = high < 0;
    const x = negative ? -high : high;
    const xLow = negative ? -low : low;
    const j = Math.round(x * TRIG_STEPS);
    const s = x - j / TRIG_STEPS;
    const own = cosine ? t.cosines : t.sines;
    const other = cosine ? t.sines : t.cosines;
    const sign = cosine ? -1 : 1;
    const p = own[2 * j] as number;
    const pLow = own[2 * j + 1] as number;
    const q = sign * (other[2 * j] as number);
    const qLow = sign * (other[2 * j + 1] as number);
    // p cos(s) + q sin(s), with s a little larger by xLow.
    const square = s * s;
    const cosTail = square * (-1 / 2 + square * (1 / 24 + square * (-1 / 720 + square * (1 / 40320))));
    const sinTail = s * square * (-1 / 6 + square * (1 / 120 + square * (-1 / 5040 + square * (1 / 362880))));
    const product = q * s;
    const productLow = productError(q, s, product) + q * xLow + qLow * s - p * s * xLow;
    const sum = p + product;
    let error = sumError(p, product, sum) + productLow + pLow;
    const a = p * cosTail;
    const b = q * sinTail;
    const tail = a + b;
    error += sumError(a, b, tail);
    const total = sum + tail;
    error += sumError(sum, tail, total);
    high = total + error;
    low = sumError(total, error, high);
    if (negative && !cosine) {
      high = -high;
      low = -low;
    }
  }

  function trigonometric(x: number, quarter: number): number {
    reduce(x);
    const q = (quadrant + quarter) & 3;
    sine((q & 1) === 1);
    return q >= 2 ? -high : high;
  }

  return {
    sin(x) {
      if (!Number.isFinite(x)) return Number.NaN;
      return Math.abs(x) < 2 ** -27 ? x : trigonometric(x, 0);
    },
    cos(x) {
      if (!Number.isFinite(x)) return Number.NaN;
      return trigonometric(x, 1);
    },
    tan(x) {
      if (!Number.isFinite(x)) return Number.NaN;
      if (Math.abs(x) < 2 ** -27) return x;
      reduce(x);
      const h = high;
      const l = low;
      const q = quadrant & 1;
      sine(q === 1);
      const a = high;
      const aLow = low;
      high = h;
      low = l;
      sine(q === 0);
      // sin / cos, or -cos / sin.
      const quotient = a / high;
      const product = quotient * high;
      const rest = a - product - productError(quotient, high, product) + aLow - quotient * low;
      const result = quotient + rest / high;
      return q === 1 ? -result : result;
    },
    exp(x) {
      if (Number.isNaN(x) || x > 709.782712893384) return x > 0 ? Number.POSITIVE_INFINITY : x;
      if (x < -745.1332191019412) return 0;
      return Math.abs(x) < 2 ** -54 ? 1 + x : scaled(expPair(x, 0));
    },
    log(x) {
      if (!(x > 0) || x === Number.POSITIVE_INFINITY || x === 1) return Math.log(x);
      logPair(x);
      return high;
    },
    log10(x) {
      if (!(x > 0) || x === Number.POSITIVE_INFINITY || x === 1) return Math.log10(x);
      logPair(x);
      const { high: a, low: b } = tables().inverseLn10;
      const product = high * a;
      return product + (productError(high, a, product) + high * b + low * a);
    },
    pow(x, y) {
      const size = Math.abs(x);
      // What is special is so in ECMAScript too.
      if (!Number.isFinite(x) || !Number.isFinite(y) || x === 0 || y === 0 || (x < 0 && !Number.isInteger(y)))
        return x ** y;
      const odd = x < 0 && Math.abs(y) < 2 ** 53 && Math.abs(y) % 2 === 1;
      if (size === 1) return odd ? -1 : 1;
      logPair(size);
      const product = y * high;
      if (!(Math.abs(product) < 800)) {
        const far = product > 0 ? Number.POSITIVE_INFINITY : 0;
        return odd ? -far : far;
      }
      const productLow = productError(y, high, product) + y * low;
      const result = scaled(expPair(product, productLow));
      return odd ? -result : result;
    },
  };
}
