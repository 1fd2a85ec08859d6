/**
 * Executes single functions of the IR, one instruction after the other. What needs others — calls, host functions, slow paths, exceptions
 * that are not caught — it leaves to a driver: `run` comes back, says what is wanted, and is called again when that is done.
 *
 *   run ──▶ RETURNS THROWS TAIL_CALLS        the frame is left
 *   run ──▶ CALLS CALLS_HOST TRAPS ALLOCATES POLLS ──▶ finish, or raise ──▶ run
 *
 * Two drivers share it: the reference interpreter, and the one of mixed mode.
 * What is undefined behaviour in the IR (division by zero, an access outside of memory, `unreachable`) is a Bug here. The bits of a NaN
 * that arithmetic gives are unspecified in the IR; here they are the canonical ones.
 */
import { type HostFunction, type Inst, NO_VALUE, type TrapKind } from "#ir";
import { CARRIER_LIMIT, CARRIER_TOP, CONTROL_POLL } from "#layout";
import { Bug, invariant } from "#support";
import type { Frame } from "./frame.ts";
import type { CellMemory } from "./memory.ts";
import { type Cell, cellFromHost, cellToHost } from "./numbers.ts";
import type { ControlOp } from "./values.ts";

/** What `Evaluator.run` wants, and where it leaves what belongs to it. */
/** The function returns `result`. */
export const RETURNS = 0;
/** The function is left by the exception `thrown`. */
export const THROWS = 1;
/** The function is left for the one at `slot`, with `args`. */
export const TAIL_CALLS = 2;
/** Call the function at `slot` with `hidden` and `args`. */
export const CALLS = 3;
/** Call `host` with `args`. */
export const CALLS_HOST = 4;
/** Have the trap `trap` thrown with the operands `a` and `b`. */
export const TRAPS = 5;
/** Allocate `a` bytes; the carrier's buffer is used up. Goes on by `allocated`. */
export const ALLOCATES = 6;
/** Serve what CONTROL_POLL asks for. */
export const POLLS = 7;
export type Want = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A host function; pure ones do not get the stack pointer first. Numbers are as WebAssembly's JavaScript interface has them. */
export type HostCode = (...args: Cell[]) => Cell | undefined;

/** The environment's fuel has run out. */
export class Fuel extends Error {
  override readonly name = "Fuel";
}

const NO_ARGS: readonly Cell[] = [];

export class Evaluator {
  readonly memory: CellMemory;
  readonly #pure: (name: string) => HostCode | undefined;
  #fuel: number;
  result: Cell = 0;
  thrown = 0;
  slot = 0;
  hidden = 0;
  args: readonly Cell[] = NO_ARGS;
  host: HostFunction | null = null;
  trap: TrapKind = "user";
  a = 0;
  b = 0;

  /** `pure` finds pure host functions by name; so many instructions may be run in all, then `Fuel` is thrown. */
  constructor(memory: CellMemory, pure: (name: string) => HostCode | undefined, fuel = Number.POSITIVE_INFINITY) {
    this.memory = memory;
    this.#pure = pure;
    this.#fuel = fuel;
  }

  /** Executes the frame's function from where it stands to the next thing that is wanted. */
  run(frame: Frame): Want {
    const { memory } = this;
    const { cells } = frame;
    for (;;) {
      const { inst, compute } = frame.steps[frame.at++]!;
      this.#fuel -= 1;
      if (this.#fuel < 0) throw new Fuel("the interpreter has used up its fuel");
      if (compute !== null) {
        const result = compute(frame, inst, memory);
        if (inst.result !== NO_VALUE) cells[inst.result] = result;
        continue;
      }
      const want = this.#control(frame, inst);
      if (want >= 0) return want as Want;
    }
  }

  /** The step that waits is done; `result` is what it gives, if it gives anything. */
  finish(frame: Frame, result: Cell): void {
    const { inst } = frame.step;
    if (inst.result !== NO_VALUE) frame.cells[inst.result] = result;
  }

  /** The allocation that was wanted gave a reference, or 0: goes on, or gives TRAPS. */
  allocated(frame: Frame, ref: number): Want | typeof GOES_ON {
    const { inst } = frame.step;
    if (ref === 0) return this.#traps("memory", Number(frame.arg(inst, 0)), 0);
    frame.cells[inst.result] = ref;
    return GOES_ON;
  }

  /** The step that waits throws. False: the function does not catch it. */
  raise(frame: Frame, ref: number): boolean {
    const { unwind } = frame.step.inst;
    if (unwind === null) return false;
    frame.follow(unwind, ref);
    return true;
  }

  /** An operation that may end the block, call or throw; gives what is wanted, or GOES_ON. */
  #control(frame: Frame, inst: Inst): Want | typeof GOES_ON {
    switch (inst.op as ControlOp) {
      case "jump":
        frame.follow(inst.edges[0]!);
        return GOES_ON;
      case "branch":
        frame.follow(inst.edges[frame.arg(inst, 0) !== 0 ? 0 : 1]!);
        return GOES_ON;
      case "switch": {
        const last = inst.edges.length - 1;
        frame.follow(inst.edges[Math.min(Number(frame.arg(inst, 0)) >>> 0, last)]!);
        return GOES_ON;
      }
      case "return":
        this.result = inst.args.length === 0 ? 0 : frame.arg(inst, 0);
        return RETURNS;
      case "call":
        return this.#calls(inst.imm, inst.imm, frame.argsFrom(inst, 0));
      case "calldyn": {
        const slot = Number(frame.arg(inst, 0));
        return this.#calls(slot, slot, frame.argsFrom(inst, 1));
      }
      case "callvia":
        return this.#calls(Number(frame.arg(inst, 0)), Number(frame.arg(inst, 1)), frame.argsFrom(inst, 2));
      case "callhost":
        return this.#callHost(frame, inst);
      case "tailcall": {
        const slot = Number(frame.arg(inst, 0));
        this.#calls(slot, slot, frame.argsFrom(inst, 1));
        return TAIL_CALLS;
      }
      case "nullcheck":
        return frame.arg(inst, 0) === 0 ? this.#traps("null", 0, 0) : GOES_ON;
      case "boundscheck": {
        const index = Number(frame.arg(inst, 0));
        const length = Number(frame.arg(inst, 1));
        return index >>> 0 < length >>> 0 ? GOES_ON : this.#traps("bounds", index, length);
      }
      case "zerocheck":
        return Number(frame.arg(inst, 0)) === 0 ? this.#traps("zero", 0, 0) : GOES_ON;
      case "trap": {
        const [a = 0, b = 0] = frame.argsFrom(inst, 0);
        return this.#traps(inst.trap!, Number(a), Number(b));
      }
      case "throw": {
        const ref = Number(frame.arg(inst, 0));
        invariant(ref !== 0, "null is thrown", { function: frame.plan.func.name });
        if (this.raise(frame, ref)) return GOES_ON;
        this.thrown = ref;
        return THROWS;
      }
      case "alloc":
        return this.#alloc(frame, inst);
      case "poll":
        return this.memory.loadPointer(CONTROL_POLL) === 0 ? GOES_ON : POLLS;
      case "ensure": {
        const address = Number(frame.arg(inst, 0));
        if (this.memory.atomic("i32", address + inst.imm, Atomics.load, Atomics.load) !== 0) return GOES_ON;
        return this.#calls(inst.slot, inst.slot, [address]);
      }
      case "unreachable":
        throw new Bug("unreachable was reached", { function: frame.plan.func.name });
    }
  }

  #calls(slot: number, hidden: number, args: readonly Cell[]): Want {
    this.slot = slot;
    this.hidden = hidden;
    this.args = args;
    return CALLS;
  }

  #traps(kind: TrapKind, a: number, b: number): Want {
    this.trap = kind;
    this.a = a;
    this.b = b;
    return TRAPS;
  }

  #callHost(frame: Frame, inst: Inst): Want | typeof GOES_ON {
    const host = inst.host!;
    this.args = frame.argsFrom(inst, 0);
    if (!host.pure) {
      this.host = host;
      return CALLS_HOST;
    }
    const code = this.#pure(host.name);
    if (code === undefined)
      throw new Bug(`there is no host function '${host.name}'`, { function: frame.plan.func.name });
    const { params, result } = host.signature;
    const given = code(...this.args.map((cell, index) => cellToHost(params[index]!, cell)));
    if (result !== null) frame.cells[inst.result] = cellFromHost(result, given ?? 0);
    return GOES_ON;
  }

  #alloc(frame: Frame, inst: Inst): Want | typeof GOES_ON {
    const { memory } = this;
    const { carrier } = frame;
    const bytes = Number(frame.arg(inst, 0));
    const top = memory.loadPointer(carrier + CARRIER_TOP);
    if (top + bytes > memory.loadPointer(carrier + CARRIER_LIMIT)) {
      this.a = bytes;
      return ALLOCATES;
    }
    memory.storeWord(carrier + CARRIER_TOP, top + bytes);
    frame.cells[inst.result] = top;
    return GOES_ON;
  }
}

/** Nothing is wanted: the next step. */
export const GOES_ON = -1;
