/** Locks held at an instruction, in code as compilers write it and as they do not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CodeAttribute } from "../classfile/index.ts";
import { blocksLockedAt } from "./lock-depth.ts";

const ALOAD_0 = 42;
const GOTO = 167;
const IFEQ = 153;
const RETURN = 177;
const ATHROW = 191;
const ENTER = 194;
const EXIT = 195;
const NOP = 0;

const depths = (code: readonly number[], handlers: readonly (readonly [number, number, number])[] = []): number[] => {
  const table = handlers.map(([startPc, endPc, handlerPc]) => ({ startPc, endPc, handlerPc }));
  const attribute = { code: Uint8Array.from(code), handlers: table } as unknown as CodeAttribute;
  return code.map((_, pc) => blocksLockedAt(attribute, "f", pc));
};

test("blocks in blocks", () => {
  const code = [ALOAD_0, ENTER, NOP, ALOAD_0, ENTER, NOP, ALOAD_0, EXIT, NOP, ALOAD_0, EXIT, RETURN];
  assert.deepEqual(depths(code), [0, 0, 1, 1, 1, 2, 2, 2, 1, 1, 1, 0]);
});

test("handlers hold what the code they cover holds", () => {
  const code = [ALOAD_0, ENTER, NOP, ALOAD_0, EXIT, GOTO, 0, 6, ALOAD_0, EXIT, ATHROW, RETURN];
  const found = depths(code, [[2, 5, 8]]);
  assert.deepEqual([found[2], found[4], found[5], found[8], found[9], found[10], found[11]], [1, 1, 0, 1, 1, 0, 0]);
});

test("branches carry their locks along; what cannot be reached holds none", () => {
  const code = [ALOAD_0, ENTER, ALOAD_0, IFEQ, 0, 5, RETURN, NOP, NOP, RETURN, ENTER];
  const found = depths(code);
  assert.deepEqual([found[6], found[8], found[9], found[10]], [1, 1, 1, 0]);
});

test("code without monitorenter", () => {
  assert.deepEqual(depths([NOP, RETURN]), [0, 0]);
});
