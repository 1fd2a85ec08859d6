/** From functions to modules. */
import type { Func } from "#ir";
import { type BackEnd, Emitter } from "./emit.ts";
import { CodeModule, type SlotFunction } from "./module.ts";
import { Scratch } from "./scratch.ts";

/**
 * Compiles a function to a module of its own, which exports it as "f". The bytes are the same for all carriers.
 *
 * @param scratch memory to use again; who compiles many functions gives the same one each time
 * @param ownSlot the slot that the function is for, if it is never redefined: calls of that slot are then direct ones; else 0
 */
export function compile(
  func: Func,
  env: BackEnd,
  scratch: Scratch = new Scratch(),
  ownSlot = 0,
): Uint8Array<ArrayBuffer> {
  const held = scratch.begin();
  try {
    const module = new CodeModule([{ func, slot: ownSlot }], held);
    new Emitter(func, env, module, held).run();
    return module.finish(() => "f");
  } finally {
    held.end();
  }
}

/**
 * Compiles functions to one module, which exports them as "f0", "f1" and so on, in the order of the list. Calls between them, whose slots are in the
 * list, are direct: they come to these functions for good, whatever the slots hold later.
 *
 * @param scratch as for `compile`
 */
export function compileModule(
  functions: readonly SlotFunction[],
  env: BackEnd,
  scratch: Scratch = new Scratch(),
): Uint8Array<ArrayBuffer> {
  const module = new CodeModule(functions, null);
  for (const { func } of functions) {
    const held = scratch.begin();
    try {
      new Emitter(func, env, module, held).run();
    } finally {
      held.end();
    }
  }
  return module.finish((number) => `f${number}`);
}
