/**
 * WebAssembly locals and frame slots for values, by live range.
 *
 * Takes      live ranges (live.ts).
 * Leaves     for each value a local of its class; values with disjoint ranges share. Block parameters get the local of an argument
 *            where possible, so that the edge needs no move. The same walk gives frame slots.
 * Costs      linear: positions ascend, and each range ends once.
 *
 * Few locals matter: V8's first tier clears them at entry and spills them at calls.
 */
import { NO_VALUE, type Value } from "#ir";
import type { Flat } from "./flat.ts";
import type { Live } from "./live.ts";
import { ROLE_ROOT } from "./select.ts";
import { OP_NUMBER } from "./traits.ts";

/** Result defined while operands are still needed. */
const ALLOC = OP_NUMBER.alloc;

/** Number of the local that holds the stack pointer. */
export const LOCAL_SP = 0;

export class Locals {
  /** By value: its local, or -1. */
  readonly localOf: Int32Array;
  /** By local: class of its type (flat.ts). Parameters come first: stack pointer, the function's own, slot. */
  readonly classes: number[];
  /** The local of the hidden last parameter. */
  readonly slotLocal: number;

  constructor(flat: Flat, live: Live, keepSlot: boolean) {
    const params = flat.func.entry.params;
    this.localOf = flat.scratch.i32(flat.types.length).fill(-1);
    this.slotLocal = params.length + 1;
    this.classes = [0];
    for (const param of params) this.classes.push(flat.classOf[param]!);
    this.classes.push(0);
    const scan = new LocalScan(flat, live, this);
    params.forEach((param, index) => {
      scan.occupy(param, index + 1);
    });
    if (!keepSlot) scan.free(this.slotLocal);
    scan.run();
  }

  /** A local more, for the code generator's own purposes. */
  add(valueClass: number): number {
    this.classes.push(valueClass);
    return this.classes.length - 1;
  }

  /** The declaration of the locals that are no parameters: runs of count and type. */
  declaration(types: readonly number[]): number[] {
    const runs: number[] = [];
    for (let i = this.slotLocal + 1; i < this.classes.length; i++) {
      const type = types[this.classes[i]!]!;
      if (runs[runs.length - 1] === type) runs[runs.length - 2]!++;
      else runs.push(1, type);
    }
    return runs;
  }
}

class LocalScan {
  readonly #flat: Flat;
  readonly #live: Live;
  readonly #out: Locals;
  /** By position: the first value whose range ends there; by value: the next such. -1: none. */
  readonly #endingAt: Int32Array;
  readonly #nextEnding: Int32Array;
  #released = -1;
  /** By class: a stack of free locals; some may have been taken meanwhile. */
  readonly #free: number[][] = [[], [], [], []];
  readonly #isFree: boolean[] = [];
  /** By value: a value at the other end of an edge, or -1. */
  readonly #partner: Int32Array;

  constructor(flat: Flat, live: Live, out: Locals) {
    this.#flat = flat;
    this.#live = live;
    this.#out = out;
    this.#endingAt = flat.scratch.i32(2 * flat.code.length + 3).fill(-1);
    this.#nextEnding = flat.scratch.i32(flat.types.length).fill(-1);
    this.#partner = flat.scratch.i32(flat.types.length).fill(-1);
    this.#findPartners();
  }

  #findPartners(): void {
    const { edges, graph } = this.#flat;
    const partner = this.#partner;
    for (let i = 0; i < graph.order.length; i++) {
      const id = graph.order[i]!;
      for (let e = graph.succStart[id]!; e < graph.succStart[id + 1]!; e++) {
        const edge = edges[e]!;
        const args = edge.args;
        if (args.length === 0) continue;
        const params = edge.target.params;
        const from = params.length - args.length;
        for (let k = 0; k < args.length; k++) {
          const arg = args[k]!;
          const param = params[from + k]!;
          if (arg === param || !this.#live.needsLocal(arg)) continue;
          if (partner[param]! < 0) partner[param] = arg;
          if (partner[arg]! < 0) partner[arg] = param;
        }
      }
    }
  }

  /** Gives a function's parameter its local. */
  occupy(value: Value, local: number): void {
    this.#out.localOf[value] = local;
    this.#isFree[local] = false;
    this.#endAt(value, this.#live.lastUse[value]!);
  }

  free(local: number): void {
    this.#isFree[local] = true;
    this.#free[this.#out.classes[local]!]!.push(local);
  }

  run(): void {
    const flat = this.#flat;
    const { graph, code } = flat;
    const roles = this.#live.roles;
    for (let i = 0; i < graph.order.length; i++) {
      const id = graph.order[i]!;
      const start = flat.start[id]!;
      if (id !== 0) {
        // First those that get the local of an argument, before others take it.
        const params = flat.block(id).params;
        for (const param of params) if (flat.needed[param] === 1) this.#defineLikePartner(param, 2 * start);
        for (const param of params) {
          if (flat.needed[param] === 1 && this.#out.localOf[param]! < 0) this.#define(param, 2 * start);
        }
      }
      for (let at = start; at < flat.end[id]!; at++) {
        if (roles[at] !== ROLE_ROOT) continue;
        const result = code[at]!.result;
        if (result === NO_VALUE) continue;
        const early = flat.ops[at] === ALLOC;
        if (flat.uses[result] === 0 && !early) continue;
        this.#define(result, early ? 2 * at + 1 : 2 * at + 2);
      }
    }
  }

  #defineLikePartner(value: Value, position: number): void {
    this.#releaseBefore(position);
    const partner = this.#partner[value]!;
    if (partner < 0) return;
    const local = this.#out.localOf[partner]!;
    if (local >= 0 && this.#isFree[local] === true) this.#give(value, local, position);
  }

  #define(value: Value, position: number): void {
    this.#releaseBefore(position);
    const partner = this.#partner[value]!;
    let local = partner < 0 ? -1 : this.#out.localOf[partner]!;
    if (local < 0 || this.#isFree[local] !== true) local = this.#take(this.#flat.classOf[value]!);
    this.#give(value, local, position);
  }

  #give(value: Value, local: number, position: number): void {
    this.#isFree[local] = false;
    this.#out.localOf[value] = local;
    this.#endAt(value, Math.max(this.#live.lastUse[value]!, position));
  }

  #take(valueClass: number): number {
    const free = this.#free[valueClass]!;
    for (let local = free.pop(); local !== undefined; local = free.pop())
      if (this.#isFree[local] === true) return local;
    return this.#out.add(valueClass);
  }

  #endAt(value: Value, position: number): void {
    this.#nextEnding[value] = this.#endingAt[position]!;
    this.#endingAt[position] = value;
  }

  #releaseBefore(position: number): void {
    while (this.#released < position - 1) {
      this.#released++;
      for (let value = this.#endingAt[this.#released]!; value >= 0; value = this.#nextEnding[value]!) {
        this.free(this.#out.localOf[value]!);
      }
    }
  }
}

/** Numbers from 0 for values, such that values with overlapping ranges differ; `values` in the order of definition. */
export function packRanges(
  values: readonly Value[],
  from: (value: Value) => number,
  live: Live,
  slotOf: Int32Array,
): number {
  const ends: number[] = [];
  const free: number[] = [];
  let count = 0;
  // Few values have slots, so ends are searched.
  const active: number[] = [];
  for (const value of values) {
    const start = from(value);
    for (let i = active.length - 1; i >= 0; i--) {
      const slot = active[i]!;
      if (ends[slot]! >= start) continue;
      free.push(slot);
      active[i] = active[active.length - 1]!;
      active.pop();
    }
    const slot = free.pop() ?? count++;
    slotOf[value] = slot;
    ends[slot] = live.lastUse[value]!;
    active.push(slot);
  }
  return count;
}
