/** All methods whose code is IR. */
import { arraycopyBodies } from "./intrinsics/arraycopy.ts";
import { numberIntrinsics } from "./intrinsics/numbers.ts";
import { objectBodies, objectIntrinsics } from "./intrinsics/objects.ts";
import { unsafeIntrinsics } from "./intrinsics/unsafe.ts";
import type { IntrinsicNatives } from "./types.ts";

/** Expanded in place where they are called directly. */
export const intrinsicNatives: IntrinsicNatives = { ...objectIntrinsics, ...numberIntrinsics, ...unsafeIntrinsics };

/** Only called: they may throw, and stand in stack traces then. */
export const irBodies: IntrinsicNatives = { ...objectBodies, ...arraycopyBodies };
