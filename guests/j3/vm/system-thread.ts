/** Guest threads of the VM's own: each runs one service for ever, and sleeps until a shared word tells somebody whom to wake. */
import { Builder, Func, signature } from "#ir";
import { SERVICE_CALL_SIGNATURE } from "#jit";
import { CONTROL_GUEST, THREAD_FLAGS } from "#layout";
import { FLAG_DAEMON, FLAG_URGENT } from "#threads";
import { makeThread, startThread } from "#vm";
import { attachThread } from "./boot.ts";
import type { J3Steps } from "./effects.ts";
import type { J3 } from "./j3.ts";

const STACK_BYTES = 256 * 1024;
const PRIORITY = 9;

/** Starts a thread in the service, once: its record is in the shared word WORD_*. It has no java.lang.Thread yet: the library may be booting. */
export function startSystemThread(j: J3, name: string, service: number, waiterWord: number): void {
  const { code, heap, helpers, mem } = j;
  const waiter = mem.word(CONTROL_GUEST) + waiterWord;
  if (mem.word(waiter) !== 0) return;
  const none = signature([], null);
  const entry = code.allocate(none, 0, () => {
    const b = new Builder(new Func(name, none));
    b.entry();
    b.call(helpers.service, SERVICE_CALL_SIGNATURE, [b.i32(service), b.i32(0), b.i32(0)]);
    b.ret();
    return b.finish();
  });
  const thread = makeThread(mem, heap, entry, STACK_BYTES);
  if (thread === 0) throw new Error(`there is no memory for the stack of the ${name}`);
  mem.setWord(thread + THREAD_FLAGS, FLAG_DAEMON | FLAG_URGENT);
  mem.atomicStore(waiter, thread);
  code.start();
  startThread(mem, thread);
}

/** Gives the running thread its java.lang.Thread: without one no Java code can run. */
export function* nameSystemThread(j: J3, name: string): J3Steps<void> {
  const { mainGroup, objects, threadStatus, world } = j;
  const thread = attachThread(j);
  objects.setInt(thread, objects.field("java/lang/Thread", "daemon", "Z"), 1);
  objects.setInt(thread, objects.field("java/lang/Thread", "priority", "I"), PRIORITY);
  const parent = objects.field("java/lang/ThreadGroup", "parent", "Ljava/lang/ThreadGroup;");
  const descriptor = "(Ljava/lang/ThreadGroup;Ljava/lang/String;)V";
  const args = [thread, objects.getHandle(mainGroup, parent), objects.newString(name)];
  yield* j.invoke(j.method(world.boot("java/lang/Thread"), "<init>", descriptor), args);
  objects.setInt(thread, objects.field("java/lang/Thread", "threadStatus", "I"), threadStatus.runnable);
}
