/** Values that were replaced by others, and the function's operands after that. */
import { type Block, type Func, type Inst, NO_VALUE, type Value } from "#ir";

export class Renaming {
  /** By value: what stands for it, directly or through others; NO_VALUE if itself. */
  readonly #instead: Value[] = [];
  /** Whether anything was replaced. */
  any = false;

  /** From now on `by` stands for the value. `by` must not stand for nothing but the value itself. */
  replace(value: Value, by: Value): void {
    const target = this.find(by);
    if (target === value) return;
    const instead = this.#instead;
    while (instead.length <= value) instead.push(NO_VALUE);
    instead[value] = target;
    this.any = true;
  }

  find(value: Value): Value {
    const instead = this.#instead;
    let found = value;
    for (;;) {
      const next = instead[found];
      if (next === undefined || next === NO_VALUE) break;
      found = next;
    }
    // Those on the way need not go it again.
    for (let at = value; at !== found; ) {
      const next = instead[at] as Value;
      instead[at] = found;
      at = next;
    }
    return found;
  }

  inst(inst: Inst): void {
    this.#list(inst.args);
    for (const edge of inst.edges) this.#list(edge.args);
    if (inst.unwind !== null) this.#list(inst.unwind.args);
  }

  block(block: Block): void {
    for (const inst of block.insts) this.inst(inst);
  }

  /** Writes what stands for each value into every operand of the function. */
  apply(func: Func): void {
    if (!this.any) return;
    for (const block of func.blocks) this.block(block);
  }

  #list(values: Value[]): void {
    if (!this.any) return;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as Value;
      const found = this.find(value);
      if (found !== value) values[i] = found;
    }
  }
}
