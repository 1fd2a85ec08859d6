/**
 * What the lowering of every operation uses: operands, locals, frames, call sites, imports.
 *
 * Takes      a flat function with roles, locals and frames.
 * Leaves     bytes of the function's body, written by lower.ts (operations) and structure.ts (control flow) through this.
 * Relies on  code is written in the order in which frames.ts looked at it: the running state (saved, fresh) is the one it found.
 */
import type { Edge, Func, Inst, TrapKind, Value } from "#ir";
import { CARRIER_STACK_LIMIT, FRAME_SITE, FRAME_SLOTS, POS_INSIDE } from "#layout";
import { Assembler } from "./assembler.ts";
import { WASM_F32, WASM_F64, WASM_I32, WASM_I64, WASM_VOID } from "./encode.ts";
import { CLASS_I32, Flat } from "./flat.ts";
import { Frames } from "./frames.ts";
import { Live } from "./live.ts";
import { LOCAL_SP, Locals } from "./locals.ts";
import { lowerInst } from "./lower.ts";
import type { CodeModule } from "./module.ts";
import {
  OP_BLOCK,
  OP_BR,
  OP_CALL_INDIRECT,
  OP_DROP,
  OP_I32_ADD,
  OP_I32_LOAD,
  OP_I32_LT_U,
  OP_I32_STORE,
  OP_I32_SUB,
  OP_TRY_TABLE,
  OP_UNREACHABLE,
} from "./opcodes.ts";
import { writePrologue } from "./prologue.ts";
import type { Scratch } from "./scratch.ts";
import { ROLE_ROOT, selectTrees } from "./select.ts";
import { Sites } from "./sites.ts";
import { Structure } from "./structure.ts";
import { OP_NUMBER } from "./traits.ts";

/** What compiled code is to be connected with. */
export interface BackEnd {
  /** Whether modules say what their functions are called, for profilers. */
  readonly names?: boolean;
  /** Address of the card table (CONTROL_CARDS), if the collector's plan wants a write barrier. */
  readonly cards?: number;
  /** Whether references are loaded and stored, and release stores made, atomically (CONTROL_WEAK_ORDER). */
  readonly weakOrder?: boolean;
  /** Slot of the function that throws the traps of a kind: (i32, i32) -> (). */
  trapSlot(kind: TrapKind): number;
  /**
   * Makes the record of a call site (see the layout's SITE_*) and gives its address.
   *
   * @param frameBytes size of the frame
   * @param functionId Func.id
   * @param pos Inst.pos of the call
   * @param map two bits per word of the frame after the first
   * @param caller if the function is expanded in another one: the record of the call there, whose frame size and map say nothing; else 0
   */
  addSite(
    frameBytes: number,
    functionId: number,
    pos: number,
    map: Uint32Array | readonly number[],
    caller: number,
  ): number;
}

/** By class of value. */
export const WASM_OF_CLASS: readonly number[] = [WASM_I32, WASM_I64, WASM_F32, WASM_F64];

const OWNSLOT = OP_NUMBER.ownslot;
const PTRADD = OP_NUMBER.ptradd;
/** Constants up to this are taken into the offsets of loads and stores: no object or record of a guest wraps around. */
const MAX_FOLDED_OFFSET = 1 << 24;

export class Emitter extends Assembler {
  readonly env: BackEnd;
  readonly func: Func;
  readonly flat: Flat;
  readonly roles: Uint8Array;
  readonly frames: Frames;
  readonly locals: Locals;
  readonly live: Live;
  readonly structure: Structure;

  /** Which of the references with homes are saved and fresh here. */
  readonly saved: Int32Array;
  readonly fresh: Int32Array;
  /** While set, reloads do not make references fresh (see Transfer in frames.ts). */
  frozen = false;

  /** Holds sp' in cold code of functions without a frame at entry; -1: not needed so far. */
  #coldSp = -1;
  /** Locals for addresses and the like that are not in use now. */
  readonly #temporaries: number[] = [];
  /** The last site whose map had no references: its position and address. */
  #plainPos = Number.NaN;
  #plainSite = 0;
  readonly #sites: Sites;

  constructor(func: Func, env: BackEnd, module: CodeModule, scratch: Scratch) {
    const flat = new Flat(func, scratch);
    super(module, scratch, 64 + 8 * flat.code.length);
    this.env = env;
    this.func = func;
    this.#sites = new Sites(func, env);
    this.flat = flat;
    this.roles = selectTrees(flat);
    this.live = new Live(flat, this.roles);
    this.frames = new Frames(flat, this.live);
    this.locals = new Locals(flat, this.live, flat.ops.includes(OWNSLOT));
    this.saved = scratch.i32(this.frames.words);
    this.fresh = scratch.i32(this.frames.words);
    this.structure = new Structure(this);
  }

  run(): void {
    writePrologue(this);
    this.structure.run();
    const name = this.env.names === true ? this.func.name : null;
    this.finishFunction(this.func.signature, this.locals.declaration(WASM_OF_CLASS), name);
  }

  // ---- operands -----------------------------------------------------------------------------------------------------------------

  /** Pushes a value: evaluates its tree, makes it again, or gets its local, reloading it if necessary. */
  value(value: Value): void {
    const at = this.flat.defAt[value]!;
    if (at >= 0 && this.roles[at] !== ROLE_ROOT) {
      lowerInst(this, at);
      return;
    }
    this.localValue(value);
  }

  /** Pushes a value that has a local. */
  localValue(value: Value): void {
    const h = this.frames.homedOf[value]!;
    if (h < 0 || (this.fresh[h >>> 5]! & (1 << (h & 31))) !== 0) {
      this.getLocal(this.locals.localOf[value]!);
      return;
    }
    this.#loadHome(value);
    if (this.frozen) return;
    this.teeLocal(this.locals.localOf[value]!);
    this.fresh[h >>> 5]! |= 1 << (h & 31);
  }

  /**
   * Pushes the base of a memory access.
   *
   * @returns the offset that is left for the instruction: constant summands of the address become part of it
   */
  address(base: Value, offset: number): number {
    const { flat, roles } = this;
    let value = base;
    let total = offset;
    for (;;) {
      const at = flat.defAt[value]!;
      if (at < 0 || roles[at] === ROLE_ROOT || flat.ops[at] !== PTRADD) break;
      const inst = flat.code[at]!;
      const index = flat.defAt[inst.args[1]!]!;
      if (index < 0 || flat.code[index]!.op !== "const") break;
      const bytes = flat.code[index]!.imm;
      if (bytes < 0 || bytes > MAX_FOLDED_OFFSET) break;
      total += bytes;
      value = inst.args[0]!;
    }
    this.value(value);
    return total;
  }

  /** The instruction that makes the value, if it is a constant. */
  constant(value: Value): Inst | null {
    const at = this.flat.defAt[value]!;
    if (at < 0) return null;
    const inst = this.flat.code[at]!;
    return inst.op === "const" ? inst : null;
  }

  /** Class of the value's type (flat.ts). */
  classOf(value: Value): number {
    return this.flat.classOf[value]!;
  }

  /** Pops the result of a root into its local, or drops it. */
  setResult(result: Value): void {
    const local = this.locals.localOf[result]!;
    if (local < 0) this.out.byte(OP_DROP);
    else this.setLocal(local);
    this.defined(result);
  }

  /** From here on the value's local holds it. */
  defined(value: Value): void {
    const h = this.frames.homedOf[value]!;
    if (h < 0) return;
    this.fresh[h >>> 5]! |= 1 << (h & 31);
    this.saved[h >>> 5]! &= ~(1 << (h & 31));
  }

  // ---- frames and sites ---------------------------------------------------------------------------------------------------------

  /** Pushes the stack pointer this function was called with. */
  incomingSp(): void {
    this.getLocal(LOCAL_SP);
    if (!this.frames.atEntry) return;
    this.i32(this.frames.bytes);
    this.out.byte(OP_I32_ADD);
  }

  /** Pushes this function's own stack pointer. In functions without a frame at entry this comes first in each piece of cold code. */
  ownSp(): void {
    this.getLocal(LOCAL_SP);
    if (this.frames.atEntry) return;
    this.i32(this.frames.bytes);
    this.out.byte(OP_I32_SUB);
    if (this.#coldSp < 0) this.#coldSp = this.locals.add(CLASS_I32);
    this.teeLocal(this.#coldSp);
  }

  /** Pushes what `ownSp` pushed before. */
  #sameSp(): void {
    this.getLocal(this.frames.atEntry ? LOCAL_SP : this.#coldSp);
  }

  /** Where in the frame the reference's home is. */
  homeOffset(value: Value): number {
    return FRAME_SLOTS + 4 * this.frames.slotOf[value]!;
  }

  #loadHome(value: Value): void {
    this.getLocal(LOCAL_SP);
    if (!this.frames.atEntry) {
      this.i32(this.frames.bytes);
      this.out.byte(OP_I32_SUB);
    }
    this.memory(OP_I32_LOAD, 2, this.homeOffset(value));
  }

  /** Saves a reference outside of a safepoint's own code. */
  #storeHome(value: Value): void {
    this.getLocal(LOCAL_SP);
    if (!this.frames.atEntry) {
      this.i32(this.frames.bytes);
      this.out.byte(OP_I32_SUB);
    }
    this.getLocal(this.locals.localOf[value]!);
    this.memory(OP_I32_STORE, 2, this.homeOffset(value));
  }

  /** Pushes the address of a frame area. */
  areaAddress(area: number): void {
    this.getLocal(LOCAL_SP);
    this.i32(this.frames.areaOffsets[area]!);
    this.out.byte(OP_I32_ADD);
  }

  /** A local for an i32, until it is given back. */
  takeTemporary(): number {
    return this.#temporaries.pop() ?? this.locals.add(CLASS_I32);
  }

  giveTemporary(local: number): void {
    this.#temporaries.push(local);
  }

  /** Whether the reference's local and its home hold it. */
  #isFresh(value: Value): boolean {
    const h = this.frames.homedOf[value]!;
    return (this.fresh[h >>> 5]! & (1 << (h & 31))) !== 0;
  }

  #isSaved(value: Value): boolean {
    const h = this.frames.homedOf[value]!;
    return (this.saved[h >>> 5]! & (1 << (h & 31))) !== 0;
  }

  /**
   * To be written right before a call, when its operands are on the stack: saves the references of the snapshot (-1: none) and stores
   * the site. `ownSp` must have been pushed before.
   */
  site(snapshot: number, pos: number): void {
    this.saveAll(snapshot);
    this.#sameSp();
    this.i32(this.#siteAddress(snapshot, pos));
    this.memory(OP_I32_STORE, 2, FRAME_SITE);
  }

  saveAll(snapshot: number): void {
    if (snapshot < 0) return;
    const { snapshotStart, snapshotValues } = this.live;
    for (let i = snapshotStart[snapshot]!; i < snapshotStart[snapshot + 1]!; i++) {
      const value = snapshotValues[i]!;
      if (this.#isSaved(value)) continue;
      this.#sameSp();
      this.getLocal(this.locals.localOf[value]!);
      this.memory(OP_I32_STORE, 2, this.homeOffset(value));
    }
  }

  addSite(frameBytes: number, pos: number, map: Uint32Array | readonly number[]): number {
    return this.#sites.add(frameBytes, pos, map);
  }

  #siteAddress(snapshot: number, pos: number): number {
    const { frames, live } = this;
    const plain = snapshot < 0 || live.snapshotStart[snapshot] === live.snapshotStart[snapshot + 1];
    if (plain && this.#plainPos === pos) return this.#plainSite;
    const address = this.addSite(frames.bytes, pos, frames.map(snapshot));
    if (plain) {
      this.#plainPos = pos;
      this.#plainSite = address;
    }
    return address;
  }

  /** After a call on the common path: what was live is in its home only. */
  afterSafepoint(snapshot: number): void {
    this.fresh.fill(0);
    if (snapshot < 0) return;
    const { snapshotStart, snapshotValues } = this.live;
    for (let i = snapshotStart[snapshot]!; i < snapshotStart[snapshot + 1]!; i++) {
      const h = this.frames.homedOf[snapshotValues[i]!]!;
      this.saved[h >>> 5]! |= 1 << (h & 31);
    }
  }

  /** At the end of a slow path that goes on: reloads what was fresh before it. */
  reloadFresh(snapshot: number): void {
    if (snapshot < 0) return;
    const { snapshotStart, snapshotValues } = this.live;
    for (let i = snapshotStart[snapshot]!; i < snapshotStart[snapshot + 1]!; i++) {
      const value = snapshotValues[i]!;
      if (!this.#isFresh(value)) continue;
      this.#sameSp();
      this.memory(OP_I32_LOAD, 2, this.homeOffset(value));
      this.setLocal(this.locals.localOf[value]!);
    }
  }

  /** The running state at the start of a block. */
  enterBlock(id: number): void {
    this.#loadState(this.frames.savedIn, this.frames.freshIn, id);
    for (const param of this.flat.block(id).params) this.defined(param);
    const check = this.frames.checks[id]!;
    if (check >= 0 && !this.frames.atEntry && !this.func.inReserve) {
      this.ownSp();
      this.carrier();
      this.memory(OP_I32_LOAD, 2, CARRIER_STACK_LIMIT);
      this.out.byte(OP_I32_LT_U);
      this.coldIf();
      this.#sameSp();
      this.i32(0);
      this.site(check, POS_INSIDE);
      this.callImport("rt", "stack", [WASM_I32, WASM_I32], WASM_I32);
      this.coldIf();
      this.#sameSp();
      this.overflow();
      this.close();
      this.reloadFresh(check);
      this.close();
    }
  }

  /** The running state at the end of a block. */
  leaveBlock(id: number): void {
    this.#loadState(this.frames.savedOut, this.frames.freshOut, id);
  }

  #loadState(saved: Int32Array, fresh: Int32Array, id: number): void {
    const words = this.frames.words;
    for (let w = 0; w < words; w++) {
      this.saved[w] = saved[id * words + w]!;
      this.fresh[w] = fresh[id * words + w]!;
    }
  }

  // ---- edges and exceptions -----------------------------------------------------------------------------------------------------

  /** Whether nothing has to be done on the edge in a state: sets of saved and fresh references, `frames.words` words from `base` on. */
  isEmptyEdge(edge: Edge, saved: Int32Array, fresh: Int32Array, base: number): boolean {
    const { frames, flat, locals } = this;
    const target = edge.target.id;
    for (let w = 0; w < frames.words; w++) {
      const at = target * frames.words + w;
      if ((frames.freshIn[at]! & frames.liveIn[at]! & ~fresh[base + w]!) !== 0) return false;
      if ((frames.forced[at]! & ~saved[base + w]!) !== 0) return false;
    }
    const args = edge.args;
    const params = edge.target.params;
    const from = params.length - args.length;
    for (let i = 0; i < args.length; i++) {
      const param = params[from + i]!;
      if (flat.needed[param] === 0) continue;
      const arg = args[i]!;
      if (!this.live.needsLocal(arg) || locals.localOf[arg] !== locals.localOf[param]) return false;
      const h = frames.homedOf[arg]!;
      if (h >= 0 && (fresh[base + (h >>> 5)]! & (1 << (h & 31))) === 0) return false;
    }
    return true;
  }

  /**
   * What has to be done on the edge: arguments into the locals of parameters; saving and reloading what the target expects so.
   * With `keepFirst`, the first parameter's argument is left on the stack.
   */
  edgeMoves(edge: Edge, keepFirst: boolean): void {
    const { frames, flat, locals } = this;
    const args = edge.args;
    const params = edge.target.params;
    const from = params.length - args.length;
    const targets: number[] = [];
    this.frozen = true;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!;
      if (keepFirst && from + i === 0) {
        this.value(arg);
        continue;
      }
      const param = params[from + i]!;
      if (flat.needed[param] === 0) continue;
      const local = locals.localOf[param]!;
      if (
        this.live.needsLocal(arg) &&
        locals.localOf[arg] === local &&
        (frames.homedOf[arg]! < 0 || this.#isFresh(arg))
      ) {
        continue;
      }
      this.value(arg);
      targets.push(local);
    }
    this.frozen = false;
    const target = edge.target.id;
    for (let w = 0; w < frames.words; w++) {
      const at = target * frames.words + w;
      let bits = frames.forced[at]! & ~this.saved[w]!;
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        this.#storeHome(frames.homed[(w << 5) + bit]!);
      }
      bits = frames.freshIn[at]! & frames.liveIn[at]! & ~this.fresh[w]!;
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        const value = frames.homed[(w << 5) + bit]!;
        this.#loadHome(value);
        this.setLocal(locals.localOf[value]!);
      }
    }
    for (let i = targets.length - 1; i >= 0; i--) this.setLocal(targets[i]!);
  }

  /**
   * Writes code that may throw. If the instruction has an unwind edge, the code stands in a try_table; `body` leaves nothing on the
   * stack. The running state must be that of the moment of the throw when `body` returns.
   */
  guarded(inst: Inst, body: () => void): void {
    const edge = inst.unwind;
    if (edge === null) {
      body();
      return;
    }
    const out = this.out;
    const label = this.structure.catchLabel(edge);
    // The state for the edge is known only after the body; whether the edge is empty depends on homes alone.
    if (label >= 0 && this.#isEmptyCaught(edge)) {
      this.#tryTable(label);
      body();
      this.close();
      return;
    }
    this.open(OP_BLOCK, WASM_VOID);
    const done = this.depth;
    this.open(OP_BLOCK, WASM_I32);
    this.#tryTable(this.depth);
    body();
    this.close();
    out.byte(OP_BR);
    out.u32(this.depth - done);
    this.close();
    this.structure.landing(edge);
    this.close();
  }

  /** `label` counts from the outside: the label's depth once it was open. */
  #tryTable(label: number): void {
    const out = this.out;
    out.byte(OP_TRY_TABLE);
    out.byte(WASM_VOID);
    out.u32(1);
    out.byte(0);
    out.u32(this.tag());
    out.u32(this.depth - label);
    this.depth++;
  }

  /** Whether nothing has to be done when a callee throws: everything live in the handler is saved then, and nothing fresh. */
  #isEmptyCaught(edge: Edge): boolean {
    const { words } = this.frames;
    const { scratch } = this.flat;
    return this.isEmptyEdge(edge, scratch.i32(words).fill(-1), scratch.i32(words), 0);
  }

  /** A copy of the running state, to go back to after a path that leaves. */
  copyState(): Int32Array {
    const { saved, fresh } = this;
    const words = saved.length;
    const copy = this.flat.scratch.i32(2 * words);
    for (let w = 0; w < words; w++) {
      copy[w] = saved[w]!;
      copy[words + w] = fresh[w]!;
    }
    return copy;
  }

  restoreState(copy: Int32Array): void {
    const { saved, fresh } = this;
    const words = saved.length;
    for (let w = 0; w < words; w++) {
      saved[w] = copy[w]!;
      fresh[w] = copy[words + w]!;
    }
  }

  /**
   * Calls the trap function of a kind; control does not come back. For cold code.
   *
   * @param a @param b what the trap function is told; null: 0
   */
  trap(inst: Inst, at: number, kind: TrapKind, a: Value | null, b: Value | null): void {
    const snapshot = this.live.snapshotOf[at]!;
    const state = inst.unwind === null ? null : this.copyState();
    this.guarded(inst, () => {
      this.ownSp();
      if (a === null) this.i32(0);
      else this.value(a);
      if (b === null) this.i32(0);
      else this.value(b);
      this.site(snapshot, inst.pos);
      this.callTrap(kind);
      if (state !== null) this.afterSafepoint(snapshot);
    });
    if (state !== null) this.restoreState(state);
  }

  /** The stack is used up; the stack pointer is on the operand stack. */
  overflow(): void {
    this.i32(0);
    this.i32(0);
    this.callTrap("stack");
  }

  /** The call of a trap function, when stack pointer and operands are on the stack. */
  callTrap(kind: TrapKind): void {
    const slot = this.env.trapSlot(kind);
    this.i32(slot);
    this.i32(slot);
    this.callIndirect(OP_CALL_INDIRECT, this.module.type([WASM_I32, WASM_I32, WASM_I32, WASM_I32], 0));
    this.out.byte(OP_UNREACHABLE);
  }
}
