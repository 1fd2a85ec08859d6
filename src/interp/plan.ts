/**
 * What is known of a function before it is interpreted: its steps, its frame, and which references are live where.
 *
 * Takes      a verified function; its blocks and instructions in the order of its text, so that everybody who reads it makes the same plan.
 * Leaves     the function as it was.
 *
 * The frame of an activation on the shadow stack:
 *
 *   sp ─▶ ┌──────────────┬───────────────────────────────────┬──────────────────────────┐ ◀─ the caller's sp
 *         │ site address │ references live at that very call │ frame areas, 8-aligned   │
 *         └──────────────┴───────────────────────────────────┴──────────────────────────┘
 *                          and what is between the two, unused
 *
 * At the stack check at its entry the frame has no areas yet, and begins so much higher.
 */
import {
  type Block,
  effectsOf,
  type Func,
  type Inst,
  isTraced,
  liveness,
  NO_VALUE,
  type TrapKind,
  type Value,
} from "#ir";
import { FRAME_SLOTS, MAP_IREF, MAP_REF } from "#layout";
import { BitSet } from "#support";
import { type Cell, zeroCell } from "./numbers.ts";
import { COMPUTE, type Compute } from "./values.ts";

/** A place where a collection may come: the stack check at the entry, or an instruction that may call. */
export interface Point {
  /** Its place in the plan's list. */
  readonly index: number;
  /** Inst.pos of the instruction; -1 for the entry. */
  readonly pos: number;
  /** The traced values that are live across it, constants left out, in the order of their words in the frame. */
  readonly live: readonly Value[];
}

/** One instruction to be executed. */
export interface Step {
  readonly inst: Inst;
  /** null: the evaluator does it. */
  readonly compute: Compute | null;
  readonly point: Point | null;
}

export class Plan {
  readonly func: Func;
  /** By block. Constants are in `cells`, not here. */
  readonly steps: readonly (readonly Step[])[];
  /** The entry's, then those of the instructions. */
  readonly points: readonly Point[];
  /** What the values of a new activation are: constants, or zero. */
  readonly cells: readonly Cell[];
  /** Size of the frame, and without its areas; multiples of 8. */
  readonly bytes: number;
  readonly smallBytes: number;
  readonly areaOffsets: readonly number[];
  /** Whether the stack is checked at the entry: not for functions that compiled would need no frame for calls. */
  readonly checks: boolean;
  /** What it may throw by itself. */
  readonly traps: ReadonlySet<TrapKind>;

  constructor(func: Func) {
    this.func = func;
    const cells = func.types.map(zeroCell);
    const traps = new Set<TrapKind>();
    let calls = false;
    // Those that are defined: of others, the text says nothing.
    let values = 0;
    const entry: Point = { index: 0, pos: -1, live: func.entry.params.filter((param) => isTraced(func.typeOf(param))) };
    const points = [entry];
    const across = liveAcross(func);
    const steps: Step[][] = [];
    for (const block of func.blocks) {
      const list: Step[] = [];
      values += block.params.length;
      for (const inst of block.insts) {
        if (inst.result !== NO_VALUE) values++;
        if (inst.op === "const") {
          cells[inst.result] = isWide(func, inst.result) ? inst.bits : inst.imm;
          continue;
        }
        const live = across.get(inst);
        const point = live === undefined ? null : { index: points.length, pos: inst.pos, live };
        if (point !== null) points.push(point);
        const kind = inst.trap ?? TRAPS[inst.op];
        if (kind !== undefined) traps.add(kind);
        calls ||= effectsOf(inst).includes("safepoint");
        list.push({ inst, compute: COMPUTE.get(inst.op) ?? null, point });
      }
      steps.push(list);
    }
    this.steps = steps;
    this.points = points;
    this.cells = cells;
    const references = 4 * points.reduce((most, { live }) => Math.max(most, live.length), 0);
    this.smallBytes = alignUp(FRAME_SLOTS + Math.max(references, MIN_BYTES + values));
    const areaOffsets: number[] = [];
    let bytes = this.smallBytes;
    for (const area of func.areas) {
      areaOffsets.push(bytes);
      bytes += alignUp(area.bytes);
    }
    this.bytes = bytes;
    this.areaOffsets = areaOffsets;
    this.checks = !func.inReserve && (calls || func.areas.length > 0);
    if (this.checks) traps.add("stack");
    this.traps = traps;
  }

  /** Bytes of the frame at a point. */
  bytesAt(point: Point): number {
    return point === this.points[0] ? this.smallBytes : this.bytes;
  }

  /** The map of the frame at a point, for its site record: see SITE_MAP. */
  mapAt(point: Point): Uint32Array {
    const map = new Uint32Array(((this.bytesAt(point) - FRAME_SLOTS) / 4 + 15) >>> 4);
    const set = (offset: number, bits: number): void => {
      const word = (offset - FRAME_SLOTS) >>> 2;
      map[word >>> 4]! |= bits << ((word & 15) * 2);
    };
    point.live.forEach((value, index) => {
      set(FRAME_SLOTS + 4 * index, this.func.typeOf(value) === "iref" ? MAP_IREF : MAP_REF);
    });
    if (point !== this.points[0]) {
      this.func.areas.forEach((area, index) => {
        for (const ref of area.refs) set(this.areaOffsets[index]! + ref, MAP_REF);
      });
    }
    return map;
  }
}

/**
 * An activation needs more of V8's stack and heap than of the shadow stack; its frame is made so large that what bounds the shadow stack bounds them too:
 * at most some 20 bytes for each.
 */
const MIN_BYTES = 24;

const TRAPS: Readonly<Partial<Record<string, TrapKind>>> = {
  nullcheck: "null",
  boundscheck: "bounds",
  zerocheck: "zero",
  alloc: "memory",
};

function isWide(func: Func, value: Value): boolean {
  const type = func.typeOf(value);
  return type === "i64" || type === "f64";
}

function alignUp(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** Whether code of others may run in the middle of the instruction, while the frame lives. */
function isPoint(inst: Inst): boolean {
  if (inst.op === "throw" || inst.op === "tailcall") return false;
  const effects = effectsOf(inst);
  return effects.includes("throws") || effects.includes("safepoint") || effects.includes("slow-safepoint");
}

/** For each instruction that is a point, the traced values that are used after it, on any way. */
function liveAcross(func: Func): Map<Inst, Value[]> {
  const across = new Map<Inst, Value[]>();
  if (!func.blocks.some((block) => block.insts.some(isPoint))) return across;
  const sets = liveness(func);
  const constants = new BitSet(func.types.length);
  for (const block of func.blocks) {
    for (const inst of block.insts) if (inst.op === "const") constants.add(inst.result);
  }
  const use = (live: BitSet, values: readonly Value[]): void => {
    for (const value of values) live.add(value);
  };
  for (const block of func.blocks) scan(block);
  return across;

  function scan(block: Block): void {
    const live = sets.liveOut(block);
    for (let at = block.insts.length - 1; at >= 0; at--) {
      const inst = block.insts[at]!;
      for (const edge of inst.edges) use(live, edge.args);
      if (inst.unwind !== null) use(live, inst.unwind.args);
      if (inst.result !== NO_VALUE) live.delete(inst.result);
      if (isPoint(inst)) across.set(inst, tracedOf(live));
      use(live, inst.args);
    }
  }

  function tracedOf(live: BitSet): Value[] {
    const found: Value[] = [];
    for (const value of live as Iterable<Value>) {
      if (isTraced(func.typeOf(value)) && !constants.has(value)) found.push(value);
    }
    return found;
  }
}
