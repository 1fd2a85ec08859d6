/**
 * A carrier's function table: what its slots hold. New slots get stubs; code is installed when a slot is first called here; what has become code of the second
 * tier, or was redefined, is exchanged when the carrier catches up with the code epoch. See docs/threads.md, "Code".
 */
import {
  BATCH_CODE,
  BATCH_CODE_BYTES,
  BATCH_COUNT,
  BATCH_MEMBERS,
  BATCH_PREVIOUS,
  CODE_BYTES,
  CODE_IS_INTERPRETED,
  CODE_IS_MEMBER,
  CODE_IS_OPTIMIZED,
  CODE_START,
  CONTROL_BATCHES,
  CONTROL_REDEFINITIONS,
  CONTROL_SIGNATURES,
  CONTROL_SLOT_TABLE,
  CONTROL_SLOTS,
  MEMBER_BYTES,
  MEMBER_CODE,
  MEMBER_SLOT,
  SLOT_BYTES,
  SLOT_CODE,
  SLOT_SIGNATURE,
} from "#layout";
import type { Memory } from "#memory";
import { MixedInterpreter } from "#mixed";
import { Bug } from "#support";
import type { Mutator } from "./mutator.ts";
import { type Optimize, optimizer } from "./tiers.ts";

const TABLE_STEP = 16384;

export class CodeTable {
  readonly #mem: Memory;
  readonly #mutator: Mutator;
  readonly #table = new WebAssembly.Table({ initial: TABLE_STEP, element: "anyfunc" });
  readonly #imports: WebAssembly.Imports;
  /** Stubs by signature number. */
  readonly #stubs: unknown[] = [];
  /** Made when the first function that is interpreted is called. */
  #interpreter: MixedInterpreter | undefined;
  /** Made when it is first needed. */
  #optimize: Optimize | undefined;
  /** By slot: SLOT_CODE of what is installed here; 0: the stub. */
  #installed = new Uint32Array(TABLE_STEP);
  #slots = 1;
  /** CONTROL_REDEFINITIONS when the installed slots were compared with it last. */
  #redefinitions = 0;
  /** CONTROL_BATCHES when it was looked at last. */
  #batches = 0;

  constructor(mem: Memory, mutator: Mutator, imports: (table: WebAssembly.Table) => WebAssembly.Imports) {
    this.#mem = mem;
    this.#mutator = mutator;
    this.#imports = imports(this.#table);
  }

  /** What the slot holds here, stub or code. */
  functionAt(slot: number): () => void {
    return this.#table.get(slot) as () => void;
  }

  /** Brings the table up to date with the code epoch. Not a safepoint. */
  catchUp(): void {
    this.#syncSlots();
    this.#takeBatches(this.#mem.atomicLoad(CONTROL_BATCHES));
    this.#dropRedefined();
  }

  /** Gives every new slot a stub that fetches the code when it is first called. */
  #syncSlots(): void {
    const count = this.#mem.atomicLoad(CONTROL_SLOTS);
    if (count > this.#table.length) {
      const missing = count - this.#table.length;
      this.#table.grow(Math.ceil(missing / TABLE_STEP) * TABLE_STEP);
      const installed = new Uint32Array(this.#table.length);
      installed.set(this.#installed);
      this.#installed = installed;
    }
    for (let slot = this.#slots; slot < count; slot++) this.#putStub(slot);
    this.#slots = count;
  }

  #entry(slot: number): number {
    return this.#mem.word(CONTROL_SLOT_TABLE) + slot * SLOT_BYTES;
  }

  #putStub(slot: number): void {
    const signature = this.#mem.word(this.#entry(slot) + SLOT_SIGNATURE);
    this.#table.set(slot, (this.#stubs[signature] ??= this.#stub(signature)) as () => void);
  }

  #stub(signature: number): unknown {
    const entry = this.#mem.word(CONTROL_SIGNATURES) + signature * 8;
    const bytes = this.#mem.copyOut(this.#mem.word(entry), this.#mem.word(entry + 4));
    return this.#exports(new WebAssembly.Module(bytes))["f"];
  }

  /** Puts the stub back where the code that is installed here is not the slot's any more. Code never comes to lie where other code has lain. */
  #dropRedefined(): void {
    const redefinitions = this.#mem.atomicLoad(CONTROL_REDEFINITIONS);
    if (redefinitions === this.#redefinitions) return;
    this.#redefinitions = redefinitions;
    const installed = this.#installed;
    for (let slot = 1; slot < this.#slots; slot++) {
      if (installed[slot] === 0) continue;
      if (this.#mem.atomicLoad(this.#entry(slot) + SLOT_CODE) === installed[slot]) continue;
      installed[slot] = 0;
      this.#putStub(slot);
    }
  }

  /** Installs those of the new batches that replace something here, the oldest first. The others come when they are called. */
  #takeBatches(newest: number): void {
    const mem = this.#mem;
    const batches: number[] = [];
    for (let batch = newest; batch !== this.#batches; batch = mem.word(batch + BATCH_PREVIOUS)) batches.push(batch);
    this.#batches = newest;
    for (const batch of batches.reverse()) {
      const count = mem.word(batch + BATCH_COUNT);
      for (let number = 0; number < count; number++) {
        const slot = mem.word(batch + BATCH_MEMBERS + number * MEMBER_BYTES + MEMBER_SLOT);
        if (this.#installed[slot] === 0) continue;
        this.#installBatch(batch);
        break;
      }
    }
  }

  /** Installs the functions of a batch that are still their slots'. They were compiled already, and V8 gives the same code to every Worker that asks. */
  #installBatch(batch: number): void {
    const mem = this.#mem;
    const bytes = mem.copyOut(mem.word(batch + BATCH_CODE), mem.word(batch + BATCH_CODE_BYTES));
    const exported = this.#exports(new WebAssembly.Module(bytes));
    const count = mem.word(batch + BATCH_COUNT);
    for (let number = 0; number < count; number++) {
      const member = batch + BATCH_MEMBERS + number * MEMBER_BYTES;
      const slot = mem.word(member + MEMBER_SLOT);
      const code = mem.word(member + MEMBER_CODE);
      if (mem.atomicLoad(this.#entry(slot) + SLOT_CODE) === code) this.#put(slot, code, exported[`f${number}`]);
    }
  }

  #put(slot: number, code: number, made: unknown): void {
    if (made === undefined) throw new Bug(`there is no function for slot ${slot}`);
    this.#table.set(slot, made);
    this.#installed[slot] = code;
  }

  #exports(module: WebAssembly.Module): WebAssembly.Exports {
    return new WebAssembly.Instance(module, this.#imports).exports;
  }

  isCompiled(slot: number): boolean {
    return this.#mem.atomicLoad(this.#entry(slot) + SLOT_CODE) !== 0;
  }

  /** Installs the code of a slot. False: it has none, or none any more. A safepoint; the running thread is anchored. */
  install(slot: number): boolean {
    const mem = this.#mem;
    const word = this.#entry(slot) + SLOT_CODE;
    const code = mem.atomicLoad(word);
    if (code === 0) return false;
    const size = mem.word(code + CODE_BYTES);
    if ((size & CODE_IS_MEMBER) !== 0) {
      this.#installBatch(mem.word(code + CODE_START));
      return true;
    }
    const bytes = mem.copyOut(code + CODE_START, size & ~(CODE_IS_OPTIMIZED | CODE_IS_INTERPRETED));
    if ((size & CODE_IS_INTERPRETED) !== 0) {
      this.#interpreter ??= new MixedInterpreter(mem.memory.buffer, this.#mutator.record, this.#imports);
      this.#put(slot, code, this.#interpreter.install(new TextDecoder().decode(bytes)));
      return true;
    }
    const made = this.#exports(new WebAssembly.Module(bytes))["f"];
    if ((size & CODE_IS_OPTIMIZED) !== 0) {
      this.#mutator.enterSafe();
      this.#optimize ??= optimizer();
      this.#optimize(made);
      this.#mutator.leaveSafe();
      if (mem.atomicLoad(word) !== code) return false;
    }
    // No safepoint from here on: a redefinition waits until the code is installed, and then it is taken out again.
    this.#put(slot, code, made);
    return true;
  }
}
