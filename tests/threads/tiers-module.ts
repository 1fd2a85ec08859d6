/** A module that takes V8 a while. */
import { ModuleEncoder, WASM_I32, Writer } from "#wasm";

/** Its function f adds `salt`, below 2^20, to its argument 400 times. */
export function sumModule(salt: number): Uint8Array<ArrayBuffer> {
  const module = new ModuleEncoder();
  const body = new Writer();
  body.byte(0x20); // local.get
  body.byte(0);
  for (let i = 0; i < 400; i++) {
    // i32.const in three bytes of seven bits, i32.add
    for (const byte of [0x41, (salt & 0x7f) | 0x80, ((salt >> 7) & 0x7f) | 0x80, (salt >> 14) & 0x3f, 0x6a])
      body.byte(byte);
  }
  body.byte(0x0b);
  module.exportFunction("f", module.addFunction(module.type([WASM_I32], WASM_I32), [], body));
  return module.finish();
}
