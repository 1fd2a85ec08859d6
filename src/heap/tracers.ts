/** Tracers of the guest's own: for objects whose references no list of offsets describes. */
import { TYPE_TRACER } from "#layout";
import { Bug } from "#support";
import type { Heap } from "./heap.ts";

/**
 * Calls `visit` with the address of every word that belongs to the object and holds a reference (or 0): in the object, or in non-moving
 * memory that it owns. The collector changes the word then. Runs with the world stopped, in the middle of a collection or of the verifier's
 * walk (for dead objects too): it reads the object, whose words are intact, and non-moving memory; it must not look into other objects, nor
 * allocate, nor write. Every Worker has to know it, because any may collect.
 */
export type Tracer = (heap: Heap, object: number, visit: (slot: number) => void) => void;

/** The tracers of one Worker's heap. */
export class Tracers {
  readonly #heap: Heap;
  readonly #byNumber = new Map<number, Tracer>();
  readonly #visitSlot: (slot: number) => void;
  /** The object that is traced now; 0: none. */
  #object = 0;

  /** `visitSlot` is the collector's part of a visit. */
  constructor(heap: Heap, visitSlot: (slot: number) => void) {
    this.#heap = heap;
    this.#visitSlot = visitSlot;
  }

  add(number: number, tracer: Tracer): void {
    if (!Number.isInteger(number) || number < 1 || number > 0xffffffff) {
      throw new Bug(`a tracer cannot have number ${number}`);
    }
    if (this.#byNumber.has(number)) throw new Bug(`there is a tracer with number ${number} already`);
    this.#byNumber.set(number, tracer);
  }

  /** What the collector calls for an object of a custom type. */
  trace(object: number): void {
    const heap = this.#heap;
    const type = heap.word(object);
    const number = heap.word(type + TYPE_TRACER);
    const tracer = this.#byNumber.get(number);
    if (tracer === undefined) {
      throw new Bug(`type ${heap.typeName(type)} has tracer ${number}, which this Worker does not know`);
    }
    this.#object = object;
    tracer(heap, object, (slot) => this.#visit(object, slot));
    this.#object = 0;
  }

  #visit(object: number, slot: number): void {
    const heap = this.#heap;
    if (this.#object !== object) throw new Bug("a tracer visits a word when its object is not being traced");
    if ((slot & 3) !== 0 || !(heap.isCollected(slot) || heap.isFixed(slot))) {
      throw new Bug(`a tracer of type ${heap.typeName(heap.word(object))} visits no word: 0x${slot.toString(16)}`);
    }
    this.#visitSlot(slot);
  }
}
