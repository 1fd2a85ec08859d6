/**
 * The operations that call something: checks and other slow paths, and calls proper.
 *
 * Every call passes this function's stack pointer first; its site is stored right before it, when all operands are on the stack. A slow
 * path saves and reloads references by itself, so that the common path is not touched.
 */
import { type Inst, NO_VALUE, type TrapKind, type Value } from "#ir";
import { CARRIER_LIMIT, CARRIER_TOP, CONTROL_POLL } from "#layout";
import { Bug } from "#support";
import type { Emitter } from "./emit.ts";
import { WASM_I32, wasmType } from "./encode.ts";
import { CLASS_I64 } from "./flat.ts";
import {
  ATOMIC_I32_LOAD,
  OP_CALL_INDIRECT,
  OP_ELSE,
  OP_I32_ADD,
  OP_I32_EQZ,
  OP_I32_GE_U,
  OP_I32_LOAD,
  OP_I32_LT_U,
  OP_I32_STORE,
  OP_I32_SUB,
  OP_I64_EQZ,
  OP_RETURN_CALL_INDIRECT,
  OP_UNREACHABLE,
  PREFIX_ATOMIC,
} from "./opcodes.ts";

// ---- checks ---------------------------------------------------------------------------------------------------------------------

function check(e: Emitter, inst: Inst, at: number, kind: TrapKind, a: Value | null, b: Value | null): void {
  e.coldIf();
  e.trap(inst, at, kind, a, b);
  e.close();
}

export function nullCheck(e: Emitter, inst: Inst, at: number): void {
  e.value(inst.args[0]!);
  e.out.byte(OP_I32_EQZ);
  check(e, inst, at, "null", null, null);
}

export function boundsCheck(e: Emitter, inst: Inst, at: number): void {
  const [index, length] = inst.args as [Value, Value];
  e.value(index);
  e.value(length);
  e.out.byte(OP_I32_GE_U);
  check(e, inst, at, "bounds", index, length);
}

export function zeroCheck(e: Emitter, inst: Inst, at: number): void {
  const value = inst.args[0]!;
  e.value(value);
  e.out.byte(e.classOf(value) === CLASS_I64 ? OP_I64_EQZ : OP_I32_EQZ);
  check(e, inst, at, "zero", null, null);
}

export function trap(e: Emitter, inst: Inst, at: number): void {
  if (inst.trap === null) throw new Bug("trap without a kind", { function: e.func.name });
  e.trap(inst, at, inst.trap, inst.args[0] ?? null, inst.args[1] ?? null);
  if (inst.unwind !== null) e.out.byte(OP_UNREACHABLE);
}

// ---- slow paths -----------------------------------------------------------------------------------------------------------------

export function poll(e: Emitter, inst: Inst, at: number): void {
  const snapshot = e.live.snapshotOf[at]!;
  e.i32(0);
  e.memory(OP_I32_LOAD, 2, CONTROL_POLL);
  e.coldIf();
  e.ownSp();
  e.site(snapshot, inst.pos);
  e.callImport("rt", "poll", [WASM_I32], 0);
  e.reloadFresh(snapshot);
  e.close();
}

export function alloc(e: Emitter, inst: Inst, at: number): void {
  const snapshot = e.live.snapshotOf[at]!;
  const size = inst.args[0]!;
  const result = e.locals.localOf[inst.result]!;
  const { out } = e;
  e.carrier();
  e.memory(OP_I32_LOAD, 2, CARRIER_LIMIT);
  e.carrier();
  e.memory(OP_I32_LOAD, 2, CARRIER_TOP);
  e.teeLocal(result);
  out.byte(OP_I32_SUB);
  e.value(size);
  out.byte(OP_I32_LT_U);
  e.coldIf();
  e.ownSp();
  e.value(size);
  e.site(snapshot, inst.pos);
  e.callImport("rt", "alloc", [WASM_I32, WASM_I32], WASM_I32);
  e.setLocal(result);
  e.getLocal(result);
  out.byte(OP_I32_EQZ);
  e.coldIf();
  const state = e.copyState();
  e.guarded(inst, () => {
    e.ownSp();
    e.value(size);
    e.i32(0);
    e.callTrap("memory");
    e.afterSafepoint(snapshot);
  });
  e.restoreState(state);
  e.close();
  e.reloadFresh(snapshot);
  out.byte(OP_ELSE);
  e.carrier();
  e.getLocal(result);
  e.value(size);
  out.byte(OP_I32_ADD);
  e.memory(OP_I32_STORE, 2, CARRIER_TOP);
  e.close();
  e.defined(inst.result);
}

export function ensure(e: Emitter, inst: Inst, at: number): void {
  const snapshot = e.live.snapshotOf[at]!;
  const target = inst.args[0]!;
  e.value(target);
  // Atomic: what was written before the word became other than 0 is seen by who passes.
  e.out.byte(PREFIX_ATOMIC);
  e.memory(ATOMIC_I32_LOAD, 2, inst.imm);
  e.out.byte(OP_I32_EQZ);
  e.coldIf();
  const state = e.copyState();
  e.guarded(inst, () => {
    e.ownSp();
    e.value(target);
    e.site(snapshot, inst.pos);
    e.i32(inst.slot);
    e.i32(inst.slot);
    e.callIndirect(OP_CALL_INDIRECT, e.module.type([WASM_I32, WASM_I32, WASM_I32], 0));
    e.afterSafepoint(snapshot);
  });
  e.restoreState(state);
  e.reloadFresh(snapshot);
  e.close();
}

// ---- calls ----------------------------------------------------------------------------------------------------------------------

/**
 * A call through the table, or directly of the module's own function of the number `own`. `target` pushes the hidden parameter and, for the table,
 * the index; the operands before `first` are its business.
 */
export function callTable(e: Emitter, inst: Inst, at: number, first: number, target: () => void, own = -1): void {
  const { signature } = inst;
  if (signature === null) throw new Bug(`${inst.op} without a signature`, { function: e.func.name });
  const snapshot = e.live.snapshotOf[at]!;
  e.guarded(inst, () => {
    e.ownSp();
    for (let k = first; k < inst.args.length; k++) e.value(inst.args[k]!);
    target();
    e.site(snapshot, inst.pos);
    if (own >= 0) e.callOwn(own);
    else e.callIndirect(OP_CALL_INDIRECT, e.compiledType(signature));
    e.afterSafepoint(snapshot);
    if (inst.unwind !== null && inst.result !== NO_VALUE) e.setResult(inst.result);
  });
}

export function callHost(e: Emitter, inst: Inst, at: number): void {
  const { host } = inst;
  if (host === null) throw new Bug("callhost without a host function", { function: e.func.name });
  const { signature } = host;
  const params = signature.params.map(wasmType);
  const result = signature.result === null ? 0 : wasmType(signature.result);
  if (host.pure) {
    for (const arg of inst.args) e.value(arg);
    e.callImport("host", host.name, params, result);
    return;
  }
  const snapshot = e.live.snapshotOf[at]!;
  e.guarded(inst, () => {
    e.ownSp();
    for (const arg of inst.args) e.value(arg);
    e.site(snapshot, inst.pos);
    e.callImport("host", host.name, [WASM_I32, ...params], result);
    e.afterSafepoint(snapshot);
    if (inst.unwind !== null && inst.result !== NO_VALUE) e.setResult(inst.result);
  });
}

export function tailCall(e: Emitter, inst: Inst): void {
  const { signature } = inst;
  if (signature === null) throw new Bug("tailcall without a signature", { function: e.func.name });
  e.incomingSp();
  for (let k = 1; k < inst.args.length; k++) e.value(inst.args[k]!);
  e.value(inst.args[0]!);
  e.value(inst.args[0]!);
  e.callIndirect(OP_RETURN_CALL_INDIRECT, e.compiledType(signature));
}
