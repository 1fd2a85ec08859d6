/** The services that compiled code and natives call on the VM thread. */

import { SERVICE_PREPARE } from "#threads";
import { type Call, type Steps, threadRef } from "#vm";
import { arrayOf, type GuestValue, type LinkedMethod } from "../link/index.ts";
import { warnOfRefusal } from "../natives/vm/thread.ts";
import { vmNatives } from "../natives/vm.ts";
import * as numbers from "../runtime/services.ts";
import { Bodies } from "./bodies.ts";
import { mainThread } from "./boot.ts";
import type { J3Effect, J3Steps } from "./effects.ts";
import type { J3 } from "./j3.ts";
import { mayStop } from "./thread-stop.ts";

export function registerServices(j: J3): void {
  const { vm } = j;
  vm.register(numbers.SERVICE_NATIVE, (call) => runNative(j, call));
  vm.register(SERVICE_PREPARE, (call) => j.preparation.prepare(j.code.functionOf(call.a)) as Steps<J3Effect>);
  vm.register(numbers.SERVICE_RESOLVE, (call) => j.resolveCell(call.a) as Steps<J3Effect>);
  vm.register(numbers.SERVICE_INITIALIZE, (call) => j.initialize(j.world.classAt(call.a)) as Steps<J3Effect>);
  vm.register(numbers.SERVICE_THROW, (call) => j.throwables.failRuntime(call));
  vm.register(numbers.SERVICE_ARRAY_CLASS, (call) => {
    arrayOf(j.world, j.world.classAt(call.a));
    return undefined;
  });
  vm.register(numbers.SERVICE_MAIN, () => mainThread(j));
  vm.register(numbers.SERVICE_UNCAUGHT, (call) => uncaught(j, call));
  vm.register(numbers.SERVICE_START_REFUSED, (call) => warnOfRefusal(j, call.nextRef()));
  vm.register(numbers.SERVICE_REGISTER_FINALIZER, (call) => registerFinalizer(j, call.nextRef()));
  vm.register(numbers.SERVICE_MAY_STOP, (call) => {
    call.returnI32(mayStop(j, call) ? 1 : 0);
    return undefined;
  });
  vm.register(numbers.SERVICE_THROW_BODY, (call) => {
    throw j.bodies.failureOf(call.a);
  });
}

/** Gives a native its arguments and passes its result on. */
function runNative(j: J3, call: Call): Steps<J3Effect> | undefined {
  const method = j.world.method(call.a);
  const native = vmNatives[Bodies.key(method)];
  if (native === undefined) throw new Error(`no native ${Bodies.key(method)}`);
  const args = method.signature.params.map((type): GuestValue => {
    if (type === "ref") return call.nextRef();
    const at = call.nextPrim();
    if (type === "i64") return j.mem.i64[at >>> 3] as bigint;
    if (type === "f32") return j.mem.f32[at >>> 2] as number;
    if (type === "f64") return j.mem.f64[at >>> 3] as number;
    return j.mem.i32[at >>> 2] as number;
  });
  const result = native(j, ...args);
  if (typeof result === "object") return finish(j, call, method, result);
  setResult(j, call, method, result as GuestValue | boolean | undefined);
  return undefined;
}

function* finish(j: J3, call: Call, method: LinkedMethod, steps: J3Steps<unknown>): Steps<J3Effect> {
  setResult(j, call, method, (yield* steps) as GuestValue | boolean | undefined);
}

function setResult(j: J3, call: Call, method: LinkedMethod, value: GuestValue | boolean | undefined): void {
  switch (method.signature.result) {
    case null:
      return;
    case "ref":
      return call.returnRef(j.objects.ref(value as number));
    case "i64":
      return call.returnI64(BigInt(value as bigint | number));
    case "f32":
      return call.returnF32(value as number);
    case "f64":
      return call.returnF64(value as number);
    default:
      return call.returnI32(Number(value));
  }
}

/** JLS §12.6: the object becomes finalizable. */
function* registerFinalizer(j: J3, object: number): Steps<J3Effect> {
  yield* j.invokeStatic("java/lang/ref/Finalizer", "register", "(Ljava/lang/Object;)V", [object]);
}

/** What Thread.run has thrown goes to the thread's handler. */
function uncaught(j: J3, call: Call): Steps<J3Effect> {
  const thrown = call.nextRef();
  const thread = call.handle(j.mem.word(threadRef(call.thread, 0)));
  return j.throwables.uncaught(thread, j.throwables.wrap(thrown));
}
