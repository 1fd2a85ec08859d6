/**
 * Collecting young objects alone: those of eden move to the empty half for survivors while there is room, all others are promoted. Old objects count as live;
 * which of them refer to young ones, their cards tell (spaces/cards.ts).
 *
 * Invariant: when it is over, an old object's reference to a young one lies on a marked card. So whoever stores such a reference marks, copies' own references
 * included, since each of them is visited here.
 */
import {
  BLOCK_LARGE,
  BLOCK_LARGE_YOUNG,
  BLOCK_STATE,
  CONTROL_CARDS,
  HEAP_LARGE_LOWEST,
  HEAP_PROMOTES_AT_ONCE,
  HEAP_YOUNG_LARGE_BYTES,
  LOG_CARD_BYTES,
  TYPE_KIND,
  TYPE_KIND_CUSTOM,
} from "../layout.gen";
import { FORWARDED, Objects } from "../objects";
import { Crew } from "../parallel/crew";
import { Copies, MOST_FOLLOWED } from "../parallel/copies";
import { Forwarding } from "../parallel/forwarding";
import { Gray } from "../parallel/gray";
import { Self, Team } from "../parallel/team";
import { References, Tracer } from "../references";
import { Blocks } from "../spaces/blocks";
import { BumpSpace } from "../spaces/bump";
import { Cards } from "../spaces/cards";
import { LargeSpace } from "../spaces/large";
import { Customs, Mature } from "../spaces/mature";
import { ObjectMap } from "../spaces/object-map";
import { EDEN, Survivors, Young } from "../spaces/young";
import { Marks } from "./marks";

// Hold during one collection; read from the control block when it begins.
let youngStart: usize = 0;
let youngBytes: usize = 0;
let fromStart: usize = 0;
let fromBytes: usize = 0;
let edenStart: usize = 0;
let edenBytes: usize = 0;
/** Where blocks of young large objects may be. */
let largeStart: usize = 0;
let largeBytes: usize = 0;
let cards: usize = 0;
/** An object had to stay where it was. */
let stays: bool = false;

/** Whether there was not room enough, and objects have stayed where they were, marked. */
export function hasMinorFailed(): bool {
  return stays;
}

export class Minor<P extends Team> extends Tracer {
  /** Each collector, when a collection begins, after Young.close. */
  begin(): void {
    Marks.begin();
    youngStart = Young.start();
    youngBytes = Young.bytes();
    fromStart = Young.fromStart();
    fromBytes = Young.fromEnd() - fromStart;
    edenStart = BumpSpace.start(EDEN);
    edenBytes = load<u32>(HEAP_PROMOTES_AT_ONCE) ? 0 : BumpSpace.used(EDEN);
    largeStart = Blocks.address(load<u32>(HEAP_LARGE_LOWEST));
    largeBytes = load<u32>(HEAP_YOUNG_LARGE_BYTES) ? Blocks.address(Blocks.count()) - largeStart : 0;
    cards = load<u32>(CONTROL_CARDS);
    stays = false;
    ObjectMap.begin(fromStart, fromStart + fromBytes);
  }

  @inline several(): bool {
    return changetype<P>(0).several();
  }

  roots(stripes: u32): void {
    for (let stripe = Crew.claim(); stripe < stripes; stripe = Crew.claim()) Cards.scanStripe<Minor<P>>(this, stripe);
    // Tracers of the guest are with whoever runs the collection.
    if (!Self.number) Customs.visit<Minor<P>>(this);
  }

  @inline slot(slot: usize): void {
    const object = <usize>load<u32>(slot);
    if (object - youngStart < youngBytes) {
      const now = this.move(object);
      store<u32>(slot, <u32>now);
      if (now - youngStart < youngBytes) store<u8>(cards + (slot >> LOG_CARD_BYTES), 1);
    } else if (object - largeStart < largeBytes) {
      this.promoteLarge(object);
    }
  }

  /** Moves a young object unless that is done; returns where it is now. */
  @inline private move(object: usize): usize {
    if (object - fromStart >= fromBytes) return object;
    const word = Forwarding.word<P>(object);
    if (word & FORWARDED) return word ^ FORWARDED;
    if (stays && Marks.isMarked(object)) return object;
    const copy = this.moveAlone(object, word);
    this.follow(copy, word);
    return copy;
  }

  /** See Copies.isFollowed. Cards are marked when the copies are visited. */
  private follow(copy: usize, type: usize): void {
    for (let i = 0; i < MOST_FOLLOWED && !stays; i++) {
      const slot = Copies.firstSlot(copy, type);
      if (!slot) return;
      const object = <usize>load<u32>(slot);
      if (object - fromStart >= fromBytes) return;
      const word = Forwarding.word<P>(object);
      if (word & FORWARDED || !Copies.isFollowed(word)) return;
      copy = this.moveAlone(object, word);
      store<u32>(slot, <u32>copy);
      type = word;
    }
  }

  @inline private moveAlone(object: usize, word: u32): usize {
    if (object - edenStart < edenBytes) {
      const copy = Copies.move<P, Survivors>(object, word);
      if (copy) return copy;
      // The half is full: from now on all are promoted.
      edenBytes = 0;
    }
    return this.promote(object, word);
  }

  private promote(object: usize, type: u32): usize {
    let copy = Copies.move<P, Mature>(object, type);
    if (!copy) copy = Copies.move<P, Survivors>(object, type);
    if (copy) return copy;
    // Several collectors run only if there is room for everything (plans/generations.ts).
    if (changetype<P>(0).several()) unreachable();
    stays = true;
    Marks.mark<P>(object);
    return object;
  }

  /** A young large object becomes an old one, where it is. Others are left alone. */
  private promoteLarge(object: usize): void {
    const record = Blocks.record(Blocks.indexOf(object));
    if (load<u32>(record, BLOCK_STATE) != BLOCK_LARGE_YOUNG) return;
    if (!changetype<P>(0).several()) store<u32>(record, BLOCK_LARGE, BLOCK_STATE);
    else if (atomic.cmpxchg<u32>(record, BLOCK_LARGE_YOUNG, BLOCK_LARGE, BLOCK_STATE) != BLOCK_LARGE_YOUNG) return;
    const type = <usize>load<u32>(object);
    if (load<u32>(type, TYPE_KIND) == TYPE_KIND_CUSTOM) Customs.add(object);
    if (Objects.hasReferences(type)) Gray.pushLarge(object);
  }

  interior(slot: usize): void {
    const address = <usize>load<u32>(slot);
    if (address - fromStart < fromBytes) {
      const object = ObjectMap.find(address);
      store<u32>(slot, <u32>(this.move(object) + (address - object)));
    } else if (address - largeStart < largeBytes) {
      this.promoteLarge(LargeSpace.holder(address));
    }
  }

  reference(object: usize, type: usize): void {
    References.visit<Minor<P>>(this, object, type);
  }

  @inline survivor(object: usize): usize {
    if (object - fromStart < fromBytes) {
      const word = Forwarding.word<P>(object);
      if (word & FORWARDED) return word ^ FORWARDED;
      return stays && Marks.isMarked(object) ? object : 0;
    }
    if (object - largeStart >= largeBytes) return object;
    return load<u32>(Blocks.record(Blocks.indexOf(object)), BLOCK_STATE) == BLOCK_LARGE_YOUNG ? 0 : object;
  }

  @inline scan(): bool {
    return Copies.scan<Minor<P>, Survivors>(this);
  }

  close(): void {
    Gray.close<Minor<P>>(this);
  }
}
