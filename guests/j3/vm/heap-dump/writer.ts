/**
 * The bytes of a heap dump in the binary format HPROF 1.0.2, which heap analysers read. All numbers are big-endian; identifiers have 4 bytes:
 * addresses of objects, and for strings, frames and the like numbers from 1 on. Source: the manual of the format that came with hprof,
 * and services/heapDumper.cpp of OpenJDK 17, which writes it.
 *
 *   file     "JAVA PROFILE 1.0.2\0"  u4 bytes of an identifier  u8 milliseconds since 1970   records
 *   record   u1 tag   u4 microseconds since the file's time   u4 bytes of the body   body
 *   segment  a record whose body is a sequence of parts: u1 tag and what belongs to it
 */
import { closeSync, openSync, writeSync } from "node:fs";

export const RECORD_STRING = 0x01;
export const RECORD_LOAD_CLASS = 0x02;
export const RECORD_FRAME = 0x04;
export const RECORD_TRACE = 0x05;
const RECORD_SEGMENT = 0x1c;
const RECORD_END = 0x2c;

export const PART_ROOT_GLOBAL = 0x01;
export const PART_ROOT_FRAME = 0x03;
export const PART_ROOT_CLASS = 0x05;
export const PART_ROOT_THREAD = 0x08;
export const PART_CLASS = 0x20;
export const PART_INSTANCE = 0x21;
export const PART_OBJECTS = 0x22;
export const PART_PRIMITIVES = 0x23;

/** Numbers of the types, and bytes of a value, by descriptor letter. References are type 2. */
export const TYPES: Readonly<Record<string, readonly [number: number, bytes: number]>> = {
  L: [2, 4],
  "[": [2, 4],
  Z: [4, 1],
  C: [5, 2],
  F: [6, 4],
  D: [7, 8],
  B: [8, 1],
  S: [9, 2],
  I: [10, 4],
  J: [11, 8],
};

const RECORD_HEADER = 9;
/** A segment is ended when it has so many bytes; a part that is larger has one of its own. */
const SEGMENT_BYTES = 1 << 20;
/** The largest body: its length is a u4. */
const MAX_BODY = 0xffff_ffff;

export class HprofWriter {
  readonly #fd: number;
  #buffer = new Uint8Array(2 * SEGMENT_BYTES);
  #view = new DataView(this.#buffer.buffer);
  /** Bytes in the buffer; where the open record begins, or -1. */
  #at = 0;
  #record = -1;
  #written = 0;
  #strings = new Map<string, number>();
  readonly #encoder = new TextEncoder();

  /** The file must not be there yet. */
  constructor(path: string) {
    this.#fd = openSync(path, "wx", 0o600);
    this.#text("JAVA PROFILE 1.0.2\0");
    this.u4(4);
    this.u8(BigInt(Date.now()));
  }

  /** Ends the dump; gives the bytes of the file. */
  end(): number {
    this.endRecord();
    this.#begin(RECORD_END);
    this.endRecord();
    this.#flush();
    closeSync(this.#fd);
    return this.#written;
  }

  /** Gives the file up. */
  abandon(): void {
    closeSync(this.#fd);
  }

  // ---- records ------------------------------------------------------------------------------------------------------------------

  begin(tag: number): void {
    this.endRecord();
    this.#begin(tag);
  }

  endRecord(): void {
    if (this.#record < 0) return;
    this.#view.setUint32(this.#record + 5, this.#at - this.#record - RECORD_HEADER);
    this.#record = -1;
    if (this.#at >= SEGMENT_BYTES) this.#flush();
  }

  /** Begins a part of so many bytes, its tag included. All strings are written before the first one. */
  part(tag: number, bytes: number): void {
    const inSegment = this.#record >= 0 && this.#buffer[this.#record] === RECORD_SEGMENT;
    if (!inSegment || this.#at + bytes > this.#buffer.length) {
      this.endRecord();
      if (bytes > SEGMENT_BYTES) this.#flush();
      this.#begin(RECORD_SEGMENT);
    }
    this.u1(tag);
  }

  /** A part with an array whose elements do not fit: `head` bytes are written by the caller, then the elements by {@link elements}. */
  largePart(tag: number, head: number, elementBytes: number): void {
    const body = 1 + head + elementBytes;
    if (body > MAX_BODY) throw new Error(`an object of ${elementBytes} bytes is too large for a heap dump`);
    this.endRecord();
    this.#flush();
    this.u1(RECORD_SEGMENT);
    this.u4(0);
    this.u4(body);
    this.u1(tag);
  }

  /** The number of a string, which is written if it is new. */
  string(text: string): number {
    let id = this.#strings.get(text);
    if (id !== undefined) return id;
    id = this.#strings.size + 1;
    this.#strings.set(text, id);
    this.begin(RECORD_STRING);
    this.u4(id);
    this.#text(text);
    this.endRecord();
    return id;
  }

  // ---- values -------------------------------------------------------------------------------------------------------------------

  u1(value: number): void {
    this.#room(1);
    this.#buffer[this.#at++] = value;
  }

  u2(value: number): void {
    this.#room(2);
    this.#view.setUint16(this.#at, value);
    this.#at += 2;
  }

  u4(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#at, value);
    this.#at += 4;
  }

  u8(value: bigint): void {
    this.#room(8);
    this.#view.setBigUint64(this.#at, value);
    this.#at += 8;
  }

  /** A value of little-endian memory with 1, 2, 4 or 8 bytes. */
  value(memory: Uint8Array, address: number, bytes: number): void {
    this.#room(bytes);
    for (let i = bytes - 1; i >= 0; i--) this.#buffer[this.#at++] = memory[address + i]!;
  }

  /** So many elements of little-endian memory. */
  elements(memory: Uint8Array, address: number, count: number, bytes: number): void {
    if (bytes > 1) {
      for (let i = 0; i < count; i++) this.value(memory, address + i * bytes, bytes);
      return;
    }
    for (let done = 0; done < count; ) {
      const piece = Math.min(count - done, SEGMENT_BYTES);
      this.#room(piece);
      this.#buffer.set(memory.subarray(address + done, address + done + piece), this.#at);
      this.#at += piece;
      done += piece;
    }
  }

  #begin(tag: number): void {
    this.#record = this.#at;
    this.u1(tag);
    this.u4(0);
    this.u4(0);
  }

  /** While a record is open all of it stays in the buffer, as its length is written last. */
  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    if (this.#record < 0) {
      this.#flush();
      return;
    }
    const larger = new Uint8Array(2 * this.#buffer.length);
    larger.set(this.#buffer);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }

  #text(text: string): void {
    const bytes = this.#encoder.encode(text);
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #flush(): void {
    for (let done = 0; done < this.#at; ) done += writeSync(this.#fd, this.#buffer, done, this.#at - done);
    this.#written += this.#at;
    this.#at = 0;
  }
}
