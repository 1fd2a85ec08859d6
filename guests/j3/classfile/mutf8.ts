/**
 * Modified UTF-8, JVMS §4.4.7: U+0000 is two bytes, and a supplementary character is two three-byte surrogates.
 */

/**
 * Decodes `bytes[start..end)`. Surrogates come out as they stand, paired or alone. A byte that begins no
 * sequence becomes the character of its value, so that any bytes decode; `isLegalMutf8` is the check.
 */
export function decodeMutf8(bytes: Buffer, start: number, end: number): string {
  for (let at = start; at < end; at++) {
    if ((bytes[at] as number) >= 0x80) return decodeWide(bytes, start, end, at);
  }
  return bytes.toString("latin1", start, end);
}

const CHUNK = 4096;

function decodeWide(bytes: Buffer, start: number, end: number, firstWide: number): string {
  let text = bytes.toString("latin1", start, firstWide);
  let units: number[] = [];
  let at = firstWide;
  while (at < end) {
    const first = bytes[at] as number;
    if (first >= 0xe0 && first < 0xf0 && at + 2 < end) {
      units.push(
        ((first & 0x0f) << 12) | (((bytes[at + 1] as number) & 0x3f) << 6) | ((bytes[at + 2] as number) & 0x3f),
      );
      at += 3;
    } else if (first >= 0xc0 && first < 0xe0 && at + 1 < end) {
      units.push(((first & 0x1f) << 6) | ((bytes[at + 1] as number) & 0x3f));
      at += 2;
    } else {
      units.push(first);
      at += 1;
    }
    if (units.length === CHUNK) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

/** Whether the bytes obey JVMS §4.4.7. Up to version 47 longer encodings than needed were let through. */
export function isLegalMutf8(bytes: Uint8Array, start: number, end: number, major: number): boolean {
  let at = start;
  while (at < end) {
    const first = bytes[at] as number;
    if (first < 0x80) {
      if (first === 0) return false;
      at += 1;
    } else if (first < 0xc0 || first >= 0xf0) {
      return false;
    } else if (first < 0xe0) {
      if (at + 1 >= end || !continues(bytes[at + 1])) return false;
      const unit = ((first & 0x1f) << 6) | ((bytes[at + 1] as number) & 0x3f);
      if (major > 47 && unit !== 0 && unit < 0x80) return false;
      at += 2;
    } else {
      if (at + 2 >= end || !continues(bytes[at + 1]) || !continues(bytes[at + 2])) return false;
      const unit = ((first & 0x0f) << 12) | (((bytes[at + 1] as number) & 0x3f) << 6);
      if (major > 47 && unit < 0x800) return false;
      at += 3;
    }
  }
  return true;
}

function continues(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Encodes as modified UTF-8; lone surrogates are kept. */
export function encodeMutf8(text: string): Uint8Array {
  let length = 0;
  for (let i = 0; i < text.length; i++) length += unitLength(text.charCodeAt(i));
  const bytes = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const size = unitLength(unit);
    if (size === 1) bytes[at] = unit;
    else if (size === 2) {
      bytes[at] = 0xc0 | (unit >> 6);
      bytes[at + 1] = 0x80 | (unit & 0x3f);
    } else {
      bytes[at] = 0xe0 | (unit >> 12);
      bytes[at + 1] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[at + 2] = 0x80 | (unit & 0x3f);
    }
    at += size;
  }
  return bytes;
}

function unitLength(unit: number): number {
  if (unit !== 0 && unit < 0x80) return 1;
  return unit < 0x800 ? 2 : 3;
}
