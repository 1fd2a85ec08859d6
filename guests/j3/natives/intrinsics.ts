/** All methods that are expanded in place. */
import type { IntrinsicNatives } from "./types.ts";

export const intrinsicNatives: IntrinsicNatives = {};
