/** A single function by the reference interpreter, in a memory of its own: traps fail the test, and there is nothing to allocate. */
import assert from "node:assert/strict";
import { type Cell, Interpreter } from "#interp";
import type { Func } from "#ir";

export function interpreted(func: Func, args: readonly Cell[]): Cell | undefined {
  const interpreter = new Interpreter({
    memory: new ArrayBuffer(65536),
    carrier: 2048,
    hosts: new Map(),
    trap: (kind) => assert.fail(`trap ${kind}`),
    alloc: () => 0,
    poll: () => {},
    stackLimit: 8192,
  });
  interpreter.define(0, func);
  return interpreter.run(0, 60000, args);
}
