/** Writing the fields of the file classes, where the VM thread said they are. */
import type { CarrierContext } from "../../carrier/context.ts";
import { NIO_FIELDS, WORD_NIO_FIELDS } from "../../runtime/words.ts";

const INDEX: ReadonlyMap<string, number> = new Map(NIO_FIELDS.map(([cls, name], index) => [`${cls}.${name}`, index]));

/** Offset of a field, given as "package/Class.field". */
export function nioField(c: CarrierContext, name: string): number {
  const index = INDEX.get(name);
  if (index === undefined) throw new Error(`nobody asked for the field ${name}`);
  const offset = c.word(WORD_NIO_FIELDS + 4 * index);
  if (offset === 0) throw new Error(`the field ${name} is not known yet`);
  return offset;
}

/** Stores numbers in the int or long fields of an object, by name. */
export function setNumbers(
  c: CarrierContext,
  object: number,
  cls: string,
  values: Readonly<Record<string, number | bigint>>,
): void {
  for (const [name, value] of Object.entries(values)) {
    const at = object + nioField(c, `${cls}.${name}`);
    if (typeof value === "bigint") c.mem.i64[at >>> 3] = value;
    else c.mem.i32[at >>> 2] = value;
  }
}
