/** By value: the instruction that defines it; undefined for parameters of blocks. */
import { type Func, type Inst, NO_VALUE, type Value } from "#ir";

export class DefinitionTable {
  readonly func: Func;
  readonly #insts: (Inst | undefined)[];

  constructor(func: Func) {
    this.func = func;
    const insts: (Inst | undefined)[] = new Array(func.types.length).fill(undefined);
    for (const block of func.blocks) {
      for (const inst of block.insts) if (inst.result !== NO_VALUE) insts[inst.result] = inst;
    }
    this.#insts = insts;
  }

  definition(value: Value): Inst | undefined {
    return this.#insts[value];
  }

  /** The value is defined by this from now on. */
  set(inst: Inst): void {
    if (inst.result !== NO_VALUE) this.#insts[inst.result] = inst;
  }

  /** Whether the value is a constant of 32 bits with this number (or a null). */
  isNumber(value: Value, number: number): boolean {
    const inst = this.#insts[value];
    if (inst === undefined || inst.op !== "const" || inst.imm !== number) return false;
    const type = this.func.typeOf(value);
    return type !== "i64" && type !== "f64";
  }
}
