/** Modules of several functions: which calls are direct, what is exported, and names and hints beside imports made late. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cell, cellFromHost } from "#interp";
import { parse } from "#ir";
import { type BackEnd, compileModule, disassemble, Scratch } from "#wasm";
import { WasmTier } from "./harness.ts";

const ENV: BackEnd = { names: true, trapSlot: () => 7, addSite: () => 4096 };

/** Slots are as in the text; functions without one have none. */
function compiled(text: string, env = ENV): Uint8Array<ArrayBuffer> {
  const functions = parse(text).functions.map(({ func, slot }) => ({ func, slot: slot ?? 0 }));
  return compileModule(functions, env, new Scratch());
}

const EVEN_ODD = `
func @even slot 40(v0: i32) -> i32 {
b0:
  branch v0, b1, b2
b1:
  v1 = const.i32 1
  v2 = sub v0, v1
  v3 = call %41 "(i)i" (v2)
  return v3
b2:
  v4 = const.i32 1
  return v4
}
func @odd slot 41(v0: i32) -> i32 {
b0:
  branch v0, b1, b2
b1:
  v1 = const.i32 1
  v2 = sub v0, v1
  v3 = call %40 "(i)i" (v2)
  return v3
b2:
  v4 = const.i32 0
  return v4
}`;

test("functions of a module call each other directly", () => {
  const code = disassemble(compiled(EVEN_ODD));
  assert.match(code, /call f1/);
  assert.match(code, /call f0/);
  // The only indirect calls are those of the trap for stack overflow.
  assert.equal([...code.matchAll(/call_indirect/g)].length, 2);
});

test("what is not in the list, has no slot, or has another signature is called through the table", () => {
  const code = disassemble(
    compiled(`
func @caller slot 40(v0: i32) -> i32 {
b0:
  v1 = call %50 "(i)i" (v0)
  v2 = call %41 "(i)l" (v0)
  v3 = call %42 "(i)i" (v1)
  return v3
}
func @callee slot 41(v0: i32) -> i32 {
b0:
  return v0
}
func @unknown(v0: i32) -> i32 {
b0:
  return v0
}`),
  );
  assert.doesNotMatch(code, /call (f\d|itself)/);
});

test("a module's functions are exported by number and have their names", () => {
  const bytes = compiled(EVEN_ODD);
  const module = new WebAssembly.Module(bytes);
  assert.deepEqual(
    WebAssembly.Module.exports(module).map(({ name }) => name),
    ["f0", "f1"],
  );
  const [names] = WebAssembly.Module.customSections(module, "name");
  const text = Buffer.from(names!).toString("latin1");
  assert.ok(text.indexOf("even") < text.indexOf("odd") && text.includes("even"));
});

test("a branch hint names its function's index though imports come after it was written", () => {
  // The second function imports a host function when the first one, with hints, is done.
  const bytes = compiled(`
func @first slot 40(v0: ref) -> i32 {
b0:
  nullcheck v0
  v1 = load.i32 v0+8
  return v1
}
func @second slot 41() {
b0:
  poll
  return
}`);
  const [hints] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "metadata.code.branch_hint");
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === "function");
  assert.deepEqual([imports.length, [...new Uint8Array(hints!)].slice(0, 2)], [1, [2, 1]]);
});

test("direct calls keep references, throw into handlers and meet the stack's end", () => {
  const tier = new WasmTier();
  const text = `
func @make slot 40(v0: ref, v1: i32) -> ref {
b0:
  v2 = const.i32 16
  v3 = alloc v2
  v4 = const.addr 327680
  store v3, v4
  refstore v3+8, v0
  store v3+12, v1
  branch v1, b1, b2
b1:
  v5 = const.i32 1
  v6 = sub v1, v5
  v7 = call %41 "(ri)r" (v3, v6)
  return v7
b2:
  return v3
}
func @again slot 41(v0: ref, v1: i32) -> ref {
b0:
  v2 = call %40 "(ri)r" (v0, v1)
  return v2
}
func @sum slot 42(v0: i32) -> i32 {
b0:
  v1 = const.ref 0
  v2 = const.i32 0
  v3 = call %40 "(ri)r" (v1, v0) unwind b3()
  jump b1(v3, v2)
b1(v4: ref, v5: i32):
  v6 = isnull v4
  branch v6, b4, b2
b2:
  v7 = load.i32 v4+12
  v8 = add v5, v7
  v9 = load.ref v4+8
  jump b1(v9, v8)
b3(v10: ref):
  v11 = const.i32 -1
  return v11
b4:
  return v5
}`;
  const program = parse(text);
  const scratch = new Scratch();
  const bytes = compileModule(
    program.functions.map(({ func, slot }) => ({ func, slot: slot! })),
    tier.backEnd,
    scratch,
  );
  const exports = tier.instantiate(bytes);
  assert.deepEqual(Object.keys(exports), ["f0", "f1", "f2"]);
  const sum = exports["f2"] as (sp: number, n: number, slot: number) => number;
  const run = (n: number): Cell => cellFromHost("i32", sum(tier.world.sp, n, 42));
  for (const stress of [false, true]) {
    tier.world.reset();
    tier.world.stress = stress;
    assert.equal(run(10), 55);
  }
  tier.world.stress = false;
  tier.world.reset();
  assert.equal(run(1_000_000), -1, "the stack is used up");
});
