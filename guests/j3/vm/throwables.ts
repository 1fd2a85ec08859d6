/** Making Java exceptions: from failures of linking, from traps of compiled code, from what natives describe. */
import { type Call, type Steps, threadRef } from "#vm";
import { externalName, GuestThrow, type LinkedClass, throwing } from "../link/index.ts";
import * as numbers from "../runtime/services.ts";
import { exit } from "./boot.ts";
import type { J3Effect, J3Steps } from "./effects.ts";
import { OutOfMemory } from "./heap-reports.ts";
import type { J3 } from "./j3.ts";

/** Messages of errors that mean that the heap is full, not some other resource. */
const HEAP_IS_FULL: ReadonlySet<string> = new Set(["Java heap space", "Requested array size exceeds VM limit"]);

export class Throwables {
  readonly #j: J3;
  readonly #outOfMemory: OutOfMemory;

  constructor(j: J3) {
    this.#j = j;
    this.#outOfMemory = new OutOfMemory(j);
  }

  /** A thrown object as an error for `generator.throw`. */
  wrap(handle: number): GuestThrow {
    return new GuestThrow({ handle });
  }

  /** Ends a call with the exception that stands for an error of its service; undefined if it is a failure of ours. */
  fail(call: Call, error: unknown): Steps<J3Effect> | undefined {
    if (!(error instanceof GuestThrow)) return undefined;
    return this.#fail(call, error);
  }

  *#fail(call: Call, error: GuestThrow): Steps<J3Effect> {
    call.fail(yield* this.make(error));
  }

  /** What a native on a carrier described: JSON of [class name, message or null], or of [class name, null, constructor, its ints]. */
  *failDescribed(call: Call, text: string): Steps<J3Effect> {
    const [className, detail, descriptor, ints] = JSON.parse(text) as [string, string | null, string?, number[]?];
    if (descriptor !== undefined) {
      call.fail(yield* this.#j.construct(this.#j.world.boot(className), descriptor, ints ?? []));
      return;
    }
    call.fail(yield* this.make(new GuestThrow({ className, detail })));
  }

  /** The Throwable object of a failure, as a handle. If there is no memory even for that, the error that was made for this case. */
  *make(failure: GuestThrow): J3Steps<number> {
    if (failure.handle !== 0) return failure.handle;
    if (failure.className !== "java/lang/OutOfMemoryError") return yield* this.#make(failure);
    if (failure.detail !== null && HEAP_IS_FULL.has(failure.detail)) {
      const code = this.#outOfMemory.report(failure.detail);
      if (code !== undefined) {
        exit(this.#j, code);
        for (;;) yield { kind: "park", milliseconds: -1 };
      }
    }
    try {
      return yield* this.#make(failure);
    } catch (error) {
      if (!(error instanceof GuestThrow) || this.#memoryError === 0) throw error;
      return this.#memoryError;
    }
  }

  *#make(failure: GuestThrow): J3Steps<number> {
    const { objects, world } = this.#j;
    const cls = world.boot(failure.className);
    if (failure.detail === null && failure.origin !== null) {
      const cause = yield* this.make(failure.origin);
      return yield* this.#j.construct(cls, "(Ljava/lang/Throwable;)V", [cause]);
    }
    const detail = failure.detail === null ? 0 : objects.newString(failure.detail);
    const throwable = yield* this.#construct(cls, detail);
    if (failure.origin !== null) {
      const cause = yield* this.make(failure.origin);
      const initCause = this.#j.method(
        world.boot("java/lang/Throwable"),
        "initCause",
        "(Ljava/lang/Throwable;)Ljava/lang/Throwable;",
      );
      yield* this.#j.invoke(initCause, [throwable, cause]);
    }
    return throwable;
  }

  /** By the constructor that takes a message, or the one without parameters if there is none, and the field set. */
  *#construct(cls: LinkedClass, detail: number): J3Steps<number> {
    const { objects } = this.#j;
    if (detail !== 0) {
      for (const descriptor of ["(Ljava/lang/String;)V", "(Ljava/lang/Object;)V"]) {
        if (cls.declaredMethod("<init>", descriptor) !== undefined) {
          return yield* this.#j.construct(cls, descriptor, [detail]);
        }
      }
    }
    const throwable = yield* this.#j.construct(cls, "()V", []);
    if (detail !== 0) {
      objects.setHandle(throwable, objects.field("java/lang/Throwable", "detailMessage", "Ljava/lang/String;"), detail);
    }
    return throwable;
  }

  /** An OutOfMemoryError that exists before it is needed. */
  #memoryError = 0;

  *prepare(): J3Steps<void> {
    const cls = this.#j.world.boot("java/lang/OutOfMemoryError");
    const error = yield* this.#j.construct(cls, "(Ljava/lang/String;)V", [
      this.#j.objects.newString("Java heap space"),
    ]);
    this.#memoryError = this.#j.objects.root(this.#j.objects.ref(error));
  }

  /** SERVICE_THROW. */
  *failRuntime(call: Call): Steps<J3Effect> {
    const { mem, objects } = this.#j;
    const refs: number[] = [];
    const ref = (): number => {
      const handle = call.nextRef();
      refs.push(handle);
      return handle;
    };
    const int = (): number => mem.i32[call.nextPrim() >>> 2] as number;
    const failure = ((): GuestThrow => {
      switch (call.a) {
        case numbers.THROW_NULL:
          return throwing("NullPointerException", null);
        case numbers.THROW_BOUNDS: {
          const index = int();
          return throwing("ArrayIndexOutOfBoundsException", `Index ${index} out of bounds for length ${int()}`);
        }
        case numbers.THROW_ZERO:
          return throwing("ArithmeticException", "/ by zero");
        case numbers.THROW_STACK:
          return throwing("StackOverflowError", null);
        case numbers.THROW_MEMORY:
          return throwing("OutOfMemoryError", "Java heap space");
        case numbers.THROW_ARRAY_LIMIT:
          return (call.b | 0) >= 0x7ffffffe
            ? throwing("OutOfMemoryError", "Requested array size exceeds VM limit")
            : throwing("OutOfMemoryError", "Java heap space");
        case numbers.THROW_SIZE:
          return throwing("NegativeArraySizeException", String(call.b | 0));
        case numbers.THROW_CAST:
          return throwing("ClassCastException", this.#castText(objects.classOf(ref()), this.#j.world.classAt(call.b)));
        case numbers.THROW_STORE:
          ref();
          return throwing("ArrayStoreException", externalName(objects.classOf(ref()).name));
        case numbers.THROW_NO_INTERFACE:
          return throwing("IncompatibleClassChangeError", this.#interfaceText(objects.classOf(ref()), call.b));
        default:
          throw new Error(`unknown failure ${call.a}`);
      }
    })();
    yield* this.#fail(call, failure);
  }

  /** "class A cannot be cast to class B (A and B are in ...)", as HotSpot words it. */
  #castText(from: LinkedClass, to: LinkedClass): string {
    const [a, b] = [externalName(from.name), externalName(to.name)];
    return `class ${a} cannot be cast to class ${b} (${this.#j.modulesText(from, to)})`;
  }

  #interfaceText(receiver: LinkedClass, key: number): string {
    const holder = this.#j.interfaceOfKey(key);
    return `Class ${externalName(receiver.name)} does not implement the requested interface ${externalName(holder)}`;
  }

  /** The Throwable of a caught error; errors that are failures of ours go on. */
  handleOf(error: unknown): GuestThrow {
    if (error instanceof GuestThrow) return error;
    throw error;
  }

  /** Thread.dispatchUncaughtException. */
  *uncaught(thread: number, error: unknown): J3Steps<void> {
    const throwable = yield* this.make(this.handleOf(error));
    const kept = this.#j.objects.temp(this.#j.objects.ref(throwable));
    const dispatch = this.#j.method(
      this.#j.world.boot("java/lang/Thread"),
      "dispatchUncaughtException",
      "(Ljava/lang/Throwable;)V",
    );
    try {
      yield* this.#j.invoke(dispatch, [thread, kept]);
    } catch (second) {
      const name = this.#j.objects.classOf(yield* this.make(this.handleOf(second))).name;
      const text = this.#j.objects.text(
        this.#j.objects.getHandle(
          this.#j.objects.temp(this.#j.mem.word(threadRef(this.#j.vm.current?.thread as number, 0))),
          this.#j.objects.field("java/lang/Thread", "name", "Ljava/lang/String;"),
        ),
      );
      this.#j.log(`\nException: ${externalName(name)} thrown from the UncaughtExceptionHandler in thread "${text}"`);
    }
  }
}
