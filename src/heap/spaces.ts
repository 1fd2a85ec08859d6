/** How full the parts of collected memory are. */
import type { Heap } from "./heap.ts";
import {
  HEAP_CURRENT,
  HEAP_LARGE_BYTES,
  HEAP_SMALL_BYTES,
  HEAP_TOTAL,
  SPACE_END,
  SPACE_START,
  SPACE_TOP,
} from "./words.ts";

/** One part. Bytes. */
export interface SpaceUse {
  readonly name: string;
  readonly used: number;
  /** What fits in at present. */
  readonly capacity: number;
}

/**
 * The parts that the plan has, always the same in the same order. Buffers that carriers allocate in count as used. The world is stopped, or the numbers are
 * those of different moments.
 */
export function spaces(heap: Heap): SpaceUse[] {
  const total = heap.word(HEAP_TOTAL);
  const large = heap.word(HEAP_LARGE_BYTES);
  const current = heap.word(HEAP_CURRENT);
  const small =
    current !== 0 ? heap.word(current + SPACE_TOP) - heap.word(current + SPACE_START) : heap.word(HEAP_SMALL_BYTES);
  const most = current !== 0 ? heap.word(current + SPACE_END) - heap.word(current + SPACE_START) : total;
  const room = Math.min(most, Math.max(small, total - large));
  return [
    { name: "Small", used: small, capacity: room },
    { name: "Large", used: large, capacity: large },
  ];
}
