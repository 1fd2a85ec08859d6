import assert from "node:assert/strict";
import { it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { Memory } from "#memory";
import { ModuleEncoder, WASM_I32, Writer } from "#wasm";
import { optimizedModule } from "./tiers.ts";

/** A module with a function that gives its argument; `salt` makes it unlike others, which V8 would share the code of. */
function identity(salt: number): Uint8Array<ArrayBuffer> {
  const module = new ModuleEncoder();
  const body = new Writer();
  for (const byte of [0x41, salt, 0x1a, 0x20, 0, 0x0b]) body.byte(byte); // i32.const, drop, local.get, end
  module.exportFunction("f", module.addFunction(module.type([WASM_I32], WASM_I32), [], body));
  return module.finish();
}

it("compiles with the optimising compiler, and the next module as V8 likes", () => {
  setFlagsFromString("--allow-natives-syntax");
  const isOptimized = new Function("f", "return %IsTurboFanFunction(f)") as (f: unknown) => boolean;
  const mem = new Memory(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
  const run = (module: WebAssembly.Module): boolean => {
    const f = new WebAssembly.Instance(module).exports["f"] as (n: number) => number;
    assert.equal(f(7), 7);
    return isOptimized(f);
  };
  assert.equal(run(optimizedModule(mem, identity(1))), true);
  assert.equal(run(new WebAssembly.Module(identity(2))), false);
  assert.throws(() => optimizedModule(mem, new Uint8Array([1, 2, 3])), WebAssembly.CompileError);
  assert.equal(run(new WebAssembly.Module(identity(3))), false);
  assert.equal(run(optimizedModule(mem, identity(4))), true);
});
