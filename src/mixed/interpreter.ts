/**
 * Interprets functions on a carrier, in the place of their compiled code.
 *
 * Takes      what `interpretedText` made; the imports that this carrier's compiled code gets.
 * Leaves     functions for the carrier's table. Whether a function behind a slot is compiled or interpreted, nobody can tell.
 * Relies on  the trampolines of src/wasm: every call, every wait and every exception is theirs. So this code has always returned when guest code runs, and
 *            its references lie in frames of the shadow stack, with site records like those of compiled code.
 *
 * A step of an activation begins where the last one left it:
 *
 *   ENTERS ──▶ (CHECKS ──▶) runs ──▶ CALLS or TRAPS ──▶ runs ──▶ … ──▶ returns, throws, or is left for another function
 *                 └──▶ OVERFLOWS ──▶ throws
 */
import {
  ALLOCATES,
  CALLS,
  CALLS_HOST,
  type Cell,
  CellMemory,
  Evaluator,
  Frame,
  GOES_ON,
  type HostCode,
  POLLS,
  type Point,
  RETURNS,
  TAIL_CALLS,
  THROWS,
  TRAPS,
  type Want,
} from "#interp";
import { type HostFunction, NO_VALUE, type Signature, signature, type TrapKind, type Type } from "#ir";
import {
  CARRIER_CALL_HIDDEN,
  CARRIER_CALL_INVOKER,
  CARRIER_CALL_SP,
  CARRIER_CALL_TARGET,
  CARRIER_STACK_LIMIT,
  CARRIER_VALUES,
  FRAME_SITE,
} from "#layout";
import { Bug } from "#support";
import {
  entryModule,
  hostInvokerModule,
  invokerModule,
  STEP_CALL,
  STEP_RETURN,
  STEP_TAIL_CALL,
  STEP_THROW,
} from "#wasm";
import { type Interpreted, readInterpreted } from "./text.ts";

const STAGE_ENTERS = 0;
/** The slow path of the stack check runs. */
const STAGE_CHECKS = 1;
/** The trap `stack` is being thrown; the function has not begun. */
const STAGE_OVERFLOWS = 2;
/** Something was called for the step that waits. */
const STAGE_CALLS = 3;
/** The trap of the step that waits is being thrown. */
const STAGE_TRAPS = 4;

class Activation {
  readonly code: Interpreted;
  readonly frame: Frame;
  stage = STAGE_ENTERS;

  constructor(code: Interpreted, frame: Frame) {
    this.code = code;
    this.frame = frame;
  }
}

/** Places in the table of invokers. */
interface Invoker {
  readonly call: number;
  readonly tail: number;
}

const TRAP_SIGNATURE = signature(["i32", "i32"], null);
const ENSURE_SIGNATURE = signature(["addr"], null);
/** Imports of compiled code that may suspend; the first value is what they take besides the stack pointer. */
const POLL: HostFunction = { name: "poll", signature: signature([], null), pure: false };
const STACK: HostFunction = { name: "stack", signature: signature(["i32"], "i32"), pure: false };

export class MixedInterpreter {
  readonly #imports: WebAssembly.Imports;
  readonly #carrier: number;
  readonly #memory: CellMemory;
  readonly #evaluator: Evaluator;
  readonly #alloc: (sp: number, bytes: number) => number;
  readonly #table = new WebAssembly.Table({ initial: 0, element: "anyfunc" });
  readonly #entries = new Map<string, WebAssembly.Module>();
  readonly #invokers = new Map<string, Invoker>();
  readonly #hostInvokers = new Map<string, number>();
  /** By number; numbers that are free are in `#free`. */
  readonly #activations: (Activation | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #step = (number: number, threw: number): number => this.#resume(number, threw !== 0);

  /** `imports` are those of compiled code (`rt` and `host`), `carrier` is the address of the carrier's record. */
  constructor(memory: ArrayBufferLike, carrier: number, imports: WebAssembly.Imports) {
    this.#imports = imports;
    this.#carrier = carrier;
    this.#memory = new CellMemory(memory);
    const { rt, host } = imports as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    this.#evaluator = new Evaluator(this.#memory, (name) => host?.[name] as HostCode | undefined);
    this.#alloc = rt?.["alloc"] as (sp: number, bytes: number) => number;
  }

  /** A function for the carrier's table, of the text's signature as compiled code has it. */
  install(text: string): unknown {
    const code = readInterpreted(text);
    const sig = code.plan.func.signature;
    let module = this.#entries.get(sig.key);
    if (module === undefined) this.#entries.set(sig.key, (module = new WebAssembly.Module(entryModule(sig))));
    const mixed = {
      enter: (sp: number, hidden: number) => this.#enter(code, sp >>> 0, hidden),
      step: this.#step,
      invokers: this.#table,
    };
    return new WebAssembly.Instance(module, { ...this.#imports, mixed }).exports["f"];
  }

  // ---- activations --------------------------------------------------------------------------------------------------------------

  #enter(code: Interpreted, sp: number, hidden: number): number {
    const { func } = code.plan;
    const frame = new Frame(code.plan, sp, hidden, this.#carrier);
    const { params } = func.entry;
    for (let index = 0; index < params.length; index++) {
      const param = params[index]!;
      frame.cells[param] = this.#value(index, func.types[param]!);
    }
    const number = this.#free.pop() ?? this.#activations.length;
    this.#activations[number] = new Activation(code, frame);
    return number;
  }

  #leave(number: number, how: number): number {
    this.#activations[number] = undefined;
    this.#free.push(number);
    return how;
  }

  /** Executes an activation from where it stands; gives STEP_*. */
  #resume(number: number, threw: boolean): number {
    const activation = this.#activations[number]!;
    const { frame, code } = activation;
    const evaluator = this.#evaluator;
    let want: Want | typeof GOES_ON = GOES_ON;
    // If it threw, the exception is value 0; before the function has begun, it is not caught here.
    switch (activation.stage) {
      case STAGE_ENTERS:
        if (!this.#hasRoom(frame)) return this.#check(activation);
        frame.clearAreas(this.#memory);
        break;
      case STAGE_CHECKS:
        if (threw) return this.#leave(number, STEP_THROW);
        if (this.#value(0, "i32") !== 0) return this.#trap(activation, "stack", 0, 0, smallSp(frame));
        frame.reload(this.#memory, code.plan.points[0]!, smallSp(frame));
        frame.clearAreas(this.#memory);
        break;
      case STAGE_OVERFLOWS:
        if (!threw) throw new Bug("the trap function for 'stack' returned");
        return this.#leave(number, STEP_THROW);
      default:
        want = this.#answered(activation, threw);
    }
    for (;;) {
      if (want === GOES_ON) want = evaluator.run(frame);
      switch (want) {
        case RETURNS: {
          const { result } = code.plan.func.signature;
          if (result !== null) this.#setValue(0, result, evaluator.result);
          return this.#leave(number, STEP_RETURN);
        }
        case THROWS:
          this.#setValue(0, "ref", evaluator.thrown);
          return this.#leave(number, STEP_THROW);
        case TAIL_CALLS:
          this.#call(frame.callerSp, frame.step.inst.signature!, true);
          return this.#leave(number, STEP_TAIL_CALL);
        case CALLS:
          this.#stop(activation, STAGE_CALLS);
          this.#call(frame.sp, frame.step.inst.signature ?? ENSURE_SIGNATURE, false);
          return STEP_CALL;
        case CALLS_HOST:
          this.#stop(activation, STAGE_CALLS);
          this.#callHost(frame.sp, evaluator.host!, "host", evaluator.args);
          return STEP_CALL;
        case POLLS:
          this.#stop(activation, STAGE_CALLS);
          this.#callHost(frame.sp, POLL, "rt", []);
          return STEP_CALL;
        case TRAPS:
          this.#stop(activation, STAGE_TRAPS);
          return this.#trap(activation, evaluator.trap, evaluator.a, evaluator.b, frame.sp);
        case ALLOCATES: {
          const point = this.#stop(activation, STAGE_CALLS);
          const ref = this.#alloc(frame.sp, evaluator.a) >>> 0;
          frame.reload(this.#memory, point, frame.sp);
          want = evaluator.allocated(frame, ref);
        }
      }
    }
  }

  /** What the step that waits wanted was done: takes the result, or the exception. */
  #answered(activation: Activation, threw: boolean): Want | typeof GOES_ON {
    const { frame } = activation;
    const { inst, point } = frame.step;
    if (threw) {
      const ref = this.#value(0, "ref") as number;
      frame.reload(this.#memory, point!, frame.sp);
      if (this.#evaluator.raise(frame, ref)) return GOES_ON;
      this.#evaluator.thrown = ref;
      return THROWS;
    }
    if (activation.stage === STAGE_TRAPS) throw new Bug("a trap function returned", { function: inst.op });
    const result = inst.result === NO_VALUE ? 0 : this.#value(0, frame.typeOf(inst.result));
    frame.reload(this.#memory, point!, frame.sp);
    this.#evaluator.finish(frame, result);
    return GOES_ON;
  }

  /** The frame stands at the step from now on: its site and references are where stack walks and the collector look. */
  #stop(activation: Activation, stage: number): Point {
    const { frame, code } = activation;
    const point = frame.step.point!;
    activation.stage = stage;
    this.#memory.storeWord(frame.sp + FRAME_SITE, code.sites[point.index]!);
    frame.save(this.#memory, point, frame.sp);
    return point;
  }

  // ---- the stack ----------------------------------------------------------------------------------------------------------------

  #hasRoom({ plan, sp }: Frame): boolean {
    return !plan.checks || sp >= this.#memory.loadPointer(this.#carrier + CARRIER_STACK_LIMIT);
  }

  /** Areas may be larger than the reserve below the limit: here the frame is its small part, just below the caller's. */
  #check(activation: Activation): number {
    const { frame, code } = activation;
    const { points, bytes, smallBytes } = code.plan;
    const sp = smallSp(frame);
    this.#memory.storeWord(sp + FRAME_SITE, code.sites[0]!);
    frame.save(this.#memory, points[0]!, sp);
    activation.stage = STAGE_CHECKS;
    this.#callHost(sp, STACK, "rt", [bytes - smallBytes]);
    return STEP_CALL;
  }

  // ---- calls --------------------------------------------------------------------------------------------------------------------

  #value(index: number, type: Type): Cell {
    return this.#memory.load(type, this.#carrier + CARRIER_VALUES + 8 * index);
  }

  #setValue(index: number, type: Type, cell: Cell): void {
    this.#memory.store(type, this.#carrier + CARRIER_VALUES + 8 * index, cell);
  }

  #setCall(sp: number, invoker: number, target: number, hidden: number): void {
    const at = this.#carrier;
    this.#memory.storeWord(at + CARRIER_CALL_SP, sp);
    this.#memory.storeWord(at + CARRIER_CALL_TARGET, target);
    this.#memory.storeWord(at + CARRIER_CALL_HIDDEN, hidden);
    this.#memory.storeWord(at + CARRIER_CALL_INVOKER, invoker);
  }

  #setArguments(types: readonly Type[], args: readonly Cell[]): void {
    for (let index = 0; index < types.length; index++) this.#setValue(index, types[index]!, args[index]!);
  }

  /** Wants the call that the evaluator wants. */
  #call(sp: number, sig: Signature, tail: boolean): void {
    const { slot, hidden, args } = this.#evaluator;
    this.#setArguments(sig.params, args);
    const invoker = this.#invoker(sig);
    this.#setCall(sp, tail ? invoker.tail : invoker.call, slot, hidden);
  }

  #callHost(sp: number, host: HostFunction, from: string, args: readonly Cell[]): void {
    this.#setArguments(host.signature.params, args);
    this.#setCall(sp, this.#hostInvoker(host, from), 0, 0);
  }

  #trap(activation: Activation, kind: TrapKind, a: number, b: number, sp: number): number {
    const slot = activation.code.traps[kind];
    if (slot === undefined) throw new Bug(`there is no trap function for '${kind}'`);
    if (activation.stage === STAGE_CHECKS) activation.stage = STAGE_OVERFLOWS;
    this.#setArguments(TRAP_SIGNATURE.params, [a, b]);
    this.#setCall(sp, this.#invoker(TRAP_SIGNATURE).call, slot, slot);
    return STEP_CALL;
  }

  #invoker(sig: Signature): Invoker {
    let invoker = this.#invokers.get(sig.key);
    if (invoker === undefined) {
      const { exports } = this.#instantiate(invokerModule(sig));
      invoker = { call: this.#place(exports["call"]), tail: this.#place(exports["tail"]) };
      this.#invokers.set(sig.key, invoker);
    }
    return invoker;
  }

  #hostInvoker(host: HostFunction, from: string): number {
    const key = `${from} ${host.name} ${host.signature.key}`;
    let place = this.#hostInvokers.get(key);
    if (place === undefined) {
      place = this.#place(this.#instantiate(hostInvokerModule(host, from)).exports["call"]);
      this.#hostInvokers.set(key, place);
    }
    return place;
  }

  #instantiate(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Instance {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#imports);
  }

  /** Puts a function into the table of invokers. */
  #place(code: unknown): number {
    const place = this.#table.length;
    this.#table.grow(1);
    this.#table.set(place, code as () => void);
    return place;
  }
}

/** Where the frame begins at its stack check. */
function smallSp({ plan, callerSp }: Frame): number {
  return callerSp - plan.smallBytes;
}
