/**
 * Gray objects: known to live, their references not visited yet. Each collector has a stack of its own; packets of them go to a shared list, from
 * which whoever has nothing to do takes.
 *
 *   stack    ┌ oldest ... ┆ ... newest ┬ room ┐    pushed and popped by its collector alone, without atomics
 *                 │ half of it, when it is full, or when others are hungry
 *                 ▼
 *   HEAP_PACKETS ──▶ packet ──▶ packet             taken by a collector whose stack is empty
 *
 *   entry    object, slice | 1: a part of an array that is still to be visited, a record of its own; or region | 2: copies up to an end mark (copies.ts)
 *
 * An object is pushed once: by the collector that marked it, or that installed its copy. A long array is visited in slices, so that its elements do not fill
 * the stack, and others can take the rest. Packets are malloc'd; when there is no memory for one, entries are *spilled* (spilled.ts). So a closure always ends.
 */
import {
  COLLECTOR_STACK,
  FILLER,
  PACKET_ENTRIES,
  PACKET_USED,
  TYPE_ELEMENT_BYTES,
  TYPE_KIND,
  TYPE_KIND_FIXED,
  TYPE_KIND_REFS,
  TYPE_KIND_STRUCTS,
  TYPE_LENGTH_OFFSET,
  TYPE_REFS,
  TYPE_SIZE,
} from "../layout.gen";
import { Malloc } from "../malloc";
import { Objects } from "../objects";
import { Tracer } from "../references";
import { Packets } from "./packets";
import { Spilled } from "./spilled";
import { Self } from "./team";

/** Of a stack: two packets. */
export const STACK_BYTES: u32 = 8192;
const ENTRIES_PER_CALL: i32 = 4096;
/** How often a collector looks whether others have nothing to do. */
export const SHARE_MASK: i32 = 127;
/** Bytes of an array's elements that are visited at a time; 4 to 1 child each. */
const SLICE_BYTES: u32 = 2048;
const IS_SLICE: usize = 1;
const IS_REGION: usize = 2;
/** An end mark: a filler with one more bit; the next spilled region's end mark; where the region begins. */
export const END_BYTES: u32 = 16;
const END: u32 = END_BYTES | FILLER | 2;
export const END_NEXT: usize = 4;
export const END_START: usize = 8;
/** A slice: the array, where its elements go on, and where they end. */
const SLICE_AT: usize = 4;
const SLICE_END: usize = 8;
const SLICE_RECORD_BYTES: u32 = 12;

/** This collector's stack: [base, top) are entries, limit is its end. */
let base: usize = 0;
let top: usize = 0;
let limit: usize = 0;

export abstract class Gray {
  /** Each collector, before it pushes: its stack is empty. */
  static begin(): void {
    base = load<u32>(Self.record, COLLECTOR_STACK);
    top = base;
    limit = base + STACK_BYTES;
  }

  /** An object that was just copied. Its original's second word may be overwritten. */
  @inline static pushCopy(copy: usize, original: usize): void {
    if (!Gray.push(copy)) Spilled.copy(original);
  }

  /** An object in a block that was just marked, in a plan with mark bits. */
  @inline static pushMarked(object: usize): void {
    if (!Gray.push(object)) Spilled.marked(object);
  }

  /** A large object that was just marked, in a plan without mark bits. */
  @inline static pushLarge(object: usize): void {
    if (!Gray.push(object)) Spilled.large(object);
  }

  /** The copies from `start` on; there is room for an end mark at `end`. */
  static pushRegion(start: usize, end: usize): void {
    store<u32>(end, END);
    if (!Gray.push(start | IS_REGION)) Spilled.region(start, end);
  }

  /** The same, for others rather than for this collector. */
  static shareRegion(start: usize, end: usize): void {
    const packet = Packets.empty();
    if (!packet) return Gray.pushRegion(start, end);
    store<u32>(end, END);
    store<u32>(packet, <u32>(start | IS_REGION), PACKET_ENTRIES);
    Packets.publish(packet, 4);
  }

  /** False: there is no memory, and the caller has to remember the object. */
  @inline private static push(entry: usize): bool {
    if (top == limit && !Gray.share()) return false;
    store<u32>(top, <u32>entry);
    top += 4;
    return true;
  }

  /** Visits gray objects, and what they make gray, until there are none. With several collectors, until none of them has any. */
  static close<T extends Tracer>(tracer: T): void {
    for (;;) {
      do {
        do Gray.drain<T>(tracer);
        while (tracer.scan());
      } while (Gray.unpack(Packets.take()) || (tracer.several() && (Gray.visitDeferred<T>(tracer) || Packets.await())));
      if (!Spilled.visit<T>(tracer)) return;
    }
  }

  /** A helper: the same, until nobody has any for it. Leaves the collectors at work then. */
  static help<T extends Tracer>(tracer: T): void {
    do {
      do Gray.drain<T>(tracer);
      while (tracer.scan());
    } while (Gray.unpack(Packets.takeOrLeave()));
  }

  /** Visits what is on the stack. */
  @inline static drain<T extends Tracer>(tracer: T): void {
    while (top > base) Gray.drainSome<T>(tracer);
  }

  /** A bounded part of the work per call: an engine that compiles a better version of this function meanwhile uses it from the next call on. */
  private static drainSome<T extends Tracer>(tracer: T): void {
    for (let i = 0; i < ENTRIES_PER_CALL && top > base; i++) {
      if (tracer.several() && (i & SHARE_MASK) == 0 && top - base > 4 && Packets.isWanted()) Gray.share();
      top -= 4;
      const entry = <usize>load<u32>(top);
      if (!(entry & (IS_SLICE | IS_REGION))) Gray.visit<T>(tracer, entry, load<u32>(entry));
      else if (entry & IS_SLICE) Gray.visitSlice<T>(tracer, entry ^ IS_SLICE);
      else Gray.visitRegion<T>(tracer, entry ^ IS_REGION);
    }
  }

  /** Visits the copies from here to the end mark. */
  static visitRegion<T extends Tracer>(tracer: T, object: usize): void {
    for (let word = load<u32>(object); word != END; word = load<u32>(object))
      object = Gray.visitNext<T>(tracer, object, word);
  }

  /** Visits the copies in [object, end), gray all. */
  static visitRange<T extends Tracer>(tracer: T, object: usize, end: usize): void {
    while (object < end) object = Gray.visitNext<T>(tracer, object, load<u32>(object));
  }

  /** Visits an object of a row, unless it is a filler; returns the next. */
  @inline private static visitNext<T extends Tracer>(tracer: T, object: usize, word: u32): usize {
    if (word & FILLER) return object + (word & ~7);
    const next = object + Objects.size(object, word);
    Gray.visit<T>(tracer, object, word);
    return next;
  }

  /** Visits the references of an object. */
  @inline static visit<T extends Tracer>(tracer: T, object: usize, type: usize): void {
    if (load<u32>(type, TYPE_KIND) == TYPE_KIND_FIXED)
      Objects.visitListed<T>(tracer, object, load<u32>(type, TYPE_REFS));
    else Gray.visitOther<T>(tracer, object, type);
  }

  /** Visits the references of an object that is not of a fixed size, or the first slice of them. */
  static visitOther<T extends Tracer>(tracer: T, object: usize, type: usize): void {
    const kind = load<u32>(type, TYPE_KIND);
    if (kind == TYPE_KIND_REFS || kind == TYPE_KIND_STRUCTS) Gray.visitArray<T>(tracer, object, type);
    else Objects.visit<T>(tracer, object, type);
  }

  // ---- arrays ----

  private static visitArray<T extends Tracer>(tracer: T, array: usize, type: usize): void {
    const first = array + load<u32>(type, TYPE_SIZE);
    const length = load<u32>(array + load<u32>(type, TYPE_LENGTH_OFFSET));
    const end = first + length * load<u32>(type, TYPE_ELEMENT_BYTES);
    if (<u32>(end - first) > 2 * SLICE_BYTES) {
      const slice = Malloc.allocate(SLICE_RECORD_BYTES, 8);
      if (slice) {
        store<u32>(slice, <u32>array);
        store<u32>(slice, <u32>first, SLICE_AT);
        store<u32>(slice, <u32>end, SLICE_END);
        return Gray.visitSlice<T>(tracer, slice);
      }
    }
    Objects.visitElements<T>(tracer, type, first, end);
  }

  /** Visits some elements; the rest is an entry again. */
  private static visitSlice<T extends Tracer>(tracer: T, slice: usize): void {
    const type = <usize>load<u32>(load<u32>(slice));
    const at = <usize>load<u32>(slice, SLICE_AT);
    let end = <usize>load<u32>(slice, SLICE_END);
    const stride = load<u32>(type, TYPE_ELEMENT_BYTES);
    const bytes = max(stride, SLICE_BYTES - (SLICE_BYTES % stride));
    const isLast = end - at <= bytes;
    if (!isLast) {
      store<u32>(slice, <u32>(at + bytes), SLICE_AT);
      if (tracer.several() && Packets.isWanted()) Gray.shareSlice(slice, stride);
      end = load<u32>(slice, SLICE_END);
      if (Gray.push(slice | IS_SLICE)) return Objects.visitElements<T>(tracer, type, at, at + bytes);
    }
    Malloc.free(<u32>slice);
    Objects.visitElements<T>(tracer, type, at, end);
  }

  /** Gives the further half of what a slice has left to others, if there is memory to say so. */
  private static shareSlice(slice: usize, stride: u32): void {
    const at = load<u32>(slice, SLICE_AT);
    const end = load<u32>(slice, SLICE_END);
    const half = ((end - at) / stride / 2) * stride;
    if (half < SLICE_BYTES) return;
    const other = Malloc.allocate(SLICE_RECORD_BYTES, 8);
    if (!other) return;
    const packet = Packets.empty();
    if (!packet) return Malloc.free(<u32>other);
    store<u32>(other, load<u32>(slice));
    store<u32>(other, at + half, SLICE_AT);
    store<u32>(other, end, SLICE_END);
    store<u32>(slice, at + half, SLICE_END);
    store<u32>(packet, <u32>(other | IS_SLICE), PACKET_ENTRIES);
    Packets.publish(packet, 4);
  }

  // ---- packets ----

  /** Gives the older half of the stack to whoever wants it. False: there is no memory for a packet. */
  private static share(): bool {
    const packet = Packets.empty();
    if (!packet) return false;
    const bytes = ((top - base) >> 3) << 2;
    memory.copy(packet + PACKET_ENTRIES, base, bytes);
    memory.copy(base, base + bytes, top - base - bytes);
    top -= bytes;
    Packets.publish(packet, <u32>bytes);
    return true;
  }

  /** Fills the empty stack from a packet; false: it is none. */
  private static unpack(packet: usize): bool {
    if (!packet) return false;
    const bytes = load<u32>(packet, PACKET_USED);
    memory.copy(base, packet + PACKET_ENTRIES, bytes);
    top = base + bytes;
    Packets.release(packet);
    return true;
  }

  /** Visits what helpers have left to collector 0; false: nothing. */
  private static visitDeferred<T extends Tracer>(tracer: T): bool {
    let some = false;
    for (let object = Packets.takeDeferred(); object; object = Packets.takeDeferred()) {
      Objects.visit<T>(tracer, object, load<u32>(object));
      some = true;
    }
    return some;
  }
}
