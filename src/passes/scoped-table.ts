/**
 * A hash table of instructions by operation, operands and what else they carry, that forgets what was entered since a mark: for
 * walks of the dominator tree.
 */
import { type Func, type Inst, NO_VALUE, type Op, ops, TYPES, type Type, type Value } from "#ir";
import { commutes } from "./traits.ts";

const OP_NUMBERS = new Map<Op, number>((Object.keys(ops) as Op[]).map((op, index) => [op, index]));
const TYPE_NUMBERS = new Map<Type, number>(TYPES.map((type, index) => [type, index]));

export class ScopedTable {
  readonly #func: Func;
  readonly #heads: Int32Array;
  readonly #insts: Inst[] = [];
  readonly #hashes: number[] = [];
  readonly #next: number[] = [];

  /** @param room about how many instructions it will hold */
  constructor(func: Func, room: number) {
    this.#func = func;
    this.#heads = new Int32Array(1 << Math.max(4, 32 - Math.clz32(room))).fill(-1);
  }

  /** An equal instruction that is in the table, or null. */
  find(inst: Inst): Inst | null {
    for (let at = this.#heads[this.#hash(inst)]!; at >= 0; at = this.#next[at]!) {
      const other = this.#insts[at]!;
      if (this.#isSame(inst, other)) return other;
    }
    return null;
  }

  add(inst: Inst): void {
    const hash = this.#hash(inst);
    this.#insts.push(inst);
    this.#hashes.push(hash);
    this.#next.push(this.#heads[hash]!);
    this.#heads[hash] = this.#insts.length - 1;
  }

  mark(): number {
    return this.#insts.length;
  }

  /** Forgets what was added since the mark. */
  release(mark: number): void {
    for (let at = this.#insts.length - 1; at >= mark; at--) this.#heads[this.#hashes[at]!] = this.#next[at]!;
    this.#insts.length = mark;
    this.#hashes.length = mark;
    this.#next.length = mark;
  }

  #typeNumber(value: Value): number {
    return value === NO_VALUE ? -1 : TYPE_NUMBERS.get(this.#func.typeOf(value))!;
  }

  #hash(inst: Inst): number {
    const { args } = inst;
    let hash = OP_NUMBERS.get(inst.op)! * 31 + this.#typeNumber(inst.result);
    if (args.length === 2 && commutes(inst.op)) {
      hash = Math.imul(hash, 0x9e3779b1) + args[0]! + args[1]!;
    } else {
      for (let i = 0; i < args.length; i++) hash = Math.imul(hash, 0x9e3779b1) + args[i]!;
    }
    hash = Math.imul(hash, 0x85ebca6b) + inst.imm;
    if (inst.bits !== 0n) hash ^= Number(BigInt.asIntN(32, inst.bits ^ (inst.bits >> 32n)));
    hash = Math.imul(hash, 0xc2b2ae35);
    return (hash ^ (hash >>> 15)) & (this.#heads.length - 1);
  }

  #isSame(a: Inst, b: Inst): boolean {
    if (a.op !== b.op || a.imm !== b.imm || a.bits !== b.bits || a.slot !== b.slot) return false;
    if (this.#typeNumber(a.result) !== this.#typeNumber(b.result)) return false;
    const left = a.args;
    const right = b.args;
    if (left.length !== right.length) return false;
    let same = true;
    for (let i = 0; i < left.length; i++) same &&= left[i] === right[i];
    return same || (left.length === 2 && commutes(a.op) && left[0] === right[1] && left[1] === right[0]);
  }
}
