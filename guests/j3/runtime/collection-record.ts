/**
 * What the last collections were, for management beans: written by whichever Worker collects, read by the VM thread. The block lies in shared memory at
 * WORD_COLLECTION_RECORD; all words are f64.
 *
 *   minor   number  start  end  collectors   then for each space: used and size before, used and size after
 *   major   the same
 *   peaks   for each space: used and size when most was used
 *   ring    the last RING collections: minor, forced, then as above; the place is the number modulo RING
 *
 * Numbers begin with 1, 0: there was none. Times are milliseconds since the VM began; sizes are bytes.
 */
import { type Collection, type CollectionHooks, type Heap, MAX_SPACES, type SpaceUse, spaces } from "#heap";
import { CONTROL_GUEST } from "#layout";
import { Log, LogConfiguration, logCollections, openLog } from "#log";
import { WORD_COLLECTION_RECORD, WORD_VERBOSE_GC } from "./words.ts";

const HEAD = 4;
const SPACE_WORDS = 4;
const KIND_WORDS = HEAD + MAX_SPACES * SPACE_WORDS;
const PEAKS = 2 * KIND_WORDS;
const NOTES = PEAKS + 2 * MAX_SPACES;
const RING = 32;
const NOTE_WORDS = 2 + KIND_WORDS;
export const COLLECTION_RECORD_BYTES = 8 * (NOTES + RING * NOTE_WORDS);

/** What is used of a space, and its size. */
export type Use = Pick<SpaceUse, "used" | "capacity">;

export interface LastCollection {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly collectors: number;
  /** By space. */
  readonly before: readonly Use[];
  readonly after: readonly Use[];
}

/** What collections are called in logs. */
export const COLLECTION_CAUSES = { allocation: "Allocation Failure", forced: "System.gc()" } as const;

/** The log that a program turns on while it runs: on standard output. */
export function verboseLog(started: bigint): Log {
  const configuration = new LogConfiguration(["gc", "class", "load"]);
  configuration.add("gc,class+load");
  const plan = openLog(configuration, started);
  if ("refused" in plan) throw new Error(plan.refused);
  return new Log(plan, 0);
}

/** One of the last collections. */
export interface NotedCollection extends LastCollection {
  readonly minor: boolean;
  readonly forced: boolean;
}

/** Keeps the record, on a Worker that may collect. `started` is of the process's monotonic clock. */
export function recordCollections(heap: Heap, started: bigint): CollectionHooks {
  const now = (): number => Number(process.hrtime.bigint() - started) / 1e6;
  const log = heap.log;
  const isLogged = log.after !== undefined;
  let isVerbose = false;
  let start = 0;
  let before: readonly SpaceUse[] = [];
  /** MemoryMXBean.setVerbose: the collection that begins is the first to be told of. */
  const setVerbose = (isOn: boolean, collection: Collection): void => {
    isVerbose = isOn;
    heap.log = log;
    if (isOn) logCollections(verboseLog(started), heap, COLLECTION_CAUSES);
    if (isOn) heap.log.before?.(collection);
  };
  return {
    before: (collection) => {
      start = now();
      const table = heap.word(CONTROL_GUEST);
      const isOn = table !== 0 && heap.word(table + WORD_VERBOSE_GC) !== 0;
      if (isOn !== isVerbose && !isLogged) setVerbose(isOn, collection);
      before = spaces(heap);
      const record = recordOf(heap);
      if (record !== undefined) record.notePeaks(before);
    },
    after: (collection) => {
      const { minor, collectors, number, why } = collection;
      const forced = why === "forced";
      recordOf(heap)?.note({ minor, forced, number, start, end: now(), collectors, before, after: spaces(heap) });
    },
  };
}

/** The block; undefined while the VM is being made. */
export function recordOf(heap: Heap): CollectionRecord | undefined {
  const table = heap.word(CONTROL_GUEST);
  const address = table === 0 ? 0 : heap.word(table + WORD_COLLECTION_RECORD);
  return address === 0 ? undefined : new CollectionRecord(heap, address);
}

export class CollectionRecord {
  readonly #words: Float64Array;

  constructor(heap: Heap, address: number) {
    this.#words = heap.f64.subarray(address >>> 3, (address + COLLECTION_RECORD_BYTES) >>> 3);
  }

  note(collection: NotedCollection): void {
    const { minor, forced, number } = collection;
    this.#put(minor ? 0 : KIND_WORDS, collection);
    const place = NOTES + (number % RING) * NOTE_WORDS;
    this.#words.set([Number(minor), Number(forced)], place);
    this.#put(place + 2, collection);
  }

  #put(at: number, { number, start, end, collectors, before, after }: LastCollection): void {
    this.#words.set([number, start, end, collectors], at);
    for (const [i, use] of after.entries()) {
      const had = before[i] ?? use;
      this.#words.set([had.used, had.capacity, use.used, use.capacity], at + HEAD + i * SPACE_WORDS);
    }
  }

  /** The collection with this number; undefined: too many came after it, or it was not of this VM's. */
  noted(number: number, spaceCount: number): NotedCollection | undefined {
    const place = NOTES + (number % RING) * NOTE_WORDS;
    const found = this.#at(place + 2, spaceCount);
    if (found?.number !== number) return undefined;
    return { ...found, minor: this.#words[place] === 1, forced: this.#words[place + 1] === 1 };
  }

  /** The last one of the kind, or of both (the later); undefined: there was none. */
  last(minor: boolean | "any", spaceCount: number): LastCollection | undefined {
    const words = this.#words;
    const isMinor = minor === "any" ? words[0]! > words[KIND_WORDS]! : minor;
    return this.#at(isMinor ? 0 : KIND_WORDS, spaceCount);
  }

  #at(at: number, spaceCount: number): LastCollection | undefined {
    const words = this.#words;
    const [number, start, end, collectors] = words.subarray(at, at + HEAD) as unknown as [
      number,
      number,
      number,
      number,
    ];
    if (number === 0) return undefined;
    const uses = (offset: number): Use[] =>
      Array.from({ length: spaceCount }, (_, i) => {
        const use = at + HEAD + i * SPACE_WORDS + offset;
        return { used: words[use]!, capacity: words[use + 1]! };
      });
    return { number, start, end, collectors, before: uses(0), after: uses(2) };
  }

  notePeaks(now: readonly Use[]): void {
    for (const [i, { used, capacity }] of now.entries()) {
      if (used >= this.#words[PEAKS + 2 * i]!) this.#words.set([used, capacity], PEAKS + 2 * i);
    }
  }

  peak(space: number): Use {
    return { used: this.#words[PEAKS + 2 * space]!, capacity: this.#words[PEAKS + 2 * space + 1]! };
  }

  /** Forgets the peak of a space. */
  resetPeak(space: number, now: Use): void {
    this.#words.set([now.used, now.capacity], PEAKS + 2 * space);
  }
}
