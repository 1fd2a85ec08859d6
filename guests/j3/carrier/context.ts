/**
 * What natives on a carrier work with: raw references into collected memory, the thread that runs, monitors, exceptions.
 */
import type { HandleStack } from "#heap";
import { type Host, nodeHost } from "#host";
import { CONTROL_GUEST, THREAD_FLAGS, THREAD_GUEST, TYPE_SIZE } from "#layout";
import type { Memory } from "#memory";
import { type Carrier, FLAG_INTERRUPTED, GuestFailure, type Monitors } from "#threads";
import { ARRAY_DATA, ARRAY_LENGTH } from "../model/record.ts";
import * as words from "../runtime/words.ts";

/** Word of a thread record: the permit of LockSupport.park; see JavaThreads. */
export const THREAD_PARK_PERMIT = THREAD_GUEST;

export class CarrierContext {
  readonly carrier: Carrier;
  readonly mem: Memory;
  readonly monitors: Monitors;
  /** For references that must survive an allocation: `const mark = c.handles.mark(); const h = c.handles.push(ref); … release(mark)`. */
  readonly handles: HandleStack;
  readonly host: Host;

  constructor(carrier: Carrier, monitors: Monitors, handles: HandleStack, host: Host = nodeHost()) {
    this.carrier = carrier;
    this.mem = carrier.mem;
    this.monitors = monitors;
    this.handles = handles;
    this.host = host;
  }

  /** What a native throws to make the guest throw: `throw c.failure("java/io/IOException", "…")`. */
  failure(className: string, message: string | null): GuestFailure {
    return new GuestFailure(JSON.stringify([className, message]));
  }

  /** The same by a constructor that takes ints alone: its descriptor, and the ints. */
  failureOf(className: string, descriptor: string, ints: readonly number[]): GuestFailure {
    return new GuestFailure(JSON.stringify([className, null, descriptor, ints]));
  }

  /** A word of the table of shared words (WORD_*). */
  word(index: number): number {
    return this.mem.word(this.mem.word(CONTROL_GUEST) + index);
  }

  /** Address of a shared word. */
  sharedWord(index: number): number {
    return this.mem.word(CONTROL_GUEST) + index;
  }

  setSharedWord(index: number, value: number): void {
    this.mem.atomicStore(this.mem.word(CONTROL_GUEST) + index, value);
  }

  /** Stores the value if the word is as expected; gives what it was. */
  compareSharedWord(index: number, expected: number, value: number): number {
    return this.mem.atomicCas(this.mem.word(CONTROL_GUEST) + index, expected, value);
  }

  // ---- threads ----------------------------------------------------------------------------------------------------------------

  /** Record of the running guest thread. */
  get thread(): number {
    return this.carrier.thread;
  }

  /** Whether the thread with this record was interrupted; does not clear it. */
  interrupted(thread: number): boolean {
    return (this.mem.atomicLoad(thread + THREAD_FLAGS) & FLAG_INTERRUPTED) !== 0;
  }

  // ---- objects ----------------------------------------------------------------------------------------------------------------

  arrayLength(array: number): number {
    return this.mem.word(array + ARRAY_LENGTH);
  }

  /** Address of the first element. */
  arrayData(array: number): number {
    return array + ARRAY_DATA;
  }

  /** The bytes of a byte array: a view, good until the next allocation. */
  byteView(array: number, from: number, length: number): Uint8Array {
    const start = array + ARRAY_DATA + from;
    return this.mem.u8.subarray(start, start + length);
  }

  /** A new array of the class whose record is in a shared word (WORD_*_CLASS). May collect: all raw references are void. */
  newArray(sp: number, classWord: number, length: number, elementBytes: number): number {
    const ref = this.carrier.allocate(sp, (ARRAY_DATA + length * elementBytes + 7) & ~7);
    if (ref === 0) throw this.failure("java/lang/OutOfMemoryError", "Java heap space");
    this.mem.setWord(ref, this.word(classWord));
    this.mem.setWord(ref + ARRAY_LENGTH, length);
    return ref;
  }

  /** A new java.lang.String. May collect. */
  newString(sp: number, text: string): number {
    let latin1 = true;
    for (let i = 0; i < text.length && latin1; i++) latin1 = text.charCodeAt(i) < 256;
    const array = this.newArray(sp, words.WORD_BYTE_ARRAY_CLASS, latin1 ? text.length : text.length * 2, 1);
    const { mem } = this;
    for (let i = 0; i < text.length; i++) {
      if (latin1) mem.u8[array + ARRAY_DATA + i] = text.charCodeAt(i);
      else mem.u16[((array + ARRAY_DATA) >>> 1) + i] = text.charCodeAt(i);
    }
    const mark = this.handles.mark();
    const kept = this.handles.push(array);
    const record = this.word(words.WORD_STRING_CLASS);
    const string = this.carrier.allocate(sp, this.instanceBytes(record));
    if (string === 0) throw this.failure("java/lang/OutOfMemoryError", "Java heap space");
    mem.setWord(string, record);
    mem.setWord(string + this.word(words.WORD_STRING_VALUE), this.handles.get(kept));
    mem.u8[string + this.word(words.WORD_STRING_CODER)] = latin1 ? 0 : 1;
    this.handles.release(mark);
    return string;
  }

  /** The text of a java.lang.String, or null for a null reference. */
  text(string: number): string | null {
    if (string === 0) return null;
    const { mem } = this;
    const value = mem.word(string + this.word(words.WORD_STRING_VALUE));
    const coder = mem.u8[string + this.word(words.WORD_STRING_CODER)];
    const length = mem.word(value + ARRAY_LENGTH);
    const data = value + ARRAY_DATA;
    let text = "";
    if (coder === 0) {
      for (let i = 0; i < length; i++) text += String.fromCharCode(mem.u8[data + i] as number);
    } else {
      for (let i = 0; i < length >>> 1; i++) text += String.fromCharCode(mem.u16[(data >>> 1) + i] as number);
    }
    return text;
  }

  /** Bytes of an instance of the class. */
  instanceBytes(record: number): number {
    return this.mem.word(record + TYPE_SIZE);
  }

  /** The class record a java.lang.Class object stands for. */
  classRecord(mirror: number): number {
    return this.mem.word(mirror + this.word(words.WORD_CLASS_RECORD));
  }
}
