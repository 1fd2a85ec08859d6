/**
 * Packets of gray objects (gray.ts), for whoever has nothing to do: a list under HEAP_GRAY_LOCK; and waiting for one.
 */
import {
  HEAP_ACTIVE,
  HEAP_BELL,
  HEAP_DEFERRED,
  HEAP_GRAY_LOCK,
  HEAP_HUNGRY,
  HEAP_PACKETS,
  HEAP_PACKETS_FREE,
  HEAP_PACKETS_FREE_COUNT,
  HEAP_SHARED,
  HEAP_TASK,
  PACKET_ENTRIES,
  PACKET_NEXT,
  PACKET_USED,
  TASK_NONE,
} from "../layout.gen";
import { Lock } from "../lock";
import { Malloc } from "../malloc";
import { Crew } from "./crew";

/** Of its entries. */
export const PACKET_BYTES: u32 = 4096;
/** Empty packets that are kept between collections. */
const MOST_FREE: u32 = 16;

export abstract class Packets {
  /** Whether another collector looks for work and finds none. */
  @inline static isWanted(): bool {
    return load<u32>(HEAP_HUNGRY) != 0 && !load<u32>(HEAP_PACKETS);
  }

  /** An empty packet; 0: there is no memory for one. */
  static empty(): usize {
    Lock.acquire(HEAP_GRAY_LOCK);
    const packet = <usize>load<u32>(HEAP_PACKETS_FREE);
    if (packet) {
      store<u32>(HEAP_PACKETS_FREE, load<u32>(packet, PACKET_NEXT));
      store<u32>(HEAP_PACKETS_FREE_COUNT, load<u32>(HEAP_PACKETS_FREE_COUNT) - 1);
    }
    Lock.release(HEAP_GRAY_LOCK);
    return packet ? packet : Malloc.allocate(PACKET_ENTRIES + PACKET_BYTES, 8);
  }

  /** The packet is empty again. */
  static release(packet: usize): void {
    Lock.acquire(HEAP_GRAY_LOCK);
    const count = load<u32>(HEAP_PACKETS_FREE_COUNT);
    if (count < MOST_FREE) {
      store<u32>(packet, load<u32>(HEAP_PACKETS_FREE), PACKET_NEXT);
      store<u32>(HEAP_PACKETS_FREE, <u32>packet);
      store<u32>(HEAP_PACKETS_FREE_COUNT, count + 1);
    }
    Lock.release(HEAP_GRAY_LOCK);
    if (count >= MOST_FREE) Malloc.free(<u32>packet);
  }

  /** So many bytes of entries are for everybody. */
  static publish(packet: usize, bytes: u32): void {
    store<u32>(packet, bytes, PACKET_USED);
    Lock.acquire(HEAP_GRAY_LOCK);
    store<u32>(packet, load<u32>(HEAP_PACKETS), PACKET_NEXT);
    store<u32>(HEAP_PACKETS, <u32>packet);
    store<u32>(HEAP_SHARED, load<u32>(HEAP_SHARED) + 1);
    Lock.release(HEAP_GRAY_LOCK);
    if (atomic.load<u32>(HEAP_HUNGRY) && load<u32>(HEAP_TASK) != TASK_NONE) Crew.ring();
  }

  /** A packet with entries; 0: there is none. */
  static take(): usize {
    if (!load<u32>(HEAP_PACKETS)) return 0;
    Lock.acquire(HEAP_GRAY_LOCK);
    const packet = Packets.pop();
    Lock.release(HEAP_GRAY_LOCK);
    return packet;
  }

  /** The same for a helper, which is not at work any more if there is none. */
  static takeOrLeave(): usize {
    Lock.acquire(HEAP_GRAY_LOCK);
    const packet = Packets.pop();
    if (!packet) Crew.leaveLocked();
    Lock.release(HEAP_GRAY_LOCK);
    return packet;
  }

  @inline private static pop(): usize {
    const packet = <usize>load<u32>(HEAP_PACKETS);
    if (packet) store<u32>(HEAP_PACKETS, load<u32>(packet, PACKET_NEXT));
    return packet;
  }

  /** Whoever runs the collection has nothing to do: waits for something. False: the others have nothing either. */
  static await(): bool {
    atomic.add<u32>(HEAP_HUNGRY, 1);
    let more = false;
    for (;;) {
      const bell = atomic.load<u32>(HEAP_BELL);
      Lock.acquire(HEAP_GRAY_LOCK);
      more = load<u32>(HEAP_PACKETS) != 0 || load<u32>(load<u32>(HEAP_DEFERRED), PACKET_USED) != 0;
      const isOver = !more && !load<u32>(HEAP_ACTIVE);
      Lock.release(HEAP_GRAY_LOCK);
      if (more || isOver) break;
      Crew.rest(bell);
    }
    atomic.sub<u32>(HEAP_HUNGRY, 1);
    return more;
  }

  // ---- objects of custom kinds ----

  /** A helper has met an object that a tracer of the guest has to visit: whoever runs the collection does. */
  static defer(object: usize): void {
    const packet = <usize>load<u32>(HEAP_DEFERRED);
    for (;;) {
      const bell = atomic.load<u32>(HEAP_BELL);
      Lock.acquire(HEAP_GRAY_LOCK);
      const used = load<u32>(packet, PACKET_USED);
      if (used < PACKET_BYTES) {
        store<u32>(packet + used, <u32>object, PACKET_ENTRIES);
        store<u32>(packet, used + 4, PACKET_USED);
      }
      Lock.release(HEAP_GRAY_LOCK);
      if (atomic.load<u32>(HEAP_HUNGRY)) Crew.ring();
      if (used < PACKET_BYTES) return;
      Crew.rest(bell);
    }
  }

  /** Such an object; 0: there is none. */
  static takeDeferred(): usize {
    const packet = <usize>load<u32>(HEAP_DEFERRED);
    if (!atomic.load<u32>(packet, PACKET_USED)) return 0;
    Lock.acquire(HEAP_GRAY_LOCK);
    const used = load<u32>(packet, PACKET_USED) - 4;
    const object = <usize>load<u32>(packet + used, PACKET_ENTRIES);
    store<u32>(packet, used, PACKET_USED);
    Lock.release(HEAP_GRAY_LOCK);
    return object;
  }
}
