/** All methods whose code is IR. */
import type { IntrinsicNatives } from "./types.ts";

/** Expanded in place where they are called directly. */
export const intrinsicNatives: IntrinsicNatives = {};

/** Only called: they may throw, and stand in stack traces then. */
export const irBodies: IntrinsicNatives = {};
