/**
 * What linking needs of shared memory. Addresses are unsigned byte offsets; the views cover the whole memory and never detach.
 */
export interface LinkMemory {
  readonly i32: Int32Array;
  readonly i64: BigInt64Array;
  readonly u8: Uint8Array;
  /** Zeroed, 8-aligned, non-moving. */
  malloc(bytes: number): number;
  free(address: number): void;
  /** Address of a new strong root word, 0 in it. */
  newRoot(): number;
  freeRoot(address: number): void;
}

/** Hands out indices of the function tables. */
export interface SlotAllocator {
  /** A new slot for the method with this number. `signatureKey` is Signature.key of #ir. */
  allocate(signatureKey: string, methodId: number): number;
}

/** Reads an unsigned word. */
export function word(memory: LinkMemory, address: number): number {
  return (memory.i32[address >>> 2] as number) >>> 0;
}

export function setWord(memory: LinkMemory, address: number, value: number): void {
  memory.i32[address >>> 2] = value;
}
