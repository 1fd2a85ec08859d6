/**
 * Instructions that push constants and locals: opcodes 1 to 17 and 21 to 45. JVMS §6.5.
 */
import type { Type } from "#ir";
import type { Translation } from "./translation.ts";

/** aconst_null ... sipush. */
export function pushConstant(t: Translation, opcode: number): void {
  const { b } = t;
  switch (opcode) {
    case 1: // aconst_null
      return t.push(t.nullRef());
    case 2: // iconst_m1
    case 3: // iconst_0
    case 4:
    case 5:
    case 6:
    case 7:
    case 8: // iconst_5
      return t.push(t.i32(opcode - 3));
    case 9: // lconst_0
      return t.push(t.i64(0n));
    case 10: // lconst_1
      return t.push(t.i64(1n));
    case 11: // fconst_0
      return t.push(b.f32(0));
    case 12: // fconst_1
      return t.push(b.f32(0x3f800000));
    case 13: // fconst_2
      return t.push(b.f32(0x40000000));
    case 14: // dconst_0
      return t.push(b.f64(0n));
    case 15: // dconst_1
      return t.push(b.f64(0x3ff0000000000000n));
    case 16: // bipush
    case 17: // sipush
      return t.push(t.i32(t.walker.value));
    default:
      t.fail("Bad instruction");
  }
}

/** By opcode from iload, and by group of four from iload_0. */
const LOAD_TYPES: readonly Type[] = ["i32", "i64", "f32", "f64", "ref"];

/** The type that iload ... aload_3 push. */
export function typeOfLoad(opcode: number): Type {
  return LOAD_TYPES[opcode <= 25 ? opcode - 21 : (opcode - 26) >> 2]!;
}

/** The local that they read; `index` is the operand of those that have one. */
export function localOf(opcode: number, index: number): number {
  return opcode <= 25 ? index : (opcode - 26) & 3;
}

/** iload ... aload_3. */
export function pushLocal(t: Translation, opcode: number): void {
  t.push(t.readLocal(localOf(opcode, t.walker.index), typeOfLoad(opcode)));
}

/** By opcode from istore, and by group of four from istore_0; references are not here, see storeReference. */
export function storeLocal(t: Translation, opcode: number): void {
  if (opcode <= 57) t.writeLocal(t.walker.index, t.pop(LOAD_TYPES[opcode - 54]!));
  else t.writeLocal((opcode - 59) & 3, t.pop(LOAD_TYPES[(opcode - 59) >> 2]!));
}

/** JVMS §6.5 astore: a reference, or the return address of a subroutine. */
export function storeReference(t: Translation, index: number): void {
  const value = t.popNarrow();
  const type = t.types[value];
  if (type !== "ref" && !(type === "i32" && t.flow.jsrSites.length > 0)) t.fail("Bad type on operand stack");
  t.writeLocal(index, value);
}
