/** Values of type any as data: what macros give back. */
import type { Datum } from "./ast.ts";
import { ARRAY_DATA, ARRAY_LENGTH, BOX_VALUE, CONS_FIRST, CONS_REST, SYMBOL_NAME } from "./layout.ts";
import { type Reader, readStored } from "./natives/print.ts";

/** The data that a value is, of at most so many parts; or what it has that is no data. The world does not move meanwhile. */
export function readData(reader: Reader, ref: number, most: number): Datum | string {
  const { mem, describe } = reader;
  let left = most;
  const text = (string: number): string =>
    new TextDecoder().decode(mem.copyOut(string + ARRAY_DATA, mem.word(string + ARRAY_LENGTH)));
  const read = (at: number, depth: number): Datum | string => {
    if (left-- <= 0) return `more than ${most} parts`;
    if (depth > 1000) return "too deep a nesting";
    if (at === 0) return { kind: "list", items: [] };
    const descriptor = describe(mem.word(at));
    switch (descriptor.kind) {
      case "string":
        return { kind: "string", value: text(at) };
      case "symbol":
        return { kind: "symbol", name: text(mem.word(at + SYMBOL_NAME)) };
      case "cons": {
        const items: Datum[] = [];
        for (let cell = at; cell !== 0; cell = mem.word(cell + CONS_REST)) {
          const { value } = describe(mem.word(cell)) as typeof descriptor;
          const item =
            value.load === "ref" ? read(mem.word(cell + CONS_FIRST), depth + 1) : plain(cell + CONS_FIRST, value);
          if (typeof item === "string") return item;
          items.push(item);
          if (left-- <= 0) return `more than ${most} parts`;
        }
        return { kind: "list", items };
      }
      case "box":
        return plain(at + BOX_VALUE, descriptor.value);
      default:
        return `a value of type ${descriptor.type}`;
    }
  };
  const plain = (at: number, stored: Parameters<typeof readStored>[2]): Datum | string => {
    const value = readStored(mem, at, stored);
    const { type } = stored;
    if (type === "bool") return { kind: "bool", value: value !== 0 };
    if (type === "char") return { kind: "char", value: Number(value) };
    if (type === "f32" || type === "f64") {
      return { kind: "float", value: Number(value), suffix: type === "f64" ? null : type };
    }
    if (/^[iu][0-9]+$/.test(type)) return { kind: "int", value: BigInt(value), suffix: type === "i32" ? null : type };
    return `a value of type ${type}`;
  };
  return read(ref, 0);
}
