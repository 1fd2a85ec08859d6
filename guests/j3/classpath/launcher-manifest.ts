/**
 * Whether the `java` launcher would take a file for a jar, before any class of the library has a look at it. It is more lenient than
 * java.util.zip (checksums, the rest of the directory and other entries are nothing to it) and stricter about the manifest's lines.
 */
import { readFileSync } from "node:fs";
import { constants, inflateRawSync } from "node:zlib";
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

const NAME = "META-INF/MANIFEST.MF";
const MAX_UNSEEN_BYTES = 16;

/** Throws the file system's error if the file cannot be read. */
export function launcherTakesJar(path: string): boolean {
  return hasManifest(readFileSync(path));
}

/** The same, of the file's bytes. */
export function hasManifest(file: Buffer): boolean {
  const directory = findDirectory(file);
  const text = directory === null ? null : findManifest(file, directory);
  return text !== null && isMainSection(text);
}

interface Directory {
  readonly start: number;
  /** What offsets in the archive are counted from. */
  readonly base: number;
}

/** By the record at the very end, or the last one before whose comment reaches to the end. */
function findDirectory(file: Buffer): Directory | null {
  const last = file.length - END_BYTES;
  if (last < 0) return null;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
    if (file.readUInt32LE(at) !== END_SIGNATURE) continue;
    // At the very end the length of the comment does not count.
    if (at !== last && at + END_BYTES + file.readUInt16LE(at + 20) !== file.length) continue;
    const size = file.readUInt32LE(at + 12);
    const offset = file.readUInt32LE(at + 16);
    const isWide = size === 0xffffffff || offset === 0xffffffff || file.readUInt16LE(at + 10) === 0xffff;
    return (isWide ? findWide(file, at) : null) ?? { start: at - size, base: at - size - offset };
  }
  return null;
}

function findWide(file: Buffer, end: number): Directory | null {
  const locator = end - LOCATOR64_BYTES;
  if (locator < 0 || file.readUInt32LE(locator) !== LOCATOR64_SIGNATURE) return null;
  const at = Number(file.readBigUInt64LE(locator + 8));
  if (at + END64_BYTES > file.length || file.readUInt32LE(at) !== END64_SIGNATURE) return null;
  const start = at - Number(file.readBigUInt64LE(at + 40));
  return { start, base: start - Number(file.readBigUInt64LE(at + 48)) };
}

function findManifest(file: Buffer, { start, base }: Directory): string | null {
  for (let at = start; at >= 0 && at + CENTRAL_BYTES <= file.length; ) {
    if (file.readUInt32LE(at) !== CENTRAL_SIGNATURE) return null;
    const nameBytes = file.readUInt16LE(at + 28);
    const nameAt = at + CENTRAL_BYTES;
    const next = nameAt + nameBytes + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
    if (next > file.length) return null;
    // Whether offsets are counted from there is tried with the first entry, whichever that is.
    if (at === start) {
      const local = base + file.readUInt32LE(at + 42);
      if (!isLocalHeader(file, local) || file.readUInt16LE(local + 26) !== nameBytes) return null;
    }
    if (file.toString("latin1", nameAt, nameAt + nameBytes) === NAME) {
      const method = file.readUInt16LE(at + 10);
      const compressed = file.readUInt32LE(at + 20);
      return content(file, base + file.readUInt32LE(at + 42), method, compressed, file.readUInt32LE(at + 24));
    }
    at = next;
  }
  return null;
}

function isLocalHeader(file: Buffer, at: number): boolean {
  return at >= 0 && at + LOCAL_BYTES <= file.length && file.readUInt32LE(at) === LOCAL_SIGNATURE;
}

function content(file: Buffer, local: number, method: number, compressed: number, size: number): string | null {
  if (!isLocalHeader(file, local)) return null;
  const at = local + LOCAL_BYTES + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
  if (at + compressed > file.length) return null;
  const bytes = file.subarray(at, at + compressed);
  if (method === STORED) return bytes.toString("latin1");
  if (method !== DEFLATED || compressed === 0) return null;
  const whole = inflated(bytes);
  if (whole !== null) return whole.toString("latin1", 0, size);
  // What is wrong behind the last byte that is wanted is never seen.
  for (let cut = 1; cut <= MAX_UNSEEN_BYTES && cut < bytes.length; cut++) {
    const part = inflated(bytes.subarray(0, bytes.length - cut));
    if (part !== null && part.length >= size) return part.toString("latin1", 0, size);
  }
  return null;
}

/** All that the bytes give, complete or not; null where they are wrong. */
function inflated(bytes: Buffer): Buffer | null {
  try {
    return inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return null;
  }
}

/**
 * Whether every line of the first section is "Name: value", with the blank; lines that begin with a blank go on with the one before and
 * have an end. A zero byte ends the text.
 */
function isMainSection(text: string): boolean {
  const end = text.indexOf("\0");
  const rest = end < 0 ? text : text.slice(0, end);
  const section = /^(?:(?!\r|\n)[^\r\n]*(?:\r\n|\r|\n|$))*/.exec(rest)?.[0] ?? "";
  if (/(?:\r\n|\r|\n) [^\r\n]*$/.test(section)) return false;
  const lines = section.replace(/(?:\r\n|\r|\n) /g, "").split(/\r\n|\r|\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines.every((line) => /^[^:]*: /.test(line));
}
