/** The two ways to run IR in these tests, behind one interface. */
import { type Cell, type HostCode, Interpreter, Thrown } from "#interp";
import { type Module, printFloat32, printFloat64, type Signature, type Type } from "#ir";
import { CARRIER, World } from "./world.ts";

/** How a call ended: `== 3`, `returns`, or `throws null(0, 0)`. NaNs are all `nan`. */
export type Outcome = string;

export interface Tier {
  readonly name: string;
  readonly world: World;
  /** Makes a module's functions callable; all of them have slots. */
  load(module: Module): void;
  /** Calls the function at a slot, in a world as new. */
  run(slot: number, signature: Signature, args: readonly Cell[]): Outcome;
}

/** The text of a cell, as constants are written. */
export function printCell(type: Type, cell: Cell): string {
  switch (type) {
    case "f32":
      return printFloat32(Number(cell)).replace(/^nan.*/, "nan");
    case "f64":
      return printFloat64(BigInt(cell)).replace(/^nan.*/, "nan");
    case "ref":
    case "iref":
      return cell === 0 ? "null" : String(cell);
    default:
      return String(cell);
  }
}

export class InterpreterTier implements Tier {
  readonly name = "interpreter";
  readonly world = new World();
  readonly #interpreter: Interpreter;

  constructor(fuel = Number.POSITIVE_INFINITY) {
    const { world } = this;
    const roots = (visit: (pointer: number, isInterior: boolean) => number): void =>
      this.#interpreter.updateRoots(visit);
    this.#interpreter = new Interpreter({
      memory: world.memory.buffer,
      carrier: CARRIER,
      hosts: new Map<string, HostCode>([
        ["sum", (a, b, c) => Number(a) + Number(b) + Number(c)],
        ["seven", () => 7],
        ["collect", () => void world.collect(roots)],
        [
          "raise",
          (_sp, ref) => {
            throw new Thrown(Number(ref));
          },
        ],
      ]),
      trap: (kind, a, b) => world.trap(kind, a, b),
      alloc: (_sp, bytes) => world.alloc(bytes, roots),
      poll: () => world.collect(roots),
      stackLimit: world.stackLimit,
      fuel,
    });
  }

  load(module: Module): void {
    for (const { func, slot } of module.functions) this.#interpreter.define(slot!, func);
  }

  run(slot: number, signature: Signature, args: readonly Cell[]): Outcome {
    this.world.reset();
    try {
      const cell = this.#interpreter.runCells(slot, this.world.sp, args);
      return signature.result === null ? "returns" : `== ${printCell(signature.result, cell)}`;
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      return `throws ${this.world.describeThrown(error.ref)}`;
    }
  }
}
