/** All natives that run on carriers. */
import type { CarrierNatives } from "./types.ts";

export const carrierNatives: CarrierNatives = { direct: {}, blocking: {} };
