/** The byte formats, at their edges. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signature } from "#ir";
import { compiledParams, ModuleEncoder, WASM_F64, WASM_I32, WASM_I64, Writer } from "#wasm";

function bytes(write: (writer: Writer) => void): string {
  const writer = new Writer(1);
  write(writer);
  return Buffer.from(writer.finish()).toString("hex");
}

test("LEB128 numbers", () => {
  assert.equal(
    bytes((w) => w.u32(0)),
    "00",
  );
  assert.equal(
    bytes((w) => w.u32(127)),
    "7f",
  );
  assert.equal(
    bytes((w) => w.u32(128)),
    "8001",
  );
  assert.equal(
    bytes((w) => w.u32(-1)),
    "ffffffff0f",
  );
  assert.equal(
    bytes((w) => w.s32(63)),
    "3f",
  );
  assert.equal(
    bytes((w) => w.s32(64)),
    "c000",
  );
  assert.equal(
    bytes((w) => w.s32(-64)),
    "40",
  );
  assert.equal(
    bytes((w) => w.s32(-65)),
    "bf7f",
  );
  assert.equal(
    bytes((w) => w.s32(-0x80000000)),
    "8080808078",
  );
  assert.equal(
    bytes((w) => w.s32(0x80000000)),
    "8080808078",
  );
  assert.equal(
    bytes((w) => w.s64(-1n)),
    "7f",
  );
  assert.equal(
    bytes((w) => w.s64(0x80000000n)),
    "8080808008",
  );
  assert.equal(
    bytes((w) => w.s64(-(1n << 63n))),
    "8080808080808080807f",
  );
  assert.equal(
    bytes((w) => w.s64((1n << 63n) - 1n)),
    "ffffffffffffffffff00",
  );
});

test("fixed-size numbers and names", () => {
  assert.equal(
    bytes((w) => w.fixed32(0x80000001)),
    "01000080",
  );
  assert.equal(
    bytes((w) => w.fixed64(-2n)),
    "feffffffffffffff",
  );
  assert.equal(
    bytes((w) => w.name("f")),
    "0166",
  );
  assert.equal(
    bytes((w) => w.name("é")),
    "02c3a9",
  );
  assert.equal(bytes((w) => w.name("x".repeat(200))).slice(0, 4), "c801");
});

test("a hand-made module", () => {
  const module = new ModuleEncoder();
  const type = module.type([WASM_I32, WASM_I64], WASM_F64);
  assert.equal(module.type([WASM_I32, WASM_I64], WASM_F64), type);
  assert.notEqual(module.type([WASM_I32], WASM_F64), type);
  const imported = module.importFunction("js", "f", type);
  const body = new Writer();
  body.byte(0x20);
  body.u32(0);
  body.byte(0x20);
  body.u32(1);
  body.byte(0x10);
  body.u32(imported);
  body.byte(0x0b);
  module.exportFunction("g", module.addFunction(type, [3, WASM_I32, 1, WASM_I64], body));
  module.exportFunction("f", imported);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), {
    js: { f: (a: number, b: bigint) => a + Number(b) },
  });
  assert.equal((instance.exports["g"] as (a: number, b: bigint) => number)(2, 40n), 42);
});

test("compiled code takes the stack pointer first and its slot last", () => {
  assert.deepEqual(compiledParams(signature(["i64", "ref"], null)), [WASM_I32, WASM_I64, WASM_I32, WASM_I32]);
});
