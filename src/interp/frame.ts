/** An activation of a function in the interpreter. */
import type { Func, Inst, Value } from "#ir";
import { isTraced, type Type } from "#ir";
import { FRAME_SLOTS } from "#layout";
import type { CellMemory } from "./memory.ts";
import { type Cell, zeroCell } from "./numbers.ts";

export class Frame {
  readonly func: Func;
  /** By value. */
  readonly cells: Cell[];
  /** The stack pointer this was called with. */
  readonly callerSp: number;
  /** The stack pointer its callees get; its frame areas begin FRAME_SLOTS above, rounded up to 8. */
  readonly sp: number;
  readonly slot: number;
  readonly carrier: number;
  readonly #areas: number[];

  constructor(func: Func, callerSp: number, slot: number, carrier: number) {
    this.func = func;
    this.cells = func.types.map(zeroCell);
    this.callerSp = callerSp;
    this.slot = slot;
    this.carrier = carrier;
    this.#areas = [];
    let bytes = alignUp(FRAME_SLOTS);
    for (const area of func.areas) {
      this.#areas.push(bytes);
      bytes += alignUp(area.bytes);
    }
    this.sp = callerSp - bytes;
  }

  /** The cell of an operand. */
  arg(inst: Inst, index: number): Cell {
    return this.cells[inst.args[index]!]!;
  }

  typeOf(value: Value): Type {
    return this.func.types[value]!;
  }

  areaAddress(index: number): number {
    return this.sp + this.#areas[index]!;
  }

  /** Zeroes the frame's memory. */
  clear(memory: CellMemory): void {
    memory.bytes.fill(0, this.sp, this.callerSp);
  }

  /** Replaces every reference of the frame, in values and areas, by what `visit` gives for it. */
  updateRoots(memory: CellMemory, visit: (pointer: number, isInterior: boolean) => number): void {
    const { types, areas } = this.func;
    for (let value = 0; value < types.length; value++) {
      const type = types[value]!;
      if (!isTraced(type)) continue;
      const pointer = Number(this.cells[value]);
      if (pointer !== 0) this.cells[value] = visit(pointer, type === "iref");
    }
    for (let index = 0; index < areas.length; index++) {
      for (const offset of areas[index]!.refs) {
        const at = this.areaAddress(index) + offset;
        const pointer = Number(memory.load("ref", at));
        if (pointer !== 0) memory.store("ref", at, visit(pointer, false));
      }
    }
  }
}

function alignUp(bytes: number): number {
  return (bytes + 7) & ~7;
}
