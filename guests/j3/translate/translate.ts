/**
 * Java bytecode to IR, one method at a time.
 *
 * Takes      a method with a Code attribute, and an environment that answers what is linked already. The bytecode need not be verified.
 * Leaves     a function that does what JVMS §6.5 says; its positions are bytecode indices. Bytecode that would leave the operand stack or
 *            the locals in disorder is a VerifyError (a ClassFormatFailure of that kind); the types of objects are not looked at.
 * Relies on  low memory that reads 0 (#layout GUARD_BYTES), and on the words of class records (model/record.ts).
 * Costs      one walk to find the blocks, one to translate those that can be reached.
 */
import { Builder, Func, type Value } from "#ir";
import type { Tier } from "#jit";
import type { JMethod, TranslateEnv } from "../model/types.ts";
import { ACC_STATIC, ACC_SYNCHRONIZED } from "../model/types.ts";
import { arithmetic, increment } from "./arithmetic.ts";
import { arrayLength, arrayLoad, arrayStore, newArray, newMultiArray, newReferenceArray } from "./arrays.ts";
import { invoke, invokeDynamic, placeParameters } from "./calls.ts";
import * as control from "./control.ts";
import { Exits, throwException } from "./exceptions.ts";
import { type Emitter, Expansions } from "./expand.ts";
import { verifyFailure } from "./failure.ts";
import { fieldAccess } from "./fields.ts";
import type { FlowBlock, HandlerSet } from "./flow.ts";
import { analyzeFlow } from "./flow.ts";
import { Known } from "./known.ts";
import { enterLoop } from "./loops.ts";
import { checkCast, instanceOf, loadConstant, lock, lockOf, monitor, newObject, unlock } from "./objects.ts";
import { pushConstant, pushLocal, storeLocal, storeReference } from "./operands.ts";
import { beginWithUsualCase } from "./paths.ts";
import { countEntry, enterCounted, noteExpansion, Profiles } from "./profile.ts";
import { stackOperation } from "./stack.ts";
import { Translation } from "./translation.ts";

/** jsr and ret are in no class file of this version or above. JVMS §4.9.1. */
const FIRST_WITHOUT_JSR = 51;

/** Translates methods of one VM; keeps what it has learned of descriptors and classes. */
export class Translator {
  readonly #env: TranslateEnv;
  readonly #known = new Known();
  readonly #expansions: Readonly<Record<Tier, Expansions>>;

  constructor(env: TranslateEnv) {
    this.#env = env;
    const emitter: Emitter = {
      emit: (t, args) => new MethodTranslator(t).run(args),
      check: (method) => void this.#translate(method, 1, null),
    };
    const profiles = new Profiles(env);
    this.#expansions = { 1: new Expansions(env, emitter, 1, profiles), 2: new Expansions(env, emitter, 2, profiles) };
  }

  /**
   * The method's IR: code that counts what it does, or, in the second tier, code made from these counts. Throws a ClassFormatFailure of kind
   * VerifyError (or ClassFormatError) on bad bytecode.
   */
  translate(method: JMethod, tier: Tier): Func {
    return this.#translate(method, tier, this.#expansions[tier]);
  }

  #translate(method: JMethod, tier: Tier, expansions: Expansions | null): Func {
    const where = `${method.holder.name}.${method.name}${method.descriptor}`;
    const code = method.info?.code;
    const file = method.holder.file;
    if (code === undefined || file === null) verifyFailure("No bytecode", where, 0);
    const flow = analyzeFlow(code, file.constants, where, file.major < FIRST_WITHOUT_JSR);
    const b = new Builder(new Func(where, method.signature, method.id));
    const t = new Translation(
      method,
      tier,
      this.#env,
      this.#known,
      code,
      file.constants,
      flow,
      b,
      where,
      null,
      expansions,
    );
    new MethodTranslator(t).run(b.entry());
    return b.finish();
  }
}

/** Translates one method. Several from one VM: use a Translator. */
export function translate(method: JMethod, env: TranslateEnv): Func {
  return new Translator(env).translate(method, 1);
}

class MethodTranslator {
  readonly #t: Translation;
  #exits: Exits;
  /** Called before each return. */
  #leave: () => void = nothing;

  constructor(t: Translation) {
    this.#t = t;
    this.#exits = new Exits(t, null);
  }

  /** Emits the method's body where the builder is. What the parameters are must be known of in `t` already. */
  run(params: readonly Value[]): void {
    const t = this.#t;
    const { b, flow } = t;
    this.#begin(params);
    const { entry } = flow;
    entry.shape = [];
    if (entry.waiting === 0) {
      entry.ir = b.current;
    } else {
      b.jump(control.irBlock(t, entry));
    }
    for (let progress = true; progress; ) {
      progress = false;
      for (const set of flow.sets) {
        // In loops a handler's block may come before blocks that lead to it by an exception.
        if (this.#exits.isDue(set)) {
          this.#dispatch(set);
          progress = true;
        }
      }
      for (const block of flow.order) {
        if (block.done) continue;
        if (block.isHandler) this.#dispatchInto(block);
        if (block.shape === null) continue;
        this.#block(block);
        progress = true;
      }
    }
    this.#exits.finish();
  }

  /** The parameters, and the lock of a synchronized method. */
  #begin(params: readonly Value[]): void {
    const t = this.#t;
    const { b, method } = t;
    const isStatic = (method.flags & ACC_STATIC) !== 0;
    placeParameters(t, params);
    if (!isStatic) {
      t.self = params[0]!;
      t.setNonNullIn(t.self, t.flow.root);
    }
    t.classes.noteParameters(params, isStatic);
    if (t.site === null) countEntry(t);
    else noteExpansion(t);
    beginWithUsualCase(t, params);
    if ((method.flags & ACC_SYNCHRONIZED) === 0) return;
    // JVMS §2.11.10: the lock is taken before the body, and given up however the body ends.
    b.pos = t.position(0);
    const object = lockOf(t, isStatic);
    lock(t, object);
    this.#leave = () => {
      b.unwindTo = t.unwind;
      unlock(t, object);
    };
    this.#exits = new Exits(t, object);
  }

  /** Emits the dispatch blocks that lead to a handler. */
  #dispatchInto(handler: FlowBlock): void {
    for (const set of handler.handlerOf) {
      if (this.#exits.isDue(set)) this.#dispatch(set);
    }
  }

  #dispatch(set: HandlerSet): void {
    this.#exits.dispatch(set);
    this.#passed(set.targets);
  }

  /** Edges into the blocks were emitted: seals those that have all. */
  #passed(blocks: readonly FlowBlock[]): void {
    const { b } = this.#t;
    for (const block of blocks) {
      block.waiting -= 1;
      if (block.waiting === 0 && block.ir !== null) b.seal(block.ir);
    }
  }

  #block(block: FlowBlock): void {
    const t = this.#t;
    const { b, walker } = t;
    block.done = true;
    const ir = control.irBlock(t, block);
    if (b.current !== ir) b.switchTo(ir);
    if (block.waiting > 0) enterLoop(t, block);
    walker.nextPc = block.start;
    b.pos = t.position(block.start);
    b.unwindTo = t.unwind;
    t.enter(block);
    enterCounted(t, block);
    if (block.isCold) ir.cold = true;
    if (block.isHandler && block.predecessors === 0) t.setNonNull(t.stack[0]!);
    // A loop may be closed by an exception as well as by a branch.
    if (block.isBackwardHandler) b.poll();
    const hasExits = t.flow.handlers !== null || this.#leave !== nothing;
    while (b.current !== null) {
      if (walker.nextPc >= block.end) {
        control.fallInto(t, block.end);
        break;
      }
      walker.next();
      b.pos = t.position(walker.pc);
      if (hasExits) b.unwindTo = this.#exits.at(walker.pc);
      this.#instruction(walker.opcode);
    }
    this.#passed(block.successors);
    for (const set of block.sets) this.#left(set);
  }

  /** A block that the set covers was emitted. */
  #left(set: HandlerSet): void {
    set.waiting -= 1;
    if (set.waiting > 0) return;
    if (this.#exits.isDue(set)) this.#dispatch(set);
    else if (!set.emitted) this.#passed(set.targets);
    if (set.ir !== null) this.#t.b.seal(set.ir);
  }

  #instruction(opcode: number): void {
    const t = this.#t;
    const { walker } = t;
    switch (opcode) {
      case 0: // nop
        return;
      case 1: // aconst_null
      case 2:
      case 3:
      case 4:
      case 5:
      case 6:
      case 7:
      case 8:
      case 9:
      case 10:
      case 11:
      case 12:
      case 13:
      case 14:
      case 15:
      case 16:
      case 17: // sipush
        return pushConstant(t, opcode);
      case 18: // ldc
      case 19: // ldc_w
      case 20: // ldc2_w
        return loadConstant(t, opcode);
      case 21: // iload
      case 22:
      case 23:
      case 24:
      case 25:
      case 26:
      case 27:
      case 28:
      case 29:
      case 30:
      case 31:
      case 32:
      case 33:
      case 34:
      case 35:
      case 36:
      case 37:
      case 38:
      case 39:
      case 40:
      case 41:
      case 42:
      case 43:
      case 44:
      case 45: // aload_3
        return pushLocal(t, opcode);
      case 46: // iaload
      case 47:
      case 48:
      case 49:
      case 50:
      case 51:
      case 52:
      case 53: // saload
        return arrayLoad(t, opcode);
      case 54: // istore
      case 55:
      case 56:
      case 57: // dstore
      case 59: // istore_0
      case 60:
      case 61:
      case 62:
      case 63:
      case 64:
      case 65:
      case 66:
      case 67:
      case 68:
      case 69:
      case 70:
      case 71:
      case 72:
      case 73:
      case 74: // dstore_3
        return storeLocal(t, opcode);
      case 58: // astore
        return storeReference(t, walker.index);
      case 75: // astore_0
      case 76:
      case 77:
      case 78:
        return storeReference(t, opcode - 75);
      case 79: // iastore
      case 80:
      case 81:
      case 82:
      case 83:
      case 84:
      case 85:
      case 86: // sastore
        return arrayStore(t, opcode);
      case 87: // pop
      case 88:
      case 89:
      case 90:
      case 91:
      case 92:
      case 93:
      case 94:
      case 95: // swap
        return stackOperation(t, opcode);
      case 132: // iinc
        return increment(t);
      case 148: // lcmp
      case 149:
      case 150:
      case 151:
      case 152: // dcmpg
        if (!control.compareAndBranch(t, opcode)) arithmetic(t, opcode);
        return;
      case 153: // ifeq
      case 154:
      case 155:
      case 156:
      case 157:
      case 158: // ifle
        return control.ifZero(t, opcode);
      case 159: // if_icmpeq
      case 160:
      case 161:
      case 162:
      case 163:
      case 164: // if_icmple
        return control.ifCompare(t, opcode);
      case 165: // if_acmpeq
      case 166: // if_acmpne
        return control.ifSame(t, opcode);
      case 167: // goto
      case 200: // goto_w
        return control.goTo(t, walker.target);
      case 168: // jsr
      case 201: // jsr_w
        return control.jumpToSubroutine(t);
      case 169: // ret
        return control.returnFromSubroutine(t);
      case 170: // tableswitch
      case 171: // lookupswitch
        return control.switchOn(t);
      case 172: // ireturn
      case 173:
      case 174:
      case 175:
      case 176:
      case 177: // return
        return control.returnFromMethod(t, opcode, this.#leave);
      case 178: // getstatic
      case 179:
      case 180:
      case 181: // putfield
        return fieldAccess(t, opcode);
      case 182: // invokevirtual
      case 183: // invokespecial
      case 184: // invokestatic
      case 185: // invokeinterface
        return invoke(t, opcode);
      case 186: // invokedynamic
        return invokeDynamic(t);
      case 187: // new
        return newObject(t);
      case 188: // newarray
        return newArray(t);
      case 189: // anewarray
        return newReferenceArray(t);
      case 190: // arraylength
        return arrayLength(t);
      case 191: // athrow
        return throwException(t);
      case 192: // checkcast
        return checkCast(t);
      case 193: // instanceof
        return instanceOf(t);
      case 194: // monitorenter
      case 195: // monitorexit
        return monitor(t, opcode);
      case 197: // multianewarray
        return newMultiArray(t);
      case 198: // ifnull
      case 199: // ifnonnull
        return control.ifNull(t, opcode);
      default: // 96 to 147: iadd to i2s
        return arithmetic(t, opcode);
    }
  }
}

function nothing(): void {}
