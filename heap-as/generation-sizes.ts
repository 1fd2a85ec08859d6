/**
 * How a heap with generations is divided: how much new objects may take before the next minor collection, and old ones before the next major one.
 * Eden grows where much survives, as copying is what minor collections cost, and shrinks where next to nothing does.
 */
import {
  BLOCK_BYTES,
  HEAP_EDEN_WANTED,
  HEAP_HELPERS,
  HEAP_LIVE,
  HEAP_MATURE_CAPACITY,
  HEAP_MATURE_LIVE,
  HEAP_TOTAL,
  HEAP_TRIGGER,
  HEAP_WANTS_MAJOR,
  HEAP_YOUNG_WANTED,
  LOG_BLOCK_BYTES,
} from "./layout.gen";
import { Sizing } from "./sizing";
import { Blocks } from "./spaces/blocks";
import { BumpSpace } from "./spaces/bump";
import { LargeSpace } from "./spaces/large";
import { Mature } from "./spaces/mature";
import { EDEN, Young } from "./spaces/young";

/** Bytes of new objects between collections at first: they stay in the processor's caches. Half of the total at most. */
const EDEN_BYTES: u32 = 16 << 20;
/** Where more than one of so many bytes survive, eden grows, by more if it is most; where less than one of so many do, it shrinks. */
const MOST: u32 = 3;
const MANY: u32 = 8;
const FEW: u32 = 64;

export abstract class GenerationSizes {
  /** After a minor collection: moves the size that eden would like by how much has survived. `done`: eden is empty. */
  static adapt(survived: u32, done: bool): void {
    const eden = BumpSpace.capacity(EDEN);
    const wanted = load<u32>(HEAP_EDEN_WANTED);
    if (survived > eden / MANY) {
      const more = survived > eden / MOST ? 4 * eden : 2 * eden;
      store<u32>(HEAP_EDEN_WANTED, max(wanted, min(more, Young.mostEden())));
    } else if (survived < eden / FEW) {
      store<u32>(HEAP_EDEN_WANTED, max(EDEN_BYTES, wanted / 2));
    }
    if (done) GenerationSizes.resize();
  }

  /** After a major collection. Old objects may take `capacity` at most. */
  static setTrigger(capacity: u32): void {
    store<u32>(HEAP_MATURE_CAPACITY, capacity);
    store<u32>(HEAP_WANTS_MAJOR, 0);
    store<u32>(HEAP_MATURE_LIVE, GenerationSizes.used());
    if (!load<u32>(HEAP_EDEN_WANTED)) store<u32>(HEAP_EDEN_WANTED, EDEN_BYTES);
    GenerationSizes.resize();
  }

  /** Divides the total: how much new objects may take now, and old ones before the next major collection. */
  private static resize(): void {
    const capacity = load<u32>(HEAP_MATURE_CAPACITY);
    Sizing.setTrigger(load<u32>(HEAP_MATURE_LIVE), GenerationSizes.capacity());
    store<u32>(HEAP_LIVE, GenerationSizes.used());
    const total = load<u32>(HEAP_TOTAL);
    const wanted = load<u32>(HEAP_YOUNG_WANTED);
    const young = wanted ? wanted : min(load<u32>(HEAP_EDEN_WANTED), total / 2);
    // What the total has beyond what old objects and survivors may take is for new ones.
    const kept = capacity + Young.half();
    Young.setEden(max(young, total > kept ? total - kept : 0));
    const eden = BumpSpace.capacity(EDEN);
    const least = load<u32>(HEAP_MATURE_LIVE) + eden / 2;
    store<u32>(HEAP_TRIGGER, min(capacity, max(least, total > eden ? total - eden : 0)));
  }

  /** Bytes of free blocks. */
  static free(): u32 {
    return (Blocks.count() << LOG_BLOCK_BYTES) - Blocks.inUse();
  }

  /** Whether all young objects can be promoted. That wastes ends of blocks, so twice the room suffices. */
  static isRoomy(): bool {
    const room: u32 = 2 * Young.used() + (1 + load<u32>(HEAP_HELPERS)) * BLOCK_BYTES;
    const used = GenerationSizes.matureUsed();
    return GenerationSizes.free() >= room && used + room <= load<u32>(HEAP_MATURE_CAPACITY);
  }

  @inline static matureUsed(): u32 {
    return Mature.used() + LargeSpace.used();
  }

  static used(): u32 {
    return Young.used() + GenerationSizes.matureUsed();
  }

  static capacity(): u32 {
    return load<u32>(HEAP_MATURE_CAPACITY) + Young.mostEden() + Young.half();
  }
}
