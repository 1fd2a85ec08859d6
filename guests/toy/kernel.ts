/** The kernel as IR, built by hand: how many iterations a point takes to leave the circle of radius 2. */
import { Builder, Func, signature, type Value } from "#ir";
import { instCount, optimize } from "#passes";
import type { Switches } from "#support";

/** The constant x. */
export function f64(b: Builder, x: number): Value {
  return b.f64(new BigInt64Array(new Float64Array([x]).buffer)[0] as bigint);
}

// [kernel]
export const KERNEL = signature(["f64", "f64", "i32"], "i32");

/** (re, im, limit) -> iterations: z = z² + c from 0 on, until |z|² > 4 or the limit is reached. */
export function buildKernel(): Func {
  const b = new Builder(new Func("toy.kernel", KERNEL));
  const [re, im, limit] = b.entry() as [Value, Value, Value];
  const [zr, zi, n] = [b.variable("f64"), b.variable("f64"), b.variable("i32")]; // all 0 at first
  const [loop, near, next, done] = [b.block(), b.block(), b.block(), b.block()];
  const square = (x: Value): Value => b.op("fmul", x, x);
  b.jump(loop);

  b.switchTo(loop);
  const norm = b.op("fadd", square(b.use(zr)), square(b.use(zi)));
  b.branch(b.op("fgt", norm, f64(b, 4)), done, near);

  b.switchTo(near);
  b.branch(b.op("slt", b.use(n), limit), next, done);

  b.switchTo(next);
  const difference = b.op("fsub", square(b.use(zr)), square(b.use(zi)));
  const product = b.op("fmul", b.op("fmul", f64(b, 2), b.use(zr)), b.use(zi));
  b.define(zr, b.op("fadd", difference, re));
  b.define(zi, b.op("fadd", product, im));
  b.define(n, b.op("add", b.use(n), b.i32(1)));
  b.jump(loop);

  b.switchTo(done);
  b.ret(b.use(n));
  return b.finish();
}
// [/kernel]

// [optimise]
/** The kernel after the passes, and how many instructions they left. */
export function optimisedKernel(switches: Switches): {
  readonly func: Func;
  readonly before: number;
  readonly after: number;
} {
  const func = buildKernel();
  const before = instCount(func);
  optimize(func, switches);
  return { func, before, after: instCount(func) };
}
// [/optimise]
