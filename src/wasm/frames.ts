/**
 * The frame on the shadow stack: which references have a home slot in it, and where they have to be saved and reloaded.
 *
 * Takes      liveness with its snapshots.
 * Leaves     the frame's layout, and per block which references are saved (their home holds them) and fresh (their local does).
 * Relies on  at every point a live reference that has a home is saved or fresh.
 *
 * The life of such a reference:
 *
 *   defined:            fresh, not saved
 *   before a safepoint: saved, if it is live across and was not saved; the collector updates homes, so then it is not fresh
 *   before a use:       reloaded if it is not fresh
 *
 * Where paths meet, what one path has saved and another has not counts as not saved, so it must be fresh: the edges on which it is not
 * reload it. Slow paths (polls, allocation) save and reload by themselves and change nothing.
 *
 *   sp' ─▶ ┌──────────────┬────────────────────┬──────────────────────────┐ ◀─ sp
 *          │ site address │ home slots         │ frame areas, 8-aligned   │
 *          └──────────────┴────────────────────┴──────────────────────────┘
 */
import { NO_VALUE, type Value } from "#ir";
import { FRAME_SLOTS, MAP_IREF, MAP_REF } from "#layout";
import { Bug } from "#support";
import type { Flat } from "./flat.ts";
import type { Live } from "./live.ts";
import { packRanges } from "./locals.ts";
import { ROLE_REPEAT, ROLE_ROOT, ROLE_TREE } from "./select.ts";
import { IS_CHECK, IS_SAFEPOINT, IS_SLOW_SAFEPOINT, IS_THROW, LAST, OP_NUMBER } from "./traits.ts";

const ALLOC = OP_NUMBER.alloc;

const FRAME_NOT_FOR_CALLS = 0;
const FRAME_IN_COLD_CODE = 1;
const FRAME_AT_ENTRY = 2;

/** Below this stack pointers do not lie, so a frame of this size cannot wrap around. */
const MAX_FRAME_BYTES = 1 << 17;

export class Frames {
  readonly #flat: Flat;
  readonly #live: Live;
  /** Size of the frame; 0: the function needs none. */
  readonly bytes: number;
  /** Size of the frame without its areas. */
  readonly smallBytes: number;
  /** Whether the frame is set up at entry, or only in cold code. */
  readonly atEntry: boolean;
  /** Offset of each frame area. */
  readonly areaOffsets: number[] = [];
  /** By block: whether it is rarely executed. */
  readonly cold: Uint8Array;
  /** By block: the snapshot of the stack check at its start, or -1. */
  readonly checks: Int32Array;
  /** The references with a home, by value the number in this list (-1: no home), and the home slot. */
  readonly homed: Value[] = [];
  readonly homedOf: Int32Array;
  readonly slotOf: Int32Array;
  /** Sets over `homed`, `words` for each block: saved and fresh at its start and end; live at its start. */
  readonly words: number;
  readonly savedIn: Int32Array;
  readonly savedOut: Int32Array;
  readonly freshIn: Int32Array;
  readonly freshOut: Int32Array;
  readonly liveIn: Int32Array;
  /** What is saved on the edges into a block, if it was not before: see `forceSaves`. */
  readonly forced: Int32Array;

  constructor(flat: Flat, live: Live) {
    this.#flat = flat;
    this.#live = live;
    const { func, graph } = flat;
    this.cold = findCold(flat);
    this.checks = flat.scratch.i32(graph.count).fill(-1);
    this.homedOf = flat.scratch.i32(flat.types.length).fill(-1);
    this.slotOf = this.homedOf;
    let sites = func.areas.length > 0;
    let atEntry = sites;
    const { traits } = flat;
    for (let at = 0; at < traits.length; at++) {
      if ((traits[at]! & (IS_SAFEPOINT | IS_SLOW_SAFEPOINT | IS_CHECK)) !== 0) {
        sites = true;
        break;
      }
    }
    if (sites) {
      live.takeSnapshots();
      const needs = this.#needsFrame();
      if (!atEntry) atEntry = needs === FRAME_AT_ENTRY;
      if (atEntry) this.#checkAt(0);
      else if (needs === FRAME_IN_COLD_CODE) this.#checkColdRegions();
    }
    this.atEntry = atEntry;
    let slots = 0;
    if (live.snapshotValues.length > 0) {
      this.slotOf = flat.scratch.i32(flat.types.length).fill(-1);
      slots = this.#giveHomes();
    }
    this.smallBytes = sites ? (FRAME_SLOTS + 4 * slots + 7) & ~7 : 0;
    let bytes = this.smallBytes;
    for (const area of func.areas) {
      this.areaOffsets.push(bytes);
      bytes += (area.bytes + 7) & ~7;
    }
    if (bytes > MAX_FRAME_BYTES) throw Bug.missing(`frames of ${bytes} bytes`, { function: func.name });
    this.bytes = bytes;

    this.words = (this.homed.length + 31) >>> 5;
    const size = this.words * graph.count;
    this.savedIn = flat.scratch.i32(size);
    this.savedOut = flat.scratch.i32(size);
    this.freshIn = flat.scratch.i32(size);
    this.freshOut = flat.scratch.i32(size);
    this.liveIn = flat.scratch.i32(size);
    this.forced = flat.scratch.i32(size);
    if (size > 0) this.#solve();
  }

  /** Whether calls need a frame at entry. */
  #needsFrame(): number {
    const { graph, ops } = this.#flat;
    const { order } = graph;
    let needs = FRAME_NOT_FOR_CALLS;
    for (let i = 0; i < order.length; i++) {
      if (!this.#calls(order[i]!)) continue;
      if (this.cold[order[i]!] === 0) return FRAME_AT_ENTRY;
      needs = FRAME_IN_COLD_CODE;
    }
    if (needs === FRAME_NOT_FOR_CALLS || !ops.includes(ALLOC)) return needs;
    // A stack check in the middle of the function must not come between an allocation and the store of the object's header.
    for (let i = 0; i < order.length; i++) if (this.#allocatesForOthers(order[i]!)) return FRAME_AT_ENTRY;
    return needs;
  }

  /** Whether code that is not cold may see an object before its header was stored. */
  #allocatesForOthers(id: number): boolean {
    const { ops, start, end, graph, caught } = this.#flat;
    const at = ops.indexOf(ALLOC, start[id]!);
    if (at < 0 || at >= end[id]!) return false;
    if (this.cold[id] === 0) return true;
    for (let e = graph.succStart[id]!; e < graph.succStart[id + 1]!; e++) {
      if (!caught[e] && this.cold[graph.succ[e]!] === 0) return true;
    }
    return false;
  }

  /** Stack checks where control goes from common code to cold code that calls. */
  #checkColdRegions(): void {
    const { graph } = this.#flat;
    const { order, succStart, succ, predStart, preds } = graph;
    const calls = this.#flat.scratch.u8(graph.count);
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = order.length - 1; i >= 0; i--) {
        const id = order[i]!;
        if (this.cold[id] === 0 || calls[id] === 1) continue;
        let found = this.#calls(id);
        for (let e = succStart[id]!; e < succStart[id + 1]! && !found; e++) found = calls[succ[e]!] === 1;
        if (!found) continue;
        calls[id] = 1;
        changed = true;
      }
    }
    for (let i = 0; i < order.length; i++) {
      const id = order[i]!;
      if (calls[id] === 0) continue;
      let entered = id === 0;
      for (let p = predStart[id]!; p < predStart[id + 1]! && !entered; p++) entered = this.cold[preds[p]!] === 0;
      if (entered) this.#checkAt(id);
    }
  }

  #calls(id: number): boolean {
    const { traits, start, end } = this.#flat;
    for (let at = start[id]!; at < end[id]!; at++) if ((traits[at]! & IS_SAFEPOINT) !== 0) return true;
    return false;
  }

  /** A stack check at the start of the block: everything live there is live across it. */
  #checkAt(id: number): void {
    const { snapshotStart, snapshotValues, globals, words, liveIn } = this.#live;
    const { traced, needed } = this.#flat;
    this.checks[id] = snapshotStart.length - 1;
    for (const param of this.#flat.block(id).params) {
      if (traced[param] === 1 && needed[param] === 1) snapshotValues.push(param);
    }
    for (let w = 0; w < words; w++) {
      let bits = liveIn[id * words + w]!;
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        const value = globals[(w << 5) + bit]!;
        if (traced[value] === 1) snapshotValues.push(value);
      }
    }
    snapshotStart.push(snapshotValues.length);
  }

  /** Gives every value of a snapshot a home; the number of slots. */
  #giveHomes(): number {
    const { homed, homedOf } = this;
    const { defAt, defBlock, start } = this.#flat;
    for (const value of this.#live.snapshotValues) {
      if (homedOf[value]! >= 0) continue;
      homedOf[value] = homed.length;
      homed.push(value);
    }
    const from = (value: Value): number => {
      const at = defAt[value]!;
      return at < 0 ? 2 * start[defBlock[value]!]! : 2 * at + 2;
    };
    homed.sort((a, b) => from(a) - from(b));
    homed.forEach((value, index) => {
      homedOf[value] = index;
    });
    return packRanges(homed, from, this.#live, this.slotOf);
  }

  #solve(): void {
    const { words, savedIn, savedOut, freshIn, freshOut, liveIn } = this;
    const flat = this.#flat;
    const graph = flat.graph;
    const { order, predStart, preds, predEdges } = graph;
    const transfer = new Transfer(flat, this.#live, this);
    for (let i = 0; i < order.length; i++) transfer.block(order[i]!);
    const { savedGen, savedKill, freshGen, stale } = transfer;
    this.#homedLiveIn();
    if (!graph.irreducible) forceSaves(flat, this, transfer);
    const { forced } = this;
    savedOut.fill(-1);
    freshOut.fill(-1);
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = 0; i < order.length; i++) {
        const id = order[i]!;
        for (let w = 0; w < words; w++) {
          let saved = id === 0 ? 0 : -1;
          for (let p = predStart[id]!; p < predStart[id + 1]!; p++) {
            if (!flat.caught[predEdges[p]!]) saved &= savedOut[preds[p]! * words + w]!;
          }
          const at = id * words + w;
          saved |= forced[at]!;
          savedIn[at] = saved;
          const out = (saved & ~savedKill[at]!) | savedGen[at]!;
          if (out !== savedOut[at]) {
            savedOut[at] = out;
            changed = true;
          }
        }
      }
    }
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = 0; i < order.length; i++) {
        const id = order[i]!;
        for (let w = 0; w < words; w++) {
          let fresh = -1;
          for (let p = predStart[id]!; p < predStart[id + 1]!; p++) {
            fresh &= flat.caught[predEdges[p]!] ? 0 : freshOut[preds[p]! * words + w]!;
          }
          const at = id * words + w;
          fresh |= liveIn[at]! & ~savedIn[at]!;
          freshIn[at] = fresh;
          const out = (stale[id] === 1 ? 0 : fresh) | freshGen[at]!;
          if (out !== freshOut[at]) {
            freshOut[at] = out;
            changed = true;
          }
        }
      }
    }
  }

  /** The sets of live values at the starts of blocks, as sets over `homed`. */
  #homedLiveIn(): void {
    const { words, liveIn, homedOf } = this;
    const live = this.#live;
    const order = this.#flat.graph.order;
    for (let i = 0; i < order.length; i++) {
      const id = order[i]!;
      for (let w = 0; w < live.words; w++) {
        let bits = live.liveIn[id * live.words + w]!;
        while (bits !== 0) {
          const bit = 31 - Math.clz32(bits & -bits);
          bits &= bits - 1;
          const h = homedOf[live.globals[(w << 5) + bit]!]!;
          if (h >= 0) liveIn[id * words + (h >>> 5)]! |= 1 << (h & 31);
        }
      }
    }
  }

  /** The map of a site where the references of the snapshot (-1: none) are in their homes. */
  map(snapshot: number, withAreas = true): number[] {
    const map: number[] = [];
    const mark = (word: number, kind: number): void => {
      const index = word >>> 4;
      while (map.length <= index) map.push(0);
      map[index] = (map[index]! | (kind << ((word & 15) * 2))) >>> 0;
    };
    if (snapshot >= 0) {
      const { snapshotStart, snapshotValues } = this.#live;
      const types = this.#flat.types;
      for (let i = snapshotStart[snapshot]!; i < snapshotStart[snapshot + 1]!; i++) {
        const value = snapshotValues[i]!;
        mark(this.slotOf[value]!, types[value] === "iref" ? MAP_IREF : MAP_REF);
      }
    }
    if (withAreas) {
      const areas = this.#flat.func.areas;
      for (let i = 0; i < areas.length; i++) {
        for (const ref of areas[i]!.refs) mark((this.areaOffsets[i]! + ref - FRAME_SLOTS) >>> 2, MAP_REF);
      }
    }
    return map;
  }
}

/** Blocks that the translator called cold or that end in a throw, and those from which control only goes to such. */
function findCold(flat: Flat): Uint8Array {
  const { graph, edges, caught } = flat;
  const cold = flat.scratch.u8(graph.count);
  for (let i = graph.order.length - 1; i >= 0; i--) {
    const id = graph.order[i]!;
    const block = flat.block(id);
    const last = flat.end[id]! - 1;
    const first = graph.succStart[id]!;
    let isCold = block.cold || (flat.traits[last]! & (IS_THROW | IS_CHECK)) !== 0;
    if (!isCold && first < graph.succStart[id + 1]! && flat.code[last]!.edges.length > 0) {
      isCold = true;
      for (let e = first; e < graph.succStart[id + 1]! && isCold; e++) {
        if (!caught[e] && cold[edges[e]!.target.id] === 0) isCold = false;
      }
    }
    if (isCold) cold[id] = 1;
  }
  return cold;
}

/** What each block does to the sets, found by going through it in the order of evaluation. */
class Transfer {
  readonly savedGen: Int32Array;
  readonly savedKill: Int32Array;
  readonly freshGen: Int32Array;
  /** What the block uses, and what is live across its safepoints. */
  readonly used: Int32Array;
  readonly crossing: Int32Array;
  /** By block: whether everything that was fresh at its start no longer is at its end. */
  readonly stale: Uint8Array;
  readonly #flat: Flat;
  readonly #live: Live;
  readonly #frames: Frames;
  #base = 0;
  #id = 0;

  constructor(flat: Flat, live: Live, frames: Frames) {
    this.#flat = flat;
    this.#live = live;
    this.#frames = frames;
    const size = frames.words * flat.graph.count;
    this.savedGen = flat.scratch.i32(size);
    this.savedKill = flat.scratch.i32(size);
    this.freshGen = flat.scratch.i32(size);
    this.used = flat.scratch.i32(size);
    this.crossing = flat.scratch.i32(size);
    this.stale = flat.scratch.u8(flat.graph.count);
  }

  block(id: number): void {
    const flat = this.#flat;
    this.#id = id;
    this.#base = id * this.#frames.words;
    for (const param of flat.block(id).params) this.#define(param);
    for (let at = flat.start[id]!; at < flat.end[id]!; at++) {
      if (this.#live.roles[at] !== ROLE_ROOT) continue;
      this.#instruction(at, true);
      // Uses by edges reload without keeping the result: the state at the end of a block is the same for all its edges.
      const inst = flat.code[at]!;
      for (const edge of inst.edges) {
        const from = edge.target.params.length - edge.args.length;
        for (let i = 0; i < edge.args.length; i++) {
          if (flat.needed[edge.target.params[from + i]!] === 1) this.#operand(edge.args[i]!, false);
        }
      }
    }
  }

  #define(value: Value): void {
    const h = this.#frames.homedOf[value]!;
    if (h < 0) return;
    const at = this.#base + (h >>> 5);
    const bit = 1 << (h & 31);
    this.savedGen[at]! &= ~bit;
    this.savedKill[at]! |= bit;
    this.freshGen[at]! |= bit;
  }

  #instruction(at: number, keeps: boolean): void {
    const flat = this.#flat;
    const inst = flat.code[at]!;
    const args = inst.args;
    const last = LAST[flat.ops[at]!]!;
    for (let k = last; k < args.length; k++) this.#operand(args[k]!, keeps);
    for (let k = last - 1; k >= 0; k--) this.#operand(args[k]!, keeps);
    if ((flat.traits[at]! & IS_SAFEPOINT) !== 0) this.#safepoint(at);
    if (inst.result !== NO_VALUE) this.#define(inst.result);
  }

  #operand(value: Value, keeps: boolean): void {
    const at = this.#flat.defAt[value]!;
    if (at >= 0) {
      const role = this.#live.roles[at];
      if (role === ROLE_TREE) {
        this.#instruction(at, keeps);
        return;
      }
      if (role === ROLE_REPEAT) return;
    }
    const h = this.#frames.homedOf[value]!;
    if (h < 0) return;
    this.used[this.#base + (h >>> 5)]! |= 1 << (h & 31);
    if (keeps) this.freshGen[this.#base + (h >>> 5)]! |= 1 << (h & 31);
  }

  #safepoint(at: number): void {
    const { words, homedOf } = this.#frames;
    this.stale[this.#id] = 1;
    for (let w = 0; w < words; w++) this.freshGen[this.#base + w] = 0;
    const { snapshotOf, snapshotStart, snapshotValues } = this.#live;
    const snapshot = snapshotOf[at]!;
    for (let i = snapshotStart[snapshot]!; i < snapshotStart[snapshot + 1]!; i++) {
      const h = homedOf[snapshotValues[i]!]!;
      this.savedGen[this.#base + (h >>> 5)]! |= 1 << (h & 31);
      this.crossing[this.#base + (h >>> 5)]! |= 1 << (h & 31);
    }
  }
}

/**
 * References that come into a loop are saved once before it, rather than in each round, if a safepoint in the loop crosses them
 * in every round, or if the loop does not use them (so that it need not reload them either).
 */
function forceSaves(flat: Flat, frames: Frames, transfer: Transfer): void {
  const { graph } = flat;
  const { order, loopOf, loopParent, predStart, preds, rank } = graph;
  const { words, forced, liveIn } = frames;
  const used = flat.scratch.i32(forced.length);
  const crossing = flat.scratch.i32(forced.length);
  const always = flat.scratch.i32(forced.length);
  let any = false;
  for (let i = 0; i < order.length; i++) {
    const id = order[i]!;
    for (let header = loopOf[id]!; header >= 0; header = loopParent[header]!) {
      let everyRound = transfer.stale[id] === 1;
      if (everyRound) any = true;
      for (let p = predStart[header]!; p < predStart[header + 1]! && everyRound; p++) {
        if (rank[preds[p]!]! >= rank[header]!) everyRound = graph.dominates(id, preds[p]!);
      }
      for (let w = 0; w < words; w++) {
        used[header * words + w]! |= transfer.used[id * words + w]!;
        crossing[header * words + w]! |= transfer.crossing[id * words + w]!;
        if (everyRound) always[header * words + w]! |= transfer.crossing[id * words + w]!;
      }
    }
  }
  if (!any) return;
  for (let i = 1; i < order.length; i++) {
    const id = order[i]!;
    if (loopOf[id] !== id) continue;
    for (let w = id * words; w < (id + 1) * words; w++) {
      forced[w] = liveIn[w]! & (always[w]! | (crossing[w]! & ~used[w]!));
    }
  }
}
