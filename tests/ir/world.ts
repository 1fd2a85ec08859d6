/**
 * What runs a function in these tests: a small memory laid out as the layout says, and a heap whose collector moves every object at
 * each collection and leaves poison behind.
 *
 *   0x001000   carrier record 0
 *   0x050000   type records; the first one is PAIR_TYPE
 *   0x060000   call site records
 *   0x080000   scratch area of the tests, 64 KiB, zero before each run
 *   0x0a0000   the objects that failed checks throw: one per kind, with their operands at 4 and 8
 *   0x0b0000   stack, 256 KiB
 *   0x100000   two half spaces of 64 KiB
 *   0x120000   card table
 *
 * Each collection checks that every reference that was stored since the last one, into an object that lay there then, is on a marked card.
 */
import assert from "node:assert/strict";
import { TRAP_KINDS, type TrapKind } from "#ir";
import {
  CARRIER_LIMIT,
  CARRIER_STACK_LIMIT,
  CARRIER_TOP,
  CARRIERS,
  CONTROL_CARDS,
  CONTROL_POLL,
  FRAME_SITE,
  FRAME_SLOTS,
  LOG_CARD_BYTES,
  MAP_IREF,
  MAP_REF,
  OBJECT_TYPE,
  SITE_FRAME_BYTES,
  SITE_FUNCTION,
  SITE_MAP,
  SITE_MAP_WORDS,
  SITE_POS,
  TYPE_KIND,
  TYPE_KIND_FIXED,
  TYPE_REFS,
  TYPE_SIZE,
} from "#layout";

export const CARRIER = CARRIERS;
const TYPES = 0x50000;
const SITES = 0x60000;
export const SCRATCH = 0x80000;
export const SCRATCH_BYTES = 0x10000;
const TRAPS = 0xa0000;
const STACK_LOW = 0xb0000;
const STACK_HIGH = 0xf0000;
/** What the stack limit leaves for frames of cold paths. */
const STACK_RESERVE = 0x2000;
/** A stack for functions that need much of V8's: interpreted ones have three frames there. */
export const SMALL_STACK_LIMIT = STACK_HIGH - 0x4000;
const SPACES = [0x100000, 0x110000] as const;
const SPACE_BYTES = 0x10000;
/** Address of the card table, for the back end. */
export const CARDS = 0x120000;
const PAGES = 0x130000 / 65536;
/** 16 bytes: a reference at 8, a number at 12. */
export const PAIR_TYPE = TYPES;
/** 24 bytes: references at 8 and 16, numbers at 12 and 20. */
export const TRIPLE_TYPE = TYPES + 64;
const POISON = 0xdb;

type Visit = (pointer: number, isInterior: boolean) => number;

export class World {
  readonly memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  readonly u32 = new Uint32Array(this.memory.buffer);
  readonly bytes = new Uint8Array(this.memory.buffer);
  /** The stack pointer to call functions with. */
  readonly sp = STACK_HIGH - 64;
  stackLimit = STACK_LOW + STACK_RESERVE;
  /** Collect at every allocation. */
  stress = false;
  /** What CONTROL_POLL is: not 0 makes every poll a collection. */
  poll = 0;
  collections = 0;
  #space = 0;
  /** What stood in the space after the last collection. */
  #kept = new Uint32Array(0);
  #nextSite = SITES;
  #nextType = TYPES;

  constructor() {
    this.#addType(16, [8]);
    this.#addType(24, [8, 16]);
    this.reset();
  }

  /** As new, but for types and call sites. */
  reset(): void {
    this.bytes.fill(0, SCRATCH, SCRATCH + SCRATCH_BYTES);
    this.bytes.fill(0xcc, STACK_LOW, STACK_HIGH);
    this.#space = 0;
    this.collections = 0;
    this.#useSpace();
    this.setWord(CARRIER + CARRIER_STACK_LIMIT, this.stackLimit);
    this.setWord(CONTROL_POLL, this.poll);
    this.setWord(CONTROL_CARDS, CARDS);
    this.#keep(SPACES[0]);
    // The bottom frame, which the functions' callers stand for.
    this.setWord(SITES - 16 + SITE_FRAME_BYTES, 0);
    this.setWord(this.sp + FRAME_SITE, SITES - 16);
  }

  word(at: number): number {
    return this.u32[at >>> 2]!;
  }

  setWord(at: number, value: number): void {
    this.u32[at >>> 2] = value;
  }

  // ---- traps --------------------------------------------------------------------------------------------------------------------

  /** The object that a failed check throws. */
  trap(kind: TrapKind, a: number, b: number): number {
    const ref = TRAPS + TRAP_KINDS.indexOf(kind) * 16;
    this.setWord(ref + 4, a);
    this.setWord(ref + 8, b);
    return ref;
  }

  /** What was thrown: `null(0, 0)` for a trap, `stack` alone, `object(5)` for an object with its number, else the address. */
  describeThrown(ref: number): string {
    const kind = TRAP_KINDS[(ref - TRAPS) / 16];
    if (kind === undefined && ref >= SPACES[0]) return `object(${this.word(ref + 12) | 0})`;
    if (kind === undefined) return String(ref);
    if (kind === "stack") return kind;
    return `${kind}(${this.word(ref + 4) | 0}, ${this.word(ref + 8) | 0})`;
  }

  // ---- call sites ---------------------------------------------------------------------------------------------------------------

  addSite(frameBytes: number, id: number, pos: number, map: Uint32Array): number {
    const at = this.#nextSite;
    this.#nextSite += SITE_MAP + map.length * 4;
    assert.ok(this.#nextSite <= SCRATCH, "the area of call sites is full");
    this.setWord(at + SITE_FRAME_BYTES, frameBytes);
    this.setWord(at + SITE_FUNCTION, id);
    this.setWord(at + SITE_POS, pos);
    this.setWord(at + SITE_MAP_WORDS, map.length);
    this.u32.set(map, (at + SITE_MAP) >>> 2);
    return at;
  }

  forgetSites(): void {
    this.#nextSite = SITES;
  }

  /** Replaces the references in the frames of compiled code from a stack pointer upwards. */
  visitFrames(sp: number, visit: Visit): void {
    for (let frame = sp; ; ) {
      const site = this.word(frame + FRAME_SITE);
      assert.ok(site >= SITES - 16 && site < this.#nextSite, `frame at ${frame} has no call site but ${site}`);
      const bytes = this.word(site + SITE_FRAME_BYTES);
      if (bytes === 0) return;
      for (let i = 0; i < this.word(site + SITE_MAP_WORDS) * 16; i++) {
        const bits = (this.word(site + SITE_MAP + (i >>> 4) * 4) >>> ((i & 15) * 2)) & 3;
        if (bits === 0) continue;
        assert.ok(bits === MAP_REF || bits === MAP_IREF);
        const at = frame + FRAME_SLOTS + i * 4;
        assert.ok(at < frame + bytes, "the map goes beyond the frame");
        const pointer = this.word(at);
        if (pointer !== 0) this.setWord(at, visit(pointer, bits === MAP_IREF));
      }
      frame += bytes;
      assert.ok(frame <= this.sp, "frames go beyond the stack");
    }
  }

  // ---- heap ---------------------------------------------------------------------------------------------------------------------

  #addType(bytes: number, refs: readonly number[]): void {
    const type = this.#nextType;
    const list = type + 40;
    this.#nextType += 64;
    this.setWord(type + TYPE_KIND, TYPE_KIND_FIXED);
    this.setWord(type + TYPE_SIZE, bytes);
    this.setWord(type + TYPE_REFS, list);
    this.u32.set([refs.length, ...refs], list >>> 2);
  }

  #useSpace(): void {
    const start = SPACES[this.#space]!;
    this.bytes.fill(0, start, start + SPACE_BYTES);
    this.setWord(CARRIER + CARRIER_TOP, start);
    this.#setLimit(start);
  }

  #setLimit(top: number): void {
    this.setWord(CARRIER + CARRIER_LIMIT, this.stress ? top : SPACES[this.#space]! + SPACE_BYTES);
  }

  /** The slow path of allocation; `roots` visits all roots. */
  alloc(bytes: number, roots: (visit: Visit) => void): number {
    const fits = (): boolean => this.word(CARRIER + CARRIER_TOP) + bytes <= SPACES[this.#space]! + SPACE_BYTES;
    if (this.stress || !fits()) this.collect(roots);
    if (!fits()) return 0;
    const top = this.word(CARRIER + CARRIER_TOP);
    this.setWord(CARRIER + CARRIER_TOP, top + bytes);
    this.#setLimit(top + bytes);
    return top;
  }

  /** Moves all that can be reached to the other half, and poisons this one. */
  collect(roots: (visit: Visit) => void): void {
    this.collections += 1;
    const from = SPACES[this.#space]!;
    const end = this.word(CARRIER + CARRIER_TOP);
    this.#checkCards(from);
    const starts: number[] = [];
    for (let at = from; at < end; at += this.#sizeAt(at)) starts.push(at);
    this.#space ^= 1;
    this.#useSpace();
    let top = SPACES[this.#space]!;
    const copies = new Map<number, number>();
    const copyOf = (object: number): number => {
      let copy = copies.get(object);
      if (copy !== undefined) return copy;
      const bytes = this.#sizeAt(object);
      copy = top;
      top += bytes;
      this.bytes.copyWithin(copy, object, object + bytes);
      copies.set(object, copy);
      return copy;
    };
    const visit: Visit = (pointer, isInterior) => {
      if (pointer < SPACES[0] || pointer >= SPACES[1] + SPACE_BYTES) return pointer;
      assert.ok(pointer >= from && pointer < end, `reference ${pointer} is stale`);
      const object = starts[lastAtMost(starts, pointer)]!;
      assert.ok(isInterior || object === pointer, `reference ${pointer} is to no object, but into ${object}`);
      return copyOf(object) + pointer - object;
    };
    roots(visit);
    for (let at = SPACES[this.#space]!; at < top; at += this.#sizeAt(at)) {
      const list = this.word(this.word(at + OBJECT_TYPE) + TYPE_REFS);
      for (let i = 0; i < this.word(list); i++) {
        const field = at + this.word(list + 4 + i * 4);
        const pointer = this.word(field);
        if (pointer !== 0) this.setWord(field, visit(pointer, false));
      }
    }
    this.setWord(CARRIER + CARRIER_TOP, top);
    this.#setLimit(top);
    this.bytes.fill(POISON, from, from + SPACE_BYTES);
    this.#keep(top);
  }

  #keep(top: number): void {
    const start = SPACES[this.#space]! >>> 2;
    this.#kept = this.u32.slice(start, top >>> 2);
    this.bytes.fill(0, CARDS, CARDS + (CARDS >>> LOG_CARD_BYTES));
  }

  #checkCards(start: number): void {
    const end = start + 4 * this.#kept.length;
    for (let at = start; at < end; at += this.#sizeAt(at)) {
      const list = this.word(this.word(at + OBJECT_TYPE) + TYPE_REFS);
      for (let i = 0; i < this.word(list); i++) {
        const field = at + this.word(list + 4 + i * 4);
        const isNew = this.word(field) !== 0 && this.word(field) !== this.#kept[(field - start) >>> 2];
        assert.ok(!isNew || this.bytes[CARDS + (field >>> LOG_CARD_BYTES)] === 1, `no write barrier for ${field}`);
      }
    }
  }

  #sizeAt(object: number): number {
    const type = this.word(object + OBJECT_TYPE);
    assert.ok(type === PAIR_TYPE || type === TRIPLE_TYPE, `object at ${object} has type ${type}`);
    return this.word(type + TYPE_SIZE);
  }
}

/** Index of the last number that is at most `limit`. */
function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
