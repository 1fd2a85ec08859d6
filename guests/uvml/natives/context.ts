/** What natives work with on a carrier: raw references, strings, failures. Raw references are good until the first allocation or wait. */
import { FIXED_START, type HandleStack } from "#heap";
import { type Host, HostError, nodeHost } from "#host";
import { transferRef } from "#jit";
import { CONTROL_FIXED_END, CONTROL_GUEST, REF_ARGS, REF_EXCEPTION, REF_RESULT, STATUS_RETURN } from "#layout";
import type { Memory } from "#memory";
import { type Carrier, GuestFailure, Monitors } from "#threads";
import type { GuestCarrier } from "#vm";
import { ARRAY_DATA, ARRAY_LENGTH, LOCK, OBJECT_TYPE } from "../layout.ts";
import { type Describe, describer } from "./print.ts";
import { WORD_STRING_TYPE } from "./words.ts";

export class NativeContext {
  readonly kit: GuestCarrier<unknown>;
  readonly carrier: Carrier;
  readonly mem: Memory;
  readonly handles: HandleStack;
  readonly monitors: Monitors;
  readonly describe: Describe;
  readonly host: Host;

  constructor(kit: GuestCarrier<unknown>, host: Host = nodeHost()) {
    this.kit = kit;
    this.carrier = kit.carrier;
    this.mem = kit.mem;
    this.handles = kit.handles;
    this.monitors = new Monitors(kit.carrier, LOCK);
    this.describe = describer(kit.mem);
    this.host = host;
  }

  /** What a native throws to raise an `error` of the kind. */
  failure(kind: string, message: string): GuestFailure {
    return new GuestFailure(JSON.stringify([kind, message]));
  }

  /** A word of the table that all Workers share (WORD_*). */
  word(index: number): number {
    return this.mem.word(this.wordAddress(index));
  }

  wordAddress(index: number): number {
    return this.mem.word(CONTROL_GUEST) + 4 * index;
  }

  /** The reference, which must not be null: elements of new arrays are. */
  solid(ref: number): number {
    if (ref === 0) throw this.failure("null", "a null reference is used");
    return ref;
  }

  /** Length of a string or array. */
  length(ref: number): number {
    return this.mem.word(this.solid(ref) + ARRAY_LENGTH);
  }

  /** A copy of a string's bytes. */
  bytes(string: number): Uint8Array<ArrayBuffer> {
    if (this.length(string) > MAX_COPY_BYTES) throw this.failure("out-of-memory", "the string is too long");
    return this.mem.copyOut(string + ARRAY_DATA, this.mem.word(string + ARRAY_LENGTH));
  }

  text(string: number): string {
    return new TextDecoder().decode(this.bytes(string));
  }

  /** Collected memory for an object of the type; raises when there is none. A safepoint. */
  allocate(sp: number, type: number, bytes: number): number {
    const ref = bytes > MAX_OBJECT_BYTES ? 0 : this.carrier.allocate(sp, (bytes + 7) & ~7);
    if (ref === 0) throw this.failure("out-of-memory", `no memory for an object of ${bytes} bytes`);
    this.mem.setWord(ref + OBJECT_TYPE, type);
    return ref;
  }

  /** A string of so many bytes, all zero. A safepoint. */
  newBytes(sp: number, length: number): number {
    const string = this.allocate(sp, this.word(WORD_STRING_TYPE), ARRAY_DATA + length);
    this.mem.setWord(string + ARRAY_LENGTH, length);
    return string;
  }

  /** A safepoint. */
  newString(sp: number, text: string | Uint8Array): number {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    const string = this.newBytes(sp, bytes.length);
    this.mem.copyIn(string + ARRAY_DATA, bytes);
    return string;
  }

  /** Raises if little non-moving memory would be left, of which the machine itself needs some. */
  needFixed(bytes: number): void {
    const left = this.mem.word(CONTROL_FIXED_END) - FIXED_START - this.carrier.heap.statistics().mallocBytes - bytes;
    if (left < FIXED_RESERVE) throw this.failure("out-of-memory", "no memory is left outside the collected heap");
  }

  /** Runs what may move objects with the references in handles; gives them back as they are afterwards. */
  keeping<T>(refs: readonly number[], action: () => T): { readonly result: T; readonly refs: number[] } {
    const mark = this.handles.mark();
    const kept = refs.map((ref) => this.handles.push(ref));
    try {
      const result = action();
      return { result, refs: kept.map((handle) => this.handles.get(handle)) };
    } finally {
      this.handles.release(mark);
    }
  }

  /** Asks a service of one reference for a reference; it makes no upcalls, and fails only for want of memory. A safepoint. */
  ask(sp: number, service: number, ref: number): number {
    const { mem, carrier } = this;
    mem.setWord(carrier.record + transferRef(REF_ARGS), ref);
    if (carrier.request(sp, service, 0, 0) !== STATUS_RETURN) {
      mem.setWord(carrier.record + transferRef(REF_EXCEPTION), 0);
      throw this.failure("out-of-memory", "there are too many symbols");
    }
    const result = mem.word(carrier.record + transferRef(REF_RESULT));
    mem.setWord(carrier.record + transferRef(REF_RESULT), 0);
    return result;
  }

  /** Runs system calls; what they throw is raised. They may wait: collections go on meanwhile, and no raw reference is held. */
  outside<T>(sp: number, action: () => T): T {
    this.carrier.anchor(sp);
    this.carrier.mutator.enterSafe();
    try {
      return action();
    } catch (error) {
      if (error instanceof HostError) throw this.failure("file", error.message);
      throw error;
    } finally {
      this.carrier.mutator.leaveSafe();
    }
  }
}

/** Non-moving memory that is kept for code, type records and the like. */
const FIXED_RESERVE = 32 << 20;
/** Strings above it are not printed, written to files, or read from them. */
export const MAX_COPY_BYTES = 1 << 28;
/** Above it an allocation is refused. */
const MAX_OBJECT_BYTES = 0x3fff_fff8;
