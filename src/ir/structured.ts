/**
 * Structured code on top of the builder: conditionals, loops and handlers whose parts are functions that emit. What is found out about values (not
 * null; something computed once) holds where it was found and in what is nested there: `mark` and `forget` enclose what may not be executed.
 */
import type { Builder } from "./builder.ts";
import type { Block, Value } from "./func.ts";
import type { Type } from "./types.ts";

export class Structured {
  readonly b: Builder;
  readonly #solid = new Set<Value>();
  readonly #known = new Map<Value, Value>();
  readonly #facts: (() => void)[] = [];

  constructor(b: Builder) {
    this.b = b;
  }

  // ---- what is known --------------------------------------------------------------------------------------------------------

  mark(): number {
    return this.#facts.length;
  }

  forget(mark: number): void {
    while (this.#facts.length > mark) this.#facts.pop()!();
  }

  /** Says that a pointer is not null. */
  solid(value: Value): Value {
    if (!this.#solid.has(value)) {
      this.#solid.add(value);
      this.#facts.push(() => this.#solid.delete(value));
    }
    return value;
  }

  /** Checks that a pointer is not null, if that is not known. */
  nullcheck(value: Value): void {
    if (this.#solid.has(value)) return;
    this.b.op("nullcheck", value);
    this.solid(value);
  }

  /** Says what belongs to a value, such as the length of an array: see `known`. */
  know(value: Value, what: Value): Value {
    this.#known.set(value, what);
    this.#facts.push(() => this.#known.delete(value));
    return what;
  }

  /** What belongs to a value; emitted if it is not known. */
  known(value: Value, emit: () => Value): Value {
    return this.#known.get(value) ?? this.know(value, emit());
  }

  // ---- blocks ---------------------------------------------------------------------------------------------------------------

  /** Goes on in a block to which all edges exist. */
  enter(block: Block): void {
    this.b.seal(block);
    this.b.switchTo(block);
  }

  /** Goes on in a block that nothing leads to: after what never comes back. */
  dead(): void {
    this.enter(this.b.block());
  }

  branch(condition: Value): [then: Block, otherwise: Block] {
    const blocks: [Block, Block] = [this.b.block(), this.b.block()];
    this.b.branch(condition, ...blocks);
    return blocks;
  }

  /** Emits into a block what may be executed or not. */
  arm(block: Block, emit: () => void): void {
    this.enter(block);
    const mark = this.mark();
    emit();
    this.forget(mark);
  }

  /** If the condition holds, `emit` what never comes back. */
  unless(condition: Value, emit: () => void): void {
    const [failed, fine] = this.branch(condition);
    failed.cold = true;
    this.arm(failed, () => {
      emit();
      if (this.b.current !== null) this.b.unreachable();
    });
    this.enter(fine);
  }

  // ---- statements -----------------------------------------------------------------------------------------------------------

  /** A value of one of two ways; `test` ends the block with edges to both. */
  choose(type: Type, test: (then: Block, otherwise: Block) => void, then: () => Value, otherwise: () => Value): Value {
    const { b } = this;
    const [first, second, end] = [b.block(), b.block(), b.block()];
    const result = b.variable(type);
    test(first, second);
    for (const [block, emit] of new Map([
      [first, then],
      [second, otherwise],
    ]))
      this.arm(block, () => {
        b.define(result, emit());
        b.jump(end);
      });
    this.enter(end);
    return b.use(result);
  }

  /** A loop that polls; `test` ends its first block with edges to the body and to what follows the loop. */
  loop(test: (body: Block, end: Block) => void, body: () => void): void {
    const { b } = this;
    const [head, inside, end] = [b.block(), b.block(), b.block()];
    b.jump(head);
    b.switchTo(head);
    const mark = this.mark();
    test(inside, end);
    this.enter(inside);
    body();
    b.poll();
    b.jump(head);
    b.seal(head);
    this.forget(mark);
    this.enter(end);
  }

  /**
   * A value of a body that is watched. `handler` is given what the body threw and may `finish` with a value in blocks of its own; where it comes
   * back, that is thrown again. `cleanup` runs behind body and handler, however they end.
   */
  watched(
    type: Type,
    body: () => Value,
    handler: ((exception: Value, finish: (value: Value) => void) => void) | null,
    cleanup: (() => void) | null,
  ): Value {
    const { b } = this;
    const result = b.variable(type);
    const thrown = b.variable("ref");
    const outer = b.unwindTo;
    const [end, last] = [b.block(), b.block()];
    const finish = (value: Value): void => {
      b.define(result, value);
      b.define(thrown, b.nullRef());
      b.jump(cleanup === null ? end : last);
    };
    const behind = cleanup === null ? null : b.handlerBlock();
    const first = handler === null ? behind : b.handlerBlock();
    const mark = this.mark();
    b.unwindTo = first?.block ?? outer;
    finish(body());
    this.forget(mark);
    b.unwindTo = behind?.block ?? outer;
    if (handler !== null && first !== null)
      this.arm(first.block, () => {
        handler(this.solid(first.exception), finish);
        b.throw(first.exception);
      });
    b.unwindTo = outer;
    if (cleanup !== null && behind !== null) {
      this.enter(behind.block);
      b.define(thrown, behind.exception);
      b.jump(last);
      this.enter(last);
      cleanup();
      const [fine, again] = this.branch(b.op("isnull", b.use(thrown)));
      this.enter(again);
      b.throw(b.use(thrown));
      this.enter(fine);
      b.jump(end);
    }
    this.enter(end);
    return b.use(result);
  }
}
