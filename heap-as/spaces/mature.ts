/**
 * Where promoted objects go: blocks of small objects, handed out as the plan's own space does. Mark bits say where objects begin (spaces/cards.ts needs that):
 * a major collection sets those of what lives, promotion those of what comes. Free blocks have none.
 *
 * Objects of custom types may hold references in memory of their own, which has no cards: there is a list of them.
 */
import {
  CONTROL_HEAP_LOCK,
  CONTROL_PLAN,
  HEAP_CUSTOMS,
  HEAP_MATURE_CAPACITY,
  HEAP_SMALL_BYTES,
  PLAN_GENMS,
  TYPE_KIND,
  TYPE_KIND_CUSTOM,
} from "../layout.gen";
import { Lock } from "../lock";
import { Malloc } from "../malloc";
import { Objects, Visitor } from "../objects";
import { Destination } from "../parallel/copies";
import { Alone, Several } from "../parallel/team";
import { Marks } from "../policies/marks";
import { Tracer } from "../references";
import { Blocks } from "./blocks";
import { ImmixSpace } from "./immix";
import { LargeSpace } from "./large";
import { MarkSweepSpace } from "./marksweep";

export class Mature extends Destination {
  @inline number(): u32 {
    return 1;
  }

  @inline contiguous(): bool {
    return false;
  }

  take(least: u32, most: u32): usize {
    const used = Mature.used() + LargeSpace.used();
    const capacity = load<u32>(HEAP_MATURE_CAPACITY);
    if (used > capacity || capacity - used < least) return 0;
    most = min(most, capacity - used);
    if (load<u32>(CONTROL_PLAN) == PLAN_GENMS) return MarkSweepSpace.take(least, most);
    return ImmixSpace.take(least, most, Blocks.inUse() < ImmixSpace.capacity());
  }

  giveBack(start: usize, end: usize): void {
    store<u32>(HEAP_SMALL_BYTES, load<u32>(HEAP_SMALL_BYTES) - <u32>(end - start));
    if (load<u32>(CONTROL_PLAN) == PLAN_GENMS) MarkSweepSpace.add(start, end);
    else ImmixSpace.add(start, end);
  }

  @inline placed(copy: usize, type: usize, several: bool): void {
    if (several) Marks.set<Several>(copy);
    else Marks.set<Alone>(copy);
    if (load<u32>(type, TYPE_KIND) == TYPE_KIND_CUSTOM) Customs.add(copy);
  }

  /** Bytes of small objects that were handed out. */
  @inline static used(): u32 {
    return load<u32>(HEAP_SMALL_BYTES);
  }
}

const ROOM: usize = 0;
const NUMBER: usize = 4;
const FIRST: u32 = 8;
const LEAST_ROOM: u32 = 62;

/** The list of mature objects of custom types. */
export abstract class Customs {
  static add(object: usize): void {
    Lock.acquire(CONTROL_HEAP_LOCK);
    let list = <usize>load<u32>(HEAP_CUSTOMS);
    const number = list ? load<u32>(list, NUMBER) : 0;
    if (!list || number == load<u32>(list, ROOM)) {
      const room = list ? 2 * number : LEAST_ROOM;
      const longer = Malloc.allocate(FIRST + 4 * room, 8);
      if (!longer) unreachable();
      if (list) memory.copy(longer, list, FIRST + 4 * number);
      store<u32>(longer, room, ROOM);
      Malloc.free(<u32>list);
      store<u32>(HEAP_CUSTOMS, <u32>longer);
      list = longer;
    }
    store<u32>(list + FIRST + 4 * number, <u32>object);
    store<u32>(list, number + 1, NUMBER);
    Lock.release(CONTROL_HEAP_LOCK);
  }

  /** Visits their references. New ones may be added meanwhile. */
  static visit<V extends Visitor>(visitor: V): void {
    const list = <usize>load<u32>(HEAP_CUSTOMS);
    const number = list ? load<u32>(list, NUMBER) : 0;
    for (let i: u32 = 0; i < number; i++) {
      // Another collector may be about to replace the list.
      Lock.acquire(CONTROL_HEAP_LOCK);
      const object = <usize>load<u32>(load<u32>(HEAP_CUSTOMS) + FIRST + 4 * i);
      Lock.release(CONTROL_HEAP_LOCK);
      Objects.visit<V>(visitor, object, load<u32>(object));
    }
  }

  /** After the closure of a major collection: keeps those that live. */
  static sweep<T extends Tracer>(tracer: T): void {
    const list = <usize>load<u32>(HEAP_CUSTOMS);
    if (!list) return;
    let kept: u32 = 0;
    for (let i: u32 = 0, number = load<u32>(list, NUMBER); i < number; i++) {
      const now = tracer.survivor(load<u32>(list + FIRST + 4 * i));
      if (now) store<u32>(list + FIRST + 4 * kept++, <u32>now);
    }
    store<u32>(list, kept, NUMBER);
  }
}
