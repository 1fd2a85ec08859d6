import assert from "node:assert/strict";
import { test } from "node:test";
import { BytecodeWalker, instructionStarts } from "./bytecode.ts";
import { ClassFormatFailure } from "./classfile/index.ts";
import { formatLength, mnemonicOf, OPCODE_COUNT, opcodeOf, opcodes } from "./opcodes.ts";

test("the table has every opcode at its number", () => {
  assert.equal(OPCODE_COUNT, 202);
  assert.equal(new Set(opcodes.map(([name]) => name)).size, 202);
  const known = {
    nop: 0,
    bipush: 16,
    ldc: 18,
    iload: 21,
    iaload: 46,
    istore: 54,
    iastore: 79,
    pop: 87,
    iadd: 96,
    iinc: 132,
  };
  const more = {
    i2l: 133,
    lcmp: 148,
    ifeq: 153,
    goto: 167,
    tableswitch: 170,
    getstatic: 178,
    new: 187,
    wide: 196,
    jsr_w: 201,
  };
  for (const [name, opcode] of Object.entries({ ...known, ...more })) assert.equal(mnemonicOf(opcode), name);
  assert.equal(opcodeOf.invokedynamic, 186);
  assert.equal(formatLength.interface, 5);
});

function walk(...code: number[]) {
  const walker = new BytecodeWalker(Uint8Array.from(code), "Foo.bar()V");
  const seen: object[] = [];
  while (walker.next()) {
    const { pc, opcode, index, value, target, keys, targets } = walker;
    seen.push({ pc, name: mnemonicOf(opcode), index, value, target, keys, targets });
  }
  return seen as {
    pc: number;
    name: string;
    index: number;
    value: number;
    target: number;
    keys: number[];
    targets: number[];
  }[];
}

test("signed operands, prefixes and both switches", () => {
  assert.equal(walk(16, 0x80)[0]?.value, -128);
  assert.equal(walk(17, 0xff, 0xfe)[0]?.value, -2);
  const wide = walk(196, 132, 1, 0, 0xff, 0xff, 177);
  assert.equal(wide[0]?.name, "iinc");
  assert.equal(wide[0]?.index, 256);
  assert.equal(wide[0]?.value, -1);
  assert.equal(wide[1]?.pc, 6);
  const table = walk(3, 170, 0, 0, 0, 0, 0, 20, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 19, 0, 0, 0, 20, 177);
  assert.deepEqual(table[1]?.keys, [-1, 0]);
  assert.deepEqual(table[1]?.targets, [20, 21]);
  assert.equal(table[1]?.target, 21);
  const lookup = walk(171, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 20, 177);
  assert.deepEqual(lookup[0]?.keys, [7]);
  assert.deepEqual(lookup[0]?.targets, [20]);
});

test("what is no instruction fails as a VerifyError", () => {
  const bad = [
    [202],
    [16],
    [196],
    [196, 96, 0, 0],
    [167, 0, 9],
    [170, 0, 0],
    [170, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1],
    [170, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff],
    [171, 0, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0],
    [188, 3],
    [185, 0, 1, 1, 1],
  ];
  for (const code of bad) {
    assert.throws(
      () => walk(...code),
      (failure) => failure instanceof ClassFormatFailure && failure.kind === "VerifyError",
    );
  }
});

test("instructionStarts marks prefixes, not what they widen", () => {
  assert.deepEqual([...instructionStarts(Uint8Array.of(196, 21, 0, 1, 172), "x")], [1, 0, 0, 0, 1]);
});
