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
 * the stack, and others can take the rest. Packets are malloc'd; when there is no memory for one, entries are *spilled*: copies are linked through the dead
 * bodies of their originals, regions through their end marks, large objects through their blocks' records; marked objects get a second bit. So a closure always ends.
 */
import {
  BLOCK_BYTES,
  BLOCK_FREE,
  BLOCK_NEXT,
  FILLER,
  COLLECTOR_STACK,
  HEAP_ACTIVE,
  HEAP_BELL,
  HEAP_BLOCKS_START,
  HEAP_DEFERRED,
  HEAP_GRAY_LOCK,
  HEAP_GRAYS,
  HEAP_HUNGRY,
  HEAP_PACKETS,
  HEAP_PACKETS_FREE,
  HEAP_PACKETS_FREE_COUNT,
  HEAP_SHARED,
  HEAP_SPILLED,
  HEAP_SPILLED_LARGE,
  HEAP_SPILLED_MARKS,
  HEAP_SPILLED_REGIONS,
  HEAP_TASK,
  LOG_BLOCK_BYTES,
  PACKET_ENTRIES,
  PACKET_NEXT,
  PACKET_USED,
  TASK_NONE,
  TYPE_ELEMENT_BYTES,
  TYPE_KIND,
  TYPE_KIND_FIXED,
  TYPE_KIND_REFS,
  TYPE_KIND_STRUCTS,
  TYPE_LENGTH_OFFSET,
  TYPE_REFS,
  TYPE_SIZE,
} from "../layout.gen";
import { Lock } from "../lock";
import { Malloc } from "../malloc";
import { FORWARDED, Objects } from "../objects";
import { Tracer } from "../references";
import { Blocks } from "../spaces/blocks";
import { Crew } from "./crew";
import { Self } from "./team";

export const STACK_BYTES: u32 = 8192;
/** Half a stack. */
export const PACKET_BYTES: u32 = 4096;
/** Empty packets that are kept between collections. */
const MOST_FREE: u32 = 16;
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
const END_NEXT: usize = 4;
const END_START: usize = 8;
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
    if (!Gray.push(copy)) Gray.spillCopy(original);
  }

  /** An object in a block that was just marked, in a plan with mark bits. */
  @inline static pushMarked(object: usize): void {
    if (!Gray.push(object)) Gray.spillMarked(object);
  }

  /** A large object that was just marked, in a plan without mark bits. */
  @inline static pushLarge(object: usize): void {
    if (!Gray.push(object)) Gray.spillLarge(object);
  }

  /** The copies from `start` on; there is room for an end mark at `end`. */
  static pushRegion(start: usize, end: usize): void {
    store<u32>(end, END);
    if (!Gray.push(start | IS_REGION)) Gray.spillRegion(start, end);
  }

  /** The same, for others rather than for this collector. */
  static shareRegion(start: usize, end: usize): void {
    const packet = Gray.takeEmpty();
    if (!packet) return Gray.pushRegion(start, end);
    store<u32>(end, END);
    store<u32>(packet, <u32>(start | IS_REGION), PACKET_ENTRIES);
    Gray.publish(packet, 4);
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
      } while (Gray.fetch() || (tracer.several() && (Gray.visitCustoms<T>(tracer) || Gray.await())));
      if (!Gray.visitSpilled<T>(tracer)) return;
    }
  }

  /** A helper: the same, until nobody has any for it. Leaves the collectors at work then. */
  static help<T extends Tracer>(tracer: T): void {
    do {
      do Gray.drain<T>(tracer);
      while (tracer.scan());
    } while (Gray.fetchOrLeave());
  }

  @inline private static drain<T extends Tracer>(tracer: T): void {
    while (top > base) Gray.drainSome<T>(tracer);
  }

  /** A bounded part of the work per call: an engine that compiles a better version of this function meanwhile uses it from the next call on. */
  private static drainSome<T extends Tracer>(tracer: T): void {
    for (let i = 0; i < ENTRIES_PER_CALL && top > base; i++) {
      if (tracer.several() && (i & SHARE_MASK) == 0 && top - base > 4 && Gray.isWanted()) Gray.share();
      top -= 4;
      const entry = <usize>load<u32>(top);
      if (!(entry & (IS_SLICE | IS_REGION))) Gray.visit<T>(tracer, entry, load<u32>(entry));
      else if (entry & IS_SLICE) Gray.visitSlice<T>(tracer, entry ^ IS_SLICE);
      else Gray.visitRegion<T>(tracer, entry ^ IS_REGION);
    }
  }

  private static visitRegion<T extends Tracer>(tracer: T, object: usize): void {
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

  @inline private static visit<T extends Tracer>(tracer: T, object: usize, type: usize): void {
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
      if (tracer.several() && Gray.isWanted()) Gray.shareSlice(slice, stride);
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
    const packet = Gray.takeEmpty();
    if (!packet) return Malloc.free(<u32>other);
    store<u32>(other, load<u32>(slice));
    store<u32>(other, at + half, SLICE_AT);
    store<u32>(other, end, SLICE_END);
    store<u32>(slice, at + half, SLICE_END);
    store<u32>(packet, <u32>(other | IS_SLICE), PACKET_ENTRIES);
    Gray.publish(packet, 4);
  }

  // ---- packets ----

  /** Gives the older half of the stack to whoever wants it. False: there is no memory for a packet. */
  private static share(): bool {
    const packet = Gray.takeEmpty();
    if (!packet) return false;
    const bytes = ((top - base) >> 3) << 2;
    memory.copy(packet + PACKET_ENTRIES, base, bytes);
    memory.copy(base, base + bytes, top - base - bytes);
    top -= bytes;
    Gray.publish(packet, <u32>bytes);
    return true;
  }

  private static publish(packet: usize, bytes: u32): void {
    store<u32>(packet, bytes, PACKET_USED);
    Lock.acquire(HEAP_GRAY_LOCK);
    store<u32>(packet, load<u32>(HEAP_PACKETS), PACKET_NEXT);
    store<u32>(HEAP_PACKETS, <u32>packet);
    store<u32>(HEAP_SHARED, load<u32>(HEAP_SHARED) + 1);
    Lock.release(HEAP_GRAY_LOCK);
    if (atomic.load<u32>(HEAP_HUNGRY) && load<u32>(HEAP_TASK) != TASK_NONE) Crew.ring();
  }

  /** Whether another collector looks for work and finds none. */
  @inline static isWanted(): bool {
    return load<u32>(HEAP_HUNGRY) != 0 && !load<u32>(HEAP_PACKETS);
  }

  private static takeEmpty(): usize {
    Lock.acquire(HEAP_GRAY_LOCK);
    const packet = <usize>load<u32>(HEAP_PACKETS_FREE);
    if (packet) {
      store<u32>(HEAP_PACKETS_FREE, load<u32>(packet, PACKET_NEXT));
      store<u32>(HEAP_PACKETS_FREE_COUNT, load<u32>(HEAP_PACKETS_FREE_COUNT) - 1);
    }
    Lock.release(HEAP_GRAY_LOCK);
    return packet ? packet : Malloc.allocate(PACKET_ENTRIES + PACKET_BYTES, 8);
  }

  /** Fills the empty stack from a packet; false: there is none. */
  private static fetch(): bool {
    if (!load<u32>(HEAP_PACKETS)) return false;
    Lock.acquire(HEAP_GRAY_LOCK);
    const packet = Gray.pop();
    Lock.release(HEAP_GRAY_LOCK);
    return Gray.unpack(packet);
  }

  /** The same for a helper, which is not at work any more if there is none. */
  private static fetchOrLeave(): bool {
    Lock.acquire(HEAP_GRAY_LOCK);
    const packet = Gray.pop();
    if (!packet) Crew.leaveLocked();
    Lock.release(HEAP_GRAY_LOCK);
    return Gray.unpack(packet);
  }

  @inline private static pop(): usize {
    const packet = <usize>load<u32>(HEAP_PACKETS);
    if (packet) store<u32>(HEAP_PACKETS, load<u32>(packet, PACKET_NEXT));
    return packet;
  }

  private static unpack(packet: usize): bool {
    if (!packet) return false;
    const bytes = load<u32>(packet, PACKET_USED);
    memory.copy(base, packet + PACKET_ENTRIES, bytes);
    top = base + bytes;
    Gray.giveEmpty(packet);
    return true;
  }

  /** Whoever runs the collection has nothing to do: waits for something. False: the others have nothing either. */
  private static await(): bool {
    atomic.add<u32>(HEAP_HUNGRY, 1);
    let more = false;
    for (;;) {
      const bell = atomic.load<u32>(HEAP_BELL);
      Lock.acquire(HEAP_GRAY_LOCK);
      more = load<u32>(HEAP_PACKETS) != 0 || load<u32>(load<u32>(HEAP_DEFERRED), PACKET_USED) != 0;
      const isOver = !more && !load<u32>(HEAP_ACTIVE);
      Lock.release(HEAP_GRAY_LOCK);
      if (more || isOver) break;
      Crew.rest(bell);
    }
    atomic.sub<u32>(HEAP_HUNGRY, 1);
    return more;
  }

  private static giveEmpty(packet: usize): void {
    Lock.acquire(HEAP_GRAY_LOCK);
    const count = load<u32>(HEAP_PACKETS_FREE_COUNT);
    if (count < MOST_FREE) {
      store<u32>(packet, load<u32>(HEAP_PACKETS_FREE), PACKET_NEXT);
      store<u32>(HEAP_PACKETS_FREE, <u32>packet);
      store<u32>(HEAP_PACKETS_FREE_COUNT, count + 1);
    }
    Lock.release(HEAP_GRAY_LOCK);
    if (count >= MOST_FREE) Malloc.free(<u32>packet);
  }

  // ---- objects of custom kinds ----

  /** A helper has met an object that a tracer of the guest has to visit: whoever runs the collection does. */
  static defer(object: usize): void {
    const packet = <usize>load<u32>(HEAP_DEFERRED);
    for (;;) {
      const bell = atomic.load<u32>(HEAP_BELL);
      Lock.acquire(HEAP_GRAY_LOCK);
      const used = load<u32>(packet, PACKET_USED);
      if (used < PACKET_BYTES) {
        store<u32>(packet + used, <u32>object, PACKET_ENTRIES);
        store<u32>(packet, used + 4, PACKET_USED);
      }
      Lock.release(HEAP_GRAY_LOCK);
      if (atomic.load<u32>(HEAP_HUNGRY)) Crew.ring();
      if (used < PACKET_BYTES) return;
      Crew.rest(bell);
    }
  }

  /** Visits them; false: there was none. */
  private static visitCustoms<T extends Tracer>(tracer: T): bool {
    const packet = <usize>load<u32>(HEAP_DEFERRED);
    if (!atomic.load<u32>(packet, PACKET_USED)) return false;
    while (atomic.load<u32>(packet, PACKET_USED)) {
      Lock.acquire(HEAP_GRAY_LOCK);
      const used = load<u32>(packet, PACKET_USED) - 4;
      const object = <usize>load<u32>(packet + used, PACKET_ENTRIES);
      store<u32>(packet, used, PACKET_USED);
      Lock.release(HEAP_GRAY_LOCK);
      Objects.visit<T>(tracer, object, load<u32>(object));
    }
    return true;
  }

  // ---- spilled objects ----

  private static spillCopy(original: usize): void {
    let head = atomic.load<u32>(HEAP_SPILLED);
    for (;;) {
      atomic.store<u32>(original, head, 4);
      const seen = atomic.cmpxchg<u32>(HEAP_SPILLED, head, <u32>original);
      if (seen == head) return;
      head = seen;
    }
  }

  private static spillRegion(start: usize, end: usize): void {
    store<u32>(end, <u32>start, END_START);
    let head = atomic.load<u32>(HEAP_SPILLED_REGIONS);
    for (;;) {
      store<u32>(end, head, END_NEXT);
      const seen = atomic.cmpxchg<u32>(HEAP_SPILLED_REGIONS, head, <u32>end);
      if (seen == head) return;
      head = seen;
    }
  }

  private static spillMarked(object: usize): void {
    const offset = object - load<u32>(HEAP_BLOCKS_START);
    const word = <usize>load<u32>(HEAP_GRAYS) + ((offset >> 8) << 2);
    atomic.or<u32>(word, (<u32>1) << (<u32>(offset >> 3) & 31));
    atomic.store<u32>(HEAP_SPILLED_MARKS, 1);
  }

  private static spillLarge(object: usize): void {
    const index = Blocks.indexOf(object);
    let head = atomic.load<u32>(HEAP_SPILLED_LARGE);
    for (;;) {
      store<u32>(Blocks.record(index), head, BLOCK_NEXT);
      const seen = atomic.cmpxchg<u32>(HEAP_SPILLED_LARGE, head, index + 1);
      if (seen == head) return;
      head = seen;
    }
  }

  /** Visits what was spilled; false: nothing was. One collector does it, while the others wait for packets. */
  private static visitSpilled<T extends Tracer>(tracer: T): bool {
    let some = false;
    for (let original = <usize>atomic.xchg<u32>(HEAP_SPILLED, 0); original; some = true) {
      const copy = <usize>(load<u32>(original) ^ FORWARDED);
      original = load<u32>(original, 4);
      Gray.visit<T>(tracer, copy, load<u32>(copy));
      Gray.drain<T>(tracer);
    }
    for (let end = <usize>atomic.xchg<u32>(HEAP_SPILLED_REGIONS, 0); end; some = true) {
      const start = load<u32>(end, END_START);
      end = load<u32>(end, END_NEXT);
      Gray.visitRegion<T>(tracer, start);
      Gray.drain<T>(tracer);
    }
    for (let next = atomic.xchg<u32>(HEAP_SPILLED_LARGE, 0); next; some = true) {
      const index = next - 1;
      next = load<u32>(Blocks.record(index), BLOCK_NEXT);
      const object = Blocks.address(index);
      Gray.visit<T>(tracer, object, load<u32>(object));
      Gray.drain<T>(tracer);
    }
    if (atomic.xchg<u32>(HEAP_SPILLED_MARKS, 0)) {
      some = true;
      Gray.visitSpilledMarks<T>(tracer);
    }
    return some;
  }

  private static visitSpilledMarks<T extends Tracer>(tracer: T): void {
    const grays = <usize>load<u32>(HEAP_GRAYS);
    for (let index: u32 = 0, count = Blocks.count(); index < count; index++) {
      if (Blocks.state(index) == BLOCK_FREE) continue;
      const block = Blocks.address(index);
      const words = grays + (index << (LOG_BLOCK_BYTES - 6));
      for (let word: u32 = 0; word < BLOCK_BYTES >> 8; word++) {
        let bits = atomic.xchg<u32>(words + (word << 2), 0);
        for (; bits; bits &= bits - 1) {
          const object = block + (word << 8) + (ctz<u32>(bits) << 3);
          Gray.visit<T>(tracer, object, load<u32>(object));
          Gray.drain<T>(tracer);
        }
      }
    }
  }
}
