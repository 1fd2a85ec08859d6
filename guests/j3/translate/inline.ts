/**
 * Bodies that are shorter than a call: what reads or sets fields of its receiver, computes, and returns; and constructors that do
 * nothing else.
 *
 * Nothing in such a body can throw, call, wait or be collected at, so that no stack trace can show that its frame is missing. The
 * attempt is made in place; what turns out not to be such a body is taken back.
 */
import { NO_VALUE, type Value } from "#ir";
import * as tags from "../classfile/index.ts";
import type { JMethod } from "../model/types.ts";
import { ACC_ABSTRACT, ACC_NATIVE, ACC_STATIC, ACC_SYNCHRONIZED, ACC_VOLATILE } from "../model/types.ts";
import { arithmetic } from "./arithmetic.ts";
import { narrow } from "./control.ts";
import { fieldAccess } from "./fields.ts";
import { straightLine } from "./flow.ts";
import { loadConstant } from "./objects.ts";
import { localOf, pushConstant, pushLocal, typeOfLoad } from "./operands.ts";
import { slotsOf } from "./shapes.ts";
import { Translation } from "./translation.ts";

const MAX_BYTES = 32;
const MAX_DEPTH = 4;

/** A method with an empty body whose argument lives up to its call: so it has to be called. */
export function isReachabilityFence({ holder, name }: JMethod): boolean {
  return name === "reachabilityFence" && holder.name === "java/lang/ref/Reference";
}

/**
 * Emits the method's body with the arguments, of which a receiver is known not to be null. Gives its result (NO_VALUE for void); null if the
 * method is to be called, and then nothing was emitted.
 */
export function inline(t: Translation, method: JMethod, args: readonly Value[], depth = 0): Value | null {
  const code = method.info?.code;
  const file = method.holder.file;
  if ((method.flags & (ACC_ABSTRACT | ACC_NATIVE | ACC_SYNCHRONIZED)) !== 0) return null;
  if (code === undefined || file === null || code.code.length > MAX_BYTES || code.handlers.length > 0) return null;
  if (depth === MAX_DEPTH || isReachabilityFence(method)) return null;
  const { b, func } = t;
  const { insts } = b.current!;
  const instCount = insts.length;
  const valueCount = func.types.length;
  const flow = straightLine(code.code.length, new Uint8Array(code.maxLocals));
  const where = `${method.holder.name}.${method.name}${method.descriptor}`;
  const u = new Translation(method, t.tier, t.env, t.known, code, file.constants, flow, b, where, null, null);
  try {
    const result = body(u, args, depth);
    if (result !== null) return result;
  } catch (error) {
    // The method gets its VerifyError when it is called.
    if (!(error instanceof tags.ClassFormatFailure)) throw error;
  }
  insts.length = instCount;
  func.types.length = valueCount;
  return null;
}

function body(u: Translation, args: readonly Value[], depth: number): Value | null {
  const { walker } = u;
  const { signature, descriptor } = u.method;
  let slots = 0;
  for (const arg of args) {
    if (slots + slotsOf(u.types[arg]!) > u.code.maxLocals) return null;
    u.setParameter(slots, arg);
    slots += slotsOf(u.types[arg]!);
  }
  if ((u.method.flags & ACC_STATIC) === 0) u.setNonNull(args[0]!);
  while (walker.next()) {
    const { opcode } = walker;
    if (opcode >= 172 && opcode <= 177) {
      if (opcode === 177) return signature.result === null ? NO_VALUE : null;
      const type = RETURNS[opcode - 172]!;
      if (signature.result !== type) return null;
      const value = u.pop(type);
      return type === "i32" ? narrow(u, value, descriptor.charCodeAt(descriptor.length - 1)) : value;
    }
    if (!step(u, opcode, depth)) return null;
  }
  return null;
}

const RETURNS = ["i32", "i64", "f32", "f64", "ref"] as const;

/** One instruction; false if it is none for here. */
function step(u: Translation, opcode: number, depth: number): boolean {
  const { walker, env, stack } = u;
  if (opcode === 0) return true;
  if (opcode <= 17) {
    pushConstant(u, opcode);
    return true;
  }
  if (opcode <= 20) {
    const tag = u.constants.tag(walker.index);
    if (tag !== tags.TAG_STRING && (tag < tags.TAG_INTEGER || tag > tags.TAG_DOUBLE)) return false;
    loadConstant(u, opcode);
    return true;
  }
  if (opcode <= 45) {
    if (!u.isParameter(localOf(opcode, walker.index), typeOfLoad(opcode))) return false;
    pushLocal(u, opcode);
    return true;
  }
  if (opcode >= 96 && opcode <= 152) {
    // Division may throw, and iinc stores.
    if (opcode === 108 || opcode === 109 || (opcode >= 112 && opcode <= 115) || opcode === 132) return false;
    arithmetic(u, opcode);
    return true;
  }
  switch (opcode) {
    case 178: // getstatic
    case 180: // getfield
    case 181: {
      // putfield
      const field = env.fieldAt(u.method, walker.index, opcode === 178, opcode === 181);
      if (field === null || (field.flags & ACC_VOLATILE) !== 0) return false;
      if (opcode === 178) {
        if (env.needsInit(u.method, field.holder)) return false;
      } else {
        const object = stack[stack.length - (opcode === 180 ? 1 : 2)];
        if (object === undefined || !u.isNonNull(object)) return false;
      }
      fieldAccess(u, opcode);
      return true;
    }
    case 183: {
      // invokespecial
      const method = env.methodAt(u.method, walker.index, "special");
      if (method === null) return false;
      const args: Value[] = [];
      for (let i = method.signature.params.length - 1; i >= 0; i--) args.unshift(u.pop(method.signature.params[i]!));
      if (!u.isNonNull(args[0]!)) return false;
      const result = inline(u, method, args, depth + 1);
      if (result === null) return false;
      if (result !== NO_VALUE) u.push(result);
      return true;
    }
    default:
      return false;
  }
}
