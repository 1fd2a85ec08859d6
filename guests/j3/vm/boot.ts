/** The main thread's life: boot the class library as its three phases want it, run the program, shut down. */

import { signature } from "#ir";
import { exitVm } from "#threads";
import { type Steps, threadRef } from "#vm";
import { THREAD_STARTED } from "../carrier/thread-state.ts";
import { GuestThrow, type LinkedClass } from "../link/index.ts";
import type { J3Effect, J3Steps } from "./effects.ts";
import type { J3 } from "./j3.ts";
import { setUnsafeConstants } from "./unsafe-constants.ts";

/** Classes that everything else needs, loaded before the first instruction. */
const FIRST = [
  "java/lang/Object",
  "java/lang/Class",
  "java/lang/String",
  "java/lang/Cloneable",
  "java/io/Serializable",
  "java/lang/Thread",
  "java/lang/ThreadGroup",
  "java/lang/Throwable",
  "java/lang/ref/Reference",
];

/** Before any guest thread runs. */
export function loadFirstClasses(j: J3): void {
  for (const name of FIRST) j.world.boot(name);
  j.mirrors.begin();
  j.words.fill();
}

export function* mainThread(j: J3): Steps<J3Effect> {
  const time = performance.now();
  const trace = j.switches.tracer("boot");
  const note = (what: string): void =>
    trace?.(`${what} at ${(performance.now() - time).toFixed(0)} ms, ${j.code.compiled} functions`);
  let status = 1;
  try {
    yield* startLibrary(j, note);
    note("library booted");
    status = yield* runMain(j);
  } catch (error) {
    // As HotSpot does when it cannot get as far as the main class.
    const failure = j.throwables.handleOf(error);
    const throwable = yield* j.throwables.make(failure);
    j.log("Error occurred during initialization of VM");
    describe(j, throwable);
  }
  exit(j, status);
}

function* startLibrary(j: J3, note: (what: string) => void): J3Steps<void> {
  const { world } = j;
  yield* setUnsafeConstants(j);
  yield* j.initialize(world.boot("java/lang/String"));
  yield* j.initialize(world.boot("java/lang/System"));
  yield* j.initialize(world.boot("java/lang/Class"));
  yield* makeMainThread(j);
  const soft = "java/lang/ref/SoftReference";
  yield* j.initialize(world.boot(soft));
  j.heap.setSoftClock(j.objects.field(soft, "clock", "J").offset, j.options.softMilliseconds);
  for (const name of ["java/lang/Module", "java/lang/reflect/Method", "java/lang/ref/Finalizer"]) {
    yield* j.initialize(world.boot(name));
  }
  yield* j.invokeStatic("java/lang/System", "initPhase1", "()V", []);
  note("phase 1");
  yield* j.throwables.prepare();
  const second = yield* j.invokeStatic("java/lang/System", "initPhase2", "(ZZ)I", [1, 1]);
  if (second !== 0)
    throw new GuestThrow({ className: "java/lang/InternalError", detail: "the module system did not boot" });
  note("phase 2");
  yield* j.invokeStatic("java/lang/System", "initPhase3", "()V", []);
  note("phase 3");
}

/** The Thread object of the running thread, in the system's thread groups. */
function* makeMainThread(j: J3): J3Steps<void> {
  const { objects, world } = j;
  const groupClass = world.boot("java/lang/ThreadGroup");
  const threadClass = world.boot("java/lang/Thread");
  yield* j.initialize(groupClass);
  const system = yield* j.construct(groupClass, "()V", []);
  // Thread's constructor asks for the current thread: it gets this very object, so far without a group.
  const thread = attachThread(j);
  yield* j.initialize(threadClass);
  const main = yield* j.construct(groupClass, "(Ljava/lang/Void;Ljava/lang/ThreadGroup;Ljava/lang/String;)V", [
    0,
    system,
    objects.newString("main"),
  ]);
  j.mainGroup = objects.root(objects.ref(main));
  yield* j.invoke(j.method(threadClass, "<init>", "(Ljava/lang/ThreadGroup;Ljava/lang/String;)V"), [
    thread,
    main,
    objects.newString("main"),
  ]);
  objects.setInt(thread, objects.field("java/lang/Thread", "threadStatus", "I"), j.threadStatus.runnable);
}

/** What the java launcher does: find the main class, call it, wait for the other threads. Gives the exit code. */
function* runMain(j: J3): J3Steps<number> {
  const { objects } = j;
  const thread = objects.temp(j.mem.word(threadRef(j.vm.current?.thread as number, 0)));
  let failed = false;
  try {
    yield* launch(j);
  } catch (error) {
    failed = true;
    yield* j.throwables.uncaught(thread, error);
  }
  yield* endThread(j, thread);
  yield { kind: "call", slot: j.helpers.threadEnd, signature: signature([], null), args: [] };
  yield* becomeDestroyer(j);
  j.waiters.waitForEnd();
  while (j.waiters.nonDaemons > 0) yield { kind: "park", milliseconds: -1 };
  yield* j.invokeStatic("java/lang/Shutdown", "shutdown", "()V", []);
  return failed ? 1 : 0;
}

const LAUNCHER = "sun/launcher/LauncherHelper";
/** LauncherHelper.LM_*: what the name of the main class is. */
const LAUNCH_MODES = { class: 1, jar: 2, module: 3 } as const;

/** Does what the command line asks for. */
function* launch(j: J3): J3Steps<void> {
  const { objects, options } = j;
  const { kind, name } = options.main;
  const toStderr = 1;
  if (options.showSettings !== null) {
    const sizes = [options.initialHeap, options.maxHeap, options.threadStack].map((bytes) => BigInt(bytes));
    const args = [toStderr, objects.newString(`-XshowSettings:${options.showSettings}`), ...sizes];
    yield* j.invokeStatic(LAUNCHER, "showSettings", "(ZLjava/lang/String;JJJ)V", args);
  }
  if (kind === "list-modules") return void (yield* j.invokeStatic(LAUNCHER, "listModules", "()V", []));
  if (kind === "describe-module") {
    const module = objects.newString(name);
    return void (yield* j.invokeStatic(LAUNCHER, "describeModule", "(Ljava/lang/String;)V", [module]));
  }
  if (kind === "validate-modules") return; // booting has validated them
  const descriptor = "(ZILjava/lang/String;)Ljava/lang/Class;";
  const what = [toStderr, LAUNCH_MODES[kind], objects.newString(name)];
  const mirror = yield* j.invokeStatic(LAUNCHER, "checkAndLoadMain", descriptor, what);
  const cls = objects.classOfMirror(mirror as number);
  const main = findMain(cls);
  if (main === undefined) throw new Error("LauncherHelper accepted a class without main");
  if (options.dryRun) return;
  const strings = options.args.map((text) => objects.newString(text));
  const args = objects.newRefArray("java/lang/String", strings);
  yield* j.initialize(cls);
  yield* j.invoke(main, [args]);
}

/** Thread.exit, when a thread has run to its end. */
function* endThread(j: J3, thread: number): J3Steps<void> {
  const exit = j.method(j.world.boot("java/lang/Thread"), "exit", "()V");
  try {
    yield* j.invoke(exit, [thread]);
  } catch (error) {
    j.throwables.handleOf(error); // a failing exit is ignored, a failure of ours is not
  }
}

/** JNI DestroyJavaVM attaches the thread anew, under this name, to wait for the others and run the shutdown. */
function* becomeDestroyer(j: J3): J3Steps<void> {
  const { objects, world } = j;
  const threadClass = world.boot("java/lang/Thread");
  const main = j.mainGroup;
  const thread = attachThread(j);
  const descriptor = "(Ljava/lang/ThreadGroup;Ljava/lang/String;)V";
  yield* j.invoke(j.method(threadClass, "<init>", descriptor), [thread, main, objects.newString("DestroyJavaVM")]);
  objects.setInt(thread, objects.field("java/lang/Thread", "threadStatus", "I"), j.threadStatus.runnable);
}

/** A Thread object for the running thread, so far without a group; its constructor has not run. */
export function attachThread(j: J3): number {
  const { objects, world, mem } = j;
  const record = j.vm.current?.thread as number;
  const thread = objects.newObject(world.boot("java/lang/Thread"));
  mem.setWord(threadRef(record, 0), objects.ref(thread));
  objects.setLong(thread, objects.field("java/lang/Thread", "eetop", "J"), BigInt(record));
  objects.setInt(thread, objects.field("java/lang/Thread", "priority", "I"), 5);
  mem.f64[(record + THREAD_STARTED) >>> 3] = Date.now();
  return thread;
}

/** JVMS §5.2, and as the launcher looks: inherited too. */
function findMain(cls: LinkedClass) {
  for (let c: LinkedClass | null = cls; c !== null; c = c.superclass) {
    const main = c.declaredMethod("main", "([Ljava/lang/String;)V");
    if (main !== undefined) return main;
  }
  return undefined;
}

/** Prints an exception and its trace when nothing of the library may work yet. */
function describe(j: J3, throwable: number): void {
  const { objects } = j;
  const message = objects.textOrNull(
    objects.getHandle(throwable, objects.field("java/lang/Throwable", "detailMessage", "Ljava/lang/String;")),
  );
  const name = objects.classOf(throwable).name.replaceAll("/", ".");
  j.log(message === null ? name : `${name}: ${message}`);
  for (const line of j.stackTraces.lines(throwable)) j.log(`\tat ${line}`);
}

/** Ends the process with an exit code: everything that sleeps wakes and sees it. */
export function exit(j: J3, status: number): void {
  j.report();
  exitVm(j.mem, status);
}
