/**
 * Copying: live objects of one range move to another. Large objects stay: they are marked (spaces/large.ts).
 *
 * The variables below hold during one collection, with the world stopped; every collector reads them from the control block when it begins.
 */
import { HEAP_CURRENT, HEAP_OTHER } from "../layout.gen";
import { FORWARDED } from "../objects";
import { Copies, Destination, MOST_FOLLOWED } from "../parallel/copies";
import { Forwarding } from "../parallel/forwarding";
import { Gray } from "../parallel/gray";
import { Team } from "../parallel/team";
import { References, Tracer } from "../references";
import { Blocks } from "../spaces/blocks";
import { BumpSpace } from "../spaces/bump";
import { LargeSpace } from "../spaces/large";
import { ObjectMap } from "../spaces/object-map";

let fromStart: usize = 0;
let fromBytes: usize = 0;
let largeStart: usize = 0;
let largeBytes: usize = 0;

/** The space HEAP_OTHER. */
export class ToSpace extends Destination {
  @inline number(): u32 {
    return 0;
  }

  @inline contiguous(): bool {
    return true;
  }

  take(least: u32, most: u32): usize {
    const space = <usize>load<u32>(HEAP_OTHER);
    return BumpSpace.takeDirty(space, least, most, BumpSpace.capacity(space));
  }

  giveBack(start: usize, end: usize): void {
    BumpSpace.giveBack(load<u32>(HEAP_OTHER), start, end);
  }

  @inline placed(copy: usize, type: usize, several: bool): void {}
}

export class Copying<P extends Team> extends Tracer {
  /** Each collector, when a collection of the space HEAP_CURRENT into HEAP_OTHER begins. */
  begin(): void {
    const from = <usize>load<u32>(HEAP_CURRENT);
    fromStart = BumpSpace.start(from);
    fromBytes = BumpSpace.used(from);
    largeStart = LargeSpace.start();
    largeBytes = Blocks.address(Blocks.count()) - largeStart;
    ObjectMap.begin(fromStart, fromStart + fromBytes);
  }

  @inline roots(stripes: u32): void {}

  @inline several(): bool {
    return changetype<P>(0).several();
  }

  @inline private isFrom(object: usize): bool {
    return object - fromStart < fromBytes;
  }

  @inline private isLarge(object: usize): bool {
    return object - largeStart < largeBytes;
  }

  /** Moves an object of from-space unless that is done; returns where it is now. */
  @inline private move(object: usize): usize {
    const word = Forwarding.word<P>(object);
    if (word & FORWARDED) return word ^ FORWARDED;
    const copy = Copies.move<P, ToSpace>(object, word);
    // There is room for all that lives.
    if (!copy) unreachable();
    this.follow(copy, word);
    return copy;
  }

  /** See Copies.isFollowed. The copies are visited later like others. */
  private follow(copy: usize, type: usize): void {
    for (let i = 0; i < MOST_FOLLOWED; i++) {
      const slot = Copies.firstSlot(copy, type);
      if (!slot) return;
      const object = <usize>load<u32>(slot);
      if (!this.isFrom(object)) return;
      const word = Forwarding.word<P>(object);
      if (word & FORWARDED || !Copies.isFollowed(word)) return;
      copy = Copies.move<P, ToSpace>(object, word);
      if (!copy) unreachable();
      store<u32>(slot, <u32>copy);
      type = word;
    }
  }

  @inline slot(slot: usize): void {
    const object = <usize>load<u32>(slot);
    if (this.isFrom(object)) store<u32>(slot, <u32>this.move(object));
    else if (this.isLarge(object)) LargeSpace.mark<P>(object);
  }

  interior(slot: usize): void {
    const address = <usize>load<u32>(slot);
    if (this.isLarge(address)) return LargeSpace.mark<P>(LargeSpace.holder(address));
    if (!this.isFrom(address)) return;
    const object = ObjectMap.find(address);
    store<u32>(slot, <u32>(this.move(object) + (address - object)));
  }

  reference(object: usize, type: usize): void {
    References.visit<Copying<P>>(this, object, type);
  }

  @inline survivor(object: usize): usize {
    if (!this.isFrom(object)) return !this.isLarge(object) || LargeSpace.isMarked(object) ? object : 0;
    const word = Forwarding.word<P>(object);
    return word & FORWARDED ? <usize>(word ^ FORWARDED) : 0;
  }

  @inline scan(): bool {
    return Copies.scan<Copying<P>, ToSpace>(this);
  }

  close(): void {
    Gray.close<Copying<P>>(this);
  }
}
