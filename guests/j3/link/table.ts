/**
 * The table of CLASS_TABLE: a perfect hash of the keys a class answers to, found once when the class is defined.
 *
 * The entry of key k is number (k * seed) >>> shift, so there are 2^(32 - shift) entries of 8 bytes: key, value. Keys of one
 * interface are consecutive numbers, which multiplication by an odd constant spreads evenly, so a seed is found after few trials
 * even for well-filled tables. When the trials of a size are used up the size doubles.
 */
import type { LinkMemory } from "./memory.ts";

export interface HashTable {
  readonly address: number;
  readonly seed: number;
  /** At most 31. */
  readonly shift: number;
}

const GOLDEN = 0x9e3779b1;
const TRIALS = 48;

/** Makes a table of distinct non-zero keys. */
export function makeTable(memory: LinkMemory, keys: readonly number[], values: readonly number[]): HashTable {
  const { seed, shift } = findSeed(keys);
  const address = memory.malloc(8 << (32 - shift));
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    const at = (address >>> 2) + ((Math.imul(key, seed) >>> shift) << 1);
    memory.i32[at] = key;
    memory.i32[at + 1] = values[i] as number;
  }
  return { address, seed, shift };
}

/** The value of a key, or 0. */
export function lookUp(memory: LinkMemory, table: HashTable, key: number): number {
  const at = (table.address >>> 2) + ((Math.imul(key, table.seed) >>> table.shift) << 1);
  return memory.i32[at] === key ? (memory.i32[at + 1] as number) >>> 0 : 0;
}

function findSeed(keys: readonly number[]): { seed: number; shift: number } {
  let log = 1;
  while (1 << log < keys.length) log++;
  for (; log < 28; log++) {
    const used = new Uint16Array(1 << log);
    const shift = 32 - log;
    let seed = GOLDEN;
    for (let trial = 1; trial <= TRIALS; trial++) {
      let fits = true;
      for (let i = 0; i < keys.length; i++) {
        const at = Math.imul(keys[i] as number, seed) >>> shift;
        if (used[at] === trial) {
          fits = false;
          break;
        }
        used[at] = trial;
      }
      if (fits) return { seed: seed | 0, shift };
      // xorshift32, made odd.
      seed ^= seed << 13;
      seed ^= seed >>> 17;
      seed ^= seed << 5;
      seed |= 1;
    }
  }
  throw new Error(`no perfect hash for ${keys.length} keys`);
}
