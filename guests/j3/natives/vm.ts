/** All natives that run on the VM thread. */
import type { VmNatives } from "./types.ts";

export const vmNatives: VmNatives = {};
