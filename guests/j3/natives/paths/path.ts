/**
 * Fast paths of methods of the class library: IR that stands before a method's bytecode and does what the bytecode would do in the usual case.
 *
 * Takes      the arguments; of a receiver it is known that it is not null.
 * Leaves     the method's result; or, for whatever is unusual (null, a bad index, the other coder), a branch to the slow block, where the bytecode
 *            begins. A path has done nothing yet when it goes there: so exceptions, their traces and messages are the bytecode's own.
 * Relies on  low memory that reads 0: the length of null is 0. Arrays' words in front of the elements: a load of the word that ends with the first
 *            few elements stays in the object.
 */
import type { Block, Builder, Type, Value } from "#ir";
import { ARRAY_DATA, ARRAY_LENGTH } from "../../model/record.ts";
import type { ValueFacts } from "../../model/types.ts";
import type { HelperSlots } from "../../runtime/helpers.ts";
import { CONSTANT } from "../../translate/alias.ts";

/** What paths ask of the class library; boot classes and their fields. */
export interface PathLibrary {
  readonly helpers: HelperSlots;
  /** Offset of a field. */
  offset(owner: string, name: string, descriptor: string): number;
  /** Class record. */
  record(name: string): number;
  /** Bytes of an instance. */
  instanceBytes(name: string): number;
  /** Root word of the interned string of this text. */
  text(text: string): number;
  /** Slot of a method of a class, and where its vtable has it. */
  virtual(owner: string, name: string, descriptor: string): { readonly slot: number; readonly index: number };
  /** Record of the primitive type, and of the array class with elements of it. */
  primitive(letter: string): number;
  primitiveArray(letter: string): number;
}

/** Gives the result, NO_VALUE for void; null if it emitted nothing, as nothing could be gained here. */
export type FastPath = (p: Path, ...args: Value[]) => Value | null;

export interface FastPathRow {
  readonly emit: FastPath;
  /** Whether calls are expanded to it too, with the call itself as the slow path. Such a path cannot throw and has no safepoint. */
  readonly inPlace: boolean;
}

/** Arrays above so many bytes are left to the library. */
const LARGEST_ARRAY = 1 << 28;

export class Path {
  readonly b: Builder;
  readonly library: PathLibrary;
  readonly facts: ValueFacts;
  readonly slow: Block;

  constructor(b: Builder, library: PathLibrary, facts: ValueFacts, slow: Block) {
    this.b = b;
    this.library = library;
    this.facts = facts;
    this.slow = slow;
  }

  i32(n: number): Value {
    return this.b.i32(n);
  }

  i64(n: bigint): Value {
    return this.b.i64(n);
  }

  /** Goes on here if the i32 is not 0, else to the slow path. */
  need(condition: Value): void {
    const { b } = this;
    const next = b.block();
    b.branch(condition, next, this.slow);
    b.seal(next);
    b.switchTo(next);
  }

  needNonNull(...refs: Value[]): void {
    for (const ref of refs) {
      if (!this.facts.isNonNull(ref)) this.need(this.b.op("eqz", this.b.op("isnull", ref)));
    }
  }

  exits(type: Type): Exits {
    return new Exits(this.b, type);
  }

  length(array: Value): Value {
    return this.b.load("i32", array, ARRAY_LENGTH, CONSTANT);
  }

  /** Pointer to which offsets of elements are relative as to the array itself. */
  at(array: Value, bytes: Value): Value {
    return this.b.typed("ptradd", "iref", array, bytes);
  }

  /** The 8 bytes of elements that begin so many bytes after the first. */
  word(array: Value, bytes: Value): Value {
    return this.b.load("i64", this.at(array, bytes), ARRAY_DATA);
  }

  /**
   * A walk over so many bytes (above 0) in words of 8. The first word ends with the first 1 to 8 bytes, and what is before them is shifted out, so
   * they are its lowest bytes; all others are full. `first` gets a function that loads that word of an array from an offset on, and the number of its bytes;
   * `other` gets the offset of its word. Ends where the last word ends.
   */
  walk(bytes: Value, first: (head: Head) => void, other: (at: Value) => void): void {
    const { b } = this;
    const missing = b.op("and", b.op("sub", this.i32(0), bytes), this.i32(7));
    const count = b.op("sub", this.i32(8), missing);
    const shift = b.op("zext", b.op("shl", missing, this.i32(3)));
    first({
      count,
      shift,
      load: (array, from) => {
        const start = from === undefined ? count : b.op("add", from, count);
        return b.op("ushr", b.load("i64", this.at(array, start), ARRAY_DATA - 8), shift);
      },
    });
    this.each(count, 8, (at) => b.op("slt", at, bytes), other);
  }

  /** Repeats the body for numbers in steps from the first on, while the condition holds. Gives the number for which it does not. */
  each(first: Value, step: number, condition: (at: Value) => Value, body: (at: Value) => void): Value {
    const { b } = this;
    const [loop, again, done] = [b.block(), b.block(), b.block()];
    const number = b.variable("i32");
    b.define(number, first);
    b.jump(loop);
    b.switchTo(loop);
    const at = b.use(number);
    b.branch(condition(at), again, done);
    b.seal(again);
    b.switchTo(again);
    body(at);
    b.define(number, b.op("add", at, this.i32(step)));
    b.jump(loop);
    b.seal(loop);
    b.seal(done);
    b.switchTo(done);
    return at;
  }

  /** An array of bytes with nothing in it; its length must be 0 or more, which is tested, as is that it is not huge. */
  newBytes(length: Value): Value {
    const { b } = this;
    this.need(b.op("ult", length, this.i32(LARGEST_ARRAY)));
    const size = b.op("and", b.op("add", length, this.i32(ARRAY_DATA + 7)), this.i32(-8));
    const array = b.alloc(size);
    b.store(array, 0, b.addr(this.library.primitiveArray("B")));
    b.store(array, ARRAY_LENGTH, length);
    return array;
  }

  /** Copies bytes between byte arrays. */
  copyBytes(from: Value, fromIndex: Value, to: Value, toIndex: Value | null, count: Value): void {
    const { b } = this;
    const data = this.i32(ARRAY_DATA);
    const target = toIndex === null ? to : this.at(to, toIndex);
    b.op("copy", this.at(target, data), this.at(this.at(from, fromIndex), data), count);
  }
}

/** The first word of a walk. */
export interface Head {
  /** How many bytes it has. */
  readonly count: Value;
  /** What shifts the others out of 64 bits. */
  readonly shift: Value;
  /** Loads it; from an offset of the first byte on, if one is given. */
  load(array: Value, from?: Value): Value;
}

/** Where the ways to a result meet. */
export class Exits {
  readonly #b: Builder;
  readonly #done: Block;
  readonly #result: Value;

  constructor(b: Builder, type: Type) {
    this.#b = b;
    this.#done = b.block();
    this.#result = b.param(this.#done, type);
  }

  /** The value is the result if the condition holds. */
  when(condition: Value, value: Value): void {
    const next = this.#b.block();
    this.#b.branch(condition, this.#done, next, [value], []);
    this.#b.seal(next);
    this.#b.switchTo(next);
  }

  /** The same, with the value made only then. */
  whenMade(condition: Value, make: () => Value): void {
    const [now, next] = [this.#b.block(), this.#b.block()];
    this.#b.branch(condition, now, next);
    this.#b.seal(now);
    this.#b.seal(next);
    this.#b.switchTo(now);
    this.#b.jump(this.#done, [make()]);
    this.#b.switchTo(next);
  }

  /** The last way: gives the result, and goes on where all meet. */
  end(value: Value): Value {
    const b = this.#b;
    b.jump(this.#done, [value]);
    b.seal(this.#done);
    b.switchTo(this.#done);
    return this.#result;
  }
}
