import assert from "node:assert/strict";
import { test } from "node:test";
import { BadInput, BitSet, Bug, invariant, Switches } from "./index.ts";

test("BadInput tells file, place, expected and found", () => {
  const binary = { file: "A.class", place: { offset: 0 }, expected: "0xCAFEBABE", found: "0xdeadbeef" };
  assert.equal(new BadInput(binary).message, "A.class+0x0: expected 0xCAFEBABE, found 0xdeadbeef");
  const text = new BadInput({ file: "x.ir", place: { line: 3, column: 7 }, expected: "a type" });
  assert.equal(text.message, "x.ir:3:7: expected a type");
  assert.equal(new BadInput({ file: "a.jar", expected: "a zip file" }).message, "a.jar: expected a zip file");
});

test("a Bug reports its pass, its function and the last good form", () => {
  const bug = new Bug("v3 has no definition", { pass: "gvn", function: "Foo.bar", lastGood: "func ()" });
  const lines = bug.report().split("\n");
  assert.equal(lines[0], "Bug in pass gvn on Foo.bar: v3 has no definition");
  assert.deepEqual(lines.slice(-2), ["last good form:", "func ()"]);
  assert.equal(Bug.missing("frem").message, "not implemented: frem");
  assert.throws(() => invariant(false, "two heads"), Bug);
});

test("VM_TRACE: a topic covers its subs, an argument narrows to functions", () => {
  const lines: string[] = [];
  const switches = Switches.parse({ VM_TRACE: "jit.gvn,gc:Foo.bar*" }, (line) => lines.push(line));
  assert.equal(switches.traces("jit.gvn"), true);
  assert.equal(switches.traces("jit.gvn.rules"), true);
  assert.equal(switches.traces("jit"), false);
  assert.equal(switches.traces("jit.gvnx"), false);
  assert.equal(switches.traces("gc.flip", "Foo.bars"), true);
  assert.equal(switches.traces("gc", "Foo.baz"), false);
  switches.tracer("jit.gvn")?.("merged v1 and v2");
  assert.equal(switches.tracer("heap"), undefined);
  assert.deepEqual(lines, ["[jit.gvn] merged v1 and v2"]);
});

test("the other switches", () => {
  const on = Switches.parse({ VM_CHECK: "1", VM_STRESS: "gc:100,preempt", VM_DUMP: "Foo.*", VM_FUEL: "12" });
  assert.equal(on.checks("ir"), true);
  assert.equal(on.stress("gc"), 100);
  assert.equal(on.stress("preempt"), 1);
  assert.equal(on.stress("deopt"), 0);
  assert.equal(on.dumps("Foo.bar"), true);
  assert.equal(on.dumps("FooXbar"), false);
  assert.equal(on.dumpFolder, "build/dump");
  const some = Switches.parse({ VM_INTERPRET: "Foo.*,main" });
  assert.ok(some.interprets("Foo.bar(I)V") && some.interprets("main") && !some.interprets("Food"));
  assert.ok(!Switches.parse({}).interprets("main"));
  const exact = Switches.parse({ VM_DUMP: "Foo.bar", VM_DUMP_DIR: "pages" });
  assert.deepEqual(
    ["Foo.bar", "Foo.bar(I)V", "Foo.bars()V"].map((name) => exact.dumps(name)),
    [true, true, false],
  );
  assert.equal(exact.dumpFolder, "pages");
  assert.equal(on.fuel, 12);
  const off = Switches.parse({ VM_CHECK: "0" });
  assert.equal(off.checks("ir"), false);
  assert.equal(off.fuel, Number.POSITIVE_INFINITY);
  assert.equal(off.shuffle, undefined);
  assert.equal(Switches.parse({ VM_CHECK: "heap" }).checks("ir"), false);
});

test("a malformed switch is refused by name", () => {
  const refused = (text: object, message: string) =>
    assert.throws(() => Switches.parse(text), { name: "BadInput", message });
  refused({ VM_STRESS: "gc:often" }, 'VM_STRESS: expected a positive integer, found "often"');
  refused({ VM_FUEL: "-1" }, 'VM_FUEL: expected a non-negative integer, found "-1"');
  refused({ VM_TRACE: "jit.,gc" }, 'VM_TRACE: expected topic[.sub][:argument], found "jit."');
});

test("BitSet agrees with Set on random operations", () => {
  let seed = 42;
  const random = (limit: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % limit;
  };
  const ascending = (set: Set<number>) => [...set].sort((a, b) => a - b);
  for (let round = 0; round < 200; round++) {
    const pair = [0, 1].map(() => {
      const bits = new BitSet(random(80));
      const model = new Set<number>();
      for (let i = random(60); i > 0; i--) {
        const member = random(1 + random(150));
        if (random(4) === 0) assert.equal(bits.delete(member), model.delete(member));
        else {
          assert.equal(bits.add(member), !model.has(member));
          model.add(member);
        }
      }
      assert.deepEqual([...bits], ascending(model));
      assert.equal(bits.size, model.size);
      assert.equal(bits.isEmpty(), model.size === 0);
      return { bits, model };
    });
    const [a, b] = pair as [(typeof pair)[0], (typeof pair)[0]];
    const check = (name: "union" | "intersect" | "subtract", expected: Set<number>) => {
      const copy = a.bits.clone();
      assert.equal(copy[name](b.bits), !copy.equals(a.bits) && expected.size !== a.model.size);
      const seen: number[] = [];
      copy.forEach((member) => {
        seen.push(member);
      });
      assert.deepEqual(seen, ascending(expected), name);
    };
    check("union", a.model.union(b.model));
    check("intersect", a.model.intersection(b.model));
    check("subtract", a.model.difference(b.model));
    const copy = a.bits.clone();
    copy.copyFrom(b.bits);
    assert.ok(copy.equals(b.bits));
  }
});
