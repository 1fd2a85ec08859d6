/**
 * Malloc'd structures. Each type record has its pool: blocks that are never given back, so that whatever a stale pointer's address names is a
 * block of the same structure, and its generation tells the two apart.
 *
 *   block:   0 generation (never 0)   4 next free block   8 fields
 *   pointer: generation << 32 | address
 */
import { TYPE_SIZE } from "#layout";
import { MALLOC_GENERATION, RECORD_POOL, STRUCT_FIELDS } from "../layout.ts";
import type { NativeContext } from "./context.ts";
import { WORD_POOL_LOCK } from "./words.ts";

const NEXT = 4;
const CHUNK_BYTES = 16384;
/** Of the blocks of a fresh chunk. */
const FIRST_GENERATION = 1;

/** No safepoint inside: `action` touches non-moving memory alone. */
function locked<T>(c: NativeContext, action: () => T): T {
  const word = c.wordAddress(WORD_POOL_LOCK);
  while (c.mem.atomicCas(word, 0, 1) !== 0) c.mem.wait(word, 1, 1);
  try {
    return action();
  } finally {
    c.mem.atomicStore(word, 0);
    c.mem.notify(word, 1);
  }
}

/** A block for a structure with this record, its fields zero. */
export function allocate(c: NativeContext, _sp: number, record: number): bigint {
  const { mem } = c;
  const bytes = mem.word(record + TYPE_SIZE);
  const block = locked(c, () => {
    if (mem.word(record + RECORD_POOL) === 0) addChunk(c, record, bytes);
    const found = mem.word(record + RECORD_POOL);
    if (found !== 0) mem.setWord(record + RECORD_POOL, mem.word(found + NEXT));
    return found;
  });
  if (block === 0) throw c.failure("out-of-memory", `no memory for a structure of ${bytes - STRUCT_FIELDS} bytes`);
  mem.setWord(block + NEXT, 0);
  mem.u8.fill(0, block + STRUCT_FIELDS, block + bytes);
  return (BigInt(mem.word(block + MALLOC_GENERATION)) << 32n) | BigInt(block);
}

function addChunk(c: NativeContext, record: number, bytes: number): void {
  const { mem, carrier } = c;
  const count = Math.max(1, Math.floor(CHUNK_BYTES / bytes));
  c.needFixed(count * bytes);
  const chunk = carrier.heap.tryMalloc(count * bytes);
  if (chunk === 0) return;
  for (let i = count - 1; i >= 0; i--) {
    const block = chunk + i * bytes;
    mem.setWord(block + MALLOC_GENERATION, FIRST_GENERATION);
    mem.setWord(block + NEXT, mem.word(record + RECORD_POOL));
    mem.setWord(record + RECORD_POOL, block);
  }
}

/** Gives a structure's block back to the pool of its record. */
export function free(c: NativeContext, _sp: number, pointer: bigint, record: number): void {
  const { mem } = c;
  const block = Number(pointer & 0xffffffffn);
  const generation = Number((pointer >> 32n) & 0xffffffffn);
  if (block === 0) throw c.failure("null", "a null pointer is freed");
  locked(c, () => {
    if (mem.word(block + MALLOC_GENERATION) !== generation) {
      throw c.failure("double-free", "the structure was freed before");
    }
    mem.atomicStore(block + MALLOC_GENERATION, generation + 1);
    // A block whose generations are used up is not used again.
    if (generation === 0xffffffff) return;
    mem.setWord(block + NEXT, mem.word(record + RECORD_POOL));
    mem.setWord(record + RECORD_POOL, block);
  });
}

export function stale(c: NativeContext): void {
  throw c.failure("use-after-free", "the structure was freed");
}
