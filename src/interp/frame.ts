/** An activation of a function in the interpreter. */
import type { Edge, Inst, Type, Value } from "#ir";
import { isTraced } from "#ir";
import { FRAME_SLOTS } from "#layout";
import type { CellMemory } from "./memory.ts";
import type { Cell } from "./numbers.ts";
import type { Plan, Point, Step } from "./plan.ts";

export class Frame {
  readonly plan: Plan;
  /** By value. */
  readonly cells: Cell[];
  /** The stack pointer this was called with. */
  readonly callerSp: number;
  /** The stack pointer its callees get. */
  readonly sp: number;
  /** The hidden parameter. */
  readonly slot: number;
  readonly carrier: number;
  /** The steps of the block that is executed, and the next one. */
  steps: readonly Step[];
  at = 0;

  /** Arguments are not set yet, nor areas zeroed. */
  constructor(plan: Plan, callerSp: number, slot: number, carrier: number) {
    this.plan = plan;
    this.cells = plan.cells.slice();
    this.callerSp = callerSp;
    this.slot = slot;
    this.carrier = carrier;
    this.sp = callerSp - plan.bytes;
    this.steps = plan.steps[0]!;
  }

  /** The step that was executed last: the one that waits, between two runs. */
  get step(): Step {
    return this.steps[this.at - 1]!;
  }

  /** The cell of an operand. */
  arg(inst: Inst, index: number): Cell {
    return this.cells[inst.args[index]!]!;
  }

  /** The cells of the operands from a number on. */
  argsFrom(inst: Inst, first: number): Cell[] {
    const { args } = inst;
    const cells: Cell[] = [];
    for (let index = first; index < args.length; index++) cells.push(this.cells[args[index]!]!);
    return cells;
  }

  typeOf(value: Value): Type {
    return this.plan.func.types[value]!;
  }

  areaAddress(index: number): number {
    return this.sp + this.plan.areaOffsets[index]!;
  }

  setArguments(args: readonly Cell[]): void {
    const { params } = this.plan.func.entry;
    for (let index = 0; index < params.length; index++) this.cells[params[index]!] = args[index]!;
  }

  /** Goes to a block and gives its parameters their values, all at once; on unwind edges the first is the thrown object. */
  follow(edge: Edge, thrown?: number): void {
    const { cells } = this;
    const { args } = edge;
    const { params } = edge.target;
    if (thrown === undefined && args.length === 1) {
      cells[params[0]!] = cells[args[0]!]!;
    } else if (args.length > 0 || thrown !== undefined) {
      const given: Cell[] = [];
      if (thrown !== undefined) given.push(thrown);
      for (let index = 0; index < args.length; index++) given.push(cells[args[index]!]!);
      for (let index = 0; index < params.length; index++) cells[params[index]!] = given[index]!;
    }
    this.steps = this.plan.steps[edge.target.id]!;
    this.at = 0;
  }

  /** Zeroes the frame's areas. */
  clearAreas(memory: CellMemory): void {
    memory.fill(this.sp + this.plan.smallBytes, 0, this.plan.bytes - this.plan.smallBytes);
  }

  /** Writes the references that are live across a point into the frame that begins at `sp`, where a collector finds them. */
  save(memory: CellMemory, point: Point, sp: number): void {
    const { live } = point;
    for (let index = 0; index < live.length; index++) {
      memory.storeWord(sp + FRAME_SLOTS + 4 * index, this.cells[live[index]!] as number);
    }
  }

  /** Reads them back. */
  reload(memory: CellMemory, point: Point, sp: number): void {
    const { live } = point;
    for (let index = 0; index < live.length; index++) {
      this.cells[live[index]!] = memory.loadPointer(sp + FRAME_SLOTS + 4 * index);
    }
  }

  /** For a collector that knows of interpreters: replaces every reference, in values and areas, by what `visit` gives for it. */
  updateRoots(memory: CellMemory, visit: (pointer: number, isInterior: boolean) => number): void {
    const { types, areas } = this.plan.func;
    for (let value = 0; value < types.length; value++) {
      const type = types[value]!;
      if (!isTraced(type)) continue;
      const pointer = Number(this.cells[value]);
      if (pointer !== 0) this.cells[value] = visit(pointer, type === "iref");
    }
    for (let index = 0; index < areas.length; index++) {
      for (const offset of areas[index]!.refs) {
        const at = this.areaAddress(index) + offset;
        const pointer = memory.loadPointer(at);
        if (pointer !== 0) memory.store("ref", at, visit(pointer, false));
      }
    }
  }
}
