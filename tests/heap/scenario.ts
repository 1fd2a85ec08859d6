/**
 * Runs a heap scenario (tests/heap/*.heap): statements separated by `;` or line ends; `#` begins a comment. What follows `expect` on a line
 * is checked. Objects made by a statement are held until the next `gc` or `minor`; from then on only roots, frames and other objects hold them.
 *
 *     a = obj 2               an object with two references, 0 at first
 *     a = data 100            an array of bytes, filled with a pattern that is checked
 *     a = refs 10             an array of references
 *     a = structs 3           an array of structures with two references each: a.2.1 is the second one in the last structure
 *     a = custom 3            references at 16, 24, 32, found by a tracer, which also finds one in non-moving memory: a.3
 *     a = immortal 2          like obj, never moved nor freed
 *     a = list 1000 obj       the head of a chain of objects linked by their reference 0
 *     w = weak a              likewise soft, final, phantom: a reference object
 *     a.0 = b                 stores a reference; null is 0; w.0 is the extra strong reference of a reference object
 *     root r = a; drop r      a strong root
 *     frame f = a, in b 20, 7 a stack frame with a reference, an interior reference to byte 20 of b, and a plain word; pop f
 *     gc; gc soft             a full collection; `soft`: clears soft references
 *     minor                   a collection that may leave garbage: of young objects alone, where the plan has ages
 *     take                    the guest takes the pending list: the references leave it
 *     expect a dead, b alive, w cleared, w keeps a, pending w v, pending none, list a 1000
 *
 * A plan that never collects runs everything, but is not asked for what only a collection does (dead, cleared, pending).
 */
import assert from "node:assert/strict";
import { defineType } from "#heap";
import {
  CONTROL_PENDING,
  MAP_IREF,
  MAP_REF,
  REFERENCE_FINAL,
  REFERENCE_PHANTOM,
  REFERENCE_SOFT,
  REFERENCE_WEAK,
  SITE_FRAME_BYTES,
  SITE_MAP,
  SITE_MAP_WORDS,
  THREAD_BYTES,
  THREAD_SP,
} from "#layout";
import { FIRST, LENGTH, NUMBER, World, type WorldOptions } from "./world.ts";

const strengths: Readonly<Record<string, number>> = {
  soft: REFERENCE_SOFT,
  weak: REFERENCE_WEAK,
  final: REFERENCE_FINAL,
  phantom: REFERENCE_PHANTOM,
};

const REFERENT = 8;
const LINK = 12;
const ACTIVE = 16;
const EXTRA = 20;
const STRUCT_BYTES = 16;
/** Custom objects: the address of a word outside that belongs to the object; references every 8 bytes from FIRST on. */
const OUTSIDE = 12;
const CUSTOM_BYTES = 8;
const CUSTOM_TRACER = 1;

interface Thing {
  readonly name: string;
  readonly kind: string;
  /** Elements, references or bytes. */
  readonly length: number;
  readonly number: number;
  /** A weak root word: tells where the object is. 0 once it is dead. */
  readonly weak: number;
}

interface Frame {
  readonly words: readonly { readonly thing?: Thing; readonly inside?: number; readonly plain?: number }[];
  readonly sp: number;
  readonly bytes: number;
}

export class Scenario {
  readonly world: World;
  readonly #types = new Map<string, number>();
  readonly #things = new Map<string, Thing>();
  readonly #roots = new Map<string, number>();
  readonly #frames = new Map<string, Frame>();
  readonly #thread: number;
  #sp: number;
  #count = 0;

  constructor(options: WorldOptions) {
    this.world = new World(options);
    const heap = this.world.heap;
    this.#thread = heap.malloc(THREAD_BYTES);
    const stackBytes = 4096;
    this.#sp = heap.malloc(stackBytes) + stackBytes - 8;
    // The bottom frame: a site with nothing in its map.
    this.world.setWord(this.#sp, this.#site(0, []));
    this.world.addThread(this.#thread);
    this.world.setWord(this.#thread + THREAD_SP, this.#sp);
    heap.addTracer(CUSTOM_TRACER, (traced, object, visit) => {
      const end = object + FIRST + CUSTOM_BYTES * traced.word(object + LENGTH);
      for (let slot = object + FIRST; slot < end; slot += CUSTOM_BYTES) visit(slot);
      const outside = traced.word(object + OUTSIDE);
      if (outside !== 0) visit(outside);
    });
  }

  run(text: string, file: string): void {
    for (const [index, line] of text.split("\n").entries()) {
      try {
        for (const statement of line.replace(/#.*/, "").split(";"))
          if (statement.trim() !== "") this.#run(statement.trim());
      } catch (error) {
        throw new Error(`${file}:${index + 1}: ${line.trim()}`, { cause: error });
      }
    }
    this.world.heap.verify("at the end");
  }

  #run(statement: string): void {
    const [first = "", ...rest] = statement.split(/\s+/);
    if (first === "expect") {
      for (const fact of statement.slice(7).split(",")) this.#expect(fact.trim().split(/\s+/));
      return;
    }
    if (first === "gc") return this.#collect(true, rest[0] === "soft");
    if (first === "minor") return this.#collect(false, false);
    if (first === "take") return this.#take();
    if (first === "root") {
      this.#roots.set(rest[0]!, this.world.roots.add(this.#address(rest[2]!)));
      return;
    }
    if (first === "drop") return this.world.roots.remove(need(this.#roots.get(rest[0]!), rest[0]!));
    if (first === "frame") return this.#push(rest[0]!, statement.slice(statement.indexOf("=") + 1));
    if (first === "pop") return this.#pop(rest[0]!);
    if (rest[0] !== "=") throw new Error(`unknown statement ${statement}`);
    if (first.includes(".")) return this.world.setRef(this.#field(first), this.#address(rest[1]!));
    this.#make(first, rest[1]!, rest[2]!);
  }

  // ---- objects ----

  #make(name: string, kind: string, argument: string): void {
    const strength = strengths[kind];
    const length = strength === undefined ? Number(argument) : 1;
    const number = ++this.#count;
    let object: number;
    if (kind === "list") object = this.#list(length, number);
    else object = this.#new(kind, length, number);
    this.world.handles.push(object);
    if (strength !== undefined) this.world.setRef(object + REFERENT, this.#address(argument));
    if (kind === "data")
      for (let i = 0; i < length; i++) this.world.heap.u8[object + FIRST + i] = (i * 7 + number) & 255;
    this.#things.set(name, { name, kind, length, number, weak: this.world.weakRoots.add(object) });
  }

  #new(kind: string, length: number, number: number): number {
    const world = this.world;
    switch (kind) {
      case "obj":
        return world.make(
          this.#type(`obj${length}`, (name) => world.fixed(name, length)),
          (8 + 4 * length + 7) & ~7,
          number,
        );
      case "immortal": {
        const object = world.heap.allocImmortal(8 + 4 * length);
        world.setWord(
          object,
          this.#type(`obj${length}`, (name) => world.fixed(name, length)),
        );
        world.setWord(object + NUMBER, number);
        return object;
      }
      case "data": {
        const facts = { kind: "data", first: FIRST, elementBytes: 1, lengthOffset: LENGTH } as const;
        return world.make(
          this.#type(kind, (name) => defineType(world.heap, { ...facts, name })),
          FIRST + length,
          number,
          length,
        );
      }
      case "refs": {
        const facts = { kind: "refs", first: FIRST, lengthOffset: LENGTH } as const;
        return world.make(
          this.#type(kind, (name) => defineType(world.heap, { ...facts, name })),
          FIRST + 4 * length,
          number,
          length,
        );
      }
      case "structs": {
        const facts = {
          kind: "structs",
          first: FIRST,
          lengthOffset: LENGTH,
          elementBytes: STRUCT_BYTES,
          refs: [0, 8],
        } as const;
        const type = this.#type(kind, (name) => defineType(world.heap, { ...facts, name }));
        return world.make(type, FIRST + STRUCT_BYTES * length, number, length);
      }
      case "custom": {
        const elements = { bytes: CUSTOM_BYTES, lengthOffset: LENGTH };
        const facts = { kind, size: FIRST, tracer: CUSTOM_TRACER, elements } as const;
        const type = this.#type(kind, (name) => defineType(world.heap, { ...facts, name }));
        const object = world.make(type, FIRST + CUSTOM_BYTES * length, number, length);
        world.setWord(object + OUTSIDE, world.heap.malloc(4));
        // Between the references stands what would be none.
        for (let i = 0; i < length; i++) world.setWord(object + FIRST + CUSTOM_BYTES * i + 4, 0xffffffff);
        return object;
      }
      default: {
        const strength = need(strengths[kind], kind);
        const facts = {
          kind: "reference",
          size: 24,
          strength,
          referent: REFERENT,
          link: LINK,
          active: ACTIVE,
        } as const;
        const type = this.#type(kind, (name) => defineType(world.heap, { ...facts, refs: [ACTIVE, EXTRA], name }));
        return world.make(type, 24, number);
      }
    }
  }

  /** A chain; the head has the number of the list, the others 0. */
  #list(length: number, number: number): number {
    const world = this.world;
    const mark = world.handles.mark();
    const head = world.handles.push(0);
    for (let i = length; i > 0; i--) {
      const object = this.#new("obj", 1, i === 1 ? number : 0);
      world.setRef(object + 8, world.handles.get(head));
      world.handles.set(head, object);
    }
    const object = world.handles.get(head);
    world.handles.release(mark);
    return object;
  }

  #type(name: string, make: (name: string) => number): number {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const type = make(name);
    this.#types.set(name, type);
    return type;
  }

  #thing(name: string): Thing {
    return need(this.#things.get(name), name);
  }

  /** Where the object is now; a dead one has no address. */
  #address(name: string): number {
    if (name === "null") return 0;
    const address = this.world.weakRoots.get(this.#thing(name).weak);
    if (address === 0) throw new Error(`${name} is dead`);
    return address;
  }

  #field(path: string): number {
    const [name = "", index = "", inner] = path.split(".");
    const { kind, length } = this.#thing(name);
    const object = this.#address(name);
    if (kind === "refs") return object + FIRST + 4 * Number(index);
    if (kind === "custom") {
      if (Number(index) === length) return this.world.word(object + OUTSIDE);
      return object + FIRST + CUSTOM_BYTES * Number(index);
    }
    if (kind === "structs") return object + FIRST + STRUCT_BYTES * Number(index) + 8 * Number(inner);
    if (strengths[kind] !== undefined) return object + EXTRA;
    return object + 8 + 4 * Number(index);
  }

  // ---- frames ----

  #site(bytes: number, bits: readonly number[]): number {
    const words = Math.ceil(bits.length / 16);
    const site = this.world.heap.malloc(SITE_MAP + 4 * words);
    this.world.setWord(site + SITE_FRAME_BYTES, bytes);
    this.world.setWord(site + SITE_MAP_WORDS, words);
    bits.forEach((bit, i) => {
      const word = site + SITE_MAP + 4 * (i >>> 4);
      this.world.setWord(word, this.world.word(word) | (bit << (2 * (i & 15))));
    });
    return site;
  }

  /** A new frame on top. The map of its map words belongs to it, so its own site describes it. */
  #push(name: string, text: string): void {
    const words = text.split(",").map((part) => {
      const [first = "", thing, offset] = part.trim().split(/\s+/);
      if (first === "in") return { thing: this.#thing(thing!), inside: Number(offset) };
      return /^\d/.test(first) ? { plain: Number(first) } : { thing: this.#thing(first) };
    });
    const bytes = (4 + 4 * words.length + 7) & ~7;
    const bits = words.map((word) => (word.thing === undefined ? 0 : "inside" in word ? MAP_IREF : MAP_REF));
    this.#sp -= bytes;
    this.world.setWord(this.#sp, this.#site(bytes, bits));
    words.forEach((word, i) => {
      const value = word.thing ? this.#address(word.thing.name) + (word.inside ?? 0) : word.plain!;
      this.world.setWord(this.#sp + 4 + 4 * i, value);
    });
    this.#frames.set(name, { words, sp: this.#sp, bytes });
    this.world.setWord(this.#thread + THREAD_SP, this.#sp);
  }

  #pop(name: string): void {
    const frame = need(this.#frames.get(name), name);
    assert.equal(frame.sp, this.#sp, "only the newest frame can be popped");
    this.#sp += frame.bytes;
    this.#frames.delete(name);
    this.world.setWord(this.#thread + THREAD_SP, this.#sp);
  }

  // ---- collections ----

  #collect(full: boolean, soft: boolean): void {
    this.world.handles.release(0);
    this.world.heap.collect(full, soft);
    this.#checkAll();
  }

  #take(): void {
    let object = this.world.word(CONTROL_PENDING);
    this.world.setWord(CONTROL_PENDING, 0);
    while (object !== 0) {
      const next = this.world.word(object + LINK);
      this.world.setWord(object + LINK, 0);
      object = next;
    }
  }

  /** Every live object has its number and content, and every frame word points where it should. */
  #checkAll(): void {
    const world = this.world;
    for (const thing of this.#things.values()) {
      const object = world.weakRoots.get(thing.weak);
      if (object === 0) continue;
      assert.equal(world.word(object + NUMBER), thing.number, `${thing.name} is another object`);
      if (thing.kind !== "data") continue;
      for (let i = 0; i < thing.length; i++) {
        const expected = (i * 7 + thing.number) & 255;
        if (world.heap.u8[object + FIRST + i] !== expected) assert.fail(`byte ${i} of ${thing.name} changed`);
      }
    }
    for (const [name, frame] of this.#frames) {
      frame.words.forEach((word, i) => {
        const value = word.thing ? this.#address(word.thing.name) + (word.inside ?? 0) : word.plain!;
        assert.equal(world.word(frame.sp + 4 + 4 * i), value, `word ${i} of frame ${name}`);
      });
    }
  }

  // ---- expectations ----

  #expect([subject = "", fact = "", ...rest]: string[]): void {
    const world = this.world;
    const collects = world.plan.collects;
    if (subject === "pending") {
      if (!collects) return;
      const expected = [fact, ...rest].filter((name) => name !== "none").sort();
      assert.deepEqual(this.#pending(), expected, "pending list");
      return;
    }
    if (subject === "list") {
      let object = this.#address(fact);
      let length = 0;
      for (; object !== 0; object = world.word(object + 8)) length++;
      assert.equal(length, Number(rest[0]), `length of list ${fact}`);
      return;
    }
    const object = world.weakRoots.get(this.#thing(subject).weak);
    if (fact === "alive") assert.notEqual(object, 0, `${subject} is dead`);
    else if (fact === "dead") assert.ok(!collects || object === 0, `${subject} is alive`);
    else if (fact === "cleared")
      assert.ok(!collects || world.word(object + REFERENT) === 0, `${subject} is not cleared`);
    else if (fact === "keeps")
      assert.equal(world.word(object + REFERENT), this.#address(rest[0]!), `referent of ${subject}`);
    else if (fact === "inactive")
      assert.ok(!collects || world.word(object + ACTIVE) === object, `${subject} is active`);
    else if (fact === "active") assert.equal(world.word(object + ACTIVE), 0, `${subject} is not active`);
    else throw new Error(`unknown expectation: ${subject} ${fact}`);
  }

  #pending(): string[] {
    const names: string[] = [];
    for (let object = this.world.word(CONTROL_PENDING); object !== 0; object = this.world.word(object + LINK)) {
      const number = this.world.word(object + NUMBER);
      names.push([...this.#things.values()].find((thing) => thing.number === number)?.name ?? "?");
    }
    return names.sort();
  }
}

function need<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`unknown name ${name}`);
  return value;
}
