/** Marking: objects stay where they are; a bit says that one lives (marks.ts). */
import { BLOCK_SMALL } from "../layout.gen";
import { References, Tracer } from "../references";
import { Blocks } from "../spaces/blocks";
import { LargeSpace } from "../spaces/large";
import { ObjectMap } from "../spaces/object-map";
import { Marks } from "./marks";

/** Holds during one collection. */
let clearSoft: bool = false;

export class Marking extends Tracer {
  /** Begins a collection of all blocks. */
  static begin(clear: bool): Marking {
    clearSoft = clear;
    Marks.begin();
    return changetype<Marking>(0);
  }

  @inline slot(slot: usize): void {
    const object = <usize>load<u32>(slot);
    if (Marks.cover(object)) Marks.mark(object);
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    changetype<Marking>(0).slot(slot);
  }

  interior(slot: usize): void {
    const address = <usize>load<u32>(slot);
    if (Marks.cover(address)) Marks.mark(Marking.holder(address));
  }

  /** The object that the address, in a block, belongs to. */
  static holder(address: usize): usize {
    const index = Blocks.indexOf(address);
    if (Blocks.state(index) != BLOCK_SMALL) return LargeSpace.holder(address);
    return ObjectMap.search(Blocks.address(index), address);
  }

  reference(object: usize, type: usize): void {
    References.visit<Marking>(this, object, type, clearSoft);
  }

  @inline survivor(object: usize): usize {
    return !Marks.cover(object) || Marks.isMarked(object) ? object : 0;
  }

  close(): void {
    Marks.close<Marking>(this);
  }
}
