/**
 * Slots and code, as the VM thread manages them: a slot is handed out long before its code exists; its code is made at the first call
 * anywhere and put in shared memory, from where each carrier installs it.
 */
import { dominators, type Func, loops, removeUnreachable, type Signature, type TrapKind, verify } from "#ir";
import {
  CODE_BYTES,
  CODE_IS_INTERPRETED,
  CODE_IS_OPTIMIZED,
  CODE_START,
  CONTROL_BOTTOM_SITE,
  CONTROL_CARDS,
  CONTROL_REDEFINITIONS,
  CONTROL_SIGNATURE_COUNT,
  CONTROL_SIGNATURES,
  CONTROL_SLOT_TABLE,
  CONTROL_SLOTS,
  CONTROL_WEAK_ORDER,
  SITE_FRAME_BYTES,
  SITE_FUNCTION,
  SITE_MAP,
  SITE_MAP_WORDS,
  SITE_POS,
  SLOT_BYTES,
  SLOT_CODE,
  SLOT_FUNCTION,
  SLOT_HEAT,
  SLOT_SIGNATURE,
} from "#layout";
import type { Memory } from "#memory";
import { canInterpret, interpretedText } from "#mixed";
import {
  type Callees,
  countCalls,
  expandCalls,
  instCount,
  isExpandable,
  Optimizer,
  reduceLoops,
  secondTier,
  sparsePolls,
} from "#passes";
import { Bug, type Switches } from "#support";
import { coolDown } from "#threads";
import { type BackEnd, compile, compileModule, Scratch } from "#wasm";
import { Dump } from "./dump.ts";
import { NoCodeMemory, type Remade, SecondTier } from "./second-tier.ts";
import { INVOKER_SIGNATURE, invokerFunction, stubFunction } from "./stubs.ts";

/** 1: what is compiled at the first call, soon; 2: what has run often, well. */
export type Tier = 1 | 2;
/** Makes the IR of a slot's function; gets what was given as its id. In tier 2 it may have nothing better to offer: null. */
export type Body = (functionId: number, slot: number, tier: Tier) => Func | null;

interface Slot {
  readonly signature: Signature;
  readonly functionId: number;
  readonly body: Body;
}

/** The slots reserved for one signature that are not handed out yet: [next, end). */
interface Group {
  readonly signature: Signature;
  readonly number: number;
  next: number;
  end: number;
  /** How many to reserve next. */
  count: number;
}

export interface CodeOptions {
  /** Slot of the function made by `serviceCallFunction`. */
  readonly serviceSlot: () => number;
  /** Whether the guest wants its preparation service to run before the function is compiled; asked until it says no. */
  readonly wantsPreparation: (functionId: number) => boolean;
  /** Slot of the function that throws a trap of the kind: (i32, i32) -> (). */
  readonly trapSlot: (kind: TrapKind) => number;
  /** Non-moving memory; 0 when there is none left. */
  readonly malloc: (bytes: number) => number;
  readonly switches: Switches;
  /**
   * From which nesting of loops on a function is optimised before it first runs (1: if it has any loop; 0: never). V8 does not replace code while it
   * runs: a function that is called once, and loops long, would stay slow. Costs a millisecond or more for each. Default: never.
   */
  readonly optimizesLoops?: (functionId: number) => number;
  /**
   * Whether calls of small functions are expanded (src/passes/expand.ts), with a test whether the slot was redefined. Bodies of slots are then
   * made before the slots are called, and more than once. Default: no.
   */
  readonly expands?: boolean;
  /** Whether the slots of a function are never redefined: it may then call itself directly. Default: no. */
  readonly isFinal?: (functionId: number) => boolean;
  /** Whether a function is to be interpreted instead of compiled; see docs/mixed-mode.md. Default: never. */
  readonly interprets?: (functionId: number, func: Func) => boolean;
  /**
   * Functions with an id that have run so often (calls; loops count too) are made again in tier 2, and replace what ran so far. VM_STRESS=tier:N
   * sets the number. Default: they stay what they are.
   */
  readonly hotAfter?: number;
  /** Between the stages of a compilation: a chance to let the collector run. */
  readonly breathe: () => void;
}

/** Most slots and signatures a VM can have; their tables are reserved at once and committed by use. */
const MAX_SLOTS = 1 << 19;
const MAX_SIGNATURES = 1 << 13;
const CHUNK_BYTES = 65536;
/** Bytes of code above which a function with nested loops is not optimised before it runs: that could take a tenth of a second. */
const LARGEST_NESTED = 4096;
/** V8 takes no longer functions; they are interpreted. */
const LARGEST_FUNCTION = 7_654_321;
/** Instructions above which a function is not made again: it would keep the VM thread too long, and V8 gets at it by itself. */
const LARGEST_AGAIN = 12_000;
/** How many slots are reserved for a signature at first, and at most at once. */
const FIRST_GROUP = 4;
const LARGEST_GROUP = 512;

export class Code {
  readonly #mem: Memory;
  readonly #options: CodeOptions;
  readonly #slots: (Slot | undefined)[] = [undefined];
  /** By the signature's key. */
  readonly #groups = new Map<string, Group>();
  readonly #invokers = new Map<string, number>();
  readonly #backEnd: BackEnd;
  readonly #scratch = new Scratch();
  /** What was made of slots in order to expand it: null if it cannot be. */
  readonly #expandable = new Map<number, { readonly slot: Slot; readonly func: Func | null }>();
  /** By slot that was expanded somewhere: address of a word that becomes 1 when the slot is redefined. */
  readonly #guards = new Map<number, number>();
  readonly #callees: Callees = {
    functionAt: (slot) => this.#functionToExpand(slot),
    guardOf: (slot) => this.#guardOf(slot),
  };
  readonly #verifies: boolean;
  readonly #optimizer: Optimizer;
  readonly #secondTier: SecondTier;
  /** Calls after which a function is made again; 0: never. */
  readonly #hotAfter: number;
  #chunk = 0;
  #chunkEnd = 0;
  #started = false;
  /** Does what takes long and needs no raw reference. Set by the VM thread, which lets collections go on meanwhile. */
  unattended: <T>(work: () => T) => T = (work) => work();
  /** Makes all carriers look at CONTROL_SLOTS before they run guest code again. Set by the VM thread. */
  announce: () => void = () => {};
  /** How many functions were compiled, and the sum of their code bytes. */
  compiled = 0;
  codeBytes = 0;

  constructor(mem: Memory, options: CodeOptions) {
    this.#mem = mem;
    this.#options = options;
    this.#verifies = options.switches.checks("ir");
    const cards = mem.word(CONTROL_CARDS);
    this.#optimizer = new Optimizer(options.switches, secondTier);
    this.#hotAfter = options.hotAfter === undefined ? 0 : options.switches.stress("tier") || options.hotAfter;
    this.#backEnd = {
      ...(cards === 0 ? {} : { cards }),
      weakOrder: mem.word(CONTROL_WEAK_ORDER) !== 0 || options.switches.stress("order") !== 0,
      names: options.switches.tracer("names") !== undefined,
      trapSlot: options.trapSlot,
      addSite: (frameBytes, functionId, pos, map, caller) => this.#addSite(frameBytes, functionId, pos, map, caller),
    };
    this.#secondTier = new SecondTier(
      mem,
      {
        remake: (number) => this.#remake(number),
        module: (functions) => this.#module(functions),
        bump: (bytes) => this.#bump(bytes),
        announce: () => this.announce(),
        unattended: (work) => this.unattended(work),
      },
      options.switches,
    );
    mem.setWord(CONTROL_SLOT_TABLE, this.#malloc(MAX_SLOTS * SLOT_BYTES));
    mem.setWord(CONTROL_SIGNATURES, this.#malloc(MAX_SIGNATURES * 8));
    mem.atomicStore(CONTROL_SLOTS, 1);
    mem.setWord(CONTROL_BOTTOM_SITE, this.#addSite(0, 0, -1, [], 0));
  }

  /**
   * A new slot. After `start`, every carrier holds a stub for it when this returns, so its number may be put where anybody can see it at once. Slots are
   * reserved by signature in growing groups, and the carriers hear of each group: that happens a few times per signature.
   */
  allocate(signature: Signature, functionId: number, body: Body): number {
    let group = this.#groups.get(signature.key);
    if (group === undefined) {
      group = { signature, number: this.#groups.size, next: 0, end: 0, count: FIRST_GROUP };
      if (group.number >= MAX_SIGNATURES) throw new Bug(`more than ${MAX_SIGNATURES} signatures`);
      this.#groups.set(signature.key, group);
      if (this.#started) this.#makeStub(group);
    }
    if (group.next === group.end) this.#reserve(group);
    const number = group.next++;
    this.#slots[number] = { signature, functionId, body };
    this.#mem.setWord(this.#entry(number) + SLOT_FUNCTION, functionId);
    return number;
  }

  #reserve(group: Group): void {
    const start = this.#slots.length;
    const end = start + group.count;
    if (end > MAX_SLOTS) throw new Bug(`more than ${MAX_SLOTS} slots`);
    for (let slot = start; slot < end; slot++) {
      this.#slots.push(undefined);
      this.#mem.setWord(this.#entry(slot) + SLOT_SIGNATURE, group.number);
    }
    group.next = start;
    group.end = end;
    group.count = Math.min(2 * group.count, LARGEST_GROUP);
    if (this.#started) this.#announce();
  }

  /** To be called before the first guest thread starts, when the trap functions and the service function have slots. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const group of this.#groups.values()) this.#makeStub(group);
    this.#announce();
  }

  #announce(): void {
    this.#mem.atomicStore(CONTROL_SLOTS, this.#slots.length);
    this.announce();
  }

  /** Slot of the function that calls functions of the signature with arguments from the transfer area. */
  invoker(signature: Signature): number {
    let slot = this.#invokers.get(signature.key);
    if (slot === undefined) {
      slot = this.allocate(INVOKER_SIGNATURE, 0, () => invokerFunction(signature));
      this.#invokers.set(signature.key, slot);
    }
    return slot;
  }

  /** Id of the function of a slot. */
  functionOf(number: number): number {
    return this.#slots[number]?.functionId ?? 0;
  }

  /**
   * Forgets the code of these slots; each may get another body, which makes functions of the same signature. When this returns, every call
   * on every carrier that has not begun yet comes to a function made afterwards; functions that are running stay what they are. Not a
   * safepoint. Costs a look at all installed slots on each carrier, so many slots are better redefined at once.
   */
  redefine(slots: Iterable<readonly [number: number, body?: Body]>): void {
    let changed = false;
    for (const [number, body] of slots) {
      const old = this.#slots[number];
      if (old === undefined) throw new Bug(`slot ${number} was never handed out`);
      if (this.#options.isFinal?.(old.functionId) === true) throw new Bug(`slot ${number} is final`);
      // A compilation that is under way sees that the object is another one.
      this.#slots[number] = { ...old, body: body ?? old.body };
      changed = this.#breakGuard(number) || changed;
      const code = this.#entry(number) + SLOT_CODE;
      if (this.#mem.atomicLoad(code) === 0) continue;
      this.#mem.atomicStore(code, 0);
      changed = true;
    }
    if (!changed) return;
    this.#mem.atomicAdd(CONTROL_REDEFINITIONS, 1);
    if (this.#started) this.announce();
  }

  /**
   * Compiles the function of a slot, if that was not done, and puts its code in shared memory. False: nothing was done, as the function
   * wants to be prepared first.
   */
  compile(number: number): boolean {
    const entry = this.#entry(number);
    if (this.#mem.atomicLoad(entry + SLOT_CODE) !== 0) return true;
    const slot = this.#slots[number];
    if (slot === undefined) throw new Bug(`slot ${number} was never handed out`);
    if (slot.functionId !== 0 && this.#options.wantsPreparation(slot.functionId)) return false;
    const func = this.#make(slot, number);
    this.#options.breathe();
    // Making the function may have led to its redefinition.
    if (this.#slots[number] !== slot) return this.compile(number);
    const trace = this.#options.switches.tracer("jit", func.name);
    let isInterpreted = this.#isInterpreted(slot.functionId, func);
    let bytes = isInterpreted ? this.#interpretedFunction(func) : this.#compileFunction(func, number);
    if (bytes.length > LARGEST_FUNCTION && !isInterpreted && canInterpret(func)) {
      isInterpreted = true;
      bytes = this.#interpretedFunction(func);
    }
    // So may making the functions that are expanded in it.
    if (this.#slots[number] !== slot) return this.compile(number);
    trace?.(
      `slot ${number} ${func.name} ${slot.signature.key}: ${bytes.length} bytes${isInterpreted ? ", interpreted" : ""}`,
    );
    let kind = 0;
    if (isInterpreted) kind = CODE_IS_INTERPRETED;
    else {
      if (this.#loopsLong(func, slot.functionId, bytes.length)) kind = CODE_IS_OPTIMIZED;
      if (this.#counts(number)) coolDown(this.#mem, number, this.#hotAfter);
    }
    this.#mem.atomicStore(entry + SLOT_CODE, this.#store(bytes, kind));
    this.compiled++;
    this.codeBytes += bytes.length;
    this.#options.breathe();
    return true;
  }

  /** Whether functions are made again in tier 2 when they have become hot. */
  get hasSecondTier(): boolean {
    return this.#hotAfter > 0;
  }

  /** Does a step of making code of the second tier for what has become hot. False: there is nothing to do. */
  retranslate(): boolean {
    return this.#secondTier.step();
  }

  /** Milliseconds after which that has something to do again; negative: when somebody rings. */
  get pause(): number {
    return this.#secondTier.pause;
  }

  #remake(number: number): Remade | null {
    const slot = this.#slots[number];
    // It may have been redefined since: then its new code counts.
    if (slot === undefined || this.#mem.atomicLoad(this.#entry(number) + SLOT_CODE) === 0) return null;
    if (this.#options.wantsPreparation(slot.functionId)) return null;
    const func = slot.body(slot.functionId, number, 2);
    this.#options.breathe();
    const isCurrent = (): boolean => this.#slots[number] === slot;
    if (func === null || !isCurrent() || instCount(func) > LARGEST_AGAIN) return null;
    const dump = Dump.wanted(func, this.#options.switches);
    this.#expand(func, dump);
    if (!isCurrent()) return null;
    return {
      number,
      func,
      dump,
      passes: this.#passesAgain(func, dump),
      isCurrent,
      replace: (code) => this.#mem.atomicStore(this.#entry(number) + SLOT_CODE, code),
    };
  }

  *#passesAgain(func: Func, dump: Dump | null): Generator<void, void, void> {
    yield* this.#optimizer.steps(func, (pass) => dump?.ir(pass.name, func));
    this.#loops(func, dump);
  }

  #module(functions: readonly Remade[]): Uint8Array {
    const { isFinal } = this.#options;
    const list = functions.map(({ number, func }) => ({
      func,
      slot: isFinal?.(this.functionOf(number)) === true ? number : 0,
    }));
    let bytes: Uint8Array;
    try {
      bytes = this.unattended(() => compileModule(list, this.#backEnd, this.#scratch));
    } catch (error) {
      if (error instanceof NoCodeMemory) throw error;
      const names = functions.map(({ func }) => func.name).join(", ");
      throw new Bug(`cannot compile: ${String(error)}`, { pass: "wasm", function: names }, { cause: error });
    }
    this.codeBytes += bytes.length;
    for (const { dump } of functions) dump?.finish(bytes);
    return bytes;
  }

  #counts(number: number): boolean {
    return this.#hotAfter > 0 && this.functionOf(number) !== 0;
  }

  #make(slot: Slot, number: number): Func {
    const func = slot.body(slot.functionId, number, 1);
    if (func === null) throw new Bug(`slot ${number} has no function`);
    return func;
  }

  /** Expands calls, if the guest wants that. May make other functions. */
  #expand(func: Func, dump: Dump | null): void {
    if (this.#verifies) verify(func);
    if (this.#options.expands !== true) return;
    if (!func.blocks.some((block) => block.insts.some((inst) => inst.op === "call"))) return;
    removeUnreachable(func);
    if (expandCalls(func, this.#callees) === 0) return;
    dump?.ir("expand", func);
    if (this.#verifies) verify(func, "expand");
  }

  /** For src/passes/expand.ts. */
  #functionToExpand(number: number): Func | null {
    const slot = this.#slots[number];
    if (slot === undefined || (slot.functionId !== 0 && this.#options.wantsPreparation(slot.functionId))) return null;
    let known = this.#expandable.get(number);
    if (known?.slot !== slot) {
      const func = this.#make(slot, number);
      removeUnreachable(func);
      // Making the function may have led to its redefinition.
      if (this.#slots[number] !== slot) return null;
      known = { slot, func: isExpandable(func) ? func : null };
      this.#expandable.set(number, known);
    }
    return known.func;
  }

  #guardOf(number: number): number {
    let guard = this.#guards.get(number);
    if (guard === undefined) {
      guard = this.#bump(8);
      this.#mem.setWord(guard, 0);
      this.#guards.set(number, guard);
    }
    return guard;
  }

  #breakGuard(number: number): boolean {
    const guard = this.#guards.get(number);
    if (guard === undefined) return false;
    this.#guards.delete(number);
    this.#expandable.delete(number);
    this.#mem.atomicStore(guard, 1);
    return true;
  }

  #loopsLong(func: Func, functionId: number, bytes: number): boolean {
    const nesting = this.#options.optimizesLoops?.(functionId) ?? 0;
    if (nesting === 0 || (nesting > 1 && bytes > LARGEST_NESTED)) return false;
    // Loops poll.
    if (!func.blocks.some((block) => block.insts.some((inst) => inst.op === "poll"))) return false;
    return loops(func, dominators(func)).depth.some((depth) => depth >= nesting);
  }

  #compileFunction(func: Func, slot = 0): Uint8Array {
    const dump = Dump.wanted(func, this.#options.switches);
    this.#expand(func, dump);
    this.#loops(func, dump);
    if (this.#counts(slot)) this.#count(func, slot, dump);
    try {
      const { isFinal } = this.#options;
      const ownSlot = slot !== 0 && isFinal?.(this.functionOf(slot)) === true ? slot : 0;
      const bytes = compile(func, this.#backEnd, this.#scratch, ownSlot);
      dump?.finish(bytes);
      return bytes;
    } catch (error) {
      throw new Bug(`cannot compile: ${String(error)}`, { pass: "wasm", function: func.name }, { cause: error });
    }
  }

  /** What all loops get. */
  #loops(func: Func, dump: Dump | null): void {
    if (reduceLoops(func) > 0) {
      dump?.ir("counters", func);
      if (this.#verifies) verify(func, "counters");
    }
    if (sparsePolls(func) > 0) {
      dump?.ir("polls", func);
      if (this.#verifies) verify(func, "polls");
    }
  }

  #count(func: Func, slot: number, dump: Dump | null): void {
    countCalls(func, this.#entry(slot) + SLOT_HEAT, slot);
    dump?.ir("counts", func);
    if (this.#verifies) verify(func, "counts");
  }

  #isInterpreted(functionId: number, func: Func): boolean {
    const { interprets, switches } = this.#options;
    return (interprets?.(functionId, func) === true || switches.interprets(func.name)) && canInterpret(func);
  }

  #interpretedFunction(func: Func): Uint8Array {
    if (this.#verifies) verify(func);
    const text = interpretedText(func, this.#backEnd);
    Dump.wanted(func, this.#options.switches)?.finish(null);
    return new TextEncoder().encode(text);
  }

  /** Makes what the empty slots of a signature hold. */
  #makeStub(group: Group): void {
    const bytes = this.#compileFunction(stubFunction(group.signature, this.#options.serviceSlot()));
    const entry = this.#mem.word(CONTROL_SIGNATURES) + group.number * 8;
    this.#mem.setWord(entry, this.#store(bytes, 0) + CODE_START);
    this.#mem.setWord(entry + 4, bytes.length);
    this.#mem.atomicStore(CONTROL_SIGNATURE_COUNT, group.number + 1);
  }

  #entry(slot: number): number {
    return this.#mem.word(CONTROL_SLOT_TABLE) + slot * SLOT_BYTES;
  }

  /** Makes a code record. */
  #store(bytes: Uint8Array, kind: number): number {
    const record = this.#bump(CODE_START + bytes.length);
    this.#mem.setWord(record + CODE_BYTES, bytes.length | kind);
    this.#mem.copyIn(record + CODE_START, bytes);
    return record;
  }

  /** Immortal memory for code and site records: never freed one by one. */
  #bump(bytes: number): number {
    const rounded = (bytes + 7) & ~7;
    if (this.#chunk + rounded > this.#chunkEnd) {
      const bytesMore = Math.max(CHUNK_BYTES, rounded);
      const chunk = this.#malloc(bytesMore);
      this.#chunk = chunk;
      this.#chunkEnd = chunk + bytesMore;
    }
    const address = this.#chunk;
    this.#chunk += rounded;
    return address;
  }

  #malloc(bytes: number): number {
    const address = this.#options.malloc(bytes) >>> 0;
    if (address === 0) throw new NoCodeMemory("no memory for code");
    return address;
  }

  #addSite(
    frameBytes: number,
    functionId: number,
    pos: number,
    map: Uint32Array | readonly number[],
    caller: number,
  ): number {
    const site = this.#bump(SITE_MAP + 4 * map.length + 4);
    const mem = this.#mem;
    mem.setWord(site + SITE_FRAME_BYTES, frameBytes);
    mem.setWord(site + SITE_FUNCTION, functionId);
    mem.i32[(site + SITE_POS) >>> 2] = pos;
    mem.setWord(site + SITE_MAP_WORDS, map.length);
    for (let index = 0; index < map.length; index++) mem.setWord(site + SITE_MAP + 4 * index, map[index] as number);
    mem.setWord(site + SITE_MAP + 4 * map.length, caller);
    return site;
  }
}
