/**
 * How large a shadow stack is for what `java` calls a stack of so many bytes. Frames on the shadow stack hold references only, and are a quarter
 * as large as HotSpot's, roughly: with a quarter of the bytes recursion gets as deep as there, or deeper.
 *
 * V8's own stack, which holds the rest, is larger, but it ends somewhere, too (src/vm/machine.ts). Up to 16 MiB of shadow stack it has 256 bytes for the
 * smallest frame.
 */
const SHARE = 4;
const LEAST = 32 * 1024;
const MOST = 16 * 1024 * 1024;

/** Bytes of shadow stack, a multiple of 16. */
export function shadowStackBytes(javaBytes: number): number {
  return (Math.min(Math.max(javaBytes / SHARE, LEAST), MOST) + 15) & ~15;
}
