/**
 * Allocation buffers: each carrier bumps CARRIER_TOP toward CARRIER_LIMIT in memory of its own, which is zero. Here is what happens
 * when it is used up.
 *
 * The size of a carrier's buffers doubles with each refill and is halved by each collection, so that a carrier that allocates little holds little: up to
 * MOST_BYTES, which still lie in the cache when they are used, and to a share of the heap, so that all together hold little of a small one. What is left of a buffer becomes a filler: a space can always be walked.
 */
import {
  CARRIERS,
  CARRIER_BYTES,
  CARRIER_LIMIT,
  CARRIER_TOP,
  CONTROL_ALLOCATED,
  CONTROL_CARRIER_COUNT,
  CONTROL_STRESS,
  CONTROL_STRESS_COUNT,
  HEAP_BUFFER_BYTES,
  HEAP_TOTAL,
  MAX_CARRIERS,
} from "./layout.gen";
import { Objects } from "./objects";
import { Plans } from "./plans/index";
import { Taken } from "./taken";

const LEAST_BYTES: u32 = 8192;
const MOST_BYTES: u32 = 262144;
/** Each carrier should need so many buffers between two collections, or more. */
const LEAST_REFILLS: u32 = 32;

export abstract class Buffers {
  static init(): void {
    for (let i: u32 = 0; i < MAX_CARRIERS; i++) {
      const carrier = CARRIERS + i * CARRIER_BYTES;
      store<u32>(carrier, 0, CARRIER_TOP);
      store<u32>(carrier, 0, CARRIER_LIMIT);
      store<u32>(HEAP_BUFFER_BYTES + (i << 2), LEAST_BYTES);
    }
  }

  /**
   * Memory for one object of `bytes` (a multiple of 8) that does not fit the carrier's buffer. 0: a collection is due. With `final`, a collection
   * has just been done: neither stress nor trigger count, and 0 means that there is no memory.
   */
  static allocate(carrier: usize, bytes: u32, final: bool): usize {
    const stress = load<u32>(CONTROL_STRESS);
    if (stress && !final && atomic.add<u32>(CONTROL_STRESS_COUNT, 1) >= stress) return 0;
    const top = load<u32>(carrier, CARRIER_TOP);
    const left = load<u32>(carrier, CARRIER_LIMIT) - top;
    if (bytes <= left) {
      store<u32>(carrier, top + bytes, CARRIER_TOP);
      return top;
    }
    if (stress || bytes >= Plans.directBytes()) return Buffers.take(bytes, bytes, final, 0);
    const wanted = HEAP_BUFFER_BYTES + ((<u32>(carrier - CARRIERS) / CARRIER_BYTES) << 2);
    const bufferBytes = load<u32>(wanted);
    const object = Buffers.take(bytes, max(bytes, bufferBytes), final, carrier);
    if (object && bufferBytes < Buffers.mostBytes()) store<u32>(wanted, bufferBytes << 1);
    return object;
  }

  private static mostBytes(): u32 {
    return min(MOST_BYTES, load<u32>(HEAP_TOTAL) / (LEAST_REFILLS * load<u32>(CONTROL_CARRIER_COUNT)));
  }

  /**
   * Takes `most` bytes from the plan, or fewer, but at least `least`. If a carrier is given, what follows
   * the first `least` bytes is its new buffer.
   */
  private static take(least: u32, most: u32, final: bool, carrier: usize): usize {
    const start = Plans.take(least, most, final);
    if (!start) return 0;
    const bytes = Taken.bytes;
    atomic.add<u64>(CONTROL_ALLOCATED, bytes);
    if (carrier) {
      Buffers.retire(carrier);
      store<u32>(carrier, <u32>start + least, CARRIER_TOP);
      store<u32>(carrier, <u32>start + bytes, CARRIER_LIMIT);
    }
    return start;
  }

  /** The carrier has no buffer any more. */
  private static retire(carrier: usize): void {
    const top = load<u32>(carrier, CARRIER_TOP);
    const limit = load<u32>(carrier, CARRIER_LIMIT);
    if (limit > top) {
      Objects.fill(top, limit);
      atomic.sub<u64>(CONTROL_ALLOCATED, limit - top);
    }
    store<u32>(carrier, 0, CARRIER_TOP);
    store<u32>(carrier, 0, CARRIER_LIMIT);
  }

  /** World stopped: no carrier has a buffer any more; the current space can be walked. */
  static retireAll(): void {
    const carriers = load<u32>(CONTROL_CARRIER_COUNT);
    for (let i: u32 = 0; i < carriers; i++) Buffers.retire(CARRIERS + i * CARRIER_BYTES);
  }

  /** A collection takes place: who allocates little gets smaller buffers. */
  static shrink(): void {
    const carriers = load<u32>(CONTROL_CARRIER_COUNT);
    for (let i: u32 = 0; i < carriers; i++) {
      const wanted = HEAP_BUFFER_BYTES + (i << 2);
      store<u32>(wanted, max(LEAST_BYTES, load<u32>(wanted) >> 1));
    }
  }
}
