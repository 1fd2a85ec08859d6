/** The inflaters and deflaters of java.util.zip: zlib streams by handle. They live on the VM thread, so any guest thread may use any. */
import { deflate, deflateInit2 } from "pako/lib/zlib/deflate.js";
import ZStream from "pako/lib/zlib/zstream.js";

/** zlib.h. */
export const Z_SYNC_FLUSH = 2;
const Z_BLOCK = 5;
export const Z_OK = 0;
export const Z_STREAM_END = 1;
export const Z_NEED_DICT = 2;
export const Z_STREAM_ERROR = -2;
export const Z_DATA_ERROR = -3;
export const Z_MEM_ERROR = -4;
export const Z_BUF_ERROR = -5;
const Z_DEFLATED = 8;
const DEFAULT_LEVEL = 6;
export const MAX_WINDOW_BITS = 15;
const MEMORY_LEVEL = 8;
/** The hash that zlib itself uses: so the deflated bytes are the same too. */
const ZLIB_HASH = true;

/** How hard each level looks for matches: good, lazy, nice, chain (zlib's deflate.c, configuration_table). */
const LEVELS: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 0, 0],
  [4, 4, 8, 4],
  [4, 5, 16, 8],
  [4, 6, 32, 32],
  [4, 4, 16, 16],
  [8, 16, 32, 32],
  [8, 16, 128, 128],
  [8, 32, 128, 256],
  [32, 128, 258, 1024],
  [32, 258, 258, 4096],
];

/** Stored, fast or slow. */
function methodOf(level: number): number {
  return level === 0 ? 0 : level < 4 ? 1 : 2;
}

interface DeflateState {
  level: number;
  strategy: number;
  last_flush: number;
  strstart: number;
  block_start: number;
  lookahead: number;
  good_match: number;
  max_lazy_match: number;
  nice_match: number;
  max_chain_length: number;
}

export class ZlibStreams {
  readonly #streams = new Map<number, ZStream>();
  #next = 1;

  add(stream: ZStream): bigint {
    const handle = this.#next++;
    this.#streams.set(handle, stream);
    return BigInt(handle);
  }

  get(handle: bigint): ZStream {
    const stream = this.#streams.get(Number(handle));
    if (stream === undefined) throw new Error(`there is no zlib stream ${handle}`);
    return stream;
  }

  remove(handle: bigint): void {
    this.#streams.delete(Number(handle));
  }
}

/** A new deflater. */
export function newDeflater(level: number, strategy: number, raw: boolean): ZStream {
  const stream = new ZStream();
  const windowBits = raw ? -MAX_WINDOW_BITS : MAX_WINDOW_BITS;
  deflateInit2(stream, level, Z_DEFLATED, windowBits, MEMORY_LEVEL, strategy, ZLIB_HASH);
  return stream;
}

/** zlib's deflateParams, which pako lacks: from here on other level and strategy. */
export function deflateParams(stream: ZStream, level: number, strategy: number): number {
  const state = stream.state as DeflateState;
  const wanted = level === -1 ? DEFAULT_LEVEL : level;
  const other = strategy !== state.strategy || methodOf(wanted) !== methodOf(state.level);
  if (other && state.last_flush !== -2) {
    if (deflate(stream, Z_BLOCK) === Z_STREAM_ERROR) return Z_STREAM_ERROR;
    if (stream.avail_in > 0 || state.strstart - state.block_start + state.lookahead > 0) return Z_BUF_ERROR;
  }
  state.level = wanted;
  state.strategy = strategy;
  [state.good_match, state.max_lazy_match, state.nice_match, state.max_chain_length] = LEVELS[wanted] as readonly [
    number,
    number,
    number,
    number,
  ];
  return Z_OK;
}
