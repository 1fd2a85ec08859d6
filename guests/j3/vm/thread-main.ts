/** What a java.lang.Thread that was started runs: no service of the VM thread has a part in it unless run throws. */
import { Builder, Func, type HostFunction, signature, type Value } from "#ir";
import { SERVICE_CALL_SIGNATURE } from "#jit";
import { CARRIER_THREAD, ROOTS_WORDS, THREAD_REFS } from "#layout";
import { THREAD_ENDS } from "../carrier/thread-state.ts";
import { CLASS_VTABLE } from "../model/record.ts";
import { storeRef } from "../runtime/helpers.ts";
import { SERVICE_UNCAUGHT } from "../runtime/services.ts";
import type { J3 } from "./j3.ts";

const THREAD = "java/lang/Thread";
const NONE = signature([], null);
/** Counts the running thread out. */
const THREAD_LEAVES: HostFunction = { name: "vm.threadLeaves", signature: NONE, pure: false };

/** Allocates the slot of the function; its code is made when the first thread begins. */
export function threadMain(j: J3): number {
  return j.code.allocate(NONE, 0, () => build(j));
}

/** run, and if that throws, the uncaught handler; then Thread.exit, and the end is told to those who wait in join. */
function build(j: J3): Func {
  const threadClass = j.world.boot(THREAD);
  const run = j.method(threadClass, "run", "()V");
  const exit = j.method(threadClass, "exit", "()V");
  const stillborn = j.objects.field(THREAD, "stillborn", "Z").offset;
  const b = new Builder(new Func("threadMain", NONE));
  b.entry();
  const record = (): Value => b.load("addr", b.op("carrier"), CARRIER_THREAD);
  const thread = (): Value => b.load("ref", record(), THREAD_REFS + ROOTS_WORDS);
  const runs = b.block();
  const ends = b.block();
  const leaves = b.block();
  b.branch(b.mem("load8u", null, stillborn, thread()), ends, runs);

  b.switchTo(runs);
  const thrown = b.handlerBlock();
  b.unwindTo = thrown.block;
  const self = thread();
  b.calldyn(b.load("i32", b.load("addr", self, 0), CLASS_VTABLE + 4 * run.vtableIndex), run.signature, [self]);
  b.unwindTo = null;
  b.jump(ends);
  b.switchTo(thrown.block);
  storeRef(b, 0, thrown.exception);
  b.call(j.helpers.service, SERVICE_CALL_SIGNATURE, [b.i32(SERVICE_UNCAUGHT), b.i32(0), b.i32(0)]);
  b.jump(ends);

  b.switchTo(ends);
  b.mem("store", null, THREAD_ENDS, record(), b.i32(1));
  const failed = b.handlerBlock();
  b.unwindTo = failed.block;
  b.call(exit.slot, exit.signature, [thread()]);
  b.unwindTo = null;
  b.jump(leaves);
  b.switchTo(failed.block); // what exit throws is ignored
  b.jump(leaves);

  b.switchTo(leaves);
  b.callhost(THREAD_LEAVES, []);
  b.call(j.helpers.threadEnd, NONE, []);
  b.ret();
  return b.finish();
}
