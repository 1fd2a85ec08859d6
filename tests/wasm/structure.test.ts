/** Shapes of control flow: what code they become, and that large ones compile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Block, Builder, Func, parse, signature, type Value } from "#ir";
import { type BackEnd, compile, disassemble } from "#wasm";
import { WasmTier } from "./harness.ts";

const NO_SITES: BackEnd = { trapSlot: () => 7, addSite: () => 4096 };
const I = signature(["i32"], "i32");

function codeOf(text: string): string {
  const code = disassemble(compile(parse(text).functions[0]!.func, NO_SITES));
  return code.slice(code.indexOf("func locals")).replace(/\n\s*/g, "; ");
}

test("a counting loop has no moves, and one branch back", () => {
  assert.equal(
    codeOf(`
func @f(v0: i32) -> i32 {
b0:
  v1 = const.i32 0
  jump b1(v1, v1)
b1(v2: i32, v3: i32):
  v4 = slt v2, v0
  branch v4, b2, b3
b2:
  v5 = add v3, v2
  v6 = const.i32 1
  v7 = add v2, v6
  jump b1(v7, v5)
b3:
  return v3
}`),
    "func locals: 1 i32; i32.const 0; i32.const 0; local.set 3; local.set 2; block; loop; local.get 2; local.get 1; i32.ge_s; br_if 1; " +
      "local.get 2; i32.const 1; i32.add; local.get 3; local.get 2; i32.add; local.set 3; local.set 2; br 0; end; end; " +
      "local.get 3; return; unreachable; end; ",
  );
});

test("what is used once is evaluated where it is used, in order", () => {
  assert.equal(
    codeOf(`
func @f(v0: addr) -> i32 {
b0:
  v1 = load.i32 v0
  v2 = load.i32 v0+4
  v3 = sub v2, v1
  store v0, v3
  v4 = load.i32 v0
  v5 = const.i32 5
  store v0+4, v5
  v6 = load.i32 v0+8
  v7 = add v4, v6
  return v7
}`),
    // v4 must be loaded before the second store.
    "func locals: ; local.get 1; local.get 1; i32.load offset=4; local.get 1; i32.load; i32.sub; i32.store; local.get 1; i32.load; " +
      "local.set 2; local.get 1; i32.const 5; i32.store offset=4; local.get 2; local.get 1; i32.load offset=8; i32.add; return; " +
      "unreachable; end; ",
  );
});

test("a dense switch is a table of branches to its blocks", () => {
  const code = codeOf(`
func @f(v0: i32) -> i32 {
b0:
  switch v0, b1, b2, b1, b3
b1:
  v1 = const.i32 10
  return v1
b2:
  v2 = const.i32 20
  return v2
b3:
  return v0
}`);
  assert.match(code, /^func locals: ; block; block; block; local.get 1; br_table (\d) (\d) \1 (\d); end;/);
});

test("code behind a loop does not stand inside it", () => {
  const code = codeOf(`
func @f(v0: i32) -> i32 {
b0:
  jump b1(v0)
b1(v1: i32):
  branch v1, b2, b3
b2:
  v2 = const.i32 1
  v3 = sub v1, v2
  v4 = const.i32 100
  v5 = sgt v3, v4
  branch v5, b4, b1(v3)
b3:
  v6 = const.i32 7
  return v6
b4:
  v7 = const.i32 8
  return v7
}`);
  const loop = code.slice(code.indexOf("loop"), code.indexOf("end", code.indexOf("br 0")));
  assert.doesNotMatch(loop, /return/);
});

/** Runs a function that was built, and checks a few results. */
function check(func: Func, expected: readonly (readonly [number, number])[]): void {
  const tier = new WasmTier();
  tier.define(40, func);
  for (const [argument, result] of expected) assert.equal(tier.run(40, I, [argument]), `== ${result}`);
}

test("5,000 conditions in a row", () => {
  const func = new Func("chain", I);
  const b = new Builder(func);
  const [x] = b.entry() as [Value];
  for (let i = 0; i < 5000; i++) {
    const yes = b.block();
    const no = b.block();
    b.branch(b.op("eq", x, b.i32(i)), yes, no);
    b.switchTo(yes);
    b.ret(b.i32(3 * i));
    b.switchTo(no);
  }
  b.ret(x);
  check(b.finish(), [
    [0, 0],
    [4999, 14997],
    [5000, 5000],
  ]);
});

test("1,500 conditions inside each other", () => {
  const func = new Func("nest", I);
  const b = new Builder(func);
  const [x] = b.entry() as [Value];
  const sum = b.variable("i32");
  b.define(sum, b.i32(0));
  const merges: Block[] = [];
  for (let i = 0; i < 1500; i++) {
    const yes = b.block();
    const merge = b.block();
    b.branch(b.op("sgt", x, b.i32(i)), yes, merge);
    merges.push(merge);
    b.switchTo(yes);
    b.define(sum, b.op("add", b.use(sum), b.i32(1)));
  }
  for (const merge of merges.reverse()) {
    b.jump(merge);
    b.switchTo(merge);
    b.define(sum, b.op("add", b.use(sum), b.i32(1000)));
  }
  b.ret(b.use(sum));
  check(b.finish(), [
    [0, 1000],
    [1, 2001],
    [9999, 1501500],
  ]);
});

test("200 loops inside each other", () => {
  const func = new Func("loops", I);
  const b = new Builder(func);
  const [x] = b.entry() as [Value];
  const n = b.variable("i32");
  b.define(n, x);
  const heads: Block[] = [];
  const exits: Block[] = [];
  for (let i = 0; i < 200; i++) {
    const head = b.block();
    const body = b.block();
    const exit = b.block();
    b.jump(head);
    b.switchTo(head);
    b.branch(b.op("sgt", b.use(n), b.i32(1000 * i)), exit, body);
    heads.push(head);
    exits.push(exit);
    b.switchTo(body);
    b.define(n, b.op("add", b.use(n), b.i32(1)));
  }
  for (let i = 199; i >= 0; i--) {
    b.jump(heads[i]!);
    b.switchTo(exits[i]!);
  }
  b.ret(b.use(n));
  check(b.finish(), [
    [300000, 300000],
    [-5, 199001],
  ]);
});

test("a switch with 3,000 cases, each with arguments of its own", () => {
  const func = new Func("switch", I);
  const b = new Builder(func);
  const [x] = b.entry() as [Value];
  const join = b.block();
  const result = b.variable("i32");
  const targets = Array.from({ length: 3000 }, () => b.block());
  b.define(result, x);
  b.switch(x, targets, join);
  targets.forEach((target, i) => {
    b.switchTo(target);
    b.define(result, b.i32(7 * i));
    b.jump(join);
  });
  b.switchTo(join);
  b.ret(b.use(result));
  check(b.finish(), [
    [0, 0],
    [2999, 20993],
    [3000, 3000],
    [-1, -1],
  ]);
});

test("a function calls itself directly if its slot is for good, and keeps its references", () => {
  const text = `
func @f slot 5 (v0: i32, v1: ref) -> i32 {
b0:
  branch v0, b1, b2
b1:
  v2 = const.i32 1
  v3 = sub v0, v2
  v4 = call %5 "(ir)i" (v3, v1)
  v5 = isnull v1
  v6 = add v4, v5
  return v6
b2:
  v10 = const.i32 0
  return v10
}`;
  const { func } = parse(text).functions[0]!;
  assert.match(disassemble(compile(func, NO_SITES)), /call_indirect 1\b/);
  const direct = disassemble(compile(func, NO_SITES, undefined, 5));
  assert.match(direct, /\bcall itself\b/);
  const tier = new WasmTier();
  tier.world.stress = true;
  tier.load(parse(text));
  assert.equal(tier.run(5, signature(["i32", "ref"], "i32"), [100, 0]), "== 100");
});
