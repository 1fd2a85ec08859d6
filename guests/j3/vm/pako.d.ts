/** What J3 uses of pako's port of zlib; the contracts are zlib.h's. */
declare module "pako/lib/zlib/zstream.js" {
  // biome-ignore lint/style/noDefaultExport: this is what pako exports
  export default class ZStream {
    input: Uint8Array;
    next_in: number;
    avail_in: number;
    output: Uint8Array;
    next_out: number;
    avail_out: number;
    msg: string;
    adler: number;
    state: unknown;
  }
}

declare module "pako/lib/zlib/inflate.js" {
  import type ZStream from "pako/lib/zlib/zstream.js";
  export function inflateInit2(stream: ZStream, windowBits: number): number;
  export function inflate(stream: ZStream, flush: number): number;
  export function inflateReset(stream: ZStream): number;
  export function inflateEnd(stream: ZStream): number;
  export function inflateSetDictionary(stream: ZStream, dictionary: Uint8Array): number;
}

declare module "pako/lib/zlib/deflate.js" {
  import type ZStream from "pako/lib/zlib/zstream.js";
  export function deflateInit2(
    stream: ZStream,
    level: number,
    method: number,
    windowBits: number,
    memLevel: number,
    strategy: number,
    legacyHash: boolean,
  ): number;
  export function deflate(stream: ZStream, flush: number): number;
  export function deflateReset(stream: ZStream): number;
  export function deflateEnd(stream: ZStream): number;
  export function deflateSetDictionary(stream: ZStream, dictionary: Uint8Array): number;
}
