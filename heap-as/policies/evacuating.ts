/**
 * Marking that also moves: objects in blocks that were chosen (ImmixSpace.choose) go to free blocks, as long as there are any; all others,
 * and those for which there is no room, are marked where they are.
 *
 *   type record ──copied──▶ address of the copy | FORWARDED        the copy is marked, the original is not
 */
import { BLOCK_NEXT, BLOCK_SMALL, BLOCK_STATE } from "../layout.gen";
import { FORWARDED, Objects } from "../objects";
import { References, Tracer } from "../references";
import { Blocks } from "../spaces/blocks";
import { ImmixSpace } from "../spaces/immix";
import { Marking } from "./marking";
import { Marks } from "./marks";

/** Hold during one collection. */
let clearSoft: bool = false;
let moved: u32 = 0;

export class Evacuating extends Tracer {
  static begin(clear: bool): Evacuating {
    clearSoft = clear;
    moved = 0;
    Marks.begin();
    return changetype<Evacuating>(0);
  }

  /** Bytes that were moved. */
  static moved(): u32 {
    return moved;
  }

  /** Marks an object of a block, or its copy; returns where it is. */
  @inline private static trace(object: usize): usize {
    const word = load<u32>(object);
    if (word & FORWARDED) return word ^ FORWARDED;
    const record = Blocks.record(Blocks.indexOf(object));
    if (load<u32>(record, BLOCK_STATE) == BLOCK_SMALL && load<u32>(record, BLOCK_NEXT) && !Marks.isMarked(object))
      object = Evacuating.move(object, word);
    Marks.mark(object);
    return object;
  }

  /** Moves an object if there is room; returns where it is. */
  private static move(object: usize, type: usize): usize {
    const size = Objects.size(object, type);
    const target = ImmixSpace.takeForCopy(size);
    if (!target) return object;
    memory.copy(target, object, size);
    store<u32>(object, <u32>target | FORWARDED);
    moved += size;
    return target;
  }

  @inline slot(slot: usize): void {
    const object = <usize>load<u32>(slot);
    if (Marks.cover(object)) store<u32>(slot, <u32>Evacuating.trace(object));
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    changetype<Evacuating>(0).slot(slot);
  }

  interior(slot: usize): void {
    const address = <usize>load<u32>(slot);
    if (!Marks.cover(address)) return;
    const object = Marking.holder(address);
    store<u32>(slot, <u32>(Evacuating.trace(object) + (address - object)));
  }

  reference(object: usize, type: usize): void {
    References.visit<Evacuating>(this, object, type, clearSoft);
  }

  @inline survivor(object: usize): usize {
    if (!Marks.cover(object)) return object;
    const word = load<u32>(object);
    if (word & FORWARDED) return word ^ FORWARDED;
    return Marks.isMarked(object) ? object : 0;
  }

  close(): void {
    Marks.close<Evacuating>(this);
  }
}
