import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { crc32, inflateRawSync } from "node:zlib";
import {
  CENTRAL_BYTES,
  CENTRAL_SIGNATURE,
  DEFLATED,
  END_BYTES,
  END_SIGNATURE,
  END64_BYTES,
  END64_SIGNATURE,
  LOCAL_BYTES,
  LOCAL_SIGNATURE,
  LOCATOR64_BYTES,
  LOCATOR64_SIGNATURE,
  MAX_COMMENT_BYTES,
  STORED,
} from "./zip-format.ts";

/**
 * Zip and jar archives, read through their central directory (APPNOTE.TXT 4.3-4.5, with zip64). Stored and deflated
 * entries; sizes and CRC-32 are checked when an entry is read. All numbers are little-endian.
 */

const ZIP64_EXTRA = 1;
const ENCRYPTED_FLAG = 1;

/** What is wrong with an archive. `message` is java.util.zip's where it has one. */
export class ZipFailure extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.name = "ZipFailure";
    this.path = path;
  }
}

/** A row of the central directory. Sizes in bytes. */
export interface ZipEntry {
  /** As stored, with slashes; a folder's ends with one. */
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Modification time as MS-DOS wrote it: (date << 16 | time), local time. */
  readonly dosTime: number;
  /** Offset of the local header in the file. */
  readonly localOffset: number;
}

/** An opened archive. Holds a file descriptor until `close`. Opening reads the central directory only. */
export class ZipReader {
  readonly path: string;
  private readonly fd: number;
  private readonly fileBytes: number;
  private readonly byName: Map<string, ZipEntry>;

  /** Throws ZipFailure for what is no archive, and the file system's error for what cannot be opened. */
  constructor(path: string) {
    this.path = path;
    this.fd = openSync(path, "r");
    this.byName = new Map();
    try {
      this.fileBytes = fstatSync(this.fd).size;
      this.readDirectory();
    } catch (failure) {
      closeSync(this.fd);
      throw failure;
    }
  }

  close(): void {
    closeSync(this.fd);
  }

  /** The entry of that name; `undefined` if there is none. */
  entry(name: string): ZipEntry | undefined {
    return this.byName.get(name);
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** In the order of the central directory. */
  entries(): IterableIterator<ZipEntry> {
    return this.byName.values();
  }

  /** The content of the entry of that name; `undefined` if there is none. */
  read(name: string): Uint8Array | undefined {
    const entry = this.byName.get(name);
    return entry && this.readEntry(entry);
  }

  readEntry(entry: ZipEntry): Uint8Array {
    if ((entry.flags & ENCRYPTED_FLAG) !== 0) this.fail(`encrypted ZIP entry not supported: ${entry.name}`);
    const local = this.bytesAt(entry.localOffset, LOCAL_BYTES);
    if (local.readUInt32LE(0) !== LOCAL_SIGNATURE) this.fail("invalid LOC header (bad signature)");
    const start = entry.localOffset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
    const stored = this.bytesAt(start, entry.compressedSize);
    const content = this.expand(entry, stored);
    if (crc32(content) !== entry.crc) {
      const hex = (value: number) => `0x${value.toString(16)}`;
      this.fail(`invalid entry CRC (expected ${hex(entry.crc)} but got ${hex(crc32(content))})`);
    }
    return content;
  }

  private expand(entry: ZipEntry, stored: Buffer): Uint8Array {
    if (entry.method === STORED) {
      if (stored.length !== entry.size)
        this.fail(`invalid entry size: ${entry.name} has ${stored.length} bytes, not ${entry.size}`);
      return stored;
    }
    if (entry.method !== DEFLATED) this.fail(`invalid CEN header (bad compression method: ${entry.method})`);
    let content: Buffer;
    try {
      content = inflateRawSync(stored, { maxOutputLength: Math.max(1, entry.size) });
    } catch (failure) {
      this.fail(`cannot inflate ${entry.name}: ${failure instanceof Error ? failure.message : String(failure)}`);
    }
    if (content.length !== entry.size) {
      this.fail(`invalid entry size (expected ${entry.size} but got ${content.length} bytes)`);
    }
    return content;
  }

  private readDirectory(): void {
    const end = this.findEnd();
    const directory = this.bytesAt(end.offset, end.size);
    let at = 0;
    for (let i = 0; i < end.count; i++) {
      if (at + CENTRAL_BYTES > directory.length) this.fail("invalid CEN header (bad header size)");
      if (directory.readUInt32LE(at) !== CENTRAL_SIGNATURE) this.fail("invalid CEN header (bad signature)");
      const nameBytes = directory.readUInt16LE(at + 28);
      const extraBytes = directory.readUInt16LE(at + 30);
      const commentBytes = directory.readUInt16LE(at + 32);
      const nameAt = at + CENTRAL_BYTES;
      const next = nameAt + nameBytes + extraBytes + commentBytes;
      if (next > directory.length) this.fail("invalid CEN header (bad header size)");
      const flags = directory.readUInt16LE(at + 8);
      // Without the UTF-8 flag the encoding is whatever the writer had; like java.util.zip we read UTF-8.
      const name = directory.toString("utf8", nameAt, nameAt + nameBytes);
      const wide = this.wideSizes(directory, at, nameAt + nameBytes, extraBytes);
      this.byName.set(name, {
        name,
        method: directory.readUInt16LE(at + 10),
        flags,
        crc: directory.readUInt32LE(at + 16),
        compressedSize: wide.compressedSize,
        size: wide.size,
        dosTime: directory.readUInt32LE(at + 12),
        localOffset: end.base + wide.localOffset,
      });
      at = next;
    }
    if (at !== directory.length) this.fail("invalid CEN header (bad header size)");
  }

  /** Sizes and offset, from the zip64 extra field where the 32-bit ones are all ones. */
  private wideSizes(directory: Buffer, at: number, extraAt: number, extraBytes: number) {
    let compressedSize = directory.readUInt32LE(at + 20);
    let size = directory.readUInt32LE(at + 24);
    let localOffset = directory.readUInt32LE(at + 42);
    const end = extraAt + extraBytes;
    for (let field = extraAt; field + 4 <= end; field += 4 + directory.readUInt16LE(field + 2)) {
      if (directory.readUInt16LE(field) !== ZIP64_EXTRA) continue;
      const limit = Math.min(end, field + 4 + directory.readUInt16LE(field + 2));
      let value = field + 4;
      const take = () => {
        if (value + 8 > limit) this.fail("invalid CEN header (bad zip64 extra field)");
        value += 8;
        return this.safe(directory.readBigUInt64LE(value - 8));
      };
      if (size === 0xffffffff) size = take();
      if (compressedSize === 0xffffffff) compressedSize = take();
      if (localOffset === 0xffffffff) localOffset = take();
      break;
    }
    return { compressedSize, size, localOffset };
  }

  /** Where the central directory is. `base` is what stands before the archive, as a start script does. */
  private findEnd(): { offset: number; size: number; count: number; base: number } {
    if (this.fileBytes === 0) this.fail("zip file is empty");
    const tailBytes = Math.min(this.fileBytes, END_BYTES + MAX_COMMENT_BYTES);
    const tailAt = this.fileBytes - tailBytes;
    const tail = this.bytesAt(tailAt, tailBytes);
    for (let at = tailBytes - END_BYTES; at >= 0; at--) {
      if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
      const endAt = tailAt + at;
      const commentBytes = tail.readUInt16LE(at + 20);
      if (endAt + END_BYTES + commentBytes > this.fileBytes) continue;
      let size = tail.readUInt32LE(at + 12);
      let offset = tail.readUInt32LE(at + 16);
      let count = tail.readUInt16LE(at + 10);
      let directoryEnd = endAt;
      if (size === 0xffffffff || offset === 0xffffffff || count === 0xffff) {
        const wide = this.findEnd64(endAt);
        if (wide !== undefined) ({ size, offset, count, directoryEnd } = wide);
      }
      if (size > directoryEnd) this.fail("invalid END header (bad central directory size)");
      const directoryAt = directoryEnd - size;
      if (offset > directoryAt) this.fail("invalid END header (bad central directory offset)");
      return { offset: directoryAt, size, count, base: directoryAt - offset };
    }
    return this.fail("zip END header not found");
  }

  private findEnd64(endAt: number) {
    if (endAt < LOCATOR64_BYTES) return undefined;
    const locator = this.bytesAt(endAt - LOCATOR64_BYTES, LOCATOR64_BYTES);
    if (locator.readUInt32LE(0) !== LOCATOR64_SIGNATURE) return undefined;
    const directoryEnd = this.safe(locator.readBigUInt64LE(8));
    if (directoryEnd + END64_BYTES > this.fileBytes)
      this.fail("invalid END header (bad zip64 end of central directory)");
    const end = this.bytesAt(directoryEnd, END64_BYTES);
    if (end.readUInt32LE(0) !== END64_SIGNATURE) return undefined;
    const count = this.safe(end.readBigUInt64LE(32));
    return {
      size: this.safe(end.readBigUInt64LE(40)),
      offset: this.safe(end.readBigUInt64LE(48)),
      count,
      directoryEnd,
    };
  }

  private safe(value: bigint): number {
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.fail("invalid zip64 number");
    return Number(value);
  }

  private bytesAt(position: number, length: number): Buffer {
    if (position + length > this.fileBytes)
      this.fail(`read past the end: ${length} bytes at ${position} of ${this.fileBytes}`);
    const bytes = Buffer.allocUnsafeSlow(length);
    let got = 0;
    while (got < length) {
      const now = readSync(this.fd, bytes, got, length - got, position + got);
      if (now === 0) this.fail("unexpected end of file");
      got += now;
    }
    return bytes;
  }

  private fail(message: string): never {
    throw new ZipFailure(this.path, message);
  }
}
