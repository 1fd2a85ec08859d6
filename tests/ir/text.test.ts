import assert from "node:assert/strict";
import { test } from "node:test";
import { findings, parse, parseFunc, printFinding, printFunc, printModule } from "#ir";
import { BadInput } from "#support";

const EVERYTHING = `host @sin "(d)d" pure
host @"a b\\"c" "(ri)v"

func @f slot 5 id 77 reserve(v0: ref, v1: i32) -> i32 {
  area 16 refs 0, 8
  area 8
  inlined 3 in 78 at 12 ; -2
  inlined -1 in 79 at -2 ; -3
b0:
  v2 = load.i32 v0+8
  v3 = call %123 "(ri)i" (v0, v2) unwind b3(v1) at 12
  jump b1(v3)
b1(v4: i32):
  v5 = const.i64 -9223372036854775808
  v6 = const.f32 -1.5e-7
  v7 = const.f32 nan:0xffc00001
  v8 = const.f64 -0
  v9 = const.f64 nan
  v10 = const.ref null
  v11 = const.addr 4294967295
  v12 = callhost @sin (v8)
  callhost @"a b\\"c" (v0, v1) at -3
  v13 = stackaddr 1
  ensure v11+4294967295 %9 at 3
  refstore v0+4, v10
  v14 = acas.i32 v11, v1, v4
  v15 = callvia v1, v4 "(d)v" (v12)
  fence
  v16 = select.i32 v1, v4, v14
  switch v16, b1(v14), b2, b4
b2:
  trap bounds v1, v0
b3(v17: ref, v18: i32) cold:
  throw v17
b4:
  v19 = add v18, v18
  tailcall v19 "(ri)i" (v0, v1)
}
`.replace("v15 = callvia", "callvia");

test("printing what was parsed gives the same text", () => {
  assert.equal(printModule(parse(EVERYTHING)), EVERYTHING);
});

test("comments, spaces, and labels out of order are taken", () => {
  const func = parseFunc(`
; a comment
func @g(v0 : i32)->i32{ ; here too
b7:   jump   b3 ( v0 )
 b3 ( v4 : i32 ) :
   v5 = add v6 , v4 ; defined further down
  return v5
b9:
  v6 = const.i32 0x10
  jump b3(v6)
}`);
  assert.equal(
    printFunc(func),
    `func @g(v0: i32) -> i32 {
b0:
  jump b1(v0)
b1(v4: i32):
  v5 = add v6, v4
  return v5
b2:
  v6 = const.i32 16
  jump b1(v6)
}
`,
  );
});

for (const [text, message] of [
  ["func @f() {", "t.ir:1:12: expected a block such as b0, found the end of the text"],
  ["func @f() {\n}", "t.ir:2:2: expected a block in the function, found the end of the text"],
  ["func f()", "t.ir:1:6: expected a name such as @f, found f"],
  ["func @f(v0: i33) {", "t.ir:1:13: expected a type, found i33"],
  ["func @f() {\nb0:\n  jmp b0\n}", "t.ir:3:3: expected an operation, found jmp"],
  ["func @f() {\nb0:\n  jump b1\n}", "t.ir:3:8: expected a block of this function (b1 is none), found b1"],
  [
    "func @f() {\nb0:\n  v1 = add v2, v2\n  return\n}",
    "t.ir:3:12: expected a value of this function (v2 is none), found v2",
  ],
  [
    "func @f() {\nb0:\n  v1 = add v1, v1\n  return\n}",
    "t.ir:3:8: expected operands from which the type of v1 follows, found add",
  ],
  [
    "func @f() {\nb0:\n  v1 = const.i32 4294967296\n}",
    "t.ir:3:18: expected an i32 from -2147483648 to 4294967295, found 4294967296",
  ],
  ["func @f() {\nb0:\n  v1 = const 4\n}", "t.ir:3:14: expected '.' and a type after const, found 4"],
  [
    "func @f() {\nb0:\n  v1 = poll\n}",
    "t.ir:3:8: expected an operation with a result (this poll has none), found poll",
  ],
  [
    "func @f(v0: i32) {\nb0:\n  v0 = const.i32 4\n}",
    "t.ir:3:3: expected a value other than v0, which is defined above, found v0",
  ],
  ["func @f() {\nb0:\n  callhost @g ()\n}", "t.ir:3:12: expected a host function declared above, found @"],
  ['func @f() {\nb0:\n  call %1 "(q)v" ()\n}', 't.ir:3:11: expected a signature such as "(ri)l", found "(q)v"'],
  ["func @f() {\nb0:\n  return return\n}", "t.ir:3:10: expected the end of the line, found return"],
  ["int main", "t.ir:1:1: expected 'func' or 'host', found int"],
] as const) {
  test(`wrong text: ${message.slice(message.indexOf(" ") + 1)}`, () => {
    assert.throws(() => parse(text, "t.ir"), { name: "BadInput", message });
  });
}

test("garbage is BadInput, never a crash", () => {
  let seed = 12345;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) | 0;
    return ((seed >>> 8) & 0x7fffff) % below;
  };
  const alphabet = [...' \n\t;:,(){}@%"\\+-=.0123456789abvfxeunwind€\u0000', "v1", "b1", "func", "slot", "99999999999"];
  let parsed = 0;
  for (let round = 0; round < 20000; round++) {
    let text = EVERYTHING;
    for (let edits = 1 + random(3); edits > 0; edits--) {
      const at = random(text.length);
      const part =
        random(3) === 0 ? text.slice(random(text.length)).slice(0, random(30)) : alphabet[random(alphabet.length)]!;
      text = text.slice(0, at) + part + text.slice(at + random(4));
    }
    try {
      const module = parse(text);
      parsed += 1;
      // What is accepted prints stably, and the verifier can look at it.
      const printed = printModule(module);
      assert.equal(printModule(parse(printed)), printed);
      for (const { func } of module.functions) for (const finding of findings(func)) printFinding(finding);
    } catch (error) {
      if (!(error instanceof BadInput)) throw new Error(`on this text:\n${text}`, { cause: error });
    }
  }
  assert.ok(parsed > 100, `only ${parsed} of the texts were accepted`);
});
