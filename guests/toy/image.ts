/** The picture as a file and as text. */
import { crc32, deflateSync } from "node:zlib";
import type { View } from "./view.ts";

type Colour = readonly [red: number, green: number, blue: number];

/** The colour of a point that took so many iterations: black inside the set. */
export function colourOf(count: number, iterations: number): Colour {
  if (count >= iterations) return [0, 0, 0];
  const t = Math.log1p(count) / Math.log1p(iterations);
  const byte = (x: number): number => Math.min(255, Math.round(255 * x));
  return [byte(9 * (1 - t) * t ** 3), byte(15 * (1 - t) ** 2 * t ** 2), byte(8.5 * (1 - t) ** 3 * t + t ** 8)];
}

/** Three bytes per pixel, each row after `gap` zero bytes. */
function samples(view: View, counts: Uint32Array, gap: number): Uint8Array {
  const { width, height, iterations } = view;
  const bytes = new Uint8Array(height * (gap + 3 * width));
  let at = 0;
  for (let y = 0; y < height; y++) {
    at += gap;
    for (let x = 0; x < width; x++) {
      bytes.set(colourOf(counts[y * width + x] as number, iterations), at);
      at += 3;
    }
  }
  return bytes;
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

/** PNG (ISO/IEC 15948): 8-bit RGB, no filters. */
export function png(view: View, counts: Uint32Array): Uint8Array {
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, view.width);
  new DataView(header.buffer).setUint32(4, view.height);
  header.set([8, 2, 0, 0, 0], 8); // depth, RGB, deflate, adaptive filters, not interlaced
  return Buffer.concat([
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk("IHDR", header),
    pngChunk("IDAT", deflateSync(samples(view, counts, 1))), // each row begins with the number of its filter, 0
    pngChunk("IEND", new Uint8Array(0)),
  ]);
}

/** Portable pixmap, binary: netpbm's P6. */
export function ppm(view: View, counts: Uint32Array): Uint8Array {
  const header = new TextEncoder().encode(`P6\n${view.width} ${view.height}\n255\n`);
  return Buffer.concat([header, samples(view, counts, 0)]);
}

/** Of the preview, at most. */
const COLUMNS = 64;
const LINES = 32;

/** Lines of text: with colours two pixels in each character, else characters that are the darker the longer a point stays. */
export function preview(view: View, counts: Uint32Array, coloured: boolean): string[] {
  const { width, height, iterations } = view;
  // A character is twice as high as wide.
  const columns = Math.max(1, Math.min(COLUMNS, width, Math.round((2 * LINES * width) / height)));
  const lines = Math.max(1, Math.min(LINES, Math.round((columns * height) / width / 2)));
  const countAt = (column: number, line: number): number => {
    const x = Math.floor(((column + 0.5) * width) / columns);
    const y = Math.min(height - 1, Math.floor((line * height) / lines));
    return counts[y * width + x] as number;
  };
  const ramp = " .:-=+*%";
  const character = (column: number, line: number): string => {
    if (coloured) {
      const [top, bottom] = [0.25, 0.75].map((part) => colourOf(countAt(column, line + part), iterations).join(";"));
      return `\x1b[38;2;${top}m\x1b[48;2;${bottom}m▀`;
    }
    const count = countAt(column, line + 0.5);
    const t = Math.log1p(count) / Math.log1p(iterations);
    return count >= iterations ? "@" : (ramp[Math.floor(t * ramp.length)] as string);
  };
  return Array.from({ length: lines }, (_, line) => {
    const text = Array.from({ length: columns }, (_, column) => character(column, line)).join("");
    return coloured ? `${text}\x1b[0m` : text.trimEnd();
  });
}
