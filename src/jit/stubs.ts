/**
 * The three small functions, built from IR, that stand between compiled code and the rest of the system.
 */
import { type Block, Builder, Func, type HostFunction, type Signature, signature, type Value } from "#ir";
import {
  CARRIER_PRIMS,
  CARRIER_REFS,
  CARRIER_UPCALL_INVOKER,
  CARRIER_UPCALL_TARGET,
  REF_ARGS,
  REF_EXCEPTION,
  REF_RESULT,
  ROOTS_WORDS,
} from "#layout";
import { SERVICE_PREPARE } from "#threads";

/** Offset of a reference in the carrier's transfer area. */
export function transferRef(index: number): number {
  return CARRIER_REFS + ROOTS_WORDS + 4 * index;
}

/** Offset of a primitive in the carrier's transfer area; number 0 is the result, the arguments begin at 1. */
export function transferPrim(index: number): number {
  return CARRIER_PRIMS + 8 * index;
}

const INSTALL: HostFunction = { name: "vm.install", signature: signature(["i32"], "i32"), pure: false };
const REQUEST: HostFunction = { name: "vm.request", signature: signature(["i32", "i32", "i32"], "i32"), pure: false };
const CONTINUE: HostFunction = { name: "vm.continue", signature: signature(["i32"], "i32"), pure: false };
const WAIT: HostFunction = { name: "vm.wait", signature: signature([], "i32"), pure: false };

/** (service, a, b): asks the VM thread; arguments and results are in the transfer area. */
export const SERVICE_CALL_SIGNATURE: Signature = signature(["i32", "i32", "i32"], null);
/** (target slot): calls the target with arguments from the transfer area and puts the result there. */
export const INVOKER_SIGNATURE: Signature = signature(["i32"], null);

/**
 * What an empty slot of a signature holds: installs the code of the slot it was called through, then goes there. If the guest wants to run
 * code of its own before the function is compiled, that is a service, run from here.
 */
export function stubFunction(target: Signature, serviceSlot: number): Func {
  const func = new Func(`stub ${target.key}`, target);
  func.inReserve = true;
  const b = new Builder(func);
  const params = b.entry();
  const slot = b.op("ownslot");
  const prepare = b.block();
  const installed = b.block();
  b.branch(b.callhost(INSTALL, [slot]), prepare, installed);
  b.switchTo(prepare);
  prepare.cold = true;
  b.call(serviceSlot, SERVICE_CALL_SIGNATURE, [b.i32(SERVICE_PREPARE), slot, b.i32(0)]);
  b.callhost(INSTALL, [slot]);
  b.jump(installed);
  b.switchTo(installed);
  b.tailcall(slot, target, params);
  return b.finish();
}

/** Calls a function of the given signature with arguments from the transfer area. */
export function invokerFunction(target: Signature): Func {
  const func = new Func(`invoke ${target.key}`, INVOKER_SIGNATURE);
  const b = new Builder(func);
  const [slot] = b.entry() as [Value];
  const carrier = b.op("carrier");
  let refs = REF_ARGS;
  let prims = 1;
  const args = target.params.map((type) => {
    if (type !== "ref") return b.load(type, carrier, transferPrim(prims++));
    const offset = transferRef(refs++);
    const value = b.load("ref", carrier, offset);
    b.mem("store", null, offset, carrier, b.i32(0));
    return value;
  });
  const result = b.calldyn(slot, target, args);
  if (target.result !== null) storeResult(b, target, result);
  b.ret();
  return b.finish();
}

function storeResult(b: Builder, target: Signature, result: Value): void {
  const carrier = b.op("carrier");
  if (target.result === "ref") b.mem("store", null, transferRef(REF_RESULT), carrier, b.op("rawaddr", result));
  else b.mem("store", null, transferPrim(0), carrier, result);
}

/**
 * Runs a service of the VM thread to its end: as often as the service wants guest code to run, runs it and tells the service how it
 * ended. So no JavaScript frame lies between two guest frames.
 */
export function serviceCallFunction(): Func {
  const func = new Func("service call", SERVICE_CALL_SIGNATURE);
  const b = new Builder(func);
  const [service, first, second] = b.entry() as [Value, Value, Value];
  const status = b.variable("i32");
  const loop = b.block();
  const returns = b.block();
  const throws = b.block();
  const upcall = b.block();
  const wait = b.block();
  const bad = b.block();
  b.define(status, b.callhost(REQUEST, [service, first, second]));
  b.jump(loop);
  b.switchTo(loop);
  b.switch(b.use(status), [returns, throws, upcall, wait], bad);
  b.switchTo(returns);
  b.ret();
  b.switchTo(throws);
  let carrier = b.op("carrier");
  const exception = b.load("ref", carrier, transferRef(REF_EXCEPTION));
  b.mem("store", null, transferRef(REF_EXCEPTION), carrier, b.i32(0));
  b.throw(exception);

  b.switchTo(upcall);
  carrier = b.op("carrier");
  const invoker = b.load("i32", carrier, CARRIER_UPCALL_INVOKER);
  const target = b.load("i32", carrier, CARRIER_UPCALL_TARGET);
  const handler = b.handlerBlock();
  b.unwindTo = handler.block;
  b.calldyn(invoker, INVOKER_SIGNATURE, [target]);
  b.unwindTo = null;
  continueWith(b, status, loop, 0);
  b.switchTo(handler.block);
  carrier = b.op("carrier");
  b.mem("store", null, transferRef(REF_EXCEPTION), carrier, b.op("rawaddr", handler.exception));
  continueWith(b, status, loop, 1);

  b.switchTo(wait);
  b.callhost(WAIT, []);
  continueWith(b, status, loop, 0);
  b.switchTo(bad);
  b.unreachable();
  return b.finish();
}

function continueWith(b: Builder, status: ReturnType<Builder["variable"]>, loop: Block, threw: number): void {
  b.define(status, b.callhost(CONTINUE, [b.i32(threw)]));
  b.jump(loop);
}
