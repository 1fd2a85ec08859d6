/** What stands for values while a function is walked; see escape.ts. */
import type { Value } from "#ir";
import type { Held } from "./escape-state.ts";

export class Names {
  #held: (Held | undefined)[] = [];
  #inner = new Map<Value, { object: number; offset: number }>();
  /** By object: the values that are it, or point into it. */
  #of: Value[][] = [];

  forget(): void {
    this.#held = [];
    this.#inner = new Map();
    this.#of = [];
  }

  find(value: Value): Held {
    return this.#held[value] ?? value;
  }

  setHeld(value: Value, held: Held): void {
    this.#held[value] = held;
    if (held < 0) this.of(~held).push(value);
  }

  /** The object and offset that an interior pointer points to, if it is one into an object of the analysis. */
  inner(value: Value): { object: number; offset: number } | undefined {
    return this.#inner.get(value);
  }

  setInner(value: Value, object: number, offset: number): void {
    this.#inner.set(value, { object, offset });
    this.of(object).push(value);
  }

  /** The object that the value is, or points into; -1 if none. */
  objectOf(value: Value): number {
    const held = this.find(value);
    return held < 0 ? ~held : (this.#inner.get(value)?.object ?? -1);
  }

  /** The values that are the object, or point into it. */
  of(object: number): Value[] {
    return (this.#of[object] ??= []);
  }
}
