/** All natives that run on the VM thread. */
import type { VmNatives } from "./types.ts";
import { classNatives } from "./vm/class.ts";
import { classLoadingNatives } from "./vm/class-loading.ts";
import { constantPoolNatives } from "./vm/constant-pool.ts";
import { diagnosticNatives } from "./vm/diagnostic.ts";
import { diagnosticCommandNatives } from "./vm/diagnostic-commands.ts";
import { fileFieldNatives } from "./vm/file-fields.ts";
import { libraryNatives } from "./vm/libraries.ts";
import { managementNatives } from "./vm/management.ts";
import { memberNatives } from "./vm/members.ts";
import { memoryBeanNatives } from "./vm/memory-beans.ts";
import { methodHandleNatives } from "./vm/method-handles.ts";
import { moduleNatives } from "./vm/module.ts";
import { netNatives } from "./vm/net.ts";
import { processNatives } from "./vm/processes.ts";
import { propertyNatives } from "./vm/properties.ts";
import { reflectArrayNatives } from "./vm/reflect-array.ts";
import { reflectInvokeNatives } from "./vm/reflect-invoke.ts";
import { serializationNatives } from "./vm/serialization.ts";
import { stackNatives } from "./vm/stack.ts";
import { stackWalkerNatives } from "./vm/stack-walker.ts";
import { streamNatives } from "./vm/streams.ts";
import { systemNatives } from "./vm/system.ts";
import { threadNatives } from "./vm/thread.ts";
import { threadManagementNatives } from "./vm/thread-management.ts";
import { unsafeNatives } from "./vm/unsafe.ts";
import { zipNatives } from "./vm/zip.ts";

export const vmNatives: VmNatives = {
  ...classLoadingNatives,
  ...classNatives,
  ...constantPoolNatives,
  ...diagnosticCommandNatives,
  ...diagnosticNatives,
  ...fileFieldNatives,
  ...libraryNatives,
  ...managementNatives,
  ...memberNatives,
  ...memoryBeanNatives,
  ...methodHandleNatives,
  ...moduleNatives,
  ...processNatives,
  ...netNatives,
  ...propertyNatives,
  ...reflectArrayNatives,
  ...reflectInvokeNatives,
  ...serializationNatives,
  ...stackNatives,
  ...stackWalkerNatives,
  ...streamNatives,
  ...systemNatives,
  ...threadNatives,
  ...threadManagementNatives,
  ...unsafeNatives,
  ...zipNatives,
};
