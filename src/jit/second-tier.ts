/**
 * Functions that have become hot are made again, in batches, by the VM thread when it has nothing else to do, one step at a time: requests wait for one step at most, and
 * nobody waits for the whole.
 *
 *   hot slots ──▶ made (IR of tier 2; passes) ──▶ one module ──▶ compiled by the compiler's Worker ──▶ the slots' code
 *
 * While one batch is compiled, functions of the next one are made. Calls between functions of a batch are direct. That a slot gets an equivalent function later does
 * not make them wrong; slots that may be redefined are called through the table.
 */
import type { Func } from "#ir";
import {
  BATCH_CODE,
  BATCH_CODE_BYTES,
  BATCH_COUNT,
  BATCH_MEMBERS,
  BATCH_PREVIOUS,
  CODE_BYTES,
  CODE_IS_MEMBER,
  CODE_START,
  COMPILER_DONE,
  COMPILER_IDLE,
  COMPILER_NONE,
  COMPILER_WANTED,
  CONTROL_BATCHES,
  CONTROL_COMPILER,
  CONTROL_COMPILER_BATCH,
  MEMBER_BYTES,
  MEMBER_CODE,
  MEMBER_SLOT,
} from "#layout";
import type { Memory } from "#memory";
import { instCount } from "#passes";
import { Bug, type Switches } from "#support";
import { keepBatch, takeHot } from "#threads";
import type { Dump } from "./dump.ts";

/** Non-moving memory has run out. What has code goes on as it is. */
export class NoCodeMemory extends Bug {}

/** A function made again. */
export interface Remade {
  readonly number: number;
  readonly func: Func;
  readonly dump: Dump | null;
  /** Runs the passes of the second tier, one at a time. Needs no raw reference. */
  readonly passes: Iterator<void, void>;
  /** Whether the slot was not redefined since. */
  readonly isCurrent: () => boolean;
  /** From now on the slot has this code. */
  readonly replace: (code: number) => void;
}

/** What is asked of who knows the slots. */
export interface Remaker {
  /** The function of the second tier; null: the slot keeps what it has. */
  remake(number: number): Remade | null;
  /** The module of these functions, exported as "f0" and so on. */
  module(functions: readonly Remade[]): Uint8Array;
  /** Immortal memory. */
  bump(bytes: number): number;
  /** Lets the carriers look. */
  announce(): void;
  /** Does what takes long and holds no raw reference. */
  unattended<T>(work: () => T): T;
}

/** Largest batch, in functions and in instructions: making its module is one step, of some ten milliseconds; and the first functions are not to wait for the last. */
const MOST_FUNCTIONS = 40;
const MOST_INSTRUCTIONS = 10_000;
const MEMBER_RECORD_BYTES = 16;
/** For so many milliseconds functions are gathered for a batch: what calls each other is hot at the same time. */
const GATHERING = 20;

interface Batch {
  readonly address: number;
  readonly functions: readonly Remade[];
  readonly started: number;
}

export class SecondTier {
  readonly #mem: Memory;
  readonly #remaker: Remaker;
  readonly #trace: ((line: string) => void) | undefined;
  /** Slots that are hot and not made again yet. */
  readonly #waiting: number[] = [];
  #making: Remade | null = null;
  #made: Remade[] = [];
  #instructions = 0;
  #makingMilliseconds = 0;
  #longestStep = 0;
  #compiling: Batch | null = null;
  #hasMemory = true;
  /** What the VM thread has compiled itself. */
  readonly #modules: WebAssembly.Module[] = [];
  batches = 0;
  /** When the batch that is being made is not to wait any more. */
  #buildAt = 0;

  constructor(mem: Memory, remaker: Remaker, switches: Switches) {
    this.#mem = mem;
    this.#remaker = remaker;
    this.#trace = switches.tracer("tier");
  }

  /** Does one step of what there is to do. False: there is nothing. */
  step(): boolean {
    if (!this.#hasMemory) return false;
    this.#waiting.push(...takeHot(this.#mem));
    if (this.#compiling !== null && this.#mem.atomicLoad(CONTROL_COMPILER) === COMPILER_DONE) {
      this.#announce(this.#compiling);
      return true;
    }
    const isFull = this.#made.length >= MOST_FUNCTIONS || this.#instructions >= MOST_INSTRUCTIONS;
    if (this.#making !== null || (!isFull && this.#waiting.length > 0)) {
      this.#makeSome();
      return true;
    }
    if (this.#made.length === 0 || this.#compiling !== null) return false;
    if (!isFull && performance.now() < this.#buildAt) return false;
    try {
      this.#compile();
    } catch (error) {
      if (!(error instanceof NoCodeMemory)) throw error;
      this.#trace?.(error.message);
      this.#hasMemory = false;
    }
    return true;
  }

  /** Milliseconds after which `step` will have something to do; negative: not before somebody rings. */
  get pause(): number {
    if (this.#made.length === 0 || this.#compiling !== null) return -1;
    return Math.max(1, this.#buildAt - performance.now());
  }

  /** Makes the next function, or runs the next pass on the one that is being made. */
  #makeSome(): void {
    const start = performance.now();
    const now = this.#making;
    let made: Remade | null = null;
    if (now === null) this.#making = this.#remaker.remake(this.#waiting.shift()!);
    else if (this.#remaker.unattended(() => now.passes.next().done === true)) made = now;
    const milliseconds = performance.now() - start;
    this.#makingMilliseconds += milliseconds;
    this.#longestStep = Math.max(this.#longestStep, milliseconds);
    if (made === null) return;
    this.#making = null;
    const size = instCount(made.func);
    this.#trace?.(`slot ${made.number} ${made.func.name}: ${size} instructions`);
    if (this.#made.length === 0) this.#buildAt = performance.now() + GATHERING;
    this.#made.push(made);
    this.#instructions += size;
  }

  /** Makes the module of what is made, and hands it over. */
  #compile(): void {
    const mem = this.#mem;
    const functions = this.#made.filter((made) => made.isCurrent());
    const { length: count } = functions;
    const making = `${this.#makingMilliseconds.toFixed(1)} ms (longest ${this.#longestStep.toFixed(1)})`;
    this.#made = [];
    this.#instructions = 0;
    this.#makingMilliseconds = 0;
    this.#longestStep = 0;
    if (count === 0) return;
    const start = performance.now();
    const bytes = this.#remaker.module(functions);
    const code = this.#remaker.bump(bytes.length);
    mem.copyIn(code, bytes);
    const address = this.#remaker.bump(BATCH_MEMBERS + count * (MEMBER_BYTES + MEMBER_RECORD_BYTES));
    mem.setWord(address + BATCH_CODE, code);
    mem.setWord(address + BATCH_CODE_BYTES, bytes.length);
    mem.setWord(address + BATCH_COUNT, count);
    functions.forEach(({ number }, index) => {
      const member = address + BATCH_MEMBERS + index * MEMBER_BYTES;
      mem.setWord(member + MEMBER_SLOT, number);
      mem.setWord(member + MEMBER_CODE, recordOf(address, count, index));
      mem.setWord(recordOf(address, count, index) + CODE_BYTES, index | CODE_IS_MEMBER);
      mem.setWord(recordOf(address, count, index) + CODE_START, address);
    });
    const now = performance.now();
    this.#trace?.(
      `batch ${++this.batches}: ${count} functions made in ${making}, ${bytes.length} bytes in ${(now - start).toFixed(1)} ms`,
    );
    this.#compiling = { address, functions, started: now };
    mem.setWord(CONTROL_COMPILER_BATCH, address);
    if (mem.atomicLoad(CONTROL_COMPILER) === COMPILER_NONE) {
      this.#modules.push(this.#remaker.unattended(() => keepBatch(mem, address)));
      this.#announce(this.#compiling);
    } else if (mem.atomicCas(CONTROL_COMPILER, COMPILER_IDLE, COMPILER_WANTED) === COMPILER_IDLE) {
      mem.notify(CONTROL_COMPILER);
    }
  }

  /** The batch is compiled: its functions are their slots' code, but for those that were redefined meanwhile. */
  #announce({ address, functions, started }: Batch): void {
    const mem = this.#mem;
    const compiled = performance.now();
    functions.forEach((made, index) => {
      if (made.isCurrent()) made.replace(recordOf(address, functions.length, index));
    });
    mem.setWord(address + BATCH_PREVIOUS, mem.word(CONTROL_BATCHES));
    mem.atomicStore(CONTROL_BATCHES, address);
    this.#compiling = null;
    mem.atomicCas(CONTROL_COMPILER, COMPILER_DONE, COMPILER_IDLE);
    this.#remaker.announce();
    const now = performance.now();
    this.#trace?.(
      `batch ${this.batches}: compiled in ${(compiled - started).toFixed(1)} ms, announced in ${(now - compiled).toFixed(1)} ms`,
    );
  }
}

/** Code record of a batch's function. */
function recordOf(batch: number, count: number, index: number): number {
  return batch + BATCH_MEMBERS + count * MEMBER_BYTES + index * MEMBER_RECORD_BYTES;
}
