/**
 * The reference interpreter: runs functions of the IR by the book. It is the oracle that compiled code is compared with, and is meant to
 * be read; it is slow.
 *
 * Takes      verified functions, by slot, over the same linear memory compiled code works on.
 * Leaves     memory as compiled code would, but for the words of frames.
 * Relies on  the layout's words: CONTROL_POLL, and the carrier record's allocation buffer.
 *
 * References lie in JavaScript arrays here, where no collector sees them: whoever collects during a safepoint calls `updateRoots`.
 * A dead reference counts as a root too. A slot without function is a Bug.
 */
import type { Func, TrapKind } from "#ir";
import { Bug, invariant } from "#support";
import {
  ALLOCATES,
  CALLS,
  CALLS_HOST,
  Evaluator,
  GOES_ON,
  type HostCode,
  POLLS,
  RETURNS,
  TAIL_CALLS,
  THROWS,
  TRAPS,
  type Want,
} from "./evaluator.ts";
import { Frame } from "./frame.ts";
import { CellMemory } from "./memory.ts";
import { type Cell, cellFromHost, cellToHost } from "./numbers.ts";
import { Plan } from "./plan.ts";

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

export class Interpreter {
  readonly memory: CellMemory;
  readonly #environment: Environment;
  readonly #evaluator: Evaluator;
  readonly #plans: (Plan | undefined)[] = [];
  /** Innermost last. */
  readonly #frames: Frame[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
    this.memory = new CellMemory(environment.memory);
    this.#evaluator = new Evaluator(this.memory, (name) => environment.hosts.get(name), environment.fuel);
  }

  /** Puts a function into a slot. */
  define(slot: number, func: Func): void {
    this.#plans[slot] = new Plan(func);
  }

  /**
   * Calls the function at the slot; arguments and result are as WebAssembly's JavaScript interface has them (pointers unsigned).
   * Throws `Thrown` if the guest does.
   */
  run(slot: number, sp: number, args: readonly Cell[]): Cell | undefined {
    const { signature } = this.#planAt(slot).func;
    const cells = signature.params.map((type, i) => cellFromHost(type, args[i]!));
    const result = this.runCells(slot, sp, cells);
    return signature.result === null ? undefined : cellToHost(signature.result, result);
  }

  /** Calls the function at the slot with cells; gives a cell, 0 if there is no result. */
  runCells(slot: number, sp: number, args: readonly Cell[]): Cell {
    const frames = this.#frames;
    const base = frames.length;
    try {
      this.#enter(slot, slot, sp, args);
      for (;;) {
        try {
          let want: Want | typeof GOES_ON = this.#evaluator.run(frames[frames.length - 1]!);
          if (want === ALLOCATES) want = this.#allocate();
          if (want === RETURNS && frames.length === base + 1) return this.#evaluator.result;
          this.#serve(want);
        } catch (error) {
          if (!(error instanceof Thrown) || !this.#unwind(error.ref, base)) throw error;
        }
      }
    } finally {
      frames.length = base;
    }
  }

  /** Replaces each reference in frames, values and frame areas, by what `visit` gives for it. Null is not visited. */
  updateRoots(visit: (pointer: number, isInterior: boolean) => number): void {
    for (const frame of this.#frames) frame.updateRoots(this.memory, visit);
  }

  #planAt(slot: number): Plan {
    const plan = this.#plans[slot];
    if (plan === undefined) throw new Bug(`there is no function at slot ${slot}`);
    return plan;
  }

  #enter(slot: number, hidden: number, sp: number, args: readonly Cell[]): void {
    const plan = this.#planAt(slot);
    const { name, signature } = plan.func;
    invariant(args.length === signature.params.length, `${name} called with ${args.length} arguments`);
    const frame = new Frame(plan, sp, hidden, this.#environment.carrier);
    if (frame.sp < this.#environment.stackLimit) this.#trap("stack", 0, 0, sp);
    frame.setArguments(args);
    frame.clearAreas(this.memory);
    this.#frames.push(frame);
  }

  /** Does what the innermost frame wants. Throws `Thrown` when its step that waits is to throw. */
  #serve(want: Want | typeof GOES_ON): void {
    const frames = this.#frames;
    const evaluator = this.#evaluator;
    const frame = frames[frames.length - 1]!;
    const { sp } = frame;
    switch (want) {
      case GOES_ON:
        return;
      case RETURNS:
        frames.pop();
        evaluator.finish(frames[frames.length - 1]!, evaluator.result);
        return;
      case THROWS:
        throw new Thrown(evaluator.thrown);
      case TAIL_CALLS:
        frames.pop();
        this.#enter(evaluator.slot, evaluator.slot, frame.callerSp, evaluator.args);
        return;
      case CALLS:
        this.#enter(evaluator.slot, evaluator.hidden, sp, evaluator.args);
        return;
      case CALLS_HOST:
        evaluator.finish(frame, this.#callHost(frame));
        return;
      case TRAPS:
        return this.#trap(evaluator.trap, evaluator.a, evaluator.b, sp);
      case POLLS:
        this.#environment.poll(sp);
        return;
      case ALLOCATES:
        throw new Bug("an allocation was not served");
    }
  }

  #allocate(): Want | typeof GOES_ON {
    const evaluator = this.#evaluator;
    const frame = this.#frames[this.#frames.length - 1]!;
    return evaluator.allocated(frame, this.#environment.alloc(frame.sp, evaluator.a) >>> 0);
  }

  #callHost(frame: Frame): Cell {
    const { host, args } = this.#evaluator;
    const code = this.#environment.hosts.get(host!.name);
    if (code === undefined)
      throw new Bug(`there is no host function '${host!.name}'`, { function: frame.plan.func.name });
    const { params, result } = host!.signature;
    const given = code(frame.sp, ...args.map((cell, index) => cellToHost(params[index]!, cell)));
    return result === null ? 0 : cellFromHost(result, given ?? 0);
  }

  #trap(kind: TrapKind, a: number, b: number, sp: number): never {
    throw new Thrown(this.#environment.trap(kind, a, b, sp));
  }

  /** Leaves frames until one catches; false: none above `base` does. */
  #unwind(ref: number, base: number): boolean {
    const frames = this.#frames;
    while (frames.length > base) {
      if (this.#evaluator.raise(frames[frames.length - 1]!, ref)) return true;
      frames.pop();
    }
    return false;
  }
}
