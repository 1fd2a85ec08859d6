/**
 * Which memory loads and stores touch: Inst.alias. JVMS §2.11.5: what a field or an array's elements hold changes by accesses to that field or to
 * arrays of that kind only, and by natives and Unsafe, whose accesses say nothing and so touch anything.
 */
import type { JField } from "../model/types.ts";

/** Header words and lengths of objects, and what linking has put into class records: the same whenever they are loaded. */
export const CONSTANT = -1;

/** Elements of arrays, by the opcode of xaload or xastore minus that of iaload or iastore; booleans are with bytes. */
export function aliasOfElements(kind: number): number {
  return 2 + kind;
}

const FIRST_FIELD = 16;

/** Gives each field a number. */
export class FieldAliases {
  readonly #numbers = new Map<JField, number>();

  of(field: JField): number {
    let number = this.#numbers.get(field);
    if (number === undefined) {
      number = FIRST_FIELD + this.#numbers.size;
      this.#numbers.set(field, number);
    }
    return number;
  }
}
