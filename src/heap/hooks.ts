/** What a guest is told of collections, on the Worker that runs them. */

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
}

/** One that is over. */
export interface FinishedCollection extends Collection {
  /** Bytes in use after it: what lives. */
  readonly usedAfter: number;
  readonly milliseconds: number;
}

/**
 * Functions of the guest around each collection. The world is stopped: they may read memory and walk the heap, but must
 * not allocate collected memory, park, or keep a raw reference from one to the other. What they throw is a bug, as references are in flux.
 */
export interface CollectionHooks {
  readonly before?: (collection: Collection) => void;
  readonly after?: (collection: FinishedCollection) => void;
}
