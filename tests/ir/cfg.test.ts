/** Dominators, loops and liveness against their definitions, on random graphs; and the removal of what cannot be reached. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Block,
  Builder,
  dominators,
  Func,
  findings,
  liveness,
  loops,
  NO_VALUE,
  parseFunc,
  predecessors,
  printFinding,
  printFunc,
  removeUnreachable,
  reversePostorder,
  signature,
  successorBlocks,
} from "#ir";
import { Random } from "./seeded.ts";

/** A function of blocks that branch anywhere (but not to the entry) and use and define variables at random. */
function randomGraph(seed: number): Func {
  const random = new Random(seed);
  const func = new Func("f", signature(["i32", "i32"], "i32"));
  const b = new Builder(func);
  const [p, q] = b.entry();
  const variables = [b.variable("i32"), b.variable("i32"), b.variable("i32")];
  b.define(variables[0]!, p!);
  b.define(variables[1]!, q!);
  const blocks = Array.from({ length: 1 + random.below(12) }, () => b.block());
  const handler = b.handlerBlock();
  const targets = [...blocks, ...blocks];
  const end = (): void => {
    if (random.oneIn(3)) b.unwindTo = handler.block;
    for (let i = random.below(4); i > 0; i--) {
      const a = b.use(random.pick(variables));
      b.define(random.pick(variables), random.oneIn(3) ? b.call(1, signature(["i32"], "i32"), [a]) : b.op("eqz", a));
    }
    b.unwindTo = null;
    if (random.oneIn(3)) b.jump(random.pick(targets));
    else if (random.oneIn(6)) b.ret(b.use(random.pick(variables)));
    else b.branch(b.use(random.pick(variables)), random.pick(targets), random.pick(targets));
  };
  end();
  for (const block of blocks) {
    b.switchTo(block);
    end();
  }
  b.switchTo(handler.block);
  b.ret(b.use(random.pick(variables)));
  // Sealing early or late must not matter for what the function does.
  if (random.oneIn(2)) for (const block of blocks) b.seal(block);
  return b.finish();
}

function reachableWithout(func: Func, without: Block | null): Set<Block> {
  const seen = new Set<Block>();
  const work = [func.entry];
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    if (block === without || seen.has(block)) continue;
    seen.add(block);
    work.push(...successorBlocks(block));
  }
  return seen;
}

test("dominators: a dominates b if b cannot be reached without a", () => {
  for (let seed = 0; seed < 300; seed++) {
    const func = randomGraph(seed);
    const doms = dominators(func);
    for (const a of func.blocks) {
      const without = reachableWithout(func, a);
      for (const b of func.blocks)
        assert.equal(doms.dominates(a, b), !without.has(b), `seed ${seed}: b${a.id} b${b.id}`);
    }
  }
});

test("what the builder makes is verified", () => {
  for (let seed = 0; seed < 1000; seed++) {
    const func = randomGraph(seed);
    assert.deepEqual(findings(func).map(printFinding), [], `seed ${seed}\n${printFunc(func)}`);
  }
});

test("the order of blocks: predecessors first, except along edges back", () => {
  for (let seed = 0; seed < 300; seed++) {
    const func = randomGraph(seed);
    const order = reversePostorder(func);
    assert.equal(order[0], func.entry);
    assert.equal(order.length, func.blocks.length);
    const { headers, irreducible } = loops(func, dominators(func));
    const position = new Map(order.map((block, index) => [block, index]));
    for (const block of order) {
      for (const target of successorBlocks(block)) {
        if (position.get(target)! > position.get(block)!) continue;
        assert.ok(
          headers.includes(target) || irreducible.includes(target),
          `seed ${seed}: b${block.id} to b${target.id}`,
        );
      }
    }
  }
});

test("liveness: a value is live into a block if a path leads from there to a use", () => {
  for (let seed = 0; seed < 300; seed++) {
    const func = randomGraph(seed);
    const { liveIn } = liveness(func);
    // By the equations: live in = used before defined, or live out and not defined.
    const expected = func.blocks.map(() => new Set<number>());
    for (let changed = true; changed; ) {
      changed = false;
      for (const block of func.blocks) {
        const live = new Set<number>();
        for (const target of successorBlocks(block)) for (const value of expected[target.id]!) live.add(value);
        for (const inst of [...block.insts].reverse()) {
          if (inst.result !== NO_VALUE) live.delete(inst.result);
          for (const edge of [...inst.edges, ...(inst.unwind === null ? [] : [inst.unwind])]) {
            for (const arg of edge.args) live.add(arg);
          }
          for (const arg of inst.args) live.add(arg);
        }
        for (const param of block.params) live.delete(param);
        if (live.size !== expected[block.id]!.size) changed = true;
        expected[block.id] = live;
      }
    }
    for (const block of func.blocks) {
      assert.deepEqual(
        [...liveIn[block.id]!],
        [...expected[block.id]!].sort((a, b) => a - b),
        `seed ${seed} b${block.id}`,
      );
    }
  }
});

const NESTED = `func @f(v0: i32) {
b0:
  jump b1
b1:
  branch v0, b2, b5
b2:
  branch v0, b3, b4
b3:
  jump b2
b4:
  jump b1
b5:
  return
}`;

test("nested loops: headers and depths", () => {
  const func = parseFunc(NESTED);
  const { headers, depth, headerOf, irreducible } = loops(func, dominators(func));
  assert.deepEqual(
    headers.map((block) => block.id),
    [1, 2],
  );
  assert.deepEqual([...depth], [0, 1, 2, 2, 1, 0]);
  assert.deepEqual([...headerOf], [-1, 1, 2, 2, 1, -1]);
  assert.deepEqual(irreducible, []);
});

test("a loop with two entries is irreducible", () => {
  const func = parseFunc(`func @f(v0: i32) {
b0:
  branch v0, b1, b2
b1:
  jump b2
b2:
  branch v0, b1, b3
b3:
  return
}`);
  const { headers, irreducible } = loops(func, dominators(func));
  assert.equal(headers.length, 0);
  assert.equal(irreducible.length, 1);
});

test("unreachable blocks go, and the others are numbered anew", () => {
  const func = parseFunc(`func @f(v0: i32) -> i32 {
b0:
  jump b3(v0)
b1:
  jump b3(v0)
b2:
  jump b2
b3(v1: i32):
  return v1
}`);
  assert.equal(predecessors(func)[3]!.length, 2);
  assert.equal(removeUnreachable(func), 2);
  assert.equal(removeUnreachable(func), 0);
  assert.equal(
    printFunc(func),
    `func @f(v0: i32) -> i32 {
b0:
  jump b1(v0)
b1(v1: i32):
  return v1
}
`,
  );
});
