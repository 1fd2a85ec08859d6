/** Addresses of loads and stores in a normal form, and which of them can be the same memory. */
import { bytesOfLoad, type Inst, type Load, NO_VALUE, type Type, type Value } from "#ir";
import type { DefinitionTable } from "./definitions.ts";

/** root + (index << scale) + offset, up to offset + bytes, modulo 2^32. */
export interface Access {
  /** NO_VALUE: the address is a number, the offset. */
  readonly root: Value;
  /** Whether the root is the start of an object. */
  readonly isObject: boolean;
  /** NO_VALUE: there is none. */
  readonly index: Value;
  readonly scale: number;
  readonly offset: number;
  readonly bytes: number;
  readonly alias: number;
}

/** How far an address is followed back. */
const MAX_STEPS = 8;

export function accessOf(inst: Inst, table: DefinitionTable): Access {
  let root = inst.args[0]!;
  let index: Value = NO_VALUE;
  let scale = 0;
  let offset = inst.imm | 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    const made = table.definition(root);
    if (made?.op === "const" && table.func.typeOf(root) === "addr") {
      root = NO_VALUE;
      offset = (offset + made.imm) | 0;
      break;
    }
    if (made?.op !== "ptradd") break;
    const [base, bytes] = made.args as [Value, Value];
    const part = linear(bytes, table);
    if (part.value !== NO_VALUE && index !== NO_VALUE) break;
    if (part.value !== NO_VALUE) ({ value: index, scale } = part);
    offset = (offset + part.offset) | 0;
    root = base;
  }
  const isObject = root !== NO_VALUE && table.func.typeOf(root) === "ref";
  return { root, isObject, index, scale, offset, bytes: bytesOf(inst, table), alias: inst.alias };
}

/** (value << scale) + offset. */
function linear(bytes: Value, table: DefinitionTable): { value: Value; scale: number; offset: number } {
  let value = bytes;
  let scale = 0;
  let offset = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    const made = table.definition(value);
    if (made === undefined) break;
    if (made.op === "const") return { value: NO_VALUE, scale: 0, offset: (offset + (made.imm << scale)) | 0 };
    const other = table.definition(made.args[1]!);
    if (other?.op !== "const") break;
    if (made.op === "add") offset = (offset + (other.imm << scale)) | 0;
    else if (made.op === "sub") offset = (offset - (other.imm << scale)) | 0;
    else if (made.op === "shl" && scale + (other.imm & 31) < 32) scale += other.imm & 31;
    else break;
    value = made.args[0]!;
  }
  return { value, scale, offset };
}

const STORED: Readonly<Record<string, number>> = { store8: 1, store16: 2 };

function bytesOf(inst: Inst, table: DefinitionTable): number {
  const { op } = inst;
  if (op === "load") return bytesOfLoad(table.func.typeOf(inst.result));
  if (op.startsWith("load")) return bytesOfLoad(op as Load);
  return STORED[op] ?? bytesOfLoad(table.func.typeOf(inst.args[1]!));
}

export function isSameAddress(a: Access, b: Access): boolean {
  return a.root === b.root && a.index === b.index && a.scale === b.scale && a.offset === b.offset;
}

/** Whether the two can have a byte in common. */
export function mayOverlap(a: Access, b: Access): boolean {
  if (a.alias !== 0 && b.alias !== 0 && Math.abs(a.alias) !== Math.abs(b.alias)) return false;
  const isBeside = a.index === b.index && a.scale === b.scale && distance(a, b);
  // The same object, or its like: objects do not overlap, and fixed offsets stay inside.
  if (a.root === b.root) return !isBeside;
  return !(isBeside && a.isObject && b.isObject && a.index === NO_VALUE);
}

/** Whether the bytes from the offsets on are apart. */
function distance(a: Access, b: Access): boolean {
  const difference = (b.offset - a.offset) | 0;
  return difference >= 0 ? difference >= a.bytes : -difference >= b.bytes;
}

/** A key that equal addresses have in common. */
export function keyOf(access: Access, what: Type | string): string {
  return `${access.root} ${access.index} ${access.scale} ${access.offset} ${what}`;
}
