/** Fills in J3's table of shared words (runtime/words.ts). */
import { CONTROL_GUEST } from "#layout";
import { arrayOf, type LinkedMethod } from "../link/index.ts";
import { COLLECTION_RECORD_BYTES } from "../runtime/collection-record.ts";
import * as words from "../runtime/words.ts";
import type { J3 } from "./j3.ts";
import { isIgnoredBySecurity } from "./stack-walk.ts";

export class GuestWords {
  readonly #j: J3;
  readonly #table: number;
  readonly #facts: number;
  readonly #holders: number;

  constructor(j: J3) {
    this.#j = j;
    this.#table = j.heap.malloc(words.WORDS_BYTES);
    this.#facts = j.heap.malloc(words.MAX_METHODS);
    this.#holders = j.heap.malloc(4 * words.MAX_METHODS);
    j.mem.setWord(CONTROL_GUEST, this.#table);
    this.#set(words.WORD_COLLECTION_RECORD, j.heap.malloc(COLLECTION_RECORD_BYTES));
    this.#set(words.WORD_METHOD_FACTS, this.#facts);
    this.#set(words.WORD_METHOD_HOLDERS, this.#holders);
  }

  #set(word: number, value: number): void {
    this.#j.mem.setWord(this.#table + word, value);
  }

  /** Called when the classes of the first boot step are loaded. */
  fill(): void {
    const { world, objects } = this.#j;
    this.#set(words.WORD_NO_EXPLICIT_GC, this.#j.flags.isOn("DisableExplicitGC") ? 1 : 0);
    const offset = (cls: string, name: string, descriptor: string) => objects.field(cls, name, descriptor).offset;
    const arrayRecord = (component: string) => arrayOf(world, world.primitive(component)).record;
    this.#set(words.WORD_STRING_CLASS, world.boot("java/lang/String").record);
    this.#set(words.WORD_STRING_VALUE, offset("java/lang/String", "value", "[B"));
    this.#set(words.WORD_STRING_CODER, offset("java/lang/String", "coder", "B"));
    this.#set(words.WORD_BYTE_ARRAY_CLASS, arrayRecord("B"));
    this.#set(words.WORD_INT_ARRAY_CLASS, arrayRecord("I"));
    this.#set(words.WORD_LONG_ARRAY_CLASS, arrayRecord("J"));
    this.#set(words.WORD_OBJECT_ARRAY_CLASS, arrayOf(world, world.boot("java/lang/Object")).record);
    this.#set(words.WORD_STRING_ARRAY_CLASS, arrayOf(world, world.boot("java/lang/String")).record);
    this.#set(words.WORD_CLASS_RECORD, offset("java/lang/Class", "vmRecord", "I"));
    this.#set(words.WORD_THREAD_EETOP, offset("java/lang/Thread", "eetop", "J"));
    this.#set(words.WORD_THREAD_INTERRUPTED, offset("java/lang/Thread", "interrupted", "Z"));
    this.#set(words.WORD_THREAD_STATUS, offset("java/lang/Thread", "threadStatus", "I"));
    this.#set(words.WORD_THREAD_STACK_SIZE, offset("java/lang/Thread", "stackSize", "J"));
    this.#set(words.WORD_THREAD_DAEMON, offset("java/lang/Thread", "daemon", "Z"));
    this.#set(words.WORD_THREAD_GROUP, offset("java/lang/Thread", "group", "Ljava/lang/ThreadGroup;"));
    this.#set(words.WORD_GROUP_PARENT, offset("java/lang/ThreadGroup", "parent", "Ljava/lang/ThreadGroup;"));
    this.#set(words.WORD_THREAD_MAIN, this.#j.threadMain);
    this.#set(words.WORD_OTHER_STACK, this.#j.options.otherStack);
    this.#set(words.WORD_THROWABLE_CLASS, world.boot("java/lang/Throwable").record);
    this.#set(words.WORD_THROWABLE_BACKTRACE, offset("java/lang/Throwable", "backtrace", "Ljava/lang/Object;"));
    this.#set(words.WORD_THROWABLE_DEPTH, offset("java/lang/Throwable", "depth", "I"));
    this.#set(
      words.WORD_THROWABLE_STACKTRACE,
      offset("java/lang/Throwable", "stackTrace", "[Ljava/lang/StackTraceElement;"),
    );
    this.#set(words.WORD_FD_FIELD, offset("java/io/FileDescriptor", "fd", "I"));
    this.#set(words.WORD_FD_APPEND, offset("java/io/FileDescriptor", "append", "Z"));
    this.#set(words.WORD_FILE_OUTPUT_FD, offset("java/io/FileOutputStream", "fd", "Ljava/io/FileDescriptor;"));
    this.#set(words.WORD_FILE_INPUT_FD, offset("java/io/FileInputStream", "fd", "Ljava/io/FileDescriptor;"));
    this.#set(words.WORD_RANDOM_ACCESS_FD, offset("java/io/RandomAccessFile", "fd", "Ljava/io/FileDescriptor;"));
    this.#set(words.WORD_FILE_PATH, offset("java/io/File", "path", "Ljava/lang/String;"));
    this.#set(words.WORD_REFERENT, offset("java/lang/ref/Reference", "referent", "Ljava/lang/Object;"));
  }

  /** Thread record of the thread that waits for cleared references, or 0. */
  referenceWaiter(): number {
    return this.#j.mem.atomicLoad(this.#table + words.WORD_REFERENCE_WAITER);
  }

  /** Started threads that are no daemons and have not ended. */
  nonDaemons(): number {
    return this.#j.mem.atomicLoad(this.#table + words.WORD_NON_DAEMONS);
  }

  /** The thread is unparked when there is no such thread any more. */
  setEndWaiter(thread: number): void {
    this.#j.mem.atomicStore(this.#table + words.WORD_END_WAITER, thread);
  }

  /** What stack walks on carriers need to know of a method; to be called before it can have a frame. */
  describe(method: LinkedMethod): void {
    let facts = 0;
    if (method.name === "<init>") facts |= words.METHOD_IS_CONSTRUCTOR;
    if (method.name === "fillInStackTrace") facts |= words.METHOD_FILLS;
    if (this.#j.bodies.isHidden(method)) facts |= words.METHOD_HIDDEN;
    if (isIgnoredBySecurity(this.#j, method)) facts |= words.METHOD_REFLECTS;
    this.#j.mem.u8[this.#facts + method.id] = facts;
    this.#j.mem.setWord(this.#holders + 4 * method.id, method.holder.record);
  }
}
