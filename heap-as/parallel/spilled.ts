/**
 * Gray entries for which there was no memory. Copies are linked through the dead bodies of their originals, regions through their end marks, large objects through
 * their blocks' records; marked objects get a bit in a second table.
 */
import {
  BLOCK_BYTES,
  BLOCK_FREE,
  BLOCK_NEXT,
  HEAP_BLOCKS_START,
  HEAP_GRAYS,
  HEAP_SPILLED,
  HEAP_SPILLED_LARGE,
  HEAP_SPILLED_MARKS,
  HEAP_SPILLED_REGIONS,
  LOG_BLOCK_BYTES,
} from "../layout.gen";
import { FORWARDED } from "../objects";
import { Tracer } from "../references";
import { Blocks } from "../spaces/blocks";
import { END_NEXT, END_START, Gray } from "./gray";

export abstract class Spilled {
  static copy(original: usize): void {
    let head = atomic.load<u32>(HEAP_SPILLED);
    for (;;) {
      atomic.store<u32>(original, head, 4);
      const seen = atomic.cmpxchg<u32>(HEAP_SPILLED, head, <u32>original);
      if (seen == head) return;
      head = seen;
    }
  }

  static region(start: usize, end: usize): void {
    store<u32>(end, <u32>start, END_START);
    let head = atomic.load<u32>(HEAP_SPILLED_REGIONS);
    for (;;) {
      store<u32>(end, head, END_NEXT);
      const seen = atomic.cmpxchg<u32>(HEAP_SPILLED_REGIONS, head, <u32>end);
      if (seen == head) return;
      head = seen;
    }
  }

  static marked(object: usize): void {
    const offset = object - load<u32>(HEAP_BLOCKS_START);
    const word = <usize>load<u32>(HEAP_GRAYS) + ((offset >> 8) << 2);
    atomic.or<u32>(word, (<u32>1) << (<u32>(offset >> 3) & 31));
    atomic.store<u32>(HEAP_SPILLED_MARKS, 1);
  }

  static large(object: usize): void {
    const index = Blocks.indexOf(object);
    let head = atomic.load<u32>(HEAP_SPILLED_LARGE);
    for (;;) {
      store<u32>(Blocks.record(index), head, BLOCK_NEXT);
      const seen = atomic.cmpxchg<u32>(HEAP_SPILLED_LARGE, head, index + 1);
      if (seen == head) return;
      head = seen;
    }
  }

  /** Visits what was spilled; false: nothing was. One collector does it, while the others wait for packets. */
  static visit<T extends Tracer>(tracer: T): bool {
    let some = false;
    for (let original = <usize>atomic.xchg<u32>(HEAP_SPILLED, 0); original; some = true) {
      const copy = <usize>(load<u32>(original) ^ FORWARDED);
      original = load<u32>(original, 4);
      Gray.visit<T>(tracer, copy, load<u32>(copy));
      Gray.drain<T>(tracer);
    }
    for (let end = <usize>atomic.xchg<u32>(HEAP_SPILLED_REGIONS, 0); end; some = true) {
      const start = load<u32>(end, END_START);
      end = load<u32>(end, END_NEXT);
      Gray.visitRegion<T>(tracer, start);
      Gray.drain<T>(tracer);
    }
    for (let next = atomic.xchg<u32>(HEAP_SPILLED_LARGE, 0); next; some = true) {
      const index = next - 1;
      next = load<u32>(Blocks.record(index), BLOCK_NEXT);
      const object = Blocks.address(index);
      Gray.visit<T>(tracer, object, load<u32>(object));
      Gray.drain<T>(tracer);
    }
    if (atomic.xchg<u32>(HEAP_SPILLED_MARKS, 0)) {
      some = true;
      Spilled.visitMarks<T>(tracer);
    }
    return some;
  }

  private static visitMarks<T extends Tracer>(tracer: T): void {
    const grays = <usize>load<u32>(HEAP_GRAYS);
    for (let index: u32 = 0, count = Blocks.count(); index < count; index++) {
      if (Blocks.state(index) == BLOCK_FREE) continue;
      const block = Blocks.address(index);
      const words = grays + (index << (LOG_BLOCK_BYTES - 6));
      for (let word: u32 = 0; word < BLOCK_BYTES >> 8; word++) {
        let bits = atomic.xchg<u32>(words + (word << 2), 0);
        for (; bits; bits &= bits - 1) {
          const object = block + (word << 8) + (ctz<u32>(bits) << 3);
          Gray.visit<T>(tracer, object, load<u32>(object));
          Gray.drain<T>(tracer);
        }
      }
    }
  }
}
