/**
 * Loads of what is known.
 *
 * Takes      SSA with dominators, numbered: equal addresses are the same values.
 * Leaves     no load of what a load or store on every way here has loaded or stored, where nothing between may have changed it: the value of
 *            then stands for it. A narrow load of what a narrow store stored extends that.
 * Relies on  Inst.alias; objects not overlapping, accesses at fixed offsets from a reference staying in its object. What another thread stores is
 *            seen after the next operation that synchronises: an atomic access, a fence, a call. A poll, or an allocation, ends only what has no alias.
 * Costs      one walk in reverse postorder with at most MOST known values; for loops one more over their stores.
 * Shown by   tests/passes/loads-*.ir
 */
import { type Block, effectsOf, type Func, Inst, isPlainAccess, loops, type Op, predecessors, type Value } from "#ir";
import { type Access, accessOf, keyOf, mayOverlap } from "./addresses.ts";
import { DefinitionTable } from "./definitions.ts";
import type { Pass, Work } from "./pass.ts";
import { Renaming } from "./rename.ts";

/** Values known at a time; blocks times this many steps are what the pass costs at most. */
const MOST = 160;

export const loads: Pass = {
  name: "loads",
  says: "Drops loads of what was loaded or stored before.",
  run: (work) => new Loads(work).run(),
  needs: ["dominators", "numbered"],
  breaks: ["numbered"],
};

/** What is known of memory: a load of the address gives the value. */
interface Known extends Access {
  readonly value: Value;
}

type State = Map<string, Known>;

/** What is no longer known: anything but constants, what has no alias, or what overlaps. */
type Kill = "all" | "unnamed" | Access;

/** What an instruction does to what is known. */
export function killOf(inst: Inst, table: DefinitionTable): Kill | null {
  if (isPlainAccess(inst.op)) return inst.op.startsWith("load") ? null : accessOf(inst, table);
  // Its slow path may call anything.
  if (inst.op === "ensure") return "all";
  const effects = effectsOf(inst);
  if (effects.includes("writes")) return "all";
  return effects.includes("slow-safepoint") || effects.includes("safepoint") ? "unnamed" : null;
}

const EXTENDS: Readonly<Partial<Record<Op, "sext8" | "sext16" | number>>> = {
  load8s: "sext8",
  load16s: "sext16",
  load8u: 0xff,
  load16u: 0xffff,
};

class Loads {
  readonly #work: Work;
  readonly #func: Func;
  readonly #table: DefinitionTable;
  readonly #renaming = new Renaming();
  /** By block number: what is known at its end. */
  readonly #ends: (State | undefined)[] = [];
  #state: State = new Map();
  #out: Inst[] = [];

  constructor(work: Work) {
    this.#work = work;
    this.#func = work.func;
    this.#table = new DefinitionTable(work.func);
  }

  run(): void {
    const { dominators } = this.#work;
    const func = this.#func;
    if (!func.blocks.some((block) => block.insts.some((inst) => inst.op.startsWith("load")))) return;
    const preds = predecessors(func);
    const found = loops(func, dominators, preds);
    const crooked = new Set(found.irreducible);
    const headers = new Set(found.headers);
    for (const block of dominators.order) {
      const at = dominators.position[block.id]!;
      const before = preds[block.id]!.filter((pred) => dominators.position[pred.id]! < at);
      this.#state = crooked.has(block) ? new Map() : this.#meet(before);
      if (headers.has(block)) {
        const latches = preds[block.id]!.filter((pred) => dominators.position[pred.id]! >= at);
        this.#killInLoop(block, latches, preds);
      }
      this.#out = [];
      for (const inst of block.insts) this.#inst(inst);
      block.insts = this.#out;
      this.#ends[block.id] = this.#state;
    }
    this.#renaming.apply(func);
  }

  /** What is known at the ends of all these blocks. */
  #meet(before: readonly Block[]): State {
    const [first, ...others] = before.map((block) => this.#ends[block.id]!);
    if (first === undefined) return new Map();
    const state: State = new Map();
    for (const [key, known] of first) {
      let alias = known.alias;
      const isEverywhere = others.every((other) => {
        const same = other.get(key);
        if (same?.value !== known.value) return false;
        // Constant only if it is so on all ways; any alias is true of the address.
        if (same.alias !== alias) alias = Math.max(alias, same.alias);
        return true;
      });
      if (isEverywhere) state.set(key, alias === known.alias ? known : { ...known, alias });
    }
    return state;
  }

  #killInLoop(header: Block, latches: readonly Block[], preds: readonly Block[][]): void {
    const body = new Set([header, ...latches]);
    for (const block of body) if (block !== header) for (const pred of preds[block.id]!) body.add(pred);
    for (const block of body) {
      for (const inst of block.insts) {
        if (this.#state.size === 0) return;
        const kill = killOf(inst, this.#table);
        if (kill !== null) this.#kill(kill);
      }
    }
  }

  #kill(kill: Kill): void {
    const state = this.#state;
    for (const [key, known] of state) {
      if (known.alias < 0) continue;
      if (kill === "all" || (kill === "unnamed" ? known.alias === 0 : mayOverlap(known, kill))) state.delete(key);
    }
  }

  #inst(inst: Inst): void {
    this.#renaming.inst(inst);
    if (isPlainAccess(inst.op)) {
      const access = accessOf(inst, this.#table);
      if (!inst.op.startsWith("load")) this.#store(inst, access);
      else if (this.#load(inst, access)) return;
    } else {
      const kill = killOf(inst, this.#table);
      if (kill !== null) this.#kill(kill);
    }
    this.#out.push(inst);
  }

  /** Whether the load is not needed. */
  #load(inst: Inst, access: Access): boolean {
    const what = inst.op === "load" ? this.#func.typeOf(inst.result) : inst.op;
    const key = keyOf(access, what);
    const known = this.#state.get(key);
    if (known !== undefined && this.#work.spend(inst.op, inst.result)) {
      if (access.alias < 0 && known.alias >= 0) this.#state.set(key, { ...known, alias: access.alias });
      this.#renaming.replace(inst.result, known.value);
      return true;
    }
    const extends_ = EXTENDS[inst.op];
    const stored = extends_ === undefined ? undefined : this.#state.get(keyOf(access, `store${8 * access.bytes}`));
    if (extends_ !== undefined && stored !== undefined && this.#work.spend(`${inst.op} of a store`, inst.result)) {
      const instead = new Inst(typeof extends_ === "number" ? "and" : extends_, [stored.value], inst.pos);
      if (typeof extends_ === "number") instead.args.push(this.#constant(extends_, inst.pos));
      instead.result = inst.result;
      this.#out.push(instead);
      this.#table.set(instead);
      this.#note(key, access, inst.result);
      return true;
    }
    this.#note(key, access, inst.result);
    return false;
  }

  #store(inst: Inst, access: Access): void {
    this.#kill(access);
    const state = this.#state;
    // Of a constant too: what is said of the object's making holds for loads behind it.
    const value = inst.args[1]!;
    const what = inst.op === "store8" || inst.op === "store16" ? inst.op : this.#func.typeOf(value);
    const key = keyOf(access, what);
    state.delete(key);
    this.#note(key, access, value);
  }

  #note(key: string, access: Access, value: Value): void {
    if (this.#state.size < MOST) this.#state.set(key, { ...access, value });
  }

  #constant(number: number, pos: number): Value {
    const inst = new Inst("const", [], pos);
    inst.imm = number;
    inst.result = this.#func.newValue("i32");
    this.#out.push(inst);
    this.#table.set(inst);
    return inst.result;
  }
}
