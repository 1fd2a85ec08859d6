/** µvm-l as a guest of src/vm: what its VM thread and its carriers are made of. */
import { type Builder, signature, type Value } from "#ir";
import { CONTROL_GUEST } from "#layout";
import { type Call, type Effect, type Guest, GuestVm, type Steps } from "#vm";
import { Compiler } from "./compiler.ts";
import { Driver } from "./driver.ts";
import type { UvmlStart } from "./driver-types.ts";
import { buildThread, defineHelpers } from "./helpers.ts";
import { nativeFunctions } from "./natives/bind.ts";
import { NativeContext } from "./natives/context.ts";
import * as words from "./natives/words.ts";
import { trapText, UvmlRuntime } from "./runtime.ts";
import { ThreadTable } from "./thread-table.ts";
import { prim, STRING } from "./types.ts";

const MIB = 1 << 20;
/** Of the main thread, and of others. */
const MAIN_STACK_BYTES = 2 * MIB;
const THREAD_STACK_BYTES = MIB / 4;

const NOTHING = signature([], null);

export const guest: Guest<UvmlStart> = {
  vmThread(start) {
    let vm: GuestVm<UvmlStart>;
    const runtime = new UvmlRuntime(() => vm);
    vm = new GuestVm(start, {
      exception: (text, call) => runtime.error(text, call),
      trap: trapText,
      // Functions of the system, which have no id, are compiled all the same.
      code: {
        interprets: (functionId) => start.data.interpret && functionId !== 0,
        expands: !start.data.interpret,
        optimizesLoops: () => 1,
      },
      uncaught: (b, exception) => {
        vm.callService(b, words.SERVICE_UNCAUGHT, [exception]);
      },
    });
    const compiler = new Compiler(runtime);
    runtime.compiler = compiler;
    const driver = new Driver(runtime, compiler, start.data);
    const threads = new ThreadTable(runtime, driver);
    shareWords(runtime);
    defineServices(runtime, driver, threads);
    defineHelpers(runtime);
    const entry = vm.threadEntry(vm.define("thread", "(r)v", (b, [thread]) => buildThread(b, vm, thread as Value)));
    vm.mem.setWord(word(vm, words.WORD_THREAD_ENTRY), entry);
    const main = vm.define("main", NOTHING, (b) => buildMain(b, vm));
    vm.startThread(main, { stackBytes: MAIN_STACK_BYTES });
    return vm;
  },
  carrier: (c) => nativeFunctions(new NativeContext(c)),
};

function word(vm: GuestVm<UvmlStart>, index: number): number {
  return vm.mem.word(CONTROL_GUEST) + 4 * index;
}

function shareWords(runtime: UvmlRuntime): void {
  const { vm, records } = runtime;
  const { mem, heap } = vm;
  mem.setWord(CONTROL_GUEST, heap.malloc(4 * words.WORDS));
  mem.setWord(word(vm, words.WORD_STRING_TYPE), records.of(STRING));
  mem.setWord(word(vm, words.WORD_BUILDER_TYPE), records.of(prim("builder")));
  mem.setWord(word(vm, words.WORD_MUTEX_TYPE), records.of(prim("mutex")));
  mem.setWord(word(vm, words.WORD_FILES), heap.malloc(4 * words.MAX_FILES));
  const args = vm.data.args.map((text) => runtime.string(text));
  mem.setWord(word(vm, words.WORD_ARGS), runtime.immortalList(args, STRING));
  mem.setWord(word(vm, words.WORD_THREAD_STACK), THREAD_STACK_BYTES);
  mem.setWord(word(vm, words.WORD_LIVE), 1);
}

function defineServices(runtime: UvmlRuntime, driver: Driver, threads: ThreadTable): void {
  const { vm } = runtime;
  const { mem, thread } = vm;
  const simple = (number: number, serve: (call: Call) => void) => {
    thread.register(number, (call) => {
      serve(call);
      return undefined;
    });
  };
  simple(words.SERVICE_INTERN, (call) => call.returnRef(runtime.symbol(runtime.text(mem.word(call.nextRef())))));
  simple(words.SERVICE_GENSYM, (call) => call.returnRef(runtime.freshSymbol()));
  thread.register(words.SERVICE_NEXT, (call) => next(driver, call));
  simple(words.SERVICE_VALUE, (call) => driver.value(call));
  simple(words.SERVICE_UNCAUGHT, (call) => driver.uncaught(call));
  simple(words.SERVICE_RAISE, (call) => {
    const ref = mem.word(call.nextRef());
    runtime.noteRaised(call.thread, ref, runtime.trace(call.sp));
  });
  simple(words.SERVICE_THREW, (call) => threads.threw(call));
  simple(words.SERVICE_JOINED, (call) => threads.joined(call));
  simple(words.SERVICE_ENDED, () => threads.ended());
}

function* next(driver: Driver, call: Call): Steps<Effect> {
  call.returnI32(yield* driver.next());
}

/** Runs the functions that the driver gives until it gives none. */
function buildMain(b: Builder, vm: GuestVm<UvmlStart>): void {
  const [loop, run, end] = [b.block(), b.block(), b.block()];
  const handler = b.handlerBlock();
  b.jump(loop);
  b.switchTo(loop);
  b.unwindTo = handler.block;
  const slot = vm.callService(b, words.SERVICE_NEXT, [], "i32");
  b.branch(slot, run, end);
  b.switchTo(run);
  const value = b.calldyn(slot, signature([], "ref"), []);
  b.unwindTo = null;
  vm.callService(b, words.SERVICE_VALUE, [value]);
  b.jump(loop);
  b.switchTo(handler.block);
  vm.callService(b, words.SERVICE_UNCAUGHT, [handler.exception]);
  b.jump(loop);
  b.switchTo(end);
  vm.callService(b, words.SERVICE_ENDED);
  b.ret();
}
