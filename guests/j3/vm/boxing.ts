/** Primitive values in their wrapper objects, as core reflection passes them. */
import { WRAPPERS } from "../classfile/index.ts";
import { type GuestValue, type LinkedClass, throwing } from "../link/index.ts";
import type { J3 } from "./j3.ts";

/** What each primitive type widens to, itself first; JLS §5.1.2. */
const WIDENS: Readonly<Record<string, string>> = {
  Z: "Z",
  B: "BSIJFD",
  C: "CIJFD",
  S: "SIJFD",
  I: "IJFD",
  J: "JFD",
  F: "FD",
  D: "D",
};

/** A primitive value: numbers as i32, f32 and f64 hold them, a bigint for J. */
export interface Primitive {
  /** Descriptor letter. */
  readonly type: string;
  readonly value: GuestValue;
}

/** A new wrapper object. */
export function box(j: J3, type: string, value: GuestValue): number {
  const { objects, world } = j;
  const name = WRAPPERS[type];
  if (name === undefined) throw new Error(`values of type ${type} have no wrapper`);
  const { offset } = objects.field(name, "value", type);
  const object = objects.newObject(world.boot(name));
  writePrimitive(j, objects.ref(object) + offset, type, value);
  return object;
}

/** The value in a wrapper object; null for any other object and for null. */
export function unbox(j: J3, handle: number): Primitive | null {
  const { objects } = j;
  if (objects.isNull(handle)) return null;
  const cls: LinkedClass = objects.classOf(handle);
  if (cls.loader.object !== 0) return null;
  for (const [type, name] of Object.entries(WRAPPERS)) {
    if (cls.name !== name) continue;
    const { offset } = objects.field(name, "value", type);
    return { type, value: readPrimitive(j, objects.ref(handle) + offset, type) };
  }
  return null;
}

/** The value as the wider (or the same) type. Throws IllegalArgumentException: "argument type mismatch". */
export function widen(from: Primitive | null, to: string): GuestValue {
  if (from === null || WIDENS[from.type]?.includes(to) !== true) {
    throw throwing("IllegalArgumentException", "argument type mismatch");
  }
  if (from.type === to) return from.value;
  if (to === "J") return BigInt(from.value);
  if (to === "F") return Math.fround(typeof from.value === "bigint" ? longToFloat(from.value) : from.value);
  return Number(from.value);
}

/** Rounds once, not to a double first. */
function longToFloat(value: bigint): number {
  const size = value < 0n ? -value : value;
  if (size < 1n << 53n) return Number(value);
  // What is below the bits that a float can see only decides ties: one sticky bit stands for all of it.
  const low = size & 0xfffn;
  const sticky = (size & ~0xfffn) | (low === 0n ? 0n : 0x800n);
  return Number(value < 0n ? -sticky : sticky);
}

/** Reads a field or element at an address. */
export function readPrimitive(j: J3, at: number, type: string): GuestValue {
  const { mem } = j;
  switch (type) {
    case "Z":
      return mem.u8[at] as number;
    case "B":
      return mem.i8[at] as number;
    case "C":
      return mem.u16[at >>> 1] as number;
    case "S":
      return mem.i16[at >>> 1] as number;
    case "I":
      return mem.i32[at >>> 2] as number;
    case "J":
      return mem.i64[at >>> 3] as bigint;
    case "F":
      return mem.f32[at >>> 2] as number;
    case "D":
      return mem.f64[at >>> 3] as number;
    default:
      throw new Error(`${type} is no primitive type`);
  }
}

export function writePrimitive(j: J3, at: number, type: string, value: GuestValue): void {
  const { mem } = j;
  switch (type) {
    case "Z":
      mem.u8[at] = Number(value) & 1;
      break;
    case "B":
      mem.i8[at] = Number(value);
      break;
    case "C":
      mem.u16[at >>> 1] = Number(value);
      break;
    case "S":
      mem.i16[at >>> 1] = Number(value);
      break;
    case "I":
      mem.i32[at >>> 2] = Number(value);
      break;
    case "J":
      mem.i64[at >>> 3] = value as bigint;
      break;
    case "F":
      mem.f32[at >>> 2] = value as number;
      break;
    case "D":
      mem.f64[at >>> 3] = value as number;
      break;
    default:
      throw new Error(`${type} is no primitive type`);
  }
}
