/** java.util.zip.CRC32 and Adler32. */
import { crc32 } from "node:zlib";
import type { CarrierNatives } from "../types.ts";
import { memoryAt } from "./nio-channels.ts";

/** RFC 1950: the largest prime below 2^16. */
const BASE = 65521;
/** So many bytes can be summed before the sums leave 32 bits. */
const STEP = 5552;

function adler32(start: number, bytes: Uint8Array): number {
  let low = start & 0xffff;
  let high = start >>> 16;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + STEP, bytes.length);
    for (; at < end; at++) {
      low += bytes[at] as number;
      high += low;
    }
    low %= BASE;
    high %= BASE;
  }
  return (high << 16) | low;
}

const crc = (start: number, bytes: Uint8Array): number => crc32(bytes, start >>> 0) | 0;

export const checksumNatives: CarrierNatives = {
  direct: {
    "java/util/zip/CRC32.update(II)I": (_c, _sp, value: number, byte: number) => crc(value, Uint8Array.of(byte)),
    "java/util/zip/CRC32.updateBytes0(I[BII)I": (
      c,
      _sp,
      value: number,
      array: number,
      offset: number,
      length: number,
    ) => crc(value, c.byteView(array, offset, length)),
    "java/util/zip/CRC32.updateByteBuffer0(IJII)I": (
      c,
      _sp,
      value: number,
      address: bigint,
      offset: number,
      length: number,
    ) => crc(value, memoryAt(c, address + BigInt(offset), length)),
    "java/util/zip/Adler32.update(II)I": (_c, _sp, value: number, byte: number) => adler32(value, Uint8Array.of(byte)),
    "java/util/zip/Adler32.updateBytes(I[BII)I": (
      c,
      _sp,
      value: number,
      array: number,
      offset: number,
      length: number,
    ) => adler32(value, c.byteView(array, offset, length)),
    "java/util/zip/Adler32.updateByteBuffer(IJII)I": (
      c,
      _sp,
      value: number,
      address: bigint,
      offset: number,
      length: number,
    ) => adler32(value, memoryAt(c, address + BigInt(offset), length)),
  },
  blocking: {},
};
