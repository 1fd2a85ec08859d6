/**
 * Where copies go: each collector has a buffer for each *destination* (a survivor half, a mature space, free blocks), from which it bumps without asking
 * anybody. What is left of a buffer goes back to its space, or becomes a filler: rows can always be walked.
 */
import { COLLECTOR_BUFFERS, COLLECTOR_COPIED, COPY_DESTINATIONS, CONTROL_HEAP_LOCK } from "../layout.gen";
import { Lock } from "../lock";
import { FORWARDED, Objects } from "../objects";
import { Taken } from "../taken";
import { Crew } from "./crew";
import { Forwarding } from "./forwarding";
import { Gray } from "./gray";
import { Self, Team } from "./team";

/** Of a buffer: for one collector alone, which gives the rest back; and for several. */
const ALONE_BYTES: u32 = 262144;
export const SHARED_BYTES: u32 = 32768;
/** An object that a buffer has no room for gets memory of its own if the buffer has more left than this. */
const MOST_WASTE_BYTES: u32 = SHARED_BYTES / 64;
/** From here on memory.copy is faster than a loop. */
const LARGE_BYTES: u32 = 256;

/** A place for copies. Its functions are called by one collector at a time. */
export abstract class Destination {
  /** Which of a collector's buffers: below COPY_DESTINATIONS; different for destinations in use at a time. */
  abstract number(): u32;
  /** Memory, not zeroed: `most` bytes or fewer (Taken.bytes), but at least `least`; 0: there is none. */
  abstract take(least: u32, most: u32): usize;
  /** [start, end), the rest of what `take` has given, is not needed: a filler, unless the space can have it back. */
  abstract giveBack(start: usize, end: usize): void;
}

export abstract class Copies {
  /** Each collector, before it copies: it has no buffers. */
  static begin(): void {
    memory.fill(Self.record + COLLECTOR_BUFFERS, 0, COPY_DESTINATIONS * 12);
  }

  /** Ends the buffer for a destination of the collector that has this record. */
  static end<D extends Destination>(record: usize): void {
    const buffer = Copies.buffer<D>(record);
    const top = <usize>load<u32>(buffer);
    const end = <usize>load<u32>(buffer, 4);
    if (end > top) {
      changetype<D>(0).giveBack(top, end);
      const copied = Copies.copied<D>(record);
      store<u32>(copied, load<u32>(copied) - <u32>(end - top));
    }
    store<u64>(buffer, 0);
  }

  /** When a collection is over: ends all buffers for a destination; returns how many bytes went there. */
  static finish<D extends Destination>(): u32 {
    let sum: u32 = 0;
    for (let number: u32 = 0; number < Crew.count(); number++) {
      Copies.end<D>(Crew.record(number));
      sum += load<u32>(Copies.copied<D>(Crew.record(number)));
    }
    return sum;
  }

  @inline private static buffer<D extends Destination>(record: usize): usize {
    return record + COLLECTOR_BUFFERS + (changetype<D>(0).number() << 3);
  }

  @inline private static copied<D extends Destination>(record: usize): usize {
    return record + COLLECTOR_COPIED + (changetype<D>(0).number() << 2);
  }

  /** Memory for a copy of so many bytes; 0: the destination has none. */
  @inline static take<P extends Team, D extends Destination>(bytes: u32): usize {
    const buffer = Copies.buffer<D>(Self.record);
    const top = <usize>load<u32>(buffer);
    if (bytes > load<u32>(buffer, 4) - <u32>top) return Copies.refill<P, D>(bytes);
    store<u32>(buffer, <u32>top + bytes);
    return top;
  }

  /** Takes back what the last `take` for this destination gave. */
  static undo<D extends Destination>(start: usize, bytes: u32): void {
    const buffer = Copies.buffer<D>(Self.record);
    if (load<u32>(buffer) == <u32>start + bytes) store<u32>(buffer, <u32>start);
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

  /**
   * Moves an object, whose first word is `type`, to a destination, and makes it gray. Returns where it is: another collector may have been faster.
   * 0: the destination has no memory.
   */
  static move<P extends Team, D extends Destination>(object: usize, type: usize): usize {
    const size = Objects.size(object, type);
    // Only the body of an object that is not forwarded says how large it is.
    if (changetype<P>(0).several()) {
      const word = atomic.load<u32>(object);
      if (word & FORWARDED) return word ^ FORWARDED;
    }
    const copy = Copies.take<P, D>(size);
    if (!copy) return 0;
    Copies.bytes(copy, object, size);
    const place = Forwarding.install<P>(object, <u32>type, copy);
    if (changetype<P>(0).several() && place != copy) Copies.undo<D>(copy, size);
    else if (Objects.hasReferences(type)) Gray.pushCopy(copy, object);
    return place;
  }

  private static refill<P extends Team, D extends Destination>(bytes: u32): usize {
    const several = changetype<P>(0).several();
    if (several) Lock.acquire(CONTROL_HEAP_LOCK);
    const start = Copies.refillLocked<D>(bytes, several);
    if (several) Lock.release(CONTROL_HEAP_LOCK);
    return start;
  }

  private static refillLocked<D extends Destination>(bytes: u32, several: bool): usize {
    const buffer = Copies.buffer<D>(Self.record);
    const left = load<u32>(buffer, 4) - load<u32>(buffer);
    // One collector alone gives the rest back first, and so wastes nothing.
    if (!several) Copies.end<D>(Self.record);
    const keeps = several && left > MOST_WASTE_BYTES;
    const start = changetype<D>(0).take(bytes, keeps ? bytes : max(bytes, several ? SHARED_BYTES : ALONE_BYTES));
    if (!start) return 0;
    const rest = Taken.bytes - bytes;
    const copied = Copies.copied<D>(Self.record);
    store<u32>(copied, load<u32>(copied) + Taken.bytes);
    if (keeps && rest < left) {
      if (rest) changetype<D>(0).giveBack(start + bytes, start + bytes + rest);
      return start;
    }
    if (several) Copies.end<D>(Self.record);
    store<u32>(buffer, <u32>start + bytes);
    store<u32>(buffer, <u32>start + bytes + rest, 4);
    return start;
  }
}
