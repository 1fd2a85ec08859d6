import assert from "node:assert/strict";
import { test } from "node:test";
import { Builder, Func, type HostFunction, printFunc, signature, type Value, verify } from "#ir";

function build(
  params: Parameters<typeof signature>[0],
  result: Parameters<typeof signature>[1],
  make: (b: Builder, args: Value[]) => void,
): string {
  const func = new Func("f", signature(params, result));
  const b = new Builder(func);
  make(b, b.entry());
  b.finish();
  verify(func);
  const text = printFunc(func);
  return text.slice(text.indexOf("\n") + 1, -2);
}

test("a loop gets parameters for what changes in it, and for nothing else", () => {
  const text = build(["i32", "i32"], "i32", (b, [n, step]) => {
    const i = b.variable("i32");
    const by = b.variable("i32");
    b.define(i, n!);
    b.define(by, step!);
    const loop = b.block();
    const done = b.block();
    b.jump(loop);
    b.switchTo(loop);
    b.define(i, b.op("sub", b.use(i), b.use(by)));
    b.branch(b.use(i), loop, done);
    b.switchTo(done);
    b.ret(b.use(by));
  });
  assert.equal(
    text,
    `b0:
  jump b1(v0)
b1(v2: i32):
  v4 = sub v2, v1
  branch v4, b1(v4), b2
b2:
  return v1
`,
  );
});

test("a variable that was never defined reads as zero", () => {
  const text = build([], "i64", (b) => {
    const x = b.variable("i64");
    const r = b.variable("ref");
    b.op("isnull", b.use(r));
    b.ret(b.use(x));
  });
  assert.equal(text, "b0:\n  v2 = const.i64 0\n  v0 = const.ref null\n  v1 = isnull v0\n  return v2\n");
});

test("a handler gets what variables were when each instruction threw", () => {
  const text = build(["ref"], "i32", (b, [p]) => {
    const handler = b.handlerBlock();
    const x = b.variable("i32");
    b.define(x, b.i32(1));
    b.unwindTo = handler.block;
    b.pos = 7;
    b.op("nullcheck", p!);
    b.define(x, b.call(3, signature([], "i32"), []));
    b.op("nullcheck", p!);
    b.define(x, b.i32(2));
    b.unwindTo = null;
    b.pos = -1;
    b.ret(b.use(x));
    b.switchTo(handler.block);
    b.op("nullcheck", handler.exception);
    b.ret(b.use(x));
  });
  assert.equal(
    text,
    `b0:
  v2 = const.i32 1
  nullcheck v0 unwind b1(v2) at 7
  jump b2 at 7
b1(v1: ref, v5: i32):
  nullcheck v1
  return v5
b2:
  v3 = call %3 "()i" () unwind b1(v2) at 7
  jump b3 at 7
b3:
  nullcheck v0 unwind b1(v3) at 7
  jump b4 at 7
b4:
  v4 = const.i32 2 at 7
  return v4
`,
  );
});

test("throw and trap get the edge too; a tail call and a pure host function do not", () => {
  const pure: HostFunction = { name: "sin", signature: signature([], null), pure: true };
  const text = build(["ref", "i32"], null, (b, [p, c]) => {
    const handler = b.handlerBlock();
    const [one, two, three] = [b.block(), b.block(), b.block()];
    b.switch(c!, [one, two], three);
    b.unwindTo = handler.block;
    b.switchTo(one);
    b.callhost(pure, []);
    b.throw(p!);
    b.switchTo(two);
    b.trap("user");
    b.switchTo(three);
    b.tailcall(c!, signature([], null), []);
    assert.equal(b.current, null);
    b.unwindTo = null;
    b.switchTo(handler.block);
    b.ret();
  });
  assert.equal(
    text,
    `b0:
  switch v1, b2, b3, b4
b1(v2: ref):
  return
b2 cold:
  callhost @sin ()
  throw v0 unwind b1
b3 cold:
  trap user unwind b1
b4:
  tailcall v1 "()v" ()
`,
  );
});

test("explicit parameters come before those of variables", () => {
  const text = build(["i32"], "i32", (b, [c]) => {
    const x = b.variable("i32");
    const [left, right, join] = [b.block(), b.block(), b.block()];
    const param = b.param(join, "i32");
    b.branch(c!, left, right);
    b.switchTo(left);
    b.define(x, b.i32(1));
    b.jump(join, [c!]);
    b.switchTo(right);
    b.define(x, b.i32(2));
    b.jump(join, [b.use(x)]);
    b.switchTo(join);
    b.ret(b.op("add", param, b.use(x)));
  });
  assert.match(text, /b3\(v1: i32, v4: i32\):\n {2}v5 = add v1, v4/);
  assert.match(text, /jump b3\(v0, v2\)/);
  assert.match(text, /jump b3\(v3, v3\)/);
});

test("a variable read through many blocks takes no recursion", () => {
  const func = new Func("f", signature(["i32"], "i32"));
  const b = new Builder(func);
  const [c] = b.entry();
  const x = b.variable("i32");
  b.define(x, c!);
  for (let i = 0; i < 20000; i++) {
    const [left, join] = [b.block(), b.block()];
    b.branch(c!, left, join);
    b.seal(left);
    b.switchTo(left);
    b.jump(join);
    b.seal(join);
    b.switchTo(join);
  }
  b.ret(b.use(x));
  b.finish();
  assert.equal(func.blocks[func.blocks.length - 1]!.insts[0]!.args[0], c);
  assert.equal(
    func.blocks.reduce((sum, block) => sum + block.params.length, 0),
    1,
  );
});

test("misuse is a Bug that names the function", () => {
  const start = (): Builder => {
    const b = new Builder(new Func("f", signature(["i32"], null)));
    b.entry();
    return b;
  };
  const throws = (use: (b: Builder) => void, message: RegExp): void => {
    const b = start();
    assert.throws(
      () => use(b),
      (error: Error) => error.name === "Bug" && message.test(error.message),
    );
  };
  throws((b) => {
    b.ret();
    b.i32(1);
  }, /no current block/);
  throws((b) => b.define(b.variable("i64"), b.i32(1)), /variable 0 is i64, but v1 is i32/);
  throws((b) => {
    const block = b.block();
    b.seal(block);
    b.jump(block);
  }, /b1 is sealed/);
  throws((b) => {
    b.jump(b.block());
    b.finish();
  }, /b1 does not end/);
  throws((b) => b.entry(), /entry\(\) must come first/);
  throws((b) => void b.op("select", b.i32(1)), /select needs a type/);
});
