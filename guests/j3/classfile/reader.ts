import { formatError } from "./failure.ts";

/**
 * A position in big-endian bytes, JVMS §4.1. Every read is bounded by `end`; a read past it is "Truncated class file".
 * Offsets are in bytes from the start of the class file.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** What messages call the class. */
  source: string;
  /** The first offset that may not be read. */
  readonly end: number;
  position: number;

  constructor(bytes: Uint8Array, source: string, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.source = source;
    this.position = start;
    this.end = end;
  }

  u1(): number {
    const at = this.position;
    if (at + 1 > this.end) this.truncated();
    this.position = at + 1;
    return this.bytes[at] as number;
  }

  u2(): number {
    const at = this.position;
    if (at + 2 > this.end) this.truncated();
    this.position = at + 2;
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
  }

  u4(): number {
    const at = this.position;
    if (at + 4 > this.end) this.truncated();
    this.position = at + 4;
    return u4At(this.bytes, at);
  }

  skip(count: number): void {
    if (this.position + count > this.end) this.truncated();
    this.position += count;
  }

  /** Fails unless `count` more bytes can be read. */
  need(count: number): void {
    if (this.position + count > this.end) this.truncated();
  }

  /** A view, not a copy. */
  view(count: number): Uint8Array {
    const at = this.position;
    this.skip(count);
    return this.bytes.subarray(at, at + count);
  }

  /** A ClassFormatError at the reader's position. */
  fail(message: string): never {
    throw formatError(message, this.source, this.position);
  }

  truncated(): never {
    throw formatError("Truncated class file", this.source, this.end);
  }
}

/** Unsigned; the caller has checked the bounds. */
export function u2At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** Unsigned; the caller has checked the bounds. */
export function u4At(bytes: Uint8Array, at: number): number {
  return i4At(bytes, at) >>> 0;
}

/** Signed; the caller has checked the bounds. */
export function i4At(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}
