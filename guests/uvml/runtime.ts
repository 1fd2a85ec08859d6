/** Objects of the VM thread: literals, symbols, globals, type records, errors. */
import { defineType, type TypeFacts } from "#heap";
import type { TrapKind } from "#ir";
import { frames, GuestFailure } from "#threads";
import type { Call, GuestVm } from "#vm";
import { type Datum, place } from "./ast.ts";
import type { UvmlStart } from "./driver-types.ts";
import type { Descriptor } from "./layout.ts";
import * as layout from "./layout.ts";
import type { HelperName } from "./natives/signatures.ts";
import type { FormCompiler, Runtime } from "./runtime-types.ts";
import { ANY, list, type PrimName, prim, STRING, type Struct, SYMBOL, type Type } from "./types.ts";

/** Symbols are never freed. */
const MAX_SYMBOLS = 1 << 18;
/** Calls that a stack trace shows. */
const TRACE_CALLS = 20;
/** File name of the prelude in positions; its functions do not count as places of errors. */
export const PRELUDE = "prelude.l";

/** What raised an exception: places of the calls, innermost first, each "at file:line:column in name". */
export interface Trace {
  readonly where: string;
  readonly calls: readonly string[];
}

/** What the traps of compiled code say: [kind, message]. */
export function trapText(kind: TrapKind, first: number, second: number): string {
  switch (kind) {
    case "null":
      return failureText("null", "a null reference is used, or car or cdr of the empty list");
    case "bounds":
      return failureText("bounds", `index ${first} is out of range: there are ${second} elements`);
    case "zero":
      return failureText("division-by-zero", "division by zero");
    case "stack":
      return failureText("stack-overflow", "stack overflow: too many calls");
    case "memory":
      return failureText("out-of-memory", `no memory for an object of ${first >>> 0} bytes`);
    case "size":
      return failureText("bounds", `an array cannot have ${first} elements`);
    case "cast":
      return failureText("type", "the value has another type");
    default:
      return failureText("error", `trap ${kind}`);
  }
}

export function failureText(kind: string, message: string): string {
  return JSON.stringify([kind, message]);
}

export class UvmlRuntime implements Runtime {
  readonly records: layout.Records;
  readonly helpers = new Map<HelperName, number>();
  readonly #strings = new Map<string, number>();
  readonly #symbols = new Map<string, number>();
  readonly #start: () => GuestVm<UvmlStart>;
  /** By thread, what it raised last: a handle of the value, and the trace. */
  readonly #raised = new Map<number, { readonly handle: number; readonly trace: Trace }>();
  #fresh = 0;
  /** The structure `error`: record, bytes, offsets of kind, message and place. */
  #error = { record: 0, size: 0, offsets: [0, 0, 0] as [number, number, number] };
  /** One of them for when there is no memory for another. */
  #spare = 0;
  compiler: FormCompiler | null = null;

  /** `vm` is asked for when it is first needed: it is being made with this as its hooks. */
  constructor(vm: () => GuestVm<UvmlStart>) {
    this.#start = vm;
    this.records = new layout.Records({
      defineRecord: (facts, typeId, descriptor, element) => this.#defineRecord(facts, typeId, descriptor, element),
    });
  }

  get vm(): GuestVm<UvmlStart> {
    return this.#start();
  }

  #defineRecord(facts: TypeFacts, typeId: number, descriptor: Descriptor, element: number): number {
    const { heap } = this.vm;
    const record = defineType(heap, { ...facts, guestBytes: layout.RECORD_GUEST_BYTES });
    heap.setWord(record + layout.RECORD_TYPE_ID, typeId);
    heap.setWord(record + layout.RECORD_ELEMENT, element);
    heap.setWord(record + layout.RECORD_DESCRIPTOR, heap.text(JSON.stringify(descriptor)));
    return record;
  }

  helper(name: HelperName): number {
    return this.helpers.get(name) as number;
  }

  // ---- immortal objects -----------------------------------------------------------------------------------------------------

  string(text: string): number {
    let found = this.#strings.get(text);
    if (found === undefined) {
      const bytes = new TextEncoder().encode(text);
      found = this.vm.allocateImmortal(this.records.of(STRING), (layout.ARRAY_DATA + bytes.length + 7) & ~7);
      this.vm.mem.setWord(found + layout.ARRAY_LENGTH, bytes.length);
      this.vm.mem.copyIn(found + layout.ARRAY_DATA, bytes);
      this.#strings.set(text, found);
    }
    return found;
  }

  symbol(name: string): number {
    let found = this.#symbols.get(name);
    if (found === undefined) {
      if (this.#symbols.size >= MAX_SYMBOLS) throw new GuestFailure(failureText("out-of-memory", "too many symbols"));
      const text = this.string(name);
      found = this.vm.allocateImmortal(this.records.of(SYMBOL), layout.SYMBOL_BYTES);
      this.vm.mem.setWord(found + layout.SYMBOL_NAME, text);
      this.#symbols.set(name, found);
    }
    return found;
  }

  /** A symbol that no text reads as. */
  freshSymbol(): number {
    return this.symbol(`#:g${++this.#fresh}`);
  }

  quoted(datum: Datum): number {
    switch (datum.kind) {
      case "list":
        return this.immortalList(
          datum.items.map((item) => this.quoted(item)),
          ANY,
        );
      case "string":
        return this.string(datum.value);
      case "symbol":
        return this.symbol(datum.name);
      default:
        return this.#box(datumType(datum), datum.value, (bytes) => this.vm.heap.allocImmortal(bytes));
    }
  }

  /** A list of references. */
  immortalList(items: readonly number[], of: Type): number {
    const { vm } = this;
    let rest = 0;
    for (let i = items.length - 1; i >= 0; i--) {
      const cons = vm.allocateImmortal(this.records.of(list(of)), layout.CONS_BYTES);
      vm.mem.setWord(cons + layout.CONS_REST, rest);
      vm.mem.setWord(cons + layout.CONS_FIRST, items[i]!);
      rest = cons;
    }
    return rest;
  }

  #box(type: Type, value: bigint | number | boolean, allocate: (bytes: number) => number): number {
    const { mem } = this.vm;
    const record = this.records.of(type);
    const box = allocate(layout.BOX_BYTES);
    mem.setWord(box + layout.OBJECT_TYPE, record);
    const load = layout.loadOf(type);
    if (load === "f64") mem.f64[(box + layout.BOX_VALUE) >>> 3] = Number(value);
    else if (load === "f32") mem.f32[(box + layout.BOX_VALUE) >>> 2] = Number(value);
    // Little-endian: the low bytes are where a shorter load looks.
    else mem.i64[(box + layout.BOX_VALUE) >>> 3] = BigInt.asIntN(8 * layout.bytesOfLoad(load), BigInt(value));
    return box;
  }

  word(isReference: boolean): number {
    return isReference ? this.vm.thread.roots.add(0) : this.vm.heap.malloc(8);
  }

  /** The text of a string. */
  text(string: number): string {
    const { mem } = this.vm;
    return new TextDecoder().decode(mem.copyOut(string + layout.ARRAY_DATA, mem.word(string + layout.ARRAY_LENGTH)));
  }

  // ---- collected objects: safepoints -----------------------------------------------------------------------------------------

  newString(text: string): number {
    const bytes = new TextEncoder().encode(text);
    const string = this.vm.allocate(this.records.of(STRING), (layout.ARRAY_DATA + bytes.length + 7) & ~7);
    this.vm.mem.setWord(string + layout.ARRAY_LENGTH, bytes.length);
    this.vm.mem.copyIn(string + layout.ARRAY_DATA, bytes);
    return string;
  }

  /** Data as `any` for a macro; the reference is in a handle of the call. */
  data(call: Call, datum: Datum): number {
    const { vm } = this;
    switch (datum.kind) {
      case "symbol":
        return call.handle(this.symbol(datum.name));
      case "string":
        return call.handle(this.newString(datum.value));
      case "list": {
        const rest = call.handle(0);
        for (let i = datum.items.length - 1; i >= 0; i--) {
          const first = this.data(call, datum.items[i]!);
          const cons = vm.allocate(this.records.of(list(ANY)), layout.CONS_BYTES);
          vm.mem.setWord(cons + layout.CONS_REST, vm.mem.word(rest));
          vm.mem.setWord(cons + layout.CONS_FIRST, vm.mem.word(first));
          vm.mem.setWord(rest, cons);
          call.drop(first);
        }
        return rest;
      }
      default: {
        const type = datumType(datum);
        return call.handle(this.#box(type, datum.value, (bytes) => vm.allocate(this.records.of(type), bytes)));
      }
    }
  }

  // ---- errors ---------------------------------------------------------------------------------------------------------------

  /** The `error` for [kind, message]; a safepoint. For what has no memory left, one made beforehand. */
  error(text: string, call: Call): number {
    const [kind, message] = JSON.parse(text) as [string, string];
    const trace = this.trace(call.sp);
    try {
      const error = this.#makeError(call, kind, message, trace.where);
      this.noteRaised(call.thread, error, trace);
      return error;
    } catch (failure) {
      if (!(failure instanceof GuestFailure) || this.#spare === 0) throw failure;
      this.noteRaised(call.thread, this.#spare, trace);
      return this.#spare;
    }
  }

  #makeError(call: Call, kind: string, message: string, where: string): number {
    const { mem } = this.vm;
    const symbol = this.symbol(kind);
    const texts = [call.handle(this.newString(message)), call.handle(this.newString(where))];
    const { record, size, offsets } = this.#error;
    const error = this.vm.allocate(record, size);
    mem.setWord(error + offsets[0], symbol);
    mem.setWord(error + offsets[1], mem.word(texts[0]!));
    mem.setWord(error + offsets[2], mem.word(texts[1]!));
    return error;
  }

  /** To be called when the prelude has defined `error`: later definitions of that name are other types. */
  adoptError(struct: Struct): void {
    const { vm } = this;
    const { fields, size } = layout.structLayout(struct);
    const offsets = fields.map(({ offset }) => offset) as [number, number, number];
    this.#error = { record: this.records.of(struct), size, offsets };
    this.#spare = vm.allocateImmortal(this.#error.record, size);
    vm.mem.setWord(this.#spare + offsets[0], this.symbol("out-of-memory"));
    vm.mem.setWord(this.#spare + offsets[1], this.string("no memory is left"));
    vm.mem.setWord(this.#spare + offsets[2], this.string(""));
  }

  /** Strings: message and place of an `error`; undefined: the value is none. */
  errorFacts(ref: number): { readonly message: number; readonly where: number } | undefined {
    const { record, offsets } = this.#error;
    const { mem } = this.vm;
    if (ref === 0 || mem.word(ref) !== record) return undefined;
    return { message: mem.word(ref + offsets[1]), where: mem.word(ref + offsets[2]) };
  }

  /** Notes where the thread raises a value. */
  noteRaised(thread: number, ref: number, trace: Trace): void {
    const { roots } = this.vm.thread;
    const before = this.#raised.get(thread);
    if (before !== undefined) roots.remove(before.handle);
    this.#raised.set(thread, { handle: roots.add(ref), trace });
  }

  /** The trace of what the thread raised last, if it was this value; and forgets it. */
  takeRaised(thread: number, ref: number): Trace | undefined {
    const { roots } = this.vm.thread;
    const raised = this.#raised.get(thread);
    if (raised === undefined) return undefined;
    const is = roots.get(raised.handle) === ref;
    roots.remove(raised.handle);
    this.#raised.delete(thread);
    return is ? raised.trace : undefined;
  }

  /** The calls of a stack, from a stack pointer on. */
  trace(sp: number): Trace {
    /** Calls, and how often each comes in a row. */
    const counted: { readonly id: number; readonly pos: number; readonly text: string; times: number }[] = [];
    let where = "";
    let left = 0;
    for (const f = frames(this.vm.mem, sp); f.next(); ) {
      const { functionId: id, pos } = f;
      if (id === 0 || pos <= 0) continue;
      const last = counted.at(-1);
      if (left === 0 && last?.id === id && last.pos === pos) last.times++;
      else if (counted.length === TRACE_CALLS) left++;
      else {
        const { name, file } = this.compiler?.functionOf(id) ?? { name: "?", file: "?" };
        const text = place(file, pos);
        if (where === "" && file !== PRELUDE) where = text;
        counted.push({ id, pos, text: `at ${text} in ${name}`, times: 1 });
      }
    }
    const calls = counted.map(({ text, times }) => (times === 1 ? text : `${text}, ${times} times`));
    if (left > 0) calls.push(`and ${left} more`);
    return { where, calls };
  }
}

function datumType(datum: Datum): Type {
  switch (datum.kind) {
    case "int":
      return prim((datum.suffix ?? (BigInt.asIntN(32, datum.value) === datum.value ? "i32" : "i64")) as PrimName);
    case "float":
      return prim((datum.suffix ?? "f64") as PrimName);
    default:
      return prim(datum.kind as PrimName);
  }
}
