/** All natives that run on the VM thread. */
import type { VmNatives } from "./types.ts";
import { classNatives } from "./vm/class.ts";
import { libraryNatives } from "./vm/libraries.ts";
import { memberNatives } from "./vm/members.ts";
import { moduleNatives } from "./vm/module.ts";
import { propertyNatives } from "./vm/properties.ts";
import { stackNatives } from "./vm/stack.ts";
import { systemNatives } from "./vm/system.ts";
import { threadNatives } from "./vm/thread.ts";
import { unsafeNatives } from "./vm/unsafe.ts";

export const vmNatives: VmNatives = {
  ...classNatives,
  ...libraryNatives,
  ...memberNatives,
  ...moduleNatives,
  ...propertyNatives,
  ...stackNatives,
  ...systemNatives,
  ...threadNatives,
  ...unsafeNatives,
};
