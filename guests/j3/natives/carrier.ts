/** All natives that run on carriers. */

import { checksumNatives } from "./carrier/checksums.ts";
import { javaIoNatives } from "./carrier/java-io.ts";
import { nioChannelNatives } from "./carrier/nio-channels.ts";
import { nioFileNatives } from "./carrier/nio-files.ts";
import { objectNatives } from "./carrier/objects.ts";
import { reflectionNatives } from "./carrier/reflection.ts";
import { systemNatives } from "./carrier/system.ts";
import { threadNatives } from "./carrier/threads.ts";
import { throwableNatives } from "./carrier/throwables.ts";
import { unixFileSystemNatives } from "./carrier/unix-file-system.ts";
import { unsafeMemoryNatives } from "./carrier/unsafe-memory.ts";
import type { CarrierNatives } from "./types.ts";

const all: readonly CarrierNatives[] = [
  checksumNatives,
  javaIoNatives,
  nioChannelNatives,
  nioFileNatives,
  objectNatives,
  reflectionNatives,
  systemNatives,
  threadNatives,
  throwableNatives,
  unixFileSystemNatives,
  unsafeMemoryNatives,
];

export const carrierNatives: CarrierNatives = {
  direct: Object.assign({}, ...all.map((each) => each.direct)),
  blocking: Object.assign({}, ...all.map((each) => each.blocking)),
};
