/**
 * Stores of references, with the write barrier of the collector's plan: card marking (docs/heap.md).
 *
 *   store  ptr, ref        i32.store8 offset=cards (address >>> LOG_CARD_BYTES), 1        after the store, without a test
 *
 * Not for null, nor into what can hold no reference that the barrier is for: a constant address (a root), and an object that was allocated after the last
 * safepoint (it is young, or all of it will be looked at).
 */
import type { Inst, Value } from "#ir";
import { LOG_CARD_BYTES } from "#layout";
import { copyBytes } from "./copies.ts";
import type { Emitter } from "./emit.ts";
import { WASM_VOID } from "./encode.ts";
import {
  ATOMIC_I32_STORE,
  MISC_MEMORY_FILL,
  OP_ELSE,
  OP_I32_ADD,
  OP_I32_LE_U,
  OP_I32_SHR_U,
  OP_I32_STORE,
  OP_I32_STORE8,
  OP_I32_SUB,
  OP_IF,
  PREFIX_ATOMIC,
} from "./opcodes.ts";
import { OP_NUMBER } from "./traits.ts";

const ALLOC = OP_NUMBER.alloc;
const PTRADD = OP_NUMBER.ptradd;

/** Whether a store of `value` at `base` by the instruction at `at` needs no barrier. */
function isFree(e: Emitter, at: number, base: Value, value: Value): boolean {
  return e.env.cards === undefined || e.constant(value) !== null || e.constant(base) !== null || isFresh(e, at, base);
}

/** Whether the pointer is to an object that was allocated in this block, without a safepoint since. */
function isFresh(e: Emitter, at: number, pointer: Value): boolean {
  const { flat } = e;
  for (let value = pointer; ; ) {
    const made = flat.defAt[value]!;
    if (made < 0 || made > at) return false;
    const op = flat.ops[made]!;
    if (op === PTRADD) {
      value = flat.code[made]!.args[0]!;
      continue;
    }
    if (op !== ALLOC || flat.safepoints[made + 1] !== flat.safepoints[at]) return false;
    // Instructions of one block are numbered without gap.
    const block = flat.defBlock[value]!;
    return made >= flat.start[block]! && at < flat.end[block]!;
  }
}

/** What stands on the operand stack is an address: keeps it in a local, until `after`. */
function marked(e: Emitter, offset: number, store: () => void): void {
  const local = e.takeTemporary();
  e.teeLocal(local);
  store();
  e.getLocal(local);
  e.giveTemporary(local);
  if (offset !== 0) {
    e.i32(offset);
    e.out.byte(OP_I32_ADD);
  }
  e.i32(LOG_CARD_BYTES);
  e.out.byte(OP_I32_SHR_U);
  e.i32(1);
  e.memory(OP_I32_STORE8, 0, e.env.cards!);
}

export function referenceStore(e: Emitter, inst: Inst, at: number): void {
  const [base, value] = inst.args as [Value, Value];
  const offset = e.address(base, inst.imm);
  const store = (): void => {
    e.value(value);
    // Null publishes nothing.
    if (e.env.weakOrder && e.constant(value) === null) {
      e.out.byte(PREFIX_ATOMIC);
      e.memory(ATOMIC_I32_STORE, 2, offset);
    } else {
      e.memory(OP_I32_STORE, 2, offset);
    }
  };
  if (isFree(e, at, base, value)) store();
  else marked(e, offset, store);
}

/** A store, an exchange, or a compare-and-exchange, whose last operand is what is stored. */
export function referenceAtomic(opcode: number): (e: Emitter, inst: Inst, at: number) => void {
  return (e, inst, at) => {
    const { args } = inst;
    const base = args[0]!;
    const offset = e.address(base, inst.imm);
    const access = (): void => {
      for (let k = 1; k < args.length; k++) e.value(args[k]!);
      e.out.byte(PREFIX_ATOMIC);
      e.memory(opcode, 2, offset);
    };
    if (isFree(e, at, base, args[args.length - 1]!)) access();
    else marked(e, offset, access);
  };
}

export function referenceCopy(e: Emitter, inst: Inst, at: number): void {
  const [to, from, count] = inst.args as [Value, Value, Value];
  const { cards } = e.env;
  if (e.env.weakOrder) e.fence();
  const [target, source, bytes] = [e.takeTemporary(), e.takeTemporary(), e.takeTemporary()];
  e.value(to);
  e.value(from);
  e.value(count);
  e.setLocal(bytes);
  e.setLocal(source);
  e.setLocal(target);
  copyBytes(e, target, source, bytes);
  e.giveTemporary(source);
  if (cards !== undefined && e.constant(to) === null && !isFresh(e, at, to)) markRange(e, cards, target, bytes);
  e.giveTemporary(bytes);
  e.giveTemporary(target);
}

/** Marks the cards of a range; nothing of an empty one. A range no longer than a card lies on two at most: those of its first and last byte. */
function markRange(e: Emitter, cards: number, start: number, bytes: number): void {
  const cardOf = (address: () => void): void => {
    address();
    e.i32(LOG_CARD_BYTES);
    e.out.byte(OP_I32_SHR_U);
  };
  const first = (): void => e.getLocal(start);
  const last = (): void => {
    e.getLocal(start);
    e.getLocal(bytes);
    e.out.byte(OP_I32_ADD);
    e.i32(1);
    e.out.byte(OP_I32_SUB);
  };
  e.getLocal(bytes);
  e.open(OP_IF, WASM_VOID);
  e.getLocal(bytes);
  e.i32(1 << LOG_CARD_BYTES);
  e.out.byte(OP_I32_LE_U);
  e.open(OP_IF, WASM_VOID);
  for (const address of [first, last]) {
    cardOf(address);
    e.i32(1);
    e.memory(OP_I32_STORE8, 0, cards);
  }
  e.out.byte(OP_ELSE);
  cardOf(first);
  e.i32(cards);
  e.out.byte(OP_I32_ADD);
  e.i32(1);
  cardOf(last);
  cardOf(first);
  e.out.byte(OP_I32_SUB);
  e.i32(1);
  e.out.byte(OP_I32_ADD);
  e.bulk(MISC_MEMORY_FILL, 1);
  e.close();
  e.close();
}
