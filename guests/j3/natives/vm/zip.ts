/** java.util.zip.Inflater and Deflater. Buffers are byte arrays or memory at addresses; results are packed as the library unpacks them. */
import { deflate, deflateReset, deflateSetDictionary } from "pako/lib/zlib/deflate.js";
import { inflate, inflateInit2, inflateReset, inflateSetDictionary } from "pako/lib/zlib/inflate.js";
import ZStream from "pako/lib/zlib/zstream.js";
import { GuestThrow, throwing } from "../../link/index.ts";
import { ARRAY_DATA } from "../../model/record.ts";
import type { J3 } from "../../vm/j3.ts";
import {
  deflateParams,
  MAX_WINDOW_BITS,
  newDeflater,
  Z_BUF_ERROR,
  Z_DATA_ERROR,
  Z_NEED_DICT,
  Z_OK,
  Z_STREAM_END,
  Z_SYNC_FLUSH,
} from "../../vm/zlib-streams.ts";
import type { VmNatives } from "../types.ts";

/** Bits 0 to 30 input used, 31 to 61 output used, 62 finished, 63 needs a dictionary or parameters set again. */
function packed(input: number, output: number, finished: boolean, again: boolean): bigint {
  const value = BigInt(input) | (BigInt(output) << 31n) | (finished ? 1n << 62n : 0n) | (again ? 1n << 63n : 0n);
  return BigInt.asIntN(64, value);
}

/** A part of a byte array, in place: nothing is allocated while it is used. */
function inArray(j: J3, array: number, offset: number, length: number): Uint8Array {
  const start = j.objects.ref(array) + ARRAY_DATA + offset;
  return j.mem.u8.subarray(start, start + length);
}

function atAddress(j: J3, address: bigint, length: number): Uint8Array {
  const start = Number(BigInt.asUintN(32, address));
  return j.mem.u8.subarray(start, start + length);
}

function give(stream: ZStream, input: Uint8Array, output: Uint8Array): void {
  stream.input = input;
  stream.next_in = 0;
  stream.avail_in = input.length;
  stream.output = output;
  stream.next_out = 0;
  stream.avail_out = output.length;
}

function runInflate(j: J3, inflater: number, handle: bigint, input: Uint8Array, output: Uint8Array): bigint {
  const stream = j.native.zlib.get(handle);
  give(stream, input, output);
  const result = inflate(stream, Z_SYNC_FLUSH);
  const used = input.length - stream.avail_in;
  const made = output.length - stream.avail_out;
  switch (result) {
    case Z_BUF_ERROR:
      return 0n;
    case Z_OK:
    case Z_STREAM_END:
      return packed(used, made, result === Z_STREAM_END, false);
    case Z_NEED_DICT:
      return packed(used, made, false, true);
    case Z_DATA_ERROR: {
      const { objects } = j;
      objects.setInt(inflater, objects.field("java/util/zip/Inflater", "inputConsumed", "I"), used);
      objects.setInt(inflater, objects.field("java/util/zip/Inflater", "outputConsumed", "I"), made);
      throw new GuestThrow({
        className: "java/util/zip/DataFormatException",
        detail: stream.msg === "" ? null : stream.msg,
      });
    }
    default:
      throw throwing("InternalError", stream.msg === "" ? null : stream.msg);
  }
}

function runDeflate(
  j: J3,
  handle: bigint,
  input: Uint8Array,
  output: Uint8Array,
  flush: number,
  params: number,
): bigint {
  const stream = j.native.zlib.get(handle);
  give(stream, input, output);
  const setting = (params & 1) !== 0;
  const result = setting ? deflateParams(stream, params >> 3, (params >> 1) & 3) : deflate(stream, flush);
  const used = input.length - stream.avail_in;
  const made = output.length - stream.avail_out;
  if (result === Z_OK) return packed(used, made, false, false);
  if (result === Z_BUF_ERROR) return setting ? packed(used, made, false, true) : 0n;
  if (result === Z_STREAM_END && !setting) return packed(used, made, true, false);
  throw throwing("InternalError", stream.msg === "" ? null : stream.msg);
}

function setInflaterDictionary(j: J3, handle: bigint, dictionary: Uint8Array): void {
  if (inflateSetDictionary(j.native.zlib.get(handle), dictionary) !== Z_OK)
    throw throwing("IllegalArgumentException", null);
}

function setDeflaterDictionary(j: J3, handle: bigint, dictionary: Uint8Array): void {
  if (deflateSetDictionary(j.native.zlib.get(handle), dictionary) !== Z_OK)
    throw throwing("IllegalArgumentException", null);
}

const I = "java/util/zip/Inflater.";
const D = "java/util/zip/Deflater.";

export const zipNatives: VmNatives = {
  [`${I}init(Z)J`]: (j: J3, raw: number) => {
    const stream = new ZStream();
    inflateInit2(stream, raw !== 0 ? -MAX_WINDOW_BITS : MAX_WINDOW_BITS);
    return j.native.zlib.add(stream);
  },
  [`${I}setDictionary(J[BII)V`]: (j: J3, handle: bigint, array: number, offset: number, length: number) =>
    setInflaterDictionary(j, handle, inArray(j, array, offset, length).slice()),
  [`${I}setDictionaryBuffer(JJI)V`]: (j: J3, handle: bigint, address: bigint, length: number) =>
    setInflaterDictionary(j, handle, atAddress(j, address, length).slice()),
  [`${I}inflateBytesBytes(J[BII[BII)J`]: (
    j: J3,
    self: number,
    handle: bigint,
    input: number,
    inputAt: number,
    inputLength: number,
    output: number,
    outputAt: number,
    outputLength: number,
  ) => runInflate(j, self, handle, inArray(j, input, inputAt, inputLength), inArray(j, output, outputAt, outputLength)),
  [`${I}inflateBytesBuffer(J[BIIJI)J`]: (
    j: J3,
    self: number,
    handle: bigint,
    input: number,
    inputAt: number,
    inputLength: number,
    output: bigint,
    outputLength: number,
  ) => runInflate(j, self, handle, inArray(j, input, inputAt, inputLength), atAddress(j, output, outputLength)),
  [`${I}inflateBufferBytes(JJI[BII)J`]: (
    j: J3,
    self: number,
    handle: bigint,
    input: bigint,
    inputLength: number,
    output: number,
    outputAt: number,
    outputLength: number,
  ) => runInflate(j, self, handle, atAddress(j, input, inputLength), inArray(j, output, outputAt, outputLength)),
  [`${I}inflateBufferBuffer(JJIJI)J`]: (
    j: J3,
    self: number,
    handle: bigint,
    input: bigint,
    inputLength: number,
    output: bigint,
    outputLength: number,
  ) => runInflate(j, self, handle, atAddress(j, input, inputLength), atAddress(j, output, outputLength)),
  [`${I}getAdler(J)I`]: (j: J3, handle: bigint) => j.native.zlib.get(handle).adler | 0,
  [`${I}reset(J)V`]: (j: J3, handle: bigint) => void inflateReset(j.native.zlib.get(handle)),
  [`${I}end(J)V`]: (j: J3, handle: bigint) => j.native.zlib.remove(handle),

  [`${D}init(IIZ)J`]: (j: J3, level: number, strategy: number, raw: number) =>
    j.native.zlib.add(newDeflater(level, strategy, raw !== 0)),
  [`${D}setDictionary(J[BII)V`]: (j: J3, handle: bigint, array: number, offset: number, length: number) =>
    setDeflaterDictionary(j, handle, inArray(j, array, offset, length).slice()),
  [`${D}setDictionaryBuffer(JJI)V`]: (j: J3, handle: bigint, address: bigint, length: number) =>
    setDeflaterDictionary(j, handle, atAddress(j, address, length).slice()),
  [`${D}deflateBytesBytes(J[BII[BIIII)J`]: (
    j: J3,
    _self: number,
    handle: bigint,
    input: number,
    inputAt: number,
    inputLength: number,
    output: number,
    outputAt: number,
    outputLength: number,
    flush: number,
    params: number,
  ) => {
    const from = inArray(j, input, inputAt, inputLength);
    return runDeflate(j, handle, from, inArray(j, output, outputAt, outputLength), flush, params);
  },
  [`${D}deflateBytesBuffer(J[BIIJIII)J`]: (
    j: J3,
    _self: number,
    handle: bigint,
    input: number,
    inputAt: number,
    inputLength: number,
    output: bigint,
    outputLength: number,
    flush: number,
    params: number,
  ) => {
    const from = inArray(j, input, inputAt, inputLength);
    return runDeflate(j, handle, from, atAddress(j, output, outputLength), flush, params);
  },
  [`${D}deflateBufferBytes(JJI[BIIII)J`]: (
    j: J3,
    _self: number,
    handle: bigint,
    input: bigint,
    inputLength: number,
    output: number,
    outputAt: number,
    outputLength: number,
    flush: number,
    params: number,
  ) => {
    const to = inArray(j, output, outputAt, outputLength);
    return runDeflate(j, handle, atAddress(j, input, inputLength), to, flush, params);
  },
  [`${D}deflateBufferBuffer(JJIJIII)J`]: (
    j: J3,
    _self: number,
    handle: bigint,
    input: bigint,
    inputLength: number,
    output: bigint,
    outputLength: number,
    flush: number,
    params: number,
  ) => {
    const to = atAddress(j, output, outputLength);
    return runDeflate(j, handle, atAddress(j, input, inputLength), to, flush, params);
  },
  [`${D}getAdler(J)I`]: (j: J3, handle: bigint) => j.native.zlib.get(handle).adler | 0,
  [`${D}reset(J)V`]: (j: J3, handle: bigint) => void deflateReset(j.native.zlib.get(handle)),
  [`${D}end(J)V`]: (j: J3, handle: bigint) => j.native.zlib.remove(handle),
};
