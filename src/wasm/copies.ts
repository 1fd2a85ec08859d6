/**
 * Copies of memory. Up to 32 bytes two loads and two stores do it, of which both cover a part of the middle; they load everything before they
 * store, so the ranges may overlap. `memory.copy` calls a function of the engine, which takes longer than that.
 *
 *   16 to 32   two of 16 bytes        4 to 7   two of 4        1   one of 1
 *    8 to 15   two of 8               2, 3     two of 2        0   none
 *
 * Elements of arrays are not torn: an access is never narrower than an element, and lies on multiples of its size.
 */
import type { Emitter } from "./emit.ts";
import { WASM_VOID } from "./encode.ts";
import {
  MISC_MEMORY_COPY,
  OP_ELSE,
  OP_I32_ADD,
  OP_I32_GE_U,
  OP_I32_LE_U,
  OP_I32_LOAD,
  OP_I32_LOAD8_U,
  OP_I32_LOAD16_U,
  OP_I32_STORE,
  OP_I32_STORE8,
  OP_I32_STORE16,
  OP_I32_SUB,
  OP_I64_LOAD,
  OP_I64_STORE,
  OP_IF,
  PREFIX_SIMD,
  SIMD_V128_LOAD,
  SIMD_V128_STORE,
} from "./opcodes.ts";

const SMALL = 32;

/** A load and the store of the same width, which is 2 to the power of `align` bytes. */
interface Width {
  readonly prefix: number;
  readonly load: number;
  readonly store: number;
  readonly align: number;
}

const WIDTHS: readonly Width[] = [
  { prefix: PREFIX_SIMD, load: SIMD_V128_LOAD, store: SIMD_V128_STORE, align: 4 },
  { prefix: 0, load: OP_I64_LOAD, store: OP_I64_STORE, align: 3 },
  { prefix: 0, load: OP_I32_LOAD, store: OP_I32_STORE, align: 2 },
  { prefix: 0, load: OP_I32_LOAD16_U, store: OP_I32_STORE16, align: 1 },
];
const BYTE: Width = { prefix: 0, load: OP_I32_LOAD8_U, store: OP_I32_STORE8, align: 0 };

function access(e: Emitter, { prefix, align }: Width, opcode: number): void {
  if (prefix !== 0) e.out.byte(prefix);
  // What the instruction says of alignment is a hint.
  e.memory(opcode, prefix === 0 ? align : 0, 0);
}

/** Copies from one address to another as many bytes as the third of the locals says. All are i32. */
export function copyBytes(e: Emitter, to: number, from: number, count: number): void {
  e.getLocal(count);
  e.i32(SMALL);
  e.out.byte(OP_I32_LE_U);
  e.open(OP_IF, WASM_VOID);
  for (const width of WIDTHS) {
    e.getLocal(count);
    e.i32(1 << width.align);
    e.out.byte(OP_I32_GE_U);
    e.open(OP_IF, WASM_VOID);
    twice(e, width, to, from, count);
    e.out.byte(OP_ELSE);
  }
  e.getLocal(count);
  e.open(OP_IF, WASM_VOID);
  e.getLocal(to);
  e.getLocal(from);
  access(e, BYTE, BYTE.load);
  access(e, BYTE, BYTE.store);
  e.close();
  for (const _ of WIDTHS) e.close();
  e.out.byte(OP_ELSE);
  e.getLocal(to);
  e.getLocal(from);
  e.getLocal(count);
  e.bulk(MISC_MEMORY_COPY, 2);
  e.close();
}

/** The first and the last bytes of the range. */
function twice(e: Emitter, width: Width, to: number, from: number, count: number): void {
  const last = (start: number): void => {
    e.getLocal(start);
    e.getLocal(count);
    e.out.byte(OP_I32_ADD);
    e.i32(1 << width.align);
    e.out.byte(OP_I32_SUB);
  };
  e.getLocal(to);
  e.getLocal(from);
  access(e, width, width.load);
  last(to);
  last(from);
  access(e, width, width.load);
  access(e, width, width.store);
  access(e, width, width.store);
}
