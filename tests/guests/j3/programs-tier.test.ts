/**
 * Programs whose methods are made again in the second tier after some calls (J3_TIER_AFTER; 1: at once, without much of a profile): what that
 * changes must not be seen.
 */
import { testPrograms } from "./program-tests.ts";

const after = process.env["J3_TIER_AFTER"] ?? "30";
testPrograms("Java programs in the second tier soon", () => ({ VM_STRESS: `tier:${after}`, VM_CHECK: "ir" }), 300, [
  "ChangingReceivers",
  "HotTraces",
  "HotHandles",
  "ShortLivedObjects",
]);
