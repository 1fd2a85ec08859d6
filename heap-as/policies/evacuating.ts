/**
 * Marking that also moves: objects in blocks that were chosen (ImmixSpace.choose) go to free blocks, as long as there are any; all others,
 * and those for which there is no room, are marked where they are.
 *
 *   type record ──copied──▶ address of the copy | FORWARDED        the copy is marked, the original is not
 *
 * With several collectors, who moves an object claims it (parallel/forwarding.ts): it may turn out that it stays.
 */
import { BLOCK_NEXT, BLOCK_SMALL, BLOCK_STATE } from "../layout.gen";
import { FORWARDED, Objects } from "../objects";
import { Copies } from "../parallel/copies";
import { Forwarding } from "../parallel/forwarding";
import { Gray } from "../parallel/gray";
import { Team } from "../parallel/team";
import { References, Tracer } from "../references";
import { Blocks } from "../spaces/blocks";
import { Cards } from "../spaces/cards";
import { FreeBlocks } from "../spaces/immix";
import { Young } from "../spaces/young";
import { Holder } from "./marking";
import { Marks } from "./marks";

export class Evacuating<P extends Team> extends Tracer {
  begin(): void {
    Marks.begin();
    Young.beginMap();
  }

  @inline roots(stripes: u32): void {}

  @inline several(): bool {
    return changetype<P>(0).several();
  }

  /** Marks an object of a block, or its copy; returns where it is. */
  @inline private trace(object: usize): usize {
    const word = Forwarding.word<P>(object);
    if (word & FORWARDED) return word ^ FORWARDED;
    if (Marks.isMarked(object)) return object;
    const record = Blocks.record(Blocks.indexOf(object));
    if (load<u32>(record, BLOCK_STATE) == BLOCK_SMALL && load<u32>(record, BLOCK_NEXT)) return this.move(object, word);
    Marks.mark<P>(object);
    return object;
  }

  /** Moves an object if there is room, else marks it; returns where it is. */
  private move(object: usize, word: u32): usize {
    const type = Forwarding.claim<P>(object, word);
    const several = changetype<P>(0).several();
    if (several && type & FORWARDED) return type ^ FORWARDED;
    // Another collector may have found no room for it just now.
    if (several && Marks.isMarked(object)) {
      atomic.store<u32>(object, type);
      return object;
    }
    const size = Objects.size(object, type);
    const copy = Copies.take<P, FreeBlocks>(size);
    if (!copy) {
      Marks.set<P>(object);
      if (several) atomic.store<u32>(object, type);
      if (Objects.hasReferences(type)) Gray.pushMarked(object);
      return object;
    }
    Copies.bytes(copy, object, size);
    if (several) store<u32>(copy, type);
    Marks.set<P>(copy);
    if (several) atomic.store<u32>(object, <u32>copy | FORWARDED);
    else store<u32>(object, <u32>copy | FORWARDED);
    Copies.push<P, FreeBlocks>(copy, type, size, object);
    return copy;
  }

  @inline slot(slot: usize): void {
    const object = <usize>load<u32>(slot);
    if (!Marks.cover(object)) return;
    const now = this.trace(object);
    store<u32>(slot, <u32>now);
    // The object that holds it may just have moved to where no card is marked.
    if (Young.holds(now)) Cards.mark(slot);
  }

  interior(slot: usize): void {
    const address = <usize>load<u32>(slot);
    if (!Marks.cover(address)) return;
    const object = Holder.of(address);
    store<u32>(slot, <u32>(this.trace(object) + (address - object)));
  }

  reference(object: usize, type: usize): void {
    References.visit<Evacuating<P>>(this, object, type);
  }

  @inline survivor(object: usize): usize {
    if (!Marks.cover(object)) return object;
    const word = Forwarding.word<P>(object);
    if (word & FORWARDED) return word ^ FORWARDED;
    return Marks.isMarked(object) ? object : 0;
  }

  @inline scan(): bool {
    return Copies.scan<Evacuating<P>, FreeBlocks>(this);
  }

  close(): void {
    Gray.close<Evacuating<P>>(this);
  }
}
