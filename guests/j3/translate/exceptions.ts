/**
 * Where exceptions go. JVMS §2.10, §3.12, §6.5 athrow.
 *
 * The instructions covered by the same handlers share a dispatch block: it tests the types in the order of the exception table and leaves
 * the method if none fits; a synchronized method first gives up its lock.
 */

import type { Block, Value } from "#ir";
import { CELL_VALUE } from "../model/record.ts";
import { irBlock } from "./control.ts";
import type { HandlerSet } from "./flow.ts";
import { isInstance, longTest, unlock } from "./objects.ts";
import type { Translation } from "./translation.ts";

const EXCEPTION_SHAPE = ["ref"] as const;

/** The exceptional ways out of one method. */
export class Exits {
  readonly #t: Translation;
  /** What a synchronized method holds, or null. */
  readonly #lock: Value | null;
  #unlockBlock: Block | null = null;
  #unlockException: Value | null = null;

  constructor(t: Translation, lock: Value | null) {
    this.#t = t;
    this.#lock = lock;
  }

  /** The block that an exception at the pc goes to, or null: to the caller. */
  at(pc: number): Block | null {
    const { flow, b } = this.#t;
    const set = flow.handlers === null ? null : flow.handlers[pc]!;
    if (set === null) return this.#outer();
    if (set.ir === null) {
      const made = b.handlerBlock();
      set.ir = made.block;
      set.exception = made.exception;
    }
    return set.ir;
  }

  #outer(): Block | null {
    if (this.#lock === null) return this.#t.unwind;
    if (this.#unlockBlock === null) {
      const made = this.#t.b.handlerBlock();
      this.#unlockBlock = made.block;
      this.#unlockException = made.exception;
    }
    return this.#unlockBlock;
  }

  /** Whether exceptions may arrive at the set's dispatch block, and it has to be emitted. */
  isDue(set: HandlerSet): boolean {
    return !set.emitted && set.ir !== null && this.#t.b.hasPredecessors(set.ir);
  }

  /** Emits the dispatch block of a set. */
  dispatch(set: HandlerSet): void {
    const t = this.#t;
    const { b } = t;
    const exception = set.exception as Value;
    set.emitted = true;
    t.scope = t.flow.root;
    b.switchTo(set.ir!);
    b.pos = t.position(set.entries[0]!.handlerPc);
    b.unwindTo = this.#outer();
    t.defineException(exception);
    let open = true;
    for (const entry of set.entries) {
      const handler = t.flow.blockAt(entry.handlerPc)!;
      if (handler.shape === null) handler.shape = EXCEPTION_SHAPE;
      else if (handler.shape.length !== 1 || handler.shape[0] !== "ref") {
        t.fail("Operand stacks differ where control flow meets");
      }
      const target = irBlock(t, handler);
      // Everything that is thrown is a java.lang.Throwable.
      if (entry.catchTypeIndex === 0 || entry.catchType === "java/lang/Throwable") {
        b.jump(target);
        open = false;
        break;
      }
      const next = b.block();
      b.branch(this.#matches(exception, entry.catchTypeIndex), target, next);
      b.seal(next);
      b.switchTo(next);
    }
    if (open) b.throw(exception);
    b.unwindTo = t.unwind;
  }

  #matches(exception: Value, index: number): Value {
    const t = this.#t;
    const target = t.env.classAt(t.holder, index);
    if (target !== null) return isInstance(t, exception, target);
    const cell = t.resolveCellHere("class", index);
    return longTest(t, exception, t.b.load("addr", cell, CELL_VALUE));
  }

  /** Emits what gives up the lock, after all else. */
  finish(): void {
    const { b } = this.#t;
    if (this.#unlockBlock === null || !b.hasPredecessors(this.#unlockBlock)) return;
    b.switchTo(this.#unlockBlock);
    b.unwindTo = this.#t.unwind;
    unlock(this.#t, this.#lock!);
    b.throw(this.#unlockException!);
  }
}

/** JVMS §6.5 athrow. */
export function throwException(t: Translation): void {
  const exception = t.pop("ref");
  t.nullcheck(exception);
  t.b.throw(exception);
}
