/**
 * Copying (Cheney 1970): live objects of one range move, in the order they are met, to another; the copies themselves are the queue
 * of what is still to be visited, so there is no stack to overflow.
 *
 *   to-space   START ......... scan ......... free ......... END
 *                visited        copied         empty
 *
 *   object in from-space:   type record ──copied──▶ address of the copy | FORWARDED      there is no other edge
 *
 * Large objects stay: they are marked, and queued by themselves (spaces/large.ts).
 *
 * The variables below hold during one collection of one instance only, with the world stopped; nothing of them outlives it.
 */
import { FORWARDED, Objects } from "../objects";
import { References, Tracer } from "../references";
import { Blocks } from "../spaces/blocks";
import { LargeSpace } from "../spaces/large";
import { ObjectMap } from "../spaces/object-map";

/** From here on memory.copy is faster than a loop. */
const LARGE_BYTES: u32 = 256;
const OBJECTS_PER_CALL: i32 = 4096;

let fromStart: usize = 0;
let fromBytes: usize = 0;
let scan: usize = 0;
let free: usize = 0;
let largeStart: usize = 0;
let largeBytes: usize = 0;
let clearSoft: bool = false;

export class Copying extends Tracer {
  /** Begins a collection of [start, end) into memory at `target`, which has room for all of it. */
  static begin(start: usize, end: usize, target: usize, clear: bool): Copying {
    fromStart = start;
    fromBytes = end - start;
    scan = target;
    free = target;
    largeStart = LargeSpace.start();
    largeBytes = Blocks.address(Blocks.count()) - largeStart;
    clearSoft = clear;
    ObjectMap.begin(start, end);
    return changetype<Copying>(0);
  }

  /** Ends it; returns the end of the copies. */
  static end(): usize {
    ObjectMap.end();
    return free;
  }

  @inline private static isFrom(object: usize): bool {
    return object - fromStart < fromBytes;
  }

  @inline private static isLarge(object: usize): bool {
    return object - largeStart < largeBytes;
  }

  /** Copies an object of from-space unless that is done; returns where it is now. */
  @inline private static move(object: usize): usize {
    const word = load<u32>(object);
    if (word & FORWARDED) return word ^ FORWARDED;
    return Copying.copy(object, word);
  }

  private static copy(object: usize, type: usize): usize {
    const size = Objects.size(object, type);
    const target = free;
    free = target + size;
    if (size >= LARGE_BYTES) {
      memory.copy(target, object, size);
    } else {
      let at: usize = 0;
      do {
        store<u64>(target + at, load<u64>(object + at));
        at += 8;
      } while (at < size);
    }
    store<u32>(object, <u32>target | FORWARDED);
    return target;
  }

  @inline slot(slot: usize): void {
    const object = <usize>load<u32>(slot);
    if (Copying.isFrom(object)) store<u32>(slot, <u32>Copying.move(object));
    else if (Copying.isLarge(object)) LargeSpace.mark(object);
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    changetype<Copying>(0).slot(slot);
  }

  interior(slot: usize): void {
    const address = <usize>load<u32>(slot);
    if (Copying.isLarge(address)) return LargeSpace.mark(LargeSpace.holder(address));
    if (!Copying.isFrom(address)) return;
    const object = ObjectMap.find(address);
    store<u32>(slot, <u32>(Copying.move(object) + (address - object)));
  }

  reference(object: usize, type: usize): void {
    References.visit<Copying>(this, object, type, clearSoft);
  }

  @inline survivor(object: usize): usize {
    if (!Copying.isFrom(object)) return !Copying.isLarge(object) || LargeSpace.isMarked(object) ? object : 0;
    const word = load<u32>(object);
    return word & FORWARDED ? <usize>(word ^ FORWARDED) : 0;
  }

  close(): void {
    for (;;) {
      while (scan < free) this.closeSome();
      const large = LargeSpace.nextGray();
      if (!large) return;
      Objects.visit<Copying>(this, large, load<u32>(large));
    }
  }

  /** A bounded part of the work per call: an engine that compiles a better version of this function meanwhile uses it from the next call on. */
  private closeSome(): void {
    let object = scan;
    for (let i = 0; i < OBJECTS_PER_CALL && object < free; i++)
      object += Objects.visit<Copying>(this, object, load<u32>(object));
    scan = object;
  }
}
