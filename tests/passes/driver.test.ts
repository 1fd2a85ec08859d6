/** The order of passes, and what the driver does besides running them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Func, parse } from "#ir";
import { checkOrder, Optimizer, optimize, type Pass, passes, passesNamed, pipeline } from "#passes";
import { Bug, Switches } from "#support";

const nothing = (): void => {};

function example(): Func {
  const text =
    "func @twice(v0: i32) -> i32 {\nb0:\n  v1 = const.i32 0\n  v2 = add v0, v1\n  v3 = add v2, v1\n  return v3\n}\n";
  return parse(text).functions[0]!.func;
}

test("the order of passes is checked", () => {
  const maker: Pass = { name: "maker", says: "", run: nothing, makes: ["dominators"] };
  const breaker: Pass = { name: "breaker", says: "", run: nothing, breaks: ["dominators"] };
  const user: Pass = { name: "user", says: "", run: nothing, needs: ["dominators"] };
  checkOrder([maker, user, breaker, maker, user]);
  checkOrder([breaker, maker, user]);
  assert.throws(() => checkOrder([user, maker]), {
    name: "Bug",
    message: "pass user needs dominators, which nothing before it makes",
  });
  assert.throws(() => checkOrder([maker, breaker, user]), {
    message: "pass user needs dominators, which breaker before it breaks",
  });
  assert.throws(() => new Optimizer(Switches.parse({}), [user]), Bug);
});

test("passes by name come with what they need", () => {
  const names = (...list: string[]): string =>
    passesNamed(list)
      .map((pass) => pass.name)
      .join(" ");
  assert.equal(names("checks"), "reachable dominators gvn checks");
  assert.equal(names("gvn", "checks", "dce"), "reachable dominators gvn checks dce");
  assert.equal(names("cfg", "fold"), "cfg fold");
  assert.throws(() => names("inline"), { message: /^there is no pass inline; there are .*gvn/ });
  for (const name of passes.keys()) checkOrder(passesNamed([name]));
  for (const pass of pipeline) assert.equal(passes.get(pass.name), pass);
});

test("each pass says in one sentence what it does", () => {
  for (const pass of passes.values()) assert.match(pass.says, /^[A-Z][^.]*\.$/);
});

test("a pass that breaks the function is named, with the last good form", () => {
  const bad: Pass = { name: "bad", says: "", run: ({ func }) => void func.entry.insts.pop() };
  const optimizer = new Optimizer(Switches.parse({ VM_CHECK: "ir" }), [bad]);
  assert.throws(
    () => optimizer.run(example()),
    (error) =>
      error instanceof Bug &&
      error.context.pass === "bad" &&
      error.context.function === "twice" &&
      error.context.lastGood?.includes("return v3") === true,
  );
  const throwing: Pass = { name: "throwing", says: "", run: () => (undefined as unknown as Func).entry as never };
  assert.throws(
    () => new Optimizer(Switches.parse({}), [throwing]).run(example()),
    (error) => error instanceof Bug && error.context.pass === "throwing",
  );
});

test("traces tell passes and rewrites, of one function if asked", () => {
  const lines: string[] = [];
  const trace = (VM_TRACE: string): string[] => {
    lines.length = 0;
    optimize(
      example(),
      Switches.parse({ VM_TRACE }, (line) => lines.push(line)),
    );
    return lines;
  };
  assert.deepEqual(trace("passes.fold:tw*"), [
    "[passes.fold] twice: (add x 0)                     => x (v2)",
    "[passes.fold] twice: (add x 0)                     => x (v3)",
  ]);
  assert.deepEqual(trace("passes:other"), []);
  assert.match(trace("passes.steps").join("\n"), /twice: fold [0-9.]+ ms, 2 rewrites, 1 blocks, 2 instructions\n/);
});

test("costs are kept per pass, and stages can be seen", () => {
  const optimizer = new Optimizer(Switches.parse({}));
  const stages: string[] = [];
  optimizer.run(example(), (pass) => stages.push(pass.name));
  optimizer.run(example());
  assert.deepEqual(
    stages,
    pipeline.map((pass) => pass.name),
  );
  const fold = optimizer.costs.find((cost) => cost.pass === "fold");
  assert.equal(fold?.functions, 2);
  assert.equal(fold.rewrites, 4);
});
