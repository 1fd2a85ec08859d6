/**
 * Constant folding and algebraic rewrites.
 *
 * Takes      SSA without unreachable blocks.
 * Leaves     the same blocks and edges. An operation on constants is a constant, unless it gives a NaN or would trap; where a row of
 *            rules/ applies, its right side stands for its left. What is no longer used stays: that is for `dce`.
 * Relies on  I5 (a definition dominates its uses): in reverse postorder operands are rewritten before what uses them.
 * Costs      one walk; per instruction the rows of its operation.
 * Shown by   tests/passes/fold-*.ir
 */
import { Inst, NO_VALUE, type Op, reversePostorder, type Type, type Value } from "#ir";
import { DefinitionTable } from "./definitions.ts";
import { type Constant, canEvaluate, constantInst, constantOf, evaluate } from "./evaluate.ts";
import type { Pass, Work } from "./pass.ts";
import { Renaming } from "./rename.ts";
import { floatRules } from "./rules/float.rules.ts";
import { compareRules, intRules } from "./rules/int.rules.ts";
import { pointerRules } from "./rules/pointer.rules.ts";
import type { Result, Rule } from "./rules.ts";

/** All rows; of those that begin with the same operation, the first one that applies is taken. */
export const allRules: readonly Rule[] = [...intRules, ...compareRules, ...floatRules, ...pointerRules];

const RULES: ReadonlyMap<Op, readonly Rule[]> = Map.groupBy(allRules, (rule) => rule.root);

/** A row may make place for another one, but not for ever. */
const MAX_STEPS = 32;

export const fold: Pass = {
  name: "fold",
  says: "Computes what is constant, and rewrites operations by the rules of algebra.",
  run: (work) => new Folding(work).run(),
  needs: ["reachable"],
  breaks: ["numbered"],
};

class Folding {
  readonly #work: Work;
  readonly #definitions: DefinitionTable;
  readonly #renaming = new Renaming();
  #out: Inst[] = [];

  constructor(work: Work) {
    this.#work = work;
    this.#definitions = new DefinitionTable(work.func);
  }

  run(): void {
    const { func } = this.#work;
    for (const block of reversePostorder(func)) {
      const { insts } = block;
      this.#out = [];
      for (const inst of insts) {
        this.#renaming.inst(inst);
        this.#simplify(inst);
      }
      block.insts = this.#out;
    }
  }

  /** Puts the instruction, or what is better, behind what was put before. */
  #simplify(first: Inst): void {
    let inst = first;
    for (let step = 0; step < MAX_STEPS; step++) {
      const rows = RULES.get(inst.op);
      const next = this.#evaluated(inst) ?? (rows === undefined ? null : this.#rewritten(inst, rows));
      if (next === null) break;
      if (next === GONE) return;
      inst = next;
    }
    this.#put(inst);
  }

  #put(inst: Inst): void {
    this.#out.push(inst);
    this.#definitions.set(inst);
  }

  /** The constant that the instruction gives, or null. */
  #evaluated(inst: Inst): Inst | null {
    if (inst.args.length === 0 || !canEvaluate(inst.op)) return null;
    const { func } = this.#work;
    for (const arg of inst.args) if (this.#definitions.definition(arg)?.op !== "const") return null;
    const constants: Constant[] = inst.args.map((arg) => constantOf(func, this.#definitions.definition(arg)!));
    const type = func.typeOf(inst.result);
    const cell = evaluate(inst.op, constants, type);
    if (cell === undefined || !this.#work.spend(inst.op, inst.result)) return null;
    return constantInst(type, cell, inst.result, inst.pos);
  }

  /** What stands for the instruction by the first row that applies: an instruction, GONE if another value does, or null. */
  #rewritten(inst: Inst, rows: readonly Rule[]): Inst | null {
    const type = this.#work.func.typeOf(inst.result);
    for (const rule of rows) {
      const result = rule.apply(inst, type, this.#definitions);
      if (result === null) continue;
      if (!this.#work.spend(rule.text, inst.result)) return null;
      if (result.kind === "value") {
        this.#renaming.replace(inst.result, result.value);
        return GONE;
      }
      return this.#make(result, inst.result, inst.pos);
    }
    return null;
  }

  #make(result: Exclude<Result, { kind: "value" }>, value: Value, pos: number): Inst {
    if (result.kind === "constant") return constantInst(result.constant.type, result.constant.cell, value, pos);
    const args = result.args.map((arg) => this.#valueOf(arg, pos));
    const inst = new Inst(result.op, args, pos);
    inst.result = value;
    return inst;
  }

  /** The value of an operand of a new instruction, which may have to be computed first. */
  #valueOf(result: Result, pos: number): Value {
    if (result.kind === "value") return result.value;
    const type: Type = result.kind === "constant" ? result.constant.type : result.type;
    const value = this.#work.func.newValue(type);
    this.#simplify(this.#make(result, value, pos));
    return this.#renaming.find(value);
  }
}

/** The instruction is not needed: another value stands for its result. */
const GONE = new Inst("const", [], NO_VALUE);
