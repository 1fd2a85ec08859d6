/** The code at the start of a function that has its frame from the beginning. */
import { CARRIER_STACK_LIMIT, FRAME_SITE, POS_ENTRY } from "#layout";
import type { Emitter } from "./emit.ts";
import { WASM_I32 } from "./encode.ts";
import { LOCAL_SP } from "./locals.ts";
import {
  MISC_MEMORY_FILL,
  OP_I32_ADD,
  OP_I32_LOAD,
  OP_I32_LT_U,
  OP_I32_STORE,
  OP_I32_SUB,
  OP_I64_CONST,
  OP_I64_STORE,
} from "./opcodes.ts";

/** Sets the frame up: stack check, zeroed areas. */
export function writePrologue(e: Emitter): void {
  const { frames, out } = e;
  if (!frames.atEntry) return;
  e.getLocal(LOCAL_SP);
  e.i32(frames.bytes);
  out.byte(OP_I32_SUB);
  const above = frames.bytes - frames.smallBytes;
  if (e.func.inReserve) e.setLocal(LOCAL_SP);
  else stackCheck(e, above);
  if (above > 64) {
    e.getLocal(LOCAL_SP);
    e.i32(frames.smallBytes);
    out.byte(OP_I32_ADD);
    e.i32(0);
    e.i32(above);
    e.bulk(MISC_MEMORY_FILL, 1);
  } else {
    for (let offset = frames.smallBytes; offset < frames.bytes; offset += 8) {
      e.getLocal(LOCAL_SP);
      out.byte(OP_I64_CONST);
      out.byte(0);
      e.memory(OP_I64_STORE, 3, offset);
    }
  }
}

/** The stack pointer with this frame is on the operand stack: becomes LOCAL_SP, after a check that it may. */
function stackCheck(e: Emitter, above: number): void {
  const { frames, out } = e;
  e.teeLocal(LOCAL_SP);
  e.carrier();
  e.memory(OP_I32_LOAD, 2, CARRIER_STACK_LIMIT);
  out.byte(OP_I32_LT_U);
  e.coldIf();
  // Areas may be larger than the reserve below the limit: here the frame is its small part, just below the caller's.
  const check = frames.checks[0]!;
  const { snapshotStart, snapshotValues } = e.live;
  for (let i = snapshotStart[check]!; i < snapshotStart[check + 1]!; i++) {
    const value = snapshotValues[i]!;
    e.getLocal(LOCAL_SP);
    e.getLocal(e.locals.localOf[value]!);
    e.memory(OP_I32_STORE, 2, above + e.homeOffset(value));
  }
  e.getLocal(LOCAL_SP);
  e.i32(e.addSite(frames.smallBytes, POS_ENTRY, frames.map(check, false)));
  e.memory(OP_I32_STORE, 2, above + FRAME_SITE);
  e.getLocal(LOCAL_SP);
  if (above > 0) {
    e.i32(above);
    out.byte(OP_I32_ADD);
  }
  e.i32(above);
  e.callImport("rt", "stack", [WASM_I32, WASM_I32], WASM_I32);
  e.coldIf();
  e.getLocal(LOCAL_SP);
  if (above > 0) {
    e.i32(above);
    out.byte(OP_I32_ADD);
  }
  e.overflow();
  e.close();
  for (let i = snapshotStart[check]!; i < snapshotStart[check + 1]!; i++) {
    const value = snapshotValues[i]!;
    e.getLocal(LOCAL_SP);
    e.memory(OP_I32_LOAD, 2, above + e.homeOffset(value));
    e.setLocal(e.locals.localOf[value]!);
  }
  e.close();
}
