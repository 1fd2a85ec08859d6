/** What a file is, by its first bytes or else its name: which guest runs it, and how. */

import { BadInput } from "#support";

/** The command that runs the file: a launcher in `bin/` and what to put before the program's own arguments. */
export interface Runner {
  readonly command: string;
  readonly args: readonly string[];
}

/** The oldest class-file version there is; below it, 0xCAFEBABE begins another kind of file. */
const OLDEST_CLASS_VERSION = 45;

/**
 * Chooses the guest for a file.
 *
 * @param head the first bytes of the file, at least 8 of them if it has as many
 * @throws BadInput when no guest here runs it
 */
export function runnerFor(file: string, head: Uint8Array): Runner {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = head.length >= 4 ? view.getUint32(0) : 0;
  if (magic === 0xcafebabe && head.length >= 8 && view.getUint16(6) >= OLDEST_CLASS_VERSION) {
    return { command: "j3", args: [file] };
  }
  if (magic === 0x504b0304) return { command: "j3", args: ["-jar", file] };
  if (file.endsWith(".l")) return { command: "uvml", args: [file] };
  const expected = "a class file, a jar, or a program whose name ends in .l";
  if (magic >>> 16 === 0x4d5a) {
    throw new BadInput({ file, expected, found: "a CLI assembly (MZ), and there is no guest for CLI assemblies yet" });
  }
  const shown = [...head.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  throw new BadInput({
    file,
    place: { offset: 0 },
    expected,
    found: head.length === 0 ? "an empty file" : `the bytes ${shown}`,
  });
}
