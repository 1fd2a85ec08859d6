/** Structured code: what its statements do, run by the interpreter, and how long what is known of values holds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cell, Thrown } from "#interp";
import { Builder, Func, printFunc, Structured, signatureFromKey, type Value, verify } from "#ir";
import { interpreted } from "./reference.ts";

function build(key: string, emit: (s: Structured, args: Value[]) => Value): Func {
  const func = new Func("f", signatureFromKey(key));
  const s = new Structured(new Builder(func));
  s.b.ret(emit(s, s.b.entry()));
  s.b.finish();
  verify(func);
  return func;
}

function run(func: Func, ...args: Cell[]): Cell | undefined {
  return interpreted(func, args);
}

test("a loop and a choice", () => {
  const func = build("(i)i", (s, [n]) => {
    const { b } = s;
    const [i, odd] = [b.variable("i32"), b.variable("i32")];
    b.define(i, n!);
    b.define(odd, b.i32(0));
    const body = () => {
      const isOdd = b.op("and", b.use(i), b.i32(1));
      const more = s.choose(
        "i32",
        (yes, no) => b.branch(isOdd, yes, no),
        () => b.use(i),
        () => b.i32(0),
      );
      b.define(odd, b.op("add", b.use(odd), more));
      b.define(i, b.op("sub", b.use(i), b.i32(1)));
    };
    s.loop((inside, end) => b.branch(b.use(i), inside, end), body);
    return b.use(odd);
  });
  assert.equal(run(func, 10), 25);
  assert.equal(run(func, 0), 0);
});

/** (thrown object or null, what is caught): 1 + 100 for each cleanup; 2 + 100 for what is caught. */
const watching = build("(rr)i", (s, [thrown, caught]) => {
  const { b } = s;
  const cleanups = b.variable("i32");
  b.define(cleanups, b.i32(0));
  const body = () => {
    const [nothing, something] = s.branch(b.op("isnull", thrown!));
    s.enter(something);
    b.throw(thrown!);
    s.enter(nothing);
    return b.i32(1);
  };
  const handler = (exception: Value, finish: (value: Value) => void) => {
    const [same, other] = s.branch(b.op("refeq", exception, caught!));
    s.arm(same, () => finish(b.i32(2)));
    s.enter(other);
  };
  const value = s.watched("i32", body, handler, () => b.define(cleanups, b.op("add", b.use(cleanups), b.i32(100))));
  return b.op("add", value, b.use(cleanups));
});

test("a watched body, its handler and its cleanup", () => {
  assert.equal(run(watching, 0, 4096), 101);
  assert.equal(run(watching, 4096, 4096), 102);
  assert.throws(
    () => run(watching, 4096, 8192),
    (error) => error instanceof Thrown && error.ref === 4096,
  );
});

test("what is known holds where it was found", () => {
  const func = build("(ri)i", (s, [p, c]) => {
    const { b } = s;
    const length = () => s.known(p!, () => b.load("i32", p!, 4));
    const checked = () => {
      s.nullcheck(p!);
      s.nullcheck(p!);
      length();
      return length();
    };
    const first = s.choose(
      "i32",
      (yes, no) => b.branch(c!, yes, no),
      checked,
      () => b.i32(0),
    );
    return b.op("add", first, checked());
  });
  const text = printFunc(func);
  assert.equal(text.match(/nullcheck/g)?.length, 2);
  assert.equal(text.match(/load/g)?.length, 2);
});
