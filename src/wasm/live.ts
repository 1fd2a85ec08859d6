/**
 * Liveness of the values that need a local, and what of them is live across each safepoint.
 *
 * Takes      a flat function and the roles of its instructions.
 * Leaves     sets of live values at block boundaries, the last position of each value's live range, and snapshots: the
 *            references that the collector must find while a safepoint is in progress.
 * Relies on  a definition dominates its uses, so in reverse postorder a live range is [definition, `lastUse`].
 *
 * Positions: the instruction at place i uses its operands at 2i + 1 and defines its result at 2i + 2; the parameters of
 * a block that starts at i are defined at 2i. Operands of a tree are used at the position of its root.
 */
import { type Edge, NO_VALUE, type Value } from "#ir";
import type { Flat } from "./flat.ts";
import { ROLE_REPEAT, ROLE_ROOT, ROLE_TREE } from "./select.ts";
import { IS_CHECK, IS_SAFEPOINT, IS_SLOW_SAFEPOINT, LAST } from "./traits.ts";

export class Live {
  readonly flat: Flat;
  readonly roles: Uint8Array;
  /** By value: position of the last use; 0 if there is none. */
  readonly lastUse: Int32Array;
  /** The values that live across a block's boundary, and by value the number in this list, or -1. */
  readonly globals: Value[] = [];
  readonly globalOf: Int32Array;
  /** Sets over `globals`: `words` words for each block. */
  readonly words: number;
  readonly liveIn: Int32Array;
  readonly liveOut: Int32Array;
  /** By instruction: number of its snapshot, or -1. Snapshot n: snapshotValues[snapshotStart[n]] up to snapshotStart[n + 1]. */
  readonly snapshotOf: Int32Array;
  readonly snapshotStart: number[] = [0];
  readonly snapshotValues: Value[] = [];

  /** Per block and value: uses in other blocks than the defining one, as pairs. */
  readonly #upward: number[] = [];
  #block = 0;
  #position = 0;

  constructor(flat: Flat, roles: Uint8Array) {
    this.flat = flat;
    this.roles = roles;
    const count = flat.types.length;
    this.lastUse = flat.scratch.i32(count);
    this.globalOf = flat.scratch.i32(count).fill(-1);
    this.#findUses();
    this.words = (this.globals.length + 31) >>> 5;
    const size = this.words * flat.graph.count;
    this.liveIn = flat.scratch.i32(size);
    this.liveOut = flat.scratch.i32(size);
    if (size > 0) this.#solve();
    this.snapshotOf = flat.scratch.i32(flat.code.length).fill(-1);
  }

  /** Whether the value is kept in a local. */
  needsLocal(value: Value): boolean {
    const at = this.flat.defAt[value]!;
    return at < 0 || this.roles[at] === ROLE_ROOT;
  }

  #findUses(): void {
    const { flat, roles } = this;
    const { graph, code } = flat;
    for (let i = 0; i < graph.order.length; i++) {
      const id = graph.order[i]!;
      this.#block = id;
      for (let at = flat.start[id]!; at < flat.end[id]!; at++) {
        if (roles[at] !== ROLE_ROOT) continue;
        this.#position = 2 * at + 1;
        this.#operands(at);
        const inst = code[at]!;
        for (let e = 0; e < inst.edges.length; e++) this.#edge(inst.edges[e]!);
        if (inst.unwind !== null) this.#edge(inst.unwind);
      }
    }
  }

  #edge(edge: Edge): void {
    const args = edge.args;
    const from = edge.target.params.length - args.length;
    for (let i = 0; i < args.length; i++) {
      if (this.flat.needed[edge.target.params[from + i]!] === 1) this.#use(args[i]!);
    }
  }

  #operands(at: number): void {
    const args = this.flat.code[at]!.args;
    for (let i = 0; i < args.length; i++) this.#use(args[i]!);
  }

  #use(value: Value): void {
    const at = this.flat.defAt[value]!;
    if (at >= 0) {
      const role = this.roles[at];
      if (role === ROLE_TREE) {
        this.#operands(at);
        return;
      }
      if (role === ROLE_REPEAT) return;
    }
    this.lastUse[value] = this.#position;
    if (this.flat.defBlock[value] !== this.#block) {
      if (this.globalOf[value]! < 0) {
        this.globalOf[value] = this.globals.length;
        this.globals.push(value);
      }
      this.#upward.push(this.#block, this.globalOf[value]!);
    }
  }

  #solve(): void {
    const { flat, words, liveIn, liveOut, globals, lastUse } = this;
    const { graph } = flat;
    const upward = this.#upward;
    for (let i = 0; i < upward.length; i += 2) {
      const g = upward[i + 1]!;
      liveIn[upward[i]! * words + (g >>> 5)]! |= 1 << (g & 31);
    }
    const defined = flat.scratch.i32(liveIn.length);
    for (let g = 0; g < globals.length; g++) {
      defined[flat.defBlock[globals[g]!]! * words + (g >>> 5)]! |= 1 << (g & 31);
    }
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = graph.order.length - 1; i >= 0; i--) {
        const id = graph.order[i]!;
        const base = id * words;
        for (let w = 0; w < words; w++) {
          let out = 0;
          for (let e = graph.succStart[id]!; e < graph.succStart[id + 1]!; e++)
            out |= liveIn[graph.succ[e]! * words + w]!;
          liveOut[base + w] = out;
          const before = liveIn[base + w]!;
          const now = before | (out & ~defined[base + w]!);
          if (now !== before) {
            liveIn[base + w] = now;
            changed = true;
          }
        }
      }
    }
    for (let i = 0; i < graph.order.length; i++) {
      const id = graph.order[i]!;
      const position = 2 * flat.end[id]! - 1;
      for (let w = 0; w < words; w++) {
        let bits = liveOut[id * words + w]!;
        while (bits !== 0) {
          const bit = 31 - Math.clz32(bits & -bits);
          bits &= bits - 1;
          const value = globals[(w << 5) + bit]!;
          if (lastUse[value]! < position) lastUse[value] = position;
        }
      }
    }
  }

  /** Fills in the snapshots. */
  takeSnapshots(): void {
    const { flat } = this;
    const order = flat.graph.order;
    const walk = new SnapshotWalk(this);
    for (let i = 0; i < order.length; i++) {
      const id = order[i]!;
      if (blockNeedsSnapshots(flat, id)) walk.block(id);
    }
  }
}

function blockNeedsSnapshots(flat: Flat, id: number): boolean {
  const start = flat.start[id]!;
  const end = flat.end[id]!;
  if (flat.safepoints[start] !== flat.safepoints[end]) return true;
  for (let at = Math.max(start, end - 2); at < end; at++) if (flat.code[at]!.unwind !== null) return true;
  return false;
}

/** Goes through a block backwards, with the set of live references. */
class SnapshotWalk {
  readonly #live: Live;
  readonly #flat: Flat;
  /** The set: its members, and by value the place among them, or -1. */
  readonly #members: Value[] = [];
  readonly #place: Int32Array;

  constructor(live: Live) {
    this.#live = live;
    this.#flat = live.flat;
    this.#place = live.flat.scratch.i32(live.flat.types.length).fill(-1);
  }

  block(id: number): void {
    const flat = this.#flat;
    for (const value of this.#members) this.#place[value] = -1;
    this.#members.length = 0;
    this.#addGlobals(this.#live.liveOut, id);
    for (let at = flat.end[id]! - 1; at >= flat.start[id]!; at--) {
      if (this.#live.roles[at] === ROLE_ROOT) this.#instruction(at);
    }
  }

  #addGlobals(sets: Int32Array, id: number): void {
    const { words, globals } = this.#live;
    for (let w = 0; w < words; w++) {
      let bits = sets[id * words + w]!;
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        const value = globals[(w << 5) + bit]!;
        if (this.#flat.traced[value] === 1) this.#add(value);
      }
    }
  }

  #add(value: Value): void {
    if (this.#place[value]! >= 0) return;
    this.#place[value] = this.#members.length;
    this.#members.push(value);
  }

  #remove(value: Value): void {
    const place = this.#place[value]!;
    if (place < 0) return;
    const last = this.#members.pop()!;
    if (last !== value) {
      this.#members[place] = last;
      this.#place[last] = place;
    }
    this.#place[value] = -1;
  }

  /** What is evaluated last comes first. */
  #instruction(at: number): void {
    const flat = this.#flat;
    const inst = flat.code[at]!;
    if (inst.result !== NO_VALUE) this.#remove(inst.result);
    for (let e = inst.edges.length - 1; e >= 0; e--) this.#edge(inst.edges[e]!);
    if (inst.unwind !== null) this.#edge(inst.unwind);
    const traits = flat.traits[at]!;
    if ((traits & (IS_SAFEPOINT | IS_SLOW_SAFEPOINT)) !== 0) this.#snapshot(at);
    else if ((traits & IS_CHECK) !== 0 && inst.unwind !== null) this.#handlerSnapshot(at, inst.unwind);
    const args = inst.args;
    const last = LAST[flat.ops[at]!]!;
    for (let k = 0; k < last; k++) this.#operand(args[k]!);
    for (let k = args.length - 1; k >= last; k--) this.#operand(args[k]!);
  }

  #edge(edge: Edge): void {
    const args = edge.args;
    const from = edge.target.params.length - args.length;
    for (let i = args.length - 1; i >= 0; i--) {
      if (this.#flat.needed[edge.target.params[from + i]!] === 1) this.#operand(args[i]!);
    }
  }

  #operand(value: Value): void {
    const at = this.#flat.defAt[value]!;
    if (at >= 0) {
      const role = this.#live.roles[at];
      if (role === ROLE_TREE) {
        this.#instruction(at);
        return;
      }
      if (role === ROLE_REPEAT) return;
    }
    if (this.#flat.traced[value] === 1) this.#add(value);
  }

  #snapshot(at: number): void {
    const live = this.#live;
    live.snapshotOf[at] = live.snapshotStart.length - 1;
    for (const value of this.#members) live.snapshotValues.push(value);
    live.snapshotStart.push(live.snapshotValues.length);
  }

  /** A check that fails goes on in the handler only. */
  #handlerSnapshot(at: number, unwind: Edge): void {
    const live = this.#live;
    const { words, globals, globalOf } = live;
    live.snapshotOf[at] = live.snapshotStart.length - 1;
    const base = unwind.target.id * words;
    const out = live.snapshotValues;
    for (let w = 0; w < words; w++) {
      let bits = live.liveIn[base + w]!;
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        const value = globals[(w << 5) + bit]!;
        if (this.#flat.traced[value] === 1) out.push(value);
      }
    }
    const from = unwind.target.params.length - unwind.args.length;
    for (let i = 0; i < unwind.args.length; i++) {
      const value = unwind.args[i]!;
      if (this.#flat.traced[value] === 0 || this.#flat.needed[unwind.target.params[from + i]!] === 0) continue;
      if (!live.needsLocal(value)) continue;
      const g = globalOf[value]!;
      if (g >= 0 && (live.liveIn[base + (g >>> 5)]! & (1 << (g & 31))) !== 0) continue;
      if (!out.includes(value, live.snapshotStart[live.snapshotStart.length - 1]!)) out.push(value);
    }
    live.snapshotStart.push(out.length);
  }
}
