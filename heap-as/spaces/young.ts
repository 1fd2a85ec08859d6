/**
 * Young objects: the first blocks of the range, one range of addresses, so that one comparison tells whether an object is young.
 *
 *   ┆ survivors ┆ eden ─ new objects ─▶ ........... ┆ survivors ┆
 *
 * One of the halves for survivors is empty. A collection goes over the other one and eden, which are neighbours: one comparison again. Ages need no bits: what lies
 * in eden has survived nothing and goes to the empty half while there is room; what lies in the half has survived once, and is promoted.
 *
 * Where there is no room for what is to be promoted, objects stay (`stay`), and both halves may have some: the next collection goes over all of the space.
 */
import {
  BLOCK_BYTES,
  BLOCK_YOUNG,
  CONTROL_CHECK,
  HEAP_BLOCKS_START,
  HEAP_SPACES,
  HEAP_SURVIVOR_RATIO,
  HEAP_SURVIVORS,
  HEAP_SURVIVORS_OTHER,
  HEAP_YOUNG_BYTES,
  LOG_BLOCK_BYTES,
  POISON_BYTE,
  SPACE_BYTES,
  SPACE_VIRGIN,
} from "../layout.gen";
import { Objects } from "../objects";
import { Destination } from "../parallel/copies";
import { Marks } from "../policies/marks";
import { Blocks } from "./blocks";
import { BumpSpace } from "./bump";
import { ObjectMap } from "./object-map";

const LOW: usize = HEAP_SPACES;
export const EDEN: usize = HEAP_SPACES + SPACE_BYTES;
const HIGH: usize = HEAP_SPACES + 2 * SPACE_BYTES;
/** A half for survivors is one part of so many of the young space, if HEAP_SURVIVOR_RATIO does not say something else. */
const SURVIVOR_SHARE: u32 = 8;
const LEAST_BLOCKS: u32 = 3;

/** The empty half, for objects of eden. */
export class Survivors extends Destination {
  @inline number(): u32 {
    return 2;
  }

  @inline contiguous(): bool {
    return true;
  }

  take(least: u32, most: u32): usize {
    const space = <usize>load<u32>(HEAP_SURVIVORS_OTHER);
    if (!space) return 0;
    return BumpSpace.takeDirty(space, least, most, BumpSpace.capacity(space));
  }

  giveBack(start: usize, end: usize): void {
    BumpSpace.giveBack(load<u32>(HEAP_SURVIVORS_OTHER), start, end);
  }

  @inline placed(copy: usize, type: usize, several: bool): void {}
}

export abstract class Young {
  /** Takes the first blocks, about so many bytes, and leaves at least half of all. */
  static init(bytes: u32): void {
    const blocks = max(LEAST_BLOCKS, min(bytes >> LOG_BLOCK_BYTES, Blocks.count() >> 1));
    const ratio = load<u32>(HEAP_SURVIVOR_RATIO);
    const half = max(1, blocks / (ratio ? ratio + 2 : SURVIVOR_SHARE)) << LOG_BLOCK_BYTES;
    const start = Blocks.address(0);
    const end = Blocks.address(blocks);
    for (let i: u32 = 0; i < blocks; i++) Blocks.use(i, BLOCK_YOUNG);
    BumpSpace.init(LOW, start, start + half);
    BumpSpace.init(EDEN, start + half, end - half);
    BumpSpace.init(HIGH, end - half, end);
    store<u32>(HEAP_YOUNG_BYTES, blocks << LOG_BLOCK_BYTES);
    store<u32>(HEAP_SURVIVORS, <u32>LOW);
    store<u32>(HEAP_SURVIVORS_OTHER, <u32>HIGH);
  }

  /** Bytes for survivors. */
  @inline static half(): u32 {
    return BumpSpace.capacity(LOW);
  }

  /** Bytes for new objects at most. */
  @inline static mostEden(): u32 {
    return <u32>(BumpSpace.start(HIGH) - BumpSpace.start(EDEN));
  }

  /** New objects may take so many bytes now. */
  static setEden(bytes: u32): void {
    const blocks = max(BLOCK_BYTES, bytes & ~(BLOCK_BYTES - 1));
    const end = BumpSpace.start(EDEN) + min(blocks, Young.mostEden());
    BumpSpace.setEnd(EDEN, max(end, BumpSpace.top(EDEN)));
  }

  @inline static start(): usize {
    return load<u32>(HEAP_BLOCKS_START);
  }

  @inline static bytes(): u32 {
    return load<u32>(HEAP_YOUNG_BYTES);
  }

  /** Whether the address lies in the young space. False in plans without one. */
  @inline static holds(address: usize): bool {
    return address - Young.start() < <usize>Young.bytes();
  }

  static used(): u32 {
    return BumpSpace.used(LOW) + BumpSpace.used(EDEN) + BumpSpace.used(HIGH);
  }

  /** What a collection goes over: [fromStart, fromEnd). */
  static fromStart(): usize {
    return load<u32>(HEAP_SURVIVORS_OTHER) == <u32>LOW ? BumpSpace.start(EDEN) : BumpSpace.start(LOW);
  }

  static fromEnd(): usize {
    return load<u32>(HEAP_SURVIVORS_OTHER) == <u32>HIGH ? BumpSpace.top(EDEN) : BumpSpace.top(HIGH);
  }

  /** Before a collection: makes one row of it. */
  static close(): void {
    const empty = <usize>load<u32>(HEAP_SURVIVORS_OTHER);
    if (empty != LOW) Objects.fill(BumpSpace.top(LOW), BumpSpace.start(EDEN));
    if (empty == HIGH) return;
    const top = BumpSpace.top(EDEN);
    Objects.fill(top, BumpSpace.start(HIGH));
    // The filler's word is not zero any more.
    if (top >= load<u32>(EDEN, SPACE_VIRGIN)) store<u32>(EDEN, <u32>top + 8, SPACE_VIRGIN);
  }

  /** Each collector, for the closure of a major collection, which leaves young objects where they are. */
  static beginMap(): void {
    if (Young.bytes()) ObjectMap.begin(Young.fromStart(), Young.fromEnd());
  }

  /** After such a closure. */
  static endMajor(): void {
    ObjectMap.end();
    Young.clearMarks();
  }

  /** Between collections no young object is marked. */
  private static clearMarks(): void {
    for (let i: u32 = 0; i < Young.bytes() >> LOG_BLOCK_BYTES; i++) Marks.clear(i);
  }

  /** After a collection for which there was not room enough: what has not left is marked, and stays. The rest becomes fillers. */
  static stay(): void {
    for (let space = LOW; space <= HIGH; space += SPACE_BYTES)
      if (space != <usize>load<u32>(HEAP_SURVIVORS_OTHER)) Young.sweepRow(BumpSpace.start(space), BumpSpace.top(space));
    Young.clearMarks();
    store<u32>(HEAP_SURVIVORS_OTHER, 0);
  }

  private static sweepRow(start: usize, top: usize): void {
    let at = start;
    for (let words = start; words < top; words += 512) {
      for (let bits = load<u64>(Marks.wordOf(words)); bits; bits &= bits - 1) {
        const object = words + ((<usize>ctz<u64>(bits)) << 3);
        Young.release(at, object);
        at = object + Objects.size(object, load<u32>(object));
      }
    }
    Young.release(at, top);
  }

  private static release(start: usize, end: usize): void {
    if (load<u32>(CONTROL_CHECK)) memory.fill(start, <u8>POISON_BYTE, end - start);
    Objects.fill(start, end);
  }

  /** All that lived has left. */
  static clear(): void {
    const from = <usize>load<u32>(HEAP_SURVIVORS);
    const to = <usize>load<u32>(HEAP_SURVIVORS_OTHER);
    for (let space = LOW; space <= HIGH; space += SPACE_BYTES) {
      if (space == to) continue;
      if (load<u32>(CONTROL_CHECK)) memory.fill(BumpSpace.start(space), <u8>POISON_BYTE, BumpSpace.used(space));
      BumpSpace.clear(space);
    }
    store<u32>(HEAP_SURVIVORS, <u32>(to ? to : LOW));
    store<u32>(HEAP_SURVIVORS_OTHER, <u32>(to ? from : HIGH));
  }

  /** The record of the first space in use that begins at or above an address; 0: none. */
  static next(from: usize): usize {
    for (let space = LOW; space <= HIGH; space += SPACE_BYTES)
      if (from <= BumpSpace.start(space) && BumpSpace.used(space)) return space;
    return 0;
  }

  /** Whether the address lies in memory in use. */
  static inUse(address: usize): bool {
    for (let space = LOW; space <= HIGH; space += SPACE_BYTES)
      if (address - BumpSpace.start(space) < <usize>BumpSpace.used(space)) return true;
    return false;
  }
}
