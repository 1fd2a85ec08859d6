import assert from "node:assert/strict";
import { it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { ModuleEncoder, WASM_I32, Writer } from "#wasm";
import { optimizer } from "./tiers.ts";

/** A module with a function that gives its argument; `salt` makes it unlike others, which V8 would share the code of. */
function identity(salt: number): Uint8Array<ArrayBuffer> {
  const module = new ModuleEncoder();
  const body = new Writer();
  for (const byte of [0x41, salt, 0x1a, 0x20, 0, 0x0b]) body.byte(byte); // i32.const, drop, local.get, end
  module.exportFunction("f", module.addFunction(module.type([WASM_I32], WASM_I32), [], body));
  return module.finish();
}

it("compiles a function with the optimising compiler, for all who have its module, and no other one", () => {
  setFlagsFromString("--allow-natives-syntax");
  const isOptimized = new Function("f", "return %IsTurboFanFunction(f)") as (f: unknown) => boolean;
  const optimize = optimizer();
  assert.throws(() => new Function("return %IsTurboFanFunction(0)"), SyntaxError);
  const instance = (salt: number): unknown =>
    new WebAssembly.Instance(new WebAssembly.Module(identity(salt))).exports["f"];
  const [one, two] = [instance(1), instance(2)];
  optimize(one);
  assert.equal(isOptimized(one), true);
  assert.equal(isOptimized(two), false);
  assert.equal((one as (n: number) => number)(7), 7);
  assert.equal(isOptimized(instance(1)), true);
});
