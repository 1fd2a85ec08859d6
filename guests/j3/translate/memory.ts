/**
 * What fields of objects are known to hold, while code is translated that runs in one go: a field is loaded once, and what was stored is not
 * loaded again, until a call or a volatile access, after which other threads' writes may be seen (JLS §17.4).
 *
 * Relies on  fields that are told apart here being different memory; elements of arrays are no fields.
 */
import type { Builder, Value } from "#ir";
import type { JField } from "../model/types.ts";

/** By field and object: the value. */
export type FieldContents = ReadonlyMap<JField, ReadonlyMap<Value, Value>>;

export class FieldMemory {
  readonly #b: Builder;
  readonly #known = new Map<JField, Map<Value, Value>>();
  /** Builder.clobbers when all of it was true. */
  #at = 0;

  constructor(b: Builder) {
    this.#b = b;
    this.#at = b.clobbers;
  }

  /** A block begins: with what holds at the end of the only block that leads there, or with nothing. */
  enter(from: FieldContents | null): void {
    const known = this.#known;
    known.clear();
    this.#at = this.#b.clobbers;
    for (const [field, objects] of from ?? []) known.set(field, new Map(objects));
  }

  /** For `enter`. */
  contents(): FieldContents | null {
    this.#look();
    if (this.#known.size === 0) return null;
    return new Map([...this.#known].map(([field, objects]) => [field, new Map(objects)]));
  }

  load(object: Value, field: JField): Value | undefined {
    this.#look();
    return this.#known.get(field)?.get(object);
  }

  /** The field was found to hold the value. */
  note(object: Value, field: JField, value: Value): void {
    this.#look();
    const known = this.#known.get(field);
    if (known === undefined) this.#known.set(field, new Map([[object, value]]));
    else known.set(object, value);
  }

  /** Emits a store after which the field holds the value (null: not told). Other objects may be the same one. */
  store(object: Value, field: JField, value: Value | null, emit: () => void): void {
    this.storeElsewhere(emit);
    if (value === null) this.#known.delete(field);
    else this.#known.set(field, new Map([[object, value]]));
  }

  /** Emits stores to what is no field. */
  storeElsewhere(emit: () => void): void {
    this.#look();
    emit();
    this.#at = this.#b.clobbers;
  }

  #look(): void {
    if (this.#at === this.#b.clobbers) return;
    this.#known.clear();
    this.#at = this.#b.clobbers;
  }
}
