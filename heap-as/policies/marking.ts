/** Marking: objects stay where they are; a bit says that one lives (marks.ts). */
import { BLOCK_SMALL, BLOCK_YOUNG } from "../layout.gen";
import { Gray } from "../parallel/gray";
import { Team } from "../parallel/team";
import { References, Tracer } from "../references";
import { Blocks } from "../spaces/blocks";
import { LargeSpace } from "../spaces/large";
import { ObjectMap } from "../spaces/object-map";
import { Young } from "../spaces/young";
import { Marks } from "./marks";

export class Marking<P extends Team> extends Tracer {
  /** Each collector, when a collection of all blocks begins. */
  begin(): void {
    Marks.begin();
    Young.beginMap();
  }

  @inline roots(stripes: u32): void {}

  @inline several(): bool {
    return changetype<P>(0).several();
  }

  @inline slot(slot: usize): void {
    const object = <usize>load<u32>(slot);
    if (Marks.cover(object)) Marks.mark<P>(object);
  }

  interior(slot: usize): void {
    const address = <usize>load<u32>(slot);
    if (Marks.cover(address)) Marks.mark<P>(Holder.of(address));
  }

  reference(object: usize, type: usize): void {
    References.visit<Marking<P>>(this, object, type);
  }

  @inline survivor(object: usize): usize {
    return !Marks.cover(object) || Marks.isMarked(object) ? object : 0;
  }

  @inline scan(): bool {
    return false;
  }

  close(): void {
    Gray.close<Marking<P>>(this);
  }
}

export abstract class Holder {
  /** The object that the address, in a block, belongs to. */
  static of(address: usize): usize {
    const index = Blocks.indexOf(address);
    const state = Blocks.state(index);
    if (state == BLOCK_YOUNG) return ObjectMap.find(address);
    if (state != BLOCK_SMALL) return LargeSpace.holder(address);
    return ObjectMap.search(Blocks.address(index), address);
  }
}
