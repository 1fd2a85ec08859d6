/** What all collections have in common: a transitive closure from the roots, and then the references with a strength. */
import { HEAP_LIVE, HEAP_TRIGGER, HEAP_TRIGGER_LEAST } from "./layout.gen";
import { References, Tracer } from "./references";
import { Roots } from "./roots";

export abstract class Collection {
  /** Finds everything that lives. With the world stopped, and the tracer begun. */
  static trace<T extends Tracer>(tracer: T): void {
    Roots.visit<T>(tracer);
    tracer.close();
    References.process<T>(tracer);
  }

  /**
   * A collection left `live` bytes: the next one is due at twice that and some more, within `capacity`. So a small program keeps to a small
   * part of memory, and tracing costs about one byte per byte allocated.
   */
  static setTrigger(live: u32, capacity: u32): void {
    const wanted = <u64>live * 2 + load<u32>(HEAP_TRIGGER_LEAST);
    store<u32>(HEAP_LIVE, live);
    store<u32>(HEAP_TRIGGER, <u32>min<u64>(wanted, capacity));
  }
}
