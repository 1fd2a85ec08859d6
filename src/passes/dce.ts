/**
 * Dead code.
 *
 * Takes      SSA without unreachable blocks.
 * Leaves     no instruction without effect, and no parameter of a block, whose value nothing needs that has an effect. Parameters of the entry
 *            and the thrown object of a handler stay.
 * Relies on  what is undefined behaviour need not be kept: a division whose result is not used can go. Checks stay, as they throw.
 * Costs      proportional to what is alive.
 * Shown by   tests/passes/dce-*.ir
 */
import { type Inst, NO_VALUE, type Value } from "#ir";
import { dropParams, incomingByBlock } from "./params.ts";
import type { Pass, Work } from "./pass.ts";
import { isIdle } from "./traits.ts";

export const dce: Pass = {
  name: "dce",
  says: "Drops instructions and parameters whose values nothing needs.",
  run,
  needs: ["reachable"],
};

function run(work: Work): void {
  const { func } = work;
  const count = func.types.length;
  const definitions: (Inst | undefined)[] = new Array(count).fill(undefined);
  /** By value, for parameters: what its edges give. */
  const givenTo: (Value[] | undefined)[] = new Array(count).fill(undefined);
  const alive = new Uint8Array(count);
  const list: Value[] = [];
  const need = (value: Value): void => {
    if (alive[value] === 1) return;
    alive[value] = 1;
    list.push(value);
  };
  const incoming = incomingByBlock(func);
  for (const block of func.blocks) {
    for (let i = 0; i < block.params.length; i++) {
      const values: Value[] = [];
      for (const { edge, given } of incoming[block.id]!) if (i >= given) values.push(edge.args[i - given]!);
      givenTo[block.params[i]!] = values;
    }
    // It stays, so what else is given for it does too.
    if (incoming[block.id]!.some(({ given }) => given === 1)) need(block.params[0]!);
    for (const inst of block.insts) {
      if (inst.result !== NO_VALUE) definitions[inst.result] = inst;
      if (!isIdle(inst)) for (const arg of inst.args) need(arg);
    }
  }
  for (let value = list.pop(); value !== undefined; value = list.pop()) {
    for (const arg of definitions[value]?.args ?? givenTo[value] ?? []) need(arg);
  }
  // All or nothing: what is dead uses what is dead.
  let spent = false;
  const mayDrop = (): boolean => {
    spent ||= work.spend("dead code");
    return spent;
  };
  for (const block of func.blocks) {
    const isDead = (inst: Inst): boolean => isIdle(inst) && (inst.result === NO_VALUE || alive[inst.result] === 0);
    if (block.insts.some(isDead)) {
      if (!mayDrop()) return;
      block.insts = block.insts.filter((inst) => !isDead(inst));
    }
    if (block.id === 0 || block.params.length === 0) continue;
    const into = incoming[block.id]!;
    const first = into.some(({ given }) => given === 1) ? 1 : 0;
    const isDeadParam = (index: number): boolean => index >= first && alive[block.params[index]!] === 0;
    if (!block.params.some((_, index) => isDeadParam(index))) continue;
    if (!mayDrop()) return;
    const dead = block.params.map((_, index) => isDeadParam(index));
    dropParams(block, into, (index) => dead[index]!);
  }
}
