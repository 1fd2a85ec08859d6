/**
 * Thresholds of memory pools (java.lang.management.MemoryPoolMXBean): when a collection has found more in use, the pool's sensor is triggered, which counts
 * and tells the listeners of the memory bean.
 *
 *   usage              crossed when as much was in use right before a collection or after it; told once, until less is
 *   collection usage   crossed by each collection that leaves as much
 */
import { spaces } from "#heap";
import { usageOf } from "../natives/vm/memory-beans.ts";
import type { NotedCollection, Use } from "../runtime/collection-record.ts";
import type { J3Steps } from "./effects.ts";
import type { J3 } from "./j3.ts";

export type SensorKind = "usage" | "collection";

interface Level {
  /** Bytes; 0: none. */
  threshold: number;
  /** Root of the sun.management.Sensor; 0: none yet. */
  sensor: number;
  isOver: boolean;
}

const SENSOR = "sun/management/Sensor";
/** Spaces that minor collections look at as a whole. */
const YOUNG: ReadonlySet<string> = new Set(["Eden", "Survivor"]);

/** What is used of a young space between collections goes up to its size every time: no threshold would tell anything. */
export function hasUsageThreshold(space: string): boolean {
  return !YOUNG.has(space);
}

export class PoolSensors {
  readonly #j: J3;
  readonly #levels = new Map<string, Level>();

  constructor(j: J3) {
    this.#j = j;
  }

  #level(kind: SensorKind, space: number): Level {
    const key = `${kind} ${space}`;
    let level = this.#levels.get(key);
    if (level === undefined) this.#levels.set(key, (level = { threshold: 0, sensor: 0, isOver: false }));
    return level;
  }

  setThreshold(kind: SensorKind, space: number, threshold: number): void {
    this.#level(kind, space).threshold = threshold;
  }

  /** `sensor` is a handle. */
  setSensor(kind: SensorKind, space: number, sensor: number): void {
    this.#level(kind, space).sensor = this.#j.objects.root(this.#j.objects.ref(sensor));
  }

  /** A collection was. */
  *see({ minor, before, after }: NotedCollection): J3Steps<void> {
    for (const [space, { name }] of spaces(this.#j.heap).entries()) {
      yield* this.look(space, before[space]!);
      yield* this.look(space, after[space]!);
      const level = this.#level("collection", space);
      if (minor && !YOUNG.has(name)) continue;
      if (level.threshold > 0 && after[space]!.used >= level.threshold) yield* this.#trigger(level, after[space]!);
      else yield* this.#clear(level);
    }
  }

  /** So much of a space is used now. */
  *look(space: number, use: Use): J3Steps<void> {
    const level = this.#level("usage", space);
    if (level.threshold === 0 || use.used < level.threshold) yield* this.#clear(level);
    else if (!level.isOver) yield* this.#trigger(level, use);
  }

  *#trigger(level: Level, use: Use): J3Steps<void> {
    if (level.sensor === 0) return;
    level.isOver = true;
    const j = this.#j;
    const trigger = j.method(j.world.boot(SENSOR), "trigger", "(ILjava/lang/management/MemoryUsage;)V");
    yield* j.invoke(trigger, [level.sensor, 1, yield* usageOf(j, use)]);
  }

  *#clear(level: Level): J3Steps<void> {
    if (!level.isOver) return;
    level.isOver = false;
    yield* this.#j.invoke(this.#j.method(this.#j.world.boot(SENSOR), "clear", "()V"), [level.sensor]);
  }
}
