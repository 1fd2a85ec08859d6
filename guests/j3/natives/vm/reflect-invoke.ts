/** Calls by core reflection: Method.invoke and Constructor.newInstance before the library generates accessors of its own. */
import { GuestThrow, type GuestValue, type LinkedClass, type LinkedMethod, throwing } from "../../link/index.ts";
import { CLASSBIT_FINALIZER } from "../../model/record.ts";
import { ACC_ABSTRACT } from "../../model/types.ts";
import { box, unbox, widen } from "../../vm/boxing.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import { methodOfReflected, typesOfMethod } from "../../vm/reflected.ts";
import type { VmNatives } from "../types.ts";

/** The arguments of an Object[] (or null) as the parameters want them. */
function convert(j: J3, params: readonly LinkedClass[], args: number): GuestValue[] {
  const { objects } = j;
  const count = objects.isNull(args) ? 0 : objects.length(args);
  if (count !== params.length) throw throwing("IllegalArgumentException", "wrong number of arguments");
  return params.map((type, index) => {
    const arg = objects.elementHandle(args, index);
    if (type.primitive === null) {
      if (objects.isNull(arg) || objects.classOf(arg).isAssignableTo(type)) return arg;
      throw throwing("IllegalArgumentException", "argument type mismatch");
    }
    if (objects.isNull(arg)) throw throwing("IllegalArgumentException", null);
    return widen(unbox(j, arg), type.primitive);
  });
}

/** Runs a method; what it throws comes out in an InvocationTargetException. */
function* call(j: J3, method: LinkedMethod, args: readonly GuestValue[]): J3Steps<GuestValue | undefined> {
  try {
    return yield* j.invoke(method, args);
  } catch (failure) {
    if (!(failure instanceof GuestThrow)) throw failure;
    const target = yield* j.throwables.make(failure);
    const cls = j.world.boot("java/lang/reflect/InvocationTargetException");
    throw new GuestThrow({ handle: yield* j.construct(cls, "(Ljava/lang/Throwable;)V", [target]) });
  }
}

function* invoke(j: J3, reflected: number, receiver: number, args: number): J3Steps<number> {
  const { objects } = j;
  const declared = methodOfReflected(j, reflected);
  const { params, result } = yield* typesOfMethod(j, declared);
  let method = declared;
  if (declared.isStatic) yield* j.initialize(declared.holder);
  else {
    if (objects.isNull(receiver)) throw throwing("NullPointerException", null);
    const cls = objects.classOf(receiver);
    if (!cls.isAssignableTo(declared.holder)) {
      throw throwing("IllegalArgumentException", "object is not an instance of declaring class");
    }
    if (!declared.isPrivate) method = j.selectVirtual(cls, declared);
  }
  const values = convert(j, params, args);
  const value = yield* call(j, method, declared.isStatic ? values : [receiver, ...values]);
  if (result.primitive === null) return value as number;
  return result.primitive === "V" ? 0 : box(j, result.primitive, value as GuestValue);
}

function* newInstance(j: J3, reflected: number, args: number): J3Steps<number> {
  const { objects } = j;
  const target = methodOfReflected(j, reflected);
  const { holder } = target;
  const { params } = yield* typesOfMethod(j, target);
  if ((holder.flags & ACC_ABSTRACT) !== 0) throw throwing("InstantiationException", null);
  yield* j.initialize(holder);
  const values = convert(j, params, args);
  const object = objects.newObject(holder);
  if ((holder.bits & CLASSBIT_FINALIZER) !== 0) {
    yield* j.invokeStatic("java/lang/ref/Finalizer", "register", "(Ljava/lang/Object;)V", [object]);
  }
  yield* call(j, target, [object, ...values]);
  return object;
}

const REFLECT = "jdk/internal/reflect";

export const reflectInvokeNatives: VmNatives = {
  [`${REFLECT}/NativeMethodAccessorImpl.invoke0(Ljava/lang/reflect/Method;Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/Object;`]:
    invoke,
  [`${REFLECT}/NativeConstructorAccessorImpl.newInstance0(Ljava/lang/reflect/Constructor;[Ljava/lang/Object;)Ljava/lang/Object;`]:
    newInstance,
};
