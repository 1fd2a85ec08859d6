/**
 * The reference interpreter: runs functions of the IR by the book, one instruction after the other. It is the oracle that compiled
 * code is compared with, and is meant to be read; it is slow.
 *
 * Takes      verified functions, by slot, over the same linear memory compiled code works on.
 * Leaves     memory as compiled code would, but for the words of frames.
 * Relies on  the layout's words: CONTROL_POLL, and the carrier record's allocation buffer.
 *
 * References lie in JavaScript arrays here, where no collector sees them: whoever collects during a safepoint calls `updateRoots`.
 * A dead reference counts as a root too. What is undefined behaviour in the IR (division by zero, an access outside of memory,
 * `unreachable`, a slot without function) is a Bug here. The bits of a NaN that arithmetic gives are unspecified in the IR; here they are
 * the canonical ones.
 */

import { type Block, type Edge, type Func, type Inst, instDoes, NO_VALUE, type Op, type TrapKind } from "#ir";
import { CARRIER_LIMIT, CARRIER_TOP, CONTROL_POLL } from "#layout";
import { Bug, invariant } from "#support";
import { Frame } from "./frame.ts";
import { CellMemory } from "./memory.ts";
import { type Cell, cellFromHost, cellToHost } from "./numbers.ts";
import { type Compute, type ControlOp, values } from "./values.ts";

/** What a guest throws, as a JavaScript exception: hosts may throw it too. No safepoint may come between its throw and its catch. */
export class Thrown extends Error {
  override readonly name = "Thrown";
  /** The thrown object; never null. */
  readonly ref: number;
  constructor(ref: number) {
    super(`thrown object at 0x${ref.toString(16)}`);
    this.ref = ref;
  }
}

/** A host function; pure ones do not get the stack pointer first. Numbers are as WebAssembly's JavaScript interface has them. */
export type HostCode = (...args: Cell[]) => Cell | undefined;

export interface Environment {
  readonly memory: ArrayBufferLike;
  /** Address of the carrier record. */
  readonly carrier: number;
  /** Host functions by name. */
  readonly hosts: ReadonlyMap<string, HostCode>;
  /** Gives the object a failed check throws. May throw `Thrown` itself. */
  readonly trap: (kind: TrapKind, a: number, b: number, sp: number) => number;
  /** Allocation when the carrier's buffer is used up: a reference, or 0 if memory has run out. A safepoint. */
  readonly alloc: (sp: number, bytes: number) => number;
  /** What `poll` calls when CONTROL_POLL is not 0. A safepoint. */
  readonly poll: (sp: number) => void;
  /** A function whose frame would begin below this throws the trap `stack`. */
  readonly stackLimit: number;
  /** So many instructions may be run in all; then `Fuel` is thrown. */
  readonly fuel?: number;
}

/** The environment's fuel has run out. */
export class Fuel extends Error {
  override readonly name = "Fuel";
}

/** How deep calls may nest before the trap `stack`, whatever the stack limit says: the interpreter recurses. */
const MAX_DEPTH = 1500;

export class Interpreter {
  readonly memory: CellMemory;
  readonly #environment: Environment;
  readonly #functions: (Func | undefined)[] = [];
  readonly #frames: Frame[] = [];
  #fuel: number;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.memory = new CellMemory(environment.memory);
    this.#fuel = environment.fuel ?? Number.POSITIVE_INFINITY;
  }

  /** Puts a function into a slot. */
  define(slot: number, func: Func): void {
    this.#functions[slot] = func;
  }

  /**
   * Calls the function at the slot; arguments and result are as WebAssembly's JavaScript interface has them (pointers unsigned).
   * Throws `Thrown` if the guest does.
   */
  run(slot: number, sp: number, args: readonly Cell[]): Cell | undefined {
    const { signature } = this.#functionAt(slot);
    const cells = signature.params.map((type, i) => cellFromHost(type, args[i]!));
    const result = this.runCells(slot, sp, cells);
    return signature.result === null ? undefined : cellToHost(signature.result, result);
  }

  /** Calls the function at the slot with cells; gives a cell, 0 if there is no result. */
  runCells(slot: number, sp: number, args: readonly Cell[]): Cell {
    return this.#enter(this.#functionAt(slot), sp, args, slot);
  }

  /** Replaces each reference in frames, values and frame areas, by what `visit` gives for it. Null is not visited. */
  updateRoots(visit: (pointer: number, isInterior: boolean) => number): void {
    for (const frame of this.#frames) frame.updateRoots(this.memory, visit);
  }

  #functionAt(slot: number): Func {
    const func = this.#functions[slot];
    if (func === undefined) throw new Bug(`there is no function at slot ${slot}`);
    return func;
  }

  #enter(func: Func, sp: number, args: readonly Cell[], hidden: number): Cell {
    for (let callee = { func, args, hidden }; ; ) {
      const { result, tail } = this.#runFunction(callee.func, sp, callee.args, callee.hidden);
      if (tail === null) return result;
      callee = { func: this.#functionAt(tail.slot), args: tail.args, hidden: tail.slot };
    }
  }

  #runFunction(func: Func, sp: number, args: readonly Cell[], hidden: number): Leave {
    const frame = new Frame(func, sp, hidden, this.#environment.carrier);
    if (frame.sp < this.#environment.stackLimit || this.#frames.length >= MAX_DEPTH) this.#trap("stack", [], sp);
    frame.clear(this.memory);
    invariant(args.length === func.signature.params.length, `${func.name} called with ${args.length} arguments`);
    for (let i = 0; i < args.length; i++) frame.cells[func.entry.params[i]!] = args[i]!;
    const depth = this.#frames.push(frame);
    try {
      return this.#runBlocks(frame);
    } finally {
      this.#frames.length = depth - 1;
    }
  }

  #runBlocks(frame: Frame): Leave {
    let block = frame.func.entry;
    for (;;) {
      const next = this.#runBlock(frame, block);
      if (next instanceof Leave) return next;
      block = next;
    }
  }

  /** Runs a block to its end; gives the next one, or how the function is left. */
  #runBlock(frame: Frame, block: Block): Block | Leave {
    const { cells } = frame;
    for (const inst of block.insts) {
      this.#fuel -= 1;
      if (this.#fuel < 0) throw new Fuel("the interpreter has used up its fuel");
      const compute: Compute | undefined = COMPUTE.get(inst.op);
      if (compute !== undefined) {
        const result = compute(frame, inst, this.memory);
        if (inst.result !== NO_VALUE) cells[inst.result] = result;
        continue;
      }
      try {
        if (instDoes(inst, "ends")) return this.#end(frame, inst);
        const result = this.#control(frame, inst);
        if (inst.result !== NO_VALUE) cells[inst.result] = result;
      } catch (error) {
        if (inst.unwind === null || !(error instanceof Thrown)) throw error;
        return follow(frame, inst.unwind, error.ref);
      }
    }
    throw new Bug(`b${block.id} does not end`, { function: frame.func.name });
  }

  /** An operation that may call or throw, but goes on in the block. */
  #control(frame: Frame, inst: Inst): Cell {
    const { args } = inst;
    const cell = (index: number): Cell => frame.arg(inst, index);
    switch (inst.op as Exclude<ControlOp, EndOp>) {
      case "alloc":
        return this.#alloc(frame, Number(cell(0)));
      case "poll":
        if (this.memory.load("i32", CONTROL_POLL) !== 0) this.#environment.poll(frame.sp);
        return 0;
      case "nullcheck":
        return cell(0) === 0 ? this.#trap("null", [], frame.sp) : 0;
      case "boundscheck": {
        const index = Number(cell(0));
        const length = Number(cell(1));
        return index >>> 0 < length >>> 0 ? 0 : this.#trap("bounds", [index, length], frame.sp);
      }
      case "zerocheck":
        return Number(cell(0)) === 0 ? this.#trap("zero", [], frame.sp) : 0;
      case "ensure": {
        const address = Number(cell(0));
        if (this.memory.load("i32", address + inst.imm) === 0) this.#call(frame, inst.slot, [address], inst.slot);
        return 0;
      }
      case "call":
        return this.#call(
          frame,
          inst.imm,
          args.map((arg) => frame.cells[arg]!),
          inst.imm,
        );
      case "calldyn": {
        const slot = Number(cell(0));
        return this.#call(
          frame,
          slot,
          args.slice(1).map((arg) => frame.cells[arg]!),
          slot,
        );
      }
      case "callvia":
        return this.#call(
          frame,
          Number(cell(0)),
          args.slice(2).map((arg) => frame.cells[arg]!),
          Number(cell(1)),
        );
      case "callhost":
        return this.#callHost(frame, inst);
    }
  }

  #end(frame: Frame, inst: Inst): Block | Leave {
    const cell = (index: number): Cell => frame.arg(inst, index);
    switch (inst.op as EndOp) {
      case "jump":
        return follow(frame, inst.edges[0]!);
      case "branch":
        return follow(frame, inst.edges[cell(0) !== 0 ? 0 : 1]!);
      case "switch": {
        const last = inst.edges.length - 1;
        return follow(frame, inst.edges[Math.min(Number(cell(0)) >>> 0, last)]!);
      }
      case "return":
        return new Leave(inst.args.length === 0 ? 0 : cell(0), null);
      case "throw":
        invariant(cell(0) !== 0, "null is thrown", { function: frame.func.name });
        throw new Thrown(Number(cell(0)));
      case "trap":
        return this.#trap(
          inst.trap!,
          inst.args.map((arg) => Number(frame.cells[arg]!)),
          frame.sp,
        );
      case "tailcall": {
        const slot = Number(cell(0));
        const args = inst.args.slice(1).map((arg) => frame.cells[arg]!);
        return new Leave(0, { slot, args });
      }
      case "unreachable":
        throw new Bug("unreachable was reached", { function: frame.func.name });
    }
  }

  #call(frame: Frame, slot: number, args: readonly Cell[], hidden: number): Cell {
    return this.#enter(this.#functionAt(slot), frame.sp, args, hidden);
  }

  #callHost(frame: Frame, inst: Inst): Cell {
    const host = inst.host!;
    const code = this.#environment.hosts.get(host.name);
    if (code === undefined) throw new Bug(`there is no host function '${host.name}'`, { function: frame.func.name });
    const args = inst.args.map((arg) => cellToHost(frame.typeOf(arg), frame.cells[arg]!));
    const result = host.pure ? code(...args) : code(frame.sp, ...args);
    const type = host.signature.result;
    return type === null ? 0 : cellFromHost(type, result ?? 0);
  }

  #alloc(frame: Frame, bytes: number): number {
    const { carrier } = frame;
    const top = Number(this.memory.load("addr", carrier + CARRIER_TOP));
    const limit = Number(this.memory.load("addr", carrier + CARRIER_LIMIT));
    if (top + bytes <= limit) {
      this.memory.store("addr", carrier + CARRIER_TOP, top + bytes);
      return top;
    }
    const ref = this.#environment.alloc(frame.sp, bytes) >>> 0;
    return ref === 0 ? this.#trap("memory", [bytes], frame.sp) : ref;
  }

  #trap(kind: TrapKind, args: readonly number[], sp: number): never {
    throw new Thrown(this.#environment.trap(kind, args[0] ?? 0, args[1] ?? 0, sp));
  }
}

type EndOp = "jump" | "branch" | "switch" | "return" | "throw" | "trap" | "tailcall" | "unreachable";

const COMPUTE: ReadonlyMap<Op, Compute> = new Map(Object.entries(values) as [Op, Compute][]);

/** How a function is left: with a result, or for another function. */
class Leave {
  readonly result: Cell;
  readonly tail: { readonly slot: number; readonly args: readonly Cell[] } | null;
  constructor(result: Cell, tail: Leave["tail"]) {
    this.result = result;
    this.tail = tail;
  }
}

/** Gives the target's parameters their values, all at once; on unwind edges the first is the thrown object. */
function follow(frame: Frame, edge: Edge, thrown?: number): Block {
  const { params } = edge.target;
  const given: Cell[] = edge.args.map((arg) => frame.cells[arg]!);
  if (thrown !== undefined) given.unshift(thrown);
  for (let i = 0; i < params.length; i++) frame.cells[params[i]!] = given[i]!;
  return edge.target;
}
