/** Where the code of a method comes from: translation, a native's wrapper, or a throw. */
import { Builder, Func, type HostFunction, type Value } from "#ir";
import { SERVICE_CALL_SIGNATURE, type Tier, transferPrim, transferRef } from "#jit";
import { REF_RESULT } from "#layout";
import { ClassFormatFailure } from "../classfile/index.ts";
import { GuestThrow, isOutOfMemory, type LinkedMethod, throwing } from "../link/index.ts";
import { ACC_NATIVE, type Intrinsic, type MethodPath } from "../model/types.ts";
import { carrierNatives } from "../natives/carrier.ts";
import { shortcuts } from "../natives/intrinsics/objects.ts";
import { intrinsicNatives, irBodies } from "../natives/intrinsics.ts";
import { Path, type PathLibrary } from "../natives/paths/path.ts";
import { fastPaths } from "../natives/paths.ts";
import type { IntrinsicNative } from "../natives/types.ts";
import { vmNatives } from "../natives/vm.ts";
import { checkPending, storeRef } from "../runtime/helpers.ts";
import { SERVICE_NATIVE, SERVICE_THROW_BODY } from "../runtime/services.ts";
import { Translator } from "../translate/index.ts";
import type { J3 } from "./j3.ts";
import { pathLibrary } from "./path-library.ts";
import { translateEnv } from "./translate-env.ts";

export class Bodies {
  readonly #j: J3;
  /** What methods whose code cannot be made throw when they are called. */
  readonly #failures = new Map<number, GuestThrow>();
  /** Those of them that failed only because memory had run out, by number: their code is made at the next call. */
  readonly #postponed = new Map<number, LinkedMethod>();
  readonly #translator: Translator;
  readonly #library: PathLibrary;

  constructor(j: J3) {
    this.#j = j;
    this.#library = pathLibrary(j);
    this.#translator = new Translator(translateEnv(j));
  }

  /** The key of a method in the tables of natives. */
  static key(method: LinkedMethod): string {
    return `${method.holder.name}.${method.name}${method.descriptor}`;
  }

  /** The IR of a method's code. */
  readonly body = (methodId: number, _slot: number, tier: Tier): Func | null => {
    const method = this.#j.world.method(methodId);
    this.#j.words.describe(method);
    if (method.failure !== null) return this.#throwing(method, method.failure);
    const intrinsic = intrinsicNatives[Bodies.key(method)] ?? irBodies[Bodies.key(method)];
    if (intrinsic !== undefined) return this.#intrinsic(method, intrinsic);
    if ((method.flags & ACC_NATIVE) !== 0) return this.#native(method);
    if (method.isAbstract) return this.#throwing(method, throwing("AbstractMethodError", this.#abstractText(method)));
    try {
      return this.#translator.translate(method, tier);
    } catch (error) {
      // What runs is no worse than before; as a method that throws it was translated once.
      if (tier === 2 && error instanceof GuestThrow) return null;
      if (error instanceof GuestThrow) {
        if (isOutOfMemory(error)) this.#postponed.set(methodId, method);
        return this.#throwing(method, error);
      }
      if (error instanceof ClassFormatFailure) return this.#throwing(method, throwing(error.kind, error.message));
      throw error;
    }
  };

  /** What a method that cannot run throws. */
  failureOf(methodId: number): GuestThrow {
    const postponed = this.#postponed.get(methodId);
    if (postponed !== undefined) {
      this.#j.code.redefine([[postponed.slot]]);
      this.#postponed.delete(methodId);
    }
    return this.#failures.get(methodId) ?? throwing("InternalError", `method ${methodId} has no code`);
  }

  /** Whether what stands for a method's code only throws, and is to be replaced. */
  isPostponed(methodId: number): boolean {
    return this.#postponed.has(methodId);
  }

  /** How a method is expanded in place, if it is. */
  intrinsicOf(method: LinkedMethod): Intrinsic | null {
    const native = intrinsicNatives[Bodies.key(method)];
    return native === undefined ? null : (b, args) => native(b, args, this.#j.helpers);
  }

  /** What stands before a method's bytecode, if anything does. */
  pathOf(method: LinkedMethod): MethodPath | null {
    const row = fastPaths[Bodies.key(method)];
    if (row === undefined) return null;
    const { emit, inPlace } = row;
    return {
      inPlace,
      emit: (b, args, slow, facts) => emit(new Path(b, this.#library, facts, slow), ...args),
    };
  }

  /** Whether `body` gives the method's translated bytecode. Describes the method to those who walk stacks. */
  isExpandable(method: LinkedMethod): boolean {
    if (method.failure !== null || (method.flags & ACC_NATIVE) !== 0 || method.isAbstract) return false;
    const key = Bodies.key(method);
    if (key in intrinsicNatives || key in irBodies || fastPaths[key]?.inPlace === false) return false;
    this.#j.words.describe(method);
    return true;
  }

  /** Left out of stack traces: methods of hidden classes, and those annotated @Hidden. Not in spec: as HotSpot does. */
  isHidden(method: LinkedMethod): boolean {
    return method.holder.hidden || method.isHidden;
  }

  #abstractText(method: LinkedMethod): string {
    return `${method.holder.name.replaceAll("/", ".")}.${method.name}${method.descriptor}`;
  }

  #throwing(method: LinkedMethod, failure: GuestThrow): Func {
    this.#failures.set(method.id, failure);
    const b = new Builder(new Func(Bodies.key(method), method.signature, method.id));
    b.entry();
    b.call(this.#j.helpers.service, SERVICE_CALL_SIGNATURE, [b.i32(SERVICE_THROW_BODY), b.i32(method.id), b.i32(0)]);
    b.unreachable();
    return b.finish();
  }

  #intrinsic(method: LinkedMethod, intrinsic: IntrinsicNative): Func {
    const b = new Builder(new Func(Bodies.key(method), method.signature, method.id));
    const result = intrinsic(b, b.entry(), this.#j.helpers);
    if (method.signature.result === null) b.ret();
    else b.ret(result);
    return b.finish();
  }

  #native(method: LinkedMethod): Func {
    const key = Bodies.key(method);
    if (key in carrierNatives.direct || key in carrierNatives.blocking) return this.#carrierNative(method, key);
    if (key in vmNatives) return this.#vmNative(method);
    if (method.name === "registerNatives" || method.name === "initIDs") return this.#nothing(method);
    this.#j.switches.tracer("natives")?.(`missing ${key}`);
    return this.#throwing(method, throwing("UnsatisfiedLinkError", this.#j.nativeText(method)));
  }

  /** registerNatives and initIDs bind names and cache field numbers of a C library: there is none here, so nothing is to be done. */
  #nothing(method: LinkedMethod): Func {
    const b = new Builder(new Func(Bodies.key(method), method.signature, method.id));
    b.entry();
    b.ret();
    return b.finish();
  }

  #carrierNative(method: LinkedMethod, key: string): Func {
    const b = new Builder(new Func(key, method.signature, method.id));
    const host: HostFunction = { name: key, signature: method.signature, pure: false };
    const result = b.callhost(host, b.entry());
    checkPending(b, this.#j.helpers.throwPending);
    if (method.signature.result === null) b.ret();
    else b.ret(result);
    return b.finish();
  }

  #vmNative(method: LinkedMethod): Func {
    const b = new Builder(new Func(Bodies.key(method), method.signature, method.id));
    const { signature } = method;
    const args = b.entry();
    const shortcut = shortcuts[Bodies.key(method)];
    if (shortcut !== undefined) {
      const slow = b.block();
      b.ret(shortcut(b, args, this.#j.helpers, slow));
      b.switchTo(slow);
    }
    const carrier = b.op("carrier");
    let refs = 0;
    let prims = 1;
    signature.params.forEach((type, index) => {
      const value = args[index] as Value;
      if (type === "ref") storeRef(b, refs++, value);
      else b.mem("store", null, transferPrim(prims++), carrier, value);
    });
    b.call(this.#j.helpers.service, SERVICE_CALL_SIGNATURE, [b.i32(SERVICE_NATIVE), b.i32(method.id), b.i32(0)]);
    const after = b.op("carrier");
    if (signature.result === null) b.ret();
    else if (signature.result === "ref") {
      const result = b.load("ref", after, transferRef(REF_RESULT));
      b.mem("store", null, transferRef(REF_RESULT), after, b.i32(0));
      b.ret(result);
    } else b.ret(b.load(signature.result, after, transferPrim(0)));
    return b.finish();
  }
}
