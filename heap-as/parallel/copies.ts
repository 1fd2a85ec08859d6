/**
 * Where copies go: each collector has a buffer for each *destination* (a survivor half, a mature space, free blocks), from which it bumps without asking
 * anybody. In a contiguous destination the copies themselves are the queue of what is to be visited (Cheney 1970); elsewhere each is pushed to Gray.
 *
 *   buffer   ... visited ... SCAN ... gray ... TOP ... free ... LIMIT ┆ end mark ┆
 *
 * One collector alone goes on where its buffer ended, and wastes nothing. With several, a buffer that is replaced while it holds gray copies becomes a *region*,
 * an entry of Gray: it goes from where SCAN was to an end mark, a filler of its own kind, so there is always room to remember it. What is left of a buffer goes
 * back to its space, or becomes a filler: rows can always be walked.
 */
import {
  COLLECTOR_COPIES,
  CONTROL_HEAP_LOCK,
  COPIES_BYTES,
  COPIES_LIMIT,
  COPIES_SCAN,
  COPIES_TOP,
  COPY_DESTINATIONS,
  FILLER,
  HEAP_HELPERS,
  LOG_COPIES_BYTES,
  TYPE_KIND,
  TYPE_KIND_DATA,
  TYPE_KIND_FIXED,
  TYPE_REFS,
  TYPE_SIZE,
} from "../layout.gen";
import { Lock } from "../lock";
import { FORWARDED, Objects } from "../objects";
import { Tracer } from "../references";
import { Taken } from "../taken";
import { Crew } from "./crew";
import { Forwarding } from "./forwarding";
import { END_BYTES, Gray, SHARE_MASK } from "./gray";
import { Packets } from "./packets";
import { Self, Team } from "./team";

/** Of a buffer: for one collector alone, and for several. */
const ALONE_BYTES: u32 = 262144;
export const SHARED_BYTES: u32 = 32768;
/** With several, an object that does not fit gets memory of its own if the buffer has more left than this. */
const MOST_WASTE_BYTES: u32 = SHARED_BYTES / 64;
/** From here on memory.copy is faster than a loop. */
const LARGE_BYTES: u32 = 256;
/** Fewer bytes of gray copies are not shared. */
const LEAST_SHARED_BYTES: u32 = 1024;
const OBJECTS_PER_CALL: i32 = 4096;
/** How many objects at most go right behind a copy (Copies.isFollowed): a long list is left to the queue, and so to others. */
export const MOST_FOLLOWED: i32 = 16;

/** A place for copies. Its functions are called by one collector at a time. */
export abstract class Destination {
  /** Which of a collector's buffers: below COPY_DESTINATIONS; different for destinations in use at a time. */
  abstract number(): u32;
  /** Whether `take` gives what follows what it gave before, less what was given back, as long as nobody else takes: a bump space. */
  abstract contiguous(): bool;
  /** Memory, not zeroed: `most` bytes or fewer (Taken.bytes), but at least `least`; 0: there is none. */
  abstract take(least: u32, most: u32): usize;
  /** [start, end), the rest of what `take` has given, is not needed: a filler, unless the space can have it back. */
  abstract giveBack(start: usize, end: usize): void;
  /** An object has come there, and nobody has visited it yet. `several` is a constant: whether several collectors do this at a time. */
  abstract placed(copy: usize, type: usize, several: bool): void;
}

export abstract class Copies {
  /** The collector that has this record has no buffers. */
  static begin(record: usize): void {
    memory.fill(record + COLLECTOR_COPIES, 0, COPY_DESTINATIONS << LOG_COPIES_BYTES);
  }

  /** Bytes that several collectors may waste in a contiguous destination when they copy so many. */
  static waste(bytes: u32): u32 {
    // A rest of MOST_WASTE_BYTES and an end mark for each buffer, an end mark for each region that was shared; and the last buffers.
    return bytes / 16 + (1 + load<u32>(HEAP_HELPERS)) * SHARED_BYTES;
  }

  /** When all is visited: ends all buffers for a destination; returns how many bytes went there. */
  static finish<P extends Team, D extends Destination>(): u32 {
    let sum: u32 = 0;
    for (let number: u32 = 0; number < Crew.count(); number++) {
      const buffer = Copies.buffer<D>(Crew.record(number));
      Copies.retire<P, D>(buffer);
      sum += load<u32>(buffer, COPIES_BYTES);
    }
    return sum;
  }

  @inline private static buffer<D extends Destination>(record: usize): usize {
    return record + COLLECTOR_COPIES + (changetype<D>(0).number() << LOG_COPIES_BYTES);
  }

  /** Bytes at the end of each buffer for an end mark. */
  @inline private static reserve<P extends Team, D extends Destination>(): u32 {
    return changetype<P>(0).several() && changetype<D>(0).contiguous() ? END_BYTES : 0;
  }

  /** Memory for a copy of so many bytes; 0: the destination has none. */
  @inline static take<P extends Team, D extends Destination>(bytes: u32): usize {
    const buffer = Copies.buffer<D>(Self.record);
    const top = <usize>load<u32>(buffer, COPIES_TOP);
    if (bytes > load<u32>(buffer, COPIES_LIMIT) - <u32>top) return Copies.refill<P, D>(bytes);
    store<u32>(buffer, <u32>top + bytes, COPIES_TOP);
    return top;
  }

  /** Takes back what the last `take` for this destination gave. */
  private static undo<D extends Destination>(start: usize, bytes: u32): void {
    const buffer = Copies.buffer<D>(Self.record);
    if (load<u32>(buffer, COPIES_TOP) == <u32>start + bytes) store<u32>(buffer, <u32>start, COPIES_TOP);
    else Objects.fill(start, start + bytes);
  }

  /** Copies the bytes of an object. */
  @inline static bytes(copy: usize, object: usize, size: u32): void {
    if (size >= LARGE_BYTES) return memory.copy(copy, object, size);
    let at: usize = 0;
    do {
      store<u64>(copy + at, load<u64>(object + at));
      at += 8;
    } while (at < size);
  }

  /** A copy, in memory that `take` gave, is gray: in a buffer that is scanned it is so already. */
  @inline static push<P extends Team, D extends Destination>(
    copy: usize,
    type: usize,
    size: u32,
    original: usize,
  ): void {
    if (changetype<D>(0).contiguous()) {
      if (!changetype<P>(0).several()) return;
      if (load<u32>(Copies.buffer<D>(Self.record), COPIES_TOP) == <u32>copy + size) return;
    }
    if (Objects.hasReferences(type)) Gray.pushCopy(copy, original);
  }

  /**
   * Moves an object, whose first word is `type`, to a destination, and makes it gray. Returns where it is: another collector may have been faster.
   * 0: the destination has no memory.
   */
  @inline static move<P extends Team, D extends Destination>(object: usize, type: u32): usize {
    if (load<u32>(type, TYPE_KIND) != TYPE_KIND_FIXED) return Copies.moveAny<P, D>(object, type);
    // The most frequent case, which is worth a place of its own wherever references are visited.
    const size = load<u32>(type, TYPE_SIZE);
    const buffer = Copies.buffer<D>(Self.record);
    const copy = <usize>load<u32>(buffer, COPIES_TOP);
    if (size > load<u32>(buffer, COPIES_LIMIT) - <u32>copy) return Copies.moveAny<P, D>(object, type);
    store<u32>(buffer, <u32>copy + size, COPIES_TOP);
    let at: usize = 0;
    do {
      store<u64>(copy + at, load<u64>(object + at));
      at += 8;
    } while (at < size);
    const place = Forwarding.install<P>(object, type, copy);
    if (changetype<P>(0).several() && place != copy) {
      store<u32>(buffer, <u32>copy, COPIES_TOP);
      return place;
    }
    changetype<D>(0).placed(copy, type, changetype<P>(0).several());
    if (!changetype<D>(0).contiguous() && load<u32>(type, TYPE_REFS)) Gray.pushCopy(copy, object);
    return copy;
  }

  /** Where an object of a fixed size has its first reference; 0: it has none. */
  @inline static firstSlot(object: usize, type: usize): usize {
    if (load<u32>(type, TYPE_KIND) != TYPE_KIND_FIXED) return 0;
    const refs = <usize>load<u32>(type, TYPE_REFS);
    return refs ? object + load<u32>(refs, 4) : 0;
  }

  /**
   * Whether an object of the type is moved right behind the one whose first reference refers to it, ahead of the queue: if it has one reference at most. So a
   * text's characters, an entry's key, and the key's characters are in one cache line or the next, where the queue alone would put them far apart. Objects with
   * more are left to the queue, as following these would read memory in an order in which one miss waits for the other.
   */
  @inline static isFollowed(type: usize): bool {
    const kind = load<u32>(type, TYPE_KIND);
    if (kind != TYPE_KIND_FIXED) return kind == TYPE_KIND_DATA;
    const refs = <usize>load<u32>(type, TYPE_REFS);
    return !refs || load<u32>(refs) == 1;
  }

  private static moveAny<P extends Team, D extends Destination>(object: usize, type: u32): usize {
    const size = Objects.size(object, type);
    // Only the body of an object that is not forwarded says how large it is.
    if (changetype<P>(0).several()) {
      const word = atomic.load<u32>(object);
      if (word & FORWARDED) return word ^ FORWARDED;
    }
    const copy = Copies.take<P, D>(size);
    if (!copy) return 0;
    Copies.bytes(copy, object, size);
    const place = Forwarding.install<P>(object, type, copy);
    if (changetype<P>(0).several() && place != copy) {
      Copies.undo<D>(copy, size);
      return place;
    }
    changetype<D>(0).placed(copy, type, changetype<P>(0).several());
    Copies.push<P, D>(copy, type, size, object);
    return place;
  }

  // ---- visiting ----

  /** Visits the gray copies in this collector's buffer for a destination, and what goes there meanwhile; false: there was none. */
  @inline static scan<T extends Tracer, D extends Destination>(tracer: T): bool {
    if (!changetype<D>(0).contiguous()) return false;
    const buffer = Copies.buffer<D>(Self.record);
    if (load<u32>(buffer, COPIES_SCAN) == load<u32>(buffer, COPIES_TOP)) return false;
    do
      if (tracer.several()) Copies.scanSome<T>(tracer, buffer);
      else Copies.scanAlone<T>(tracer, buffer);
    while (load<u32>(buffer, COPIES_SCAN) != load<u32>(buffer, COPIES_TOP));
    return true;
  }

  /** A bounded part of the work per call: an engine that compiles a better version of this function meanwhile uses it from the next call on. */
  private static scanAlone<T extends Tracer>(tracer: T, buffer: usize): void {
    let object = <usize>load<u32>(buffer, COPIES_SCAN);
    for (let i = 0; i < OBJECTS_PER_CALL && object != load<u32>(buffer, COPIES_TOP); i++) {
      const type = <usize>load<u32>(object);
      if (load<u32>(type, TYPE_KIND) == TYPE_KIND_FIXED) {
        Objects.visitListed<T>(tracer, object, load<u32>(type, TYPE_REFS));
        object += load<u32>(type, TYPE_SIZE);
      } else {
        const size = Objects.size(object, type);
        Gray.visitOther<T>(tracer, object, type);
        object += size;
      }
    }
    store<u32>(buffer, <u32>object, COPIES_SCAN);
  }

  /** The same with several collectors: a visit may replace the buffer, there are fillers, and others may want a part. */
  private static scanSome<T extends Tracer>(tracer: T, buffer: usize): void {
    let object = <usize>load<u32>(buffer, COPIES_SCAN);
    for (let i = 0; i < OBJECTS_PER_CALL && object != load<u32>(buffer, COPIES_TOP); i++) {
      if ((i & SHARE_MASK) == 0 && Packets.isWanted() && Copies.split<T>(tracer, buffer, object)) {
        object = load<u32>(buffer, COPIES_SCAN);
        continue;
      }
      const limit = load<u32>(buffer, COPIES_LIMIT);
      const word = load<u32>(object);
      const next = object + (word & FILLER ? word & ~7 : Objects.size(object, word));
      // Before the visit, because a buffer that is replaced becomes a region from there on.
      store<u32>(buffer, <u32>next, COPIES_SCAN);
      if (!(word & FILLER)) Gray.visit<T>(tracer, object, word);
      object = limit == load<u32>(buffer, COPIES_LIMIT) ? next : <usize>load<u32>(buffer, COPIES_SCAN);
    }
  }

  /** Gives half of the gray copies of a buffer to others and visits the rest; false: there are too few. */
  private static split<T extends Tracer>(tracer: T, buffer: usize, object: usize): bool {
    const top = <usize>load<u32>(buffer, COPIES_TOP);
    if (top - object < LEAST_SHARED_BYTES) return false;
    const half = object + ((top - object) >> 1);
    let middle = object;
    while (middle < half) {
      const word = load<u32>(middle);
      middle += word & FILLER ? word & ~7 : Objects.size(middle, word);
    }
    if (middle >= top) return false;
    const next = top + END_BYTES;
    const limit = <usize>load<u32>(buffer, COPIES_LIMIT);
    if (next <= limit) {
      store<u32>(buffer, <u32>next, COPIES_TOP);
      store<u32>(buffer, <u32>next, COPIES_SCAN);
    } else {
      Objects.fill(next, limit + END_BYTES);
      store<u64>(buffer, 0, COPIES_TOP);
      store<u32>(buffer, 0, COPIES_SCAN);
    }
    Gray.shareRegion(middle, top);
    Gray.visitRange<T>(tracer, object, middle);
    return true;
  }

  // ---- buffers ----

  private static refill<P extends Team, D extends Destination>(bytes: u32): usize {
    if (changetype<P>(0).several()) Lock.acquire(CONTROL_HEAP_LOCK);
    const start = Copies.refillLocked<P, D>(bytes);
    if (changetype<P>(0).several()) Lock.release(CONTROL_HEAP_LOCK);
    return start;
  }

  private static refillLocked<P extends Team, D extends Destination>(bytes: u32): usize {
    const several = changetype<P>(0).several();
    const reserve = Copies.reserve<P, D>();
    const buffer = Copies.buffer<D>(Self.record);
    const left = load<u32>(buffer, COPIES_LIMIT) - load<u32>(buffer, COPIES_TOP);
    if (!several) Copies.retire<P, D>(buffer);
    const keeps = several && left > MOST_WASTE_BYTES;
    const least = bytes + reserve;
    const start = changetype<D>(0).take(least, keeps ? least : max(least, several ? SHARED_BYTES : ALONE_BYTES));
    if (!start) return 0;
    const limit = start + Taken.bytes - reserve;
    store<u32>(buffer, load<u32>(buffer, COPIES_BYTES) + Taken.bytes, COPIES_BYTES);
    if (keeps && <u32>(limit - start) - bytes <= left) {
      const end = start + Taken.bytes;
      if (end > start + bytes) changetype<D>(0).giveBack(start + bytes, end);
      store<u32>(buffer, load<u32>(buffer, COPIES_BYTES) - <u32>(end - start - bytes), COPIES_BYTES);
      return start;
    }
    if (several) Copies.retire<P, D>(buffer);
    // Alone and contiguous, gray copies in front of it are still to be visited.
    if (load<u32>(buffer, COPIES_TOP) != <u32>start) store<u32>(buffer, <u32>start, COPIES_SCAN);
    store<u32>(buffer, <u32>start + bytes, COPIES_TOP);
    store<u32>(buffer, <u32>limit, COPIES_LIMIT);
    return start;
  }

  /** The buffer takes no more copies. With several collectors those that are gray become a region. */
  private static retire<P extends Team, D extends Destination>(buffer: usize): void {
    const limit = <usize>load<u32>(buffer, COPIES_LIMIT);
    if (!limit) return;
    const reserve = Copies.reserve<P, D>();
    const end = limit + reserve;
    let top = <usize>load<u32>(buffer, COPIES_TOP);
    if (reserve && load<u32>(buffer, COPIES_SCAN) != <u32>top) {
      Gray.pushRegion(load<u32>(buffer, COPIES_SCAN), top);
      top += END_BYTES;
      store<u32>(buffer, <u32>top, COPIES_TOP);
    }
    if (end > top) changetype<D>(0).giveBack(top, end);
    store<u32>(buffer, load<u32>(buffer, COPIES_BYTES) - <u32>(end - top), COPIES_BYTES);
    if (reserve) {
      store<u64>(buffer, 0, COPIES_TOP);
      store<u32>(buffer, 0, COPIES_SCAN);
    } else {
      store<u32>(buffer, <u32>top, COPIES_LIMIT);
    }
  }
}
