/**
 * Methods that are expanded where they are called: their whole bodies, with all that may happen in them.
 *
 * Takes      a call whose target is known, with the arguments.
 * Leaves     the body in the caller's blocks. Its instructions have positions of their own, from which call sites get records that stand for
 *            the callee's frame as well as the caller's: stack traces and stack walks see what they would see of calls.
 * Relies on  everything the body names, but for what leads to a throw, being linked already, and classes initialised: else its code is better
 *            made later, when it is called.
 *            A method that does not verify gets its VerifyError when it is called: what may be wrong is tried out first.
 */
import { NO_VALUE, type Value } from "#ir";
import type { Tier } from "#jit";
import { BytecodeWalker } from "../bytecode.ts";
import type { ConstantPool } from "../classfile/index.ts";
import * as tags from "../classfile/index.ts";
import type { JClass, JMethod, TranslateEnv } from "../model/types.ts";
import { ACC_ABSTRACT, ACC_NATIVE, ACC_STATIC, ACC_SYNCHRONIZED } from "../model/types.ts";
import { analyzeFlow } from "./flow.ts";
import { isReachabilityFence } from "./inline.ts";
import { knownSite } from "./known-sites.ts";
import type { Profiles } from "./profile.ts";
import { Translation } from "./translation.ts";

/**
 * Longest bodies that are expanded, in bytes of bytecode: in loops, elsewhere, and in class initialisers, which run once. With 35 elsewhere
 * StringBuilder.append and HashMap.hash were calls; above 60 programs start later and gain no more.
 */
const LOOP_BYTES = 120;
const PLAIN_BYTES = 60;
const ONCE_BYTES = 10;
/** The second tier's limits: where calls are frequent, and elsewhere. Calls that never happened are not expanded. */
const HOT_BYTES = 325;
const COOL_BYTES = 35;
/** A call is frequent from so many times on for each time that the outermost method begins. */
const HOT = 0.2;
/** How much is expanded in one method altogether; behind half of it only what is short. */
const TOTAL_BYTES: Limits = { 1: 1500, 2: 6000 };
const SHORT_BYTES = 60;
/** Methods within methods, and how often the same one. */
const MAX_LEVEL: Limits = { 1: 8, 2: 14 };
const MAX_TIMES: Limits = { 1: 1, 2: 2 };
const INVOKEDYNAMIC = 186;
const ATHROW = 191;
/** Class files before this version may have subroutines. */
const FIRST_WITHOUT_JSR = 51;

/** By tier. */
type Limits = Readonly<Record<Tier, number>>;

/** What the translator does for expansions. */
export interface Emitter {
  /** Emits the body of a translation's method where its builder is. */
  emit(t: Translation, args: readonly Value[]): void;
  /** Translates a method to see that it can be; throws ClassFormatFailure. */
  check(method: JMethod): void;
}

/** Which methods can be expanded; one per translator and tier. */
export class Expansions {
  readonly emitter: Emitter;
  readonly tier: Tier;
  readonly profiles: Profiles;
  readonly #env: TranslateEnv;
  /** By method: the number of its return instructions; 0 if it can never be expanded. */
  readonly #known = new Map<JMethod, number>();

  constructor(env: TranslateEnv, emitter: Emitter, tier: Tier, profiles: Profiles) {
    this.#env = env;
    this.emitter = emitter;
    this.tier = tier;
    this.profiles = profiles;
  }

  /** The number of return instructions of a method that can be expanded now; else 0. */
  returns(method: JMethod): number {
    const known = this.#known.get(method);
    if (known !== undefined) return known;
    const found = this.#look(method);
    if (found === null) return 0;
    this.#known.set(method, found);
    return found;
  }

  /** null: not now. */
  #look(method: JMethod): number | null {
    const { holder } = method;
    const { file } = holder;
    const code = method.info?.code;
    const isFirst = this.tier === 1;
    const never = isFirst ? ACC_ABSTRACT | ACC_NATIVE | ACC_SYNCHRONIZED : ACC_ABSTRACT | ACC_NATIVE;
    if ((method.flags & never) !== 0) return 0;
    if (code === undefined || file === null || file.major < FIRST_WITHOUT_JSR || isReachabilityFence(method)) return 0;
    let returns = 0;
    let isLinked = true;
    // Whether something is not linked between here and the last branch.
    let isPending = false;
    try {
      const walker = new BytecodeWalker(code.code, method.name);
      while (walker.next()) {
        const { opcode } = walker;
        if (opcode >= 172 && opcode <= 177) returns += 1;
        if (isFirst && opcode === INVOKEDYNAMIC && knownSite(this.#env, method, walker.index) === null) return 0;
        if ((isFirst ? NEVER : NEVER_IN_SECOND).has(opcode) || !isRightConstant(file.constants, opcode, walker.index))
          return 0;
        // A loop is better compiled by itself, when more classes are known: it becomes fast code at its next call, as no running code does.
        if (isFirst && isBranch(opcode) && walker.target <= walker.pc) return 0;
        if (isFirst && isLinked && !isPending) isPending = !this.#isLinked(method, opcode, walker.index);
        // What leads to a throw and nowhere else is linked when control comes there: the classes of errors that never happened are not loaded.
        if (opcode === ATHROW) isPending = false;
        else if (isPending && endsBlock(opcode)) isLinked = false;
      }
      if (returns === 0 || !this.#env.isExpandable(method)) return 0;
      if (!isLinked) return null;
      // The classes of the JDK do verify.
      if (holder.loader.object !== 0) this.emitter.check(method);
    } catch (error) {
      if (error instanceof tags.ClassFormatFailure) return 0;
      throw error;
    }
    return returns;
  }

  #isLinked(method: JMethod, opcode: number, index: number): boolean {
    const env = this.#env;
    const { holder } = method;
    switch (opcode) {
      case 18: // ldc
      case 19: {
        // ldc_w
        const tag = holder.file!.constants.tag(index);
        if (tag === tags.TAG_CLASS) return env.classAt(holder, index) !== null;
        return tag !== tags.TAG_METHOD_TYPE && tag !== tags.TAG_METHOD_HANDLE && tag !== tags.TAG_DYNAMIC;
      }
      case 20: // ldc2_w
        return holder.file!.constants.tag(index) !== tags.TAG_DYNAMIC;
      case 178: // getstatic
      case 179: {
        // putstatic
        const field = env.fieldAt(method, index, true, opcode === 179);
        return field !== null && !env.needsInit(method, field.holder);
      }
      case 180: // getfield
      case 181: // putfield
        return env.fieldAt(method, index, false, opcode === 181) !== null;
      case 182: // invokevirtual
        return env.methodAt(method, index, "virtual") !== null;
      case 183: // invokespecial
        return env.methodAt(method, index, "special") !== null;
      case 184: {
        // invokestatic
        const target = env.methodAt(method, index, "static");
        return target !== null && !env.needsInit(method, target.holder);
      }
      case 185: // invokeinterface
        return env.methodAt(method, index, "interface") !== null;
      case 187: {
        // new
        const target = env.classAt(holder, index);
        return target !== null && !env.needsInit(method, target);
      }
      case 189: // anewarray
      case 192: // checkcast
      case 193: // instanceof
      case 197: // multianewarray
        return env.classAt(holder, index) !== null;
      default:
        return true;
    }
  }
}

/** Whether the constant an instruction names is of the kind it wants, so that the environment may be asked about it. */
function isRightConstant(constants: ConstantPool, opcode: number, index: number): boolean {
  const tag = opcode >= 178 && opcode <= 197 ? constants.tag(index) : 0;
  switch (opcode) {
    case 178: // getstatic
    case 179: // putstatic
    case 180: // getfield
    case 181: // putfield
      return tag === tags.TAG_FIELDREF;
    case 182: // invokevirtual
      return tag === tags.TAG_METHODREF;
    case 183: // invokespecial
    case 184: // invokestatic
      return tag === tags.TAG_METHODREF || tag === tags.TAG_INTERFACE_METHODREF;
    case 185: // invokeinterface
      return tag === tags.TAG_INTERFACE_METHODREF;
    case 187: // new
    case 189: // anewarray
    case 192: // checkcast
    case 193: // instanceof
    case 197: // multianewarray
      return tag === tags.TAG_CLASS;
    default:
      return true;
  }
}

/** ifeq to goto, ifnull, ifnonnull, goto_w. Switches lead back in no code that javac makes; their loops are just expanded. */
function isBranch(opcode: number): boolean {
  return (opcode >= 153 && opcode <= 167) || opcode === 198 || opcode === 199 || opcode === 200;
}

/** Branches, switches and returns. */
function endsBlock(opcode: number): boolean {
  return (opcode >= 153 && opcode <= 177) || (opcode >= 198 && opcode <= 201);
}

/** jsr, ret, monitorenter, monitorexit, jsr_w. */
const NEVER: ReadonlySet<number> = new Set([168, 169, 194, 195, 201]);
/** jsr, ret, jsr_w. */
const NEVER_IN_SECOND: ReadonlySet<number> = new Set([168, 169, 201]);

/** Whether the method, of up to so many bytes, could be expanded here. */
export function expandable(t: Translation, method: JMethod, mostBytes: number): boolean {
  const { expansions } = t;
  const bytes = method.info?.code?.code.length;
  if (expansions === null || bytes === undefined || bytes > mostBytes || t.scope.isCold) return false;
  const { tier } = expansions;
  const already = t.outermost.expandedBytes;
  const most = tier === 2 && bytes <= SHORT_BYTES ? TOTAL_BYTES[2] : TOTAL_BYTES[2] / 2;
  if (t.level >= MAX_LEVEL[tier] || already + bytes > (tier === 1 ? TOTAL_BYTES[1] : most)) return false;
  return t.timesWithin(method) < MAX_TIMES[tier] && expansions.returns(method) > 0;
}

/** The longest bodies that are expanded where the translation is, in bytes of bytecode. */
function longest(t: Translation, frequency: number): number {
  if (t.outermost.method.name === "<clinit>") return t.isCompact ? ONCE_BYTES : LOOP_BYTES;
  if (t.tier === 1) return t.isCompact ? PLAIN_BYTES : LOOP_BYTES;
  return frequency >= HOT ? HOT_BYTES : COOL_BYTES;
}

/**
 * Expands the method with the arguments, of which a receiver is known not to be null, and to be of exactly the class if one is given. `share` is
 * how much of the calls here come to this method. Gives its result (NO_VALUE for void); null if the method is to be called, and then nothing was
 * emitted.
 */
export function expand(t: Translation, method: JMethod, args: readonly Value[], cls?: JClass, share = 1): Value | null {
  const { expansions, b, outermost } = t;
  const frequency = t.scope.frequency * share;
  if (expansions === null || !expandable(t, method, longest(t, frequency))) return null;
  const code = method.info!.code!;
  const returns = expansions.returns(method);
  outermost.expandedBytes += code.code.length;

  const file = method.holder.file!;
  const where = `${method.holder.name}.${method.name}${method.descriptor}`;
  const flow = analyzeFlow(code, file.constants, where, false);
  const type = method.signature.result;
  const done = b.block();
  const single = returns === 1;
  const result = single || type === null ? NO_VALUE : b.param(done, type);
  const { pos, unwindTo } = b;
  const isStatic = (method.flags & ACC_STATIC) !== 0;
  const exact = isStatic ? undefined : (cls ?? t.classes.exact(args[0]!));
  const site = { caller: t, pos, unwind: unwindTo, done, single, result, exact, frequency };
  const u = new Translation(method, t.tier, t.env, t.known, code, file.constants, flow, b, where, site, expansions);
  for (const arg of args) u.inherit(arg);
  expansions.emitter.emit(u, args);
  b.seal(done);
  b.switchTo(done);
  b.pos = pos;
  b.unwindTo = unwindTo;
  if (type === null) return NO_VALUE;
  // The only return may be one that is never reached.
  return site.result === NO_VALUE ? b.zero(type) : site.result;
}
