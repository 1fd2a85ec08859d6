/** What frames cost, and that they hold exactly the live references. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "#ir";
import { type BackEnd, compile, disassemble } from "#wasm";
import { WasmTier } from "./harness.ts";

interface Site {
  readonly frameBytes: number;
  readonly pos: number;
  readonly map: readonly number[];
}

/** Compiles the first function of a text; its code as text, and the call sites it made. */
function compiled(text: string): { code: string; sites: Site[] } {
  const sites: Site[] = [];
  const env: BackEnd = {
    trapSlot: () => 7,
    addSite: (frameBytes, _id, pos, map) => {
      sites.push({ frameBytes, pos, map: [...map] });
      return 4096 + 16 * sites.length;
    },
  };
  const bytes = compile(parse(text).functions[0]!.func, env);
  assert.ok(WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>));
  return { code: disassemble(bytes), sites };
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

test("a leaf function has no frame and no stack check", () => {
  const { code, sites } = compiled(`
func @leaf(v0: ref) -> i32 {
b0:
  v1 = load.i32 v0+12
  return v1
}`);
  assert.equal(sites.length, 0);
  assert.doesNotMatch(code, /i32\.sub|call/);
});

test("checks set the frame up in their cold path only", () => {
  const { code, sites } = compiled(`
func @get(v0: ref, v1: i32) -> i32 {
b0:
  nullcheck v0
  v2 = load.i32 v0+8
  boundscheck v1, v2
  v3 = const.i32 2
  v4 = shl v1, v3
  v5 = ptradd.iref v0, v4
  v6 = load.i32 v5+12
  return v6
}`);
  assert.deepEqual(
    sites.map(({ frameBytes, map }) => ({ frameBytes, map })),
    [{ frameBytes: 8, map: [] }],
    "both checks are at the same position, and share their site",
  );
  assert.doesNotMatch(code, /import.*stack/);
  assert.equal(count(code, /i32\.sub/g), 2, "once in each cold path");
});

test("a poll saves and reloads in its slow path only", () => {
  const { code, sites } = compiled(`
func @wait(v0: ref, v1: ref) -> i32 {
b0:
  poll
  v2 = refeq v0, v1
  return v2
}`);
  assert.equal(sites.length, 1);
  assert.equal(sites[0]!.frameBytes, 16);
  assert.deepEqual(sites[0]!.map, [0b0101]);
  const slow = code.slice(code.indexOf("if"), code.indexOf("end"));
  assert.equal(count(slow, /i32\.store/g), 3);
  assert.equal(count(slow, /i32\.load/g), 2);
  assert.equal(count(code, /i32\.(load|store)/g), 6);
});

test("across a call a reference is saved once, and reloaded at its next use", () => {
  const { code, sites } = compiled(`
func @calls(v0: ref, v1: ref) -> i32 {
b0:
  call %40 "()v" ()
  call %40 "()v" ()
  call %40 "()v" ()
  v2 = load.i32 v0+12
  v3 = load.i32 v0+16
  v4 = add v2, v3
  return v4
}`);
  // The check at entry, and three calls; v1 is dead.
  assert.deepEqual(
    sites.map((site) => site.map),
    [[1], [1], [1], [1]],
  );
  const body = code.slice(code.lastIndexOf("end", code.indexOf("call_indirect 2") - 1));
  assert.equal(count(code, /i32\.store offset=4/g), 2, "at entry in the slow path, and before the first call");
  assert.equal(count(code, /i32\.load offset=4/g), 2, "at entry in the slow path, and before the first use");
  assert.ok(body.length > 0);
});

test("interior references and frame areas are in the maps", () => {
  const { sites } = compiled(`
func @areas(v0: iref) -> i32 {
  area 24 refs 8
b0:
  v1 = stackaddr 0
  call %40 "(a)v" (v1)
  v2 = load.i32 v0
  return v2
}`);
  // Words after the site: v0's home, then nothing, then the area from byte 8 on: its reference is at 16.
  const call = sites[1]!;
  assert.equal(call.frameBytes, 32);
  assert.deepEqual(call.map, [(2 | (1 << (2 * 3))) >>> 0]);
  // The check at entry knows no area yet.
  assert.deepEqual(sites[0], { frameBytes: 8, pos: -1, map: [2] });
});

test("a loop saves what it only carries along once, before it", () => {
  const { code } = compiled(`
func @loop(v0: ref, v1: i32) -> i32 {
b0:
  jump b1(v1)
b1(v2: i32):
  call %40 "()v" ()
  v3 = const.i32 1
  v4 = sub v2, v3
  branch v4, b1(v4), b2
b2:
  v5 = load.i32 v0+12
  return v5
}`);
  const loop = code.slice(code.indexOf("loop"));
  assert.equal(count(loop.slice(0, loop.indexOf("br")), /offset=4/g), 0);
});

test("the stack limit holds in functions whose frame is larger than the reserve", () => {
  const tier = new WasmTier();
  const module = parse(`
func @deep slot 40(v0: ref, v1: i32) -> i32 {
  area 40000 refs 39992
b0:
  v2 = stackaddr 0
  refstore v2+39992, v0
  branch v1, b1, b2
b1:
  v3 = const.i32 1
  v4 = sub v1, v3
  v5 = call %40 "(ri)i" (v0, v4)
  jump b3(v5)
b2:
  jump b3(v1)
b3(v6: i32):
  v7 = load.ref v2+39992
  v8 = refeq v7, v0
  v9 = add v6, v8
  return v9
}
func @start slot 41(v0: i32) -> i32 {
b0:
  v1 = const.i32 16
  v2 = alloc v1
  v3 = const.addr 327680
  store v2, v3
  v4 = call %40 "(ri)i" (v2, v0)
  return v4
}`);
  tier.load(module);
  const { signature } = module.functions[1]!.func;
  assert.equal(tier.run(41, signature, [3]), "== 4");
  assert.equal(tier.run(41, signature, [6]), "throws stack");
});
