/**
 * The modules between interpreted and compiled functions. The interpreter is JavaScript, and no JavaScript frame may lie between two guest
 * frames: so whenever an interpreted function wants anything called, the interpreter goes back to WebAssembly and says what. All of these
 * depend on signatures alone.
 *
 *   caller ──▶ entry ──▶ enter, step         of the interpreter: STEP_* says how to go on
 *                └─────▶ invoker ──▶ callee   any function: compiled, interpreted, or of the host
 *
 * Values pass through the carrier's record: CARRIER_VALUES, 8 bytes each, as many as the parameters; number 0 is also result and exception.
 */
import type { HostFunction, Signature, Type } from "#ir";
import {
  CARRIER_CALL_HIDDEN,
  CARRIER_CALL_INVOKER,
  CARRIER_CALL_SP,
  CARRIER_CALL_TARGET,
  CARRIER_VALUE_COUNT,
  CARRIER_VALUES,
} from "#layout";
import { Bug } from "#support";
import { compiledParams, ModuleEncoder, WASM_I32, WASM_VOID, Writer, wasmType } from "./encode.ts";
import {
  OP_BLOCK,
  OP_BR,
  OP_BR_TABLE,
  OP_CALL,
  OP_CALL_INDIRECT,
  OP_END,
  OP_GLOBAL_GET,
  OP_I32_CONST,
  OP_I32_LOAD,
  OP_LOCAL_GET,
  OP_LOCAL_SET,
  OP_LOOP,
  OP_RETURN,
  OP_RETURN_CALL_INDIRECT,
  OP_THROW,
  OP_TRY_TABLE,
  OP_UNREACHABLE,
} from "./opcodes.ts";

/** What `step` of the interpreter says the trampoline is to do. */
/** Return what is in value 0. */
export const STEP_RETURN = 0;
/** Throw the reference in value 0. */
export const STEP_THROW = 1;
/** Leave for the function at CARRIER_CALL_TARGET, with the stack pointer of the caller: by the function at CARRIER_CALL_INVOKER. */
export const STEP_TAIL_CALL = 2;
/** Call it with CARRIER_CALL_SP, then step again; value 0 has the result. */
export const STEP_CALL = 3;

/** (stack pointer, target, hidden parameter): what invokers take. */
const INVOKER_PARAMS: readonly number[] = [WASM_I32, WASM_I32, WASM_I32];

const LOADS: Readonly<Record<Type, number>> = {
  i32: 0x28,
  i64: 0x29,
  f32: 0x2a,
  f64: 0x2b,
  ref: 0x28,
  iref: 0x28,
  addr: 0x28,
};
const STORES: Readonly<Record<Type, number>> = {
  i32: 0x36,
  i64: 0x37,
  f32: 0x38,
  f64: 0x39,
  ref: 0x36,
  iref: 0x36,
  addr: 0x36,
};

class Body {
  readonly out = new Writer(128);

  op(...bytes: readonly number[]): void {
    for (const byte of bytes) this.out.byte(byte);
  }

  local(opcode: number, index: number): void {
    this.out.byte(opcode);
    this.out.u32(index);
  }

  /** A word of the carrier's record. */
  carrierWord(offset: number): void {
    this.op(OP_GLOBAL_GET, 0, OP_I32_LOAD, 2);
    this.out.u32(offset);
  }

  loadValue(index: number, type: Type): void {
    this.op(OP_GLOBAL_GET, 0, LOADS[type], 2);
    this.out.u32(CARRIER_VALUES + 8 * index);
  }

  /** The carrier's record and the value are on the operand stack. */
  storeValue(index: number, type: Type): void {
    this.op(STORES[type], 2);
    this.out.u32(CARRIER_VALUES + 8 * index);
  }

  call(opcode: number, type: number): void {
    this.out.byte(opcode);
    this.out.u32(type);
    this.out.byte(0);
  }
}

function resultOf(signature: Signature): number {
  return signature.result === null ? 0 : wasmType(signature.result);
}

function checkCount(signature: Signature): void {
  if (signature.params.length > CARRIER_VALUE_COUNT) {
    throw Bug.missing(`interpreted functions with more than ${CARRIER_VALUE_COUNT} parameters`, {});
  }
}

/**
 * What a slot of the signature holds when its function is interpreted; exported as "f". Imports of its own: `mixed.enter`, (stack pointer,
 * hidden parameter) -> activation, which takes the arguments; `mixed.step`, (activation, 1 if the last call threw) -> STEP_*;
 * `mixed.invokers`, the table for CARRIER_CALL_INVOKER.
 */
export function entryModule(signature: Signature): Uint8Array<ArrayBuffer> {
  checkCount(signature);
  const module = new ModuleEncoder();
  const enter = module.importFunction("mixed", "enter", module.type([WASM_I32, WASM_I32], WASM_I32));
  const step = module.importFunction("mixed", "step", module.type([WASM_I32, WASM_I32], WASM_I32));
  module.importTable("mixed", "invokers");
  module.importMemory("rt", "memory");
  module.importTag("rt", "tag", module.type([WASM_I32], 0));
  module.importGlobal("rt", "carrier", WASM_I32);
  const { params, result } = signature;
  const own = params.length + 1;
  const activation = own + 1;
  const status = own + 2;
  const exception = own + 3;
  const b = new Body();
  const stepOn = (threw: number): void => {
    b.local(OP_LOCAL_GET, activation);
    b.op(OP_I32_CONST, threw, OP_CALL, step);
    b.local(OP_LOCAL_SET, status);
  };
  params.forEach((type, index) => {
    b.op(OP_GLOBAL_GET, 0);
    b.local(OP_LOCAL_GET, index + 1);
    b.storeValue(index, type);
  });
  b.local(OP_LOCAL_GET, 0);
  b.local(OP_LOCAL_GET, own);
  b.op(OP_CALL, enter);
  b.local(OP_LOCAL_SET, activation);
  stepOn(0);
  b.op(OP_LOOP, WASM_VOID);
  for (let block = 0; block < 4; block++) b.op(OP_BLOCK, WASM_VOID);
  b.local(OP_LOCAL_GET, status);
  b.op(OP_BR_TABLE, 3, STEP_RETURN, STEP_THROW, STEP_TAIL_CALL, STEP_CALL);
  b.op(OP_END);
  if (result !== null) b.loadValue(0, result);
  b.op(OP_RETURN, OP_END);
  b.loadValue(0, "ref");
  b.op(OP_THROW, 0, OP_END);
  b.local(OP_LOCAL_GET, 0);
  b.carrierWord(CARRIER_CALL_TARGET);
  b.carrierWord(CARRIER_CALL_HIDDEN);
  b.carrierWord(CARRIER_CALL_INVOKER);
  b.call(OP_RETURN_CALL_INDIRECT, module.type(INVOKER_PARAMS, resultOf(signature)));
  b.op(OP_END);
  b.op(OP_BLOCK, WASM_I32);
  // One clause: the tag's exceptions go to the block around.
  b.op(OP_TRY_TABLE, WASM_VOID, 1, 0, 0, 0);
  b.carrierWord(CARRIER_CALL_SP);
  b.carrierWord(CARRIER_CALL_TARGET);
  b.carrierWord(CARRIER_CALL_HIDDEN);
  b.carrierWord(CARRIER_CALL_INVOKER);
  b.call(OP_CALL_INDIRECT, module.type(INVOKER_PARAMS, 0));
  b.op(OP_END);
  stepOn(0);
  b.op(OP_BR, 1, OP_END);
  b.local(OP_LOCAL_SET, exception);
  b.op(OP_GLOBAL_GET, 0);
  b.local(OP_LOCAL_GET, exception);
  b.storeValue(0, "ref");
  stepOn(1);
  b.op(OP_BR, 0, OP_END, OP_UNREACHABLE, OP_END);
  const type = module.type(compiledParams(signature), resultOf(signature));
  module.exportFunction("f", module.addFunction(type, [3, WASM_I32], b.out));
  return module.finish();
}

/**
 * Calls functions of the signature, at a slot, with the values of the carrier's record: "call" stores the result as value 0, "tail" is left
 * for the function.
 */
export function invokerModule(signature: Signature): Uint8Array<ArrayBuffer> {
  checkCount(signature);
  const module = new ModuleEncoder();
  module.importTable("rt", "table");
  module.importMemory("rt", "memory");
  module.importGlobal("rt", "carrier", WASM_I32);
  const { params, result } = signature;
  const callee = module.type(compiledParams(signature), resultOf(signature));
  const write = (opcode: number): Writer => {
    const b = new Body();
    const stores = opcode === OP_CALL_INDIRECT && result !== null;
    if (stores) b.op(OP_GLOBAL_GET, 0);
    b.local(OP_LOCAL_GET, 0);
    params.forEach((type, index) => {
      b.loadValue(index, type);
    });
    b.local(OP_LOCAL_GET, 2);
    b.local(OP_LOCAL_GET, 1);
    b.call(opcode, callee);
    if (stores) b.storeValue(0, result);
    b.op(OP_END);
    return b.out;
  };
  const call = module.addFunction(module.type(INVOKER_PARAMS, 0), [], write(OP_CALL_INDIRECT));
  const tail = module.type(INVOKER_PARAMS, resultOf(signature));
  module.exportFunction("call", call);
  module.exportFunction("tail", module.addFunction(tail, [], write(OP_RETURN_CALL_INDIRECT)));
  return module.finish();
}

/** The same for a host function that takes the stack pointer first, from any module of imports; exported as "call". */
export function hostInvokerModule(host: HostFunction, from = "host"): Uint8Array<ArrayBuffer> {
  const { signature } = host;
  checkCount(signature);
  const { params, result } = signature;
  const module = new ModuleEncoder();
  const callee = module.importFunction(
    from,
    host.name,
    module.type([WASM_I32, ...params.map(wasmType)], resultOf(signature)),
  );
  module.importMemory("rt", "memory");
  module.importGlobal("rt", "carrier", WASM_I32);
  const b = new Body();
  if (result !== null) b.op(OP_GLOBAL_GET, 0);
  b.local(OP_LOCAL_GET, 0);
  params.forEach((type, index) => {
    b.loadValue(index, type);
  });
  b.op(OP_CALL, callee);
  if (result !== null) b.storeValue(0, result);
  b.op(OP_END);
  module.exportFunction("call", module.addFunction(module.type(INVOKER_PARAMS, 0), [], b.out));
  return module.finish();
}
