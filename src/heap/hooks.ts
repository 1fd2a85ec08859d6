/** What a guest, and the log, are told of collections, on the Worker that runs them. */

/** A collection that is about to begin. */
export interface Collection {
  /** The first one has number 1. */
  readonly number: number;
  /** Some allocation found no memory, or somebody asked for it. */
  readonly why: "allocation" | "forced";
  /** It leaves no garbage. */
  readonly full: boolean;
  /** Soft references are cleared too. */
  readonly clearSoft: boolean;
  /** Bytes in use before it. */
  readonly usedBefore: number;
  /** Bytes that objects may fill before it; see {@link FinishedCollection.total}. */
  readonly totalBefore: number;
  /** How long it took to stop the others: milliseconds from asking to the last one that stopped. */
  readonly stopMilliseconds: number;
}

/** One that is over. What the plan tells is in words FACT_* (words.ts). */
export interface FinishedCollection extends Collection {
  /** Only young objects were looked at; old ones counted as live. False for plans without generations. */
  readonly minor: boolean;
  /** Bytes in use after it: what lives, or may live. */
  readonly usedAfter: number;
  /** Bytes that objects may fill from now on: the present size of the heap. */
  readonly total: number;
  /** The pause without the stopping. */
  readonly milliseconds: number;
  /** Workers that took part. */
  readonly collectors: number;
  /** Bytes that went from the young space to the mature one. */
  readonly promoted: number;
  /** Collections that a young object survives before it is promoted; 0: the plan has no ages. */
  readonly tenuring: number;
}

/**
 * Functions of the guest around each collection. The world is stopped: they may read memory and walk the heap, but must
 * not allocate collected memory, park, or keep a raw reference from one to the other. What they throw is a bug, as references are in flux.
 */
export interface CollectionHooks {
  readonly before?: (collection: Collection) => void;
  readonly after?: (collection: FinishedCollection) => void;
}
