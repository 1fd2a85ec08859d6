/** How full the parts of collected memory are. */
import type { Heap } from "./heap.ts";
import {
  HEAP_CURRENT,
  HEAP_LARGE_BYTES,
  HEAP_SMALL_BYTES,
  HEAP_SPACES,
  HEAP_TOTAL,
  HEAP_YOUNG_BYTES,
  SPACE_BYTES,
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

/** No plan has more parts. */
export const MAX_SPACES = 4;

/**
 * The parts that the plan has, always the same in the same order. Buffers that carriers allocate in count as used. The world is stopped, or the numbers are
 * those of different moments.
 */
export function spaces(heap: Heap): SpaceUse[] {
  const large = heap.word(HEAP_LARGE_BYTES);
  const total = heap.word(HEAP_TOTAL);
  if (heap.word(HEAP_YOUNG_BYTES) !== 0) return generations(heap, large, total);
  const current = heap.word(HEAP_CURRENT);
  const used = current === 0 ? heap.word(HEAP_SMALL_BYTES) : usedOf(heap, current);
  const most = current === 0 ? total : capacityOf(heap, current);
  return [
    { name: "Small", used, capacity: Math.max(used, Math.min(most, total - large)) },
    { name: "Large", used: large, capacity: large },
  ];
}

/** The young space is three bump spaces: survivors, eden, survivors (heap-as/spaces/young.ts). */
function generations(heap: Heap, large: number, total: number): SpaceUse[] {
  const [low, eden, high] = [0, 1, 2].map((i) => HEAP_SPACES + i * SPACE_BYTES) as [number, number, number];
  const edenCapacity = capacityOf(heap, eden);
  const half = capacityOf(heap, low);
  const survivors = usedOf(heap, low) + usedOf(heap, high);
  const mature = heap.word(HEAP_SMALL_BYTES);
  return [
    { name: "Eden", used: usedOf(heap, eden), capacity: edenCapacity },
    { name: "Survivor", used: survivors, capacity: Math.max(half, survivors) },
    { name: "Mature", used: mature, capacity: Math.max(mature, total - edenCapacity - half - large) },
    { name: "Large", used: large, capacity: large },
  ];
}

const usedOf = (heap: Heap, space: number): number => heap.word(space + SPACE_TOP) - heap.word(space + SPACE_START);
const capacityOf = (heap: Heap, space: number): number => heap.word(space + SPACE_END) - heap.word(space + SPACE_START);
