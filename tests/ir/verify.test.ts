/** Each invariant is broken by a function here, and the verifier names it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  Builder,
  Edge,
  type Func,
  findings,
  Inst,
  parseFunc,
  printFinding,
  Func as RealFunc,
  signature,
  verify,
} from "#ir";

const broken: { text: string; finds: string[] }[] = [
  { text: "func @f() {\nb0:\n return\n return\n}", finds: ["I2"] },
  { text: "func @f() {\nb0:\n poll\n}", finds: ["I2"] },
  { text: "func @f() {\nb0:\n}", finds: ["I2"] },
  { text: "func @f() {\nb0:\n jump b0\n}", finds: ["I3"] },
  { text: "func @f(v0: i32) -> i32 {\nb0:\n v1 = add v0, v2\n v2 = add v0, v0\n return v1\n}", finds: ["I5"] },
  {
    text: `func @f(v0: i32) -> i32 {
b0:
  branch v0, b1, b2
b1:
  v1 = add v0, v0
  jump b2
b2:
  return v1
}`,
    finds: ["I5"],
  },
  {
    text: `func @f() -> i32 {
b0:
  v0 = call %1 "()i" () unwind b2
  jump b1
b1:
  return v0
b2(v1: ref):
  return v0
}`,
    finds: ["I5"],
  },
  {
    text: `func @f() -> i32 {
b0:
  v0 = call %1 "()i" () unwind b1(v0)
  jump b2
b1(v1: ref, v2: i32):
  jump b2
b2:
  return v0
}`,
    finds: ["I5", "I5"],
  },
  { text: "func @f(v0: i32, v1: i64) {\nb0:\n v2 = add v0, v1\n return\n}", finds: ["I6"] },
  { text: "func @f(v0: i32) {\nb0:\n v1 = add v0\n return\n}", finds: ["I6"] },
  { text: "func @f(v0: i32) {\nb0:\n nullcheck v0\n return\n}", finds: ["I6"] },
  { text: "func @f(v0: f32) {\nb0:\n v1 = add v0, v0\n return\n}", finds: ["I6"] },
  { text: "func @f(v0: i32) {\nb0:\n poll v0\n return\n}", finds: ["I6"] },
  { text: "func @f(v0: i32) {\nb0:\n add v0, v0\n return\n}", finds: ["I7"] },
  { text: "func @f(v0: i32) {\nb0:\n v1 = bits.i64 v0\n return\n}", finds: ["I7"] },
  { text: "func @f(v0: ref) {\nb0:\n v1 = bits.i32 v0\n return\n}", finds: ["I7"] },
  { text: "func @f(v0: i32, v1: ref) {\nb0:\n v2 = select.i32 v0, v0, v1\n return\n}", finds: ["I7"] },
  { text: "func @f(v0: ref, v1: i32) {\nb0:\n v2 = ptradd.ref v0, v1\n return\n}", finds: ["I7"] },
  { text: "func @f(v0: addr, v1: i32) {\nb0:\n v2 = ptradd.iref v0, v1\n return\n}", finds: ["I7"] },
  { text: "func @f(v0: i32) {\nb0:\n v2 = stof.i32 v0\n return\n}", finds: ["I7"] },
  { text: "func @f(v0: addr) {\nb0:\n v2 = aload.f32 v0\n return\n}", finds: ["I7"] },
  { text: "func @f(v0: addr, v1: ref) {\nb0:\n v2 = aswap.ref v0, v1\n return\n}", finds: ["I7"] },
  { text: 'func @f() {\nb0:\n call %1 "()i" ()\n return\n}', finds: ["I7"] },
  { text: "func @f(v0: i32) {\nb0:\n jump b1(v0)\nb1(v1: i64):\n return\n}", finds: ["I8"] },
  { text: "func @f(v0: i32) {\nb0:\n jump b1\nb1(v1: i64):\n return\n}", finds: ["I8"] },
  { text: "func @f(v0: i32) {\nb0:\n branch v0, b1\nb1:\n return\n}", finds: ["I8"] },
  { text: "func @f(v0: i32) {\nb0:\n switch v0\n}", finds: ["I8"] },
  { text: "func @f(v0: i32) {\nb0:\n poll unwind b1\n jump b2\nb1(v1: ref):\n return\nb2:\n return\n}", finds: ["I9"] },
  { text: "func @f(v0: ref) {\nb0:\n nullcheck v0 unwind b1\n jump b1\nb1:\n return\n}", finds: ["I9"] },
  {
    text: "func @f(v0: ref) {\nb0:\n nullcheck v0 unwind b1\n poll\n jump b2\nb1(v1: ref):\n return\nb2:\n return\n}",
    finds: ["I9"],
  },
  { text: "func @f(v0: i32) {\nb0:\n throw v1 unwind b1\nb1(v1: ref, v2: i32):\n return\n}", finds: ["I9", "I5"] },
  {
    text: "func @f(v0: ref, v1: i32) {\nb0:\n nullcheck v0 unwind b1\n branch v1, b2, b2\nb1(v2: ref):\n return\nb2:\n return\n}",
    finds: ["I9"],
  },
  { text: 'func @f(v0: i32) {\nb0:\n tailcall v0 "()v" () unwind b1\nb1(v1: ref):\n return\n}', finds: ["I9"] },
  { text: "func @f() {\nb0:\n v0 = const.ref 4096\n return\n}", finds: ["I10"] },
  { text: "func @f() {\n area 8\nb0:\n v0 = stackaddr 1\n return\n}", finds: ["I10"] },
  { text: 'func @f(v0: i32) {\nb0:\n call %1 "(l)v" (v0)\n return\n}', finds: ["I11"] },
  { text: "func @f() -> i32 {\nb0:\n return\n}", finds: ["I11"] },
  { text: "func @f(v0: i64) -> i32 {\nb0:\n return v0\n}", finds: ["I11"] },
  { text: 'func @f(v0: i32) -> i32 {\nb0:\n tailcall v0 "()l" ()\n}', finds: ["I11"] },
  { text: "func @f(v0: ref) {\nb0:\n store v0, v0\n return\n}", finds: ["I12"] },
  { text: "func @f(v0: ref, v1: iref) {\nb0:\n store v1, v1\n return\n}", finds: ["I12"] },
  { text: "func @f(v0: addr, v1: ref) {\nb0:\n astore v0, v1\n return\n}", finds: ["I12"] },
  { text: "func @f() {\nb0:\n v0 = const.i32 12\n v1 = alloc v0\n return\n}", finds: ["I13"] },
  { text: "func @f() {\nb0:\n v0 = const.i32 0x40000000\n v1 = alloc v0\n return\n}", finds: ["I13"] },
  { text: "func @f() {\n area 8 refs 8\nb0:\n return\n}", finds: ["I14"] },
  { text: "func @f() {\n area 0\nb0:\n return\n}", finds: ["I14"] },
  { text: "func @f() {\n area 16 refs 4, 4\nb0:\n return\n}", finds: ["I14"] },
  { text: "func @f(v0: i64) {\nb0:\n trap user v0\n}", finds: ["I15"] },
  { text: "func @f(v0: i32) {\nb0:\n trap user v0, v0, v0\n}", finds: ["I15"] },
  { text: "func @f() {\n inlined 1 in 7 at 2\nb0:\n poll at -2\n poll at -3\n return\n}", finds: ["I16"] },
  { text: "func @f() {\n inlined 1 in 7 at -2\nb0:\n return\n}", finds: ["I16"] },
  { text: "func @f() {\n inlined -2 in 7 at 2\nb0:\n return\n}", finds: ["I16"] },
];

for (const { text, finds } of broken) {
  test(`${finds.join(" and ")}: ${text.replace(/\s+/g, " ")}`, () => {
    const found = findings(parseFunc(text));
    assert.deepEqual(
      found.map(({ invariant }) => invariant),
      finds,
      found.map(printFinding).join("\n"),
    );
  });
}

/** What no text can say. */
const unwritable: Record<string, (func: Func) => void> = {
  I1: (func) => {
    func.blocks[1]!.id = 7;
  },
  I4: (func) => {
    func.blocks[1]!.insts.unshift(func.entry.insts[0]!);
  },
  I3: (func) => {
    func.entry.params.pop();
  },
  I8: (func) => {
    func.entry.insts[1]!.edges = [new Edge(new RealFunc("g", signature([], null)).newBlock(), [])];
  },
  I10: (func) => {
    func.entry.insts[0]!.imm = 2 ** 31;
  },
  I15: (func) => {
    func.entry.insts[0]!.trap = "user";
  },
};

for (const [invariant, breakIt] of Object.entries(unwritable)) {
  test(`${invariant}, by hand`, () => {
    const func = new RealFunc("f", signature(["i32"], null));
    const b = new Builder(func);
    b.entry();
    b.i32(5);
    const next = b.block();
    b.jump(next);
    b.switchTo(next);
    b.ret();
    b.finish();
    verify(func);
    breakIt(func);
    assert.ok(
      findings(func).some((finding) => finding.invariant === invariant),
      findings(func).map(printFinding).join("\n"),
    );
  });
}

test("every invariant of the header is broken by a test", () => {
  const source = readFileSync(new URL("../../src/ir/verify.ts", import.meta.url), "utf8");
  const listed = [...source.matchAll(/^ \* {3}(I\d+) /gm)].map((match) => match[1]!);
  const tested = new Set([...Object.keys(unwritable), ...broken.flatMap(({ finds }) => finds)]);
  assert.deepEqual(
    listed.filter((invariant) => !tested.has(invariant)),
    [],
  );
  assert.equal(new Set(listed).size, listed.length);
});

test("verify throws one Bug that says where", () => {
  const func = parseFunc("func @f(v0: i32, v1: i64) {\nb0:\n v2 = add v0, v1\n return\n}");
  assert.throws(() => verify(func, "gvn"), {
    name: "Bug",
    message: "the IR is broken:\n  I6 f b0: `v2 = add v0, v1` operand 1 is i64, not same",
    context: { pass: "gvn", function: "f" },
  });
});

test("an operation without a row of its own rules still gets looked at", () => {
  const func = parseFunc("func @f(v0: i32) {\nb0:\n return\n}");
  func.entry.insts.unshift(new Inst("poll", [99 as never], -1));
  assert.deepEqual(
    findings(func).map(({ invariant }) => invariant),
    ["I5"],
  );
});
