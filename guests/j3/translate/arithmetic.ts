/**
 * Arithmetic, conversions and comparisons: opcodes 96 to 152. JVMS §2.8, §6.5.
 */
import type { Op, Type, Value } from "#ir";
import { FREM } from "./host.ts";
import type { Translation } from "./translation.ts";

/** Opcodes 96 to 152 but iinc. */
export function arithmetic(t: Translation, opcode: number): void {
  const { b } = t;
  switch (opcode) {
    case 96: // iadd
      return binary(t, "add", "i32");
    case 97: // ladd
      return binary(t, "add", "i64");
    case 98: // fadd
      return binary(t, "fadd", "f32");
    case 99: // dadd
      return binary(t, "fadd", "f64");
    case 100: // isub
      return binary(t, "sub", "i32");
    case 101: // lsub
      return binary(t, "sub", "i64");
    case 102: // fsub
      return binary(t, "fsub", "f32");
    case 103: // dsub
      return binary(t, "fsub", "f64");
    case 104: // imul
      return binary(t, "mul", "i32");
    case 105: // lmul
      return binary(t, "mul", "i64");
    case 106: // fmul
      return binary(t, "fmul", "f32");
    case 107: // dmul
      return binary(t, "fmul", "f64");
    case 108: // idiv
      return division(t, "sdiv", "i32");
    case 109: // ldiv
      return division(t, "sdiv", "i64");
    case 110: // fdiv
      return binary(t, "fdiv", "f32");
    case 111: // ddiv
      return binary(t, "fdiv", "f64");
    case 112: // irem
      return division(t, "srem", "i32");
    case 113: // lrem
      return division(t, "srem", "i64");
    case 114: {
      // frem
      const right = b.op("promote", t.pop("f32"));
      const left = b.op("promote", t.pop("f32"));
      return t.push(b.op("demote", b.callhost(FREM, [left, right])));
    }
    case 115: {
      // drem
      const right = t.pop("f64");
      const left = t.pop("f64");
      return t.push(b.callhost(FREM, [left, right]));
    }
    case 116: // ineg
      return t.push(negate(t, t.pop("i32"), t.i32(0)));
    case 117: // lneg
      return t.push(negate(t, t.pop("i64"), t.i64(0n)));
    case 118: // fneg
      return t.push(b.op("fneg", t.pop("f32")));
    case 119: // dneg
      return t.push(b.op("fneg", t.pop("f64")));
    case 120: // ishl
      return binary(t, "shl", "i32");
    case 121: // lshl
      return longShift(t, "shl");
    case 122: // ishr
      return binary(t, "sshr", "i32");
    case 123: // lshr
      return longShift(t, "sshr");
    case 124: // iushr
      return binary(t, "ushr", "i32");
    case 125: // lushr
      return longShift(t, "ushr");
    case 126: // iand
      return binary(t, "and", "i32");
    case 127: // land
      return binary(t, "and", "i64");
    case 128: // ior
      return binary(t, "or", "i32");
    case 129: // lor
      return binary(t, "or", "i64");
    case 130: // ixor
      return binary(t, "xor", "i32");
    case 131: // lxor
      return binary(t, "xor", "i64");
    case 133: // i2l
      return t.push(b.op("sext", t.pop("i32")));
    case 134: // i2f
      return t.push(b.typed("stof", "f32", t.pop("i32")));
    case 135: // i2d
      return t.push(b.typed("stof", "f64", t.pop("i32")));
    case 136: // l2i
      return t.push(b.op("wrap", t.pop("i64")));
    case 137: // l2f
      return t.push(b.typed("stof", "f32", t.pop("i64")));
    case 138: // l2d
      return t.push(b.typed("stof", "f64", t.pop("i64")));
    case 139: // f2i
      return t.push(b.typed("ftos", "i32", t.pop("f32")));
    case 140: // f2l
      return t.push(b.typed("ftos", "i64", t.pop("f32")));
    case 141: // f2d
      return t.push(b.op("promote", t.pop("f32")));
    case 142: // d2i
      return t.push(b.typed("ftos", "i32", t.pop("f64")));
    case 143: // d2l
      return t.push(b.typed("ftos", "i64", t.pop("f64")));
    case 144: // d2f
      return t.push(b.op("demote", t.pop("f64")));
    case 145: // i2b
      return t.push(b.op("sext8", t.pop("i32")));
    case 146: // i2c
      return t.push(b.op("and", t.pop("i32"), t.i32(0xffff)));
    case 147: // i2s
      return t.push(b.op("sext16", t.pop("i32")));
    case 148: // lcmp
      return compareLongs(t);
    case 149: // fcmpl
      return compareFloats(t, "f32", false);
    case 150: // fcmpg
      return compareFloats(t, "f32", true);
    case 151: // dcmpl
      return compareFloats(t, "f64", false);
    case 152: // dcmpg
      return compareFloats(t, "f64", true);
    default:
      t.fail("Bad instruction");
  }
}

/** JVMS §6.5 iinc. */
export function increment(t: Translation): void {
  const { index, value } = t.walker;
  const old = t.readLocal(index, "i32");
  t.writeLocal(index, t.b.op("add", old, t.i32(value)));
}

function binary(t: Translation, op: Op, type: Type): void {
  const right = t.pop(type);
  const left = t.pop(type);
  t.push(t.b.op(op, left, right));
}

/** JVMS §6.5 lshl: the distance is an int, of which six bits count. */
function longShift(t: Translation, op: Op): void {
  const distance = t.pop("i32");
  const value = t.pop("i64");
  t.push(t.b.op(op, value, t.b.op("zext", distance)));
}

function division(t: Translation, op: "sdiv" | "srem", type: Type): void {
  const divisor = t.pop(type);
  const dividend = t.pop(type);
  // JVMS §6.5 idiv: if the divisor is 0, throw an ArithmeticException.
  const constant = t.constantOf(divisor);
  if (constant === undefined || constant === 0) t.b.op("zerocheck", divisor);
  t.push(t.b.op(op, dividend, divisor));
}

function negate(t: Translation, value: Value, zero: Value): Value {
  return t.b.op("sub", zero, value);
}

/** JVMS §6.5 lcmp: 1, 0 or -1. */
function compareLongs(t: Translation): void {
  const { b } = t;
  const right = t.pop("i64");
  const left = t.pop("i64");
  t.push(b.op("sub", b.op("sgt", left, right), b.op("slt", left, right)));
}

/** JVMS §6.5 fcmp<op>: 1, 0 or -1; with a NaN 1 for fcmpg, -1 for fcmpl. */
function compareFloats(t: Translation, type: Type, greater: boolean): void {
  const { b } = t;
  const right = t.pop(type);
  const left = t.pop(type);
  const one = t.i32(1);
  t.push(
    greater
      ? b.op("sub", b.op("sub", one, b.op("flt", left, right)), b.op("fle", left, right))
      : b.op("sub", b.op("add", b.op("fgt", left, right), b.op("fge", left, right)), one),
  );
}
