/** All natives that run on carriers. */
import { objectNatives } from "./carrier/objects.ts";
import { systemNatives } from "./carrier/system.ts";
import { threadNatives } from "./carrier/threads.ts";
import { throwableNatives } from "./carrier/throwables.ts";
import type { CarrierNatives } from "./types.ts";

const all: readonly CarrierNatives[] = [objectNatives, systemNatives, threadNatives, throwableNatives];

export const carrierNatives: CarrierNatives = {
  direct: Object.assign({}, ...all.map((each) => each.direct)),
  blocking: Object.assign({}, ...all.map((each) => each.blocking)),
};
